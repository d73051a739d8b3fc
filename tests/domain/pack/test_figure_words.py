"""The definition in words is made from the declaration: every part of the grammar is said, in names people know."""

from __future__ import annotations

import re

import pytest

from guatu.domain.figures.grammar import Figure, parse_relation
from guatu.domain.pack import builtin_pack, builtin_packs
from guatu.domain.pack.figure_growing import declared
from guatu.domain.pack.figure_words import clauses, definition, relation_words
from guatu.domain.pack.schema import Pack

pytestmark = pytest.mark.sqlite
PACK = builtin_pack("theme-education")


def said(pack: Pack = PACK, **declaration: object) -> dict[str, str]:
    figure = declared(
        {"key": "a", "label": "甲", "definition": "–", "of": "problems", "agg": "count", **declaration}
    )
    return {one.key: one.text for one in clauses(pack, figure)}


@pytest.mark.parametrize("key", sorted(builtin_packs()))
def test_every_figure_of_every_pack_is_said_in_whole_sentences_without_keys(key: str) -> None:
    pack = builtin_pack(key)
    for figure in pack.figures.values():
        told = clauses(pack, figure)
        assert told[0].key == "agg", figure.key
        for one in told:
            assert one.text.endswith("。") and one.name, (figure.key, one)
            assert not re.search(r"[a-z]{2,}_|\{|None", one.text), (figure.key, one.text)


@pytest.mark.parametrize(
    ("declaration", "part", "words"),
    [
        ({}, "agg", "“问题清单”的条数；未立项、已撤销的不计。"),
        ({"agg": {"sum": "amount"}, "of": "headcounts"}, "agg", "人数之和"),
        ({"agg": {"distinct": ["unit", "source"]}}, "agg", "“牵头单位”、“问题来源”的不同组合"),
        ({"agg": {"ratio": ["issues_closed", "issues_total"], "least": 10}}, "agg", "不足 10 的，不计算"),
        ({"agg": {"yoy": "revenue"}, "of": "monthly"}, "agg", "比上年同月份、同单位"),
        ({"agg": {"union": ["issues_closed", "issues_open"]}}, "agg", "同一条只计一次"),
        ({"agg": {"const": {"value": 12, "document": "某文件"}}}, "agg", "定值 12，依据某文件"),
        ({"where": {"phase": "closed"}}, "where", "只计：办理进度为已办结。"),
        ({"where": {"phase": ["open", "review"]}}, "where", "办理进度为办理中、审核中之一"),
        ({"where": {"state": {"not": ["long_term"]}}}, "where", "状态不是长期坚持"),
        ({"where": {"round": {"least": 2, "most": 4}}}, "where", "轮次在 2 与 4 之间"),
        ({"where": {"round": {"most": 4}}}, "where", "轮次不大于 4"),
        ({"where": {"owner": {"filled": False}}}, "where", "没有填写“责任人”"),
        ({"where": {"late": True}}, "where", "已过时限仍在办理"),
        ({"where": {"late": False}}, "where", "没有逾期"),
        (
            {"time": {"flow": "found_on", "since": "year"}},
            "time",
            "本年 1 月 1 日至当日发生的，按“发现日期”计。",
        ),
        ({"time": {"entered": "closed", "count": "items"}}, "time", "同一条只计一次"),
        ({"time": {"entered": "closed"}}, "time", "每次各计"),
        ({"scope": {"level": "third"}}, "scope", "单位及其全部下级中的三级单位。"),
        ({"scope": "self"}, "scope", "只计单位本级。"),
        ({"role": "involved"}, "role", "牵头、配合都计，不向上汇总"),
        ({"basis": "reported"}, "basis", "单位报送和更高一级认定"),
        ({"outside": "include"}, "outside", "系统外数据"),
        ({"agg": {"sum": "members"}, "of": "headcounts"}, "unreported", "没有填报的不当作零"),
        (
            {"variants": {"up": {"label": "上报", "note": "只报一部分。", "where": {"phase": "open"}}}},
            "variants",
            "只报一部分。条件改为：办理进度为办理中。",
        ),
        ({"show": {"unit": "万", "step": 1000}}, "show", "以万为单位，取到 1000"),
        ({"show": {"approx": "余"}}, "show", "13 写作 10余"),
        (
            {
                "agg": {"ratio": ["issues_closed", "issues_total"]},
                "claim": {"op": ">=", "than": "0.5"},
                "say": {"phrases": ["过半"]},
            },
            "claim",
            "不小于 50% 时成立。",
        ),
        (
            {"agg": {"all": {"late": False}}, "say": {"phrases": ["均未逾期"]}},
            "agg",
            "每一条都符合：没有逾期",
        ),
        ({"of": "units", "where": {"has_team": True}}, "where", "有督导组联络"),
    ],
)
def test_each_part_of_the_grammar_has_its_words(
    declaration: dict[str, object], part: str, words: str
) -> None:
    assert words in said(**declaration)[part]


def test_a_share_says_both_of_its_sides() -> None:
    told = said(agg={"ratio": ["issues_closed", "issues_total"]})
    assert "办理进度为已办结" in told["part:issues_closed"]
    assert "where" not in told


def test_the_paragraph_holds_what_decides_the_number_and_not_how_it_is_printed() -> None:
    figure = PACK.figures["party_members"]
    assert "万" not in definition(PACK, figure)
    assert "党员" in definition(PACK, figure)


def test_another_condition_makes_another_definition() -> None:
    one: Figure = PACK.figures["issues_closed"]
    other = PACK.figures["issues_open"]
    assert definition(PACK, one) != definition(PACK, other)


def test_a_relation_is_said_by_the_names_of_its_figures() -> None:
    told = relation_words(PACK, parse_relation("plans_closed + plans_open == plans_total"))
    assert told == "已销号专项整治方案 + 推进中的专项整治方案 等于 专项整治方案"
