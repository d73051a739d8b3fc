"""The report and a briefing of the loaded demo, rendered and measured: 22 lines of 28 characters, margins, numbers, head."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest

from guatu.access import operator
from guatu.domain.document import BriefingHead, Official
from guatu.domain.document.from_report import official_of
from guatu.domain.document.from_written import Facts, dressed
from guatu.exchange import official_pdf
from guatu.packs.theme_education.demo.days import ENDS
from guatu.queries.reports import compose_report, names_of
from guatu.records.models import Campaign
from guatu.records.packs import pack_of
from tests.exchange.layout_table import BOTTOM, CHARACTER, LEFT, LINE, RIGHT, TOP
from tests.exchange.pdf_lines import embedded
from tests.exchange.ruler import Page, Row, measured

pytestmark = pytest.mark.sqlite
HALF = 0.5
HEADING = re.compile("[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）")


@pytest.fixture
def report(demo: Campaign) -> Official:
    return official_of(compose_report(demo, "", day=ENDS, actor=operator()))


@pytest.fixture
def briefing(demo: Campaign, report: Official) -> Official:
    letterhead = pack_of(demo).head.letterhead.named(names_of(demo))
    text = replace(report, signature=None, salutation="", notes=())
    return dressed(text, Facts("briefing", ENDS, issue=3, total=15, letterhead=letterhead))


def line_of(row: Row) -> float:
    """In which line of the type area's 22 the row stands, from 1: body text stands on whole ones."""
    return ((row.body_top + row.body_bottom) / 2 - TOP) / LINE + 0.5


def hold_to_the_page(pages: list[Page]) -> None:
    """What every page of running text has to keep to."""
    for place, page in enumerate(pages, start=1):
        assert (page.width, page.height) == (pytest.approx(210, abs=HALF), pytest.approx(297, abs=HALF))
        assert page.number is not None
        assert page.number.text == f"—{place}—"
        assert page.number.glyphs[0].top == pytest.approx(BOTTOM + 7, abs=HALF)
        if place % 2:
            assert page.number.right == pytest.approx(RIGHT - 14 * 25.4 / 72, abs=HALF)
        else:
            assert page.number.left == pytest.approx(LEFT + 14 * 25.4 / 72, abs=HALF)
        body = [row for row in page.text if row.size == pytest.approx(16)]
        assert all(row.left >= LEFT - 0.1 and row.right <= RIGHT + HALF for row in body)
        assert all(row.x == pytest.approx(LEFT, abs=HALF) or row.x >= LEFT + CHARACTER - HALF for row in body)


def test_the_demo_report_holds_22_lines_of_28_characters_between_its_margins(report: Official) -> None:
    pdf = official_pdf.render(report)
    pages = measured(pdf)
    assert embedded(pdf)
    hold_to_the_page(pages)
    inner = pages[1:-1]
    assert inner, "the report is long enough to fill a page"
    for page, after in pairwise(pages[1:]):
        # A heading at the foot goes over to its text, a line of a paragraph to the next: only then are there fewer.
        goes_on = after.text[0].x == pytest.approx(LEFT, abs=HALF)
        assert len(page.text) == 22 or HEADING.match(after.text[0].text) or goes_on
        # Two headings and a paragraph of three lines, of which no one stands alone, go over together.
        assert len(page.text) >= 22 - 5
        assert [line_of(row) for row in page.text] == pytest.approx(
            list(range(1, len(page.text) + 1)), abs=0.05
        )
    assert any(len(page.text) == 22 for page in inner)
    # A line that goes on in the next holds 28 characters: digits count half, and a mark may hang on its line.
    lines = [
        above
        for page in inner
        for above, below in pairwise(page.text)
        if below.x == pytest.approx(LEFT, abs=HALF) and above.x == pytest.approx(LEFT, abs=HALF)
    ]
    assert len(lines) > 12
    widths = [sum(0.5 if one.text.isascii() else 1 for one in row.glyphs) for row in lines]
    assert all(27 <= width <= 28.5 for width in widths)
    assert sum(width == 28 for width in widths) > len(widths) / 3


def test_a_briefing_of_the_demo_has_its_head_and_foot_where_they_belong(briefing: Official) -> None:
    pdf = official_pdf.render(briefing)
    pages = measured(pdf)
    assert embedded(pdf)
    assert isinstance(briefing.head, BriefingHead)
    hold_to_the_page([page for page in pages if page.number is not None])
    first, last = pages[0], pages[-1]
    mark, number = first.row(briefing.head.name), first.row("第3期（总第15期）")
    assert mark.top == pytest.approx(TOP + 10, abs=HALF)
    assert (number.left + number.right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=HALF)
    editor = first.row(briefing.head.editor)
    (red,) = [rule for rule in first.rules if rule.color == (255, 0, 0) and rule.length > 100]
    assert red.y - editor.body_bottom == pytest.approx(4, abs=HALF)
    assert (red.length, editor.x) == (pytest.approx(156, abs=HALF), pytest.approx(LEFT + CHARACTER, abs=HALF))
    assert max(rule.y for rule in last.rules) == pytest.approx(BOTTOM, abs=HALF)
    assert [
        row.text[:2] for row in last.rows if row.size == pytest.approx(14) and row is not last.number
    ] == [
        "报：",
        "送：",
        "发：",
    ]
