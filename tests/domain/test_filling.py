"""What a request asks cell by cell: its period, what is needed, what is missing, what differs."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from guatu.domain.collection import Asked, Form
from guatu.domain.filling import asked_fields, differences, gaps, held_fields, period_words, span_of
from guatu.domain.pack.register import Field, Register


def register(**more: object) -> Register:
    said: dict[str, object] = {
        "key": "sheet_1",
        "label": "月报",
        "noun": "记录",
        "measure": "条",
        "prefix": "BA",
        "section": "填报",
        "lead_levels": ("third",),
        "workflow": "collected",
        "fills": ("filler",),
        "fields": (
            Field(key="n", label="人数", type="integer"),
            Field(key="note", label="说明", type="text"),
            Field(key="kind", label="类别", type="text", required_in=("recorded",)),
        ),
        "columns": ("number",),
        **more,
    }
    return Register.model_validate(said)


def form(rows: str = "one", **left_out: bool) -> Form:
    fields = tuple(Asked(key, left_out=left_out.get(key, False)) for key in ("n", "note", "kind"))
    return Form("sheet_1", fields, datetime(2023, 11, 30, 18), rows=rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "last", "first", "words"),
    [
        ("week", date(2023, 11, 26), date(2023, 11, 20), "2023-11-20至2023-11-26"),
        ("month", date(2023, 11, 30), date(2023, 11, 1), "2023年11月"),
        ("", date(2023, 11, 30), date(2023, 11, 1), "2023年11月"),
        ("quarter", date(2023, 12, 31), date(2023, 10, 1), "2023年第4季度"),
        ("year", date(2023, 12, 31), date(2023, 1, 1), "2023年"),
    ],
)
def test_a_period_is_named_by_its_last_day(kind: str, last: date, first: date, words: str) -> None:
    asked = register(period=kind)
    assert (span_of(asked, last), period_words(asked, last)) == ((first, last), words)


def test_without_a_period_there_are_no_days() -> None:
    assert (span_of(register(), None), period_words(register(), None)) == (None, "")


def test_of_one_row_every_number_is_needed_and_words_only_where_the_register_requires_them() -> None:
    found = gaps(form(), register(), "recorded", [{"note": ""}])
    assert [gap.label for gap in found] == ["人数", "类别"]


def test_of_many_rows_only_what_the_register_requires_is_needed() -> None:
    found = gaps(form("many"), register(), "recorded", [{"kind": "甲"}, {"n": 1}])
    assert [(gap.row, gap.label) for gap in found] == [(1, "类别")]


def test_zero_is_an_answer() -> None:
    assert gaps(form(), register(), "recorded", [{"n": 0, "kind": "甲"}]) == ()


def test_what_is_held_already_is_not_asked() -> None:
    asked = form(n=True)
    assert [field.key for field in asked_fields(asked, register())] == ["note", "kind"]
    assert [field.key for field in held_fields(asked, register())] == ["n"]


def test_a_difference_tells_both_values_and_keeps_private_ones() -> None:
    fields = (
        Field(key="n", label="人数", type="integer"),
        Field(key="phone", label="电话", type="text", private=True),
    )
    found = differences(fields, 7, {"n": 1, "phone": {"private": "x"}}, {"n": 2, "phone": "139"})
    assert found == [
        {"item": 7, "field": "n", "was": 1, "now": 2},
        {"item": 7, "field": "phone", "was": None, "now": None},
    ]
    assert differences(fields, 7, {"n": 1}, {}) == []
