"""How a text is laid out for its page: every character that is no blank lies in exactly one block or cell."""

from __future__ import annotations

import io
import itertools

import docx
import pytest
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st

from guatu.exchange.checked_copy import as_word
from guatu.exchange.documents_in import Document, read_bytes
from guatu.exchange.text_shape import Block, shape_of
from tests.exchange import test_documents_in as made

pytestmark = pytest.mark.sqlite
LINES = st.lists(
    st.text(st.sampled_from("一、（二）汇报3个：。\t|#- ，ab"), max_size=12), min_size=1, max_size=8
).map("\n".join)


def spans(blocks: tuple[Block, ...]) -> list[tuple[int, int]]:
    out = []
    for block in blocks:
        cells = [cell for row in block.rows for cell in row if cell.start >= 0]
        out += [(cell.start, cell.end) for cell in cells] if block.rows else [(block.start, block.end)]
    return out


def shown(text: str, blocks: tuple[Block, ...]) -> str:
    return "".join(text[start:end] for start, end in spans(blocks))


def letters(text: str, without: str = "") -> str:
    return "".join(one for one in text if not one.isspace() and one not in without)


@given(LINES)
def test_nothing_of_a_plain_text_is_lost_or_shown_twice(text: str) -> None:
    blocks = shape_of(text.encode(), "稿.txt", Document("稿.txt", text))
    assert letters(shown(text, blocks)) == letters(text)
    places = spans(blocks)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(places))


@given(LINES)
def test_of_markdown_only_its_signs_are_left_out(text: str) -> None:
    blocks = shape_of(text.encode(), "稿.md", Document("稿.md", text))
    assert letters(shown(text, blocks), "#|-") == letters(text, "#|-")


def test_markdown_has_titles_and_tables() -> None:
    text = "# 简报\n\n## 一、进展\n\n| 事项 | 次数 |\n|---|---|\n| 推进会 | 3次 |\n\n以上。"
    blocks = shape_of(text.encode(), "稿.md", Document("稿.md", text))
    assert [block.kind for block in blocks] == ["title", "heading", "table", "plain"]
    rows = [[text[cell.start : cell.end].strip() for cell in row] for row in blocks[2].rows]
    assert rows == [["事项", "次数"], ["推进会", "3次"]]


def word_with_a_box() -> bytes:
    """Title, heading, split runs, a table with a cell over two columns and an empty one, a text box."""
    word = docx.Document()
    word.add_paragraph("汇报", style="Title")
    word.add_heading("总体", 1)
    paragraph = word.add_paragraph("召开会议")
    paragraph.add_run("1")
    paragraph.add_run("2次。")
    box = OxmlElement("w:txbxContent")
    inner = OxmlElement("w:p")
    run = OxmlElement("w:r")
    words = OxmlElement("w:t")
    words.text = "框内8家"
    run.append(words)
    inner.append(run)
    box.append(inner)
    paragraph.runs[0]._r.append(box)
    table = word.add_table(2, 2)
    table.cell(0, 0).merge(table.cell(0, 1)).text = "合计"
    table.cell(1, 0).text = "甲"
    word.add_paragraph("完。")
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def test_a_word_file_keeps_headings_tables_and_what_stands_in_boxes() -> None:
    data = word_with_a_box()
    document = read_bytes(data, "稿.docx")
    blocks = shape_of(data, "稿.docx", document)
    assert letters(shown(document.text, blocks)) == letters(document.text)
    kinds = [block.kind for block in blocks]
    assert kinds[:3] == ["title", "heading", "plain"] and "table" in kinds
    (table,) = [block for block in blocks if block.rows]
    assert [[cell.span for cell in row] for row in table.rows] == [[2], [1, 1]]
    assert any(document.text[b.start : b.end] == "框内8家" for b in blocks if not b.rows)


def test_notes_at_the_foot_are_told_apart() -> None:
    notes = f'<w:footnotes xmlns:w="{made.W}"><w:footnote w:id="1"><w:p>{made.run("注：3家")}</w:p></w:footnote></w:footnotes>'
    data = made.word(f"<w:p>{made.run('正文，2家。')}</w:p>", footnotes=notes.encode())
    blocks = shape_of(data, "稿.docx", read_bytes(data, "稿.docx"))
    assert [block.kind for block in blocks] == ["plain", "note"]


@settings(max_examples=12)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=60))
def test_the_word_file_made_of_a_text_has_every_character_in_its_place(text: str) -> None:
    if not text.strip() or "\x00" in text:
        return
    read = read_bytes(as_word("稿.txt", text), "稿.docx").text
    assert len(read.removesuffix("\n")) == len(text)
    assert all(a == b for a, b in zip(read, text, strict=False) if b.isprintable())


def test_a_text_from_windows_has_no_signs_at_its_line_ends() -> None:
    read = read_bytes(as_word("稿.txt", "列入问题3个。\r\n已销号2个。\r\n"), "稿.docx").text
    assert read.startswith("列入问题3个。 \n已销号2个。 \n")
