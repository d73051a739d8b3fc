"""A working group that looks after one aspect sees what belongs to it, and the chart, the lists and the search agree."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from guatu.access import Actor, get_item, operator, visible
from guatu.access.transitions import rows_to_move
from guatu.actions.beside import set_units_beside
from guatu.actions.comments import add_comment
from guatu.actions.documents import create_document
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.queries.pages import ItemFilters
from guatu.queries.registers import find_items, list_page, register_entries
from guatu.queries.wall import wall
from guatu.records.models import Item, Spell
from guatu.records.packs import pack_of
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, NOW = date(2023, 10, 12), date(2023, 11, 30)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    """Ye's working group looks after research, Meng's after rectification, both at the group."""
    found = small_world()
    with clock.fixed(date(2023, 10, 1)):
        enter_people(operator(), people=[NewPerson("ye", "叶栖迟", "HY"), NewPerson("meng", "孟书言", "HY")])
        posts = [
            Appointment("ye", "working_group", "HY", aspect="research"),
            Appointment("meng", "working_group", "HY", aspect="rectification"),
        ]
        appoint(operator(), campaign=found.campaign, appointments=posts)
    with clock.fixed(NOW):
        yield found


@pytest.fixture
def items(world: World) -> dict[str, Item]:
    """A task of research, a visit, a problem and a measure below it, one task of learning."""
    task = world.task("F1", DAY, DAY, date(2023, 12, 20))
    key = world.create(
        "lin",
        "key_tasks",
        "HY",
        "集中学习",
        DAY,
        fields={"aspect": "learning", "short_name": "集中学习", "order": 2},
    )
    learn = world.create(
        "lin",
        "unit_tasks",
        "F1",
        "集中学习",
        DAY,
        start=DAY,
        due=date(2023, 12, 20),
        parent=key.pk,
        task=key.pk,
    )
    visit = world.create(
        "lu",
        "visits",
        "F1",
        "走访",
        DAY,
        fields={"held_on": "2023-10-12", "visited_body": "车间", "solved": 1},
    )
    problem = world.problem("F1", DAY)
    return {"task": task, "learn": learn, "visit": visit, "problem": problem}


def seen(actor: Actor, world: World, model: type[Item] | type[Spell] = Item) -> set[str]:
    rows = visible(actor, model.objects.all(), world.campaign)
    named = rows.values_list("pk" if model is Item else "item", flat=True)
    numbers = Item.objects.filter(pk__in=named).exclude(register="key_tasks")
    return set(numbers.values_list("number", flat=True))


def test_a_group_sees_the_tasks_of_its_aspect_and_the_registers_that_belong_to_it(
    world: World, items: dict[str, Item]
) -> None:
    numbers = {name: item.number for name, item in items.items()}
    for model in (Item, Spell):
        assert seen(world.actor("ye"), world, model) == {numbers["task"], numbers["visit"]}
        assert seen(world.actor("meng"), world, model) == {numbers["problem"]}
        assert seen(world.actor("lin"), world, model) == set(numbers.values())


def test_the_chart_has_the_columns_of_the_aspect_and_no_empty_others(
    world: World, items: dict[str, Item]
) -> None:
    page = wall(world.campaign, day=NOW, actor=world.actor("ye"))
    assert [column.aspect for column in page.columns] == ["research"]
    assert sum(cell.n for cell in page.rows[0].cells) == 1
    assert [column.aspect for column in wall(world.campaign, day=NOW, actor=world.actor("lin")).columns] == [
        "learning",
        "research",
    ]


def test_the_list_agrees_with_the_chart(world: World, items: dict[str, Item]) -> None:
    ye = world.actor("ye")
    page = list_page(ye, world.campaign, "unit_tasks", ItemFilters(), day=NOW)
    assert [row.number for row in page.rows] == [items["task"].number]
    found = {
        one.number
        for item in items.values()
        for group in find_items(ye, world.campaign, item.number, day=NOW)
        for one in group.rows
    }
    assert found == {items["task"].number, items["visit"].number}


def test_registers_of_other_aspects_are_not_offered_as_empty_ones(
    world: World, items: dict[str, Item]
) -> None:
    offered = {one.key for one in register_entries(world.actor("ye"), world.campaign, day=NOW)}
    assert {"unit_tasks", "visits", "topics", "key_tasks"} <= offered
    assert not offered & {"problems", "measures", "study"}
    whole = {one.key for one in register_entries(world.actor("lin"), world.campaign, day=NOW)}
    assert "problems" in whole and "study" in whole


def test_what_is_of_another_aspect_does_not_exist_and_takes_no_comment(
    world: World, items: dict[str, Item]
) -> None:
    ye, problem = world.actor("ye"), items["problem"]
    with pytest.raises(NotFound):
        get_item(ye, problem.public_id, world.campaign)
    with pytest.raises(NotFound):
        add_comment(ye, campaign=world.campaign, item=problem.pk, text="请关注")
    add_comment(ye, campaign=world.campaign, item=items["task"].pk, text="请关注")


def test_a_contributing_unit_widens_no_aspect(world: World, items: dict[str, Item]) -> None:
    problem = items["problem"]
    set_units_beside(world.actor("lin"), campaign=world.campaign, item=problem.pk, contributing=["F2"])
    assert problem.number not in seen(world.actor("ye"), world)


def test_a_group_reads_the_documents_that_it_countersigns_and_is_asked_for_nothing_out_of_sight(
    world: World, items: dict[str, Item]
) -> None:
    """Documents are of no aspect; a measure of a problem is, and the other group is not asked about it."""
    document = create_document(
        world.actor("lin"), campaign=world.campaign, unit="HY", kind="report", as_of=NOW, title="工作情况报告"
    )
    ye = world.actor("ye")
    assert get_item(ye, document.public_id, world.campaign) == document
    assert "documents" in {one.key for one in register_entries(ye, world.campaign, day=NOW)}
    way = pack_of(world.campaign).workflow_of("documents").transition("agree")
    assert way is not None
    asked = Spell.objects.filter(
        rows_to_move(ye, way, world.campaign), register__in=("documents", "problems")
    )
    assert set(asked.values_list("item", flat=True)) == {document.pk}
