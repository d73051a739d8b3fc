"""Units that are merged or sold: what goes over, what ends, and that every number before and after agrees."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from guatu.access import operator
from guatu.actions.beside import set_units_beside
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.standing import transfer_items
from guatu.actions.unit_correcting import correct_ending
from guatu.actions.units import Placing, end_unit, merge_unit, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.movement import Movement
from guatu.queries.figures import evaluate
from guatu.queries.movement import movement_page
from guatu.queries.verify import verify
from guatu.queries.wall import wall
from guatu.records.models import Batch, Item, ItemUnit, Person, Post, TeamUnit
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 16)
LAST = date(2023, 11, 30)


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    with clock.fixed(LAST):
        yield found


def merge(
    world: World, who: str = "lin", moving: tuple[int, ...] = (), unit: str = "F1", into: str = "F2"
) -> None:
    merge_unit(
        world.actor(who),
        campaigns=[world.campaign],
        tree=world.tree,
        unit=unit,
        into=into,
        day=DAY,
        reason="一厂并入二厂",
        moving=moving,
    )


def sold(world: World, unit: str) -> None:
    end_unit(world.actor("lin"), tree=world.tree, unit=unit, day=DAY, reason="转让")


def posts(world: World, code: str, on: date) -> set[tuple[str, str]]:
    rows = Post.objects.filter(unit__code=code, from_day__lte=on).exclude(to_day__lte=on)
    return set(rows.values_list("person__username", "role"))


def test_posts_end_with_the_unit_and_those_that_are_named_go_on_at_the_successor(world: World) -> None:
    filler = Post.objects.get(person__username="lu")
    merge(world, moving=(filler.pk,))
    before = DAY - timedelta(days=1)
    assert (posts(world, "F1", before), posts(world, "F1", DAY)) == (
        {("lu", "filler"), ("ren", "head")},
        set(),
    )
    assert (posts(world, "F2", before), posts(world, "F2", DAY)) == (set(), {("lu", "filler")})
    assert world.actor("ren").grants == ()
    assert [grant.unit for grant in world.actor("lu").grants] == [world.unit("F2").pk]
    assert verify().broken == ""


def test_a_team_that_was_assigned_to_the_unit_goes_on_with_the_successor(world: World) -> None:
    merge(world)
    team = TeamUnit.objects.filter(team__key="t3").order_by("pk")
    assert [(row.unit.code, row.from_day, row.to_day) for row in team] == [
        ("F1", BEGIN, DAY),
        ("Y3", BEGIN, None),
        ("F2", DAY, None),
    ]
    assert world.actor("xu").grants[0].assigned == {world.unit("F2").pk, world.unit("Y3").pk}
    merge(world, unit="F2", into="JIA")
    assert world.actor("xu").grants[0].assigned == {world.unit("JIA").pk, world.unit("Y3").pk}
    assert verify().broken == ""


def test_the_successor_takes_the_units_part_in_other_units_items(world: World) -> None:
    item, both = world.problem("JIA", BEGIN), world.problem("F2", BEGIN)
    for one in (item, both):
        set_units_beside(world.actor("lin"), campaign=world.campaign, item=one.pk, contributing=["F1"])
    merge(world)
    assert list(ItemUnit.objects.values_list("item", "unit__code", "role")) == [
        (item.pk, "F2", "contributing")
    ]
    assert verify().broken == ""


def test_figures_wall_and_movement_agree_before_and_after_a_merger(world: World) -> None:
    for unit in ("F1", "F1", "F2"):
        world.problem(unit, BEGIN)
    closed = world.problem("F1", BEGIN)
    world.close(closed, date(2023, 11, 10))
    task = world.task("F1", BEGIN, BEGIN, date(2023, 12, 20))
    lin, before = world.actor("lin"), DAY - timedelta(days=1)

    def numbers(on: date) -> tuple[object, ...]:
        table = evaluate(world.campaign, ["issues_total", "issues_closed"], days=[on], actor=lin)
        root = wall(world.campaign, day=on, actor=lin).rows[0]
        return table.result("issues_total").value, table.result("issues_closed").value, root.n, root.closed

    was = [numbers(on) for on in (before, DAY)]
    merge(world)
    world_now = [numbers(on) for on in (before, DAY)]
    assert world_now == was
    assert was[0] == (4, 1, 1, 0)
    assert Item.objects.get(pk=task.pk).unit.code == "F2"
    page = movement_page(lin, world.campaign, "problems", unit="JIA", first=date(2023, 11, 1), last=LAST)
    assert {row.label: row.counts for row in page.rows if row.counts != Movement()} == {
        "一厂": Movement(opening=3, moved_out=3),
        "二厂": Movement(opening=1, moved_in=3, closing=4),
    }
    assert (page.holds, page.total.counts) == (True, Movement(opening=4, closing=4))
    assert verify().broken == ""


def test_a_unit_with_open_items_ends_only_with_a_successor(world: World) -> None:
    for _n in range(7):
        world.problem("Y3", BEGIN)
    with pytest.raises(BadInput, match="该单位尚有 7 项未销号，请先指定承接单位，再办理合并。"):
        sold(world, "Y3")
    assert world.unit("Y3").line
    merge(world, unit="Y3", into="F2")
    assert set(Item.objects.values_list("unit__code", flat=True)) == {"F2"}
    assert verify().broken == ""


def test_a_unit_that_was_sold_leaves_every_number_from_that_day(world: World) -> None:
    gone, stays = world.problem("F1", BEGIN), world.problem("F2", BEGIN)
    world.close(gone, date(2023, 11, 10))
    lin = world.actor("lin")
    with clock.fixed(LAST):
        place_units(lin, tree=world.tree, placings=[Placing("F1A", DAY, parent="F2")])
        sold(world, "F1")

    def value(key: str, on: date) -> object:
        return evaluate(world.campaign, [key], days=[on], actor=lin).result(key).value

    before = DAY - timedelta(days=1)
    assert [(value("issues_total", on), value("issues_closed", on)) for on in (before, DAY)] == [
        (2, 1),
        (1, 0),
    ]
    page = movement_page(lin, world.campaign, "problems", first=date(2023, 11, 1), last=LAST)
    assert page.holds
    assert page.total.counts == Movement(opening=2, moved_out=1, closing=1)
    assert posts(world, "F1", DAY) == set()
    assert TeamUnit.objects.get(unit__code="F1").to_day == DAY
    assert stays.unit.code == "F2"
    assert verify().broken == ""


def test_a_unit_on_which_an_administrator_stands_is_not_ended_before_the_post_is_moved(world: World) -> None:
    with clock.fixed(BEGIN):
        enter_people(operator(), people=[NewPerson("tang", "唐思远", home_unit="F2")])
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("tang", "system_admin", "F2")])
    with pytest.raises(BadInput, match="二厂还有管理员身份"):
        sold(world, "F2")
    with pytest.raises(BadInput, match="二厂还有管理员身份"):
        merge(world, unit="F2", into="F1")
    assert Person.objects.get(username="tang").posts.get().to_day is None


def test_only_who_manages_units_merges_them(world: World) -> None:
    for who in ("zhou", "lu", "gu", "xu"):
        with pytest.raises(NotAllowed):
            merge(world, who)
    assert world.unit("F1").line


def test_a_merger_entered_by_mistake_is_corrected_and_what_was_known_stays_known(world: World) -> None:
    items = [world.problem("F1", BEGIN) for _n in range(3)]
    merge(world)
    known = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    with clock.fixed(LAST + timedelta(days=1)):
        lin = world.actor("lin")
        transfer_items(lin, campaign=world.campaign, items=[items[2].pk], to="Y3", reason="归口")
        correct_ending(lin, campaigns=[world.campaign], tree=world.tree, unit="F1", reason="单位选错")
        assert [Item.objects.get(pk=one.pk).unit.code for one in items] == ["F1", "F1", "Y3"]
        assert world.unit("F1A").line[-2] == world.unit("F1").pk
        assert verify().broken == ""

        def closing(known_at: int | None) -> dict[str, int]:
            page = movement_page(
                lin, world.campaign, "problems", unit="JIA", first=DAY, last=LAST, known_at=known_at
            )
            assert page.holds
            return {row.label: row.counts.closing for row in page.rows if row.counts.closing}

        assert (closing(None), closing(known)) == ({"一厂": 2, "二厂": 1}, {"二厂": 3})
        with pytest.raises(BadInput, match="一厂没有被合并或撤销，不必更正"):
            correct_ending(lin, campaigns=[world.campaign], tree=world.tree, unit="F1", reason="单位选错")


def test_a_correction_needs_a_reason_and_somebody_who_manages_units(world: World) -> None:
    sold(world, "F2")
    for who, reason, refusal in (("zhou", "转让未成", NotAllowed), ("lin", " ", BadInput)):
        with pytest.raises(refusal):
            correct_ending(
                world.actor(who), campaigns=[world.campaign], tree=world.tree, unit="F2", reason=reason
            )
    correct_ending(
        world.actor("lin"), campaigns=[world.campaign], tree=world.tree, unit="F2", reason="转让未成"
    )
    assert world.unit("F2").line
    assert verify().broken == ""
