"""Changes come back in the same Word file as tracked changes: accepted they give the new words, rejected the old."""

from __future__ import annotations

import copy
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from guatu.domain.errors import BadInput
from guatu.exchange.documents_in import local_name, read_bytes
from guatu.exchange.word_changes import Change, changeable, with_changes
from guatu.exchange.word_comments import Note, with_comments
from tests.exchange.word_samples import (
    BOLD,
    W,
    box,
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
AUTHOR = "挂图"
ITALIC = "<w:rPr><w:i/></w:rPr>"


def text_of(data: bytes) -> str:
    return read_bytes(data, "稿.docx").text


def replaced(data: bytes, *pairs: tuple[str, str]) -> bytes:
    """The file with each old word changed for the new one."""
    text = text_of(data)
    return with_changes(
        data, [Change(text.index(old), text.index(old) + len(old), new, "换期") for old, new in pairs], at=AT
    )


def without(data: bytes, author: str | None) -> bytes:
    """The file after the tracked changes of `author` (of everybody for None) were rejected."""
    parts = parts_of(data)
    for name in ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml"):
        if name not in parts:
            continue
        root = etree.fromstring(parts[name])
        for kind in ("ins", "del"):
            for element in list(root.iter(f"{{{W}}}{kind}")):
                if author not in (None, element.get(f"{{{W}}}author")) or element.getparent() is None:
                    continue
                if kind == "del":
                    for child in list(element):
                        for words in list(child.iter(f"{{{W}}}delText")):
                            words.tag = f"{{{W}}}t"
                        element.addprevious(child)
                element.getparent().remove(element)
        parts[name] = etree.tostring(root)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def body_of(data: bytes) -> etree._Element:
    return etree.fromstring(parts_of(data)["word/document.xml"])


def test_new_words_stand_beside_the_old_ones_over_split_runs() -> None:
    data = replaced(full_report(), ("11月30日", "12月31日"), ("1,740", "1,802"), ("２５０", "３１２"))
    assert "截至12月31日，各单位共排查问题1,802个，已销号问题258个。走访基层，惠及群众３１２名。" in text_of(
        data
    )
    assert text_of(without(data, AUTHOR)) == text_of(full_report())
    struck = [one for one in body_of(data).iter(f"{{{W}}}del") if one.get(f"{{{W}}}author") == AUTHOR]
    assert ["".join(one.itertext()) for one in struck] == ["11月", "30日", "1,", "7", "40", "２５０"]
    assert {one.get(f"{{{W}}}date") for one in struck} == {"2023-12-04T01:02:03Z"}


def test_new_words_look_like_the_first_of_the_old_ones() -> None:
    data = replaced(full_report(), ("11月30日", "12月31日"), ("群众２５０", "群众３１２"))
    made = [one for one in body_of(data).iter(f"{{{W}}}ins") if one.get(f"{{{W}}}author") == AUTHOR]
    assert [[local_name(mark) for mark in one[0][0]] for one in made] == [["b"], ["i"]]


def test_tables_footnotes_and_endnotes_are_changed_too() -> None:
    data = replaced(full_report(), ("35", "41"), ("1829", "2212"), ("6类", "7类"))
    assert (
        "甲厂\t41\n" in text_of(data)
        and "走访为2212家次。" in text_of(data)
        and "数据共7类。" in text_of(data)
    )
    assert text_of(without(data, AUTHOR)) == text_of(full_report())
    assert parts_of(data)["word/footnotes.xml"].count(b"<w:del ") == 1


def test_a_text_box_changes_for_word_and_in_the_copy_for_old_readers() -> None:
    body = body_of(replaced(full_report(), ("12次", "15次")))
    for branch in ("Choice", "Fallback"):
        held = next(one for one in body.iter() if local_name(one) == branch)
        assert "".join(one.text or "" for one in held.iter(f"{{{W}}}t")) == "召开推进会15次。"
        assert [one.text for one in held.iter(f"{{{W}}}delText")] == ["1", "2次"]


def test_each_of_many_text_boxes_changes_in_its_own_copy() -> None:
    data = word_file(*(paragraph(box(paragraph(run(f"第{n:03}次。")))) for n in range(400)))
    parts = parts_of(replaced(data, ("第007次", "第1007次"), ("第399次", "第1399次")))
    text = parts["word/document.xml"].decode()
    assert text.count(">第1007次<") == text.count(">第1399次<") == 2
    assert text.count("<w:ins ") == text.count("<w:del ") == 4


def test_a_copy_that_says_something_else_is_left_alone() -> None:
    data = word_file(paragraph(box(paragraph(run("共12次。")))))
    parts = parts_of(data)
    text = parts["word/document.xml"].decode()
    at = text.rindex("共12次")
    parts["word/document.xml"] = (text[:at] + "请用新版打开" + text[at + 4 :]).encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    after = replaced(buffer.getvalue(), ("12", "15"))
    assert (
        "请用新版打开" in parts_of(after)["word/document.xml"].decode() and text_of(after) == "\n共15次。\n"
    )


def test_inside_somebodys_insertion_the_insertion_stays_theirs() -> None:
    data = replaced(full_report(), ("58", "71"))
    assert "已销号问题271个" in text_of(data)
    assert "已销号问题258个" in text_of(without(data, AUTHOR))
    assert "已销号问题231个" in text_of(without(data, None)) == text_of(without(full_report(), None))
    body = body_of(data)
    ours = next(one for one in body.iter(f"{{{W}}}ins") if one.get(f"{{{W}}}author") == AUTHOR)
    assert local_name(ours.getparent()) == "p"
    numbers = [
        one.get(f"{{{W}}}id")
        for one in body.iter()
        if local_name(one) in ("ins", "del") and one.get(f"{{{W}}}id")
    ]
    assert len(numbers) == len(set(numbers))


def test_what_is_no_text_stays_where_it_is() -> None:
    data = word_file(
        paragraph('<w:r><w:t>共17</w:t><w:footnoteReference w:id="1"/><w:t>40个</w:t></w:r>'),
        footnotes=(run("注"),),
    )
    after = replaced(data, ("1740", "1802"))
    assert text_of(after) == "共1802个\n注\n"
    mark = next(body_of(after).iter(f"{{{W}}}footnoteReference"))
    assert all(local_name(one) != "del" for one in mark.iterancestors())


def test_words_are_put_in_and_taken_out() -> None:
    data = word_file(paragraph(run("共258个")), paragraph(inserted(run("完"))))
    text = text_of(data)
    after = with_changes(
        data,
        [
            Change(0, 0, "截至目前，"),
            Change(1, 4, ""),
            Change(5, 5, "问题"),
            Change(6, 6, "已"),
            Change(7, 7, "\t"),
        ],
    )
    assert text_of(after) == "截至目前，共个问题\n已完\t\n" and text_of(without(after, AUTHOR)) == text


def test_other_parts_and_paragraphs_stay_as_they_were() -> None:
    before, after = parts_of(full_report()), parts_of(replaced(full_report(), ("258", "271")))
    assert {name for name in after if before.get(name) != after[name]} == {"word/document.xml"}
    assert list(before) == list(after)
    old, new = (etree.fromstring(parts["word/document.xml"])[0] for parts in (before, after))
    same = [etree.tostring(a) == etree.tostring(b) for a, b in zip(old, new, strict=True)]
    assert same == [True, False, True, True, True, True]


def test_changes_and_comments_go_together() -> None:
    data = replaced(full_report(), ("258", "271"), ("1829", "2212"))
    text = text_of(data)
    both = with_comments(data, [Note(text.index("271"), text.index("271") + 3, "12月31日的数")], at=AT)
    assert text_of(both) == text and text_of(without(both, AUTHOR)) == text_of(full_report())


def test_a_change_over_two_paragraphs_is_refused_with_a_sentence() -> None:
    data = word_file(paragraph(run("共258")), paragraph(run("个问题")))
    with pytest.raises(BadInput, match="“258 个”不在一个自然段里"):
        with_changes(data, [Change(1, 6, "271个")])
    assert changeable(data, [(1, 6), (1, 4), (4, 4)]) == [False, True, True]


def test_changes_that_overlap_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="overlap"):
        with_changes(full_report(), [Change(0, 4, "甲"), Change(3, 5, "乙")])


