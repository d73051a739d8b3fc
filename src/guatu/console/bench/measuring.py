"""Measuring an operation: how long, how many statements. No judgement; targets are ratios, in docs/performance.md."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

PROCESS = Path("/proc/self")


@dataclass(frozen=True, slots=True)
class Measured:
    """One operation. Times in milliseconds over `repeats` runs; `statements` of the last run; `size` in its unit.

    `cpu`: the median of what this process computed (with SQLite, all of it): on a busy machine the steadier number.
    `by_hand`: the median of the same answer as hand-written SQL, `ratio`: how many times as long ours takes.
    """

    name: str
    repeats: int
    p50: float
    p95: float
    cpu: float
    statements: int
    size: int
    size_unit: str
    by_hand: float | None = None
    ratio: float | None = None


@dataclass(slots=True)
class Watch:
    """What the connection did inside a block: statements, and how long a transaction was open."""

    statements: int = 0
    first_inside: float = 0.0
    ended: float = 0.0
    began: float = field(default_factory=time.perf_counter)

    @property
    def seconds(self) -> float:
        """The whole block."""
        return self.ended - self.began

    @property
    def inside_seconds(self) -> float:
        """From the first statement inside a transaction to the end of the block: how long a writer waits for us."""
        return self.ended - self.first_inside if self.first_inside else 0.0


@contextmanager
def watched() -> Iterator[Watch]:
    """Count statements and time the transaction of the block."""
    watch = Watch()

    def see(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        watch.statements += 1
        if not watch.first_inside and connection.in_atomic_block:
            watch.first_inside = time.perf_counter()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield watch
        watch.ended = time.perf_counter()


def measure(
    name: str,
    operation: Callable[[], int],
    *,
    repeats: int,
    size_unit: str,
    by_hand: Callable[[], object] | None = None,
) -> Measured:
    """Run `operation` once to warm up, then `repeats` times; it answers with its size.

    `by_hand` runs in turn with it, so that both meet the same neighbours on the machine.
    """
    operation()
    if by_hand is not None:
        by_hand()
    times, computed, hand = [], [], []
    statements = size = 0
    for _run in range(repeats):
        began = time.process_time()
        with watched() as watch:
            size = operation()
        computed.append((time.process_time() - began) * 1000)
        times.append(watch.seconds * 1000)
        statements = watch.statements
        if by_hand is not None:
            began = time.perf_counter()
            by_hand()
            hand.append((time.perf_counter() - began) * 1000)
    times.sort()
    ours, theirs = statistics.median(times), statistics.median(hand) if hand else None
    return Measured(
        name=name,
        repeats=repeats,
        p50=round(ours, 2),
        p95=round(times[math.ceil(len(times) * 0.95) - 1], 2),
        cpu=round(statistics.median(computed), 2),
        statements=statements,
        size=size,
        size_unit=size_unit,
        by_hand=None if theirs is None else round(theirs, 2),
        ratio=None if not theirs else round(ours / theirs, 2),
    )


def forget_peak() -> None:
    """Let the highest memory use be counted from here on, where the system offers that."""
    try:
        (PROCESS / "clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return


def peak_mb() -> int | None:
    """The highest memory use of this process so far (resident, MB); None where the system does not say."""
    try:
        lines = (PROCESS / "status").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    found = next((line for line in lines if line.startswith("VmHWM:")), None)
    return int(found.split()[1]) // 1024 if found else None
