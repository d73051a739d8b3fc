"""The PDF of an official document under the ruler: head, letter, signature, annexes, imprint."""

from __future__ import annotations

import io
from itertools import pairwise

import pytest
from pypdf import PdfReader

from guatu.domain.document import Annex, Column, Head, Imprint, Official, Paragraph, Run, Signature, Table
from guatu.domain.document.placing import CHARACTERS, WIDTH
from guatu.domain.document.signing import signed_lines
from guatu.exchange import official_pdf
from tests.exchange.pdf_lines import MM, Line, embedded, lines
from tests.exchange.test_official_docx import ALL, BRIEF, LETTER, UPWARD, official

PITCH = 28.95 * MM
TYPE_TOP, TYPE_BOTTOM, LEFT = 37.0, 262.0, 28.0
CHARACTER = WIDTH / CHARACTERS


def pages(document: Official) -> list[list[Line]]:
    return [lines(page) for page in PdfReader(io.BytesIO(official_pdf.render(document))).pages]


def line(page: list[Line], words: str) -> Line:
    return next(one for one in page if words in one.text)


@pytest.mark.parametrize("name", ALL)
def test_every_font_is_embedded_and_the_same_document_gives_the_same_bytes(name: str) -> None:
    pdf = official_pdf.render(ALL[name])
    assert embedded(pdf)
    assert pdf == official_pdf.render(ALL[name])


def test_the_mark_stands_35_mm_below_the_top_of_the_type_area() -> None:
    first = pages(official())[0]
    mark = line(first, "华岳集团文件")
    # Its characters' ink ends about 0.84 of their size above the baseline.
    assert mark.y - 0.84 * mark.size * MM == pytest.approx(TYPE_TOP + 35, abs=1.5)
    assert line(first, "特急").x == pytest.approx(LEFT, abs=0.5)


def test_the_number_stands_in_the_middle_and_upward_left_with_its_signers_right() -> None:
    number = line(pages(official())[0], "华岳发〔2026〕1号")
    assert LEFT + 40 < number.x < LEFT + 80
    upward = pages(UPWARD)[0]
    assert line(upward, "华岳发〔2026〕3号").x == pytest.approx(LEFT + CHARACTER, abs=0.6)
    assert "签发人：林某　周某" in line(upward, "签发人").text


def test_the_first_page_of_a_letter_has_no_number_and_its_mark_30_mm_below_the_edge() -> None:
    first, second, *_more = pages(LETTER)
    mark = line(first, "华岳集团")
    assert mark.y - 0.84 * mark.size * MM == pytest.approx(30, abs=1.5)
    assert not [one for one in first if one.text.strip().startswith("—")]
    assert [one.text.strip() for one in second if "—" in one.text] == ["— 2 —"]


def test_the_imprint_ends_at_the_foot_of_the_type_area_of_the_last_page() -> None:
    last = pages(official())[-1]
    printed = line(last, "2026年1月5日印发")
    assert TYPE_BOTTOM - PITCH < printed.y < TYPE_BOTTOM
    assert printed.x == pytest.approx(LEFT + 14 * MM, abs=0.5)
    assert line(last, "抄送：集团领导。").y == pytest.approx(printed.y - PITCH, abs=1.0)


def test_a_briefing_has_its_head_on_the_first_page_and_its_foot_on_the_last() -> None:
    told = pages(BRIEF)
    assert line(told[0], "工作简报").size > 40
    assert line(told[0], "第12期（总第45期）").y < line(told[0], "专项工作办公室").y
    foot = [
        line(told[-1], words).y for words in ("报：集团领导。", "送：各部门。", "发：各单位。", "共印60份")
    ]
    assert all(below - above == pytest.approx(PITCH, abs=1.0) for above, below in pairwise(foot))
    assert TYPE_BOTTOM - PITCH < foot[-1] < TYPE_BOTTOM


def test_each_annex_begins_a_page_and_its_title_stands_in_the_third_line() -> None:
    told = pages(official())
    heads = [page[0].text for page in told]
    assert [head for head in heads if head.startswith("附件")] == ["附件1", "附件2"]
    annex = told[heads.index("附件1")]
    assert annex[1].text == "任务分工表"
    assert annex[1].y - annex[0].y == pytest.approx(2 * PITCH, abs=1.0)


def test_the_signature_stands_where_the_model_says() -> None:
    signature = Signature(("华岳集团有限公司专项办",), "2026年1月5日")
    (page,) = pages(
        official(kind="plain", head=None, signature=signature, annexes=(), foot=None, blocks=WORDS)
    )
    (wanted,) = signed_lines(signature)[0].pieces
    assert line(page, wanted.text).x == pytest.approx(LEFT + wanted.indent * CHARACTER, abs=0.6)


WORDS = (Paragraph((Run("各单位按期完成整改任务。"),)),)


@pytest.mark.parametrize("paragraphs", range(14, 20))
def test_no_page_holds_a_signature_alone(paragraphs: int) -> None:
    document = official(
        kind="plain",
        head=None,
        blocks=WORDS * paragraphs,
        annexes=(Annex("任务分工表"),),
        foot=Imprint(),
        remark="",
    )
    signed = next(page for page in pages(document) if any("2026年1月5日" in one.text for one in page))
    assert any("各单位按期完成整改任务" in one.text for one in signed)


def test_a_long_name_of_an_annex_goes_on_below_its_own_first_character() -> None:
    long = Annex("集团公司二〇二六年专项工作问题清单整改任务分工及时限一览表")
    told = pages(official(kind="plain", head=None, blocks=WORDS, annexes=(Annex("甲"), long), foot=None))[0]
    begins = line(told, "2.集团公司")
    goes_on = told[told.index(begins) + 1]
    assert goes_on.x == pytest.approx(LEFT + 6 * CHARACTER, abs=0.8)


def test_a_head_without_urgency_stands_no_higher() -> None:
    plain = line(pages(official(head=Head("华岳集团文件", "华岳发〔2026〕1号")))[0], "华岳集团文件")
    urgent = line(pages(official())[0], "华岳集团文件")
    assert plain.y == pytest.approx(urgent.y, abs=0.2)


@pytest.mark.parametrize("text", ["甲\x00乙", "笑😀脸", "\U0002a6d6", "a\u200bb", "零\ufffd"])
def test_a_character_that_no_font_has_stops_no_document(text: str) -> None:
    (page,) = pages(
        official(kind="plain", head=None, annexes=(), foot=None, blocks=(Paragraph((Run(text + "完"),)),))
    )
    assert line(page, "完")


@pytest.mark.parametrize(("label", "repeated"), [("栏", True), ("栏" * 20, False)])
def test_a_head_of_a_table_is_repeated_unless_it_would_fill_the_page(label: str, repeated: bool) -> None:
    columns = tuple(Column(label if place == 0 else "列") for place in range(20))
    rows = tuple(("甲", *(str(place),) * 19) for place in range(60))
    found = pages(official(blocks=(Table(columns, rows),)))
    told = ["".join(one.text for one in page) for page in found]
    assert (sum("栏" in one for one in told) > 1) is repeated
    assert sum(one.count("甲") for one in told) >= 60
