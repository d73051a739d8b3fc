"""`guatu worker`: beside the server or by itself; stopped, killed, left alone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from guatu.actions import jobs
from guatu.actions.jobs import start_job
from guatu.console import worker
from guatu.domain.said import Said
from guatu.records.models import Job
from tests.browsing import serving
from tests.demo_home import run_guatu
from tests.people import small_world

SECONDS = 60


def until(met: Callable[[], Any], what: str) -> Any:
    """Wait until something is so; the wait is bounded, not measured."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if found := met():
            return found
        time.sleep(0.1)
    pytest.fail(f"{what}: not within {SECONDS} s")


def children(process: int, word: str) -> list[int]:
    """The processes that this one has started and that have `word` on their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = re.search(r"PPid:\s+(\d+)", (folder / "status").read_text())
                line = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
            if parent and int(parent[1]) == process and word in line:
                found.append(int(folder.name))
    return found


def served(address: str) -> int:
    """The server that answers there; the browser's may be running beside it."""
    found: list[int] = until(
        lambda: children(os.getpid(), f"--port {address.rpartition(':')[2]}"), "a server"
    )
    return found[0]


def alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.django_db(transaction=True)
def test_once_does_what_waits_and_ends(tmp_path: Path, settings: Any) -> None:
    settings.GUATU_HOME = tmp_path
    world = small_world()
    job = start_job(
        world.actor("lin"),
        kind="export",
        title=Said("导出"),
        params={"kind": "registers", "form": "zip"},
        campaign=world.campaign,
        as_of=None,
    )
    done = CliRunner().invoke(worker.command, ["--once"])
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    assert done.exit_code == 0, done.output
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "")


def test_a_signal_asks_the_running_job_to_stop_and_ends_the_worker() -> None:
    attendant = worker.Attendant()
    try:
        attendant.shutdown(signal.SIGTERM, None)
        assert jobs.STOPPING.is_set()
        assert not attendant.running
        attendant.attend()  # returns at once
    finally:
        jobs.STOPPING.clear()


@contextmanager
def started(home: dict[str, str], *arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "guatu.console.main", "worker", *arguments],
        env={**os.environ, **home},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()


def test_an_empty_home_is_told_what_to_do_first(tmp_path: Path) -> None:
    told = run_guatu("worker", home={"GUATU_HOME": str(tmp_path)})
    assert told.returncode == 2
    assert "错误：" in told.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_an_idle_worker_ends_at_a_signal(demo_home: dict[str, str], how: signal.Signals) -> None:
    with started(demo_home) as process:
        assert process.stdout is not None
        until(lambda: "正在办理后台任务" in process.stdout.readline(), "a worker at work")
        process.send_signal(how)
        assert process.wait(SECONDS) == 0


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_the_server_brings_a_worker_begins_it_again_and_takes_it_away(
    demo_home: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "log"
    with serving(["demo"], demo_home, log) as address:
        server = served(address)
        first = until(lambda: children(server, "worker --server"), "a worker")[0]
        os.kill(first, signal.SIGKILL)
        second = until(lambda: children(server, "worker --server"), "another worker")[0]
        assert second != first
        assert "后台任务进程意外结束" in log.read_text(encoding="utf-8")
    assert not alive(second)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_no_worker_leaves_it_out(demo_home: dict[str, str], tmp_path: Path) -> None:
    with serving(["demo", "--no-worker"], demo_home, tmp_path / "log") as address:
        server = served(address)
        assert children(server, "worker --server") == []


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs /proc")
def test_a_worker_does_not_outlive_a_server_that_was_killed(demo_home: dict[str, str]) -> None:
    server = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with started(demo_home, "--server", str(server.pid)) as process:
        # It is not our stand-in's child, so it finds its server gone at once and ends by itself.
        assert process.wait(SECONDS) == 0
    server.kill()
    server.wait()


def test_a_worker_that_never_gets_to_work_is_told_loudly() -> None:
    assert "重新启动" in worker._died(1, 1, 2)
    assert "guatu worker" in worker._died(1, 3, 8)
    assert "接连 3 次" in worker._died(1, 3, 8)
