"""A figure that is counted in two ways: a text may print either, and the checker says which it was."""

from __future__ import annotations

from dataclasses import replace

from guatu.domain.checker import CheckedFigure, check
from guatu.domain.checker.otherwise import WITHOUT_OUTSIDE
from guatu.domain.statements import Relation, Say, Statement
from guatu.exchange.check_remarks import remarks_of
from guatu.exchange.checked_copy import comment_of

OURS = Statement(
    "issues_total",
    "问题清单",
    "figure",
    1740,
    1740,
    1740,
    "1740个",
    "2023-11-30",
    "列入问题清单的问题个数。",
    Say(measures=("个",), nouns=("问题",), context=("检视", "查找", "清单")),
)
CLOSED = replace(
    OURS,
    key="issues_closed",
    label="已销号问题",
    value=258,
    low=258,
    high=258,
    text="258个",
    say=Say(measures=("个",), nouns=("问题",), verbs=("销号",), context=("清单",)),
)
UPWARD = replace(
    OURS,
    key="issues_total@upward",
    label="问题清单（上报口径）",
    value=1512,
    low=1512,
    high=1512,
    text="1512个",
)
RELATION = Relation(("issues_closed",), "<=", ("issues_total",))


def judged(text: str, *statements: Statement) -> CheckedFigure:
    return check(text, statements, (RELATION,)).figures[0]


def test_the_value_of_another_way_agrees_and_says_which_way_it_is() -> None:
    figure = judged("各单位检视查找出1512个问题，全部列入清单。", OURS, CLOSED, UPWARD)
    assert (figure.verdict, figure.key) == ("agrees", "issues_total@upward")
    assert figure.ours == "问题清单（上报口径） 1512个"


def test_our_own_value_is_ours_whatever_the_other_ways_say() -> None:
    figure = judged("各单位检视查找出1740个问题，全部列入清单。", OURS, CLOSED, UPWARD)
    assert (figure.verdict, figure.key) == ("agrees", "issues_total")


def test_a_value_of_neither_way_disagrees_and_both_are_told() -> None:
    figure = judged("各单位检视查找出1600个问题，全部列入清单。", OURS, CLOSED, UPWARD)
    assert (figure.verdict, figure.key) == ("disagrees", "issues_total")
    assert figure.ours == "1740个；问题清单（上报口径） 1512个"


def test_a_way_called_by_its_name_is_the_only_one_that_counts() -> None:
    figure = judged("按上报口径，各单位检视查找出1740个问题，全部列入清单。", OURS, CLOSED, UPWARD)
    assert (figure.verdict, figure.key) == ("disagrees", "issues_total@upward")


def test_without_its_figure_a_way_stands_for_itself() -> None:
    figure = judged("各单位检视查找出1512个问题，全部列入清单。", UPWARD)
    assert (figure.verdict, figure.key) == ("agrees", "issues_total@upward")


def test_relations_hold_between_figures_of_one_way() -> None:
    text = "各单位检视查找出100个问题，全部列入清单；清单中已销号258个问题。"
    small = replace(UPWARD, value=100, low=100, high=100, text="100个")
    checked = check(text, (OURS, CLOSED, small), (RELATION,))
    assert [figure.key for figure in checked.figures] == ["issues_total@upward", "issues_closed"]
    assert checked.findings == ()


REPORTED = replace(
    OURS,
    key="issues_total@reported",
    label="问题清单（单位报送）",
    value=1802,
    low=1802,
    high=1802,
    text="1802个",
    way="单位报送",
)


def test_a_number_that_is_right_at_another_basis_agrees_and_names_the_basis() -> None:
    figure = judged("各单位检视查找出1802个问题，全部列入清单。", OURS, CLOSED, UPWARD, REPORTED)
    assert (figure.verdict, figure.key, figure.way) == ("agrees", "issues_total@reported", "单位报送")


def test_a_basis_that_the_text_names_alone_counts_and_needs_no_more_words() -> None:
    for said in ("按单位报送口径", "按单位报送", "据单位报送数"):
        right = judged(f"{said}，各单位检视查找出1802个问题，全部列入清单。", OURS, CLOSED, REPORTED)
        assert (right.verdict, right.way) == ("agrees", "")
        wrong = judged(f"{said}，各单位检视查找出1740个问题，全部列入清单。", OURS, CLOSED, REPORTED)
        assert (wrong.verdict, wrong.key) == ("disagrees", "issues_total@reported")


def test_units_that_report_say_nothing_of_a_basis() -> None:
    figure = judged("经各单位报送，检视查找出1740个问题，全部列入清单。", OURS, CLOSED, REPORTED)
    assert (figure.verdict, figure.key) == ("agrees", "issues_total")


def test_of_several_ways_with_the_value_the_first_is_named() -> None:
    signed = replace(REPORTED, key="issues_total@signed", label="问题清单（单位审签）", way="单位审签")
    figure = judged("各单位检视查找出1802个问题，全部列入清单。", OURS, signed, REPORTED)
    assert (figure.verdict, figure.way) == ("agrees", "单位审签")


def test_a_number_without_what_comes_from_outside_leads_to_the_figure_itself() -> None:
    inside = replace(REPORTED, key=f"issues_total@{WITHOUT_OUTSIDE}", way="不含系统外数据")
    figure = judged("各单位检视查找出1802个问题，全部列入清单。", OURS, inside)
    assert (figure.verdict, figure.key, figure.way) == ("agrees", "issues_total", "不含系统外数据")


def test_a_remark_names_the_way_and_offers_our_own_number() -> None:
    text = "各单位检视查找出1802个问题，全部列入清单。"
    (remark,) = remarks_of(text, check(text, [OURS, REPORTED]), [OURS, REPORTED])
    assert (remark.kind, remark.head, remark.number) == ("way", "按单位报送一致", 1)
    assert (remark.ours, remark.replacement) == ("1740个", "1740个")
    assert "请写明是“单位报送”的数" in comment_of(remark, None)


def test_a_number_of_no_way_is_wrong_and_the_remark_tells_them_all() -> None:
    text = "各单位检视查找出1600个问题，全部列入清单。"
    (remark,) = remarks_of(text, check(text, [OURS, REPORTED]), [OURS, REPORTED])
    assert (remark.kind, remark.ours) == ("bad", "1740个；问题清单（单位报送） 1802个")
