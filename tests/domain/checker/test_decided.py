"""Decisions of people: told by their phrase without digits, consulted before binding, never against another measure."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.checker import Decided, check, extract, phrase_of
from guatu.domain.checker.decided import LONGEST
from guatu.domain.statements import Say
from tests.domain.checker.statements_for_tests import figure

DAY = date(2023, 11, 30)
VISITS = figure(
    "visits",
    1829,
    "1829家次",
    Say(measures=("家次", "家"), nouns=("走访单位",), context=("走访",)),
    "走访单位（家次）",
)
UNITS = figure(
    "units_seen",
    207,
    "207家",
    Say(measures=("家",), nouns=("走访单位",), context=("走访",)),
    "走访单位（去重）",
)
PEOPLE = figure("people", 891, "891名", Say(measures=("名",), nouns=("领导人员",)), "领导人员")
ALL = [VISITS, UNITS, PEOPLE]


def phrases(text: str) -> list[str]:
    return [phrase_of(text, numeral) for numeral in extract(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("确定课题931个，走访单位1829家。", ["确定课题□个", "走访单位□家"]),
        ("走访单位 １，８２９ 家。", ["走访单位□家"]),
        ("围绕5个方面20项重点任务。", ["围绕□个方面", "围绕…个方面□项重点任务"]),
        ("（二）共列问题1740个，已销号258个。", ["共列问题□个", "共列问题…个，已销号□个"]),
        ("制定方案210个，已完成17个。", ["制定方案□个", "制定方案…个，已完成□个"]),
        ("其中3个。", [""]),
        ("华东公司介绍了做法，走访单位12家。", ["华东公司：走访单位□家"]),
        ("事项\t本月\t累计\n走访单位\t12家\t80家\n", ["走访单位｜本月：□家", "走访单位｜累计：□家"]),
    ],
)
def test_a_phrase_is_the_words_around_the_number_without_digits(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


def test_a_phrase_at_the_end_of_a_very_long_line_is_that_of_its_own_sentence() -> None:
    text = "有关情况如下，" * 3_000 + "其他问题12个" * 500 + "。走访单位12家。"
    assert phrases(text)[-1] == "走访单位□家"


def test_a_cell_is_told_by_the_first_row_of_a_long_table_and_by_nothing_in_an_endless_row() -> None:
    table = "事项\t本月\n" + "走访单位\t12家\n" * 1_500
    assert set(phrases(table)) == {"走访单位｜本月：□家"}
    assert phrases("走访单位" + "\t甲" * 4_000 + "\t12家\n") == [""]


def test_a_row_of_a_long_name_still_ends_with_its_number() -> None:
    (phrase,) = phrases("事项\t本月\n" + "推动企业改造老旧厂房和管网" * 12 + "\t12家\n")
    assert phrase.endswith("：□家") and len(phrase) == LONGEST


def test_next_months_text_has_the_same_phrase() -> None:
    assert phrases("11月走访单位1829家。") == phrases("12月走访单位2010家。")


def test_what_is_ambiguous_is_settled_by_a_decision() -> None:
    text = "本月走访单位1829家。"
    assert [one.verdict for one in check(text, ALL, (), DAY).figures] == ["ambiguous"]
    said = Decided("本月走访单位□家", "家", "visits", "林晓岚", date(2023, 11, 20))
    (found,) = check(text, ALL, (), DAY, decided=[said]).figures
    assert (found.verdict, found.key, found.decided) == ("agrees", "visits", said)
    assert found.decided.told == "按11月20日林晓岚的认定。"
    (other,) = check(text, ALL, (), DAY, decided=[Decided("本月走访单位□家", "家", "units_seen")]).figures
    assert (other.verdict, other.key) == ("disagrees", "units_seen")


def test_a_decision_holds_for_the_next_numbers_and_not_for_other_words() -> None:
    said = [Decided("走访单位□家", "家", "visits")]
    assert check("走访单位1900家。", ALL, (), DAY, decided=said).figures[0].verdict == "disagrees"
    assert check("走访合作单位1900家。", ALL, (), DAY, decided=said).figures[0].decided is None


def test_a_number_of_ones_own_stays_unbacked_and_says_so() -> None:
    said = [Decided("走访单位□家", "家", None)]
    (found,) = check("走访单位1829家。", ALL, (), DAY, decided=said).figures
    assert (found.verdict, found.key, found.decided) == ("unbacked", None, said[0])


def test_a_decision_never_overrides_what_is_plainly_another_measure() -> None:
    said = [Decided("走访单位□家", "家", "people")]
    (found,) = check("走访单位1829家。", ALL, (), DAY, decided=said).figures
    assert found.decided is None


def test_a_decision_for_a_figure_that_is_gone_is_as_none() -> None:
    text = "走访单位1829家。"
    said = [Decided("走访单位□家", "家", "gone")]
    assert check(text, ALL, (), DAY, decided=said) == check(text, ALL, (), DAY)


def test_of_what_is_still_to_come_and_of_another_day_a_decision_proves_nothing() -> None:
    said = [Decided("走访单位□家", "家", "visits")]
    assert check("下一步，走访单位1829家。", ALL, (), DAY, decided=said).figures[0].decided is None
    (found,) = check("截至2023年10月31日，走访单位1829家。", ALL, (), DAY, decided=said).figures
    assert (found.verdict, found.candidates) == ("ambiguous", ("visits",))
