"""What was typed when something is asked for: read from the form, kept for the form, and understood."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.domain.errors import BadInput
from guatu.domain.proposals import MERGE, SPLIT, TRANSFER
from guatu.queries.lookups import items_meant, units_meant
from guatu.queries.proposal_checks import MOST_PARTS, Part, Wanted
from guatu.web.days import typed_day
from guatu.web.here import Here

FIRST_ROWS, MORE_ROWS = 2, 2


@dataclass(frozen=True, slots=True)
class TypedPart:
    """One row of a split as it was typed."""

    title: str = ""
    unit: str = ""
    due: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing stands in the row."""
        return not (self.title or self.unit or self.due)


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form holds. `key` marks one proposal, sent once or twice; `title` is the new title of what is left."""

    numbers: tuple[str, ...]
    due: str = ""
    due_kind: str = ""
    to: str = ""
    into: str = ""
    title: str = ""
    reason: str = ""
    parts: tuple[TypedPart, ...] = ()
    key: str = ""


def read_typed(data: QueryDict, kind: str) -> Typed:
    """The form as it was sent, or as it begins; with several chosen items the first is the one to be merged into."""
    numbers = tuple(dict.fromkeys(value.strip()[:40] for value in data.getlist("item") if value.strip()))
    return Typed(
        numbers=numbers,
        due=data.get("due", "").strip()[:10],
        due_kind=data.get("due_kind", "")[:20],
        to=data.get("to", "").strip()[:120],
        into=data.get("into", numbers[0] if kind == MERGE and len(numbers) > 1 else "").strip()[:40],
        title=data.get("title", "").strip()[:300],
        reason=data.get("reason", "").strip()[:2000],
        parts=_rows(data) if kind == SPLIT else (),
        key=data.get("key", "")[:60] or str(uuid4()),
    )


def _rows(data: QueryDict) -> tuple[TypedPart, ...]:
    columns = [data.getlist(name) for name in ("part_title", "part_unit", "part_due")]
    n = min(max([FIRST_ROWS, *map(len, columns)]), MOST_PARTS)
    if "more" in data:
        n = min(n + MORE_ROWS, MOST_PARTS)
    filled = [[*column, *[""] * n][:n] for column in columns]
    return tuple(
        TypedPart(title.strip()[:300], unit.strip()[:120], due.strip()[:10])
        for title, unit, due in zip(*filled, strict=True)
    )


def chosen_numbers(typed: Typed, kind: str) -> tuple[str, ...]:
    """The items that it is about: of a merger, all but the one that the others are merged into."""
    if kind != MERGE:
        return typed.numbers
    into = typed.into.upper().split(" ")[0]
    return tuple(number for number in typed.numbers if number != into)


def understood(at: Here, typed: Typed, kind: str) -> Wanted:
    """What is meant. Raises BadInput for a day that is none, or a unit or number that nobody can tell."""
    wanted = Wanted(kind, due=typed_day(typed.due), due_kind=typed.due_kind, title=typed.title)
    if kind == TRANSFER and typed.to:
        return replace(wanted, to=_units(at, [typed.to])[typed.to])
    if kind == MERGE and typed.into:
        meant = items_meant(at.actor, at.campaign, {typed.into: ""})
        if typed.into in meant.troubles:
            raise BadInput(meant.troubles[typed.into])
        return replace(wanted, into=get_item(at.actor, meant.items[typed.into], at.campaign).pk)
    if kind == SPLIT:
        rows = [row for row in typed.parts if not row.empty]
        units = _units(at, [row.unit for row in rows if row.unit])
        for place, row in enumerate(rows, 1):
            if not row.unit:
                raise BadInput(_("第 {place} 部分没有牵头单位。请填写单位名称或代码。"), place=place)
        parts = tuple(Part(units[row.unit], row.title, typed_day(row.due)) for row in rows)
        return replace(wanted, parts=parts)
    return wanted


def _units(at: Here, texts: Sequence[str]) -> dict[str, str]:
    meant = units_meant(at.campaign, texts)
    for text in texts:
        if text in meant.troubles:
            raise BadInput(meant.troubles[text])
    return meant.units
