"""The linter of style: what is wrong gives exactly its rule, what is right gives nothing, and good prose is left alone."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import check
from guatu.domain.style import BY_KEY, RULES, lint
from tests.domain.checker.cases import FIGURES
from tests.domain.checker.short_reports import REPORTS, annotated
from tests.domain.style.pairs import GOOD, PAIRS


def found(text: str) -> list[tuple[str, str]]:
    return [(one.rule, text[one.start : one.end]) for one in lint(text)]


@pytest.mark.parametrize(("rule", "wrong", "marked", "right"), PAIRS)
def test_what_is_wrong_gives_its_rule_and_what_is_right_gives_nothing(
    rule: str, wrong: str, marked: str, right: str
) -> None:
    assert found(wrong) == [(rule, marked)]
    assert found(right) == []


def test_there_are_pairs_for_every_rule_and_at_least_sixty() -> None:
    assert len(PAIRS) >= 60
    assert {pair[0] for pair in PAIRS} == set(BY_KEY)


@pytest.mark.parametrize(("rule", "wrong", "marked", "right"), PAIRS)
def test_a_correction_that_is_offered_breaks_no_rule(rule: str, wrong: str, marked: str, right: str) -> None:
    (finding,) = lint(wrong)
    if finding.replacement is not None:
        corrected = wrong[: finding.start] + finding.replacement + wrong[finding.end :]
        assert found(corrected) == []


@pytest.mark.parametrize("text", GOOD)
def test_good_prose_is_left_alone(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("name", REPORTS)
def test_whole_reports_that_are_well_written_are_left_alone(name: str) -> None:
    assert found(annotated(name)[0]) == []


def test_what_the_checker_reads_as_a_figure_is_rarely_bad_style() -> None:
    """The checker's own cases are written as people write; those that break a rule are known one by one."""
    told = [(text, rule) for case in FIGURES for text in [str(case[0])] for rule, _marked in found(text)]
    assert sorted({rule for _text, rule in told}) == ["half_chinese", "range_dash"]


def test_the_seed_report_gives_what_a_reader_of_it_expects(shared: Path) -> None:
    report = (shared / "seed" / "report.zh.txt").read_text(encoding="utf-8")
    rules = [one.rule for one in lint(report, check(report).findings)]
    assert rules == ["repeated_sentence", "unresolved_time", "unresolved_time"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.key)
def test_the_examples_of_the_table_are_true(rule: object) -> None:
    one = next(each for each in RULES if each is rule)
    assert {key for key, _marked in found(one.wrong.replace("¶", "\n"))} == {one.key}
    assert found(one.right.replace("¶", "\n")) == []


def test_messages_tell_what_to_do_and_do_not_shout() -> None:
    for _rule, wrong, _marked, _right in PAIRS:
        for finding in lint(wrong):
            assert "请" in finding.message and finding.message.endswith("。") and "！" not in finding.message


def test_a_measure_word_that_the_checker_has_told_is_not_told_again() -> None:
    text = "建立整改方案60个。已完成整改方案12个，其余整改方案48项正在推进。"
    assert [one.kind for one in check(text).findings] == ["measure_drift"]
    assert [one.rule for one in lint(text)] == ["mixed_measures"]
    assert lint(text, check(text).findings) == ()


PIECES = [text for _rule, wrong, _marked, right in PAIRS for text in (wrong, right)]


@given(st.lists(st.sampled_from(PIECES), max_size=6), st.sampled_from(["", "\n", "，", "“", "（"]))
def test_no_text_breaks_the_linter(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    for finding in lint(text):
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.rule in BY_KEY and finding.replacement != text[finding.start : finding.end]


@pytest.mark.parametrize(
    "unit", ["甲..", ".", "1.2亿元、15000万元", "“", "一是", "第1批第一批", "下降-", "（一）\n"]
)
def test_four_times_the_text_takes_about_four_times_the_steps(unit: str) -> None:
    """Counted in lines of code that run, not in seconds."""
    small, large = steps(unit * 300), steps(unit * 1200)
    assert large < 6 * small


def steps(text: str) -> int:
    count = 0

    def traced(frame: object, event: str, argument: object) -> object:
        nonlocal count
        count += event == "line"
        return traced

    before = sys.gettrace()
    sys.settrace(traced)
    try:
        lint(text)
    finally:
        sys.settrace(before)
    return count
