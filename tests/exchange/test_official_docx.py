"""The Word file of an official document: what stands where, in styles that a person can change, the same bytes each time."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import docx
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn
from lxml import etree

from guatu.domain.document import (
    Annex,
    BriefingFoot,
    BriefingHead,
    Column,
    Head,
    Heading,
    Imprint,
    Official,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Signature,
    Table,
    numbered,
)
from guatu.exchange import official_docx

ORDER = (
    "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs "
    "suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid "
    "spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment textboxTightWrap outlineLvl "
    "divId cnfStyle rPr sectPr pPrChange"
).split()
"""The order of a paragraph's properties in the schema; Word calls a file broken that has another."""


def png() -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\x00\xff")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


BLOCKS = numbered(
    (
        Heading(1, "总体情况"),
        Heading(2, "进展"),
        Heading(3, "成立专班"),
        Heading(4, "明确分工"),
        Paragraph((Run("完成"), Run("258个", key="closed"), Run("问题，"), Run("重点突出。", bold=True))),
        Table(
            (Column("单位", 2), Column("问题数", 1, "right")),
            (("甲公司", "3"), ("乙公司", "12")),
            "表1 各单位问题",
            "注：截至2026年1月5日。",
        ),
        Picture(png(), 120, 60, "各月完成数的折线图", "图1 完成情况"),
        PageBreak(),
        Paragraph((Run("完。"),), indent=False),
    )
)


def official(**changes: object) -> Official:
    given: dict[str, object] = {
        "kind": "downward",
        "title": "关于做好整改工作的通知",
        "salutation": "各单位：",
        "blocks": BLOCKS,
        "head": Head("华岳集团文件", "华岳发〔2026〕1号", "特急"),
        "annexes": (Annex("任务分工表", BLOCKS[:2]), Annex("进度表")),
        "signature": Signature(("华岳集团",), "2026年1月5日", "seal"),
        "remark": "联系人：林某",
        "foot": Imprint(("集团领导",), "华岳集团办公室", "2026年1月5日"),
    }
    return Official(**{**given, **changes})  # type: ignore[arg-type]


LETTER = official(kind="letter", head=Head("华岳集团", "华岳函〔2026〕2号"))
BRIEF = official(
    kind="briefing",
    head=BriefingHead("工作简报", 12, "专项工作办公室", "2026年1月5日", 45),
    editors_note="供学习借鉴。",
    signature=None,
    annexes=(),
    foot=BriefingFoot(("集团领导",), ("各部门",), ("各单位",), 60),
)
UPWARD = official(kind="upward", head=Head("华岳集团文件", "华岳发〔2026〕3号", signers=("林某", "周某")))
ALL = {"downward": official(), "letter": LETTER, "briefing": BRIEF, "upward": UPWARD}


def opened(document: Official) -> Word:
    return docx.Document(io.BytesIO(official_docx.render(document)))


def texts(word: Word) -> list[tuple[str, str]]:
    return [(one.text, one.style.name) for one in word.paragraphs if one.text.strip()]


def styled(word: Word, style: str) -> list[Any]:
    return [one for one in word.paragraphs if one.style.name == style]


def test_everything_stands_in_its_order_and_style() -> None:
    assert texts(opened(official())) == [
        ("特急", "公文紧急程度"),
        ("华岳集团文件", "公文发文机关标志"),
        ("华岳发〔2026〕1号", "公文发文字号"),
        ("关于做好整改工作的通知", "公文标题"),
        ("各单位：", "公文主送"),
        ("一、总体情况", "公文一级标题"),
        ("（一）进展", "公文二级标题"),
        ("1.成立专班", "公文三级标题"),
        ("（1）明确分工", "公文四级标题"),
        ("完成258个问题，重点突出。", "公文正文"),
        ("表1 各单位问题", "公文图表题"),
        ("注：截至2026年1月5日。", "公文表格"),
        ("图1 完成情况", "公文图表题"),
        ("完。", "公文主送"),
        ("附件：1.任务分工表", "公文附件说明"),
        ("2.进度表", "公文附件说明"),
        ("华岳集团", "公文署名"),
        ("2026年1月5日", "公文署名"),
        ("（联系人：林某）", "公文正文"),
        ("附件1", "公文附件"),
        ("任务分工表", "公文标题"),
        ("一、总体情况", "公文一级标题"),
        ("（一）进展", "公文二级标题"),
        ("附件2", "公文附件"),
        ("进度表", "公文标题"),
        ("\u3000抄送：集团领导。", "公文版记"),
        ("\u3000华岳集团办公室\t2026年1月5日印发", "公文版记"),
    ]


@pytest.mark.parametrize("name", ALL)
def test_the_same_document_gives_the_same_bytes(name: str) -> None:
    assert official_docx.render(ALL[name]) == official_docx.render(ALL[name])


@pytest.mark.parametrize("name", ALL)
def test_the_properties_of_every_paragraph_stand_in_the_order_of_the_schema(name: str) -> None:
    word = opened(ALL[name])
    section = word.sections[0]
    parts = [word.element, section.footer._element, section.even_page_footer._element]
    parts += [section.first_page_header._element, section.first_page_footer._element]
    for part in parts:
        for properties in part.iter(qn("w:pPr")):
            found = [ORDER.index(child.tag.partition("}")[2]) for child in properties]
            assert found == sorted(found), [child.tag for child in properties]


