"""What changed between two versions of a text: by block, and inside a block word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.writing.body import Block, Body, HeadingBlock, ParagraphBlock, TableBlock
from guatu.domain.writing.differences import Piece, differences, pieces


def body(*blocks: Block) -> Body:
    return Body(blocks=blocks)


def text(block: str, words: str) -> ParagraphBlock:
    return ParagraphBlock(id=block, text=words)


def test_a_number_and_a_figure_are_one_word_each() -> None:
    found = pieces("已销号258个，占14.8%。", "已销号{issues_closed}，占14.9%。")
    assert found == (
        Piece("same", "已销号"),
        Piece("gone", "258个"),
        Piece("new", "{issues_closed}"),
        Piece("same", "，占"),
        Piece("gone", "14.8%"),
        Piece("new", "14.9%"),
        Piece("same", "。"),
    )


@given(st.text(max_size=40), st.text(max_size=40))
def test_what_is_the_same_and_gone_is_the_old_text_and_with_the_new_the_new_one(old: str, new: str) -> None:
    found = pieces(old, new)
    assert "".join(piece.text for piece in found if piece.mark != "new") == old
    assert "".join(piece.text for piece in found if piece.mark != "gone") == new


def test_two_equal_bodies_do_not_differ() -> None:
    one = body(text("b1", "甲"), text("b2", "乙"))
    assert differences(one, one) == ()


def test_blocks_are_new_gone_changed_and_moved() -> None:
    old = body(text("b1", "甲"), text("b2", "乙"), text("b3", "丙"), text("b4", "丁"))
    new = body(text("b1", "甲"), text("b3", "丙丙"), text("b5", "戊"), text("b4", "丁"))
    found = [(one.what, one.part.id) for one in differences(old, new)]
    assert found == [("gone", "b2"), ("changed", "b3"), ("new", "b5")]
    turned = body(text("b4", "丁"), text("b1", "甲"), text("b2", "乙"), text("b3", "丙"))
    assert [(one.what, one.part.id) for one in differences(old, turned)] == [("moved", "b4")]


def test_another_level_or_another_option_is_told_although_the_words_are_the_same() -> None:
    old = body(HeadingBlock(id="b1", text="总体情况"), TableBlock(id="b2", columns=("单位",)))
    new = body(
        HeadingBlock(id="b1", text="总体情况", level=2),
        TableBlock(id="b2", columns=("单位",), align=("right",)),
    )
    assert [one.what for one in differences(old, new)] == ["options", "options"]


@pytest.mark.parametrize("text", ["的" * 20_000, "的。" * 10_000, "一段话。" * 600])
def test_long_texts_are_compared_by_sentences_or_as_a_whole(text: str) -> None:
    found = pieces(text, text + "又一句。")
    assert "".join(one.text for one in found if one.mark != "gone") == text + "又一句。"
    assert "".join(one.text for one in found if one.mark != "new") == text


def test_many_long_paragraphs_share_what_may_be_looked_at() -> None:
    old, new = (
        Body(tuple(ParagraphBlock(id=f"b{n}", text="甲乙" * 1000 + last) for n in range(40)))
        for last in ("丙。", "丁。")
    )
    sizes = [len(one.pieces) for one in differences(old, new)]
    assert sizes[0] == 4
    assert sizes[-1] == 2
