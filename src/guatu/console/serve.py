"""`guatu serve`: the pages, served by granian. `run` is shared with the demo command."""

from __future__ import annotations

import gc
import ipaddress
import os
import signal
import socket
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

import click
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import MPServer

from guatu.access import setup_code
from guatu.access.sign_in import is_anybody_here
from guatu.actions.history import at_sequence
from guatu.actions.lines import keep_current
from guatu.console.worker import Beside
from guatu.domain import clock
from guatu.domain.errors import BadInput, BrokenRecord
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.exchange.fonts import check_fonts
from guatu.queries.installation import installation
from guatu.records import triggers

LOOPBACK = "127.0.0.1"
THREADS = 4  # per worker; each keeps its own database connection
STOP_SECONDS = 5  # what an answer under way may still take after the signal to stop
YOUNG, MIDDLE, OLD = 20_000, 50, 100
"""When Python looks for cycles: a page makes thousands of objects and no cycles that matter, and looking through them
at the usual pace takes a tenth of the time."""
IDLE_SECONDS = 600  # the longest the server allows: a thread that ends drops its connection


def prepare(*, migrate: bool = False) -> None:
    """Make sure that the database may be served: tables up to date, append-only guards in place.

    An empty database gets its tables. One that lags behind is changed only with `migrate`, because that wants a
    backup first; otherwise BadInput. Raises BrokenRecord when a guard is missing.
    """
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if migrate or (plan and not executor.loader.applied_migrations):
        call_command("migrate", verbosity=0, interactive=False)
    elif plan:
        raise BadInput(
            _(
                "数据库的结构比程序旧，还有 {count} 处变更未应用。请先停止服务，再运行 guatu upgrade（会先备份）。"
            ),
            count=len(plan),
        )
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    gone = triggers.missing(connection)
    if gone:
        raise BrokenRecord(
            _(
                "历史记录的防改触发器缺少 {names}。请先运行 guatu verify 核对数据，再运行 guatu serve --migrate 补齐。"
            ),
            names=listed(gone),
        )


def bring_up_to_day() -> None:
    """Where units stand today: moves that were entered ahead count from their day, before anybody asks for a page."""
    if at_sequence():  # an empty home has no day yet: a story may still begin in its past
        keep_current(clock.today())


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def require_free(host: str, port: int) -> None:
    """BadInput when another program listens on the port already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise BadInput(
                _("{host} 的 {port} 端口不能使用（{reason}）。请换一个端口，例如 --port {other}。"),
                host=host,
                port=port,
                reason=error.strerror,
                other=port + 1 if port < 65535 else 8000,
            ) from None


def load_application(day: date | None) -> WSGIHandler:
    """What each worker serves; in demo mode its clock stands on `day`."""
    # A forked worker starts with the parent's handlers, which would swallow the signal to stop while it loads.
    for one in (signal.SIGINT, signal.SIGTERM):
        signal.signal(one, signal.SIG_DFL)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "guatu.project.settings")
    from django.core.wsgi import get_wsgi_application

    clock.fix_for_process(day)
    application = get_wsgi_application()
    gc.collect()
    gc.freeze()  # what stands now stays: it need not be looked through again
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    return application


def run(
    *,
    host: str = LOOPBACK,
    port: int = 8000,
    workers: int = 2,
    on_ready: Callable[[str], None] | None = None,
    background: bool = True,
) -> None:
    """Serve until interrupted. A demo is served on loopback only, with the clock on its day.

    `background`: keep a worker running beside the server for exports and other long work.

    `on_ready` is called with the address just before requests can be answered. Raises BadInput for a port in use
    or a demo outside loopback. `prepare` comes first.
    """
    here = installation()
    if here.demo and not is_loopback(host):
        raise BadInput(
            _("演示模式不需要登录，只能在本机使用，不能监听“{host}”。请去掉 --host，或改用 guatu serve。"),
            host=host,
        )
    require_free(host, port)
    bring_up_to_day()
    if told := check_fonts():
        click.echo(told, err=True)
    connections.close_all()  # workers are forked: none may inherit an open connection
    server = MPServer(
        "guatu.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        blocking_threads_idle_timeout=IDLE_SECONDS,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.warning,
    )
    if on_ready is not None:
        shown = f"[{host}]" if ":" in host else host
        server.on_startup(partial(on_ready, f"http://{shown}:{port}/"))
    beside = Beside()
    if background:
        server.on_startup(beside.start)
    try:
        server.serve(
            target_loader=partial(load_application, here.demo_day if here.demo else None), wrap_loader=False
        )
    finally:
        beside.stop()


@click.command(
    short_help=_("启动网页服务"),
    help=_("启动网页服务，直至按 Ctrl+C 结束。数据目录为空时，网页会说明如何开始。"),
)
@click.option("--host", default=LOOPBACK, show_default=True, help=_("监听的地址"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=_("监听的端口"))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help=_("工作进程数"))
@click.option("--migrate", is_flag=True, help=_("先更新数据库结构（请先备份）"))
@click.option("--no-worker", is_flag=True, help=_("不带起后台任务进程（另行运行 guatu worker）"))
def command(host: str, port: int, workers: int, migrate: bool, no_worker: bool) -> None:
    """Serve until interrupted."""
    prepare(migrate=migrate)
    engine = connections[DEFAULT_DB_ALIAS].vendor
    code = "" if is_anybody_here() else setup_code.issue(settings.GUATU_HOME)
    run(
        host=host,
        port=port,
        workers=workers,
        background=not no_worker,
        on_ready=partial(_ready, engine=engine, code=code),
    )


def _ready(address: str, engine: str, code: str) -> None:
    click.echo(
        _("正在提供服务：{address}（数据库：{engine}）。按 Ctrl+C 结束。").format(
            address=address, engine=engine
        )
    )
    if code:
        click.echo(code_told(code))


def code_told(code: str) -> str:
    """The line that gives the set-up code to whoever reads the console."""
    return _(
        "这里还没有数据。请在网页上点“开始设置”，输入设置码：{code}（只能用一次，请勿转告他人）。"
    ).format(code=code)
