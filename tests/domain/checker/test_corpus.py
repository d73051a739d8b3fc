"""The extraction corpus itself: its labels stand where they say, leave no numeral out, and add up."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from tests.domain.checker.corpus_marks import FOLDER, KINDS, MARKED, NUMERAL, build, labels, written
from tests.domain.checker.corpus_texts import NAMES, loaded
from tests.domain.checker.seeded_errors import holds, span


def figures(data: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for item in data["items"] if item["class"] == "figure"]


def test_the_corpus_is_large_enough() -> None:
    everything = [figure for name in NAMES for figure in figures(loaded(name)[1])]
    assert len(NAMES) >= 15
    assert len(everything) >= 600
    assert set(Counter(figure["kind"] for figure in everything)) == KINDS


@pytest.mark.parametrize("name", NAMES)
def test_text_and_labels_are_those_of_the_marked_text(name: str) -> None:
    built = build((MARKED / f"{name}.txt").read_text(encoding="utf-8"))
    assert built.problems == []
    assert (FOLDER / f"{name}.txt").read_text(encoding="utf-8") == built.text
    assert (FOLDER / f"{name}.json").read_text(encoding="utf-8") == written(labels(name, built))


@pytest.mark.parametrize("name", NAMES)
def test_a_text_has_the_length_of_a_short_report(name: str) -> None:
    assert 600 <= len(loaded(name)[0]) <= 2500


@pytest.mark.parametrize("name", NAMES)
def test_every_label_stands_where_it_says(name: str) -> None:
    text, data = loaded(name)
    previous = 0
    for item in data["items"]:
        assert text[item["offset"] : item["end"]] == item["phrase"]
        assert previous <= item["offset"] < item["end"], item["phrase"]
        previous = item["end"]


@pytest.mark.parametrize("name", NAMES)
def test_every_numeral_is_classed(name: str) -> None:
    text, data = loaded(name)
    classed = [(item["offset"], item["end"]) for item in data["items"]]
    for run in NUMERAL.finditer(text):
        assert any(a <= run.start() and run.end() <= b for a, b in classed), text[
            run.start() - 8 : run.end() + 8
        ]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_an_interval_that_holds_its_value(name: str) -> None:
    for figure in figures(loaded(name)[1]):
        low, high, value = figure["low"], figure["high"], figure["value"]
        assert low is not None or high is not None, figure["phrase"]
        assert low is None or high is None or low <= high, figure["phrase"]
        assert figure["kind"] in KINDS
        assert figure["noun"], figure["phrase"]
        assert figure["kind"] in ("lower_bound", "upper_bound", "money", "percent") or (
            (low is None or low <= value) and (high is None or value <= high)
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_relation_holds(name: str) -> None:
    data = loaded(name)[1]
    spans = {figure["offset"]: span(figure) for figure in figures(data)}
    exact = frozenset(figure["offset"] for figure in figures(data) if figure["kind"] == "exact")
    for relation in data["relations"]:
        assert holds(relation, spans, exact), relation["expr"]


def test_sums_differences_and_shares_relate_the_figures_of_the_corpus() -> None:
    kinds = Counter(relation["type"] for name in NAMES for relation in loaded(name)[1]["relations"])
    assert kinds["part_whole"] >= 60
    assert kinds["share"] >= 60
    assert kinds["growth"] + kinds["decline"] >= 15
