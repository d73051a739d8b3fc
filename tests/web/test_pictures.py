"""Pictures without a browser: the way of an item, a trend, a marked text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.checker import check
from guatu.domain.checker.readings import Checked, Finding
from guatu.domain.style import StyleFinding, lint
from guatu.exchange.check_remarks import Remark, remarks_of
from guatu.exchange.documents_in import Document
from guatu.exchange.text_shape import shape_of
from guatu.queries.item_stations import Detour, Step
from guatu.web.check.marking import Line, lines_of
from guatu.web.figures.pages import month_before, week_days
from guatu.web.figures.spark import spark
from guatu.web.item.path import draw

WAY = [
    Step("open", "待整改", "behind", "10-12"),
    Step("doing", "整改中", "behind", "10-13"),
    Step("verifying", "核验中", "now", "现在"),
    Step("closed", "已销号", "ahead"),
]


def test_the_way_is_solid_up_to_now_and_hollow_ahead() -> None:
    picture = draw(WAY, [])
    assert picture is not None
    assert picture.first < picture.done < picture.last
    assert [station.place for station in picture.stations] == ["behind", "behind", "now", "ahead"]
    assert picture.stations[2].x == picture.done
    assert picture.words == "已走过：待整改、整改中。现在：核验中。之后：已销号。"


def test_a_way_back_is_an_arc_from_station_to_station() -> None:
    picture = draw(WAY, [Detour(2, 1, "退回 1 次，11-28")])
    assert picture is not None
    [arc] = picture.arcs
    assert arc.curve.startswith(f"M{picture.stations[2].x} ")
    assert arc.curve.split()[-2] == str(picture.stations[1].x + 4)
    assert "退回 1 次，11-28。" in picture.words


@given(count=st.integers(2, 12), narrow=st.booleans(), back=st.data())
def test_everything_stays_on_the_sheet(count: int, narrow: bool, back: st.DataObject) -> None:
    now = back.draw(st.integers(0, count - 1))
    places = ["behind"] * now + ["now"] + ["ahead"] * (count - now - 1)
    steps = [Step(f"s{at}", "状态", place) for at, place in enumerate(places)]
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
        lambda pair: pair[0] > pair[1]
    )
    detours = [Detour(a, b, "退回") for a, b in back.draw(st.lists(ends, max_size=3))]
    picture = draw(steps, detours, narrow=narrow)
    assert picture is not None
    xs = [station.x for station in picture.stations]
    assert xs == sorted(xs)
    assert all(0 < x < picture.width for x in xs)
    assert all(0 < arc.y < picture.y for arc in picture.arcs)
    assert picture.y < picture.height


def test_a_register_that_only_logs_has_no_way_to_draw() -> None:
    assert draw([Step("recorded", "已登记", "now")], []) is None


@given(st.lists(st.none() | st.integers(-10_000, 100_000), min_size=2, max_size=20))
def test_a_trend_stays_in_its_box(values: list[int | None]) -> None:
    known = [value for value in values if value is not None]
    picture = spark(values)
    if len(known) < 2 or min(known) == max(known):
        assert picture is None
        return
    assert picture is not None
    points = [tuple(map(float, point.split())) for point in picture.line[1:].split("L")]
    assert len(points) == len(known)
    assert all(0 <= x <= picture.width and 0 <= y <= picture.height for x, y in points)


def test_a_small_change_stays_a_small_step() -> None:
    picture = spark([217, 217, 216])
    assert picture is not None
    heights = [float(point.split()[1]) for point in picture.line[1:].split("L")]
    assert abs(heights[0] - heights[-1]) < 3


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2023, 11, 30), date(2023, 10, 30)),
        (date(2023, 3, 31), date(2023, 2, 28)),
        (date(2024, 3, 30), date(2024, 2, 29)),
        (date(2023, 1, 15), date(2022, 12, 15)),
    ],
)
def test_a_month_earlier_is_the_same_day_or_the_last(day: date, before: date) -> None:
    assert month_before(day) == before


def test_a_trend_does_not_begin_before_the_campaign() -> None:
    days = week_days(date(2023, 11, 30), date(2023, 10, 1))
    assert days[0] >= date(2023, 10, 1)
    assert days[-1] == date(2023, 11, 30)
    assert week_days(date(2023, 9, 1), date(2023, 10, 1)) == [date(2023, 9, 1)]


TEXT = "关于整改的情况\n一、进展\n    列入问题30个，已销号12个，占50%。\n\n列入问题30个，已销号12个，占50%。"


def marked(text: str, remarks: Sequence[Remark]) -> tuple[Line, ...]:
    """The lines of a plain text."""
    return lines_of(text, shape_of(text.encode(), "稿.txt", Document("稿.txt", text)), remarks)


def test_the_marked_text_is_the_text() -> None:
    lines = marked(TEXT, remarks_of(TEXT, check(TEXT, [], [], None), []))
    assert [line.kind for line in lines] == ["title", "heading", "plain", "plain"]
    shown = ["".join(piece.text for piece in line.pieces) for line in lines]
    assert shown == [line.strip() for line in TEXT.split("\n") if line.strip()]


def test_what_needs_attention_is_numbered_in_the_order_of_the_text() -> None:
    remarks = remarks_of(TEXT, check(TEXT, [], [], None), [])
    numbers = [remark.number for remark in remarks if remark.kind != "ok"]
    assert numbers == list(range(1, len(numbers) + 1))
    assert [remark.start for remark in remarks] == sorted(remark.start for remark in remarks)


def test_each_number_is_printed_once_behind_its_mark() -> None:
    remarks = remarks_of(TEXT, check(TEXT, [], [], None), [])
    lines = marked(TEXT, remarks)
    ends = [piece.number for line in lines for piece in line.pieces if piece.ends]
    assert len(ends) == len(set(ends))


def test_every_remark_of_the_list_has_its_place_in_the_text_even_under_another() -> None:
    text = "约300余人参加培训，建立方案60个，已完成12个，其余50个推进。\n截至目前，2022次2022次。"
    remarks = remarks_of(text, check(text), [], lint(text))
    pieces = [piece for line in marked(text, remarks) for piece in line.pieces]
    shown = [piece.number for piece in pieces if piece.ends]
    shown += [number for piece in pieces for _kind, number in piece.also]
    assert sorted(shown) == [remark.number for remark in remarks if remark.number]


def test_where_marks_overlap_the_weightier_shows() -> None:
    text = "已销号12个"
    wide = Finding("sum", 0, len(text), "合计不符。请核对。")
    narrow = StyleFinding("two", 3, 6, "写法不合习惯。请改。", "两")
    [line] = marked(text, remarks_of(text, Checked(findings=(wide,)), [], [narrow]))
    assert "".join(piece.text for piece in line.pieces) == text
    assert {piece.kind for piece in line.pieces} == {"self"}
