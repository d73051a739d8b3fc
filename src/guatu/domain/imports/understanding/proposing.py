"""From a table and the answers given so far to the proposal: which column is what, and what does not fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from guatu.domain.fields.base import narrow
from guatu.domain.fields.days import BadCell
from guatu.domain.imports.columns import trimmed
from guatu.domain.imports.grid import Cell
from guatu.domain.imports.item_cells import Lookups
from guatu.domain.imports.sheet import short
from guatu.domain.imports.typed_text import is_dash
from guatu.domain.imports.understanding.headings import labels_of
from guatu.domain.imports.understanding.kinds import Kind, Values, kind_of, shape_as
from guatu.domain.imports.understanding.lines import LeftOut
from guatu.domain.imports.understanding.proposal import (
    LEAVE,
    Answers,
    Column,
    ColumnAnswer,
    Misfit,
    NamedUnit,
    Proposal,
    Role,
)
from guatu.domain.imports.understanding.readings import OFFERED, STROKES, Shape, reader
from guatu.domain.imports.understanding.remarks import remarks_on, told_of
from guatu.domain.imports.understanding.tables import SERIAL, Table
from guatu.domain.imports.understanding.units import Units

EXAMPLES = 3
_TITLE = (
    re.compile(r"事项|标题|题目|主题|问题|项目名称|任务"),
    re.compile(r"名称|内容|项目|活动|品牌|姓名"),
    re.compile(r"描述|措施|情况|地点"),
)
_UNIT_FIRST = (
    re.compile(r"^(?:填报|报送|所属|责任|牵头|主办|承办)?(?:单位|公司|企业)(?:名称|全称|简称)?$"),
    re.compile(r"单位|公司|企业"),
    re.compile(r"."),
)
_HAPPENED = re.compile(r"时限|期限|截止|到期|计划|预计|完成时间|下次|生日|出生")


def propose(table: Table, lookups: Lookups, answers: Answers | None = None) -> Proposal:
    """What the table is understood as, with what the person has said of it."""
    said = answers or Answers()
    units = Units(lookups, {text: code for text, code in said.units.items() if code and code != LEAVE})
    records = [record for record in table.records if said.hidden or not record.hidden]
    cells = [[record.cells[place] for record in records] for place in range(len(table.headings))]
    labels = labels_of(table.headings)
    kinds = [_kind(table, place, cells[place], units, said) for place in range(len(table.headings))]
    serials = [
        _is_serial(table.headings[place].text, cells[place], place == 0)
        for place in range(len(table.headings))
    ]
    taken = [_taken(table, place, cells[place], serials[place], said) for place in range(len(table.headings))]
    roles = _roles(table, kinds, taken, said, cells)
    columns = tuple(
        _column(
            table,
            place,
            labels[place],
            cells[place],
            kinds[place],
            taken[place],
            roles[place],
            serials[place],
            units,
            said,
        )
        for place in range(len(table.headings))
    )
    unit_place = next((place for place, role in enumerate(roles) if role == "unit"), None)
    names: Counter[str] = Counter()
    without = []
    if unit_place is not None:
        for record, text in zip(records, unit_texts(cells[unit_place], said.fill_down), strict=True):
            if text:
                names[text] += 1
            else:
                without.append(record.row)
    bare = Units(lookups)
    open_units = tuple(
        NamedUnit(text, rows, bare.candidates(text), said.units.get(text, ""))
        for text, rows in names.items()
        if bare.find(text) is None
    )
    met = tuple(
        (text, lookups.unit_written(code))
        for text in names
        if (code := bare.find(text)) is not None
        and narrow(text) not in (lookups.units[code].short_name, code)
    )
    hidden = tuple(LeftOut(r.row, "hidden", "") for r in table.records if r.hidden and not said.hidden)
    return Proposal(
        table=table,
        answers=said,
        label=said.label.strip() or table.title,
        columns=columns,
        left_out=tuple(sorted((*table.left_out, *hidden), key=lambda line: line.row)),
        units_open=open_units,
        units_met=met,
        one_unit=said.one_unit
        or (_filler(table, bare) if unit_place is None and not _names_units(table, cells, taken) else ""),
        remarks=remarks_on(table),
        asks_year=any(
            column.kind.years_missing and column.taken and column.type == "date" for column in columns
        ),
        without_unit=tuple(without),
    )


def unit_texts(cells: Sequence[Cell], fill_down: bool) -> list[str]:
    """What each row says of its unit, '' where it says nothing; with `fill_down` then what the row above says."""
    found: list[str] = []
    for cell in cells:
        text = "" if is_dash(cell) else trimmed(cell)
        found.append(text or (found[-1] if fill_down and found else ""))
    return found


def _names_units(table: Table, cells: list[list[Cell]], taken: list[bool]) -> bool:
    """Whether a column that is called “unit” holds names, though none of ours: then nothing says whose the rows are.

    Measures (个, 套), which stand below the same heading, are one character as a rule.
    """
    for heading, values, wanted in zip(table.headings, cells, taken, strict=True):
        said = [trimmed(cell) for cell in values if cell != "" and not is_dash(cell)]
        named = _UNIT_FIRST[0].search(heading.text.rpartition("/")[2])
        if wanted and named and 2 * sum(len(text) > 1 for text in said) > len(said):
            return True
    return False


def _filler(table: Table, units: Units) -> str:
    """The unit that the sheet says it is of, where it says one of ours."""
    return units.find(table.filler) or "" if table.filler else ""


def _kind(table: Table, place: int, cells: list[Cell], units: Units, said: Answers) -> Kind:
    heading = table.headings[place]
    values = Values.of(heading.text, cells, table.measure)
    wanted = said.columns.get(heading.at, ColumnAnswer()).type
    own = kind_of(values, units)
    kind = shape_as(wanted, values, units) if wanted in OFFERED and wanted != own.shape.type else own
    shape = kind.shape
    if shape.type == "date" and said.year is not None:
        shape = replace(shape, year=said.year)
    if shape.type == "choice" and said.same:
        shape = replace(
            shape,
            choices=tuple(label for label in shape.choices if label not in said.same),
            spelled={
                **{text: said.same.get(label, label) for text, label in shape.spelled.items()},
                **{label: other for label, other in said.same.items() if label in shape.choices},
            },
        )
    return replace(kind, shape=shape)


def _is_serial(heading: str, cells: list[Cell], first: bool) -> bool:
    """A column that only numbers the rows."""
    said = [cell for cell in cells if cell != ""]
    numbers = [int(text) for cell in said if (text := trimmed(cell).rstrip(".、")).isdecimal()]
    if SERIAL.fullmatch(heading):
        return len(numbers) * 2 >= len(said)
    return first and not heading and len(said) > 1 and numbers == list(range(1, len(said) + 1))


def _taken(table: Table, place: int, cells: list[Cell], serial: bool, said: Answers) -> bool:
    """Proposed: every column that says something and is not hidden."""
    heading = table.headings[place]
    chosen = said.columns.get(heading.at, ColumnAnswer()).taken
    if chosen is not None:
        return chosen
    return not serial and not heading.hidden and any(cell != "" for cell in cells)


def _roles(
    table: Table, kinds: list[Kind], taken: list[bool], said: Answers, cells: list[list[Cell]]
) -> list[Role]:
    roles: list[Role] = [""] * len(kinds)
    texts = [heading.text.rpartition("/")[2] for heading in table.headings]
    of_units = [place for place, kind in enumerate(kinds) if kind.shape.type == "unit" and taken[place]]
    unit = _chosen(table, said.unit_column, _first(of_units, texts, _UNIT_FIRST))
    if unit is not None:
        roles[unit] = "unit"
    wordy = [
        place
        for place, kind in enumerate(kinds)
        if kind.shape.type in ("text", "long_text", "person", "choice")
        and taken[place]
        and not kind.private
        and place != unit
        and sum(cell != "" for cell in cells[place]) * 2 > len(cells[place])
    ]
    free = [place for place in wordy if kinds[place].shape.type != "choice"]
    proposed = _first(wordy, texts, _TITLE[:2])
    if proposed is None:
        proposed = _first(free, texts, _TITLE[2:])
    if proposed is None and free:
        proposed = max(free, key=lambda place: len({trimmed(cell) for cell in cells[place]}))
    title = _chosen(table, said.title_column, proposed)
    if title is not None and not roles[title]:
        roles[title] = "title"
    days = [
        place
        for place, kind in enumerate(kinds)
        if kind.shape.type == "date" and taken[place] and not _HAPPENED.search(table.headings[place].text)
    ]
    day = _chosen(table, said.day_column, days[0] if days else None)
    if day is not None and not roles[day] and kinds[day].shape.type == "date":
        roles[day] = "day"
    return roles


def _chosen(table: Table, wanted: int | None, proposed: int | None) -> int | None:
    """The place of the column that the person has chosen for a part, else the proposed one."""
    if wanted is None:
        return proposed
    return next((place for place, heading in enumerate(table.headings) if heading.at == wanted), None)


def _first(places: list[int], texts: list[str], wanted: tuple[re.Pattern[str], ...]) -> int | None:
    for pattern in wanted:
        for place in places:
            if pattern.search(texts[place]):
                return place
    return None


def _column(
    table: Table,
    place: int,
    label: str,
    cells: list[Cell],
    kind: Kind,
    taken: bool,
    role: Role,
    serial: bool,
    units: Units,
    said: Answers,
) -> Column:
    heading = table.headings[place]
    answer = said.columns.get(heading.at, ColumnAnswer())
    if role == "unit" and kind.shape.type != "unit":
        kind = Kind(Shape("unit"))
    label = (answer.label or "").strip()[:60] or label
    misfits: list[Misfit] = []
    strokes = 0
    if taken and not serial:
        read = reader(kind.shape, units)
        known: dict[tuple[type, Cell], str | None] = {}
        records = [record for record in table.records if said.hidden or not record.hidden]
        for record, cell in zip(records, cells, strict=True):
            key = (type(cell), cell)
            if key not in known:
                try:
                    read(cell)
                    known[key] = None
                except BadCell as bad:
                    known[key] = bad.rule
            rule = known[key]
            if rule is not None:
                text = trimmed(cell)
                near = units.candidates(text) if kind.shape.type == "unit" else ()
                misfits.append(
                    Misfit(
                        table.sheet,
                        record.row,
                        heading.letter,
                        short(heading.text or heading.letter),
                        short(cell),
                        rule,
                        near,
                    )
                )
            strokes += kind.shape.type in STROKES and is_dash(cell)
    filled = [cell for cell in cells if cell != "" and trimmed(cell)]
    return Column(
        at=heading.at,
        letter=heading.letter,
        heading=heading.text,
        label=label,
        kind=kind,
        taken=taken,
        role=role if taken else "",
        private=kind.private if answer.private is None else answer.private,
        serial=serial,
        hidden=heading.hidden,
        values=len(filled),
        empty=len(cells) - len(filled),
        examples=tuple(dict.fromkeys(short(cell) for cell in filled))[:EXAMPLES],
        misfits=tuple(misfits),
        remarks=tuple(told_of(heading, kind, filled, strokes, serial)),
        place=place,
    )
