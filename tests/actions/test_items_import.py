"""Many rows of one register in one batch: the rules of forms hold, all or nothing, the same file once."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.items import Edit, NewItem
from guatu.actions.items_import import apply_rows
from guatu.actions.standing import DueChange
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item, Revision
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
KEY = "a" * 64


@pytest.fixture
def world() -> World:
    return small_world()


def row(unit: str = "F1", title: str = "食堂排队时间长", **fields: object) -> NewItem:
    values = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat(), **fields}
    return NewItem("problems", unit, title, fields=values, state="open", due=date(2023, 12, 1))


def test_new_items_edits_and_due_days_are_one_batch(world: World) -> None:
    old = world.problem("F1", DAY)
    with clock.fixed(DAY):
        done = apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row("F2"), row("Y3", "路灯不亮")],
            edits=[Edit(old.pk, {"cause": "窗口少"}, title="食堂排队", version=1)],
            dues=[DueChange(old.pk, date(2023, 12, 31))],
            reason="按填报表录入",
        )
    assert (done.created, done.edited, done.again) == (2, 1, False)
    kept = Item.objects.get(pk=old.pk)
    assert (kept.title, kept.data["cause"], kept.due, kept.version) == (
        "食堂排队",
        "窗口少",
        date(2023, 12, 31),
        2,
    )
    assert [item.title for item in done.items[:2]] == ["食堂排队时间长", "路灯不亮"]
    assert Revision.objects.filter(batch=done.batch).count() == 3
    assert Batch.objects.get(seq=done.batch).action == "items.import"
    assert verify().whole


def test_many_new_items_get_the_keys_and_numbers_in_their_order(world: World) -> None:
    with clock.fixed(DAY):
        done = apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row("F1", f"第 {n} 个问题") for n in range(120)],
        )
    stored = list(Item.objects.order_by("pk"))
    assert [item.title for item in stored] == [f"第 {n} 个问题" for n in range(120)]
    assert [item.pk for item in stored] == [item.pk for item in done.items]
    assert stored[119].number == "WT-0120"
    with clock.fixed(DAY):
        assert world.problem("F2", DAY).number == "WT-0121"
    assert verify().whole


def test_the_same_file_again_writes_nothing(world: World) -> None:
    with clock.fixed(DAY):
        first = apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row()],
            idempotency_key=KEY,
        )
        again = apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row()],
            idempotency_key=KEY,
        )
    assert (again.batch, again.again) == (first.batch, True)
    assert [item.pk for item in again.items] == [item.pk for item in first.items]
    assert Item.objects.count() == 1


def test_the_same_key_with_other_rows_is_a_conflict(world: World) -> None:
    with clock.fixed(DAY):
        apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row()],
            idempotency_key=KEY,
        )
        with pytest.raises(Conflict):
            apply_rows(
                world.actor("lin"),
                campaign=world.campaign,
                register="problems",
                creates=[row(title="另一个问题")],
                idempotency_key=KEY,
            )


def test_nothing_asked_is_nothing_written(world: World) -> None:
    before = Batch.objects.count()
    done = apply_rows(world.actor("lin"), campaign=world.campaign, register="problems")
    assert (done.batch, done.items, Batch.objects.count()) == (None, (), before)


def test_one_bad_row_leaves_all_unwritten(world: World) -> None:
    with clock.fixed(DAY), pytest.raises(BadInput):
        apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="problems",
            creates=[row(), row(title="")],
        )
    assert Item.objects.count() == 0


def test_an_edit_of_a_version_that_has_passed_is_a_conflict(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        edits = [Edit(item.pk, {"cause": "窗口少"}, version=1)]
        apply_rows(world.actor("lin"), campaign=world.campaign, register="problems", edits=edits)
        with pytest.raises(Conflict):
            apply_rows(world.actor("lin"), campaign=world.campaign, register="problems", edits=edits)


def test_a_filler_writes_for_her_own_unit_only(world: World) -> None:
    theirs = world.problem("Y3", DAY)
    with clock.fixed(DAY):
        lu = world.actor("lu")
        with pytest.raises(NotFound):
            apply_rows(lu, campaign=world.campaign, register="problems", creates=[row("Y3")])
        with pytest.raises(NotFound):
            apply_rows(
                lu, campaign=world.campaign, register="problems", edits=[Edit(theirs.pk, {"cause": "无"})]
            )
        with pytest.raises(NotAllowed):
            apply_rows(world.actor("gu"), campaign=world.campaign, register="problems", creates=[row("F1")])
        mine = world.problem("F1", DAY)
        with pytest.raises(NotAllowed):
            apply_rows(
                lu,
                campaign=world.campaign,
                register="problems",
                dues=[DueChange(mine.pk, date(2024, 1, 1))],
                reason="录错了",
            )


def test_a_due_day_needs_its_reason_or_its_document(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        dues = [DueChange(item.pk, date(2024, 1, 1))]
        for kind in ("entry", "adjustment", "extension"):
            with pytest.raises(BadInput):
                apply_rows(
                    world.actor("lin"), campaign=world.campaign, register="problems", dues=dues, due_kind=kind
                )


def test_items_of_another_register_are_refused(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY), pytest.raises(BadInput):
        apply_rows(
            world.actor("lin"),
            campaign=world.campaign,
            register="visits",
            edits=[Edit(item.pk, {}, title="走访")],
        )


def test_whoever_edited_by_a_workbook_does_not_verify(world: World) -> None:
    """Four eyes: an import that changes an item counts like an edit, one that registers it like its registration."""
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        edits = [Edit(item.pk, {"cause": "窗口少"}, version=1)]
        xu = world.actor("xu")
        apply_rows(xu, campaign=world.campaign, register="problems", edits=edits)
        [made] = apply_rows(
            xu, campaign=world.campaign, register="problems", creates=[row("F1", "路灯不亮")]
        ).items
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move("lu", "start", [made], DAY, fields={"owner": "陆文博"})
    for each in (item, made):
        world.move(
            "lu", "submit_for_signature", [each], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
        )
        world.move("ren", "sign_off", [each], DAY)
    world.move("xu", "take_up", [item, made], DAY)
    with pytest.raises(NotAllowed):
        world.move("xu", "approve", [item], DAY, fields={"verification": "现场看过"})
    world.move("xu", "approve", [made], DAY, fields={"verification": "现场看过"})
