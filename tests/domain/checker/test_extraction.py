"""How the reader of numerals and the arithmetic do on the labelled corpus; what a score counts."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from guatu.domain.checker import extract, times
from guatu.domain.checker.readings import Numeral
from guatu.domain.checker.scoring import Label, Score, labels_of, score
from tests.domain.checker.corpus_texts import ANOTHERS, NAMES, OPEN, loaded
from tests.domain.checker.seeded_errors import Outcome, arithmetic, outcome, planted


def scored(names: Sequence[str]) -> Score:
    total = Score()
    for name in names:
        text, data = loaded(name)
        total.add(score(labels_of(data), extract(text), times(text)))
    return total


def test_numerals_are_read_to_the_targets() -> None:
    found = scored(OPEN)
    assert found.all.precision >= 0.99, [n.text for n in found.wrong]
    assert found.all.recall >= 0.98, [label.text for label in found.missed]


def test_texts_by_another_hand_are_read_as_well() -> None:
    found = scored(ANOTHERS).all
    assert found.precision >= 0.99
    assert found.recall >= 0.98


def test_no_kind_of_figure_is_left_behind() -> None:
    for kind, tally in scored(OPEN).kinds.items():
        if tally.wanted >= 5:
            assert tally.precision >= 0.95 and tally.recall >= 0.94, kind


def test_measures_are_those_of_the_labels() -> None:
    assert scored(NAMES).measures.recall >= 0.99


def test_nothing_is_flagged_in_a_text_that_holds() -> None:
    for name in NAMES:
        assert [finding.message for finding in arithmetic(loaded(name)[0])] == [], name


@pytest.fixture(scope="module")
def planted_outcome() -> Outcome:
    texts = {name: loaded(name) for name in NAMES}
    return outcome(texts, list(planted(texts, 300, seed=5)))


def test_times_are_found() -> None:
    found = scored(NAMES).times
    assert found.precision >= 0.95
    assert found.recall >= 0.95


def test_most_planted_errors_are_found(planted_outcome: Outcome) -> None:
    assert planted_outcome.found / planted_outcome.planted >= 0.97


def test_a_flag_is_nearly_always_right(planted_outcome: Outcome) -> None:
    assert planted_outcome.right / planted_outcome.flags >= 0.95


def numeral(start: int, end: int, low: int, high: int, kind: str = "exact") -> Numeral:
    return Numeral(start, end, "", low, high, kind, "个", "")  # type: ignore[arg-type]


def test_another_number_in_the_right_place_is_a_miss_and_a_wrong_find() -> None:
    found = score([Label(0, 3, "12个", "figure", "exact", 12, 12)], [numeral(0, 3, 13, 13)])
    assert (found.all.wanted, found.all.found, found.all.right) == (1, 1, 0)
    assert len(found.missed) == len(found.wrong) == 1


def test_a_trap_that_is_taken_for_a_figure_costs_precision_only() -> None:
    labels = [Label(0, 3, "12个", "figure", "exact", 12, 12), Label(5, 6, "一", "trap", "outline")]
    found = score(labels, [numeral(0, 3, 12, 12), numeral(5, 6, 1, 1)])
    assert (found.all.precision, found.all.recall) == (0.5, 1.0)


def test_a_kind_that_is_neither_wanted_nor_found_is_not_told() -> None:
    assert score([], []).kinds == {}
    assert (score([], []).all.precision, score([], []).all.recall) == (1.0, 1.0)
