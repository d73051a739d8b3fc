"""Charts as drawings: every number also in words, nothing by colour alone, the same chart the same bytes."""

from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.document.charts import drawn
from guatu.domain.document.placing import WIDTH
from guatu.domain.document.poster import HIGHEST, MOST_ROWS
from guatu.domain.lights import Light
from guatu.domain.writing.charts import (
    Bar,
    Chart,
    Lights,
    LightsRow,
    Line,
    Point,
    Poster,
    PosterRow,
    Ranking,
    Trend,
)

SVG = "{http://www.w3.org/2000/svg}"
BEGIN = date(2026, 11, 1)


def trend(*values: int | None, label: str = "已销号问题") -> Trend:
    days = tuple(BEGIN + timedelta(days=place) for place in range(len(values)))
    points = tuple(
        Point(day, value, "" if value is None else f"{value}个")
        for day, value in zip(days, values, strict=True)
    )
    return Trend(days, (Line("closed", label, "个", points),), "图1 进展")


RANKING = Ranking(
    "closed",
    "已销号问题",
    "个",
    (Bar("A", "甲公司", 12, "12个"), Bar("B", "乙公司", None, "")),
    3,
    "图2 各单位",
)
LIGHTS = Lights(
    (LightsRow("A", "甲公司", {Light.RED: 2, Light.YELLOW: 1, Light.BLUE: 7}),),
    {Light.RED: "逾期", Light.YELLOW: "临期", Light.BLUE: "已完成"},
)
WORDS = {Light.RED: "逾期", Light.GREEN: "正常推进"}


def wall(rows: int) -> Poster:
    row = PosterRow("华岳先进制造公司", 1, (Light.RED, None, Light.GREEN), "50%")
    return Poster(("统筹谋划", "专题学习", "问题整改"), (row,) * rows, WORDS, "作战图")


EACH: tuple[Chart, ...] = (trend(1, 2, None, 4), RANKING, LIGHTS, wall(3))


def words_in(svg: str) -> list[str]:
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("chart", EACH)
def test_a_chart_is_as_wide_as_the_type_area_and_the_same_each_time(chart: Chart) -> None:
    made = drawn(chart)
    assert made == drawn(chart)
    assert made.width == WIDTH
    assert made.words and made.words in made.alt


def test_every_number_of_a_chart_stands_in_words() -> None:
    told = drawn(trend(1, 2, None, 4))
    assert told.words == "已销号问题：11月1日1个、11月2日2个、11月3日（无数）、11月4日4个。"
    assert told.alt == f"图1 进展（折线图）：{told.words}"
    assert drawn(RANKING).words == "已销号问题：甲公司12个、乙公司（未报）；另有 3 家未列。"
    assert drawn(LIGHTS).words == "甲公司：已完成 7、临期 1、逾期 2。"


def test_many_rows_of_lights_do_not_fill_a_page_with_words() -> None:
    row = LightsRow("A", "甲公司", {Light.RED: 2})
    told = drawn(Lights((row,) * 30, LIGHTS.words))
    assert told.words == "甲公司：逾期 2；" * 6 + "其余 24 行的数见图。"
    assert words_in(told.svg).count("甲公司") == 30


def test_a_day_without_a_value_breaks_the_line_and_is_no_zero() -> None:
    (path,) = ElementTree.fromstring(drawn(trend(1, 2, None, 4, 5)).svg).iter(f"{SVG}path")
    assert path.attrib["d"].count("M") == 2
    assert len(path.attrib["d"].split("L")) == 3


def test_lines_are_told_apart_by_their_strokes_and_lights_by_their_fills() -> None:
    one, two = trend(1, 2).lines[0], trend(3, 4, label="列出问题").lines[0]
    paths = ElementTree.fromstring(drawn(Trend(trend(1, 2).days, (one, two))).svg).iter(f"{SVG}path")
    assert len({path.attrib.get("stroke-dasharray") for path in paths}) == 2
    fills = [one.attrib["fill"] for one in ElementTree.fromstring(drawn(LIGHTS).svg).iter(f"{SVG}rect")]
    assert "url(#hatch)" in fills, "yellow is hatched, so that it is told from grey on paper without colour"


def test_a_long_trend_names_few_days_and_the_last() -> None:
    told = drawn(trend(*range(60)))
    days = [words for words in words_in(told.svg) if words.endswith("日")]
    assert 4 <= len(days) <= 7
    assert days[-1] == "12月30日"


@given(st.lists(st.none() | st.integers(-(10**9), 10**9), min_size=1, max_size=40))
def test_no_trend_leaves_its_drawing(values: list[int | None]) -> None:
    svg = ElementTree.fromstring(drawn(trend(*values)).svg)
    high = float(svg.attrib["viewBox"].split()[3])
    for circle in svg.iter(f"{SVG}circle"):
        assert 0 <= float(circle.attrib["cx"]) <= WIDTH
        assert 0 <= float(circle.attrib["cy"]) <= high


@given(st.lists(st.tuples(st.text(max_size=30), st.none() | st.integers(-5, 10**9)), max_size=12))
def test_what_people_call_a_unit_is_text_and_no_markup(bars: list[tuple[str, int | None]]) -> None:
    ranking = Ranking(
        "n",
        "<数>&",
        "个",
        tuple(Bar(str(at), name, value, str(value)) for at, (name, value) in enumerate(bars)),
    )
    assert ElementTree.fromstring(drawn(ranking).svg).tag == f"{SVG}svg"


def test_a_name_with_characters_that_no_drawing_may_hold_is_drawn_without_them() -> None:
    bar = Bar("1", "甲\ufffe乙\uffff\x01", 3, "3个")
    svg = drawn(Ranking("n", "数", "个", (bar,))).svg
    assert ">甲乙</text>" in svg


@pytest.mark.parametrize("rows", [1, 20, 48, 100])
def test_the_wall_chart_fits_on_a_page_and_says_what_it_leaves_out(rows: int) -> None:
    made = drawn(wall(rows))
    assert made.height <= HIGHEST + 1
    assert made.words.startswith(f"共 {2 * rows} 格：正常推进 {rows}、逾期 {rows}")
    assert ("另有 52 行未印" in made.words) is (rows == 100)
    marks = [
        one for one in ElementTree.fromstring(made.svg).iter(f"{SVG}rect") if one.attrib["fill"] == "#b3261e"
    ]
    assert len(marks) == min(rows, MOST_ROWS) + 1, "one for each row and one in the legend"


def test_every_light_of_a_wall_with_many_tasks_is_seen() -> None:
    row = PosterRow("甲公司", 1, (Light.RED,) * 150, "0%")
    made = drawn(Poster(("任务",) * 150, (row,), WORDS, "作战图"))
    boxes = [one for one in ElementTree.fromstring(made.svg).iter(f"{SVG}rect") if "x" in one.attrib]
    assert len(boxes) == 151
    assert all(float(one.attrib["width"]) > 0 and float(one.attrib["height"]) > 0 for one in boxes)
