"""A trend as a small line without axes: pure geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from guatu.domain.statements import Number


@dataclass(frozen=True, slots=True)
class Spark:
    """A line and the ground below it in a box `width` × `height`; the last point is marked."""

    width: int
    height: int
    line: str
    ground: str
    x: str
    y: str


def spark(values: Sequence[Number | None], *, width: int = 112, height: int = 28) -> Spark | None:
    """The line through the known values; None when there is nothing to see (fewer than two, or all the same)."""
    known = [(at, float(value)) for at, value in enumerate(values) if value is not None]
    numbers = [value for _at, value in known]
    if len(known) < 2 or min(numbers) == max(numbers):
        return None
    low, high, pad = min(numbers), max(numbers), 3
    # A change of less than a tenth stays a small step: the box never spans less than a tenth of the value.
    spare = max(abs(high) / 10 - (high - low), 0) / 2
    low, high = low - spare, high + spare
    step = (width - 2 * pad) / (len(values) - 1)
    points = [
        (pad + at * step, height - pad - (value - low) / (high - low) * (height - 2 * pad))
        for at, value in known
    ]
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    floor = height - 1
    ground = f"{line}L{points[-1][0]:.1f} {floor}L{points[0][0]:.1f} {floor}Z"
    return Spark(width, height, line, ground, f"{points[-1][0]:.1f}", f"{points[-1][1]:.1f}")
