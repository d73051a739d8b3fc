"""What is kept from people in whose reach it lies, on every day; and what today's rights show of the past."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import Actor, countable, operator, visible
from guatu.access.secrecy import readers_among, withheld, withheld_among
from guatu.access.system import system_actor
from guatu.actions.beside import set_units_beside
from guatu.actions.comments import add_comment
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.restricting import restrict_item
from guatu.actions.units import Placing, place_units
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.queries.items import item_page
from guatu.records.models import Item, Person, Spell
from guatu.records.models.units import STILL_KNOWN
from tests.people import World, small_world

BEGAN, DAY = date(2023, 10, 12), date(2023, 11, 30)
PEOPLE = ("lin", "gu", "zhou", "he", "lu", "ren", "ji", "xu", "bai")


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def items_of(actor: Actor, world: World) -> set[int]:
    return set(visible(actor, Item.objects.all(), world.campaign).values_list("pk", flat=True))


def everything(world: World) -> list[Item]:
    """A restricted problem, an ordinary one, and what the team has planned and noted."""
    open_one, restricted = world.problem("F1", BEGAN), world.problem("F1", BEGAN)
    with clock.fixed(DAY):
        readers = [Person.objects.get(username="ren").pk]
        restrict_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=restricted.pk,
            readers=readers,
            reason="涉及个人",
        )
    plan = world.create(
        "bai",
        "supervision",
        "F1",
        "到一厂督导",
        DAY,
        state="planned",
        fields={"planned_on": "2023-12-05", "unannounced": True},
    )
    fields = {"found_on": DAY.isoformat(), "category": "safety"}
    note = world.create("bai", "team_findings", "F1", "台账缺页", DAY, fields=fields)
    return [open_one, *Item.objects.filter(pk__in=[restricted.pk, plan.pk, note.pk]).order_by("pk")]


def test_one_item_at_a_time_is_kept_as_rows_are(world: World) -> None:
    items = everything(world)
    with clock.fixed(DAY):
        for who in PEOPLE:
            actor = world.actor(who)
            reached = set(countable(actor, Item.objects.all(), world.campaign).values_list("pk", flat=True))
            seen = items_of(actor, world)
            kept = {item.pk for item in items if withheld(actor, item, world.campaign)}
            assert kept == withheld_among(actor, items, world.campaign)
            assert seen == reached - kept, who


def test_of_many_people_those_may_be_told_who_see_it(world: World) -> None:
    items = everything(world)
    pks = {Person.objects.get(username=who).pk: who for who in PEOPLE}
    with clock.fixed(DAY):
        for item in items:
            told = {pks[pk] for pk in readers_among(item, world.campaign, pks)}
            sees = {who for who in PEOPLE if not withheld(world.actor(who), item, world.campaign)}
            reach = {
                who
                for who in PEOPLE
                if countable(world.actor(who), Item.objects.filter(pk=item.pk), world.campaign).exists()
            }
            assert told & reach == sees & reach


def test_the_console_reads_no_secret_and_the_program_works_on_all(world: World) -> None:
    items = everything(world)
    with clock.fixed(DAY):
        assert items_of(operator(), world) == {items[0].pk}
        assert withheld_among(system_actor(), items, world.campaign) == set()
        rows = visible(operator(), Spell.objects.all(), world.campaign)
        assert set(rows.values_list("item_id", flat=True)) == {items[0].pk}


def test_who_got_a_post_today_sees_the_past_of_the_unit(world: World) -> None:
    item = world.problem("F1", BEGAN)
    with clock.fixed(DAY):
        enter_people(operator(), people=[NewPerson("new", "常新", home_unit="F1")])
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("new", "filler", "F1")])
    with clock.fixed(date(2023, 12, 1)):
        page = item_page(world.actor("new"), world.campaign, item.public_id, day=date(2023, 10, 20))
    assert page.past


def test_a_unit_that_moved_is_reached_where_it_stands_today_and_was_grouped_where_it_stood(
    world: World,
) -> None:
    item = world.problem("F1", BEGAN)
    with clock.fixed(DAY):
        place_units(operator(), tree=world.tree, placings=[Placing("F1", DAY, parent="YI")])
    with clock.fixed(date(2023, 12, 1)):
        on_day = Spell.objects.filter(
            item=item, valid_from__lte=BEGAN, valid_to__gt=BEGAN, rec_to=STILL_KNOWN
        )
        assert on_day.get().a2 == world.unit("JIA").pk  # the tree of that day groups
        now = Item.objects.get(pk=item.pk)
        assert now.a2 == world.unit("YI").pk
        assert item.pk in items_of(world.actor("he"), world)
        assert item.pk not in items_of(world.actor("zhou"), world)


def test_contributing_supervising_and_second_lead_units_see_the_item_and_comment(world: World) -> None:
    item = world.problem("F1", BEGAN)
    with clock.fixed(DAY):
        assert item.pk not in items_of(world.actor("ji"), world)
        for role in ("contributing", "supervising"):
            set_units_beside(world.actor("lin"), campaign=world.campaign, item=item.pk, **{role: ["Y3"]})  # type: ignore[arg-type]
            assert item.pk in items_of(world.actor("ji"), world)
            add_comment(world.actor("ji"), campaign=world.campaign, item=item.pk, text="已配合")
            set_units_beside(world.actor("lin"), campaign=world.campaign, item=item.pk, **{role: []})  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            add_comment(world.actor("ji"), campaign=world.campaign, item=item.pk, text="还在吗")
