"""From tallies to values: what is null, what a claim is judged by, what is compared with what."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from guatu.domain.figures.grammar import Figure, Scope
from guatu.domain.figures.results import (
    Gathered,
    Result,
    Tally,
    printed,
    same_months,
    settle,
    statement,
    year_earlier,
)
from guatu.domain.figures.rows import Organisation, Placing, Row

DAY = date(2023, 11, 30)


def figure(agg: object, **more: Any) -> Figure:
    base = {
        "label": "统计项",
        "definition": "口径。",
        "of": "problems",
        "say": {"measures": ["个"], "phrases": ["全覆盖"]},
    }
    return Figure.model_validate({"key": "f", **base, "agg": agg, **more})


def result(of: Figure, gathered: Gathered | None = None, **parts: Result) -> Result:
    return settle(of, gathered or Gathered(), DAY, parts)


def test_nothing_to_count_is_zero_but_nothing_reported_is_no_number() -> None:
    sums = figure({"sum": "pupils"})

    assert result(figure("count")).value == 0
    assert result(sums).value == 0
    assert result(sums, Gathered(Tally(items=3, given=0))) == Result(None, None, None, 3)
    assert result(sums, Gathered(Tally(items=3, given=2, total=7))) == Result(7, 7, None, 1)


def test_a_share_of_nothing_is_null() -> None:
    share = figure({"ratio": ["a", "b"]})
    full = figure({"ratio": ["a", "b"]}, claim={"op": "==", "than": 1})

    assert result(share, a=Result(0, 0), b=Result(0, 0)).value is None
    assert result(full, a=Result(0, 0), b=Result(0, 0)).value is None
    assert result(full, a=Result(3, 3), b=Result(3, 3)).value is True
    assert result(full, a=Result(2, 2), b=Result(3, 3)).value is False
    assert result(share, a=Result(1, 1), b=Result(8, 8)).value == Decimal("12.5")


def test_all_of_an_empty_set_is_null() -> None:
    claim = figure({"all": {"late": False}})

    assert result(claim).value is None
    assert result(claim, Gathered(Tally(items=4, failing=0))) == Result(True, None, (4, 4))
    assert result(claim, Gathered(Tally(items=4, failing=1))) == Result(False, None, (3, 4))


def test_growth_needs_a_positive_base_and_a_month_in_both_years() -> None:
    claim = figure({"yoy": "a"}, claim={"op": ">", "than": 0})

    assert result(claim, Gathered(months={(1, 2023, 1): 5})).value is None
    assert result(claim, Gathered(months={(1, 2023, 1): 5, (1, 2022, 1): 4})) == Result(True, 25, (5, 4))
    assert result(claim, Gathered(months={(1, 2023, 1): 5, (1, 2022, 1): -4})) == Result(None, None, (5, -4))


def test_only_months_of_the_same_unit_are_compared() -> None:
    months = {(1, 2023, 1): 10, (1, 2022, 1): 8, (1, 2023, 2): 99, (2, 2023, 1): 99, (2, 2022, 2): 99}

    assert same_months(months, DAY) == (10, 8, 1)


def test_every_fails_with_its_first_failure_and_is_null_while_one_is_unknown() -> None:
    every = figure({"every": ["a", "b"]}, claim={"op": ">=", "than": 0})

    assert result(every, a=Result(1, 1), b=Result(0, 0)).value is True
    assert result(every, a=Result(1, 1), b=Result(None)).value is None
    assert result(every, a=Result(-1, -1), b=Result(None)).value is False


@pytest.mark.parametrize(
    ("day", "earlier"),
    [
        (date(2023, 11, 30), date(2022, 11, 30)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2023, 2, 28)),
        (date(2023, 1, 1), date(2022, 1, 1)),
    ],
)
def test_a_year_earlier_keeps_the_end_of_february(day: date, earlier: date) -> None:
    assert year_earlier(day) == earlier


def test_a_claim_is_printed_by_its_phrase_only_when_it_holds() -> None:
    claim = figure({"ratio": ["a", "b"]}, claim={"op": "==", "than": 1})

    assert printed(claim, Result(True)).text == "全覆盖"
    assert printed(claim, Result(False)).text == "未达到“全覆盖”"
    assert printed(claim, Result(None)).text == "数据不足，不作判断"
    assert printed(figure({"yoy": "a"}, claim={"op": ">"}), Result(None, None, (5, -4))).text == "扭亏为盈"
    kept = figure({"all": {"late": False}}, show={"otherwise": "部分逾期"})
    assert printed(kept, Result(False)).text == "部分逾期"


def test_a_statement_says_the_day_and_the_definition() -> None:
    said = statement(figure("count", show={"approx": "余"}), Result(13, 13), DAY)

    assert (said.value, said.text, said.low, said.high) == (13, "10余个", 11, 19)
    assert (said.as_of, said.definition, said.kind) == ("2023-11-30", "口径。", "figure")


def test_a_line_counts_for_every_row_above_it_and_in_its_cuts() -> None:
    organisation = Organisation({}, {1: "group", 2: "second", 3: "third"}, {2: "north"})
    rows = [
        Row("G", "总部", unit=1),
        Row("G-own", "本级", unit=1, own=True),
        Row("A", "甲", unit=2),
        Row("north", "北", sector="north"),
        Row("third", "三级", level="third"),
    ]
    placing = Placing(rows, organisation)

    def keys(line: tuple[int, ...], scope: object = "subtree") -> list[str]:
        return sorted(row.key for row in placing.rows_of(line, Scope.model_validate(scope)))

    assert keys((1, 2, 3)) == ["A", "G", "north", "third"]
    assert keys((1,)) == ["G", "G-own"]
    assert keys(()) == []
    assert keys((1, 2), "self") == ["A", "north"]
    assert keys((1, 2), {"level": "third"}) == []
    assert keys((1, 2, 3), {"level": "third"}) == ["A", "G", "north", "third"]
