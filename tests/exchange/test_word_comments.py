"""Comments come back in the same Word file, at the characters that they are about."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

import pytest
from lxml import etree

from guatu.domain.checker import extract
from guatu.domain.errors import BadInput
from guatu.exchange.documents_in import local_name, read_bytes
from guatu.exchange.word_changes import Change, with_changes
from guatu.exchange.word_comments import Note, with_comments
from tests.exchange.word_samples import (
    BOLD,
    HEAD,
    KIND,
    MAIN,
    W,
    deleted,
    full_report,
    inserted,
    note_mark,
    paragraph,
    parts_of,
    run,
    table,
    word_file,
)

AT = datetime(2023, 12, 4, 1, 2, 3, tzinfo=UTC)


def commented(data: bytes, *words: str) -> bytes:
    """The file with a note 关于… on each of the words."""
    text = read_bytes(data, "稿.docx").text
    return with_comments(
        data, [Note(text.index(one), text.index(one) + len(one), f"关于{one}") for one in words], at=AT
    )


def told(data: bytes) -> dict[str, str]:
    """Comment → the characters of the body between its marks."""
    parts = parts_of(data)
    comments = etree.fromstring(parts["word/comments.xml"])
    texts = {one.get(f"{{{W}}}id"): "".join(one.itertext()) for one in comments}
    out = {}
    for number, said in texts.items():
        open_now, held, referred = False, "", 0
        for element in etree.fromstring(parts["word/document.xml"]).iter():
            kind = local_name(element)
            mine = kind.startswith("comment") and element.get(f"{{{W}}}id") == number
            if mine:
                open_now = {"commentRangeStart": True, "commentRangeEnd": False}.get(kind, open_now)
                referred += kind == "commentReference"
            elif (
                open_now
                and kind == "t"
                and not any(local_name(a) == "Fallback" for a in element.iterancestors())
            ):
                held += element.text or ""
        assert referred == 1 and not open_now
        out[said] = held
    return out


def test_a_comment_stands_at_its_characters_over_split_runs() -> None:
    data = commented(full_report(), "1,740个", "11月30日", "告")
    assert told(data) == {"关于1,740个": "1,740个", "关于11月30日": "11月30日", "关于告": "告"}
    assert read_bytes(data, "稿.docx").text == read_bytes(full_report(), "稿.docx").text


def test_a_comment_stands_in_a_table_cell_and_at_a_tracked_insertion() -> None:
    assert told(commented(full_report(), "35", "258个", "42")) == {
        "关于35": "35",
        "关于258个": "258个",
        "关于42": "42",
    }


def test_a_note_about_a_footnote_stands_at_its_mark_and_says_so() -> None:
    data = commented(full_report(), "1829家次", "6类", "12次")
    assert set(told(data)) == {"脚注“1829家次”：关于1829家次", "尾注“6类”：关于6类", "文本框“12次”：关于12次"}
    body = parts_of(data)["word/document.xml"].decode()
    assert (
        '<w:commentRangeStart w:id="2"/><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef'
        in body
    )
    assert "commentR" not in parts_of(data)["word/footnotes.xml"].decode()
    boxes = body[body.index("<w:txbxContent>") : body.rindex("</w:txbxContent>")]
    assert "commentR" not in boxes


def test_every_figure_of_a_hard_file_is_found_and_its_comment_stands_at_it() -> None:
    text = read_bytes(full_report(), "稿.docx").text
    found = extract(text)
    said = ["1,740个", "258个", "２５０名", "35", "42", "12次", "1829家次", "6类"]
    assert [one.text for one in found] == said
    data = with_comments(full_report(), [Note(one.start, one.end, f"数{one.start}") for one in found], at=AT)
    places = {note.rpartition("：")[2]: held for note, held in told(data).items()}
    in_the_body = {f"数{one.start}": one.text for one in found if one.text in said[:5]}
    assert {note: held for note, held in places.items() if note in in_the_body} == in_the_body
    assert len(places) == len(said)


def test_a_run_that_is_cut_keeps_its_properties_on_both_sides() -> None:
    data = commented(word_file(paragraph(run("共销号258个问题", BOLD))), "258")
    body = etree.fromstring(parts_of(data)["word/document.xml"])
    runs = [one for one in body.iter(f"{{{W}}}r") if one.find(f"{{{W}}}t") is not None]
    assert ["".join(one.itertext()) for one in runs] == ["共销号", "258", "个问题"]
    assert all(one.find(f"{{{W}}}rPr/{{{W}}}b") is not None for one in runs)


def test_every_other_part_and_paragraph_stays_as_it_was() -> None:
    before, after = parts_of(full_report()), parts_of(commented(full_report(), "258个"))
    changed = {name for name in after if before.get(name) != after[name]}
    assert changed == {
        "word/document.xml",
        "word/comments.xml",
        "word/_rels/document.xml.rels",
        "[Content_Types].xml",
    }
    assert [*after][: len(before)] == [*before]
    old, new = (etree.fromstring(parts["word/document.xml"])[0] for parts in (before, after))
    same = [etree.tostring(a) == etree.tostring(b) for a, b in zip(old, new, strict=True)]
    assert same == [True, False, True, True, True, True]


def test_the_new_part_is_declared_once_and_known_by_the_document() -> None:
    parts = parts_of(commented(commented(full_report(), "258个"), "35"))
    assert parts["[Content_Types].xml"].count(b"comments+xml") == 1
    assert parts["word/_rels/document.xml.rels"].count(b"relationships/comments") == 1
    comments = etree.fromstring(parts["word/comments.xml"])
    assert [one.get(f"{{{W}}}id") for one in comments] == ["1", "2"]
    assert (
        comments[0].get(f"{{{W}}}date") == "2023-12-04T01:02:03Z"
        and comments[0].get(f"{{{W}}}author") == "挂图"
    )


def test_comments_of_others_are_kept() -> None:
    theirs = (
        f'{HEAD}<w:comments xmlns:w="{W}"><w:comment w:id="4" w:author="王五"><w:p>{run("再核")}</w:p></w:comment>'
        "</w:comments>"
    ).encode()
    data = word_file(
        paragraph(
            '<w:commentRangeStart w:id="4"/>', run("共258个"), '<w:commentRangeEnd w:id="4"/>',
            '<w:r><w:commentReference w:id="4"/></w:r>',
        ),
        more={"word/remarks.xml": theirs},
        relations=f'<Relationship Id="rId9" Type="{KIND}comments" Target="/word/remarks.xml"/>',
        types=f'<Override PartName="/word/remarks.xml" ContentType="{MAIN}.comments+xml"/>',
    )  # fmt: skip
    parts = parts_of(commented(data, "258"))
    assert "word/comments.xml" not in parts
    comments = etree.fromstring(parts["word/remarks.xml"])
    assert [("".join(one.itertext()), one.get(f"{{{W}}}id")) for one in comments] == [
        ("再核", "4"),
        ("关于258", "5"),
    ]
    assert parts["word/remarks.xml"].startswith(HEAD.replace('"', "'").encode())


def test_a_comment_within_a_link_has_its_mark_outside_of_it() -> None:
    data = commented(word_file(paragraph(f"<w:hyperlink>{run('共258个')}</w:hyperlink>", run("。"))), "258")
    assert told(data) == {"关于258": "258"}
    body = etree.fromstring(parts_of(data)["word/document.xml"])
    mark = next(body.iter(f"{{{W}}}commentReference"))
    assert local_name(mark.getparent().getparent()) == "p"


def test_a_note_over_two_paragraphs_or_cells_and_one_without_characters() -> None:
    data = word_file(paragraph(run("甲一")), paragraph(run("乙二")), table((run("丙三"), run("丁四"))))
    text = read_bytes(data, "稿.docx").text
    notes = [Note(1, text.index("二"), "两段"), Note(text.index("三"), len(text), "两格"), Note(2, 3, "段末")]
    assert told(with_comments(data, notes, at=AT)) == {"两段": "一乙", "两格": "三", "段末": "乙"}


def test_overlapping_notes_and_lines_of_a_note() -> None:
    data = word_file(paragraph(run("已销号258个问题")))
    both = with_comments(data, [Note(3, 7, "甲"), Note(0, 6, "乙\n丙\x01"), Note(3, 7, "丁")], at=AT)
    assert told(both) == {"甲": "258个", "乙丙␁": "已销号258", "丁": "258个"}


def test_a_mark_inside_a_deletion_is_no_place_for_a_comment() -> None:
    data = word_file(
        paragraph(
            deleted("旧").replace("</w:del>", f"{note_mark()}</w:del>"), inserted(run("新"), note_mark())
        ),
        footnotes=(run("共5家"),),
    )
    body = etree.fromstring(parts_of(commented(data, "5家"))["word/document.xml"])
    start = next(body.iter(f"{{{W}}}commentRangeStart"))
    assert local_name(start.getparent()) == "ins"


def test_nothing_to_say_leaves_the_file_as_it_is() -> None:
    assert with_comments(full_report(), []) == full_report()


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        ("共258个".encode(), "稿.txt", "不是 Word 文件，不能写回"),
        ("共258个".encode(), "稿.docx", "不是完整的 Word 文件"),
        (b"", "稿.docx", "空文件"),
        (full_report()[:-40], "稿.docx", "已损坏"),
    ],
)
def test_what_is_no_whole_word_file_is_told_in_one_sentence(data: bytes, name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words):
        with_comments(data, [Note(0, 1, "甲")], name=name)


def test_a_file_without_a_list_of_types_is_not_whole() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts_of(full_report()).items():
            if name != "[Content_Types].xml":
                archive.writestr(name, content)
    with pytest.raises(BadInput, match="已损坏"):
        with_comments(buffer.getvalue(), [Note(0, 1, "甲")], name="稿.docx")


def test_a_note_of_a_file_whose_body_has_no_words_has_no_place() -> None:
    data = word_file("<w:p/>", footnotes=(run("列入问题清单共3个。"),))
    with pytest.raises(BadInput, match="已损坏"):
        with_comments(data, [Note(8, 10, "甲")], name="稿.docx")


PARTS = [name for name in parts_of(full_report()) if name.endswith((".xml", ".rels"))]
GARBAGE = [b"", b"\xff\xfe", b"<a/>", b"<a", b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>']


@pytest.mark.parametrize("garbage", GARBAGE)
def test_whatever_part_is_broken_the_answer_is_a_file_or_one_sentence(garbage: bytes) -> None:
    whole = commented(full_report(), "258个")
    for broken in (*PARTS, "word/comments.xml"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, content in parts_of(whole).items():
                archive.writestr(name, garbage if name == broken else content)
        notes, changes = [Note(0, 3, "甲"), Note(60, 90, "乙")], [Change(0, 3, "甲")]
        said = [
            answer(partial(with_comments, buffer.getvalue(), notes, name="稿.docx")),
            answer(partial(with_changes, buffer.getvalue(), changes, name="稿.docx")),
        ]
        assert all("请" in one or "项整治情况" in one for one in said), broken


def answer(write: Callable[[], bytes]) -> str:
    """The text of the file that comes back, or the sentence why none does."""
    try:
        return read_bytes(write(), "稿.docx").text
    except BadInput as failure:
        return str(failure)
