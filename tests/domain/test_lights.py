"""Lights are judged from counts and days, exactly at their borders."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.light_sentences import Wording, half_up, parent_word, percent_done, points, why, why_parent
from guatu.domain.lights import (
    EMPTY,
    GLYPHS,
    STACK_ORDER,
    Distribution,
    Facts,
    Light,
    Tally,
    expected_share,
    light_of,
    parent_light,
    tally,
    unanswered_since,
    word,
)
from guatu.domain.pack.schema import LightRule

RULE = LightRule(label="任务灯")
SAY = Wording(measure="项", done="完成")
DAY = date(2023, 11, 30)


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def cell(*parts: Facts) -> Tally:
    return tally(parts, DAY, RULE)


def one(start: int | None, due: int | None, **facts: int | date) -> Tally:
    """One item with its start and due day so many days from the day of the chart."""
    return cell(
        Facts(
            start=None if start is None else day(start),
            due=None if due is None else day(due),
            n=1,
            **facts,  # type: ignore[arg-type]
        )
    )


@pytest.mark.parametrize(
    ("item", "light"),
    [
        pytest.param(EMPTY, Light.GREY, id="no item"),
        pytest.param(one(1, 30, running=1), Light.GREY, id="starts tomorrow"),
        pytest.param(one(0, 30, running=1), Light.GREEN, id="starts today"),
        pytest.param(one(-30, 8, running=1), Light.GREEN, id="due in eight days"),
        pytest.param(one(-30, 7, running=1), Light.YELLOW, id="due in seven days"),
        pytest.param(one(-30, 0, running=1), Light.YELLOW, id="due today is not late"),
        pytest.param(one(-30, -1, running=1), Light.RED, id="due yesterday"),
        pytest.param(one(-30, -1, closed=1), Light.BLUE, id="closed, even if late"),
        pytest.param(one(5, 30, closed=1), Light.BLUE, id="closed before it began"),
        pytest.param(one(-30, 20, running=1, returned=1), Light.YELLOW, id="sent back"),
        pytest.param(one(-30, -2, running=1, returned=1), Light.RED, id="sent back and late"),
        pytest.param(one(-30, 20, running=1, unanswered=1), Light.WHITE, id="not acknowledged"),
        pytest.param(one(5, 20, running=1, unanswered=1), Light.WHITE, id="not acknowledged, not begun"),
        pytest.param(one(-30, 3, running=1, unanswered=1), Light.YELLOW, id="not acknowledged, due soon"),
        pytest.param(one(-30, -1, review=1), Light.GREEN, id="handed in on time, waits for review"),
        pytest.param(
            one(-30, -9, review=1, late_reviews=1, handed_in=day(-4)), Light.RED, id="handed in late"
        ),
        pytest.param(one(-30, -9), Light.GREEN, id="clock stands still"),
        pytest.param(one(-30, None, running=1), Light.GREEN, id="no due day"),
        pytest.param(one(None, 20, running=1), Light.GREEN, id="no start"),
    ],
)
def test_one_item_has_the_light_of_its_facts(item: Tally, light: Light) -> None:
    assert light_of(item, RULE) is light


def share_closed(closed: int, n: int, *, start: int = -50, due: int = 50) -> Tally:
    """A cell half of whose time has passed: its plan is 50 %."""
    return cell(Facts(start=day(start), due=day(due), n=n, closed=closed, running=n - closed))


@pytest.mark.parametrize(
    ("closed", "behind", "light"),
    [
        (401, Fraction(99, 10), Light.GREEN),
        (400, Fraction(10), Light.YELLOW),
        (200, Fraction(30), Light.YELLOW),
        (199, Fraction(301, 10), Light.RED),
        (1000, Fraction(-50), Light.BLUE),
        (999, Fraction(-499, 10), Light.GREEN),
    ],
)
def test_ten_to_thirty_points_behind_is_yellow_with_both_ends(
    closed: int, behind: Fraction, light: Light
) -> None:
    counted = share_closed(closed, 1000)
    assert counted.behind == behind
    assert light_of(counted, RULE) is light


def test_points_behind_do_not_apply_to_a_single_item() -> None:
    late_plan = one(-90, 8, running=1)
    assert late_plan.behind > 90
    assert light_of(late_plan, RULE) is Light.GREEN


def test_thirds_are_compared_exactly() -> None:
    # 20 of 30 days have passed, 17 of 30 items are closed: exactly 10 points behind, which floats would miss.
    counted = cell(Facts(start=day(-20), due=day(10), n=30, closed=17, running=13))
    assert counted.behind == 10
    assert light_of(counted, RULE) is Light.YELLOW


def test_the_plan_is_the_average_over_the_items_of_a_cell() -> None:
    counted = cell(
        Facts(start=day(-10), due=day(10), n=1, running=1),
        Facts(start=day(-30), due=day(-1), n=2, closed=2),
        Facts(start=day(5), due=day(20), n=1, running=1),
    )
    assert counted.expected == Fraction(1, 2) + 2 + 0
    assert (counted.n, counted.closed, counted.started) == (4, 2, 3)


@pytest.mark.parametrize(
    ("start", "due", "share"),
    [
        (-10, 10, Fraction(1, 2)),
        (0, 10, Fraction(0)),
        (-10, 0, Fraction(1)),
        (0, 0, Fraction(1)),
        (3, 10, Fraction(0)),
        (-10, -5, Fraction(1)),
        (None, 10, Fraction(0)),
        (None, -1, Fraction(1)),
        (-10, None, Fraction(0)),
    ],
)
def test_the_expected_share_grows_with_the_days(start: int | None, due: int | None, share: Fraction) -> None:
    first = None if start is None else day(start)
    last = None if due is None else day(due)
    assert expected_share(first, last, DAY) == share


def test_three_days_without_an_answer_are_still_in_time_the_fourth_is_not() -> None:
    last = unanswered_since(DAY, RULE)
    assert last == day(-4)


@pytest.mark.parametrize(
    ("cells", "light"),
    [
        (Distribution(red=20, blue=80), Light.RED),
        (Distribution(red=19, blue=81), Light.BLUE),
        (Distribution(red=19, yellow=11, green=70), Light.YELLOW),
        (Distribution(red=19, yellow=10, green=71), Light.GREEN),
        (Distribution(yellow=29, white=1, green=70), Light.WHITE),
        (Distribution(green=1, blue=99), Light.GREEN),
        (Distribution(blue=1, grey=99), Light.BLUE),
        (Distribution(grey=3), Light.GREY),
        (Distribution(), Light.GREY),
        (Distribution(red=1, blue=4), Light.RED),
        (Distribution(red=43, blue=173), Light.BLUE),
        (Distribution(red=44, blue=172), Light.RED),
    ],
)
def test_a_parent_takes_its_light_by_share(cells: Distribution, light: Light) -> None:
    assert parent_light(cells, RULE) is light


def test_a_pack_may_choose_the_worst_cell_instead() -> None:
    worst = RULE.model_copy(update={"parent": "worst"})
    assert parent_light(Distribution(red=1, blue=999), worst) is Light.RED
    assert parent_light(Distribution(white=1, blue=999), worst) is Light.WHITE


@pytest.mark.parametrize(
    ("counted", "sentence"),
    [
        (
            cell(
                Facts(start=day(-60), due=day(-5), n=2, running=2),
                Facts(start=day(-60), due=day(-4), n=2, running=2),
                Facts(start=day(-60), due=day(-5), n=2, closed=2),
            ),
            "逾期 5 天。应办 6 项，已完成 2 项（33%），比计划低 67 个百分点，超过 30 个百分点的红灯线。",
        ),
        (
            cell(
                Facts(start=day(-60), due=day(-10), n=7, closed=7),
                Facts(start=day(-60), due=day(-10), n=1, running=1),
            ),
            "逾期 10 天。应办 8 项，已完成 7 项（88%），比计划低 13 个百分点。",
        ),
        (one(-60, -5, running=1), "逾期 5 天。"),
        (one(-60, 3, running=1), "还有 3 天到期。"),
        (one(-60, 0, running=1), "今天到期。"),
        (one(-60, 3, running=1, returned=1), "已退回，尚未重新报审。还有 3 天到期。"),
        (one(-60, 30, running=1, unanswered=1), "下达超过 3 天，尚未签收。还有 30 天到期。"),
        (one(-60, -5, review=1, late_reviews=1, handed_in=day(-3)), "逾期 2 天报审，待审核。"),
        (one(-60, -5, review=1), "已按时报审，待审核。"),
        (one(-60, -5, closed=1), "已完成。"),
        (one(4, 30, running=1), "2023-12-04 起开始，尚未到节点。"),
        (EMPTY, "截至该日没有事项。"),
        (share_closed(7, 7), "7 项全部完成。"),
        (share_closed(45, 100), "应办 100 项，已完成 45 项（45%），计划进度 50%。"),
        (
            share_closed(30, 100),
            "应办 100 项，已完成 30 项（30%），比计划低 20 个百分点，在 10 至 30 个百分点的黄灯区间内。",
        ),
        (
            share_closed(199, 1000),
            "没有逾期的事项，整体进度滞后。应办 1000 项，已完成 199 项（20%），比计划低 30.1 个百分点，"
            "超过 30 个百分点的红灯线。",
        ),
    ],
)
def test_every_light_says_why_with_numbers(counted: Tally, sentence: str) -> None:
    assert why(counted, RULE, SAY) == sentence


def test_a_parent_says_which_share_decides() -> None:
    cells = Distribution(red=44, yellow=6, blue=166)
    assert why_parent(cells, 432, 330, RULE, SAY) == (
        "共 432 项，已完成 330 项（76%）；下属 216 格中红灯 44 格，占 20%，达到 20% 的红灯线。"
    )


@pytest.mark.parametrize(
    ("cells", "n", "closed", "sentence"),
    [
        (
            Distribution(red=1, blue=5),
            6,
            5,
            "多数已完成：6 项中已完成 5 项（83%）；下属 6 家中 5 家已完成，1 家逾期或严重滞后（未达到 20% 的红灯线）。",
        ),
        (
            Distribution(red=1, yellow=1, blue=8),
            10,
            8,
            "多数已完成：10 项中已完成 8 项（80%）；下属 10 家中 8 家已完成，"
            "1 家逾期或严重滞后（未达到 20% 的红灯线），1 家临期或滞后。",
        ),
        (
            Distribution(yellow=1, blue=5),
            6,
            5,
            "多数已完成：6 项中已完成 5 项（83%）；下属 6 家中 5 家已完成，1 家临期或滞后。",
        ),
        (
            Distribution(blue=1, grey=5),
            6,
            1,
            "部分已完成：6 项中已完成 1 项（17%）；下属 6 家中 1 家已完成，其余未到节点。",
        ),
    ],
)
def test_a_parent_that_is_blue_by_share_never_reads_as_finished(
    cells: Distribution, n: int, closed: int, sentence: str
) -> None:
    assert parent_light(cells, RULE) is Light.BLUE
    assert why_parent(cells, n, closed, RULE, SAY) == sentence
    assert sentence.startswith(parent_word(Light.BLUE, n, closed))
    assert parent_word(Light.BLUE, n, n) == "已完成"


def test_a_percentage_is_whole_only_when_it_is() -> None:
    assert [percent_done(c, 1000) for c in (0, 1, 4, 5, 994, 995, 999, 1000)] == [0, 1, 1, 1, 99, 99, 99, 100]


def test_every_light_has_a_mark_a_word_and_a_place_in_the_stack() -> None:
    assert len(set(GLYPHS.values())) == len(Light)
    assert len({word(light) for light in Light}) == len(Light)
    assert set(STACK_ORDER) == set(Light)


offsets = st.integers(-90, 90)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    n = draw(st.integers(1, 6))
    closed = draw(st.integers(0, n))
    running = draw(st.integers(0, n - closed))
    review = draw(st.integers(0, n - closed - running))
    start = draw(st.none() | offsets)
    due = draw(st.none() | offsets)
    return Facts(
        start=None if start is None else day(start),
        due=None if due is None else day(due),
        n=n,
        closed=closed,
        running=running,
        review=review,
        returned=draw(st.integers(0, running)),
        unanswered=draw(st.integers(0, running)),
    )


def by_the_book(parts: list[Facts]) -> Light:
    """The rule as model.md words it, item by item, in plain fractions."""
    n = sum(p.n for p in parts)
    closed = sum(p.closed for p in parts)
    if n and n == closed:
        return Light.BLUE
    plan = sum((p.n * expected_share(p.start, p.due, DAY) for p in parts), Fraction(0))
    behind = 100 * (plan / n - Fraction(closed, n)) if n >= 2 else Fraction(0)
    late = any(p.running and p.due and p.due < DAY for p in parts)
    soon = any(p.running and p.due and DAY <= p.due <= day(7) for p in parts)
    if late or behind > 30:
        return Light.RED
    if soon or any(p.returned for p in parts) or (n >= 2 and behind >= 10):
        return Light.YELLOW
    if any(p.unanswered for p in parts):
        return Light.WHITE
    if all(p.start is not None and p.start > DAY for p in parts):
        return Light.GREY
    return Light.GREEN


@given(st.lists(facts(), max_size=6))
def test_the_light_agrees_with_the_rule_item_by_item(parts: list[Facts]) -> None:
    assert light_of(tally(parts, DAY, RULE), RULE) is by_the_book(parts)


@given(st.lists(facts(), min_size=1, max_size=6))
def test_the_order_of_the_facts_does_not_matter(parts: list[Facts]) -> None:
    assert tally(parts, DAY, RULE) == tally(parts[::-1], DAY, RULE)


@given(st.lists(facts(), max_size=5), facts())
def test_closing_items_never_makes_a_light_worse(parts: list[Facts], last: Facts) -> None:
    order = list(Light)
    done = Facts(start=last.start, due=last.due, n=last.n, closed=last.n)
    before = light_of(tally([*parts, last], DAY, RULE), RULE)
    after = light_of(tally([*parts, done], DAY, RULE), RULE)
    warned = {Light.RED, Light.YELLOW, Light.WHITE}
    if after in warned:
        assert order.index(after) >= order.index(before)


@given(st.lists(facts(), max_size=6))
def test_every_cell_has_a_sentence_that_ends(parts: list[Facts]) -> None:
    sentence = why(tally(parts, DAY, RULE), RULE, SAY)
    assert sentence.endswith("。")
    assert "{" not in sentence


@given(st.lists(st.sampled_from(list(Light)), max_size=60), st.integers(0, 100), st.integers(0, 100))
def test_a_parent_shows_a_light_that_its_cells_have_or_a_warning(
    lights: list[Light], red_share: int, yellow_share: int
) -> None:
    rule = RULE.model_copy(update={"parent_red_share": red_share, "parent_yellow_share": yellow_share})
    cells = Distribution.of(lights)
    assert cells.total == len(lights)
    light = parent_light(cells, rule)
    assert not lights or light in lights or light is Light.YELLOW
    assert why_parent(cells, 7, 3, rule, SAY).endswith("。")


@given(st.fractions(-1000, 1000))
def test_rounding_is_half_up_and_once(value: Fraction) -> None:
    assert abs(half_up(value) - value) <= Fraction(1, 2)
    assert half_up(Fraction(1, 2)) == 1
    assert half_up(Fraction(-1, 2)) == -1


@given(st.fractions(0, 100), st.integers(0, 100))
def test_points_never_read_as_the_line_they_miss(value: Fraction, line: int) -> None:
    if value != line and abs(value - line) > Fraction(1, 10**5):
        assert float(points(value, line)) != line


def test_an_item_whose_clock_stands_says_so_and_not_that_it_has_no_deadline() -> None:
    due = DAY + timedelta(days=3)
    standing = tally((Facts(None, due, 1),), DAY, RULE)
    without = tally((Facts(None, None, 1, running=1),), DAY, RULE)
    assert why(standing, RULE, SAY) == "计时已暂停，暂停期间不算逾期。"
    assert why(without, RULE, SAY) == "正常推进，没有设定时限。"


def test_a_rebound_is_not_called_a_return() -> None:
    facts = Facts(None, DAY + timedelta(days=12), 1, running=1, returned=1, rebounded=1)
    assert why(tally((facts,), DAY, RULE), RULE, SAY) == "已反弹，尚未重新报审。还有 12 天到期。"
