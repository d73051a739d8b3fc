"""Two writers who edit the annexes at the same time: nothing lost, nothing doubled."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.writing.body import AnnexPart, Block, Body, ParagraphBlock
from guatu.domain.writing.merging import Clash, merge


def line(key: str, text: str) -> ParagraphBlock:
    return ParagraphBlock(id=key, text=text)


def annex(key: str, title: str, *texts: str) -> AnnexPart:
    return AnnexPart(
        id=key, title=title, blocks=tuple(line(f"{key}p{n}", text) for n, text in enumerate(texts))
    )


def texts(body: Body) -> list[str]:
    """Every text of the body's blocks, in reading order."""
    return [block.text for block in body.every_block]  # type: ignore[union-attr]


@st.composite
def three(draw: st.DrawFn) -> tuple[Body, Body, Body]:
    """What two began with and what each made of it: paragraphs changed, deleted, put in, moved; annexes begun and deleted.

    Every text says who wrote it and is written once, so that it can be counted afterwards.
    """
    base = Body(
        blocks=tuple(line(f"b{n}", f"base b{n}") for n in range(draw(st.integers(0, 2)))),
        annexes=tuple(
            annex(f"x{n}", f"附件{n}", *(f"base x{n} {k}" for k in range(draw(st.integers(0, 3)))))
            for n in range(draw(st.integers(0, 3)))
        ),
    )

    def blocks(own: tuple[Block, ...], who: str, place: str) -> tuple[Block, ...]:
        found: list[Block] = []
        for block in own:
            deed = draw(st.sampled_from(("keep", "keep", "change", "delete")))
            if deed != "delete":
                found.append(line(block.id, f"{who} {block.id}") if deed == "change" else block)
        for n in range(draw(st.integers(0, 2))):  # ids of new blocks may be those of the other's new ones
            found.insert(draw(st.integers(0, len(found))), line(f"n{place}{n}", f"{who} new {place} {n}"))
        return tuple(draw(st.permutations(found))) if draw(st.booleans()) else tuple(found)

    def side(who: str) -> Body:
        annexes = [
            replace(one, blocks=blocks(one.blocks, who, one.id))
            for one in base.annexes
            if draw(st.integers(0, 4)) > 0
        ]
        if draw(st.booleans()):
            key = draw(st.sampled_from(("y", f"y{who}")))
            title = draw(st.sampled_from(("新附件", f"{who}的附件")))
            annexes.append(AnnexPart(id=key, title=title, blocks=blocks((), who, "y")))
        return Body(blocks(base.blocks, who, "b"), annexes=tuple(draw(st.permutations(annexes))))

    return base, side("theirs"), side("mine")


@given(three())
def test_nothing_is_lost_and_nothing_is_doubled(all_three: tuple[Body, Body, Body]) -> None:
    base, theirs, mine = all_three
    merged = merge(base, theirs, mine).body
    counted = Counter(texts(merged))
    assert max(counted.values(), default=1) == 1
    for side in (theirs, mine):
        for text in texts(side):
            if not text.startswith("base"):
                assert counted[text] == 1
    for text in set(texts(base)) & set(texts(theirs)) & set(texts(mine)):
        assert counted[text] == 1
    ids = [part.id for part in merged.parts]
    assert len(ids) == len(set(ids))


@given(three())
def test_an_annex_stands_once_under_each_title(all_three: tuple[Body, Body, Body]) -> None:
    base, theirs, mine = all_three
    merged = merge(base, theirs, mine).body
    titles = [one.title for one in merged.annexes]
    assert len(titles) == len(set(titles))
    assert {one.title for one in theirs.annexes} & {one.title for one in mine.annexes} <= set(titles)
    assert not any(one.beside for one in merged.annexes)


def test_two_who_write_in_two_places_of_one_annex_get_one_annex_with_both() -> None:
    base = Body(annexes=(annex("x", "情况表", "一", "二", "三"),))
    theirs = Body(annexes=(annex("x", "情况表", "一改", "二", "三"),))
    mine = Body(annexes=(annex("x", "情况表", "一", "二", "三改"),))
    merged = merge(base, theirs, mine)
    assert merged.body.annexes == (annex("x", "情况表", "一改", "二", "三改"),)
    assert merged.clashes == ()


def test_of_two_new_titles_the_stored_one_stays_and_the_other_is_told() -> None:
    base, theirs, mine = (
        Body(annexes=(annex("x", title, "一"),)) for title in ("情况表", "他起的名", "我起的名")
    )
    merged = merge(base, theirs, mine)
    assert merged.body == theirs
    assert merged.clashes == (Clash("title", "x", text="我起的名"),)


def test_a_paragraph_that_both_changed_stands_twice_within_its_annex() -> None:
    base, theirs, mine = (
        Body(annexes=(annex("x", "情况表", text, "二"),)) for text in ("一", "他写", "我写")
    )
    merged = merge(base, theirs, mine)
    assert texts(merged.body) == ["他写", "我写", "二"]
    assert [one.beside for one in merged.body.unsettled] == ["xp0"]


def test_what_both_put_into_an_annex_that_both_began_is_there_once() -> None:
    theirs = Body(annexes=(annex("x", "情况表", "同一段", "他的"),))
    mine = Body(annexes=(annex("z", "情况表", "同一段", "我的"),))
    merged = merge(Body(), theirs, mine)
    assert sorted(texts(merged.body)) == sorted(["同一段", "他的", "我的"])
    assert merged.clashes == ()
