from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import docx
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from guatu.domain.errors import BadInput
from guatu.domain.report import Document, FigureSpan, Heading, Paragraph, Text
from guatu.domain.statements import Say, Statement
from guatu.exchange import report_docx, report_html, report_text
from guatu.exchange.files import printable, write_whole
from guatu.exchange.word_styles import CHARACTER

UNITS = Statement(
    "units_l3", "三级单位", "figure", 216, 216, 216, "216家", "2023-11-30", "当日存在的<三级>单位", Say()
)
REPORT = Document(
    title="关于第二批主题教育开展情况的报告",
    salutation="华岳集团主题教育领导小组：",
    blocks=(
        Heading(1, "一、加强组织领导"),
        Heading(2, "（一）统筹谋划"),
        Paragraph(
            (Text("全集团"), FigureSpan("units_l3", "216家", UNITS), Text("三级单位参加<主题教育> & 其他。"))
        ),
    ),
    signature="华岳集团主题教育办公室",
    date="2023年11月30日",
    notes=("（合成数据。）",),
)
LINES = [
    "关于第二批主题教育开展情况的报告",
    "华岳集团主题教育领导小组：",
    "一、加强组织领导",
    "（一）统筹谋划",
    "全集团216家三级单位参加<主题教育> & 其他。",
    "华岳集团主题教育办公室",
    "2023年11月30日",
    "（合成数据。）",
]


@pytest.fixture(scope="module")
def word() -> docx.document.Document:
    return docx.Document(io.BytesIO(report_docx.render(REPORT)))


def fonts(word: docx.document.Document, style: str) -> dict[str, str]:
    found = word.styles[style].element.rPr.find(qn("w:rFonts"))
    return {kind: found.get(qn(f"w:{kind}")) for kind in ("eastAsia", "ascii")}


def test_word_prints_the_text_in_order(word: docx.document.Document) -> None:
    assert [paragraph.text for paragraph in word.paragraphs if paragraph.text] == LINES


def test_the_page_is_a4_with_the_margins_of_the_standard(word: docx.document.Document) -> None:
    section = word.sections[0]
    sizes = [round(length.mm, 1) for length in (section.page_width, section.page_height)]
    assert sizes == [210.0, 297.0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(length.mm) for length in margins] == [37, 35, 28, 26]


def test_the_grid_has_lines_only_at_28_95_points(word: docx.document.Document) -> None:
    grid = word.sections[0]._sectPr.find(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    for name in ("公文正文", "公文标题", "公文一级标题"):
        spacing = word.styles[name].element.pPr.find(qn("w:spacing"))
        assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")
    normal = word.styles["Normal"].element.rPr.find(qn("w:spacing"))
    assert normal.get(qn("w:val")) == "-5"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文标题", "方正小标宋简体", 22),
        ("公文正文", "仿宋_GB2312", 16),
        ("公文主送", "仿宋_GB2312", 16),
        ("公文一级标题", "黑体", 16),
        ("公文二级标题", "楷体_GB2312", 16),
        ("公文署名", "仿宋_GB2312", 16),
        ("公文页码", "宋体", 14),
    ],
)
def test_each_part_has_its_font_for_chinese_too(
    word: docx.document.Document, style: str, font: str, size: int
) -> None:
    assert fonts(word, style) == {"eastAsia": font, "ascii": font}
    assert word.styles[style].font.size.pt == size
    assert not word.styles[style].font.bold


def test_no_theme_font_can_win_over_them(word: docx.document.Document) -> None:
    assert "Theme=" not in re.sub(r"<w:style .*", "", word.styles.element.xml, flags=re.DOTALL)


def test_each_part_has_its_style(word: docx.document.Document) -> None:
    used = {paragraph.text: paragraph.style.name for paragraph in word.paragraphs if paragraph.text}
    assert [used[line] for line in LINES] == [
        *(
            "公文标题",
            "公文主送",
            "公文一级标题",
            "公文二级标题",
            "公文正文",
            "公文署名",
            "公文署名",
            "公文正文",
        )
    ]
    assert word.styles["公文标题"].paragraph_format.alignment is WD_ALIGN_PARAGRAPH.CENTER