def test_no_change_leaves_the_file_as_it_is() -> None:
    assert with_changes(full_report(), []) == full_report()


WORDS = st.text("共销号问题0123，。 <&", min_size=1, max_size=5).map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;")
)
RUNS = st.builds(run, WORDS, st.sampled_from(["", BOLD, ITALIC]))
INLINE = st.one_of(
    RUNS,
    RUNS,
    st.builds(lambda *runs: inserted(*runs), RUNS, RUNS),
    WORDS.map(deleted),
    st.just(note_mark()),
    st.builds(lambda one: f"<w:hyperlink>{one}</w:hyperlink>", RUNS),
    st.builds(lambda *runs: box(paragraph(*runs)), RUNS, RUNS),
    st.builds(lambda a, b: f"<w:r>{BOLD}<w:t>{a}</w:t><w:tab/><w:br/><w:t>{b}</w:t></w:r>", WORDS, WORDS),
)
PARAGRAPHS = st.lists(INLINE, min_size=1, max_size=5).map(lambda runs: paragraph(*runs))
CELLS = st.lists(RUNS, min_size=1, max_size=3).map("".join)
BLOCKS = st.one_of(
    PARAGRAPHS,
    PARAGRAPHS,
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=2).map(lambda rows: table(*rows)),
)
FILES = st.builds(
    lambda blocks, note: word_file(paragraph(run("题")), *blocks, footnotes=(note,)),
    st.lists(BLOCKS, min_size=1, max_size=4),
    CELLS,
)


@st.composite
def changed(draw: st.DrawFn) -> tuple[bytes, list[Change]]:
    """A file and changes of it that stay within their paragraphs."""
    data = draw(FILES)
    text = text_of(data)
    marks = sorted(draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=8, unique=True)))
    changes = []
    for start, end in zip(marks[::2], marks[1::2], strict=False):
        end = min(end, start + 6)
        if changeable(data, [(start, end)])[0]:
            changes.append(Change(start, end, draw(st.text("换期12,３余<&", max_size=4))))
    return data, changes


@settings(max_examples=150, deadline=None)
@given(changed())
def test_accepting_gives_the_new_text_and_rejecting_the_old(made: tuple[bytes, list[Change]]) -> None:
    data, changes = made
    expected = text_of(data)
    for change in reversed(changes):
        expected = expected[: change.start] + change.new + expected[change.end :]
    after = with_changes(data, changes, at=AT)
    assert text_of(after) == expected
    assert text_of(without(after, AUTHOR)) == text_of(data)
    assert text_of(without(after, None)) == text_of(without(data, None))
    for both in body_of(after).iter():
        if local_name(both) == "AlternateContent":
            choice, fallback = copy.deepcopy(both[0]), copy.deepcopy(both[1])
            assert "".join(choice.itertext()) == "".join(fallback.itertext())
