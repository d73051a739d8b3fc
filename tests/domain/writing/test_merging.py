"""Two writers: what both wrote is there, what only one changed is taken, and where they met is said."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.writing.body import Block, Body, BodyHead, HeadingBlock, ParagraphBlock
from guatu.domain.writing.body_json import body_of, plain
from guatu.domain.writing.merging import Clash, merge

WORDS = st.sampled_from(("甲", "乙", "丙", "丁"))


def line(key: str, text: str) -> ParagraphBlock:
    return ParagraphBlock(id=key, text=text)


def body(*texts: str) -> Body:
    return Body(tuple(line(f"b{place}", text) for place, text in enumerate(texts, start=1)))


@st.composite
def bodies(draw: st.DrawFn) -> Body:
    ids = draw(st.lists(st.sampled_from([f"b{n}" for n in range(1, 8)]), unique=True, max_size=6))
    blocks: list[Block] = [line(key, draw(WORDS)) for key in ids]
    if draw(st.booleans()):
        blocks.insert(0, HeadingBlock(id="h", text=draw(WORDS)))
    return Body(tuple(blocks), BodyHead(mark=draw(WORDS)), salutation=draw(WORDS), signature=draw(WORDS))


@given(bodies(), bodies())
def test_who_changed_nothing_changes_nothing(one: Body, other: Body) -> None:
    assert merge(one, other, one).body == other
    assert merge(one, one, other).body == other
    assert merge(one, other, other).body == other
    assert merge(one, other, one).clashes == merge(one, one, other).clashes == ()


@given(bodies(), bodies(), bodies())
def test_no_word_that_somebody_wrote_anew_is_lost(base: Body, theirs: Body, mine: Body) -> None:
    merged = merge(base, theirs, mine)
    before = {block.id: block for block in base.blocks}
    kept = [(type(block), block.text) for block in merged.body.blocks]  # type: ignore[union-attr]
    for side in (theirs, mine):
        for block in side.blocks:
            if before.get(block.id) != block:
                assert (type(block), block.text) in kept  # type: ignore[union-attr]


@given(bodies(), bodies(), bodies())
def test_every_block_of_what_is_merged_has_an_id_of_its_own(base: Body, theirs: Body, mine: Body) -> None:
    ids = [part.id for part in merge(base, theirs, mine).body.parts]
    assert len(ids) == len(set(ids))


@given(bodies(), bodies(), bodies())
def test_what_stands_twice_is_told_and_stands_beside_the_other(base: Body, theirs: Body, mine: Body) -> None:
    merged = merge(base, theirs, mine)
    told = {clash.other: clash.block for clash in merged.clashes if clash.what == "both"}
    ids = [block.id for block in merged.body.blocks]
    assert {part.id: part.beside for part in merged.body.unsettled} == told
    for other, stored in told.items():
        assert ids.index(other) == ids.index(stored) + 1


@given(bodies())
def test_a_body_reads_back_as_it_was_said(one: Body) -> None:
    assert body_of(plain(one)) == one


def test_changes_in_different_blocks_both_stand() -> None:
    base = body("一", "二", "三")
    merged = merge(base, body("一改", "二", "三"), body("一", "二", "三改"))
    assert merged.body == body("一改", "二", "三改")
    assert merged.clashes == ()


def test_a_block_that_both_changed_stands_twice_the_stored_first() -> None:
    base = body("一", "二")
    merged = merge(base, body("他写", "二"), body("我写", "二"))
    assert [block.text for block in merged.body.blocks] == ["他写", "我写", "二"]  # type: ignore[union-attr]
    assert merged.clashes == (Clash("both", "b1", merged.body.blocks[1].id),)


def test_a_block_deleted_by_one_and_changed_by_the_other_stays() -> None:
    base = body("一", "二")
    gone = Body(base.blocks[1:])
    assert merge(base, body("他改", "二"), gone).body == body("他改", "二")
    assert merge(base, body("他改", "二"), gone).clashes == (Clash("deleted_here", "b1"),)
    assert merge(base, gone, body("我改", "二")).body == body("我改", "二")
    assert merge(base, gone, body("我改", "二")).clashes == (Clash("deleted_there", "b1"),)


def test_new_blocks_of_both_that_happen_to_share_an_id_are_two_blocks() -> None:
    base = body("一")
    merged = merge(base, body("一", "他的新段"), body("一", "我的新段"))
    assert sorted(block.text for block in merged.body.blocks) == ["一", "他的新段", "我的新段"]  # type: ignore[union-attr]
    assert merged.clashes == ()
    assert merged.body.unsettled == ()


def test_a_new_block_stands_after_its_neighbour_when_the_other_moved_blocks() -> None:
    base = body("一", "二", "三")
    moved = Body((base.blocks[2], base.blocks[0], base.blocks[1]))
    mine = Body((base.blocks[0], line("n", "新"), base.blocks[1], base.blocks[2]))
    assert [block.id for block in merge(base, moved, mine).body.blocks] == ["b3", "b1", "n", "b2"]


@pytest.mark.parametrize("name", ["salutation", "signature"])
def test_a_line_of_the_head_that_both_changed_keeps_the_stored_and_tells_the_other(name: str) -> None:
    base = replace(body("一"), **{name: "旧"})
    merged = merge(base, replace(base, **{name: "他写"}), replace(base, **{name: "我写"}))
    assert getattr(merged.body, name) == "他写"
    assert merged.clashes == (Clash("head", name, text="我写"),)
