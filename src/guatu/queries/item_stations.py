"""The way of an item as its page draws it: stations, the ways back, the way off to where somebody else answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Step:
    """One station on the way of the workflow. `place`: behind, now, ahead. `note`: a day, “第 2 轮”, “现在”."""

    key: str
    label: str
    place: str
    note: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Detour:
    """A way back on the path: from station to station (indexes into the steps), how often, the last day."""

    origin: int
    to: int
    text: str


@dataclass(frozen=True, slots=True)
class Branch:
    """A way off the line to somewhere that the unit cannot act (escalation): from which station, and what it means.

    `taken`: the item is there now.
    """

    origin: int
    text: str
    taken: bool
