"""An order and minutes as a writer's document becomes one: head, number, stamps, lists of who was there."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.document import Attendance, BriefingHead, Head, Official, Paragraph, Run, Signatory
from guatu.domain.document.from_written import Facts, dressed
from guatu.domain.document.ruling import faults
from guatu.domain.pack.letterhead import Letterhead
from guatu.domain.writing.laying_out import attendance

pytestmark = pytest.mark.sqlite
DAY = date(2026, 11, 30)
NAMED = Letterhead(
    mark="{organisation}文件", order="{organisation}令", minutes="{campaign}会议纪要", body="{organisation}"
).named({"organisation": "华岳集团", "campaign": "督办"})


def said(*texts: str) -> tuple[Paragraph, ...]:
    return tuple(Paragraph((Run(text),)) for text in texts)


TEXT = Official("plain", "公布值班办法", "", said("现予公布。"))


def test_an_order_has_its_own_mark_and_number_and_stamps_of_who_signs() -> None:
    made = dressed(
        TEXT,
        Facts("order", DAY, "7", recipients=("各单位",), signers=("董事长 林晓岚",), letterhead=NAMED),
    )
    assert made.kind == "order"
    assert made.head == Head("华岳集团令", "第7号")
    assert made.salutation == ""
    assert made.signature is not None
    assert (made.signature.seal, made.signature.signatories) == (
        "name_seal",
        (Signatory("董事长", "林晓岚"),),
    )
    assert faults(made) == ()


def test_an_order_without_a_number_is_told() -> None:
    assert faults(dressed(TEXT, Facts("order", DAY, letterhead=NAMED))) == (
        "令没有令号。请填写，例如“第1号”。",
    )


def test_minutes_have_a_name_and_an_issue_and_neither_addressees_nor_a_signature() -> None:
    made = dressed(TEXT, Facts("minutes", DAY, issue=3, recipients=("各单位",), letterhead=NAMED))
    assert made.kind == "minutes"
    assert isinstance(made.head, BriefingHead)
    assert (made.head.name, made.head.issue, made.salutation, made.signature) == ("督办会议纪要", 3, "", None)
    assert faults(made) == ()


def test_minutes_without_a_name_anywhere_have_no_head() -> None:
    assert dressed(TEXT, Facts("minutes", DAY)).kind == "plain"


def test_the_lists_at_the_end_of_minutes_are_who_was_there() -> None:
    text, lists = attendance(said("会议议定：", "出席：林晓岚、周明", "请假人员: 何静宜。"))
    assert text == said("会议议定：")
    assert lists == (Attendance("出席", ("林晓岚", "周明")), Attendance("请假", ("何静宜",)))
    assert attendance(said("出席：甲", "议定如下")) == (said("出席：甲", "议定如下"), ())
