"""A multiplied home is a home: it verifies, and the copies count like what they were copied from."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from guatu.demo.copies import multiply
from guatu.domain import clock
from guatu.queries.verify.run import verify
from guatu.queries.wall import wall
from guatu.records.models import Item, Revision, Spell
from tests.queries.wall_world import DAY, World, build

pytestmark = pytest.mark.django_db
LATE = date(2023, 11, 30)


@pytest.fixture
def world() -> World:
    return build()


def cells(world: World) -> list[int]:
    with clock.fixed(DAY):
        page = wall(world.campaign, day=DAY, actor=world.actors["office"], zoom="third")
    return [cell.n for cell in page.rows[0].cells]


def indexes() -> set[str]:
    with connection.cursor() as cursor:
        return {
            name
            for table in ("records_item", "records_revision", "records_spell")
            for name in connection.introspection.get_constraints(cursor, table)
        }


def test_the_copies_verify_and_count_like_their_patterns(world: World) -> None:
    a = world.hand_down(0, "M11", date(2023, 9, 20), date(2023, 10, 20))
    b = world.hand_down(1, "H11", date(2023, 9, 20), date(2023, 12, 20))
    world.finish(a, "filler_m", "liaison_m", date(2023, 10, 10))
    world.move("filler_h", "acknowledge", [b], date(2023, 10, 1))
    once, standing = cells(world), indexes()
    before = Item.objects.count()
    with clock.fixed(DAY):
        added = multiply(world.campaign, 3000)
    assert added > 2900 and Item.objects.count() == before + added
    copies = added // 2
    assert cells(world) == [n * (copies + 1) for n in once]
    assert Item.objects.values("number").distinct().count() == before + added
    assert Spell.objects.filter(item_id__gt=b.pk).count() > added
    assert Revision.objects.filter(subject_kind="item").count() > 2 * added
    assert indexes() == standing
    assert verify().broken == ""


def test_the_next_item_gets_the_next_number_and_id(world: World) -> None:
    world.hand_down(0, "M11", date(2023, 9, 20), date(2023, 10, 20))
    with clock.fixed(DAY):
        multiply(world.campaign, 40)
    last = Item.objects.order_by("-id").values_list("id", "number")[0]
    item = world.hand_down(1, "H11", date(2023, 9, 20), date(2023, 12, 20), on=LATE)
    assert item.pk > last[0]
    assert int(item.number.rpartition("-")[2]) == int(last[1].rpartition("-")[2]) + 1
