"""The roster counted: five answers that add up, rates that never exceed one, companies that add up to the whole."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.collection import (
    ANSWERS,
    Asked,
    Form,
    cells_asked,
    chain_for,
    draw_returns,
    judges,
    sample_of,
)
from guatu.domain.pack import builtin_pack
from guatu.domain.roster import HANDED, Row, completeness, parts

ROOT, JIA, F1, F1A = 1, 2, 3, 4


@st.composite
def rows(draw: st.DrawFn) -> Row:
    answer = draw(st.sampled_from(ANSWERS))
    handed = answer in HANDED
    phase = draw(st.sampled_from(("review", "closed"))) if handed else "open"
    return Row(
        pk=draw(st.integers(1, 10**6)),
        public_id="",
        number=f"BS-{draw(st.integers(1, 9999)):04d}",
        unit=draw(st.integers(10, 40)),
        code="",
        name="",
        level="third",
        line=(ROOT, draw(st.integers(2, 6)), draw(st.integers(10, 40))),
        answer=answer,
        state="",
        phase=phase,
        judge=draw(st.sampled_from(("second", "office"))) if phase == "review" else "",
        late=handed and draw(st.booleans()),
        sent_back=not handed and draw(st.booleans()),
    )


@given(st.lists(rows(), max_size=60))
def test_the_five_answers_add_up_and_no_rate_exceeds_one(roster: list[Row]) -> None:
    tally = completeness(roster)
    assert tally.data + tally.nil + tally.not_applicable + tally.not_due + tally.missing == tally.asked
    assert tally.asked == len(roster) == tally.handed + tally.open
    assert tally.on_time + tally.late == tally.handed
    assert tally.accepted <= tally.reviewed <= tally.handed
    for share in (tally.completeness, tally.timeliness, tally.reviewed_share, tally.accepted_share):
        assert share is None if not roster else 0 <= share <= 1


@given(st.lists(rows(), max_size=60), st.integers(0, 4))
def test_companies_add_up_to_the_roster(roster: list[Row], depth: int) -> None:
    found = parts(roster, depth)
    whole = completeness(roster)
    for name in ("asked", "data", "nil", "not_due", "missing", "late", "accepted", "sent_back"):
        assert sum(getattr(part.tally, name) for part in found) == getattr(whole, name)


@pytest.mark.parametrize(
    ("chain", "asker", "line", "expected"),
    [
        (("second", "office"), ROOT, (ROOT, JIA, F1), ("second", "office")),
        (("second", "office"), ROOT, (ROOT, JIA), ("office",)),
        (("head", "second", "office"), ROOT, (ROOT, JIA), ("head", "office")),
        (("second", "office"), JIA, (ROOT, JIA, F1), ("second",)),
        (("head", "office"), JIA, (ROOT, JIA, F1), ("head", "second")),
        (("head",), JIA, (ROOT, JIA, F1), ("head",)),
        (("second",), ROOT, (ROOT, JIA), ("office",)),
        (("head", "second"), ROOT, (ROOT, JIA), ("head", "office")),
        (("head",), ROOT, (ROOT, JIA), ("head",)),
        ((), ROOT, (ROOT, JIA, F1), ("second",)),
    ],
)
def test_the_chain_of_a_unit_leaves_out_who_is_not_between(
    chain: tuple[str, ...], asker: int, line: tuple[int, ...], expected: tuple[str, ...]
) -> None:
    assert chain_for(chain, asker, ROOT, line) == expected


@pytest.mark.parametrize(
    ("state", "step", "expected"),
    [
        ("handed_in", "forward", True),
        ("handed_in", "send_back", True),
        ("reviewed", "accept", True),
        ("to_sign", "sign_to_second", False),
        ("handed_in", "amend", False),
        ("handed_in", "reduce", False),
        ("accepted", "reopen", False),
    ],
)
def test_which_steps_judge_for_others(state: str, step: str, *, expected: bool) -> None:
    flow = builtin_pack("theme-education").workflow("return")
    way = flow.transition(step)
    assert way is not None
    assert judges(flow, way, state) is expected


@given(st.lists(st.integers(1, 10**6), unique=True, min_size=1, max_size=80), st.integers(1, 100))
def test_a_sample_is_a_share_rounded_up_and_drawn_the_same_again(keys: list[int], percent: int) -> None:
    candidates = [(key, f"BS-{key:04d}") for key in keys]
    sample = draw_returns(candidates, percent, "种子")
    assert len(sample.returns) == -(-len(keys) * percent // 100)
    assert set(sample.returns) <= set(keys)
    assert draw_returns(reversed(candidates), percent, "种子") == sample
    form = Form("monthly", (Asked("revenue"),), datetime(2023, 11, 30, 18), more={"sample": sample.plain()})
    assert sample_of(form) == sample


def test_what_is_held_costs_no_cell() -> None:
    fields = (Asked("revenue"), Asked("people", "previous"), Asked("rd", "field:a.b", left_out=True))
    assert cells_asked(Form("monthly", fields, datetime(2023, 11, 30, 18))) == 1
