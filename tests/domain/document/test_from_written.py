"""A document dressed for sending: what its writer said stands, the pack's letterhead fills in the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from pydantic import ValidationError

from guatu.domain.document import (
    BriefingFoot,
    BriefingHead,
    Head,
    Imprint,
    Official,
    Paragraph,
    Run,
    Signature,
)
from guatu.domain.document.from_written import Facts, dressed
from guatu.domain.document.model import Kind
from guatu.domain.document.ruling import faults
from guatu.domain.pack.letterhead import Letterhead, NamedLetterhead

DAY = date(2026, 11, 30)
LETTERHEAD = Letterhead(
    mark="{organisation}{office}文件",
    letter="{organisation}{office}",
    briefing="{campaign}简报",
    code="督办",
    letter_code="督办函",
    body="{organisation}{office}",
    editor="{office}",
    printer="{office}",
    copies_to=("{leading_group}成员",),
    reported=("{organisation}领导",),
)
NAMED = LETTERHEAD.named(
    {"organisation": "华岳集团", "office": "督办室", "campaign": "督办", "leading_group": "督办小组"}
)
TEXT = Official("plain", "关于做好整改工作的通知", "", (Paragraph((Run("各单位按期完成。"),)),))


def sent(kind: Kind, official: Official = TEXT, **facts: object) -> Official:
    given = Facts(kind, DAY, recipients=("各单位", "各部门"), letterhead=NAMED)
    return dressed(official, replace(given, **facts))  # type: ignore[arg-type]


def test_a_notice_gets_its_mark_number_signature_and_imprint_from_the_letterhead() -> None:
    told = sent("downward", number="12")
    assert told.head == Head("华岳集团督办室文件", "督办〔2026〕12号")
    assert told.salutation == "各单位，各部门："
    assert told.signature == Signature(("华岳集团督办室",), "2026年11月30日")
    assert told.foot == Imprint(("督办小组成员",), "督办室", "2026年11月30日")
    assert faults(told) == ()


def test_a_letter_has_its_own_mark_and_sign() -> None:
    assert sent("letter", number="3").head == Head("华岳集团督办室", "督办函〔2026〕3号")


def test_only_a_document_upward_names_who_signs_it() -> None:
    upward = sent("upward", number="1", signers=("林晓岚",)).head
    downward = sent("downward", number="1", signers=("林晓岚",)).head
    assert isinstance(upward, Head) and isinstance(downward, Head)
    assert (upward.signers, downward.signers) == (("林晓岚",), ())


@pytest.mark.parametrize(
    ("number", "printed"),
    [
        ("", "督办〔2026〕　号"),
        ("007", "督办〔2026〕7号"),
        ("华岳办〔2026〕5号", "华岳办〔2026〕5号"),
        ("试行稿", "试行稿"),
    ],
)
def test_a_number_is_printed_whole_and_room_is_left_for_one_to_come(number: str, printed: str) -> None:
    head = sent("downward", number=number).head
    assert isinstance(head, Head) and head.number == printed


def test_what_the_writer_said_stands() -> None:
    own = Official(
        "downward",
        "题",
        "甲公司：",
        (),
        Head("甲公司文件", "甲发〔2026〕1号", "特急"),
        signature=Signature(("甲公司",), "2026年1月1日", "seal"),
        foot=Imprint(("乙公司",)),
    )
    told = sent("downward", own)
    assert (told.head, told.signature, told.salutation) == (own.head, own.signature, own.salutation)
    assert told.foot == Imprint(("乙公司",), "督办室", "2026年11月30日")


def test_without_any_mark_there_is_no_red_head_and_no_imprint() -> None:
    told = sent("downward", letterhead=NamedLetterhead(printer="办公室"))
    assert (told.kind, told.head, told.foot) == ("plain", None, None)


def test_other_papers_keep_no_head_but_are_signed() -> None:
    told = sent("plain")
    assert (told.kind, told.head) == ("plain", None)
    assert told.signature == Signature(("华岳集团督办室",), "2026年11月30日")


def test_a_briefing_has_its_name_number_editor_and_foot_and_no_signature() -> None:
    told = sent("briefing", issue=3, total=15)
    assert told.head == BriefingHead("督办简报", 3, "督办室", "2026年11月30日", 15)
    assert told.foot == BriefingFoot(("华岳集团领导",))
    assert told.signature is None
    assert faults(told) == ()


def test_a_letterhead_names_only_what_there_is() -> None:
    with pytest.raises(ValidationError, match="版头的文字"):
        Letterhead(mark="{problems_closed}文件")
    with pytest.raises(ValidationError, match="没有成对"):
        Letterhead(mark="{office文件")
