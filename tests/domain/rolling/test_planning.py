"""What is bound for sure is told for the new day; everything else is left, with the reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from guatu.domain.checker import Decided, extract, phrase_of
from guatu.domain.rolling import Asked, Plan, plan
from guatu.domain.statements import Number, Relation, Say, Statement
from tests.domain.checker.statements_for_tests import claim, figure

OLD, NEW = date(2023, 11, 30), date(2023, 12, 31)
FOUND = Say(measures=("处",), nouns=("隐患",), context=("排查", "大检查"))
FIXED = Say(measures=("处",), nouns=("隐患",), verbs=("整改",), context=("大检查",))
OPEN = Say(measures=("处",), nouns=("隐患",), verbs=("在办",), context=("大检查",))
DRILLS = Say(measures=("场",), nouns=("应急演练",), context=("组织",))
TRAINED = Say(measures=("人次",), nouns=("职工",), context=("培训",))
RELATIONS = (Relation(("fixed", "open"), "==", ("found",)),)


def statements(found: Number, fixed: Number, drills: int = 26, whole: bool | None = True) -> list[Statement]:
    made = [
        figure("found", found, f"{found}处", FOUND, "排查隐患"),
        figure("fixed", fixed, f"{fixed}处", FIXED, "已整改隐患"),
        figure("open", found - fixed, f"{found - fixed}处", OPEN, "在办隐患"),
        figure("drills", drills, f"{drills}场", DRILLS, "应急演练"),
        figure("trained", 12480, "1.2万人次", TRAINED, "培训职工"),
        claim("whole", whole, "隐患排查全覆盖"),
    ]
    return [replace(one, label=one.label if one.key != "whole" else "全覆盖") for one in made]


def asked(text: str, then: list[Statement] | None = None, now: list[Statement] | None = None) -> Asked:
    return Asked(text, OLD, NEW, then or statements(1356, 340), now or statements(1420, 402, 31), RELATIONS)


TEXT = (
    "截至11月30日，大检查排查隐患1,356处，已整改隐患340处。组织应急演练20余场，培训职工1.2万人次。走访企业85家。\n"
    "2023年11月30日\n"
)


def told(made: Plan) -> list[tuple[str, str]]:
    return [(one.old, one.new) for one in made.swaps]


def test_bound_figures_and_days_are_told_for_the_new_day() -> None:
    made = plan(asked(TEXT))
    assert made.after == (
        "截至12月31日，大检查排查隐患1,420处，已整改隐患402处。组织应急演练30余场，培训职工1.2万人次。走访企业85家。\n"
        "2023年12月31日\n"
    )
    assert [(one.text, one.kind) for one in made.left] == [("85家", "unbacked")] and made.same == 1
    assert made.swaps[1].why == "排查隐患：2023-11-30 1356处，2023-12-31 1420处。"
    assert all(made.text[one.start : one.end] == one.old for one in made.swaps)


def test_a_number_that_was_not_ours_then_is_left_with_our_number() -> None:
    made = plan(asked("大检查排查隐患1300处。"))
    assert told(made) == [] and made.after == made.text
    (left,) = made.left
    assert left.kind == "differs" and left.why == "排查隐患 2023-11-30 我们的数是 1356处，与文中不同。"
    assert [(one.key, one.agrees, one.now) for one in left.choices] == [("found", False, "1420处")]


def test_a_number_whose_words_say_nothing_is_never_bound_by_its_value_alone() -> None:
    made = plan(asked("台账登记1356处。"))
    (left,) = made.left
    assert left.kind == "unbacked" and made.after == made.text
    assert [(one.key, one.agrees) for one in left.choices] == [("found", True)]
    assert plan(asked("台账登记1356处。"), chosen={left.mark: "found"}).after == "台账登记1420处。"


def test_a_person_says_what_an_ambiguous_number_is() -> None:
    text = "大检查隐患1356处。"
    twins = [figure("again", 99, "99处", FOUND, "复查隐患")]
    both = asked(text, [*statements(1356, 340), *twins], [*statements(1420, 402), *twins])
    (left,) = plan(both).left
    assert left.kind == "ambiguous" and {one.key: one.agrees for one in left.choices} == {
        "found": True,
        "again": False,
    }
    made = plan(both, chosen={left.mark: "found"})
    assert told(made) == [("1356", "1420")] and made.swaps[0].chosen and not made.left
    assert plan(both, chosen={left.mark: "trained"}).left == (left,)


def test_a_remembered_decision_binds_without_asking() -> None:
    text = "大检查隐患1356处。"
    twins = [figure("again", 99, "99处", FOUND, "复查隐患")]
    (numeral,) = extract(text)
    remembered = replace(
        asked(text, [*statements(1356, 340), *twins], [*statements(1420, 402), *twins]),
        decided=(Decided(phrase_of(text, numeral), "处", "found"),),
    )
    assert told(plan(remembered)) == [("1356", "1420")]


def test_what_happened_on_the_old_day_is_offered_and_not_ticked() -> None:
    made = plan(asked("11月30日，召开会议。截至11月底，大检查排查隐患1356处。"))
    assert [(one.old, one.sure) for one in made.swaps] == [
        ("11月30", False),
        ("11", True),
        ("1356", True),
    ]
    assert made.after == "11月30日，召开会议。截至12月底，大检查排查隐患1420处。"
    every = plan(asked(made.text), taken=[one.mark for one in made.swaps])
    assert every.after.startswith("12月31日，召开会议。")


def test_a_number_of_a_sentence_about_that_day_is_no_surer_than_the_day() -> None:
    made = plan(asked("11月30日，组织应急演练26场；截至11月30日，大检查排查隐患1356处。"))
    assert [(one.old, one.sure) for one in made.swaps] == [
        ("11月30", False),
        ("26", False),
        ("11月30", True),
        ("1356", True),
    ]
    assert "连同日期一起勾选" in made.swaps[1].why
    assert made.after == "11月30日，组织应急演练26场；截至12月31日，大检查排查隐患1420处。"


def test_what_is_unticked_stays() -> None:
    made = plan(asked(TEXT), taken=[])
    assert made.after == TEXT and len(made.swaps) == 5 and not made.taken


def test_sums_of_the_text_are_checked_again_after_the_change() -> None:
    text = "大检查排查隐患1356处，已整改隐患340处，占25.1%。"
    made = plan(asked(text))
    assert made.after == "大检查排查隐患1420处，已整改隐患402处，占25.1%。"
    assert [(one.finding.kind, one.arisen) for one in made.rechecks] == [("percentage", True)]
    assert made.rechecks[0].finding.start == made.moved(text.index("25.1%"))


def test_a_contradiction_that_was_there_before_is_told_as_such() -> None:
    text = "大检查排查隐患1356处，已整改隐患340处，占38.1%。"
    assert [one.arisen for one in plan(asked(text), taken=[]).rechecks] == [False]


def test_claims_that_hold_no_longer_are_named() -> None:
    made = plan(asked("实现隐患排查全覆盖。", now=statements(1420, 402, whole=False)))
    (broken,) = made.broken
    assert (broken.text, broken.label, broken.held) == ("隐患排查全覆盖", "全覆盖", True)
    assert plan(asked("实现隐患排查全覆盖。")).broken == ()


def test_a_figure_without_a_value_on_the_new_day_is_left() -> None:
    now = [replace(one, value=None, low=None, high=None) for one in statements(1420, 402)]
    made = plan(asked("大检查排查隐患1356处。", now=now))
    assert [(one.kind, one.why) for one in made.left] == [("missing", "这一统计项 2023-12-31 没有数。")]


def test_what_the_old_words_cannot_say_is_left() -> None:
    then = [figure("found", 90, "90处", FOUND, "排查隐患")]
    now = [figure("found", 150, "150处", FOUND, "排查隐患")]
    made = plan(asked("大检查排查隐患不足100处。", then, now))
    assert [one.kind for one in made.left] == ["unsayable"] and "150处" in made.left[0].why


def test_a_place_that_the_file_cannot_change_is_left() -> None:
    made = plan(asked(TEXT), unwritable=[TEXT.index("340")])
    assert ("340", "402") not in told(made) and "340处" in made.after
    assert "不能写成修订" in next(one for one in made.left if one.text == "340").why


def test_the_same_day_changes_nothing() -> None:
    same = Asked(TEXT, OLD, OLD, statements(1356, 340), statements(1356, 340))
    assert plan(same).swaps == () and plan(same).after == TEXT
