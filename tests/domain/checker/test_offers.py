"""What could be written instead of a number that contradicts the text: every offer mends what it is offered for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import check
from guatu.domain.checker.offers import MOST, Offer, offers
from guatu.domain.statements import Say
from guatu.exchange.check_remarks import remarks_of
from tests.domain.checker.statements_for_tests import figure
from tests.domain.checker.test_findings import test_a_flaw_is_found_and_marked_where_it_stands as flawed

PLANS = Say(measures=("个", "项"), nouns=("整改方案", "方案"), context=("建立", "整改"))
STATEMENTS = [
    figure("plans_total", 210, "210个", PLANS, "整改方案"),
    figure("plans_closed", 17, "17个", replace(PLANS, verbs=("销号",)), "已销号方案"),
]
FLAWED = [text for text, kind, _marked in flawed.pytestmark[0].args[1] if kind != "scope"]


def applied(text: str, one: Offer) -> str:
    assert text[one.start : one.end] == one.old
    return text[: one.start] + one.new + text[one.end :]


def offered(text: str) -> list[tuple[str, str]]:
    found = offers(text, check(text), check)
    return [(one.old, one.new) for made in found.values() for one in made]


@pytest.mark.parametrize("text", FLAWED)
def test_every_contradiction_has_an_offer_and_each_makes_it_go_away(text: str) -> None:
    longer = f"关于工作情况的报告\n\n{text}\n\n现将情况报告如下。"
    checked = check(longer)
    found = offers(longer, checked, check)
    for finding in checked.findings:
        assert 0 < len(found[finding]) <= MOST
        for one in found[finding]:
            again = check(applied(longer, one)).findings
            assert len(again) < len(checked.findings)
            assert finding.kind not in {row.kind for row in again if row.start == finding.start}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年立项48个，已结题31个，其余16个推进。", [("16个", "17个"), ("48个", "47个"), ("31个", "32个")]),
        ("发放问卷400份，收回380份，占92%。", [("92%", "95%")]),
        ("实现收入186.4亿元，上年同期为173.4亿元，同比增长9.5%。", [("9.5%", "7.5%")]),
        ("建立整改方案60个。已销号12个任务，其余48个方案按期推进。", [("12个任务", "12个方案")]),
        ("建立整改方案60个。已完成12个，其余48项正在推进。", [("48项", "48个")]),
    ],
)
def test_both_sides_are_offered_where_nothing_tells_which_is_wrong(
    text: str, expected: list[tuple[str, str]]
) -> None:
    assert offered(text) == expected


@given(st.integers(2, 400), st.integers(2, 400), st.integers(2, 400), st.integers(1, 99))
def test_parts_that_do_not_add_up_can_be_mended_on_either_side(a: int, b: int, c: int, slip: int) -> None:
    text = f"共排查隐患{a + b + c + slip}处，其中一般隐患{a}处、较大隐患{b}处、重大隐患{c}处。"
    checked = check(text)
    for finding, made in offers(text, checked, check).items():
        for one in made:
            assert finding.kind not in {row.kind for row in check(applied(text, one)).findings}


def test_a_number_that_our_records_back_is_not_offered_to_be_changed() -> None:
    """Of 210 plans that stand in the records the rest is wrong, not they."""
    text = "共建立整改方案210个，已销号17个，其余194个方案按计划推进。"
    checked = check(text, STATEMENTS)
    right = {one.numeral.text for one in checked.figures if one.verdict == "agrees"}
    made = [
        one for row in offers(text, checked, lambda part: check(part, STATEMENTS)).values() for one in row
    ]
    assert made and right and not right & {one.old for one in made}


def test_our_own_number_put_in_place_of_a_wrong_one_agrees() -> None:
    for text in ("共建立整改方案211个。", "共建立整改方案约300个。"):
        (remark,) = (
            one for one in remarks_of(text, check(text, STATEMENTS), STATEMENTS) if one.kind == "bad"
        )
        (one,) = remark.corrections
        mended = text[: one.start] + one.new + text[one.end :]
        assert {row.verdict for row in check(mended, STATEMENTS).figures} == {"agrees"}


def test_a_text_of_contradictions_is_offered_what_the_budget_allows() -> None:
    text = "全年立项48个，已结题31个，其余16个推进。\n" * 2_000
    made = offers(text, check(text), check)
    assert 0 < len(made) < 2_000
