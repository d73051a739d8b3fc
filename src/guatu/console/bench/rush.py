"""The deadline rush: all units hand in within a minute, over HTTP, at the server as `guatu serve` starts it.

Server, clients and counting are processes of their own. Afterwards what stands in the database is counted, not what the
server said, and the whole history is verified.
"""

from __future__ import annotations

import json
import math
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import connection, connections

from guatu.console import serve
from guatu.demo.rush_house import House, build, tally
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.verify.run import verify

SECONDS = 60
"""Within which all units come, evenly."""
CLIENTS = 64
"""People at the same time, at most."""
WORKERS = 2
"""As `guatu serve` has them."""
EVERY = 10
"""Every so many units press the button twice."""
START_SECONDS = 60.0
END_SECONDS = 20.0
READERS, READING = 16, 10.0
"""So many people read a list at the same time afterwards, for so many seconds."""
STEPS = ("open", "save", "hand_in", "again", "see", "list")


def rush(home: Path, units: int, seconds: float = SECONDS, clients: int = CLIENTS) -> dict[str, Any]:
    """The rush of so many units at the empty database of this process; `home` is a folder of its own for the server."""
    began = time.perf_counter()
    house = build(units)
    built = time.perf_counter() - began
    connections.close_all()
    before = _children()
    with _served(home) as (port, errors):
        met = _clients(house, port, seconds, clients)
    served = _children() - before - met["cpu_seconds"]
    counted, checked = tally(house), verify()
    return {
        "units": units,
        "within_seconds": seconds,
        "clients": clients,
        "workers": WORKERS,
        "building_seconds": round(built, 2),
        "seconds": met["seconds"],
        "per_second": met["per_second"],
        "server_cpu_seconds": round(served, 2),
        "client_cpu_seconds": met["cpu_seconds"],
        "steps": [_step(key, met) for key in STEPS if key in met["times"]],
        "wrong": [*met["wrong"], *errors()],
        **asdict(counted),
        "verified": checked.whole,
        "broken": checked.broken,
    }


def _step(key: str, met: Mapping[str, Any]) -> dict[str, Any]:
    times = sorted(met["times"][key])
    return {
        "step": key,
        "count": len(times),
        "p50": round(statistics.median(times), 1),
        "p95": round(times[math.ceil(len(times) * 0.95) - 1], 1),
        "max": round(times[-1], 1),
        "statuses": met["statuses"][key],
    }


def _clients(house: House, port: int, seconds: float, clients: int) -> dict[str, Any]:
    """What the people met, who are a process of their own."""
    plan = {
        "port": port,
        "cells": house.cells,
        "owed": [asdict(one) for one in house.owed],
        "clients": clients,
        "seconds": seconds,
        "every": EVERY,
        "listed": house.listed,
        "office": house.office,
        "readers": READERS,
        "reading": min(READING, seconds),
    }
    program = Path(__file__).with_name("rush_clients.py")
    done = subprocess.run(
        [sys.executable, "-I", str(program)],
        input=json.dumps(plan).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@contextmanager
def _served(home: Path) -> Iterator[tuple[int, Any]]:
    """The server on a free port of this machine, and what it has complained of; ended at the end, by its id."""
    with socket.socket() as probe:
        probe.bind((serve.LOOPBACK, 0))
        port = probe.getsockname()[1]
    log = home / "server.log"
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "guatu.console.main", "serve", "--port", str(port)],
            env=_environment(home),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=out,
        )
    try:
        _wait(server, port, log)
        yield port, lambda: [line for line in _lines(log) if " ERROR " in line or "Error:" in line][:20]
    finally:
        server.terminate()
        try:
            server.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            socket.create_connection((serve.LOOPBACK, port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise BadInput(_("测速用的服务没有启动：{why}"), why=" ".join(_lines(log)[-3:]) or "–")


def _lines(log: Path) -> list[str]:
    return log.read_text(encoding="utf-8", errors="replace").splitlines()


def _environment(home: Path) -> dict[str, str]:
    """That of this process, with this process's database and key."""
    found = {**os.environ, "GUATU_HOME": str(home), "GUATU_SECRET_KEY": settings.SECRET_KEY}
    found.pop("GUATU_DATABASE_URL", None)
    if connection.vendor == "postgresql":
        at = connection.settings_dict
        who = f"{quote(at['USER'], safe='')}:{quote(at['PASSWORD'], safe='')}"
        where = f"{at['HOST']}:{at['PORT']}" if at["PORT"] else at["HOST"]
        found["GUATU_DATABASE_URL"] = f"postgresql://{who}@{where}/{quote(str(at['NAME']), safe='')}"
    return found


def _children() -> float:
    """What the processes that this one has ended have computed, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
