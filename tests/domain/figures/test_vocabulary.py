"""What a figure cannot see by itself is found against the words of its pack."""

from __future__ import annotations

from typing import Any

import pytest

from guatu.domain.figures.grammar import Figure, parse_relation
from guatu.domain.figures.vocabulary import Fault, FieldWords, RegisterWords, Vocabulary, check

WORDS = Vocabulary(
    registers={
        "problems": RegisterWords(
            fields={
                "kind": FieldWords("choice", ("a", "b")),
                "pupils": FieldWords("integer"),
                "share": FieldWords("percent"),
                "tags": FieldWords("multi_choice", ("x",)),
                "name": FieldWords("person", private=True),
                "found_on": FieldWords("date"),
            },
            states={"doing": "open", "done": "closed"},
        ),
        "visits": RegisterWords(fields={"team": FieldWords("text")}, states={"recorded": "closed"}),
    },
    levels=("second", "third"),
    sectors=("north",),
    head_counts=("members",),
    roles=("filler", "head"),
)


def figure(key: str = "f", **more: Any) -> Figure:
    base = {
        "label": "统计项",
        "definition": "口径。",
        "of": "problems",
        "agg": "count",
        "say": {"phrases": ["是"]},
    }
    return Figure.model_validate({"key": key, **base, **more})


TOTAL = figure("total")
CLOSED = figure("closed", where={"phase": "closed"})
OTHERS = (
    TOTAL,
    CLOSED,
    figure("kinds", agg={"distinct": "kind"}),
    figure("flow_pupils", agg={"sum": "pupils"}, time={"flow": "found_on"}),
    figure("growth", agg={"yoy": "flow_pupils"}),
    figure("share", agg={"ratio": ["closed", "total"]}),
    figure("thirds", of="units", where={"level": "third"}),
    figure("on_time", agg={"all": {"late": False}}),
)


def faults(*figures: Figure) -> list[Fault]:
    return list(check((*OTHERS, *figures), WORDS))


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "where": {
                "state": "doing",
                "kind": "a",
                "late": True,
                "pupils": {"least": 1},
                "unit": "HY",
                "round": 2,
            }
        },
        {"agg": {"distinct": ["unit", "kind", "state"]}},
        {"agg": {"sum": "pupils"}, "scope": {"level": "third"}},
        {"of": "headcounts", "agg": {"sum": "members"}, "where": {"sector": "north"}},
        {
            "of": "units",
            "where": {"has_posts": ["head"], "has_items": {"register": "visits", "team": "team"}},
        },
        {"agg": {"union": ["closed", "total"]}},
        {"agg": {"every": ["growth"]}, "claim": {"op": ">="}},
        {"drill": ["number", "unit", "kind", "closed_on", "evidence"]},
    ],
)
def test_what_the_pack_has_may_be_named(more: dict[str, Any]) -> None:
    assert faults(figure(**more)) == []


@pytest.mark.parametrize(
    ("more", "path", "said"),
    [
        ({"of": "problem"}, "of", "清单“problem”不存在。可用：problems"),
        ({"where": {"colour": "red"}}, "where", "字段“colour”不存在"),
        ({"where": {"kind": "c"}}, "where", "值“c”不存在。可用：a、b"),
        ({"where": {"kind": {"not": ["a", "c"]}}}, "where", "值“c”不存在"),
        ({"where": {"state": "gone"}}, "where", "值“gone”不存在。可用：doing、done"),
        ({"where": {"phase": "over"}}, "where", "值“over”不存在"),
        ({"where": {"tags": "x"}}, "where", "可有多个值"),
        ({"where": {"name": "x"}}, "where", "个人信息"),
        ({"where": {"kind": {"least": 1}}}, "where", "不是数字"),
        ({"where": {"late": "yes"}}, "where", "late 只能写 true 或 false"),
        ({"where": {"has_team": True}}, "where", "只用于单位"),
        ({"of": "units", "where": {"kind": "a"}}, "where", "条件“kind”不存在"),
        ({"of": "units", "where": {"level": "fifth"}}, "where", "值“fifth”不存在"),
        ({"of": "units", "where": {"level": {"least": 2}}}, "where", "不是数字"),
        ({"of": "units", "where": {"has_posts": ["king"]}}, "where", "角色“king”不存在"),
        ({"of": "units", "where": {"has_items": {"register": "nothing"}}}, "where", "清单“nothing”不存在"),
        (
            {"of": "units", "where": {"has_items": {"register": "visits", "team": "x"}}},
            "where",
            "字段“x”不存在",
        ),
        (
            {"of": "units", "where": {"has_items": {"register": "visits", "where": {"x": 1}}}},
            "where",
            "字段“x”不存在",
        ),
        ({"of": "units", "agg": {"distinct": "level"}}, "agg", "distinct 只用于清单"),
        ({"of": "units", "time": {"flow": "found_on"}}, "time", "只有存量"),
        ({"of": "units", "agg": {"all": {"level": "third"}}}, "agg", "agg: all 只用于清单"),
        ({"of": "headcounts"}, "agg", "人数不按 count 统计"),
        ({"of": "headcounts", "agg": {"sum": "pupils"}}, "agg", "人数种类“pupils”不存在"),
        ({"agg": {"sum": "share"}}, "agg", "可求和的字段“share”不存在"),
        ({"agg": {"distinct": "tags"}}, "agg", "字段“tags”不存在"),
        ({"time": {"flow": "kind"}}, "time", "日期字段“kind”不存在。可用：found_on"),
        ({"scope": {"level": "fifth"}}, "scope", "层级“fifth”不存在"),
        ({"drill": ["colour"]}, "drill", "列“colour”不存在"),
        ({"agg": {"ratio": ["closed", "nothing"]}}, "agg", "统计项“nothing”不存在"),
        ({"agg": {"ratio": ["total", "closed"]}}, "agg", "不是同一份名单"),
        ({"agg": {"ratio": ["kinds", "total"]}}, "agg", "不是同一份名单"),
        ({"agg": {"ratio": ["closed", "thirds"]}}, "agg", "不同"),
        ({"agg": {"union": ["closed", "kinds"]}}, "agg", "union 只合并按 count 统计的事项"),
        ({"agg": {"yoy": "total"}}, "agg", "同比要用"),
        ({"agg": {"every": ["on_time"]}, "claim": {"op": ">"}}, "agg", "没有数值"),
        ({"agg": {"every": ["f"]}, "claim": {"op": ">"}}, "agg", "绕回了自身"),
    ],
)
def test_what_the_pack_lacks_is_named_with_what_it_has(more: dict[str, Any], path: str, said: str) -> None:
    found = faults(figure(**more))

    assert any(said in fault.sentence and fault.path[:3] == ("figures", "f", path) for fault in found), found


def test_figures_that_are_made_of_one_another_are_refused() -> None:
    one, two = figure("one", agg={"union": ["two", "total"]}), figure("two", agg={"union": ["one", "total"]})

    assert {fault.path[1] for fault in faults(one, two)} == {"one", "two"}


def test_a_relation_names_numbers_that_exist() -> None:
    relations = [parse_relation(text) for text in ("closed <= total", "nothing == total", "on_time == total")]
    found = check(OTHERS, WORDS, relations)

    assert [fault.path for fault in found] == [("relations", "1"), ("relations", "2")]
    assert "是论断" in found[1].sentence
