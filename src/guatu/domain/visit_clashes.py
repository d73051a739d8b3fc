"""Visits that crowd the same unit: two on one day, or two closer together than the campaign wants (`findings.apart`)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations


class Nearness(StrEnum):
    """How two visits of a unit stand to each other."""

    SAME_DAY = "same"
    TOO_NEAR = "near"


@dataclass(frozen=True, slots=True, order=True)
class VisitOn:
    """A visit of a unit on a day. `planned`: it can still be put on another day. `key` tells it from others."""

    day: date
    key: int
    unit: int
    planned: bool


@dataclass(frozen=True, slots=True)
class Clash:
    """Two visits of a unit, the earlier first, one of them still planned."""

    first: VisitOn
    second: VisitOn
    nearness: Nearness


def clashes(visits: Iterable[VisitOn], apart: int) -> tuple[Clash, ...]:
    """Every two visits of a unit with fewer than `apart` calendar days from one to the other, by day.

    What has taken place is past changing: two recorded visits are no clash.
    """
    by_unit: dict[int, list[VisitOn]] = {}
    for visit in visits:
        by_unit.setdefault(visit.unit, []).append(visit)
    found = [
        Clash(first, second, Nearness.SAME_DAY if first.day == second.day else Nearness.TOO_NEAR)
        for ones in by_unit.values()
        for first, second in combinations(sorted(ones), 2)
        if (first.planned or second.planned) and near(first.day, second.day, apart)
    ]
    return tuple(sorted(found, key=lambda clash: (clash.first.day, clash.second.day, clash.first.unit)))


def near(first: date, second: date, apart: int) -> bool:
    """Whether two days are the same, or fewer than `apart` days lie from one to the other."""
    return first == second or abs((second - first).days) < apart
