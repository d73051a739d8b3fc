"""A writer's text said with a day's figures: what holds is printed by its rule, what does not is a gap with a reason."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.document.model import Paragraph
from guatu.domain.report import FigureSpan, TakenText, Text
from guatu.domain.statements import Number, Say, Statement
from guatu.domain.writing.body import Body, HeadingBlock, ParagraphBlock, TableBlock
from guatu.domain.writing.from_template import body_from, struck_out, taken_again
from guatu.domain.writing.laying_out import said_block
from guatu.domain.writing.saying import Gap, Sayable, gaps, plain_words

pytestmark = pytest.mark.sqlite


def said(key: str, value: Number | bool | None, text: str = "") -> Statement:
    kind = "claim" if isinstance(value, bool) else "figure"
    printed = text or (f"{value}个" if kind == "figure" and value is not None else "暂无数据")
    return Statement(
        key, f"名{key}", kind, value, None, None, printed, "2023-11-30", "", Say(measures=("个",))
    )


def say(**values: Number | bool | None) -> Sayable:
    return Sayable(
        {key: said(key, value) for key, value in values.items()},
        {"as_of": "2023年11月30日"},
        {"months": "各整月", "late": "逾期"},
    )


def test_a_figure_a_zero_and_a_name_are_said_as_they_are() -> None:
    found = say(a=3, b=0).spans("截至{as_of}，{a}，其中{b}。")
    assert plain_words(found) == "截至2023年11月30日，3个，其中0个。"
    assert [span.key for span in found if isinstance(span, FigureSpan)] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{a}", "没有数"),
        ("{no}", "不成立"),
        ("{months}", "还没有内容"),
        ("{gone}", "没有标识为“gone”的统计项"),
        ("<、{a}|{zero}>", "都没有数，或都是零"),
    ],
)
def test_what_cannot_be_said_is_a_gap_with_its_reason_and_no_number(text: str, why: str) -> None:
    one = say(a=None, no=False, zero=0)
    found = one.spans(f"共{text}。")
    [gap] = [span for span in found if isinstance(span, Gap)]
    assert why in gap.why
    assert gap.text.startswith("〔待定：")
    assert [unsaid.block for unsaid in gaps("b1", found, one)] == ["b1"]
    assert not [span for span in found if isinstance(span, FigureSpan)]


def test_a_joined_list_says_the_parts_that_have_something_to_say() -> None:
    assert say(a=3, b=0, c=2, d=None).words("<、甲{a}|乙{b}|丙{c}|丁{d}>") == "甲3个、丙2个"


def test_the_wording_of_a_place_stands_for_a_claims_own() -> None:
    assert say(up=True).words("{up:利润同比增长}") == "利润同比增长"


@given(st.text(alphabet="甲乙，。1 ", max_size=30), st.integers(0, 9))
def test_words_are_never_changed(words: str, value: int) -> None:
    one = say(a=value)
    assert one.words(words) == words
    assert one.words(f"{words}{{a}}{words}") == f"{words}{value}个{words}"


def test_lines_of_a_paragraph_become_paragraphs() -> None:
    block = said_block(ParagraphBlock(id="p", text="一{a}\n\n二"), say(a=1))
    assert block is not None
    assert [part.text for part in block.parts if isinstance(part, Paragraph)] == ["一1个", "二"]


def texts(*paragraphs: str) -> list[TakenText]:
    """A template of one heading, a subheading without text, and paragraphs; an empty one cannot be said."""
    lines = [TakenText(place, 0, text) for place, text in enumerate(paragraphs, start=2)]
    return [TakenText(0, 1, "情况"), TakenText(1, 2, "空"), TakenText(9, 1, "尾"), *lines]


def test_headings_without_text_below_are_left_out_of_what_is_taken() -> None:
    body = body_from("summary", texts("一", "", "三"), salutation="", signature="")
    assert [block.text for block in body.blocks] == ["尾", "一", "三"]  # type: ignore[union-attr]
    assert [block.source for block in body.blocks] == ["summary/9", "summary/2", "summary/4"]


def test_taken_again_brings_what_can_be_said_now_and_keeps_what_was_written() -> None:
    before = body_from("summary", texts("一", ""), salutation="", signature="")
    own = ParagraphBlock(id="own", text="自己的")
    written = Body((*before.blocks, own), before.head)
    fresh = body_from("summary", texts("一新", "二新"), salutation="", signature="")
    anew = taken_again(written, fresh).body
    assert [block.text for block in anew.blocks] == ["尾", "一新", "二新", "自己的"]  # type: ignore[union-attr]
    assert [block.id for block in anew.blocks][:2] == [block.id for block in before.blocks]
    assert taken_again(written, fresh, chosen=[]).body == written
    only = taken_again(written, fresh, chosen=[before.blocks[1].id]).body
    assert [block.text for block in only.blocks] == ["尾", "一新", "自己的"]  # type: ignore[union-attr]


def test_what_the_template_says_no_longer_stays() -> None:
    before = body_from("summary", texts("一", "二"), salutation="", signature="")
    fresh = body_from("summary", texts("一", ""), salutation="", signature="")
    assert taken_again(before, fresh).body == before


def test_what_a_writer_struck_out_stays_out_and_is_told_unless_it_is_asked_for() -> None:
    def said(second: str) -> Body:
        texts = [
            TakenText(0, 0, "开头"),
            TakenText(1, 1, "情况"),
            TakenText(2, 2, "其中"),
            TakenText(3, 0, "一"),
            TakenText(4, 0, second),
            TakenText(5, 1, "下一步"),
            TakenText(6, 0, "安排"),
        ]
        return body_from("summary", texts, salutation="", signature="")

    before, fresh = said(""), said("现在能说的")
    kept = replace(before, blocks=tuple(one for one in before.blocks if one.source[-1] in "0456"))
    dropped = struck_out(before, kept)
    assert dropped == ("summary/1", "summary/2", "summary/3")
    again = taken_again(kept, fresh, dropped=dropped)
    assert again.body == kept
    assert [block.text for block in again.left] == ["情况", "其中", "一", "现在能说的"]  # type: ignore[union-attr]
    assert [one.source for one in taken_again(kept, fresh).body.blocks] == [
        one.source for one in fresh.blocks
    ]
    later = replace(kept, dropped=dropped)  # as it is stored; brought back, it is struck out no more
    assert struck_out(later, kept) == dropped
    assert struck_out(later, fresh) == ()
    assert struck_out(Body((ParagraphBlock(id="a", text="甲", source="material:DX-0001"),)), Body()) == ()


def test_neighbouring_words_are_one_span() -> None:
    assert say(a=1).spans("甲{as_of}乙") == (Text("甲2023年11月30日乙"),)


def test_a_heading_is_laid_out_with_its_level() -> None:
    block = said_block(HeadingBlock(id="h", text="一", level=2), say())
    assert block is not None
    assert (block.parts[0].level, block.parts[0].text) == (2, "一")  # type: ignore[union-attr]


def test_a_table_without_a_word_prints_nothing() -> None:
    for empty in (TableBlock(id="t", columns=("", " "), rows=(("", ""),)), TableBlock(id="t", columns=())):
        block = said_block(empty, say())
        assert empty.empty and block is not None and block.parts == ()
    typed = said_block(TableBlock(id="t", columns=("", "数"), rows=(("", ""),)), say())
    assert typed is not None and len(typed.parts) == 1
