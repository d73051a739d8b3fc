"""`guatu worker`: does the work that pages put in the queue; `Beside` keeps one running next to the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from datetime import date
from types import FrameType

import click
from django.db import close_old_connections
from django_tasks_db.management.commands.db_worker import Worker
from uuid6 import uuid7

from guatu.access.house_language import house_language
from guatu.actions import door_upkeep, job_upkeep, outbox
from guatu.actions.jobs import STOPPING
from guatu.actions.relation_watch import watch_relations
from guatu.actions.reminders import remind_all
from guatu.actions.timetable import move_due
from guatu.domain.clock import now, today
from guatu.domain.words import gettext as _
from guatu.exchange.delivering import deliver
from guatu.exchange.fonts import check_fonts
from guatu.queries.installation import installation

LOOK_SECONDS = 1.0  # between two looks into the queue
UPKEEP_SECONDS = 3600.0
TIMETABLE_SECONDS = 300.0  # between two looks for steps whose day has come
OUTBOX_SECONDS = 5.0  # between two looks into the outbox
STOP_SECONDS = 10.0  # what a job under way may take to its next step
QUICK_SECONDS = 20.0  # a worker that ends sooner than this did not get to work
LONGEST_WAIT = 60.0


class Attendant(Worker):
    """The library's worker with our manners: a signal stops the job at its next step, nothing is printed by habit.

    With `server`, the process of the server that started it, it ends when that process is gone, however it went.
    """

    def __init__(self, server: int = 0) -> None:
        super().__init__(
            queue_names=["*"],
            interval=LOOK_SECONDS,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=uuid7().hex,
            excluded_queue_names=[],
        )
        self.server = server
        self.woken = threading.Event()
        self.told: set[tuple[str, str]] = set()
        self.unsent = ""
        self.watched: date | None = None

    def shutdown(self, signum: int, frame: FrameType | None) -> None:
        """Stop the job that runs at its next step, and then end; a second signal changes nothing."""
        self.running = False
        STOPPING.set()
        self.woken.set()

    def attend(self) -> None:
        """Work until told to stop: empty the queue, look after what others left, wait a moment."""
        watch = threading.Thread(target=self._watch_server, name="server-watch", daemon=True)
        if self.server:
            watch.start()
        upkeep = timetable = posted = float("-inf")
        while self.running:
            if time.monotonic() - upkeep >= UPKEEP_SECONDS:
                upkeep = time.monotonic()
                job_upkeep.take_up_interrupted()
                job_upkeep.remove_old_results()
                door_upkeep.forget_old_visits()
            if time.monotonic() - timetable >= TIMETABLE_SECONDS:
                timetable = time.monotonic()
                self.keep_timetable()
                self.keep_reminding()
                self.keep_relations()
            if time.monotonic() - posted >= OUTBOX_SECONDS:
                posted = time.monotonic()
                self.keep_posting()
            close_old_connections()
            if job_upkeep.anything_waits():  # a look takes no lock; taking a task does
                self.run()  # until the queue is empty
            self.woken.wait(LOOK_SECONDS)

    def keep_timetable(self) -> None:
        """Make the steps whose day has come. A step that is refused is told once, until it is refused otherwise."""
        refused = set(move_due().refused)
        for number, sentence in sorted(refused - self.told):
            click.echo(_("{number} 未能办理：{sentence}").format(number=number, sentence=sentence), err=True)
        self.told = refused

    def keep_reminding(self) -> None:
        """Make the day's reminders, once a day; in a demonstration `guatu notify` makes them, when it is wanted."""
        if installation().demo:
            return
        with house_language():
            said = {(one.campaign, sentence) for one in remind_all() for sentence in one.said}
        for campaign, sentence in sorted(said):
            click.echo(_("{campaign}：{sentence}").format(campaign=campaign, sentence=sentence), err=True)

    def keep_relations(self) -> None:
        """Look at the relations between figures once a day, at the first look after midnight."""
        if self.watched == today():
            return
        with house_language():
            watch_relations()
        self.watched = today()

    def keep_posting(self) -> None:
        """Send what waits in the outbox; what stands in the way is told once, until it is something else."""
        if not outbox.anything_due(now()):
            return
        said = deliver().said
        if said and said != self.unsent:
            click.echo(said, err=True)
        self.unsent = said

    def _watch_server(self) -> None:
        while self.running:
            if os.getppid() != self.server:
                self.shutdown(signal.SIGTERM, None)
            time.sleep(LOOK_SECONDS)


class Beside:
    """A worker as a child process beside the server: begun again when it dies, ended with the server by its id."""

    def __init__(self) -> None:
        self._ending = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._keeper = threading.Thread(target=self._keep, name="worker-keeper", daemon=True)

    def start(self) -> None:
        """Start the worker and keep it running. To be called before the server forks: a process forked while another
        is being started holds on to the pipe that tells whether it did start.
        """
        with suppress(OSError):  # the keeper tries again, and tells
            self._process = _spawn()
        self._keeper.start()

    def stop(self) -> None:
        """End the worker and wait for it; one that does not stop in time is killed."""
        self._ending.set()
        process = self._process
        if process is not None:
            process.terminate()
            try:
                process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _keep(self) -> None:
        wait, quick = 1.0, 0
        while not self._ending.is_set():
            begun = time.monotonic()
            try:
                process = self._process or _spawn()
                self._process = process
                code = process.wait()
            except OSError as error:
                code = error.errno or 1
            self._process = None
            if self._ending.is_set():
                return
            quick = quick + 1 if time.monotonic() - begun < QUICK_SECONDS else 0
            wait = min(wait * 2, LONGEST_WAIT) if quick else 1.0
            click.echo(_died(code, quick, round(wait)), err=True)
            self._ending.wait(wait)


def _died(code: int, quick: int, wait: int) -> str:
    if quick < 3:
        return _("后台任务进程意外结束（代码 {code}），{wait} 秒后重新启动。").format(code=code, wait=wait)
    return _(
        "后台任务进程接连 {count} 次没有启动成功（代码 {code}），导出等任务只能排队。请另开一个窗口运行 guatu worker 查看原因；{wait} 秒后再试。"
    ).format(count=quick, code=code, wait=wait)


def _spawn() -> subprocess.Popen[bytes]:
    """The worker in a session of its own, so that Ctrl+C reaches it through the server alone."""
    return subprocess.Popen(
        [sys.executable, "-m", "guatu.console.main", "worker", "--server", str(os.getpid())],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )


@click.command(
    short_help=_("办理后台任务（导出等），直至按 Ctrl+C 结束"),
    help=_(
        "办理网页上交办的后台任务，例如较大的导出。guatu serve 和 guatu demo 会自行带起一个；任务多的，可以再启动几个，每个同时只办一项。按 Ctrl+C 结束：正在办的任务停下来，由下一个进程从头办理。"
    ),
)
@click.option("--server", default=0, type=int, hidden=True)
@click.option("--once", is_flag=True, help=_("办完排队的任务就结束"))
def command(server: int, once: bool) -> None:
    """Work until interrupted, or until the queue is empty."""
    attendant = Attendant(server)
    signal.signal(signal.SIGINT, attendant.shutdown)
    signal.signal(signal.SIGTERM, attendant.shutdown)
    if once:
        job_upkeep.take_up_interrupted()
        attendant.run()
        return
    if not server:
        if told := check_fonts():
            click.echo(told, err=True)
        click.echo(_("正在办理后台任务。按 Ctrl+C 结束。"))
    attendant.attend()
