"""Which figure a number states: by its words, never by its value; a doubt is said, not guessed away."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from guatu.domain.checker import check
from guatu.domain.statements import Relation, Say, Statement
from tests.domain.checker.say_words import SAY
from tests.domain.checker.short_reports import REPORTS, annotated
from tests.domain.checker.statements_for_tests import claim, figure

DAY = date(2023, 11, 30)
HAZARDS = figure(
    "hazards",
    356,
    "356处",
    Say(measures=("处", "个"), nouns=("隐患",), context=("排查", "发现", "检查", "大检查")),
    "排查隐患",
)
FIXED = figure(
    "hazards_fixed",
    340,
    "340处",
    Say(measures=("处", "个"), nouns=("隐患",), verbs=("整改",), context=("排查", "大检查")),
    "已整改隐患",
)
TRAINED = figure(
    "trained",
    12480,
    "1.2万人次",
    Say(measures=("人次",), nouns=("职工",), context=("培训", "轮训")),
    "培训职工",
)
DRILLS = figure(
    "drills",
    26,
    "20余场",
    Say(measures=("场", "次"), nouns=("应急演练", "演练"), context=("组织", "开展")),
    "应急演练",
)
RATE = Statement(
    "rate",
    "整改率",
    "figure",
    Decimal("95.5"),
    Decimal("95.45"),
    Decimal("95.55"),
    "95.5%",
    "2023-11-30",
    "",
    Say(nouns=("整改率",), context=("隐患",)),
)
VISITS = figure(
    "visits",
    640,
    "640家次",
    Say(measures=("家次", "家"), nouns=("走访企业", "企业"), context=("走访", "累计")),
    "走访企业",
)
ALL = [HAZARDS, FIXED, TRAINED, DRILLS, RATE, VISITS]


def verdicts(text: str, statements: list[Statement] = ALL) -> list[tuple[str, str, str | None]]:
    return [(f.numeral.text, f.verdict, f.key) for f in check(text, statements, (), DAY).figures]


@pytest.mark.parametrize(
    ("text", "verdict", "key"),
    [
        ("大检查共排查隐患356处。", "agrees", "hazards"),
        ("大检查共排查隐患357处。", "disagrees", "hazards"),
        ("大检查共排查356处隐患。", "agrees", "hazards"),
        ("大检查中已整改隐患340处。", "agrees", "hazards_fixed"),
        ("大检查中已整改隐患356处。", "disagrees", "hazards_fixed"),
        ("轮训培训职工1.2万人次。", "agrees", "trained"),
        ("轮训培训职工12480人次。", "agrees", "trained"),
        ("轮训培训职工1.3万人次。", "disagrees", "trained"),
        ("轮训培训职工12481人次。", "disagrees", "trained"),
        ("组织应急演练20余场。", "agrees", "drills"),
        ("组织应急演练26场。", "agrees", "drills"),
        ("组织应急演练30余场。", "disagrees", "drills"),
        ("组织应急演练超过25场。", "agrees", "drills"),
        ("组织应急演练近30场。", "disagrees", "drills"),
        ("隐患整改率95.5%。", "agrees", "rate"),
        ("隐患整改率98%。", "disagrees", "rate"),
        ("组织应急演练26余场。", "disagrees", "drills"),
        ("组织应急演练20多场。", "agrees", "drills"),
        ("大检查共排查隐患12345处以上。", "disagrees", "hazards"),
        # a measure that is not ours keeps the gate shut
        ("大检查共排查隐患356吨。", "unbacked", None),
        # words that nothing explains
        ("大检查共排查重大隐患356处。", "ambiguous", None),
        ("大检查共排查消防隐患356处。", "ambiguous", None),
        ("华东物流公司大检查共排查隐患356处。", "ambiguous", None),
        ("2022年，大检查共排查隐患356处。", "ambiguous", None),
        ("去年大检查共排查隐患356处。", "ambiguous", None),
        # a noun alone is no evidence
        ("另有隐患356处。", "unbacked", None),
        ("采购灭火器356个。", "unbacked", None),
    ],
)
def test_a_number_is_bound_by_its_words(text: str, verdict: str, key: str | None) -> None:
    (found,) = verdicts(text)
    assert found[1:] == (verdict, key)


def test_an_approximate_statement_without_an_exact_value_agrees_where_intervals_meet() -> None:
    told = Statement(
        "told",
        "受益人数",
        "figure",
        None,
        24500,
        25500,
        "2.5万名",
        "2023-11-30",
        "",
        Say(("名",), ("群众",), (), ("受益", "惠及")),
    )
    for text, verdict in (
        ("受益惠及群众2.5万名。", "agrees"),
        ("受益惠及群众近2.5万名。", "agrees"),
        ("受益惠及群众3万名。", "disagrees"),
    ):
        (found,) = check(text, [told]).figures
        assert (found.verdict, found.ours) == (verdict, "2.5万名")


def test_a_figure_that_we_do_not_know_backs_nothing() -> None:
    unknown = Statement(
        "unknown",
        "受益人数",
        "figure",
        None,
        None,
        None,
        "（无）",
        "2023-11-30",
        "",
        Say(("名",), ("群众",), (), ("受益", "惠及")),
    )
    (found,) = check("受益惠及群众300名。", [unknown]).figures
    assert (found.verdict, found.ours) == ("unbacked", "（无）")


def test_a_value_never_decides_between_two_figures() -> None:
    east = figure(
        "east", 12, "12场", Say(measures=("场",), nouns=("座谈会",), context=("召开",)), "东片区座谈会"
    )
    west = figure(
        "west", 15, "15场", Say(measures=("场",), nouns=("座谈会",), context=("召开",)), "西片区座谈会"
    )
    for number in (12, 15):
        (found,) = check(f"召开座谈会{number}场。", [east, west], (), DAY).figures
        assert (found.verdict, found.key) == ("ambiguous", None)
        assert set(found.candidates) == {"east", "west"}
        assert found.ours == "东片区座谈会 12场；西片区座谈会 15场"


def test_an_against_word_nearer_than_the_figures_own_rules_it_out() -> None:
    closed = figure(
        "closed", 20, "20个", Say(("个",), ("问题",), ("销号",), ("问题清单",), (), ("方案",)), "问题销号"
    )
    text = "建立问题清单80个，已销号20个问题。制定整治方案30个，已销号5个问题。"
    found = check(text, [closed], (), DAY).figures
    assert [f.key for f in found] == [None, "closed", None, None]


def test_ours_shows_the_printed_text_and_the_exact_value() -> None:
    (found,) = check("轮训培训职工1.3万人次。", ALL, (), DAY).figures
    assert found.ours == "1.2万人次（12480）"


def test_a_count_of_visits_printed_as_units_is_flagged_although_it_agrees() -> None:
    checked = check("累计走访企业640家。", ALL, (), DAY)
    assert [f.verdict for f in checked.figures] == ["agrees"]
    assert [f.kind for f in checked.findings] == ["scope"]
    assert check("累计走访企业640家次。", ALL, (), DAY).findings == ()


def test_a_declared_relation_that_the_text_breaks_is_named_with_our_numbers() -> None:
    relations = (Relation(("hazards_fixed",), "<=", ("hazards",)),)
    text = "大检查共排查隐患356处。大检查中已整改隐患365处。"
    (finding,) = [f for f in check(text, ALL, relations, DAY).findings if f.kind == "sum"]
    assert text[finding.start : finding.end] == "365处"
    assert "365≤356" in finding.message and "我们 340≤356" in finding.message


def test_the_first_matching_day_is_ours_when_the_text_names_it() -> None:
    assert verdicts("截至2023年11月底，大检查共排查隐患356处。") == [("356处", "agrees", "hazards")]
    assert verdicts("截至2023年10月底，大检查共排查隐患356处。") == [("356处", "ambiguous", None)]


COVERED = claim("covered", True, "隐患排查全覆盖")
GROWTH = claim("growth", True, "营业收入同比增长")
ON_TIME = claim("on_time", False, "均按期办结")
OPEN = claim("open", None, "指标稳中向好")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("做到隐患排查全覆盖。", [("covered", "claim true")]),
        ("隐患排查已基本实现全覆盖。", [("covered", "claim true")]),
        ("隐患排查未实现全覆盖。", [("covered", "claim false")]),
        ("力争隐患排查全覆盖。", []),
        ("营业收入、净利润同比增长。", [("growth", "claim true"), (None, "unbacked")]),
        ("营业收入同比下降。", [("growth", "claim false")]),
        ("交办事项均已按期办结。", [("on_time", "claim false")]),
        ("指标稳中向好。", [("open", "unbacked")]),
        ("质量检查实现全覆盖。", [(None, "unbacked")]),
        ("营造全覆盖的氛围。", []),
        ("营业收入稳步提升。", []),
    ],
)
def test_a_claim_is_judged_by_our_records(text: str, expected: list[tuple[str | None, str]]) -> None:
    checked = check(text, [COVERED, GROWTH, ON_TIME, OPEN], (), DAY)
    assert [(c.key, c.verdict) for c in checked.claims] == expected
    assert all(text[c.start : c.end] == c.text for c in checked.claims)


def test_two_claims_that_share_their_ending_are_marked_apart() -> None:
    text = "营业收入和利润总额同比增长。"
    checked = check(text, [GROWTH, claim("profit", True, "利润总额同比增长")], (), DAY)
    assert [(c.text, c.key) for c in checked.claims] == [
        ("营业收入", "growth"),
        ("利润总额同比增长", "profit"),
    ]


def test_without_statements_everything_is_unbacked_and_the_flaws_remain() -> None:
    checked = check("截至目前，立项48个，结题31个，其余16个推进。")
    assert {f.verdict for f in checked.figures} == {"unbacked"}
    assert [f.kind for f in checked.findings] == ["sum"]


OTHERS = [figure(key, 8642, f"8642{say.measures[0]}", say) for key, say in SAY.items() if say.measures]


@pytest.mark.parametrize("name", REPORTS)
def test_the_numbers_of_foreign_reports_are_taken_for_none_of_ours(name: str) -> None:
    text, _ = annotated(name)
    checked = check(text, OTHERS, (), DAY)
    assert [f for f in checked.figures if f.key is not None] == []
    assert checked.findings == ()
