"""Kinds of relation that a text tells: each holds as written, and is flagged with one digit changed."""

from __future__ import annotations

import pytest

from guatu.domain.checker import check
from tests.domain.checker.seeded_errors import ARITHMETIC
from tests.domain.checker.told_relations import HOLDING, TOLD


def flagged(text: str) -> list[str]:
    return [finding.message for finding in check(text).findings if finding.kind in ARITHMETIC]


@pytest.mark.parametrize("text", [*(text for text, _slips in TOLD), *HOLDING])
def test_what_holds_together_is_not_flagged(text: str) -> None:
    assert flagged(text) == []


@pytest.mark.parametrize(
    ("text", "was", "now"),
    [(text, *slip.split(">")) for text, slips in TOLD for slip in slips.split()],
)
def test_one_wrong_digit_in_what_is_told_is_flagged(text: str, was: str, now: str) -> None:
    assert text.count(was) == 1
    assert flagged(text.replace(was, now)) != []


@pytest.mark.parametrize("text", ["本月1个，是上月的1倍，上月为0个。", "是上月的1倍，上月为0.0个，本月0个。"])
def test_a_multiple_of_nothing_is_no_finding(text: str) -> None:
    assert check(text).findings == ()
