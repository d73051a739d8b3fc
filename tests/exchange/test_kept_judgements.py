"""A judgement is kept as long as nothing that it depends on has changed, and no longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

from guatu.domain.checker import Decided
from guatu.domain.statements import Say, Statement
from guatu.exchange import kept_judgements
from guatu.exchange.judging import judge
from guatu.exchange.kept_judgements import judge_once
from guatu.queries.statements_now import Stated

pytestmark = pytest.mark.sqlite
TEXT = "列入问题清单4个。"
OURS = Statement(
    "issues_total", "问题清单", "figure", 3, 3, 3, "3个", "2023-11-30", "", Say(("个",), ("问题清单",))
)
KNOWN = Stated(date(2023, 11, 30), (OURS,), compared=(OURS,))


def test_what_was_judged_is_not_judged_again() -> None:
    assert judge_once(TEXT, KNOWN) is judge_once(TEXT, replace(KNOWN))


@pytest.mark.parametrize(
    "other",
    [
        replace(KNOWN, compared=(replace(OURS, value=4, low=4, high=4, text="4个"),)),
        replace(KNOWN, statements=(replace(OURS, label="问题"),)),
        replace(KNOWN, day=date(2023, 11, 29)),
        replace(KNOWN, decided=(Decided("列入问题清单□个", "个", None),)),
        replace(KNOWN, own_names=("集团",)),
        replace(KNOWN, campaign_names=("活动",)),
    ],
)
def test_whatever_changes_is_judged_anew(other: Stated) -> None:
    before = judge_once(TEXT, KNOWN)
    assert judge_once(TEXT, other) is not before
    assert judge_once(TEXT, other) == judge(TEXT, other)
    assert judge_once(TEXT + "已销号1个。", KNOWN) is not before


def test_readers_of_two_languages_share_no_words() -> None:
    with override("zh-hans"):
        ours = judge_once(TEXT, KNOWN)
    with override("en"):
        theirs = judge_once(TEXT, KNOWN)
    assert [one.head for one in ours.remarks] != [one.head for one in theirs.remarks]


def test_no_more_is_kept_than_the_memory_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_judgements, "MOST", 100)
    monkeypatch.setattr(kept_judgements, "LEAST", 1)
    monkeypatch.setattr(kept_judgements, "_kept", kept_judgements._Kept())
    first = judge_once("甲" * 40, KNOWN)
    judge_once("乙" * 40, KNOWN)
    assert judge_once("甲" * 40, KNOWN) is first
    judge_once("丙" * 40, KNOWN)
    assert kept_judgements._kept.characters <= 100
    assert judge_once("甲" * 40, KNOWN) is first, "what was asked for last goes last"
    assert judge_once("丁" * 200, KNOWN).checked.figures == ()
    assert kept_judgements._kept.characters <= 100


def test_texts_without_words_take_room_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_judgements, "_kept", kept_judgements._Kept())
    for day in range(700):
        judge_once("", Stated(date.fromordinal(738_000 + day)))
    assert len(kept_judgements._kept.found) <= kept_judgements.MOST // kept_judgements.LEAST
