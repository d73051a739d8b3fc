"""What we print is read back by the checker with the interval that we meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import extract
from guatu.domain.figures import phrasing
from guatu.domain.figures.grammar import Show

SHOWS = st.one_of(
    st.just(Show()),
    st.sampled_from([100, 1000, 10_000]).map(lambda step: Show(step=step, unit="万")),
    st.just(Show(step=10**6, unit="亿")),
    st.just(Show(approx="余")),
    st.just(Show(word="多")),
    st.just(Show(numerals="chinese")),
)
COUNTS = st.one_of(st.integers(1, 120), st.integers(1, 200_000), st.integers(1, 10**9))


@given(value=COUNTS, show=SHOWS)
def test_a_printed_count_is_read_with_the_same_interval(value: int, show: Show) -> None:
    printed = phrasing.number(value, show, "名")
    (read,) = extract(f"全集团共有{printed.text}党员。")

    assert (read.text, read.low, read.high) == (printed.text, printed.low, printed.high)


@given(part=st.integers(1, 5000), whole=st.integers(1, 5000))
def test_a_printed_percentage_is_read_with_the_same_interval(part: int, whole: int) -> None:
    printed = phrasing.percentage(min(part, whole), whole, Show())
    (read,) = extract(f"整改完成率{printed.text}。")

    assert (read.low, read.high) == (printed.low, printed.high)


@pytest.mark.parametrize(("current", "text"), [(1083, "同比增长8.3%"), (979, "同比下降2.1%")])
def test_a_printed_growth_is_read_as_a_percentage(current: int, text: str) -> None:
    printed = phrasing.growth(current, 1000, Show())
    (read,) = extract(f"营业收入{printed.text}。")

    assert printed.text == text
    assert read.low is not None
    assert read.kind == "percent"
