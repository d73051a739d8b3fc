"""Units beside the lead unit: who may say so, what is refused, and that verify and four eyes know it."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import visible
from guatu.actions.beside import set_units_beside
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, GuatuError, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, ItemUnit
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def problem(world: World) -> Item:
    return world.problem("F1", date(2023, 10, 12))


def put(world: World, who: str, item: Item, **more: object) -> Item:
    with clock.fixed(DAY):
        return set_units_beside(world.actor(who), campaign=world.campaign, item=item.pk, **more)  # type: ignore[arg-type]


def beside(item: Item) -> set[tuple[str, str]]:
    return set(ItemUnit.objects.filter(item=item).values_list("unit__code", "role"))


def test_units_are_put_beside_and_taken_away_again_and_verify_follows(world: World) -> None:
    item = problem(world)
    put(world, "lu", item, contributing=["Y3", "F2"], supervising=["JIA"], second_lead="YI")
    assert beside(item) == {
        ("Y3", "contributing"),
        ("F2", "contributing"),
        ("JIA", "supervising"),
        ("YI", "lead"),
    }
    assert verify().broken == ""
    put(world, "zhou", item, contributing=["F2"], second_lead="", reason="分工调整")
    assert beside(item) == {("F2", "contributing"), ("JIA", "supervising")}
    assert Item.objects.get(pk=item.pk).version == 3
    assert verify().broken == ""
    put(world, "lin", item, contributing=["Y3", "F2"])
    assert verify().broken == ""


def test_verify_names_a_unit_beside_that_no_revision_tells_of(world: World) -> None:
    item = problem(world)
    put(world, "lu", item, contributing=["Y3"])
    ItemUnit.objects.filter(item=item).update(role="supervising")
    assert "配合单位" in verify().broken


def test_a_contributing_unit_sees_the_item_as_long_as_it_contributes(world: World) -> None:
    item = problem(world)

    def seen() -> bool:
        with clock.fixed(DAY):
            return visible(world.actor("ji"), Item.objects.filter(pk=item.pk), world.campaign).exists()

    assert not seen()
    put(world, "lu", item, contributing=["Y3"])
    assert seen()
    put(world, "lu", item, contributing=[])
    assert not seen()


@pytest.mark.parametrize(
    ("who", "error"),
    [("ji", NotFound), ("he", NotFound), ("ren", NotAllowed), ("xu", NotAllowed), ("gu", NotAllowed)],
)
def test_only_the_office_and_those_who_fill_for_the_lead_unit_say_who_takes_part(
    world: World, who: str, error: type[GuatuError]
) -> None:
    item = problem(world)
    with pytest.raises(error):
        put(world, who, item, contributing=["F2"])
    assert beside(item) == set()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"contributing": ["F1"]}, "牵头单位"),
        ({"contributing": ["F2"], "second_lead": "F2"}, "列了两次"),
        ({"contributing": ["F9"]}, "没有代码为“F9”的单位"),
    ],
)
def test_a_unit_stands_beside_an_item_once_and_never_beside_itself(
    world: World, given: dict[str, object], said: str
) -> None:
    item = problem(world)
    with pytest.raises(BadInput, match=said):
        put(world, "lu", item, **given)


def test_saying_what_holds_already_writes_nothing(world: World) -> None:
    item = problem(world)
    put(world, "lu", item, contributing=["F2"])
    before = Batch.objects.count()
    put(world, "lu", item, contributing=["F2"])
    assert Batch.objects.count() == before


def test_the_second_of_two_who_saw_the_same_version_is_told(world: World) -> None:
    item = problem(world)
    put(world, "lu", item, contributing=["F2"], version=1)
    with pytest.raises(Conflict):
        put(world, "zhou", item, contributing=["Y3"], version=1)


def test_a_request_that_comes_twice_is_written_once(world: World) -> None:
    item = problem(world)
    put(world, "lu", item, contributing=["F2"], version=1, idempotency_key="k1")
    before = Batch.objects.count()
    assert put(world, "lu", item, contributing=["F2"], version=1, idempotency_key="k1").pk == item.pk
    assert Batch.objects.count() == before


def test_who_took_part_once_does_not_verify(world: World) -> None:
    """Taking a unit out of an item does not make its people fit to close it."""
    from guatu.actions.people import Appointment, appoint

    item = problem(world)
    with clock.fixed(DAY):
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("bai", "filler", "F2")]
        )
    put(world, "lu", item, contributing=["F2"])
    put(world, "lu", item, contributing=[])
    day = date(2023, 11, 7)
    world.move("lu", "start", [item], day, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], day, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], day)
    world.move("xu", "take_up", [item], day)
    with pytest.raises(NotAllowed, match="按回避要求"):
        world.move("bai", "approve", [item], day, fields={"verification": "看过"})
