"""Completeness at (day, known-at) equals a recount from raw revisions, on random sequences of what people do."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as _DjangoCase

from guatu.actions.requests import amend_roster, change_cut_off
from guatu.actions.return_review import accept, forward, reopen, send_back
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from guatu.domain.loop_tracks import HANDED_AT
from guatu.domain.roster import Tally, completeness
from guatu.queries.returns import roster
from guatu.records.models import Batch, Item, Revision
from tests.actions.collection_scene import SENT, ZONE, Collecting, collecting

FILLERS = {"F1": "lu", "F2": "guest", "Y3": "ji"}
LIAISONS = {"F1": "zhou", "F2": "zhou", "Y3": "he"}
STEPS = (
    *("hand_in", "hand_in", "hand_in", "nil", "forward", "forward", "accept", "accept", "send_back"),
    *("amend", "reopen", "reduce", "add", "cut_off"),
)
acts = st.tuples(st.sampled_from(STEPS), st.sampled_from(sorted(FILLERS)), st.integers(1, 30))


def recount(request: int, day: date, known_at: int, moment: datetime) -> dict[str, int]:
    """The roster counted from revisions alone: the last value of each track by that day, as known at that batch."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    mine: dict[int, bool] = {}
    rows = Revision.objects.filter(subject_kind="item", batch_id__lte=known_at).order_by(
        "subject_id", "version"
    )
    for one in rows:
        body = json.loads(one.body)
        if body.get("plain"):
            mine[one.subject_id] = (
                body["plain"]["register"] == "returns" and body["plain"]["parent"] == request
            )
        if one.effective_on <= day:
            found[one.subject_id].update(body["dated"])
    counted: dict[str, int] = defaultdict(int)
    for subject, tracks in found.items():
        if not mine.get(subject) or "state" not in tracks or tracks["state"]["phase"] == "void":
            continue
        phase, answer = tracks["state"]["phase"], tracks.get("data.answer")
        cut_off = datetime.fromisoformat(tracks["data.@cut_off"])
        counted["asked"] += 1
        if phase in ("review", "closed"):
            counted[answer] += 1
            handed = datetime.fromisoformat(tracks["data.@handed_at"])
            counted["late" if handed > cut_off else "on_time"] += 1
            counted["accepted"] += phase == "closed"
        else:
            counted["not_due" if moment <= cut_off else "missing"] += 1
    return counted


def act(scene: Collecting, request: Item, step: str, code: str, moment: datetime) -> None:
    """One thing that somebody does; refused where it does not fit."""
    world, campaign = scene.world, scene.campaign
    item = (
        Item.objects.filter(parent=request, register="returns", unit__code=code).exclude(phase="void").first()
    )
    with clock.fixed(moment):
        lin = world.actor("lin")
        if step == "add":
            amend_roster(lin, campaign=campaign, request=request.pk, reason="核增", add=[code])
        elif step == "cut_off":
            until = moment.replace(tzinfo=None, hour=18) + timedelta(days=2)
            change_cut_off(
                lin, campaign=campaign, request=request.pk, cut_off=until, second_due=None, reason="调整"
            )
        elif item is None:
            return
        elif step == "reduce":
            amend_roster(lin, campaign=campaign, request=request.pk, reason="核减", reduce=[item.pk])
        elif step in ("hand_in", "nil"):
            answer = "data" if step == "hand_in" else "nil"
            words = "已改" if item.state == "returned" else ""
            scene.step(
                FILLERS[code],
                "hand_in_to_second",
                item,
                moment,
                fields={"answer": answer},
                reason=words,
                tracks={HANDED_AT: f"{moment:%Y-%m-%dT%H:%M}"},
            )
        elif step == "amend":
            scene.step(FILLERS[code], "amend", item, moment, reason="有误", tracks={HANDED_AT: None})
        elif step == "forward":
            forward(world.actor(LIAISONS[code]), campaign=campaign, returns=[item.pk])
        elif step == "accept":
            accept(lin, campaign=campaign, returns=[item.pk])
        elif step == "send_back":
            send_back(world.actor(LIAISONS[code]), campaign=campaign, return_=item.pk, reason="口径不对")
        else:
            reopen(lin, campaign=campaign, return_=item.pk, reason="口径不对")


class TestRosterOnRandomSequences(_DjangoCase):
    """Each example runs in a transaction of its own."""

    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(acts, min_size=4, max_size=16))
    def test_completeness_equals_a_recount_from_revisions(self, steps: list[tuple[str, str, int]]) -> None:
        """Both sides of every rate come from the same rows, at every day and every known-at."""
        scene = collecting()
        request, _returns = scene.send(("F1", "F2"))
        moment, marks = SENT, []
        for step, code, hours in steps:
            moment += timedelta(hours=hours)
            try:
                act(scene, request, step, code, moment)
            except GuatuError:
                continue
            marks.append(Batch.objects.order_by("-seq").values_list("seq", flat=True)[0])
        today = moment.date()
        now = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
        with clock.fixed(moment):
            for known in {*marks[::3], now}:
                for day in {SENT.date(), (SENT + timedelta(days=3)).date(), today}:
                    if day > today:
                        continue
                    shown = completeness(roster(scene.campaign, request, day, known))
                    seen_at = (
                        moment
                        if day == today
                        else datetime.combine(day, clock.end_of_day(day, ZONE).timetz())
                    )
                    expected = recount(request.pk, day, known, seen_at.replace(tzinfo=None))
                    assert_same(shown, expected)


def assert_same(shown: Tally, expected: dict[str, int]) -> None:
    """Every count that both know."""
    for name in ("asked", "data", "nil", "not_due", "missing", "late", "on_time", "accepted"):
        assert getattr(shown, name) == expected.get(name, 0), name
    assert shown.handed + shown.open == shown.asked


@pytest.mark.django_db
def test_a_past_known_at_keeps_the_roster_of_then() -> None:
    scene = collecting()
    request, returns = scene.send(("F1", "F2"))
    before = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    moment = SENT + timedelta(days=1)
    with clock.fixed(moment):
        amend_roster(
            scene.world.actor("lin"),
            campaign=scene.campaign,
            request=request.pk,
            reason="停产",
            reduce=[returns["F2"].pk],
        )
        day = moment.date()
        assert [row.code for row in roster(scene.campaign, request, day, before)] == ["F1", "F2"]
        assert [row.code for row in roster(scene.campaign, request, day)] == ["F1"]
