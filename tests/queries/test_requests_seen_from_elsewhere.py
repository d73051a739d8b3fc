"""A request looked at from another day, and what requests cost looked at from one company."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.actions.requests import change_cut_off, finish_request
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.queries.burden_meter import meter
from guatu.queries.returns import as_it_stood, form_of_request
from guatu.records.models import Item
from tests.actions.collection_scene import CUT_OFF, Collecting, at, collecting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Collecting:
    return collecting()


def test_a_request_of_a_past_day_has_the_state_and_the_cut_off_of_that_day(scene: Collecting) -> None:
    request, _returns = scene.send()
    later = datetime(2023, 12, 5, 12, 0)
    lin, campaign = scene.world.actor("lin"), scene.campaign
    with clock.fixed(at(26)):
        change_cut_off(
            lin, campaign=campaign, request=request.pk, cut_off=later, second_due=None, reason="顺延"
        )
    with clock.fixed(at(36)):
        finish_request(lin, campaign=campaign, request=request.pk)
    now = Item.objects.get(pk=request.pk)
    told = {}
    for day in (date(2023, 11, 25), date(2023, 11, 27), date(2023, 12, 6)):
        then = as_it_stood(now, day)
        told[day] = (then.state, form_of_request(then).cut_off)
    assert list(told.values()) == [("sent", CUT_OFF), ("sent", later), ("finished", later)]
    with pytest.raises(NotFound):
        as_it_stood(now, date(2023, 11, 1))
    assert now.state == "finished", "the request itself is left as it is"


def test_the_office_of_a_company_is_told_what_its_own_units_are_asked(scene: Collecting) -> None:
    with clock.fixed(date(2023, 11, 20)):
        appoint(operator(), campaign=scene.campaign, appointments=[Appointment("zhou", "office", "JIA")])
    scene.send(("F1", "F2", "Y3"))
    scene.send(("Y3",), who="he", unit="YI", title="乙公司内部月报")
    with clock.fixed(at(25)):
        mine = meter(scene.world.actor("zhou"), scene.campaign, date(2023, 11, 25))
        whole = meter(scene.world.actor("lin"), scene.campaign, date(2023, 11, 25))
    assert ([one.code for one in mine.requesters], mine.whole.returns) == (["HY"], 2)
    assert ({one.code for one in whole.requesters}, whole.whole.returns) == ({"HY", "YI"}, 4)
