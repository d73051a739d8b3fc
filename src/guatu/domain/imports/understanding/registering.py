"""From a proposal to a register and its rows: typed values, and a sentence for every row that is not taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from guatu.domain.errors import BadInput
from guatu.domain.fields import Value
from guatu.domain.imports.columns import trimmed, written
from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.understanding.proposal import LEAVE, Column, Misfit, Proposal
from guatu.domain.imports.understanding.proposing import unit_texts
from guatu.domain.imports.understanding.readings import reader
from guatu.domain.imports.understanding.tables import Record
from guatu.domain.imports.understanding.units import Units
from guatu.domain.pack.base import Choice
from guatu.domain.pack.growing import free_key, free_prefix
from guatu.domain.pack.register import NUMERIC_TYPES, Field, Register, Role
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

LONGEST_TITLE = 300
AS_WRITTEN = "as_written"
"""The field that keeps what did not fit, word for word."""
SHOWN_COLUMNS = 8
FILLS: tuple[Role, ...] = ("office", "liaison", "filler")


@dataclass(frozen=True, slots=True)
class ReadyRow:
    """A row that becomes an item: the sheet's own row number, the unit's code, title and values by field."""

    row: int
    unit: str
    title: str
    fields: Mapping[str, Value]
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """A row that is not taken, and why."""

    row: int
    sentence: str


@dataclass(frozen=True, slots=True)
class Ready:
    """What confirming a proposal writes."""

    rows: tuple[ReadyRow, ...]
    dropped: tuple[Dropped, ...]
    kept_words: bool
    negative: frozenset[int]


def rows_of(proposal: Proposal, lookups: Lookups) -> Ready:
    """Every record of the table as a row, or the sentence why it is left out."""
    said, table = proposal.answers, proposal.table
    units = Units(lookups, {text: code for text, code in said.units.items() if code and code != LEAVE})
    unit, title, day = (proposal.column_of(role) for role in ("unit", "title", "day"))
    records = [record for record in table.records if said.hidden or not record.hidden]
    names = unit_texts([r.cells[unit.place] for r in records], said.fill_down) if unit else []
    odd: dict[int, list[Misfit]] = {}
    for misfit in proposal.misfits:
        odd.setdefault(misfit.row, []).append(misfit)
    taken = [column for column in proposal.fields if column is not title or _is_kept(column, records)]
    readers = {column.place: reader(column.kind.shape, units) for column in taken}
    rows: list[ReadyRow] = []
    dropped: list[Dropped] = []
    negative: set[int] = set()
    for number, record in enumerate(records):
        misfits = odd.get(record.row, [])
        code = proposal.one_unit if unit is None else units.find(names[number]) if names[number] else None
        why = _why_not(names[number] if unit else "", code, misfits, said.unfit)
        if why or code is None:
            dropped.append(Dropped(record.row, _("第 {row} 行：{why}").format(row=record.row, why=why)))
            continue
        bad = {misfit.letter for misfit in misfits}
        values: dict[str, Value] = {}
        for column in taken:
            if column.letter in bad:
                continue
            cell = record.cells[column.place]
            value = readers[column.place](cell)
            if value is not None:
                values[key_of(column)] = value
                if column.type in NUMERIC_TYPES and str(value).startswith("-"):
                    negative.add(column.at)
        if misfits:
            values[AS_WRITTEN] = "\n".join(f"{one.heading}：{one.value}" for one in misfits)
        when = values.get(key_of(day)) if day is not None else None
        rows.append(
            ReadyRow(
                record.row,
                code,
                _title(record, title, proposal, lookups, code),
                values,
                date.fromisoformat(when) if isinstance(when, str) else None,
            )
        )
    return Ready(
        tuple(rows), tuple(dropped), any(AS_WRITTEN in row.fields for row in rows), frozenset(negative)
    )


def _why_not(name: str, code: str | None, misfits: Sequence[Misfit], unfit: str) -> str:
    """Why a row is left out; '' if it is taken."""
    if code is None:
        return _("单位“{name}”选了不导入。").format(name=name) if name else _("没有填单位，不导入。")
    if misfits and unfit == "skip":
        return listed(
            _("“{heading}”填的是“{value}”，与该列不合").format(heading=one.heading, value=one.value)
            for one in misfits
        )
    return ""


def _title(record: Record, title: Column | None, proposal: Proposal, lookups: Lookups, code: str) -> str:
    text = trimmed(record.cells[title.place]) if title is not None else ""
    if not text:
        unit = lookups.units.get(code)
        text = _("{label}（{unit}）").format(label=proposal.label, unit=unit.short_name if unit else code)
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def _is_kept(title: Column, records: Sequence[Record]) -> bool:
    """Whether the titles are also kept as a field: where one is too long, has several lines, or is a choice."""
    if title.type == "choice" or title.private:
        return True
    cells = [record.cells[title.place] for record in records]
    return any(len(trimmed(cell)) > LONGEST_TITLE or "\n" in written(cell).strip() for cell in cells)


def key_of(column: Column) -> str:
    """The key of the field that a column becomes: nobody types it."""
    return f"c{column.at + 1}"


def register_of(
    proposal: Proposal, ready: Ready, pack: Pack, *, section: str, noun: str, measure: str, done: str
) -> Register:
    """The register that the proposal is: to be added to `pack`. The words are in the house's language."""
    title, day = proposal.column_of("title"), proposal.column_of("day")
    records = proposal.table.records
    columns = [c for c in proposal.fields if c is not title or _is_kept(c, records)]
    fields = [_field(column, ready) for column in columns]
    if ready.kept_words:
        fields.append(Field(key=AS_WRITTEN, label=_("未能识别的内容"), type="long_text"))
    shown = [key_of(c) for c in columns if c.type not in ("long_text",) and not c.private][:SHOWN_COLUMNS]
    collection = pack.loop.collection
    if collection is None:
        raise BadInput(_("本专项工作的模板没有填报部分，不能新建清单。请联系系统管理员。"))
    return Register(
        key=free_key(pack.registers),
        label=proposal.label[:60],
        noun=noun,
        measure=measure,
        prefix=free_prefix([register.prefix for register in pack.registers.values()]),
        section=section,
        title_label=title.label if title is not None and title not in columns else "",
        done_word=done,
        lead_levels=tuple(level.key for level in pack.head.levels),
        workflow=collection.collected,
        flow_day=key_of(day) if day is not None else None,
        fills=FILLS,
        fields=tuple(fields),
        columns=("number", "title", "unit", *shown),
        search=("title", *(key_of(c) for c in columns if c.type in ("text", "person") and not c.private)),
    )


def _field(column: Column, ready: Ready) -> Field:
    shape = column.kind.shape
    choices = tuple(Choice(key=f"c{place}", label=label[:60]) for place, label in enumerate(shape.choices, 1))
    return Field(
        key=key_of(column),
        label=column.label,
        type=shape.type,  # type: ignore[arg-type]
        choices=choices if shape.type == "choice" else (),
        private=column.private,
        unit=shape.unit if shape.type in ("integer", "decimal") else "",
        minimum=None if column.at in ready.negative else 0,
    )
