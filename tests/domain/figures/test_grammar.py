"""What a pack may write for a figure, and what is refused with which sentence."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from guatu.domain.figures.conditions import Where
from guatu.domain.figures.grammar import Claim, Figure, Show, parse_relation
from guatu.domain.statements import Relation

PLAIN: dict[str, Any] = {
    "key": "closed",
    "label": "已销号",
    "definition": "已销号的问题数。",
    "of": "problems",
    "agg": "count",
    "say": {"phrases": ["全覆盖"]},
}


def figure(**more: Any) -> Figure:
    return Figure.model_validate({**PLAIN, **more})


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"agg": {"distinct": ["unit", "body"]}},
        {"agg": {"distinct": "unit"}},
        {"agg": {"sum": "solved"}, "time": {"flow": "held_on"}},
        {"agg": {"union": ["a", "b"]}},
        {"agg": {"ratio": ["a", "b"]}, "claim": {"op": "==", "than": 1}},
        {"agg": {"yoy": "a"}, "claim": {"op": ">"}},
        {"agg": {"every": ["a"]}, "claim": {"op": ">=", "than": "0.5"}},
        {"agg": {"all": {"late": False}}},
        {"agg": {"const": {"value": 12, "document": "通知"}}},
        {
            "where": {
                "phase": ["open", "review"],
                "kind": {"not": "a"},
                "n": {"least": 1, "most": 2.5},
                "late": True,
            }
        },
        {"where": {"place": {"filled": False}, "has_team": True, "has_posts": ["head"]}},
        {"where": {"has_posts": {"own": ["head"], "above": ["liaison"]}}},
        {"where": {"has_items": {"register": "visits", "where": {"kind": "visit"}, "team": "team"}}},
        {"time": "stock"},
        {"time": {"flow": "month", "since": "year"}},
        {"time": {"entered": "closed", "count": "items", "since": "always"}},
        {"scope": "self"},
        {"scope": {"level": "third"}},
        {"show": {"step": 1000, "unit": "万"}},
        {"show": {"approx": "余"}},
        {"show": {"word": "多"}},
        {"role": "lead", "basis": "office", "unreported": "missing", "internal": True},
    ],
)
def test_what_is_written_comes_back_the_same_from_its_stored_text(more: dict[str, Any]) -> None:
    written = figure(**more)

    assert Figure.model_validate_json(written.model_dump_json(), strict=True) == written
    assert Figure.model_validate_json(written.model_dump_json(exclude_defaults=True), strict=True) == written
    assert Figure.model_validate(written.model_dump(mode="json")) == written


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"role": "helped"}, "role"),
        ({"role": "involved", "agg": {"sum": "a"}}, "“role: involved”只用于按 count 统计的事项"),
        ({"role": "involved", "time": {"entered": "closed"}}, "不用于进入某阶段的次数"),
        ({"basis": "seen"}, "basis"),
        ({"variants": {"upward": {"label": "上报", "note": "不同"}}}, "没有写与统计项不同的 where 或 basis"),
        ({"variants": {"office": {"label": "上报", "note": "不同", "basis": "signed"}}}, "“office”不能用"),
        ({"outside": "include", "agg": {"distinct": "a"}}, "“outside: include”只用于"),
        ({"agg": "median"}, "agg 不能写“median”"),
        ({"agg": {"sum": "a", "union": ["a", "b"]}}, "只写一种"),
        ({"agg": {"ratio": ["a"]}}, "[分子, 分母]"),
        ({"agg": {"const": 12}}, "const 应写成"),
        ({"agg": {"every": ["a"]}}, "须写 claim"),
        ({"agg": {"all": {"late": False}}, "claim": {"op": ">"}}, "不再写 claim"),
        ({"claim": {"op": ">"}, "say": {}}, "须在 say 中写 phrases"),
        ({"time": "flow"}, "time 应写 stock"),
        ({"time": {"flow": "a", "entered": "closed"}}, "time 应写 stock"),
        ({"scope": "above"}, "scope 应写 self"),
        ({"where": {"kind": []}}, "条件“kind”没有写值"),
        ({"where": {"kind": {"not": "a", "filled": True}}}, "请只保留一种写法"),
        ({"where": {"kind": {"like": "a"}}}, "like"),
        ({"show": {"step": 1000}}, "step"),
        ({"show": {"step": 3000, "unit": "万"}}, "不配"),
        ({"show": {"step": 1000, "unit": "万", "approx": "余"}}, "只能选用一种"),
        ({"show": {"word": "多", "word_from": 2, "word_true": 3}}, "不能小于"),
        ({"colour": "red"}, "colour"),
        ({"key": "Closed"}, "key"),
        ({"definition": ""}, "definition"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_the_reason(more: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError) as refused:
        figure(**more)

    assert said in str(refused.value)


def test_a_condition_that_asks_for_more_contains_one_that_asks_for_less() -> None:
    less = Where.model_validate({"level": "third"})
    more = Where.model_validate({"level": "third", "has_team": True})

    assert more.asks() > less.asks()
    assert not less.asks() > more.asks()


@pytest.mark.parametrize(
    ("op", "holds"),
    [("==", [False, True, False]), (">=", [False, True, True]), (">", [False, False, True]),
     ("<=", [True, True, False]), ("<", [True, False, False])],
)  # fmt: skip
def test_a_claim_compares_as_it_is_written(op: str, holds: list[bool]) -> None:
    claim = Claim.model_validate({"op": op, "than": 1})

    assert [claim.holds(value) for value in (0, 1, 2)] == holds


def test_a_relation_is_sums_of_figures_around_a_comparison() -> None:
    assert parse_relation("a + b == c") == Relation(("a", "b"), "==", ("c",))
    assert parse_relation("closed<=total") == Relation(("closed",), "<=", ("total",))


@pytest.mark.parametrize(
    "text", ["a + b", "a = b", "a - b == c", "a + == c", "== c", "a == b == c", "A == b", ""]
)
def test_another_relation_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="无法识别"):
        parse_relation(text)


def test_a_show_without_anything_prints_the_number() -> None:
    assert Show() == Show(step=1, unit="", approx="", word="")
