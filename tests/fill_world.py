"""A register with a field of every type, items of it, and its workbook: given out, changed cell by cell, handed in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import Any

from hypothesis import strategies as st

from guatu.access import Actor
from guatu.actions.items import NewItem, create_items
from guatu.actions.pack_changes import add_register
from guatu.domain import clock
from guatu.domain.imports.grid import Cell, Grid
from guatu.domain.imports.item_cells import Lookups, write_cell
from guatu.domain.pack.base import Choice
from guatu.domain.pack.register import Field
from guatu.exchange.fill_books import fill_book
from guatu.exchange.register_workbook import FIRST, write_fill_book
from guatu.exchange.workbook_return import Returned, read
from guatu.exchange.workbooks_in import Reader
from guatu.queries.item_sheet import Sheets
from guatu.queries.pages import ItemFilters
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.new_registers import new_register
from tests.people import World, small_world

DAY = date(2023, 11, 6)
KINDS = tuple(
    Choice(key=key, label=label)
    for key, label in (("water", "供水"), ("power", "供电"), ("other", "其他、另报"))
)
PARTS = (
    Choice(key="pipe", label="管道", within=("water",)),
    Choice(key="pump", label="水泵", within=("water",)),
    Choice(key="cable", label="电缆", within=("power",)),
    Choice(key="rest", label="说不清"),
)
FIELDS = (
    Field(key="note", label="说明", type="text"),
    Field(key="story", label="详情", type="long_text"),
    Field(key="people", label="人数", type="integer", unit="人"),
    Field(key="length", label="长度", type="decimal", minimum=None),
    Field(key="cost", label="费用", type="money"),
    Field(key="share", label="完成率", type="percent"),
    Field(key="held_on", label="日期", type="date"),
    Field(key="kind", label="类别", type="choice", choices=KINDS),
    Field(key="part", label="部位", type="choice", choices=PARTS, within="kind"),
    Field(key="kinds", label="涉及", type="multi_choice", choices=KINDS),
    Field(key="solved", label="是否解决", type="yes_no"),
    Field(key="near", label="相邻单位", type="unit"),
    Field(key="units", label="参与单位", type="units"),
    Field(key="who", label="责任人", type="person", dated=True),
    Field(key="secret", label="联系电话", type="text", private=True),
)
FREE = tuple(field for field in FIELDS if field.key not in ("part", "secret"))
CODES = ("F1", "F2", "Y3", "JIA", "YI")

_signs = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zs", "Zl", "Zp", "Co"))
_words = st.text(_signs, min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
_texts = st.one_of(
    _words,
    st.sampled_from(
        ["=1+1", "+86 10", "-5", "@甲", "0012", "1e5", "3.0", "_x0041_", "是", "2023-11-05", "<b>&"]
    ),
)
VALUES: Mapping[str, st.SearchStrategy[Any]] = {
    "note": _texts,
    "story": st.lists(_texts, min_size=1, max_size=3).map("\n".join),
    "people": st.integers(0, 2**53 - 1),
    "length": st.decimals(-(10**9), 10**9, places=6, allow_nan=False).map(lambda d: _plain(d)),
    "cost": st.decimals(0, 10**12, places=2, allow_nan=False).map(lambda d: _plain(d)),
    "share": st.decimals(0, 1000, places=4, allow_nan=False).map(lambda d: _plain(d)),
    "held_on": st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(date.isoformat),
    "kind": st.sampled_from([one.key for one in KINDS]),
    "kinds": st.lists(st.sampled_from([one.key for one in KINDS]), min_size=1, unique=True).map(
        lambda keys: [one.key for one in KINDS if one.key in keys]
    ),
    "solved": st.booleans(),
    "near": st.sampled_from(CODES),
    "units": st.lists(st.sampled_from(CODES), min_size=1, unique=True).map(sorted),
    "who": _texts,
}
"""Values in stored form, by field."""


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in ("-0", "") else text


@dataclass(slots=True)
class FillWorld:
    """The small world with the register, some items, and a process that reads workbooks."""

    world: World
    register: str
    items: list[int]
    reader: Reader
    _first: Returned | None = None
    _book: Lookups | None = None

    @property
    def first(self) -> Returned:
        """The workbook as it was given out when the world was made."""
        if self._first is None:
            self._first = self.returned(self.given_out())
        return self._first

    @property
    def book(self) -> Lookups:
        """What names in cells stand for."""
        if self._book is None:
            self._book = Sheets.of(self.actor("lin"), self.world.campaign, self.register).book
        return self._book

    def actor(self, username: str) -> Actor:
        return self.world.actor(username)

    def given_out(self, username: str = "lin", **filters: Any) -> bytes:
        """The workbook with everything that the person sees."""
        book = fill_book(self.actor(username), self.world.campaign, self.register, ItemFilters(**filters))
        out = BytesIO()
        write_fill_book(out, replace(book, spare=3))
        return out.getvalue()

    def returned(self, data: bytes, name: str = "填报表.xlsx") -> Returned:
        return read(data, name, self.reader)

    def stored(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """Number → title and values, as they stand."""
        rows = Item.objects.filter(register=self.register)
        return {row.number: (row.title, row.data) for row in rows}


def fill_world(rows: int = 4) -> FillWorld:
    """`rows` items of 一厂, 二厂 and 三院 in turn, half of their fields filled."""
    world = small_world()
    with clock.fixed(DAY):
        lin = world.actor("lin")
        register = new_register(pack_of(world.campaign), "设施台账", FIELDS)
        add_register(lin, campaign=world.campaign, register=register)
        made = create_items(
            lin,
            campaign=world.campaign,
            rows=[
                NewItem(
                    register.key, ("F1", "F2", "Y3")[place % 3], f"第 {place} 处设施", fields=_first(place)
                )
                for place in range(rows)
            ],
        )
    return FillWorld(world, register.key, [item.pk for item in made], Reader())


def _first(place: int) -> dict[str, Any]:
    values = {
        "note": f"=说明{place}",
        "story": "一行\n二行",
        "people": 12 + place,
        "length": "-3.5",
        "cost": "1234.5",
        "share": "14.8",
        "held_on": "2023-11-05",
        "kind": "water",
        "part": "pipe",
        "kinds": ["water", "other"],
        "solved": True,
        "near": "F2",
        "units": ["F1", "Y3"],
        "who": "任子衡",
        "secret": "13800000000",
    }
    return values if place % 2 == 0 else {"note": "只有说明"}


def cell_of(key: str, value: Any, returned: Returned, world: FillWorld) -> Cell:
    """The value as somebody types it into the workbook and the reader gives it back."""
    field = next(one for one in FIELDS if one.key == key)
    written = write_cell(field, value, world.book)
    if written is None:
        return ""
    if isinstance(written, Decimal | int):
        return float(written)
    return written


def changed(returned: Returned, cells: Mapping[tuple[int, str], Cell], appended: int = 0) -> Returned:
    """The same file with other cells: (row of the sheet, column key) → what stands there now."""
    grid = returned.book.sheets[0]
    keys = [str(cell) for cell in grid.rows[0]]
    rows = [list(row) for row in grid.rows]
    for (line, key), cell in cells.items():
        while len(rows) < line:
            rows.append([""] * len(keys))
        rows[line - 1][keys.index(key)] = cell
    new = Grid(grid.name, tuple(tuple(row) for row in rows))
    told = repr(sorted((place, repr(cell)) for place, cell in cells.items())) + returned.book.sha256
    sha = hashlib.sha256(told.encode()).hexdigest()
    return replace(returned, book=replace(returned.book, sheets=(new, *returned.book.sheets[1:]), sha256=sha))


def line_of(returned: Returned, number: str) -> int:
    """The sheet's own number of the row with this number."""
    grid = returned.book.sheets[0]
    at = [str(cell) for cell in grid.rows[0]].index("@number")
    return next(line + 1 for line, row in enumerate(grid.rows) if line >= FIRST and row[at] == number)


@contextmanager
def at_work() -> Iterator[FillWorld]:
    """The world with its workbook given out, on its day; the process that reads ends with it."""
    with clock.fixed(DAY):
        world = fill_world()
        with world.reader:
            assert world.first.genuine
            yield world


def numbers(fill: FillWorld) -> list[str]:
    return list(Item.objects.filter(register=fill.register).order_by("pk").values_list("number", flat=True))
