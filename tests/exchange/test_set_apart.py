"""Tables and charts stand apart from the text: air above and below, the grid of lines kept, short ones together, no lone line."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.domain.document import (
    Block,
    Column,
    Drawing,
    Heading,
    Official,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from guatu.domain.document.airing import AIR, TOGETHER, spare, table_high
from guatu.domain.document.placing import LINES, PITCH, WIDTH
from guatu.exchange import official_docx, official_pdf
from tests.conftest import NO_OFFICE, OFFICE
from tests.exchange.layout_documents import SHORT, TEXT
from tests.exchange.layout_table import LEFT, LINE, TOP
from tests.exchange.ruler import MM, Page, Row, measured

pytestmark = pytest.mark.sqlite
TWO = Paragraph((Run("坚持问题导向，边学边查边改，统筹安排有序推进各项重点任务落地见效，形成闭环。" * 2),))
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="150mm" height="60mm" viewBox="0 0 150 60">'
    '<rect x="0" y="0" width="150" height="60" fill="#ffffff"/></svg>'
)
CHART = Drawing(SVG, 150, 60, "走势", "图1 走势", "11月1日10个，11月5日20个。")


def table(rows: int, caption: str = "", note: str = "") -> Table:
    columns = (Column("单位", 2), Column("问题（个）", 1, "right"))
    return Table(columns, tuple((f"第{row}公司", str(row)) for row in range(1, rows + 1)), caption, note)


def of(*blocks: Block) -> Official:
    return Official("plain", "关于进展的报告", "", blocks)


def pages_of(*blocks: Block) -> list[Page]:
    return measured(official_pdf.render(of(*blocks)))


def body(page: Page) -> list[Row]:
    return [row for row in page.text if row.size == pytest.approx(16)]


def line_of(row: Row) -> float:
    """In which line of the type area the row stands, from 1."""
    return ((row.body_top + row.body_bottom) / 2 - TOP) / LINE + 0.5


def edges(page: Page) -> tuple[float, float]:
    """The upper and the lower edge of the ruled table on the page, in millimetres."""
    rules = [rule.y for rule in page.rules if rule.right - rule.left > 10]
    return min(rules), max(rules)


@pytest.mark.parametrize(
    "apart",
    [
        table(5),
        table(6, "表1 进展", "注：按销号日。"),
        table(14),
        table(45, "表1 进展", "注：按销号日。"),
        CHART,
    ],
    ids=["short", "captioned", "long", "over pages", "chart"],
)
def test_the_text_after_a_table_or_chart_stands_on_the_grid_again(apart: Block) -> None:
    for page in pages_of(SHORT, TEXT, apart, TEXT, TEXT):
        for row in body(page):
            assert line_of(row) == pytest.approx(round(line_of(row)), abs=0.03), row.text


def test_a_table_has_a_quarter_of_a_line_of_air_above_and_below() -> None:
    (page,) = pages_of(SHORT, table(5), SHORT)
    above, below = body(page)
    top, bottom = edges(page)
    middle = (above.body_top + above.body_bottom) / 2
    assert top - (middle + LINE / 2) >= LINE / 4 - 0.2
    assert (below.body_top + below.body_bottom) / 2 - LINE / 2 - bottom >= LINE / 4 - 0.2


def test_two_tables_below_each_other_do_not_touch() -> None:
    (page,) = pages_of(table(2), table(2))
    rules = sorted({round(rule.y, 1) for rule in page.rules if rule.right - rule.left > 10})
    assert len(rules) == 8
    assert rules[4] - rules[3] >= LINE / 2 - 0.2


@pytest.mark.parametrize("rows", range(1, 8))
def test_a_table_of_a_third_of_a_page_is_not_broken(rows: int) -> None:
    # The title takes two lines: so many more leave room for some rows only.
    room = [SHORT] * (LINES - 4)
    ruled = [page for page in pages_of(*room, table(rows), SHORT) if page.rules]
    assert len(ruled) == 1


def test_a_longer_table_goes_on_with_its_head_on_the_next_page() -> None:
    first, second = pages_of(*[SHORT] * 12, table(30))[:2]
    assert first.row("问题（个）").text == second.row("问题（个）").text == "单位问题（个）"


@pytest.mark.parametrize("lines", range(LINES - 8, LINES))
def test_no_line_of_a_paragraph_stands_alone_on_a_page(lines: int) -> None:
    for page in pages_of(*[SHORT] * lines, TEXT, TWO, TWO)[:-1]:
        last, before = body(page)[-1], body(page)[-2]
        begins = last.x > LEFT + 5
        assert not begins or last.text.startswith("各单位"), last.text
        assert before.text
    for page in pages_of(*[SHORT] * lines, TEXT, TWO, TWO)[1:]:
        first, second = body(page)[:2]
        assert first.x > LEFT + 5 or second.x < LEFT + 1


@given(st.floats(min_value=1, max_value=3000))
def test_the_air_takes_whole_lines_with_what_it_surrounds(high: float) -> None:
    above, below = spare(high)
    whole = (above + high + below) / PITCH
    assert min(above, below) >= AIR - 0.02
    assert whole == pytest.approx(round(whole), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("公司项目1234567890", max_size=60), min_size=1, max_size=6))
def test_the_height_reckoned_for_the_word_file_is_that_of_the_pdf(cells: list[str]) -> None:
    columns = (Column("单位", 1), Column("说明", 1))
    reckoned = Table(columns, tuple((cell, "1") for cell in cells))
    found = pages_of(reckoned)
    if len(found) > 1:
        return
    top, bottom = edges(found[0])
    # The PDF lets a mark hang and counts its rules once: within a line of small print, and half a point a row.
    assert (bottom - top) / MM == pytest.approx(table_high(reckoned, WIDTH), abs=18.5 + 0.5 * len(cells))


def opened(*blocks: Block) -> docx.document.Document:
    return docx.Document(io.BytesIO(official_docx.render(of(*blocks))))


def test_in_word_a_short_table_is_kept_together_and_a_long_one_goes_on() -> None:
    short, long = table(5), table(20, note="注：按销号日。")
    assert table_high(short, WIDTH) <= TOGETHER < table_high(long, WIDTH)
    word = opened(SHORT, short, SHORT, long, SHORT)

    def kept(at: int) -> list[bool]:
        return [
            bool(row.cells[0].paragraphs[0].paragraph_format.keep_with_next) for row in word.tables[at].rows
        ]

    assert kept(0) == [True] * 5 + [False]
    assert kept(1) == [True] + [False] * 19 + [True]


def test_in_word_there_is_air_between_two_tables_and_after_the_last() -> None:
    word = opened(table(2), table(2))
    names = [child.tag.rpartition("}")[2] for child in word.element.body]
    begins = names.index("tbl")
    assert names[begins - 1 :] == ["p", "tbl", "p", "p", "tbl", "p", "sectPr"]
    air = [one for one in word.paragraphs if one.style.name == "公文图表间隔"]
    assert all(one.paragraph_format.line_spacing.pt >= AIR - 0.1 for one in air)


def test_in_word_a_page_break_before_a_table_leaves_no_empty_line() -> None:
    word = opened(SHORT, PageBreak(), table(2))
    breaking = [one for one in word.paragraphs if one.paragraph_format.page_break_before]
    assert [one.style.name for one in breaking] == ["公文图表间隔"]


def test_in_libreoffice_a_chart_covers_no_border_and_tables_have_their_air(tmp_path: Path) -> None:
    if OFFICE is None:
        pytest.skip(NO_OFFICE)
    document = of(Heading(1, "一、进展"), SHORT, table(3), CHART, table(1), SHORT)
    (tmp_path / "a.docx").write_bytes(official_docx.render(document))
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [
            OFFICE,
            profile,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=300,
    )
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)
    page = measured((tmp_path / "a.pdf").read_bytes())[0]
    rows = [rule.y for rule in page.rules if rule.right - rule.left > 10]
    first = [y for y in rows if y < page.row("图1").baseline]
    second = [y for y in rows if y > page.row("图1").baseline]
    above, below = body(page)[-2], body(page)[-1]
    assert min(first) - (above.body_bottom + LINE / 4 - 1) >= 0
    assert below.body_top - max(second) >= LINE / 4 - 0.3
    # What is drawn begins below the last rule of the table before it: its words and caption follow 60 mm lower.
    assert page.row("图1").top - max(first) >= 60 + LINE / 4
