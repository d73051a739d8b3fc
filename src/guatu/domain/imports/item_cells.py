"""Cells of items: from a cell of a sheet to the value that a register's field stores, and back.

`read_cell(write_cell(value)) == value` for every value that a field can hold. What cannot be understood is a `Problem`
whose sentence names row, column, value and rule; nothing is guessed. Names of units and numbers of items are looked up
in `Lookups`, which is filled once for a whole sheet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from guatu.domain.fields import BadValue, Value, parse, show
from guatu.domain.fields.base import narrow
from guatu.domain.fields.dates import day_read
from guatu.domain.imports.columns import trimmed, written
from guatu.domain.imports.grid import Cell as Raw
from guatu.domain.imports.near_names import candidates
from guatu.domain.imports.problems import Problem
from guatu.domain.pack.register import Field
from guatu.domain.private import is_stand_in
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

MOST_REMEMBERED = 5_000
"""So many different cells of one column are understood once each and then remembered."""
EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number: longer ones are written as text."""
_FIRST_DAY = date(1900, 3, 1)  # before it spreadsheets count a day that never was
_PARTS = re.compile(r"[、,，;；\n]+")
_MARKED = re.compile(r"[（(]([^（）()]+)[）)]\s*$")
_SAME = object()


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit as cells name it: its code and everything it is called or was called."""

    code: str
    short_name: str
    names: tuple[str, ...] = ()

    @property
    def written(self) -> str:
        """As a cell holds it, so that it is found again even if another has the same name: 一厂（F1）."""
        return f"{self.short_name}（{self.code}）"


@dataclass(slots=True)
class Lookups:
    """What names in cells stand for.

    `items`: number → public id of the items that cells may point at. `percent_as_share`: a number in a percent column
    is a share (0.148 is 14.8%), as in a cell with the format 0.0%; otherwise it is percent points. A text with the sign
    % is read as it stands either way.
    """

    units: Mapping[str, UnitName] = field(default_factory=dict)
    items: Mapping[str, str] = field(default_factory=dict)
    percent_as_share: bool = True
    _called: dict[str, tuple[str, ...]] | None = None
    _numbers: dict[str, str] | None = None

    def unit(self, text: str) -> str | tuple[str, ...]:
        """The code of the unit that is meant, else the candidates (perhaps none)."""
        wanted = narrow(text)
        marked = _MARKED.search(wanted)
        for code in (wanted, marked.group(1).strip() if marked else ""):
            if code in self.units:
                return code
        fits = self._by_name().get(wanted, ())
        if len(fits) == 1:
            return fits[0]
        if fits:
            return tuple(self.units[code].written for code in fits)
        near = candidates(wanted, self._by_name())
        codes = dict.fromkeys(code for name in near for code in self._by_name()[name])
        return tuple(self.units[code].written for code in codes)

    def unit_written(self, code: str) -> str:
        """The unit as a cell holds it; the bare code of one that is not known."""
        found = self.units.get(code)
        return found.written if found else code

    def number_of(self, public_id: str) -> str:
        """The number of an item that cells may point at; the id itself of one that is not known."""
        if self._numbers is None:
            self._numbers = {public: number for number, public in self.items.items()}
        return self._numbers.get(public_id, public_id)

    def _by_name(self) -> dict[str, tuple[str, ...]]:
        if self._called is None:
            found: dict[str, list[str]] = {}
            for unit in self.units.values():
                for name in dict.fromkeys((unit.short_name, *unit.names)):
                    found.setdefault(narrow(name), []).append(unit.code)
            self._called = {name: tuple(codes) for name, codes in found.items()}
        return self._called


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that was read: its value as the field stores it (None: empty), or what is wrong with it.

    `kept`: the cell holds the stand-in of a value that is not shown; what is stored stays.
    """

    value: Value | None = None
    problem: Problem | None = None
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Bad:
    """What is wrong with a cell, wherever it stands: a whole sentence that begins with the heading."""

    sentence: str
    candidates: tuple[str, ...] = ()


Reader = Callable[[Raw], "Value | Bad | None"]


def read_cell(field: Field, value: Raw, book: Lookups, *, row: int = 0, heading: str = "") -> Cell:
    """One cell. `row` is the sheet's own row number, `heading` the column's heading there, both for the sentence."""
    if field.private and value == show_private():
        return Cell(kept=True)
    found = _read(field, value, book)
    if isinstance(found, Bad):
        return Cell(problem=at_row(found, row, heading or field.label, value))
    return Cell(found)


def reader(field: Field, book: Lookups) -> Reader:
    """The same for a whole column: cells that say the same are understood once."""
    known: dict[tuple[type, Raw], Any] = {}

    def read(value: Raw) -> Value | Bad | None:
        key = (type(value), value)
        found = known.get(key, _SAME)
        if found is _SAME:
            found = _read(field, value, book)
            if len(known) < MOST_REMEMBERED:
                known[key] = found
        return found  # type: ignore[no-any-return]

    return read


def at_row(bad: Bad, row: int, heading: str, value: Raw | None) -> Problem:
    """The problem at its place: 第 12 行“整改时限”填的是“年底前”，无法识别为日期。…"""
    text = "" if value is None else trimmed(value)
    said = _("第 {row} 行{said}").format(row=row, said=bad.sentence) if row else bad.sentence
    return Problem(row, said, heading, text if len(text) <= 60 else text[:59] + "…", bad.candidates)


