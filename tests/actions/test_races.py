"""Two people at once: nothing lost, nothing doubled, nothing half written."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections

from guatu.actions import causes, findings, links, self_checks, workflow, writing
from guatu.actions import items as item_actions
from guatu.actions.causes import group_items
from guatu.actions.findings import NewFinding, Recorded, record_visit
from guatu.actions.hand_down import hand_down
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.self_checks import send_self_check
from guatu.actions.units import Placing, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Link
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def in_another_thread(act: Callable[[], object]) -> None:
    """Do it on a connection of its own, on the same fixed day, and wait for it."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            with clock.fixed(DAY):
                act()
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`meanwhile(module, name, act)`: somebody else does `act` just before the module's function `name` is first called."""

    def arrange(module: object, name: str, act: Callable[[], object]) -> None:
        original = getattr(module, name)
        waiting = [act]

        def late(*args: object, **named: object) -> object:
            if waiting:
                in_another_thread(waiting.pop())
            return original(*args, **named)

        monkeypatch.setattr(module, name, late)

    return arrange


def test_an_item_sent_back_meanwhile_is_not_closed(world: World, meanwhile: Callable[..., None]) -> None:
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], DAY)
    world.move("xu", "take_up", [item], DAY)
    meanwhile(workflow, "load_past", lambda: world.move("bai", "send_back", [item], DAY, reason="照片不清"))
    with pytest.raises(Conflict):
        world.move("xu", "approve", [item], DAY, fields={"verification": "现场看过"})
    assert Item.objects.get(pk=item.pk).state == "returned"
    assert verify().broken == ""


@pytest.mark.parametrize("moment", ["_work_out", "segments"])
def test_a_place_changed_meanwhile_is_in_the_items_lines(
    world: World, meanwhile: Callable[..., None], moment: str
) -> None:
    item = world.problem("F1", DAY)

    def move() -> None:
        place_units(world.actor("lin"), tree=world.tree, placings=[Placing("F1", DAY, parent="YI")])

    meanwhile(writing, moment, move)
    with clock.fixed(DAY):
        lin = world.actor("lin")
        edit_items(lin, campaign=world.campaign, edits=[Edit(item.pk, {"cause": "人手不足"})])
    assert world.unit("YI").pk in Item.objects.get(pk=item.pk).line
    assert verify().broken == ""


def test_one_key_used_by_two_processes_at_once_is_answered_once(
    world: World, meanwhile: Callable[..., None]
) -> None:
    fields = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}
    row = NewItem("problems", "F1", "食堂排队时间长", fields, "open", due=date(2023, 12, 20))

    def create() -> list[Item]:
        with clock.fixed(DAY):
            return create_items(
                world.actor("lin"), campaign=world.campaign, rows=[row], idempotency_key="key"
            )

    first: list[Item] = []
    meanwhile(item_actions, "write", lambda: first.extend(create()))
    second = create()
    assert [item.pk for item in second] == [item.pk for item in first]
    assert (Item.objects.count(), Batch.objects.filter(action="items.create").count()) == (1, 1)
    assert verify().broken == ""


def test_a_task_handed_down_by_several_at_once_comes_to_each_unit_once(world: World) -> None:
    key, ready = world.key_task(DAY), threading.Barrier(4)
    refused: list[BaseException] = []

    def down() -> None:
        try:
            with clock.fixed(DAY):
                lin = world.actor("lin")
                ready.wait()
                hand_down(
                    lin, campaign=world.campaign, task=key.pk, units=["F1", "F2", "Y3"], due=DAY, start=DAY
                )
        except BadInput as error:
            refused.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=down) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    units = Item.objects.filter(parent=key).values_list("unit__code", flat=True)
    assert sorted(units) == ["F1", "F2", "Y3"]
    assert len(refused) == 3
    assert verify().broken == ""


def test_two_who_group_the_same_items_at_once_make_one_group(
    world: World, meanwhile: Callable[..., None]
) -> None:
    first, second, third = (world.problem("F1", DAY) for _ in range(3))

    def group(*items: Item) -> list[Link]:
        with clock.fixed(DAY):
            pks = [item.pk for item in items]
            return group_items(world.actor("lin"), campaign=world.campaign, items=pks, title="窗口少")

    meanwhile(causes, "_problems", lambda: group(first, second))
    group(second, first, third)
    assert set(Link.objects.filter(kind="same_as").values_list("source", "target")) == {
        (second.pk, first.pk),
        (third.pk, first.pk),
    }
    with pytest.raises(BadInput, match="已在同一组"):
        group(second, third)
    assert verify().broken == ""


def test_one_visit_that_arrives_twice_at_once_is_recorded_once(
    world: World, meanwhile: Callable[..., None]
) -> None:
    day = DAY.isoformat()

    def record() -> Recorded:
        with clock.fixed(DAY):
            return record_visit(
                world.actor("bai"),
                campaign=world.campaign,
                unit="F1",
                title="到一厂督导",
                fields={"held_on": day, "team": "第三督导组", "kind": "visit"},
                findings=[NewFinding("配电箱没有上锁", {"found_on": day, "category": "safety"})],
                idempotency_key="visit",
            )

    made: list[Recorded] = []
    meanwhile(findings, "_held_on", lambda: made.append(record()))
    assert record() == made[0]
    assert Item.objects.filter(register__in=("supervision", "team_findings")).count() == 2
    assert verify().broken == ""


def test_one_question_that_arrives_twice_at_once_is_sent_once(
    world: World, meanwhile: Callable[..., None]
) -> None:
    case = world.problem("F1", DAY)

    def send() -> list[Item]:
        with clock.fixed(DAY):
            return send_self_check(
                world.actor("lin"),
                campaign=world.campaign,
                case=case.pk,
                units=["F2", "Y3"],
                question="有无同类",
                due=date(2023, 11, 20),
                idempotency_key="send",
            )

    made: list[Item] = []
    meanwhile(self_checks, "units_by_code", lambda: made.extend(send()))
    assert send() == made
    assert Item.objects.filter(register="self_checks").count() == 2
    assert verify().broken == ""


def test_two_who_link_the_same_items_at_once_make_one_link(
    world: World, meanwhile: Callable[..., None]
) -> None:
    case, other = world.problem("F1", DAY), world.problem("F2", DAY)

    def link() -> Link:
        with clock.fixed(DAY):
            return links.link_items(
                world.actor("lin"), campaign=world.campaign, kind="same_as", source=case.pk, target=other.pk
            )

    meanwhile(links, "NewLink", link)
    with pytest.raises(BadInput, match="已有这种关联"):
        link()
    assert Link.objects.filter(kind="same_as", ended_batch=None).count() == 1
    assert verify().broken == ""


def test_eight_writers_at_once_lose_nothing_and_number_without_gaps(world: World) -> None:
    fields = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}
    row = NewItem("problems", "F1", "食堂排队时间长", fields, "open", due=date(2023, 12, 20))
    failed: list[BaseException] = []

    def write_five() -> None:
        try:
            with clock.fixed(DAY):
                for _ in range(5):
                    create_items(world.actor("lin"), campaign=world.campaign, rows=[row])
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write_five) for _ in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failed == []
    numbers = sorted(Item.objects.values_list("number", flat=True))
    assert numbers == [f"WT-{n:04d}" for n in range(1, 41)]
    assert verify().broken == ""