def test_page_numbers_stand_outside_on_odd_and_even_pages(word: docx.document.Document) -> None:
    assert word.settings.odd_and_even_pages_header_footer
    section = word.sections[0]
    for footer, side in (
        (section.footer, WD_ALIGN_PARAGRAPH.RIGHT),
        (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT),
    ):
        paragraph = footer.paragraphs[0]
        assert paragraph.alignment is side
        assert paragraph._p.find(qn("w:fldSimple")).get(qn("w:instr")) == "PAGE"
        assert "".join(node.text for node in paragraph._p.iter(qn("w:t"))) == "— 1 —"


def place(word: docx.document.Document, line: str) -> float:
    """Where a line of the signature begins, in characters."""
    found = next(paragraph for paragraph in word.paragraphs if paragraph.text == line)
    return found.paragraph_format.left_indent.twips / CHARACTER


def test_the_signature_ends_two_characters_from_the_right_and_the_date_begins_two_after_it(
    word: docx.document.Document,
) -> None:
    assert place(word, REPORT.signature) + len(REPORT.signature) == 26
    assert place(word, REPORT.date) == place(word, REPORT.signature) + 2


def test_a_date_longer_than_the_signature_is_itself_two_characters_from_the_right() -> None:
    short = Document(REPORT.title, "各单位：", (), "办公室", "2023年11月30日")
    word = docx.Document(io.BytesIO(report_docx.render(short)))
    assert place(word, short.date) + 7 == 26
    assert place(word, short.signature) == place(word, short.date) - 2


def test_the_same_report_gives_the_same_bytes() -> None:
    first = report_docx.render(REPORT)
    assert first == report_docx.render(REPORT)
    with zipfile.ZipFile(io.BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in parts.namelist() if "thumbnail" in name or "custom" in name]


def test_text_is_one_line_per_paragraph() -> None:
    assert report_text.render(REPORT).decode() == "".join(f"{line}\n" for line in LINES)


class Reader(HTMLParser):
    """Collects the text and the marked figures of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.figures: list[dict[str, str | None]] = []
        self.words = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert tag != "script"
        if "data-key" in given:
            self.figures.append({"tag": tag, **given})

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_stands_by_itself_and_marks_its_figures() -> None:
    page = report_html.render(REPORT).decode()
    reader = Reader(page)
    assert [(one["tag"], one["data-key"]) for one in reader.figures] == [("span", "units_l3")]
    assert reader.figures[0]["title"] == "当日存在的<三级>单位"
    assert "全集团216家三级单位参加<主题教育> & 其他。" in reader.words
    assert "<主题教育>" not in page
    assert "http" not in page
    assert page.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in page


def test_each_figure_links_to_its_records_where_an_address_is_given() -> None:
    reader = Reader(report_html.fragment(REPORT, lambda span: f"/figures/{span.key}?a=1&b=2"))
    assert [(one["tag"], one["href"]) for one in reader.figures] == [("a", "/figures/units_l3?a=1&b=2")]


@pytest.mark.parametrize("write", [report_docx.render, report_text.render, report_html.render])
def test_control_characters_break_no_format(write: object) -> None:
    spoiled = Document(
        "标\x00题", "各\x0b单位：", (Paragraph((Text("甲\x1f乙\ud800丙\n丁"),)),), "办\x7f", "某日"
    )
    content = write(spoiled)  # type: ignore[operator]
    assert content
    if write is report_docx.render:
        word = docx.Document(io.BytesIO(content))
        assert word.paragraphs[0].text == "标␀题"
        assert "甲␟乙�丙 丁" in [paragraph.text for paragraph in word.paragraphs]


def test_ordinary_text_is_printed_as_it_stands() -> None:
    assert printable("第二批（1—11月）“1+N” 𠮷") == "第二批（1—11月）“1+N” 𠮷"


def test_a_file_is_written_whole(tmp_path: Path) -> None:
    target = tmp_path / "报告.txt"
    write_whole(target, b"first")
    write_whole(target, b"second")
    assert target.read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["报告.txt"]


def test_a_place_that_cannot_be_written_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"文件夹“.*没有”不存在.*请先建好"):
        write_whole(tmp_path / "没有" / "报告.txt", b"x")
    with pytest.raises(BadInput, match="是文件夹"):
        write_whole(tmp_path, b"x")
    with pytest.raises(BadInput, match=r"没有写出.*请检查"):
        write_whole(tmp_path / ("长" * 200), b"x")
    assert list(tmp_path.iterdir()) == []
