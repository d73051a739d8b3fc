"""PostgreSQL knows the size of what has just been loaded, so that the first page over it is planned for it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from guatu.actions.items import NewItem, create_items
from guatu.domain import clock
from guatu.records import statistics
from guatu.records.models import Campaign, Item, Revision, Spell
from tests.people import small_world

DAY = date(2023, 11, 6)


def known_rows(model: Any) -> int:
    """How many rows the planner believes in; -1 where nobody has looked."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = %s", [model._meta.db_table])
        return int(cursor.fetchone()[0])


@pytest.mark.postgres
def test_the_loaded_demo_is_known_to_the_planner_at_once(demo: Campaign) -> None:
    for model in (Item, Revision, Spell):
        assert known_rows(model) == pytest.approx(model.objects.count(), rel=0.05)


@pytest.mark.postgres
@pytest.mark.django_db
@pytest.mark.parametrize(("rows", "times"), [(statistics.MANY, 1), (20, 0)])
def test_many_rows_written_at_once_are_made_known_when_they_are_committed(
    django_capture_on_commit_callbacks: Any, rows: int, times: int
) -> None:
    world = small_world()
    wanted = [
        NewItem(
            register="problems",
            unit="F1",
            title=f"食堂排队时间长{number}",
            effective=DAY,
            fields={"category": "livelihood", "source": "research", "found_on": DAY.isoformat()},
            due=DAY,
            state="open",
        )
        for number in range(rows)
    ]
    with clock.fixed(DAY), django_capture_on_commit_callbacks(execute=True) as asked:
        create_items(world.actor("lin"), campaign=world.campaign, rows=wanted)
        create_items(world.actor("lin"), campaign=world.campaign, rows=wanted)
    assert asked.count(statistics.refresh) == times
    if times:
        assert known_rows(Item) >= 2 * rows
