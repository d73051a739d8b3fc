"""A table whose columns are those of a register that stands already: matched by heading, read as its fields say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from guatu.domain.fields import Value
from guatu.domain.imports.columns import heading
from guatu.domain.imports.item_cells import Bad, Lookups, at_row, reader
from guatu.domain.imports.understanding.proposal import Answers, ColumnAnswer, Proposal
from guatu.domain.imports.understanding.proposing import propose
from guatu.domain.imports.understanding.readings import OFFERED
from guatu.domain.imports.understanding.registering import Dropped, Ready, ReadyRow, key_of, rows_of
from guatu.domain.imports.understanding.tables import Table
from guatu.domain.pack.register import Field, Register
from guatu.domain.words import gettext as _

BY_FIELD = frozenset({"choice", "multi_choice", "item", "file"})
"""Types whose values only the declared field knows: read by it, not by what the column looks like."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A table beside a register: the proposal with its columns read as the fields say, and which column is which field.

    `missing` are labels of fields without a column, `unread` headings of columns that are no field.
    """

    proposal: Proposal
    fields: Mapping[int, Field]
    missing: tuple[str, ...]
    unread: tuple[str, ...]


def match(table: Table, register: Register, lookups: Lookups, answers: Answers) -> Matched:
    """Which column is which field, by heading; the columns of unit and title are found as in any table."""
    by_label = {heading(field.label): field for field in register.fields if field.type != "file"}
    fields: dict[int, Field] = {}
    for column in table.headings:
        for text in (column.text, column.text.rpartition("/")[2]):
            field = by_label.get(heading(text)) if text else None
            if field is not None and field not in fields.values():
                fields[column.at] = field
                break
    columns = {
        at: ColumnAnswer(type=field.type if field.type in OFFERED and field.type not in BY_FIELD else "text")
        for at, field in fields.items()
    }
    said = replace(answers, columns={**columns, **answers.columns}, label=register.label)
    first = propose(table, lookups, said)
    parts = {column.at for column in first.columns if column.role in ("unit", "title")}
    others = [c for c in first.columns if c.at not in fields and c.at not in parts and not c.serial]
    dropped = {column.at: ColumnAnswer(taken=False) for column in others}
    unit, title = first.column_of("unit"), first.column_of("title")
    said = replace(
        said,
        columns={**said.columns, **dropped},
        unit_column=unit.at if unit else -1,
        title_column=title.at if title else -1,
    )
    return Matched(
        proposal=propose(table, lookups, said),
        fields=fields,
        missing=tuple(field.label for field in by_label.values() if field not in fields.values()),
        unread=tuple(column.heading or column.letter for column in others if column.values),
    )


def rows_into(found: Matched, register: Register, lookups: Lookups) -> Ready:
    """The rows as items of the register: values under the keys of its fields."""
    ready = rows_of(found.proposal, lookups)
    keys = {
        key_of(column): found.fields[column.at]
        for column in found.proposal.columns
        if column.at in found.fields
    }
    readers = {field.key: reader(field, lookups) for field in keys.values()}
    rows, dropped = [], list(ready.dropped)
    for row in ready.rows:
        values: dict[str, Value] = {}
        bad = None
        for key, value in row.fields.items():
            field = keys.get(key)
            if field is None:
                continue
            read = readers[field.key](value) if field.type in BY_FIELD and isinstance(value, str) else value
            if isinstance(read, Bad):
                bad = at_row(read, row.row, field.label, str(value))
            elif read is not None:
                values[field.key] = read
        if bad is not None:
            dropped.append(Dropped(row.row, bad.sentence))
            continue
        day = values.get(register.flow_day) if register.flow_day else None
        on = date.fromisoformat(day) if isinstance(day, str) else None
        rows.append(ReadyRow(row.row, row.unit, row.title, values, on))
    return Ready(tuple(rows), tuple(sorted(dropped, key=lambda one: one.row)), False, frozenset())


def told(found: Matched) -> tuple[str, ...]:
    """What is said of the match."""
    said = []
    if found.missing:
        said.append(_("表中没有这些字段：{fields}。").format(fields="、".join(found.missing)))
    if found.unread:
        said.append(_("清单没有这些列，没有读取：{columns}。").format(columns="、".join(found.unread)))
    return tuple(said)
