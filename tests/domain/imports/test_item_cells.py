"""Cells of items: what is written is read again as the same value; what cannot be understood is named."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.fields import parse
from guatu.domain.imports.item_cells import Lookups, UnitName, as_read, read_cell, untouched, write_cell
from guatu.domain.imports.item_sheet import misfit
from guatu.domain.pack.register import Field
from tests.fill_world import CODES, FIELDS, VALUES

BOOK = Lookups(
    {
        "F1": UnitName("F1", "一厂", ("第一工厂", "华东一厂")),
        "F2": UnitName("F2", "二厂", ("第二工厂",)),
        "Y3": UnitName("Y3", "三院", ()),
        "JIA": UnitName("JIA", "甲公司", ("华东公司",)),
        "YI": UnitName("YI", "乙公司", ("华东公司",)),
    },
    {"WT-0001": "0189f7a0-0000-7000-8000-000000000001"},
)
BY_KEY = {field.key: field for field in FIELDS}


@given(data=st.data(), key=st.sampled_from(sorted(VALUES)))
def test_what_is_written_is_read_again_as_the_same_value(data: st.DataObject, key: str) -> None:
    field = BY_KEY[key]
    value = parse(field, data.draw(VALUES[key]))
    written = write_cell(field, value, BOOK)
    assert untouched(written, as_read(written))
    assert read_cell(field, as_read(written), BOOK).value == value


@pytest.mark.parametrize(
    ("key", "raw", "value"),
    [
        ("held_on", "2023.11.5", "2023-11-05"),
        ("held_on", "2023年11月5日", "2023-11-05"),
        ("held_on", 45235.0, "2023-11-05"),
        ("held_on", datetime(2023, 11, 5), "2023-11-05"),
        ("people", 1200.0, 1200),
        ("people", "1,200人", 1200),
        ("cost", "3.45亿元", "345000000"),
        ("share", 0.148, "14.8"),
        ("share", "14.8%", "14.8"),
        ("solved", "√", True),
        ("solved", "否", False),
        ("kind", "供水", "water"),
        ("kinds", "供水、供电", ["water", "power"]),
        ("kinds", "其他、另报", ["other"]),
        ("near", "第一工厂", "F1"),
        ("near", "一厂（F1）", "F1"),
        ("units", "三院、F1", ["F1", "Y3"]),
        ("note", 101.0, "101"),
        ("note", date(2023, 11, 5), "2023-11-05"),
        ("note", "  ", None),
        ("note", "", None),
    ],
)
def test_cells_as_people_and_spreadsheets_write_them(key: str, raw: Any, value: Any) -> None:
    found = read_cell(BY_KEY[key], raw, BOOK)
    assert found.problem is None
    assert found.value == value


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("held_on", "年底前", "第 12 行“日期”填的是“年底前”，无法识别为日期。请填成 2026-12-31 这样的日期。"),
        ("people", "约二百", "第 12 行“人数”填的是“约二百”，无法识别为整数。请填成 120 这样的数字。"),
        (
            "near",
            "华东公司",
            "第 12 行“相邻单位”填的“华东公司”可能是：甲公司（JIA）、乙公司（YI）。请选定一家。",
        ),
        (
            "kind",
            "供气",
            "第 12 行“类别”填的是“供气”，不在选项中。可选：供水、供电、其他、另报。请选定一项。",
        ),
        ("solved", "也许", "第 12 行“是否解决”填的是“也许”。请填“是”或“否”。"),
    ],
)
def test_what_cannot_be_understood_names_row_column_value_and_rule(key: str, raw: Any, said: str) -> None:
    found = read_cell(BY_KEY[key], raw, BOOK, row=12)
    assert found.problem is not None
    assert (found.problem.row, found.problem.column, found.problem.sentence) == (12, BY_KEY[key].label, said)


def test_an_item_is_found_by_its_number() -> None:
    field = Field(key="case", label="所属问题", type="item", register="problems")
    [public] = BOOK.items.values()
    assert read_cell(field, "wt-0001", BOOK).value == public
    assert read_cell(field, "WT-0001 食堂排队时间长", BOOK).value == public
    assert write_cell(field, public, BOOK) == "WT-0001"
    assert read_cell(field, "WT-0009", BOOK).problem is not None


def test_a_private_value_is_never_written_and_its_stand_in_keeps_it() -> None:
    secret = BY_KEY["secret"]
    assert write_cell(secret, {"private": "00"}, BOOK) == "（不公开）"  # type: ignore[arg-type]
    assert read_cell(secret, "（不公开）", BOOK).kept


def test_a_choice_belongs_to_the_one_above() -> None:
    part = BY_KEY["part"]
    assert misfit(part, {"kind": "water", "part": "pipe"}) is None
    assert misfit(part, {"kind": "power", "part": "rest"}) is None
    odd = misfit(part, {"kind": "power", "part": "pipe"})
    assert odd is not None and odd.label == "管道"
    assert set(CODES) == set(BOOK.units)
