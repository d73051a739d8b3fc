"""PDF: the ruler of GB/T 9704 laid on the report, tables and the wall to hang up, and the fonts that they are set with."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import pytest
from pypdf import PdfReader

from guatu.access.actor import Actor
from guatu.domain.errors import BadInput
from guatu.domain.lights import Light
from guatu.domain.report import Document, Heading, Paragraph, Text
from guatu.exchange import fonts, pdf_report, pdf_tables, pdf_wall
from guatu.exchange.tables import Head, LightCell, Sheet
from guatu.exchange.typesetting import typeset
from guatu.queries.wall import wall
from tests.exchange.pdf_lines import MM, body, embedded, lines
from tests.people import World, small_world

PITCH = 28.95
ASCENT = 0.88  # of the em: the body of a Chinese character above its baseline
LIN = Actor(1, "林晓岚", "lin", (), (), date(2023, 11, 30))
HAN = "坚持问题导向边学边查边改统筹安排有序推进各项重点任务落地见效形成工作闭环"


def report(paragraphs: int = 8, text: str = HAN * 4) -> Document:
    return Document(
        "关于专项工作开展情况的报告",
        "华岳集团领导小组：",
        (
            Heading(1, "一、加强组织领导"),
            Heading(2, "（一）统筹谋划"),
            *[Paragraph((Text(text),))] * paragraphs,
        ),
        "华岳集团办公室",
        "2023年11月30日",
        ("（合成数据。）",),
    )


@pytest.fixture(scope="module")
def official() -> PdfReader:
    return PdfReader(io.BytesIO(pdf_report.render(report())))


def test_the_page_is_a4(official: PdfReader) -> None:
    sizes = {
        (round(float(p.mediabox.width) * MM), round(float(p.mediabox.height) * MM)) for p in official.pages
    }
    assert sizes == {(210, 297)}


def test_a_page_holds_22_lines_at_28_95_points(official: PdfReader) -> None:
    full = body(official.pages[1])
    assert len(full) == 22
    steps = {round((below.y - above.y) / MM, 2) for above, below in pairwise(full)}
    assert all(abs(step - PITCH) < 0.03 for step in steps)


def test_a_line_holds_28_characters(official: PdfReader) -> None:
    found = body(official.pages[1])
    inside = [above for above, below in pairwise(found) if abs(below.x - 28) < 0.5]  # not a paragraph's last
    assert len(inside) > 12
    assert {len(line.text) for line in inside if line.x < 30} == {28}
    assert {len(line.text) for line in inside if line.x > 30} == {26}


def test_the_margins_are_those_of_the_standard_to_half_a_millimetre(official: PdfReader) -> None:
    full = body(official.pages[1])
    gap = (PITCH - 16) / 2
    top = full[0].y - (ASCENT * 16 + gap) * MM
    bottom = full[-1].y + ((1 - ASCENT) * 16 + gap) * MM
    assert abs(top - 37) <= 0.5
    assert abs(297 - bottom - 35) <= 0.5
    assert abs(min(line.x for line in full) - 28) <= 0.5
    indented = next(line for line in full if line.x > 30)
    character = (indented.x - 28) / 2
    assert abs(28 + 28 * character - (210 - 26)) <= 0.5


def test_title_and_body_have_the_sizes_of_the_standard(official: PdfReader) -> None:
    found = body(official.pages[0])
    assert (found[0].text, found[0].size) == ("关于专项工作开展情况的报告", 22)
    assert {line.size for line in found[1:]} == {16}
    middle = found[0].x + len(found[0].text) * 22 * MM / 2
    assert abs(middle - (28 + 156 / 2)) < 0.5


def test_page_numbers_stand_outside_seven_millimetres_below(official: PdfReader) -> None:
    numbers = [next(line for line in lines(page) if "—" in line.text) for page in official.pages]
    assert [one.text.strip() for one in numbers] == [f"— {n} —" for n in range(1, len(numbers) + 1)]
    assert {one.size for one in numbers} == {14}
    assert all(262 + 7 < one.y < 262 + 7 + 14 * MM for one in numbers)
    odd, even = numbers[0::2], numbers[1::2]
    assert all(abs(one.x - 28 - 14 * MM) < 0.5 for one in even)
    assert all(one.x > 150 for one in odd)


def test_the_signature_stands_as_in_the_word_file(official: PdfReader) -> None:
    last = {line.text: line for page in official.pages for line in body(page)}
    character = 156 / 28
    signature, day = last["华岳集团办公室"], last["2023年11月30日"]
    assert abs(day.x - signature.x - 2 * character) < 0.5
    assert signature.x + 7 * character <= 28 + 26 * character + 0.5
    assert day.y - signature.y == pytest.approx(PITCH * MM, abs=0.1)


def test_what_stands_in_for_an_official_face_is_said_on_the_paper(official: PdfReader) -> None:
    text = "".join(page.extract_text() for page in official.pages)
    assert ("本 PDF 以自由字体代替" in text) is bool(fonts.fonts().substitutes)


def test_the_same_report_gives_the_same_bytes_and_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert pdf_report.render(report(1)) == pdf_report.render(report(1))
    assert caplog.records == []


def test_every_font_is_embedded_and_is_one_of_those_chosen() -> None:
    found = fonts.fonts()
    names = {family.replace(" ", "") for family in found.families.values()}
    for pdf in (pdf_report.render(report(1)), pdf_tables.render([table(3)], LIN)):
        used = embedded(pdf)
        assert used
        assert {name.partition("-")[0] for name in used} <= names


# Fonts ─────────────────────────────────────────────────────────────────────────

SHIPPED = Path(pylopdf_fonts_zh_cn.sans_path()).parent


def test_the_fonts_of_the_wheel_are_free_and_enough(tmp_path: Path) -> None:
    found = fonts.find_fonts(tmp_path / "fonts", SHIPPED, system=False)
    assert found.missing == ()
    assert found.families["fang"] == "Noto Serif SC"
    assert dict(found.substitutes) == {
        "小标宋": "Noto Serif SC",
        "仿宋": "Noto Serif SC",
        "楷体": "Noto Serif SC",
    }
    licence = next(SHIPPED.parent.glob("pylopdf_fonts_zh_cn-*.dist-info")) / "licenses" / "LICENSE"
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence.read_text(encoding="utf-8")


def test_without_fonts_nothing_is_set_and_the_sentence_says_where_to_put_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = fonts.find_fonts(tmp_path / "fonts", tmp_path / "nowhere", system=False)
    assert bare.missing == ("Noto Sans SC", "Noto Serif SC")
    monkeypatch.setattr(fonts, "fonts", lambda: bare)
    with pytest.raises(BadInput, match="缺少字体 Noto Sans SC"):
        typeset("tables.typ", {"sheets": []})
    assert "缺少字体" in fonts.check_fonts()
    assert str(fonts.own_folder()) in fonts.check_fonts()
    assert {one.file for one in bare.faces} == {""}


def test_the_check_names_in_one_line_what_stands_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = fonts.find_fonts(tmp_path / "fonts", SHIPPED, system=False)
    monkeypatch.setattr(fonts, "fonts", lambda: found)
    line = fonts.check_fonts()
    assert "\n" not in line
    assert "仿宋用 Noto Serif SC" in line
    assert str(fonts.own_folder()) in line
    told = {one.name: (one.family, one.stands_in) for one in found.faces}
    assert told["仿宋"] == ("Noto Serif SC", True)
    assert told["黑体"] == ("Noto Sans SC", False)
    assert all(one.file.endswith(".otf") for one in found.faces)
    whole = fonts.Fonts({**found.families, "title": "A", "fang": "B", "kai": "C"}, found.folders, ())
    monkeypatch.setattr(fonts, "fonts", lambda: whole)
    assert fonts.check_fonts() == ""


# Tables ────────────────────────────────────────────────────────────────────────

HEADS = (
    Head("number", "编号", "text", 7),
    Head("light", "灯", "light", 10),
    Head("title", "问题", "text", 28),
    Head("due", "时限", "day", 7),
    Head("money", "金额", "money", 8),
    Head("share", "占比", "percent", 6),
)


def table(count: int, title: str = "食堂排队时间长") -> Sheet:
    def rows() -> Iterable[tuple[object, ...]]:
        for n in range(count):
            light = LightCell(list(Light)[n % 6])
            yield (f"WT{n:04d}", light, title, date(2023, 11, 30), Decimal("12345.5"), Decimal("0.853"))

    return Sheet("问题", "问题清单", ("范围：华岳集团", "截至 2023-11-30"), HEADS, rows(), count)


def read(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def test_a_table_repeats_its_heads_and_counts_its_pages() -> None:
    pages = read(pdf_tables.render([table(90)], LIN))
    assert len(pages) >= 3
    for number, text in enumerate(pages, 1):
        assert "编号" in text
        assert f"第 {number} 页，共 {len(pages)} 页" in text.replace(f"第{number}页", f"第 {number} 页")
        assert "林晓岚" in text
    assert "问题清单" in pages[0]
    assert "截至 2023-11-30" in pages[0]
    assert "".join(pages).count("WT") == 90


def test_a_table_lies_across_on_a4_and_says_lights_in_words() -> None:
    pdf = pdf_tables.render([table(6)], LIN)
    page = PdfReader(io.BytesIO(pdf)).pages[0]
    assert (round(float(page.mediabox.width) * MM), round(float(page.mediabox.height) * MM)) == (297, 210)
    text = page.extract_text()
    for words in (
        "逾期或严重滞后",
        "临期或滞后",
        "未报送",
        "正常推进",
        "已完成",
        "未到节点",
        "85.3%",
        "12,345.5",
    ):
        assert words in text


@pytest.mark.parametrize(
    "title", ["#panic()", "*粗* _斜_ $x$ <a> @b", "\\ \" ' ` //", "]#[", "第一行\n第二行", ""]
)
def test_what_people_write_is_text_and_never_markup(title: str) -> None:
    text = "".join(read(pdf_tables.render([table(1, title)], LIN)))
    shown = title.replace("\n", " ")
    assert shown.replace(" ", "") in text.replace(" ", "").replace("\n", "")


def test_an_empty_table_says_so_and_too_long_a_one_names_the_way_out() -> None:
    assert "没有符合条件的事项" in "".join(read(pdf_tables.render([table(0)], LIN)))
    with pytest.raises(BadInput, match="共 5001 行"):
        pdf_tables.render([table(5001)], LIN)


def test_three_thousand_rows_are_set_and_progress_is_told() -> None:
    seen: list[int] = []
    pages = PdfReader(io.BytesIO(pdf_tables.render([table(3000)], LIN, seen.append))).pages
    assert seen[:2] == [200, 400]
    assert seen[-1] == 3000
    last = pages[len(pages) - 1].extract_text()
    assert "WT2999" in last
    assert f"共{len(pages)}页" in last.replace(" ", "")


# The wall ──────────────────────────────────────────────────────────────────────


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def chart(world: World, *, poster: bool = False, **asked: Any) -> PdfReader:
    page = wall(world.campaign, day=date(2023, 11, 6), actor=world.actor("lin"), zoom="third", **asked)
    return PdfReader(io.BytesIO(pdf_wall.render(page, world.actor("lin"), world.campaign, poster=poster)))


def test_the_wall_is_set_on_a3_with_every_unit_and_the_legend(world: World) -> None:
    world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 10, 20))
    reader = chart(world)
    page = reader.pages[0]
    assert (round(float(page.mediabox.width) * MM), round(float(page.mediabox.height) * MM)) == (420, 297)
    text = page.extract_text()
    for words in ("主题教育作战图", "截至 2023-11-06", "甲公司", "一厂", "三院", "逾期或严重滞后", "林晓岚"):
        assert words.replace(" ", "") in text.replace(" ", "")
    assert page.images == [] or len(page.images) == 0  # drawn, not photographed
    assert len(chart(world, poster=True).pages) == 1


def test_a_day_without_tasks_has_no_wall_to_print(world: World) -> None:
    with pytest.raises(BadInput, match="请换一个日期"):
        chart(world)


def test_a_poster_takes_the_smallest_sheet_that_can_be_read(world: World) -> None:
    world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 10, 20))
    page = wall(world.campaign, day=date(2023, 11, 6), actor=world.actor("lin"), zoom="third")

    def sheet(rows: int) -> tuple[float, float, float, list[Any]]:
        return pdf_wall._poster(replace(page, rows=page.rows[:1] * rows))

    found = [sheet(rows) for rows in (10, 60, 120, 240)]
    sizes = [width * height for width, height, _row, _bands in found]
    assert sizes == sorted(sizes)
    assert found[0][:2] == pdf_wall.A3
    assert all(row >= pdf_wall.GOOD_ROW for _width, _height, row, _bands in found)
    assert [sum(map(len, bands)) for _width, _height, _row, bands in found] == [10, 60, 120, 240]
    with pytest.raises(BadInput, match="共 2000 行"):
        sheet(2000)


def test_a_poster_in_bands_loses_no_row_and_begins_none_inside_a_unit(world: World) -> None:
    world.task("F1", date(2023, 10, 12), date(2023, 10, 12), date(2023, 10, 20))
    rows = wall(world.campaign, day=date(2023, 11, 6), actor=world.actor("lin"), zoom="third").rows
    assert {row.indent for row in rows} > {0}
    for count in (1, 2, 3):
        bands = pdf_wall._bands(rows, count)
        assert [row for band in bands for row in band] == list(rows)
        assert all(band[0].indent == 0 for band in bands)
