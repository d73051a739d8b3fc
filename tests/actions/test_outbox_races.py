"""Several workers at once: a day's reminders made once, a letter taken once, a rate that holds for all together."""

from __future__ import annotations

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connections

from guatu.actions.outbox import claim
from guatu.actions.reminders import remind
from guatu.domain import clock
from guatu.domain.reminding.rates import Limit
from guatu.records.models import ChannelState, Delivery, Message, ReminderDay
from tests.people import World, small_world

pytestmark = pytest.mark.django_db(transaction=True)
ZONE = ZoneInfo("Asia/Shanghai")
DUE = date(2023, 11, 17)
AT = datetime.combine(DUE, time(9, 5), tzinfo=ZONE)
WORKERS = 4


@pytest.fixture
def world() -> World:
    return small_world()


def together(act: object) -> None:
    """Let several workers do the same at once, each on a connection of its own."""
    ready, failed = threading.Barrier(WORKERS), []

    def run() -> None:
        try:
            with clock.fixed(AT):
                ready.wait()
                act()  # type: ignore[operator]
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]


def test_a_day_is_made_once_by_however_many_workers(world: World) -> None:
    world.problem("F1", date(2023, 11, 6), due=DUE)
    made: list[object] = []
    together(lambda: made.append(remind(world.campaign)))
    assert sum(one is not None for one in made) == 1
    assert ReminderDay.objects.count() == 1
    assert Message.objects.filter(kind="due_digest").count() == 2
    assert Delivery.objects.count() == 2


def test_workers_together_keep_the_rate_and_take_no_letter_twice(world: World) -> None:
    Delivery.objects.bulk_create(
        [
            Delivery(
                channel="wecom:群",
                addressee=f"g:{number}",
                fact=f"test:{number}",
                payload={"kind": "test"},
                next_at=AT,
                made_at=AT,
            )
            for number in range(20)
        ]
    )
    ChannelState.objects.create(key="wecom:群")
    limits, taken = (Limit(7, 60, 5),), []

    def work() -> None:
        while (found := claim("wecom:群", limits=limits, at=AT)) is not None:
            taken.extend(row.pk for row in found.rows)

    together(work)
    assert len(taken) == len(set(taken)) == 7
    assert claim("wecom:群", limits=limits, at=AT + timedelta(seconds=64)) is None
    assert claim("wecom:群", limits=limits, at=AT + timedelta(seconds=65)) is not None
