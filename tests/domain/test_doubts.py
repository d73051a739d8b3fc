"""Doubtful numbers are questioned, never refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.doubts import doubt
from guatu.domain.pack.register import Field

CARDS = Field(key="cards", label="家庭医生签约", type="integer", unit="户")
STEADY = Field(key="steady", label="在岗人数", type="integer", unit="人", jump=10)
SHARE = Field(key="share", label="完成率", type="percent", jump=20)


@pytest.mark.parametrize(
    ("field", "now", "then", "kind"),
    [
        (CARDS, 3260, 326, "tenfold"),
        (CARDS, 32, 326, "tenth"),
        (CARDS, 490, 326, "jump"),
        (CARDS, 480, 326, None),
        (CARDS, 326, 326, None),
        (CARDS, 0, 326, "gone"),
        (CARDS, 3, 0, None),
        (CARDS, 2, 1, None),
        (CARDS, 20, 2, "tenfold"),
        (CARDS, 326, None, None),
        (CARDS, None, 326, None),
        (CARDS, -326, 326, "sign"),
        (STEADY, 158, 143, "jump"),
        (STEADY, 150, 143, None),
        (SHARE, "95", "60", "jump"),
        (SHARE, "70", "60", None),
    ],
)
def test_a_number_is_questioned_against_the_period_before(
    field: Field, now: object, then: object, kind: str | None
) -> None:
    found = doubt(field, now, then)
    assert (found.kind if found else None) == kind


def test_the_question_names_both_numbers() -> None:
    found = doubt(CARDS, 3260, 326)
    assert found is not None
    assert found.question == "上期是 326户，这次是它的 10 倍。多打了一个 0 吗？"


def test_words_are_never_questioned() -> None:
    assert doubt(Field(key="note", label="说明", type="text"), "3260", "326") is None


@given(st.decimals(-(10**9), 10**9, places=2), st.decimals(-(10**9), 10**9, places=2))
def test_every_pair_of_numbers_gets_an_answer_and_the_same_number_none(now: object, then: object) -> None:
    money = Field(key="money", label="金额", type="money", minimum=None)
    found = doubt(money, str(now), str(then))
    assert found is None or found.question
    assert doubt(money, str(now), str(now)) is None
