"""Requests and returns: the chain of review, the five answers, and how far a row has been recognised."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.collection import (
    ANSWERS,
    Asked,
    Form,
    answer_of,
    basis_in,
    fits_chain,
    form_of,
    is_late,
    next_judge,
)
from guatu.domain.loop_tracks import CHAIN
from guatu.domain.pack import builtin_pack
from guatu.domain.pack.collection import CHAIN as WHOLE

CUT_OFF = datetime(2023, 11, 30, 18, 0)
chains = st.lists(st.sampled_from(WHOLE), unique=True).map(
    lambda given: tuple(one for one in WHOLE if one in given)
)


def steps_of(chain: tuple[str, ...]) -> list[str]:
    """The states that a return goes through with this chain, taking every forward step that fits."""
    flow = builtin_pack("theme-education").workflow("return")
    state, met = flow.initial[0], [flow.initial[0]]
    while True:
        ahead = [
            way.to
            for way in flow.ways_from(state)
            if fits_chain(flow, way, state, {CHAIN: list(chain)})
            and flow.phase_of(way.to) in ("review", "closed")
        ]
        if not ahead:
            return met
        assert len(ahead) == 1, "one step and no other leads on"
        state = ahead[0]
        met.append(state)


@pytest.mark.parametrize(
    ("chain", "states"),
    [
        (("second", "office"), ["asked", "handed_in", "reviewed", "accepted"]),
        (("head", "second", "office"), ["asked", "to_sign", "handed_in", "reviewed", "accepted"]),
        (("office",), ["asked", "reviewed", "accepted"]),
        (("second",), ["asked", "handed_in", "accepted"]),
        (("head",), ["asked", "to_sign", "accepted"]),
        (("head", "office"), ["asked", "to_sign", "reviewed", "accepted"]),
    ],
)
def test_a_return_takes_every_station_of_its_chain_and_no_other(
    chain: tuple[str, ...], states: list[str]
) -> None:
    assert steps_of(chain) == states


@given(chains.filter(bool))
def test_rows_rise_with_every_judge_and_end_as_what_the_last_makes_of_them(chain: tuple[str, ...]) -> None:
    flow = builtin_pack("theme-education").workflow("return")
    order = ["reported", "signed", "second_tier", "office"]
    levels = [basis_in(flow, state, chain) for state in steps_of(chain)]
    assert levels[0] is None
    assert levels[1] == "reported"
    ends = {"head": "signed", "second": "second_tier", "office": "office"}
    assert levels[-1] == ends[chain[-1]]
    places = [order.index(level) for level in levels[1:] if level is not None]
    assert places == sorted(places)


def test_an_item_without_a_chain_takes_every_step() -> None:
    flow = builtin_pack("theme-education").workflow("task")
    assert all(fits_chain(flow, way, origin, {}) for way in flow.transitions for origin in way.origins)


@given(
    st.sampled_from(["draft", "open", "review", "closed"]),
    st.sampled_from([None, "data", "nil", "not_applicable"]),
    st.integers(-100, 100),
)
def test_every_unit_of_a_roster_stands_in_exactly_one_of_five_answers(
    phase: str, answer: str | None, hours: int
) -> None:
    moment = CUT_OFF + timedelta(hours=hours)
    found = answer_of(phase, answer, CUT_OFF, moment)
    assert found in ANSWERS
    assert (found in ("not_due", "missing")) == (phase not in ("review", "closed") or answer is None)
    if found == "missing":
        assert moment > CUT_OFF


def test_what_was_sent_back_is_missing_again_after_the_cut_off() -> None:
    assert answer_of("open", "data", CUT_OFF, CUT_OFF) == "not_due"
    assert answer_of("open", "data", CUT_OFF, CUT_OFF + timedelta(minutes=1)) == "missing"


def test_handed_in_at_the_stroke_of_the_hour_is_in_time() -> None:
    assert not is_late(CUT_OFF, CUT_OFF)
    assert is_late(CUT_OFF + timedelta(minutes=1), CUT_OFF)
    assert not is_late(None, CUT_OFF)


def test_nobody_is_left_after_the_last_judge() -> None:
    assert next_judge(("second", "office"), "") == "second"
    assert next_judge(("second", "office"), "office") == ""
    assert next_judge((), "") == ""


def test_a_form_comes_back_as_it_was_written() -> None:
    form = Form(
        register="monthly",
        fields=(Asked("revenue", "previous"), Asked("staff", "figure:staff_total", left_out=True)),
        cut_off=CUT_OFF,
        period=date(2023, 11, 30),
        second_due=date(2023, 11, 28),
        chain=("head", "office"),
        nil_allowed=False,
        rows="one",
        minutes=5,
    )
    assert form_of(form.plain()) == form
