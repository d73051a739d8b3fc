"""A leader's one page (一页纸) as plain words: the same for the printed page and the PDF."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SheetNumber:
    """One number: its name, value, measure word, and what became of it."""

    label: str
    value: str
    measure: str
    change: str


@dataclass(frozen=True, slots=True)
class SheetCall:
    """A unit to call, why, and whom."""

    unit: str
    why: str
    whom: str


@dataclass(frozen=True, slots=True)
class OnePage:
    """What fits on one A4 sheet. `since` says what the changes are measured against.

    `waiting`: what waits for a decision, `coming`: what falls due, each as (what, how much or where).
    """

    title: str
    organisation: str
    day: date
    since: str
    sentences: tuple[str, ...]
    numbers: tuple[SheetNumber, ...]
    calls: tuple[SheetCall, ...]
    waiting: tuple[tuple[str, str], ...]
    coming: tuple[tuple[str, str], ...]
    stamp: str
