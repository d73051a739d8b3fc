"""What numbers are taken for: one of ours, asked, left, or wrong; measured on sentences of the demo and their neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest

from guatu.console.bench.extraction import bound
from guatu.domain.checker.bound_scoring import BindingTally, bound_tally
from guatu.domain.statements import Say, Statement
from tests.domain.checker.corpus_marks import FOLDER

DAY = date(2023, 11, 30)
MEETINGS = Statement(
    "meetings",
    "推进会",
    "figure",
    3,
    3,
    3,
    "3次",
    "2023-11-30",
    "",
    Say(measures=("次",), nouns=("推进会",), context=("召开",)),
)


@pytest.fixture(scope="module")
def tally() -> BindingTally:
    return bound(FOLDER / "bindings")


def test_the_set_holds_ours_and_as_many_that_only_look_so(tally: BindingTally) -> None:
    assert tally.own >= 60
    assert tally.neighbours >= 60


def test_hardly_a_number_is_taken_for_another(tally: BindingTally) -> None:
    assert tally.share(tally.wrong) <= 0.01, tally.mistaken


def test_most_are_bound_right_and_few_are_asked(tally: BindingTally) -> None:
    assert tally.share(tally.right) >= 0.78
    assert tally.share(tally.asked) <= 0.20


def judged(text: str, labels: Sequence[tuple[str, str | None]]) -> BindingTally:
    sentence: dict[str, Any] = {
        "text": text,
        "figures": [{"start": text.index(phrase), "phrase": phrase, "key": key} for phrase, key in labels],
    }
    return bound_tally(sentence, [MEETINGS], DAY, (), ())


def test_each_number_counts_once_by_what_became_of_it() -> None:
    own = judged("推进会3次。", [("3次", "meetings")])
    assert (own.own, own.right, own.wrong, own.asked, own.left) == (1, 1, 0, 0, 0)
    wrong = judged("推进会3次。", [("3次", None)])
    assert (wrong.neighbours, wrong.right, wrong.wrong) == (1, 0, 1)
    assert wrong.mistaken == ["推进会3次。 3次: meetings"]
    left = judged("例会4次。", [("4次", "meetings")])
    assert (left.left, left.right) == (1, 0)


def test_a_neighbour_that_is_asked_about_is_not_wrong() -> None:
    asked = judged("去年召开推进会3次。", [("3次", None)])
    assert (asked.asked, asked.wrong) == (1, 0)
