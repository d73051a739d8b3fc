"""The model of an official document: numbers, places, breaks and what may not be."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.document import (
    Annex,
    BriefingFoot,
    BriefingHead,
    Head,
    Heading,
    Imprint,
    Official,
    Paragraph,
    Run,
    Signatory,
    Signature,
    faults,
    numbered,
)
from guatu.domain.document.placing import (
    CHARACTERS,
    POINT,
    SMALL,
    TITLE,
    WIDTH,
    Placed,
    annex_heads,
    annex_note,
    foot_lines,
    mark_size,
    title_lines,
    width,
)
from guatu.domain.document.signing import SEAL_LINES, STAMP, signed_lines
from guatu.domain.style import lint

TEXT = (Paragraph((Run("各单位按期完成整改任务。"),)),)


def downward(**changes: object) -> Official:
    given: dict[str, object] = {
        "kind": "downward",
        "title": "关于做好整改工作的通知",
        "salutation": "各单位：",
        "blocks": TEXT,
        "head": Head("华岳集团文件", "华岳发〔2026〕1号"),
    }
    return Official(**{**given, **changes})  # type: ignore[arg-type]


def test_headings_are_numbered_in_turn_and_begin_anew_below_a_higher_one() -> None:
    blocks = [Heading(level, "题") for level in (1, 2, 2, 3, 4, 3, 1, 2)]  # type: ignore[arg-type]
    told = [block.text for block in numbered(blocks) if isinstance(block, Heading)]
    assert told == ["一、题", "（一）题", "（二）题", "1.题", "（1）题", "2.题", "二、题", "（一）题"]
    assert lint("\n".join(told)) == ()


def placed(signature: Signature) -> list[Placed]:
    return [piece for line in signed_lines(signature) for piece in line.pieces]


def test_without_a_seal_the_body_ends_two_characters_from_the_right_and_the_day_begins_two_after_it() -> None:
    body, day = placed(Signature(("华岳集团有限公司专项办",), "2026年1月5日"))
    assert body.indent + width(body.text) == CHARACTERS - 2
    assert day.indent == body.indent + 2


def test_a_longer_day_takes_the_right_edge_itself() -> None:
    body, day = placed(Signature(("办公室",), "2026年11月30日"))
    assert day.indent + width(day.text) == CHARACTERS - 2
    assert body.indent == day.indent - 2


def test_under_a_seal_the_day_ends_four_characters_from_the_right_and_the_body_is_centred_on_it() -> None:
    signature = Signature(("华岳集团",), "2026年11月30日", "seal")
    body, day = placed(signature)
    assert day.indent + width(day.text) == CHARACTERS - 4
    assert body.indent + width(body.text) / 2 == day.indent + width(day.text) / 2
    assert [line.blank for line in signed_lines(signature)] == [2, 0]


NAMES = ("集团办公室", "集团审计部", "集团财务部", "集团人力部", "集团安全部")


@pytest.mark.parametrize(("count", "rows"), [(2, [2]), (3, [3]), (4, [3, 1]), (5, [3, 2])])
def test_several_seals_stand_side_by_side_three_in_a_row_the_last_above_the_day(
    count: int, rows: list[int]
) -> None:
    *bodies, day = signed_lines(Signature(NAMES[:count], "2026年11月30日", "seal"))
    assert [len(line.pieces) for line in bodies] == rows
    assert [piece.text for line in bodies for piece in line.pieces] == list(NAMES[:count])
    assert [line.blank for line in bodies] == [2, *[SEAL_LINES - 1] * (len(rows) - 1)]
    (below,), last = day.pieces, bodies[-1].pieces[-1]
    assert below.indent + width(below.text) / 2 == pytest.approx(last.indent + width(last.text) / 2)
    for line in bodies:
        middles = [piece.indent + width(piece.text) / 2 for piece in line.pieces]
        apart = [(after - before) * WIDTH / CHARACTERS for before, after in pairwise(middles)]
        assert all(gap > 42 for gap in apart), "seals of 42 mm would touch"
        assert middles[0] * WIDTH / CHARACTERS >= 21


def test_names_too_long_for_three_in_a_row_stand_two_in_a_row_or_one_below_another() -> None:
    long = ("集团公司综合管理部门办", "集团公司纪检审计部门办", "集团公司财务资产部门办")
    assert [len(line.pieces) for line in signed_lines(Signature(long, "2026年1月5日", "seal"))] == [2, 1, 1]
    longest = tuple(f"华岳集团有限公司{name}" for name in long)
    assert [len(line.pieces) for line in signed_lines(Signature(longest, "2026年1月5日", "seal"))] == [1] * 4


def test_a_stamp_stands_four_characters_from_the_right_with_the_post_two_before_it() -> None:
    chair = Signatory("董事长、党委书记", "林晓岚")
    first, second, day = signed_lines(
        Signature(("华岳集团",), "2026年1月5日", "name_seal", (chair, Signatory("总经理")))
    )
    post, stamp = first.pieces
    assert stamp.indent + max(STAMP, width(stamp.text)) == CHARACTERS - 4
    assert post.indent + width(post.text) == stamp.indent - 2
    assert [piece.text for piece in second.pieces] == ["总经理"]
    assert (first.stamped, second.stamped, second.pieces[0].indent) == (True, False, post.indent)
    assert day.pieces[0].indent + width(day.pieces[0].text) == CHARACTERS - 4
    assert (first.blank, second.blank, day.blank) == (2, 1, 1)


@given(
    st.lists(st.text("集团公司办室", min_size=1, max_size=40), min_size=1, max_size=5),
    st.sampled_from(["none", "seal", "name_seal"]),
)
def test_no_signature_leaves_the_type_area(names: list[str], seal: str) -> None:
    signed = tuple(Signatory(name, name[:4]) for name in names)
    for line in placed(Signature(tuple(names), "2026年11月30日", seal, signed)):  # type: ignore[arg-type]
        assert line.indent >= 0
        assert line.indent + width(line.text) <= max(CHARACTERS, width(line.text))


def test_a_single_annex_has_no_number() -> None:
    one, two = Annex("任务分工表"), Annex("进度表")
    assert [line.text for line in annex_note([one])] == ["附件：任务分工表"]
    assert [line.text for line in annex_note([one, two])] == ["附件：1.任务分工表", "2.进度表"]
    assert annex_heads([one]) == ("附件",)
    assert annex_heads([one, two]) == ("附件1", "附件2")
    assert lint("\n".join(line.text for line in annex_note([one, two]))) == ()


def test_a_long_title_is_broken_in_like_lines_outside_of_names() -> None:
    title = "关于印发《集团公司专项工作实施方案》及2026年任务分工的通知"
    lines = title_lines(title)
    assert "".join(lines) == title
    assert len(lines) == 2
    assert any("《集团公司专项工作实施方案》" in line for line in lines)
    assert title_lines("关于做好整改工作的通知") == ("关于做好整改工作的通知",)


@given(st.text("关于开展专项工作的通知报告和2026", min_size=1, max_size=70))
def test_no_title_loses_a_character_and_no_line_is_too_wide(title: str) -> None:
    lines = title_lines(title)
    assert "".join(lines) == title
    assert all(lines)
    assert all(width(line) * TITLE * POINT <= WIDTH + 0.01 or _solid(line) for line in lines)


@pytest.mark.parametrize("title", ["长" * 20_000, "《" * 20_000, "《长" * 10_000 + "》"])
def test_a_title_of_any_length_is_broken_before_anybody_has_to_wait(title: str) -> None:
    assert "".join(title_lines(title)) == title


def _solid(line: str) -> bool:
    """Whether the line is one number that may not be broken, with what little stands beside it."""
    return any(character.isdigit() for character in line)


def test_copies_are_broken_one_character_from_either_edge_and_end_with_a_stop() -> None:
    names = tuple(f"第{n}区域公司综合管理部门" for n in "一二三四五六")
    (copies, printed) = foot_lines(downward(foot=Imprint(names, "华岳集团办公室", "2026年1月5日")))
    assert "".join(copies.rows) == "抄送：" + "，".join(names) + "。"
    assert all(width(row) * SMALL * POINT <= WIDTH - 2 * SMALL * POINT for row in copies.rows)
    assert copies.hang == 3
    assert (printed.rows, printed.right) == (("华岳集团办公室",), "2026年1月5日印发")


def test_a_letter_has_copies_and_no_printer() -> None:
    foot = Imprint(("集团领导",), "华岳集团办公室", "2026年1月5日")
    assert [line.rows for line in foot_lines(downward(kind="letter", foot=foot))] == [("抄送：集团领导。",)]


def test_a_mark_is_never_wider_than_the_type_area() -> None:
    for mark in ("简报", "华岳集团文件", "华岳集团有限公司专项工作领导小组办公室文件"):
        assert mark_size(mark) * POINT * width(mark) <= WIDTH


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (downward(title=" "), "没有标题"),
        (downward(head=None), "没有发文机关标志"),
        (downward(head=Head("华岳集团文件", "")), "没有发文字号"),
        (downward(head=Head("华岳集团文件", "华岳发[2026]第01号")), "〔2026〕1号"),
        (downward(head=Head("华岳集团文件", "华岳发〔2026〕　号")), "没有发文字号"),
        (downward(kind="order", head=Head("华岳集团令", ""), salutation=""), "没有令号"),
        (downward(kind="upward"), "应当标注签发人"),
        (downward(head=Head("华岳集团文件", "华岳发〔2026〕1号", signers=("林某",))), "只有上行文"),
        (downward(salutation=""), "没有主送机关"),
        (downward(foot=BriefingFoot()), "只有简报"),
        (downward(kind="briefing"), "没有报头"),
        (downward(kind="briefing", head=BriefingHead(" ", 1, "办公室", "2026年1月5日")), "没有报头"),
        (downward(kind="briefing", head=BriefingHead("工作简报", 0, "办公室", "2026年1月5日")), "从 1 起"),
    ],
)
def test_what_may_not_be_is_said_in_one_sentence(document: Official, said: str) -> None:
    (told,) = faults(document)
    assert said in told and "请" in told


def test_a_whole_document_has_no_faults() -> None:
    assert faults(downward()) == ()
    assert faults(downward(kind="plain", head=None, salutation="")) == ()
    assert faults(downward(kind="order", head=Head("华岳集团令", "第1号"), salutation="")) == ()
    meeting = BriefingHead("会议纪要", 3, "办公室", "2026年1月5日")
    assert faults(downward(kind="minutes", head=meeting, salutation="")) == ()
    brief = downward(
        kind="briefing", head=BriefingHead("工作简报", 3, "办公室", "2026年1月5日"), foot=BriefingFoot()
    )
    assert faults(brief) == ()
