"""What is read as a quantity, with which interval; what is not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import check, extract
from guatu.domain.checker.readings import as_json_number
from tests.domain.checker.cases import FIGURES, TRAPS, Expected
from tests.domain.checker.short_reports import REPORTS, annotated

CHARACTERS = "一二两三四五六七八九十百千万亿零多余近约超几数第个家名项次元年月日%％.,，。、；：（）()“”《》 \t\n0123456789０１２某单位问题方案截至目前其余其中共占率点半旬至到—～-+"


@pytest.mark.parametrize(("text", "expected"), FIGURES, ids=[text for text, _ in FIGURES])
def test_a_quantity_is_read_with_its_interval(text: str, expected: list[Expected]) -> None:
    found = [(n.text, as_json_number(n.low), as_json_number(n.high), n.kind) for n in extract(text)]
    assert found == expected


@pytest.mark.parametrize("text", TRAPS)
def test_a_look_alike_is_no_quantity(text: str) -> None:
    assert [n.text for n in extract(text)] == []


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("成立12个督查小组，分片包干", "督查小组"),
        ("培训2.1万名一线职工", "一线职工"),
        ("累计召开调度会26次。", "调度会"),
        ("整改问题清单所列43项", "问题清单所列"),
        ("187条整改措施", "整改措施"),
        ("完成整改19项", "整改"),
        ("慰问困难职工和退休人员310名", "困难职工和退休人员"),
    ],
)
def test_the_noun_stands_after_the_measure_or_else_before_the_number(text: str, noun: str) -> None:
    assert extract(text)[0].noun == noun


@pytest.mark.parametrize("name", REPORTS)
def test_reports_of_other_kinds_are_read_to_the_mark(name: str) -> None:
    text, marked = annotated(name)
    assert [(n.start, n.end) for n in extract(text)] == marked


def test_offsets_are_code_points_of_the_text_as_given() -> None:
    text = "\ufeff𠮷市全年检查 １，２０８ 家\u200b企业，整改 3 5 0 项。"
    found = extract(text)
    assert [text[n.start : n.end] for n in found] == [n.text for n in found]
    assert found[0].low == 1208


@given(st.integers(0, 10**9), st.sampled_from(["个", "家", "名", "项", "次", "人次"]))
def test_a_printed_whole_number_is_read_as_itself(number: int, measure: str) -> None:
    for printed in (str(number), f"{number:,}"):
        (numeral,) = extract(f"本季度完成任务{printed}{measure}。")
        assert (numeral.low, numeral.high, numeral.kind) == (number, number, "exact")


@given(st.integers(1, 10**6), st.sampled_from(["名", "人次", "个"]))
def test_a_rounded_number_holds_what_it_was_rounded_from(number: int, measure: str) -> None:
    printed = (Decimal(number) / 10_000).quantize(Decimal("0.1"), rounding="ROUND_HALF_UP")
    (numeral,) = extract(f"覆盖{printed}万{measure}职工。")
    assert numeral.low is not None and numeral.high is not None
    assert numeral.low <= number <= numeral.high


@given(st.decimals(min_value=0, max_value=99, places=2))
def test_a_rounded_percentage_holds_what_it_was_rounded_from(share: Decimal) -> None:
    (numeral,) = extract(f"参与率为{share.quantize(Decimal('0.1'), rounding='ROUND_HALF_UP')}%。")
    assert numeral.low is not None and numeral.high is not None
    assert Decimal(numeral.low) <= share <= Decimal(numeral.high)


@pytest.mark.parametrize("text", ["共二十〇个", "增长五六亿九左右", "问题千二八十八以下"])
def test_numbers_that_are_none_break_nothing(text: str) -> None:
    assert all(numeral.text in text for numeral in extract(text))


@given(st.text(alphabet=CHARACTERS, max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    previous = 0
    for numeral in extract(text):
        assert previous <= numeral.start < numeral.end <= len(text)
        assert text[numeral.start : numeral.end] == numeral.text
        assert numeral.low is None or numeral.high is None or numeral.low <= numeral.high
        previous = numeral.end
    checked = check(text)
    assert all(text[t.start : t.end] == t.text for t in checked.times)
    assert all(0 <= f.start < f.end <= len(text) for f in checked.findings)
