"""Workbooks that are safe to open: nothing is a formula, codes stay text, days are days, long sheets go on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from guatu.exchange import xlsx_out
from guatu.exchange.tables import Head, Link, Sheet
from tests.exchange.opened import book, table


def cells(*values: object, kind: str = "text") -> list[Any]:
    heads = (Head("a", "甲", kind, 10),)  # type: ignore[arg-type]
    page = book([Sheet("表", "表", (), heads, [(value,) for value in values], len(values))]).worksheets[0]
    return [page.cell(row=4 + n, column=1) for n in range(len(values))]


@pytest.mark.parametrize("text", ["=1+1", "+8613", "-5", "@SUM(A1)", '=HYPERLINK("x")'])
def test_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    [cell] = cells(text)
    assert (cell.value, cell.data_type) == (text, "s")
    assert cell.quotePrefix


def test_codes_are_text_days_are_days_and_numbers_are_numbers() -> None:
    [code] = cells("0012345678901234567")
    assert (code.value, code.data_type, code.number_format) == ("0012345678901234567", "s", "@")
    [day] = cells(date(2023, 11, 30), kind="day")
    assert (day.value, day.number_format) == (datetime(2023, 11, 30), "yyyy-mm-dd")
    [old] = cells(date(1899, 1, 1), kind="day")
    assert old.value == "1899-01-01"
    [money] = cells(Decimal("1234567.50"), kind="money")
    assert (money.value, money.number_format) == (1234567.5, "#,##0.00")
    [share] = cells(0.85, kind="percent")
    assert (share.value, share.number_format) == (0.85, "0%")
    [long] = cells(12345678901234567890, kind="integer")
    assert long.value == "12345678901234567890"


def test_a_text_too_long_or_unprintable_for_a_cell_is_cut_and_marked() -> None:
    cut, odd = cells("字" * 40_000, "甲\x00乙\x1b\n丙\ufffe")
    assert cut.value.endswith("……（内容过长，请在系统中查看全文）")
    assert len(cut.value) < 32_767
    assert odd.value == "甲␀乙␛\n丙\ufffd"


def test_a_sheet_too_long_goes_on_in_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_out, "MOST_ROWS", 4)
    heads = (Head("a", "甲", "integer", 5),)
    found = book([Sheet("表[1]:很长", "表", (), heads, [(n,) for n in range(10)], 10)])
    assert [page.title for page in found] == ["表 1  很长", "表 1  很长 (2)", "表 1  很长 (3)"]
    assert [len(table(page)[1]) for page in found] == [4, 4, 2]


def test_an_empty_sheet_keeps_its_heads_and_a_link_leads_inside_the_book() -> None:
    heads = (Head("a", "甲", "link", 5),)
    empty, linked = book(
        [Sheet("空", "空", (), heads, [], 0), Sheet("链", "链", (), heads, [(Link("去", "#空!A1"),)], 1)]
    ).worksheets
    assert table(empty) == (["甲"], [])
    assert linked.cell(row=4, column=1).hyperlink.location == "空!A1"