def show_private() -> str:
    """What stands in a cell in place of a private value."""
    return _("（不公开）")


def _read(field: Field, value: Raw, book: Lookups) -> Value | Bad | None:
    if isinstance(value, str) and not value.strip():
        return None
    try:
        match field.type:
            case "unit":
                return _unit(field, value, value, book)
            case "units":
                return _units(field, value, book)
            case "item":
                return _item(field, value, book)
            case "date":
                return day_read(field, value).day.isoformat()
            case "percent":
                return parse(field, _points(value) if book.percent_as_share else value)
            case "integer" | "decimal" | "money":
                return parse(field, value)
            case "yes_no" | "choice":
                return parse(field, value if isinstance(value, bool) else written(value))
            case "multi_choice":
                return _several(field, value)
            case _:
                return parse(field, written(value) if not isinstance(value, str) else value)
    except BadValue as bad:
        return Bad(str(bad))


def _points(value: Raw) -> Raw | Decimal:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return round(Decimal(repr(value)) * 100, 10)
    return value


def _several(field: Field, value: Raw) -> Value | None:
    """A list in one cell; a choice whose own name holds a comma is found by its key or as the whole cell."""
    text = narrow(written(value))
    whole = next((one.key for one in field.choices if text in (one.key, narrow(one.label))), None)
    return [whole] if whole is not None else parse(field, written(value))


def _unit(field: Field, value: Raw, part: Raw, book: Lookups) -> Value | Bad:
    text = trimmed(part)
    found = book.unit(text)
    if isinstance(found, str):
        return found
    shown = text if len(text) <= 30 else text[:29] + "…"
    if found:
        return Bad(
            _("“{label}”填的“{value}”可能是：{candidates}。请选定一家。").format(
                label=field.label, value=shown, candidates=listed(found)
            ),
            found,
        )
    return Bad(
        _("“{label}”填的是“{value}”，没有这个名称或代码的单位。请核对后重新填写。").format(
            label=field.label, value=shown
        )
    )


def _units(field: Field, value: Raw, book: Lookups) -> Value | Bad | None:
    codes = set()
    for part in _PARTS.split(written(value)):
        if part.strip():
            found = _unit(field, value, part, book)
            if isinstance(found, Bad):
                return found
            codes.add(str(found))
    return sorted(codes) or None


def _item(field: Field, value: Raw, book: Lookups) -> Value | Bad:
    text = trimmed(value)
    number = text.split(" ")[0].upper()
    for wanted in (number, text):
        if wanted in book.items:
            return book.items[wanted]
    if text in book.items.values():  # the id itself, of one whose number was not known when it was written
        return text
    return Bad(
        _("“{label}”填的是“{value}”，没有这个编号的事项，或不在您的查看范围内。请核对编号。").format(
            label=field.label, value=text[:30]
        )
    )


Written = str | int | Decimal | date | None
"""What goes into a cell: text, number or day; None leaves it empty."""


def write_cell(field: Field, value: Value | None, book: Lookups) -> Written:
    """The value as a cell holds it, so that `read_cell` gives the same value back. A percent is written as a share."""
    if value is None:
        return None
    if is_stand_in(value):
        return show_private()
    match field.type:
        case "integer":
            return value if isinstance(value, int) and _fits(str(value)) else str(value)
        case "decimal" | "money":
            return Decimal(str(value)) if _fits(str(value)) else str(value)
        case "percent":
            return Decimal(str(value)) / 100 if _fits(str(value)) else f"{value}%"
        case "date":
            day = date.fromisoformat(str(value))
            return day if day >= _FIRST_DAY else str(value)
        case "choice":
            return field.choice_label(str(value))
        case "multi_choice":
            keys = value if isinstance(value, list) else [str(value)]
            return "、".join(_option_written(field, key) for key in keys)
        case "unit":
            return book.unit_written(str(value))
        case "units":
            codes = value if isinstance(value, list) else [str(value)]
            return "、".join(book.unit_written(code) for code in codes)
        case "item":
            return book.number_of(str(value))
        case _:
            return show(field, value)


def _option_written(field: Field, key: str) -> str:
    label = field.choice_label(key)
    return key if _PARTS.search(label) else label


def _fits(number: str) -> bool:
    return sum(sign.isdigit() for sign in number) <= EXACT_DIGITS


def as_read(cell: Written) -> Raw:
    """A written cell as the reader of workbooks gives it back: what an untouched cell is compared with."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return float(cell)
    return cell


def untouched(cell: Written, found: Raw) -> bool:
    """Whether a cell says to the letter what was written: nothing has to be understood then."""
    if cell is None:
        return found == ""
    if isinstance(cell, str):
        return found == cell
    if isinstance(found, bool | str):
        return False
    if isinstance(cell, date):
        return (found.date() if isinstance(found, datetime) else found) == cell
    return isinstance(found, int | float) and float(cell) == found


def unit_names(rows: Iterable[tuple[str, str, str, Iterable[str], Iterable[str]]]) -> dict[str, UnitName]:
    """From (code, name, short name, aliases, former names) of units to what `Lookups` holds."""
    return {
        code: UnitName(code, short, tuple(dict.fromkeys((name, *aliases, *former))))
        for code, name, short, aliases, former in rows
    }
