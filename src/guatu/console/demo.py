"""`guatu demo`: fills an empty home with the synthetic story and serves it on this machine only."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any, NoReturn

import click
from django.db import connections

from guatu.access import operator
from guatu.actions.history import at_sequence
from guatu.actions.setup import move_demo_day
from guatu.console import serve
from guatu.demo.demos import Demo, demo_of, scenes_of, usual_demo
from guatu.demo.load import load_demo
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack, builtin_pack
from guatu.domain.words import gettext as _
from guatu.queries.installation import campaign, installation


@click.command(
    short_help=_("装入示例数据，打开演示网页"),
    help=_(
        "在空的数据目录中装入示例数据（虚构），然后在本机打开演示网页。已装好示例数据的目录直接启动。\n\n"
        "各项总数默认为 docs/demo.md 所列，可用 --targets 另设。"
    ),
)
@click.option(
    "--targets", type=click.Path(path_type=Path), help=_("另设各项总数的 JSON 文件（键为统计项，值为整数）")
)
@click.option("--load-only", is_flag=True, help=_("只装入数据，不启动网页"))
@click.option(
    "--day",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("把已装好的示例的数据日移到以后的一天，例如 2023-12-08；到期的自动流转随后办理"),
)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=_("监听的端口"))
@click.option("--pack", help=_("示例所用的专项模板，不写则为 {usual}").format(usual=usual_demo()))
@click.option("--no-worker", is_flag=True, help=_("不带起后台任务进程（另行运行 guatu worker）"))
def command(
    targets: Path | None, load_only: bool, day: datetime | None, port: int, pack: str | None, no_worker: bool
) -> None:
    """Load the story of a pack into an empty home, or move the day of a loaded one, and serve it."""
    key = pack or usual_demo()
    demo = demo_of(key)
    wanted = _wanted(demo, targets)
    if not load_only:
        serve.require_free(serve.LOOPBACK, port)
    serve.prepare()
    here = installation()
    if here.demo:
        if pack is not None:
            _require_same(pack)
        if targets is not None:
            raise BadInput(
                _("这里已装好示例数据，不能再改总数。请用 GUATU_HOME 另设一个空目录，再用 --targets 装入。")
            )
        if day is not None:
            move_demo_day(operator(), day=day.date())
        if load_only:
            click.echo(_("示例数据已经装好，数据日为 {day}。").format(day=installation().demo_day))
    elif at_sequence() > 0:
        raise BadInput(_("这里已有正式数据，不能装入示例。请用 GUATU_HOME 另设一个空目录。"))
    elif day is not None:
        raise BadInput(
            _("这里还没有示例数据，不能移动数据日。请先运行 guatu demo --load-only 装入，再用 --day。")
        )
    else:
        _load(demo, wanted, builtin_pack(key))
        if not load_only:
            _serve_afresh(port, no_worker=no_worker)
    if not load_only:
        clock.fix_for_process(installation().demo_day)
        serve.run(host=serve.LOOPBACK, port=port, on_ready=_ready, background=not no_worker)


def _serve_afresh(port: int, *, no_worker: bool) -> NoReturn:
    """Serve the home just filled from a process that has done nothing yet; does not return.

    The story issues documents, and the typesetter that sets them keeps threads of its own. The server forks its
    workers: they would inherit the typesetter without its threads, and wait for ever at the first PDF.
    """
    connections.close_all()
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(sys.executable, afresh(port, no_worker=no_worker))  # noqa: S606 — our own command, no shell


def afresh(port: int, *, no_worker: bool) -> list[str]:
    """The command line that serves a home whose demo stands."""
    line = [sys.executable, "-m", "guatu.console.main", "demo", "--port", str(port)]
    return [*line, "--no-worker"] if no_worker else line


def _wanted(demo: Demo, targets: Path | None) -> Any:
    """The totals of a file, None for the usual ones."""
    if targets is None:
        return None
    if demo.read_targets is None:
        raise BadInput(_("这套示例数据的总数不能另设。请去掉 --targets。"))
    return demo.read_targets(targets)


def _require_same(pack: str | None) -> None:
    """A loaded home stays with its demo."""
    here = campaign().pack.key
    if pack != here:
        raise BadInput(
            _("这里已装好专项模板“{here}”的示例数据，不能再装“{pack}”。请用 GUATU_HOME 另设一个空目录。"),
            here=here,
            pack=pack,
        )


def _load(demo: Demo, targets: Any, pack: Pack) -> None:
    story = demo.tell(targets)
    loaded = load_demo(story, demo.fit(pack, story), _Progress(), scenes_of(pack.key))
    click.echo(
        _(
            "示例数据（虚构）已装入：{units} 家单位，{items} 项事项，{batches} 批记录，数据日为 {day}。"
        ).format(units=len(story.units), items=loaded.items, batches=loaded.batches, day=story.ends)
    )


class _Progress:
    """One line on stderr: rewritten in a terminal, told once a month of the story otherwise."""

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._month = 0

    def __call__(self, day: date, done: int, total: int) -> None:
        text = _("正在装入示例数据：{day}，已完成 {share}%").format(
            day=day, share=done * 100 // max(1, total)
        )
        if self._live:
            click.echo(f"\r{text}", err=True, nl=done == total)
        elif day.month != self._month or done == total:
            self._month = day.month
            click.echo(text, err=True)


def _ready(address: str) -> None:
    click.echo(
        _("演示网页：{address}（只能在本机打开；内容均为虚构）。按 Ctrl+C 结束。").format(address=address)
    )
