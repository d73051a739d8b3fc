"""A register's list as a sheet: the rows, columns and order of the page, every page of it, as of the same day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any

from guatu.access import Actor
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Kind, LightCell, Sheet
from guatu.queries.item_rows import list_row
from guatu.queries.list_columns import value_type
from guatu.queries.list_filters import chips_of
from guatu.queries.pages import Column, ItemFilters, ListRow
from guatu.queries.registers import Listing, listing, refuse_out_of_reach
from guatu.queries.standing import light_rule
from guatu.records.models import Campaign

CHUNK = 1000  # rows read from the database at a time
WIDTHS: Mapping[Kind, int] = {
    "integer": 7,
    "decimal": 8,
    "money": 10,
    "percent": 7,
    "day": 7,
    "state": 8,
    "unit": 12,
    "light": 10,
}
LONG_TEXT, TEXT, NUMBER, TITLE = 30, 12, 7, 28


def list_sheets(
    actor: Actor,
    campaign: Campaign,
    register: str,
    filters: ItemFilters,
    columns: Sequence[str],
    day: date,
    *,
    sort: str = "",
    known_at: int | None = None,
) -> tuple[Sheet, ...]:
    """One sheet with every item that the list shows, as of (`day`, batch `known_at`), in the list's order.

    Beside the chosen columns stand the light before the title and the words of the due day after it, as on the page.
    Raises what the list raises. Rows are read when they are asked for, `CHUNK` at a time.
    """
    found = listing(
        actor, campaign, register, filters, day=day, known_at=known_at, sort=sort, columns=columns
    )
    count = found.mine.count()
    refuse_out_of_reach(found, filters, count)
    lit = light_rule(found.pack, found.spec.key) is not None
    chips = [chip.text for chip in chips_of(found.pack, found.spec, filters, found.tree)]
    return (
        Sheet(
            name=found.spec.label,
            title=_("{register}（截至 {day}）").format(register=found.spec.label, day=day),
            notes=headlines(
                actor,
                campaign,
                scope=found.spec.label,
                filters=chips,
                day=day,
                known_at=known_at,
            ),
            heads=tuple(_heads(found.spec, found.columns, lit)),
            rows=_rows(actor, campaign, found, day, lit),
            count=count,
        ),
    )


def _heads(spec: Register, columns: Sequence[Column], lit: bool) -> Iterator[Head]:
    for column in columns:
        if column.key == "title" and lit:
            yield Head("light", _("灯"), "light", WIDTHS["light"])
        kind = kind_of(spec, column.key)
        yield Head(column.key, column.label, kind, _width(spec, column.key, kind))
        if column.key == "due":
            yield Head("due_words", _("还有多久"), "text", 9)


def kind_of(spec: Register, key: str) -> Kind:
    """What the column holds, for the writer of a format."""
    kind: Kind = value_type(spec, key)
    return kind


def _width(spec: Register, key: str, kind: Kind) -> int:
    if key in ("number", "title"):
        return {"number": NUMBER, "title": TITLE}[key]
    field = spec.field(key)
    if field is not None and field.type == "long_text":
        return LONG_TEXT
    return WIDTHS.get(kind, TEXT)


def _rows(
    actor: Actor, campaign: Campaign, found: Listing, day: date, lit: bool
) -> Iterator[tuple[object, ...]]:
    stored = found.ordered.iterator(chunk_size=CHUNK)
    while chunk := list(islice(stored, CHUNK)):
        names = found.naming(actor, campaign, chunk)
        for row in chunk:
            shown = list_row(found.pack, found.spec, row, found.columns, day, names)
            yield tuple(_cells(found, row, shown, lit))


def _cells(found: Listing, row: Mapping[str, Any], shown: ListRow, lit: bool) -> Iterator[object]:
    for column, text in zip(found.columns, shown.cells, strict=True):
        if column.key == "title" and lit:
            yield LightCell(shown.light.light) if shown.light else None
        yield typed(found.spec, column.key, row, text)
        if column.key == "due":
            yield shown.due_words


def typed(spec: Register, key: str, row: Mapping[str, Any], text: str) -> object:
    """A cell's value: days and numbers as such, everything else (and what does not parse) as the page prints it."""
    field = spec.field(key)
    if not text:
        return None
    if field is None:
        return row[key] if key in ("start", "due", "base_due", "round") else text
    stored = row["data"].get(key)
    try:
        if field.type == "date":
            return date.fromisoformat(stored)
        if field.type == "integer":
            return int(stored)
        if field.type in ("decimal", "money"):
            return Decimal(str(stored))
        if field.type == "percent":
            return Decimal(str(stored)) / 100
    except (TypeError, ValueError, InvalidOperation):  # a private value, or one that an older pack allowed
        return text
    return text
