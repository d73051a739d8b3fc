"""Returns of requests are items like any other: their units hear of them, are reminded, and are named one level above."""

from __future__ import annotations

from datetime import datetime, time

import pytest

from guatu.actions.reminders import remind
from guatu.actions.requests import finish_request
from guatu.domain import clock
from guatu.domain.message_kinds import sentence
from guatu.records.models import Message
from tests.actions.collection_scene import ZONE, at, collecting

pytestmark = pytest.mark.django_db


def lines(username: str, *, unread: bool = False) -> list[str]:
    """What the inbox of a person says, the oldest first."""
    rows = Message.objects.filter(person__username=username).order_by("pk")
    return [
        sentence(row.kind, {"by": row.by_name.partition("（")[0], **row.params})
        for row in rows
        if not (unread and row.read_at)
    ]


def morning(moment: datetime) -> datetime:
    """Just after quiet hours of the same day."""
    return datetime.combine(moment.date(), time(8, 5), tzinfo=ZONE)


def test_units_hear_of_a_request_and_no_more_once_they_have_answered() -> None:
    scene = collecting()
    _request, returns = scene.send()
    assert [line for line in lines("lu") if "报送任务" in line] == lines("lu")
    assert len(lines("lu")) == len(lines("ren")) == len(lines("ji")) == 1
    assert "请于 2023-11-30 前报送。" in lines("lu")[0]
    scene.hand_in("lu", returns["F1"], at(28))
    assert not [line for line in lines("lu", unread=True) if "报送任务" in line]
    assert [line for line in lines("ji", unread=True) if "报送任务" in line]


def test_who_has_not_answered_is_reminded_and_named_one_level_above() -> None:
    scene = collecting()
    _request, returns = scene.send()
    scene.hand_in("lu", returns["F1"], at(28))
    told = {}
    for day in (30, 31, 36):  # the day itself, the day after, and after three working days
        with clock.fixed(morning(at(day))):
            remind(scene.campaign)
        told[day] = (len(lines("lu")), len(lines("ji")), lines("zhou"), lines("he"))
    assert told[30][:2] == (1, 2)
    assert told[31][:2] == (1, 3)
    assert told[31][2:] == ([], [])
    assert told[36][2] == ["“报送”：所属 1 家单位逾期未报：二厂。"]
    assert told[36][3] == ["“报送”：所属 1 家单位逾期未报：三院。"]


def test_nobody_is_reminded_of_a_request_that_is_finished() -> None:
    """The office closes the request with two returns missing: they stay missing, and nobody is told of them again."""
    scene = collecting()
    request, _returns = scene.send()
    with clock.fixed(at(29)):
        finish_request(scene.world.actor("lin"), campaign=scene.campaign, request=request.pk)
    before = {who: len(lines(who)) for who in ("lu", "ji", "zhou", "he")}
    for day in (30, 31, 36):
        with clock.fixed(morning(at(day))):
            remind(scene.campaign)
    assert {who: len(lines(who)) for who in before} == before
