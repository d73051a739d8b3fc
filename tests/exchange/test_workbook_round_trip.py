"""The workbook round trip: what comes back differs by exactly what was edited, and nothing of anybody's is lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.actions.items import Edit, edit_items
from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Cell
from guatu.exchange.workbook_return import MINE, THEIRS, apply, plan
from tests.fill_world import FREE, VALUES, FillWorld, at_work, cell_of, changed, line_of, numbers

pytestmark = pytest.mark.django_db
QUICK = (Phase.explicit, Phase.generate)
KEYS = [field.key for field in FREE]


@pytest.fixture
def fill() -> Iterator[FillWorld]:
    with at_work() as world:
        yield world


@st.composite
def edited(draw: st.DrawFn) -> dict[tuple[int, str], Any]:
    """(item, field) → the value that is typed, None for an emptied cell."""
    places = draw(
        st.lists(st.tuples(st.integers(0, 3), st.sampled_from(KEYS)), min_size=1, max_size=5, unique=True)
    )
    return {place: draw(st.none() | VALUES[place[1]]) for place in places}


def typed_into(
    fill: FillWorld, returned: Any, told: dict[tuple[int, str], Any]
) -> dict[tuple[int, str], Cell]:
    named = numbers(fill)
    return {
        (line_of(returned, named[item]), key): cell_of(key, value, returned, fill)
        for (item, key), value in told.items()
    }


def round_trip(fill: FillWorld, told: dict[tuple[int, str], Any]) -> None:
    """Export, edit, upload: the difference is exactly the edits; applied, the export says what was typed."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    named, before, out = numbers(fill), fill.stored(), fill.first
    told = {
        (i, k): v
        for (i, k), v in told.items()
        if not _goes_with_part(before, named[i], k, told.get((i, "kind")))
    }
    back = changed(out, typed_into(fill, out, told))
    found = plan(lin, campaign, back)
    wanted = {
        (named[item], key): value
        for (item, key), value in told.items()
        if value != before[named[item]][1].get(key)
    }
    said = {(row.number, cell.key): cell.value for row in found.difference.rows for cell in row.cells}
    assert found.difference.problems == ()
    assert said == wanted
    assert found.difference.new == () and found.difference.missing == ()
    done = apply(lin, campaign, found)
    assert (done.batch is None) == (not wanted)
    after = fill.stored()
    for number, (title, data) in before.items():
        now = {k: v for k, v in after[number][1].items() if v is not None}
        expected = {**data, **{k: v for (n, k), v in wanted.items() if n == number}}
        assert now == {k: v for k, v in expected.items() if v is not None}
        assert after[number][0] == title
    again = fill.returned(fill.given_out())
    assert plan(lin, campaign, again).difference.empty
    cells = typed_into(fill, again, told)
    keys = [str(cell) for cell in again.book.sheets[0].rows[0]]
    for (line, key), cell in cells.items():
        assert again.book.sheets[0].rows[line - 1][keys.index(key)] == cell


def _goes_with_part(before: Any, number: str, key: str, _kind: Any) -> bool:
    """An item whose part depends on its kind keeps its kind here: that rule has a test of its own."""
    return key == "kind" and before[number][1].get("part") is not None


@settings(max_examples=300, phases=QUICK)
@given(told=edited())
def test_the_difference_is_exactly_the_edits_and_applying_it_makes_the_export_equal(
    fill: FillWorld, told: dict[tuple[int, str], Any]
) -> None:
    with transaction.atomic():
        round_trip(fill, told)
        transaction.set_rollback(True)


@pytest.mark.soak
@settings(settings.get_profile("soak"), phases=QUICK)
@given(told=edited())
def test_the_difference_is_exactly_the_edits_ten_thousand_times(
    fill: FillWorld, told: dict[tuple[int, str], Any]
) -> None:
    with transaction.atomic():
        round_trip(fill, told)
        transaction.set_rollback(True)


def concurrent(
    fill: FillWorld, mine: dict[tuple[int, str], Any], theirs: dict[tuple[int, str], Any], keep: str
) -> None:
    """Somebody else edits while the workbook is out: a conflict where both changed the same cell to different values,
    both sides everywhere else; what was not chosen is in the history."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    named, before = numbers(fill), fill.stored()
    mine = {p: v for p, v in mine.items() if p[1] != "kind"}
    theirs = {p: v for p, v in theirs.items() if p[1] != "kind" and v != before[named[p[0]]][1].get(p[1])}
    out = fill.first
    by_item: dict[int, dict[str, Any]] = {}
    for (item, key), value in theirs.items():
        by_item.setdefault(item, {})[key] = value
    if by_item:
        edit_items(
            fill.actor("lin"),
            campaign=campaign,
            edits=[Edit(fill.items[i], values) for i, values in by_item.items()],
        )
    found = plan(lin, campaign, changed(out, typed_into(fill, out, mine)))
    conflicts = {
        (row.number, cell.key): cell
        for row in found.difference.rows
        for cell in row.cells
        if cell.kind == "conflict"
    }
    expected = {
        (named[item], key)
        for (item, key), value in mine.items()
        if (item, key) in theirs and value != before[named[item]][1].get(key) and value != theirs[item, key]
    }
    assert set(conflicts) == expected
    assert all(cell.by.startswith("林晓岚于") for cell in conflicts.values())
    if conflicts:
        with pytest.raises(BadInput, match="请选择保留哪一项"):
            apply(lin, campaign, found)
    choices = {
        (row.row, cell.key): keep
        for row in found.difference.rows
        for cell in row.cells
        if cell.kind == "conflict"
    }
    apply(lin, campaign, found, choices=choices)
    after = fill.stored()
    for item, number in enumerate(named):
        for key in KEYS:
            now = after[number][1].get(key)
            was = before[number][1].get(key)
            my, their = mine.get((item, key), was), theirs.get((item, key), was)
            if (number, key) in expected:
                assert now == (my if keep == MINE else their)
            else:
                assert now == (my if my != was else their)


@settings(max_examples=300, phases=QUICK)
@given(mine=edited(), theirs=edited(), keep=st.sampled_from([MINE, THEIRS]))
def test_concurrent_edits_give_conflicts_and_never_a_lost_value(
    fill: FillWorld, mine: Any, theirs: Any, keep: str
) -> None:
    with transaction.atomic():
        concurrent(fill, mine, theirs, keep)
        transaction.set_rollback(True)


@pytest.mark.soak
@settings(settings.get_profile("soak"), phases=QUICK)
@given(mine=edited(), theirs=edited(), keep=st.sampled_from([MINE, THEIRS]))
def test_concurrent_edits_give_conflicts_ten_thousand_times(
    fill: FillWorld, mine: Any, theirs: Any, keep: str
) -> None:
    with transaction.atomic():
        concurrent(fill, mine, theirs, keep)
        transaction.set_rollback(True)