def test_the_mark_and_the_line_below_the_number_are_red() -> None:
    word = opened(official())
    color = word.styles["公文发文机关标志"].element.rPr.find(qn("w:color"))
    assert color.get(qn("w:val")) == "FF0000"
    rules = [rule for rule in word.element.iter(qn("w:top")) if rule.get(qn("w:color")) == "FF0000"]
    assert len(rules) == 1


def test_a_document_upward_names_its_signers_on_the_line_of_its_number() -> None:
    (number,) = styled(opened(UPWARD), "公文发文字号")
    assert number.text == "华岳发〔2026〕3号\t签发人：林某\u3000周某"
    fonts = number.runs[-1]._r.rPr.find(qn("w:rFonts"))
    assert fonts.get(qn("w:eastAsia")) == "楷体_GB2312"
    assert number.paragraph_format.tab_stops[0].alignment.name == "RIGHT"


def test_each_annex_begins_on_a_page_of_its_own() -> None:
    heads = styled(opened(official()), "公文附件")
    assert [head.text for head in heads] == ["附件1", "附件2"]
    assert all(head.paragraph_format.page_break_before for head in heads)


def test_the_imprint_is_one_frame_at_the_bottom_with_one_indent_and_the_same_borders() -> None:
    rows = styled(opened(official()), "公文版记")
    frames = [row._p.pPr.find(qn("w:framePr")) for row in rows]
    assert {frame.get(qn("w:yAlign")) for frame in frames} == {"bottom"}
    assert {frame.get(qn("w:vAnchor")) for frame in frames} == {"margin"}
    assert len({etree.tostring(row._p.pPr.find(qn("w:ind"))) for row in rows}) == 1
    assert len({etree.tostring(row._p.pPr.find(qn("w:pBdr"))) for row in rows}) == 1


def test_a_letter_has_double_red_rules_and_no_page_number_on_its_first_page() -> None:
    word = opened(LETTER)
    section = word.sections[0]
    assert section.different_first_page_header_footer
    assert [one.text for one in section.first_page_header.paragraphs] == ["华岳集团", ""]
    for part in (section.first_page_header, section.first_page_footer):
        borders = list(part._element.iter(qn("w:pBdr")))
        assert [[rule.tag.partition("}")[2] for rule in one] for one in borders] == [["top", "bottom"]]
    assert not list(section.first_page_footer._element.iter(qn("w:fldSimple")))
    assert list(section.footer._element.iter(qn("w:fldSimple")))
    assert not styled(word, "公文发文机关标志")
    assert [one for one, style in texts(word) if style == "公文版记"] == ["\u3000抄送：集团领导。"]


def test_a_briefing_has_its_number_its_note_and_its_foot() -> None:
    told = texts(opened(BRIEF))
    assert told[:5] == [
        ("工作简报", "公文发文机关标志"),
        ("第12期（总第45期）", "公文发文字号"),
        ("专项工作办公室\t2026年1月5日", "公文主送"),
        ("关于做好整改工作的通知", "公文标题"),
        ("各单位：", "公文主送"),
    ]
    assert ("编者按：供学习借鉴。", "公文编者按") in told
    foot = [one.strip("\u3000\t") for one, style in told if style == "公文版记"]
    assert foot == ["报：集团领导。", "送：各部门。", "发：各单位。", "共印60份"]


def test_a_table_is_as_wide_as_the_type_area_and_repeats_its_head() -> None:
    (table,) = opened(official()).tables
    grid = [int(column.get(qn("w:w"))) for column in table._tbl.tblGrid]
    assert grid == [pytest.approx(2 * grid[1], abs=2), grid[1]]
    assert sum(grid) * 25.4 / 1440 == pytest.approx(156, abs=0.1)
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows)
    assert [cell.text for cell in table.rows[2].cells] == ["乙公司", "12"]


def test_a_picture_says_what_is_seen_on_it() -> None:
    word = opened(official())
    (picture,) = word.element.iter(qn("wp:docPr"))
    assert picture.get("descr") == "各月完成数的折线图"
    (extent,) = word.element.iter(qn("wp:extent"))
    assert (int(extent.get("cx")) // 36000, int(extent.get("cy")) // 36000) == (120, 60)


def test_control_characters_break_nothing() -> None:
    spoiled = official(
        title="标\x00题", salutation="各\x0b单位：", head=Head("华\x01岳", "华岳发〔2026〕1号")
    )
    assert ("标␀题", "公文标题") in texts(opened(spoiled))


def test_a_document_without_head_annexes_signature_and_foot_is_its_text() -> None:
    plain = official(
        kind="plain", head=None, annexes=(), signature=None, remark="", foot=None, blocks=BLOCKS[:1]
    )
    assert texts(opened(plain)) == [
        ("关于做好整改工作的通知", "公文标题"),
        ("各单位：", "公文主送"),
        ("一、总体情况", "公文一级标题"),
    ]
