"""A day is the same day at every door: a form, a workbook for filling that comes back, a workbook that becomes a register."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.fields import BadValue, parse
from guatu.domain.fields.days import BadCell
from guatu.domain.imports.item_cells import Lookups, read_cell
from guatu.domain.imports.typed_text import is_dash
from guatu.domain.imports.understanding.readings import Shape, reader
from guatu.domain.imports.understanding.units import Units
from guatu.domain.pack.register import Field

FIELD = Field(key="held_on", label="日期", type="date")
BOOK = Lookups()
_understood = reader(Shape("date"), Units(BOOK))
DAYS = st.dates(date(1890, 1, 1), date(2210, 12, 31))


def at_form(cell: Any) -> str | None:
    """What a form takes; None where it refuses."""
    try:
        return str(parse(FIELD, cell))
    except BadValue:
        return None


def at_filling(cell: Any) -> str | None:
    """What a workbook for filling takes."""
    found = read_cell(FIELD, cell, BOOK)
    assert (found.problem is None) == (found.value is not None)
    return str(found.value) if found.value is not None else None


def at_making(cell: Any) -> str | None:
    """What a workbook that becomes a register takes."""
    try:
        return str(_understood(cell))
    except BadCell:
        return None


def _ways(day: date) -> st.SearchStrategy[Any]:
    year, month, number = day.year, day.month, day.day
    return st.sampled_from(
        [
            day,
            datetime(year, month, number),
            datetime(year, month, number, 8, 30),
            day.isoformat(),
            f"{year}.{month}.{number}",
            f"{year}/{month}/{number}",
            f"{year}、{month}、{number}",
            f"{year}年{month}月{number}日",
            f" {year} 年 {month} 月 {number} 号",
            f"{year}{month:02}{number:02}",
            int(f"{year}{month:02}{number:02}"),
            f"{year}-{month}-{number} 星期一",
            f"{year}-{month:02}-{number:02}T00:00:00",
            f"{year}-{month:02}-{number:02} 8:30",
            f"{month}月{number}日",
            f"{year}年{month}月",
            f"{year}-{month}",
            float(f"{year}.{month}"),
            f"{year % 100}-{month}-{number}",
        ]
    )


CELLS = st.one_of(
    DAYS.flatmap(_ways),
    st.integers(-10, 30_000_000),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(19_000, 75_000),
    st.booleans(),
    st.times(),
    st.text(alphabet="0123456789-/.年月日号二〇十一星期: 底前", max_size=14),
)


@given(cell=CELLS)
def test_both_doors_of_workbooks_take_the_same_days(cell: Any) -> None:
    if isinstance(cell, str) and (not cell.strip() or is_dash(cell)):
        return  # an empty cell is none, and a stroke says so in an office's own table
    assert at_filling(cell) == at_making(cell)


@given(cell=CELLS)
def test_what_a_form_takes_is_the_same_day_in_a_workbook(cell: Any) -> None:
    taken = at_form(cell) if not isinstance(cell, str) or cell.strip() else None
    assert taken is None or taken == at_filling(cell)


@given(day=st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_day_written_in_full_is_taken_at_every_door(day: date) -> None:
    for said in (
        day,
        day.isoformat(),
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
    ):
        assert at_form(said) == at_filling(said) == at_making(said) == day.isoformat()


@pytest.mark.parametrize(
    "cell", ["2023-11-05 24:00", "2023-11", "11月5日", 2023.1, time(8, 30), True, "年底前"]
)
def test_what_is_no_whole_day_is_taken_nowhere(cell: Any) -> None:
    assert at_form(cell) is at_filling(cell) is at_making(cell) is None
