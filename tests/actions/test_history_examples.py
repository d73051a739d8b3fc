"""The worked examples of the exact semantics, through the actions and the database (day n = n November 2023)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db.models import Q

from guatu.actions.items import Edit, edit_items
from guatu.actions.standing import DueChange, change_due, correct_item
from guatu.actions.units import Placing, merge_unit, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Spell
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


def day(n: int) -> date:
    return date(2023, 10, 31) + timedelta(days=n)


def known(n: int | None) -> int:
    if n is None:
        return Batch.objects.order_by("-seq").first().seq
    found = Batch.objects.filter(recorded_on__lte=clock.end_of_day(day(n))).order_by("-seq").first()
    return found.seq


def stock(d: int, k: int | None, *conditions: Q, scope: str | None = None, world: World | None = None) -> int:
    seq = known(k)
    rows = Spell.objects.filter(
        *conditions, valid_from__lte=day(d), valid_to__gt=day(d), rec_from__lte=seq, rec_to__gt=seq
    )
    if scope is not None:
        assert world is not None
        unit = world.unit(scope)
        reach = Q(pk__in=[])
        for name in ("a1", "a2", "a3", "a4"):
            reach |= Q(**{name: unit.pk})
        rows = rows.filter(reach)
    return rows.exclude(phase__in=("draft", "void")).count()


CLOSED = Q(phase="closed")
OPEN = Q(phase__in=("open", "review"))


@pytest.fixture
def world() -> World:
    return small_world()


def visit(world: World, held: int, recorded: int, **fields: object) -> Item:
    values = {"held_on": day(held).isoformat(), "visited_body": "新桥社区", **fields}
    return world.create("lu", "visits", "F1", "走访新桥社区", day(held), day(recorded), fields=values)


def test_a_visit_recorded_late_counts_from_its_recording_on(world: World) -> None:
    visit(world, 28, 33)
    log = Q(register="visits")
    assert [stock(d, k, log) for d, k in ((30, 30), (30, None), (27, None))] == [0, 1, 0]
    assert Item.objects.get(register="visits").late_entry


def test_a_close_out_entered_late_counts_from_its_decision_day(world: World) -> None:
    item = world.problem("F1", day(1))
    world.close(item, day(29), day(32))
    assert [stock(d, k, CLOSED) for d, k in ((30, 30), (30, None), (28, None))] == [0, 1, 0]


def test_a_rebound_reopens_and_a_second_close_counts_again(world: World) -> None:
    item = world.problem("F1", day(1))
    world.close(item, day(10))
    world.move("xu", "rebound", [item], day(20), reason="复查时又出现排队")
    world.close(Item.objects.get(pk=item.pk), day(28))
    assert [stock(d, None, CLOSED) for d in (9, 10, 19, 20, 28)] == [0, 1, 1, 0, 1]
    entered = Spell.objects.filter(
        rec_to=2**62, enters=True, phase="closed", valid_from__gte=day(1), valid_from__lte=day(30)
    )
    assert entered.count() == 2
    assert Item.objects.get(pk=item.pk).round == 2


def test_an_extension_asked_late_is_refused_and_one_by_the_office_clears_the_lateness(world: World) -> None:
    item = world.problem("F1", day(1), due=day(10))
    with clock.fixed(day(12)):
        with pytest.raises(BadInput, match="时限已过"):
            change_due(
                world.actor("lin"),
                campaign=world.campaign,
                changes=[DueChange(item.pk, day(30))],
                kind="extension",
                reason="设备晚到",
            )
        change_due(
            world.actor("lin"),
            campaign=world.campaign,
            changes=[DueChange(item.pk, day(30))],
            kind="adjustment",
            reason="统一顺延",
            document="华岳办〔2023〕7号",
        )
    world.close(Item.objects.get(pk=item.pk), day(25))
    late = [stock(d, None, Q(phase="open", due__lt=day(d))) for d in (10, 11, 12, 25)]
    assert late == [0, 1, 0, 0]


def test_a_corrected_close_day_shows_the_old_one_to_an_earlier_known_at(world: World) -> None:
    item = world.problem("F1", day(1))
    world.close(item, day(15))
    version = Item.objects.get(pk=item.pk).version
    with clock.fixed(day(20)):
        correct_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            withdraws=version,
            effective=day(18),
            reason="核验记录日期写错",
            state="closed",
        )
    assert [stock(d, k, CLOSED) for d, k in ((16, 17), (16, 21), (18, 21), (18, 17))] == [1, 0, 1, 1]
    with pytest.raises(BadInput, match="早于上一条记录"):
        world.move("xu", "rebound", [item], day(12), day(21), reason="看错了")


def test_a_plain_field_has_one_value_per_known_at(world: World) -> None:
    service = world.create(
        "lin",
        "services",
        "F1",
        "送医下乡",
        day(10),
        fields={
            "held_on": day(10).isoformat(),
            "brand": "健康行",
            "place_kind": "school",
            "place": "青岗小学",
            "pupils": 140,
        },
    )
    with clock.fixed(day(31)):
        edit_items(
            world.actor("lin"),
            campaign=world.campaign,
            edits=[Edit(service.pk, {"pupils": 104})],
            reason="点数有误",
        )

    def pupils(d: int, k: int | None) -> int:
        seq = known(k)
        row = Spell.objects.get(
            item=service, valid_from__lte=day(d), valid_to__gt=day(d), rec_from__lte=seq, rec_to__gt=seq
        )
        return row.data["pupils"]

    assert [pupils(30, 30), pupils(30, None)] == [140, 104]


def test_a_move_recorded_late_changes_the_past_only_from_its_recording_on(world: World) -> None:
    world.problem("F1", day(1))
    with clock.fixed(day(35)):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F1", day(31), parent="YI")])
    answers = [
        tuple(stock(d, k, OPEN, scope=s, world=world) for s in ("JIA", "YI", "HY"))
        for d, k in ((30, None), (31, 33), (31, None))
    ]
    assert answers == [(1, 0, 1), (1, 0, 1), (0, 1, 1)]
    assert verify().broken == ""


def test_a_merger_takes_closed_items_along_and_the_group_is_always_the_sum(world: World) -> None:
    first, second = world.problem("F1", day(1)), world.problem("F1", day(1))
    world.close(first, day(10))
    world.close(second, day(20))
    with clock.fixed(day(25)):
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F1A", day(16), parent="F2")])
        merge_unit(
            world.actor("lin"),
            campaigns=[world.campaign],
            tree=world.tree,
            unit="F1",
            into="F2",
            day=day(16),
            reason="一厂并入二厂",
        )

    def counts(d: int, k: int | None) -> tuple[int, ...]:
        return tuple(
            stock(d, k, where, scope=s, world=world) for s in ("F1", "F2", "HY") for where in (CLOSED, OPEN)
        )

    assert counts(15, None) == (1, 1, 0, 0, 1, 1)
    assert counts(16, 17) == (1, 1, 0, 0, 1, 1)
    assert counts(16, None) == (0, 0, 1, 1, 1, 1)
    assert counts(20, None) == (0, 0, 2, 0, 2, 0)
    assert verify().broken == ""
