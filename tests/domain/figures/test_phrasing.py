"""What is printed always allows the value, and vague words are used only when they are true."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.figures import phrasing
from guatu.domain.figures.grammar import Show

WAN = Show(step=1000, unit="万")
YU = Show(approx="余")
DUO = Show(word="多")
CHINESE = Show(numerals="chinese")


@pytest.mark.parametrize(
    ("value", "show", "text", "low", "high"),
    [
        (25013, WAN, "2.5万名", 24500, 25500),
        (24999, WAN, "2.5万名", 24500, 25500),
        (39820, WAN, "4万名", 39500, 40500),
        (25500, WAN, "2.6万名", 25500, 26500),
        (25499, WAN, "2.5万名", 24500, 25500),
        (9321, WAN, "9321名", 9321, 9321),
        (1_234_567, WAN, "123.5万名", 1_234_500, 1_235_500),
        (1_240_000, WAN, "124万名", 1_235_000, 1_245_000),
        (44_000, Show(step=10_000, unit="万"), "4.4万名", 43_500, 44_500),
        (40_300, Show(step=10_000, unit="万"), "4万名", 39_500, 40_500),
        (13, YU, "10余名", 11, 19),
        (10, YU, "10名", 10, 10),
        (9, YU, "9名", 9, 9),
        (20, YU, "20名", 20, 20),
        (1234, YU, "1200余名", 1201, 1299),
        (1005, YU, "1000余名", 1001, 1999),
        (123, YU, "120余名", 121, 129),
        (1, DUO, "1名", 1, 1),
        (2, DUO, "2名", 2, 2),
        (3, DUO, "多名", 2, None),
        (1, CHINESE, "1名", 1, 1),
        (2, CHINESE, "两名", 2, 2),
        (3, CHINESE, "三名", 3, 3),
        (12, CHINESE, "12名", 12, 12),
        (Decimal("12.50"), Show(), "12.5名", Decimal("12.50"), Decimal("12.50")),
    ],
)
def test_numbers_are_printed_by_the_rules(
    value: int | Decimal, show: Show, text: str, low: int, high: int | None
) -> None:
    assert phrasing.number(value, show, "名") == phrasing.Printed(text, low, high)


SHOWS = st.one_of(
    st.just(Show()),
    st.sampled_from([10, 100, 1000, 10_000]).map(lambda step: Show(step=step, unit="万")),
    st.sampled_from([10**5, 10**6, 10**7, 10**8]).map(lambda step: Show(step=step, unit="亿")),
    st.sampled_from([YU, DUO, CHINESE]),
)
COUNTS = st.one_of(st.integers(0, 120), st.integers(0, 200_000), st.integers(0, 10**11))


@given(value=COUNTS, show=SHOWS)
def test_a_printed_number_always_allows_its_value(value: int, show: Show) -> None:
    printed = phrasing.number(value, show, "个")

    assert printed.low is not None
    assert printed.low <= value
    assert printed.high is None or value <= printed.high


@given(value=st.decimals(Decimal(-(10**11)), Decimal(10**11), places=2), show=SHOWS)
def test_a_printed_amount_always_allows_its_value(value: Decimal, show: Show) -> None:
    printed = phrasing.number(value, show, "元")

    assert printed.low is None or printed.low <= value
    assert printed.high is None or value <= printed.high


@given(value=st.integers(11, 10**9))
def test_over_a_round_number_means_more_than_it_and_less_than_the_next(value: int) -> None:
    printed = phrasing.number(value, YU)
    base = int(printed.text.rstrip("余"))

    if "余" in printed.text:
        assert base < value < base + 10 ** (len(str(base)) - len(str(base).rstrip("0")) or 0) * 10
        assert printed.low == base + 1
    else:
        assert base == value


@given(part=st.integers(0, 10**7), whole=st.integers(1, 10**7), places=st.integers(0, 4))
def test_a_percentage_allows_the_exact_share(part: int, whole: int, places: int) -> None:
    printed = phrasing.percentage(min(part, whole), whole, Show(places=places))
    exact = Decimal(min(part, whole)) * 100 / whole

    assert printed.low is not None
    assert printed.high is not None
    assert printed.low <= exact <= printed.high
    assert (printed.text == "100%") == (part >= whole)
    assert (printed.text == "0%") == (part == 0)


@given(current=st.integers(-(10**9), 10**9), prior=st.integers(-(10**9), 10**9))
def test_growth_has_a_percentage_only_on_a_positive_base(current: int, prior: int) -> None:
    printed = phrasing.growth(current, prior, Show())

    if "%" in printed.text:
        exact = Decimal(current - prior) * 100 / prior
        assert prior > 0
        assert printed.text.startswith("同比增长" if exact > 0 else "同比下降")
        assert printed.low <= exact <= printed.high  # type: ignore[operator]
    else:
        assert prior <= 0 or current == prior or current < 0


@pytest.mark.parametrize(
    ("current", "prior", "text"),
    [
        (1083, 1000, "同比增长8.3%"),
        (979, 1000, "同比下降2.1%"),
        (1000, 1000, "同比持平"),
        (100_001, 100_000, "同比增长0.001%"),
        (5, -3, "扭亏为盈"),
        (-2, -3, "同比减亏"),
        (-4, -3, "同比增亏"),
        (-4, 3, "由盈转亏"),
        (4, 0, "上年同期为零，不计算增长率"),
    ],
)
def test_growth_is_said_in_the_words_of_its_case(current: int, prior: int, text: str) -> None:
    assert phrasing.growth(current, prior, Show()).text == text


def test_shares_differ_by_percentage_points() -> None:
    assert phrasing.share_difference(Decimal("14.8"), Decimal("13.6")) == "上升1.2个百分点"
    assert phrasing.share_difference(Decimal("13.6"), Decimal("14.8")) == "下降1.2个百分点"
    assert phrasing.share_difference(5, 5) == "持平"


@pytest.mark.parametrize(
    ("text", "page"),
    [
        ("1690次", "1,690 次"),
        ("51个", "51 个"),
        ("-1234.50亿元", "-1234.50亿元"),
        ("1234.5", "1,234.5"),
        ("25013", "25,013"),
        ("2.5万名", "2.5万名"),
        ("14.8%", "14.8%"),
        ("1200余名", "1200余名"),
        ("暂无数据", "暂无数据"),
        ("", ""),
    ],
)
def test_a_page_groups_an_exact_number_and_leaves_what_was_rounded_as_it_was_said(
    text: str, page: str
) -> None:
    assert phrasing.shown(text) == page
