"""Measuring an operation: how long, how many statements. No judgement; targets are ratios, in the design."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Measured:
    """One operation. Times in milliseconds over `repeats` runs; `statements` of the last run; `size` in its unit."""

    name: str
    repeats: int
    p50: float
    p95: float
    statements: int
    size: int
    size_unit: str


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


def measure(name: str, operation: Callable[[], int], *, repeats: int, size_unit: str) -> Measured:
    """Run `operation` once to warm up, then `repeats` times; it answers with its size."""
    operation()
    times = []
    statements = size = 0
    for _run in range(repeats):
        with watched() as watch:
            size = operation()
        times.append(watch.seconds * 1000)
        statements = watch.statements
    times.sort()
    return Measured(
        name=name,
        repeats=repeats,
        p50=round(statistics.median(times), 2),
        p95=round(times[math.ceil(len(times) * 0.95) - 1], 2),
        statements=statements,
        size=size,
        size_unit=size_unit,
    )
