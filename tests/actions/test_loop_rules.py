"""Single rules of the closed loop, as claims about named people (docs/closed-loop.md)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from guatu.access.transitions import rows_to_move
from guatu.actions.delegations import delegate
from guatu.actions.evidence_opened import note_opened
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.standing import correct_item
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.figures import evaluate
from guatu.queries.items import item_page
from guatu.queries.todo import waiting
from guatu.queries.verify import verify
from guatu.records.models import Batch, Evidence, EvidenceOpened, Item, Post, Revision
from guatu.records.packs import pack_of
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
SEEN = {"verification": "现场看过"}


@pytest.fixture
def world() -> World:
    return small_world()


def signing(world: World, unit: str = "F1", on: date = DAY, **fields: str) -> Item:
    item = world.problem(unit, on, **fields)
    world.move("lu", "start", [item], on, fields={"owner": "陆文博"})
    words = {"measures_text": "加开窗口"}
    return world.move("lu", "submit_for_signature", [item], on, fields=words, evidence=(PAPER,))[0]


def verifying(world: World, unit: str = "F1", on: date = DAY, **fields: str) -> Item:
    item = signing(world, unit, on, **fields)
    world.move("ren", "sign_off", [item], on)
    return world.move("xu", "take_up", [item], on)[0]


def approve(world: World, who: str, items: Sequence[Item], on: date = DAY) -> list[Item]:
    return world.move(who, "approve", items, on, fields=SEEN, reason="内部管理事项，不公示")


def stand_in(world: World, giver: str, taker: str, on: date = DAY) -> None:
    with clock.fixed(on):
        post = Post.objects.get(person__username=giver)
        delegate(
            world.actor(giver),
            campaign=world.campaign,
            post=post.pk,
            taker=taker,
            first_day=on,
            last_day=on + timedelta(days=5),
        )


def newcomer(world: World, username: str, name: str, home: str) -> None:
    with clock.fixed(DAY):
        enter_people(world.actor("lin"), people=[NewPerson(username, name, home_unit=home)])


def opened(world: World, who: str, items: Sequence[Item]) -> None:
    with clock.fixed(DAY):
        pieces = Evidence.objects.filter(item__in=[item.pk for item in items]).values_list("pk", flat=True)
        note_opened(world.actor(who), campaign=world.campaign, evidence=list(pieces))


# The post that history names


def test_history_names_the_post_that_allowed_the_step_not_the_first(world: World) -> None:
    with clock.fixed(DAY):
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[Appointment("ji", "filler", "F1")])
    item = world.problem("F1", DAY)
    world.move("ji", "start", [item], DAY, fields={"owner": "陆文博"})
    assert Batch.objects.order_by("-seq")[0].post_name == "一厂填报员"


def test_one_batch_is_made_under_one_post(world: World) -> None:
    with clock.fixed(DAY):
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[Appointment("ji", "filler", "F1")])
    items = [world.problem("F1", DAY), world.problem("Y3", DAY)]
    with pytest.raises(BadInput, match="要用您的不同身份办理"):
        world.move("ji", "start", items, DAY, fields={"owner": "季长宁"})


def test_whoever_stands_in_signs_for_the_other(world: World) -> None:
    newcomer(world, "ye", "叶栖迟", "JIA")
    item = signing(world)
    stand_in(world, "ren", "ye")
    world.move("ye", "sign_off", [item], DAY)
    batch = Batch.objects.order_by("-seq")[0]
    assert (batch.actor_name, batch.post_name) == ("叶栖迟（代任子衡）", "一厂单位负责人")


# Four eyes and standing in


def test_who_filled_for_two_days_in_somebodys_place_does_not_verify(world: World) -> None:
    newcomer(world, "ye", "叶栖迟", "HY")
    with clock.fixed(DAY):
        appointment = Appointment("ye", "team_member", team="t3")
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[appointment])
    item = verifying(world)
    stand_in(world, "lu", "ye")
    with pytest.raises(NotAllowed, match="您代陆文博办理，陆文博是一厂填报员，按回避要求不能核验 WT-0001"):
        approve(world, "ye", [item], DAY + timedelta(days=20))


def test_who_stands_in_for_a_verifier_of_the_unit_is_barred_like_him(world: World) -> None:
    newcomer(world, "ye", "叶栖迟", "HY")
    newcomer(world, "mei", "梅若愚", "F1")
    with clock.fixed(DAY):
        appointment = Appointment("mei", "team_member", team="t3")
        appoint(world.actor("lin"), campaign=world.campaign, appointments=[appointment])
    item = verifying(world)
    stand_in(world, "mei", "ye")
    with pytest.raises(NotAllowed, match="您代梅若愚办理，梅若愚的原单位在 WT-0001 的责任单位之内"):
        approve(world, "ye", [item])


def test_what_was_filled_under_a_post_counts_against_whose_post_it_is(world: World) -> None:
    newcomer(world, "ye", "叶栖迟", "HY")
    item = signing(world)
    stand_in(world, "xu", "ye")
    with clock.fixed(DAY):
        edit_items(world.actor("ye"), campaign=world.campaign, edits=[Edit(item.pk, {"cause": "窗口少"})])
    world.move("ren", "sign_off", [item], DAY)
    world.move("bai", "take_up", [item], DAY)
    with pytest.raises(NotAllowed, match="由您填报或申请"):
        approve(world, "xu", [item])
    assert approve(world, "bai", [item])[0].state == "closed"


# Sending back and handing in again


def test_after_a_return_the_next_submission_says_what_was_done(world: World) -> None:
    item = verifying(world)
    back = world.move("xu", "send_back", [item], DAY, reason="缺回访记录")[0]
    assert (back.data["@sent_back"], back.data["@returns"]) == (True, 1)
    world.move("lu", "resume", [item], DAY)
    with pytest.raises(BadInput, match="上次被退回，再次提交须写整改说明"):
        world.move("lu", "submit_for_signature", [item], DAY)
    again = world.move("lu", "submit_for_signature", [item], DAY, reason="已回访，记录附后")[0]
    assert not again.data["@sent_back"] and again.data["@returns"] == 1


def test_a_return_in_the_unit_asks_for_nothing_more(world: World) -> None:
    item = signing(world)
    world.move("ren", "return_in_unit", [item], DAY, reason="补充说明")
    assert world.move("lu", "submit_for_signature", [item], DAY)[0].state == "signing"


def test_the_page_says_that_the_return_has_to_be_answered(world: World) -> None:
    item = verifying(world)
    world.move("xu", "send_back", [item], DAY, reason="缺回访记录")
    with clock.fixed(DAY):
        page = item_page(world.actor("lu"), world.campaign, item.public_id, day=DAY)
    step = next(move for move in page.moves if move.key == "submit_for_signature")
    assert step.reason and "上次被退回，须写整改说明" in step.asks


# Evidence


def test_evidence_of_the_last_round_proves_nothing_in_this_one(world: World) -> None:
    item = verifying(world)
    approve(world, "xu", [item])
    world.move("xu", "rebound", [item], DAY, reason="再次出现")
    world.move("lu", "resume", [item], DAY)
    with pytest.raises(BadInput, match="缺少佐证材料"):
        world.move("lu", "submit_for_signature", [item], DAY)


def test_evidence_that_was_withdrawn_closes_nothing(world: World) -> None:
    item = verifying(world)
    Evidence.objects.filter(item=item).update(withdrawn_batch=1)
    with pytest.raises(BadInput, match="佐证材料已撤回，不能办结"):
        approve(world, "xu", [item])


def test_what_is_put_right_at_once_needs_both_photos_and_an_outsider(world: World) -> None:
    values = {"category": "livelihood", "source": "supervision", "found_on": DAY.isoformat()}
    due = date(2023, 12, 20)
    item = world.create("xu", "problems", "F1", "消防通道堆物", DAY, fields=values, due=due, state="draft")
    photos = tuple(
        NewEvidence(title=kind, sha256="a" * 64, size=1, kind=kind)
        for kind in ("before_photo", "after_photo")
    )
    words = {"verification": "当场整改到位", "measures_text": "加开窗口", "owner": "陆文博"}
    more = {"fields": words, "reason": "当场整改，不公示"}
    with pytest.raises(BadInput, match="缺少佐证材料：整改后照片"):
        world.move("xu", "fix_at_once", [item], DAY, evidence=photos[:1], **more)
    with pytest.raises(NotAllowed):
        world.move("lu", "fix_at_once", [item], DAY, evidence=photos, **more)
    done = world.move("xu", "fix_at_once", [item], DAY, evidence=photos, **more)[0]
    assert (done.state, done.data["@applied_on"]) == ("closed", DAY.isoformat())


# Several at once


def test_several_are_verified_at_once_only_when_their_evidence_was_opened(world: World) -> None:
    items = [verifying(world), verifying(world)]
    opened(world, "xu", items[:1])
    with pytest.raises(BadInput, match=r"^WT-0002 的佐证材料您还没有全部打开看过，不能批量核验"):
        approve(world, "xu", items)
    opened(world, "bai", items[1:])  # somebody else's eyes do not count
    with pytest.raises(BadInput, match="还没有全部打开看过"):
        approve(world, "xu", items)
    opened(world, "xu", items)
    assert {item.state for item in approve(world, "xu", items)} == {"closed"}
    last = Revision.objects.filter(subject_kind="item", subject_id=items[0].pk).order_by("-version")[0]
    piece = Evidence.objects.get(item=items[0])
    assert f'"seen":[{piece.pk}]' in last.body


def test_what_people_reported_is_never_verified_in_bulk(world: World) -> None:
    items = [verifying(world), verifying(world, source="public")]
    opened(world, "xu", items)
    with pytest.raises(BadInput, match=r"^WT-0002 是群众反映的事项，不能批量核验"):
        approve(world, "xu", items)
    assert approve(world, "xu", items[1:])[0].state == "closed"


def test_evidence_out_of_reach_cannot_be_noted_as_opened(world: World) -> None:
    item = verifying(world)
    piece = Evidence.objects.get(item=item).pk
    with clock.fixed(DAY), pytest.raises(NotFound):
        note_opened(world.actor("ji"), campaign=world.campaign, evidence=[piece])
    opened(world, "xu", [item])
    opened(world, "xu", [item])
    assert EvidenceOpened.objects.count() == 1


# What lies on whose desk


def test_nobody_is_asked_to_verify_what_four_eyes_would_refuse(world: World) -> None:
    item = verifying(world)
    way = pack_of(world.campaign).workflow_of("problems").transition("approve")
    assert way is not None
    desk = {who: rows_to_move(world.actor(who, DAY), way, world.campaign, desk=True) for who in ("xu", "bai")}
    assert all(Item.objects.filter(rows, pk=item.pk).exists() for rows in desk.values())
    with clock.fixed(DAY):
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("bai", "filler", "F1A")]
        )
    rows = rows_to_move(world.actor("bai", DAY), way, world.campaign, desk=True)
    assert not Item.objects.filter(rows, pk=item.pk).exists()


def test_a_signature_on_paper_is_nobodys_daily_work(world: World) -> None:
    item = signing(world)
    asked = {
        who: waiting(world.actor(who, DAY), [world.campaign], DAY).filter(item=item).exists()
        for who in ("lu", "ren", "zhou")
    }
    assert asked == {"lu": False, "ren": True, "zhou": False}


# The root unit's own items


def own_item(world: World) -> Item:
    with clock.fixed(DAY):
        posts = [Appointment("guest", "filler", "HY"), Appointment("gu", "head", "HY")]
        appoint(world.actor("lin"), campaign=world.campaign, appointments=posts)
    item = world.problem("HY", DAY)
    world.move("guest", "start", [item], DAY, fields={"owner": "顾行舟"})
    fields = {"measures_text": "修订办法"}
    world.move("guest", "submit_for_signature", [item], DAY, fields=fields, evidence=(PAPER,))
    return world.move("gu", "sign_off", [item], DAY)[0]


@pytest.mark.parametrize(("step", "kind"), [("approve_own", "meeting"), ("approve_above", "superior")])
def test_who_recognised_it_is_kept_and_counted_apart(world: World, step: str, kind: str) -> None:
    item = own_item(world)
    more = {"fields": SEEN, "reason": "内部事项，不公示"}
    with pytest.raises(BadInput, match="没有文号"):
        world.move("lin", step, [item], DAY, decision="领导小组会议纪要", **more)
    closed = world.move("lin", step, [item], DAY, decision="领导小组会议纪要〔2023〕4号", **more)[0]
    assert closed.data["@decided_by"] == kind
    with clock.fixed(DAY):
        table = evaluate(world.campaign, ["issues_closed_by_decision"], days=[DAY], actor=world.actor("lin"))
        page = item_page(world.actor("lin"), world.campaign, item.public_id, day=DAY)
    assert table.result("issues_closed_by_decision").value == 1
    way = {"meeting": "会议认定", "superior": "上级认定"}[kind]
    assert [field.text for field in page.fields if field.label == "认定方式"] == [way]
    told = {change.label: change.after for change in page.timeline[0].changes}
    assert told["认定文件"] == "领导小组会议纪要〔2023〕4号"
    assert verify().broken == ""


# Dates


def test_an_application_is_not_dated_back_into_on_time(world: World) -> None:
    late = DAY + timedelta(days=10)
    with clock.fixed(DAY):
        item = world.problem("F1", DAY, due=DAY + timedelta(days=5))
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    fields = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], DAY, fields=fields, evidence=(PAPER,))
    moved = world.move("ren", "sign_off", [item], DAY, recorded=late)[0]
    assert moved.state_since == DAY and moved.data["@applied_on"] == late.isoformat()


def test_the_office_corrects_the_day_of_an_application_with_a_reason(world: World) -> None:
    item = signing(world)
    world.move("ren", "sign_off", [item], DAY + timedelta(days=4))
    version = Item.objects.get(pk=item.pk).version
    with clock.fixed(DAY + timedelta(days=5)):
        correct_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            withdraws=version,
            effective=DAY + timedelta(days=1),
            reason="当天已签字，录入迟了",
            state="applied",
        )
    now = Item.objects.get(pk=item.pk)
    assert now.data["@applied_on"] == (DAY + timedelta(days=1)).isoformat()
    assert verify().broken == ""


def test_a_correction_that_takes_an_application_back_takes_its_day_with_it(world: World) -> None:
    item = signing(world)
    world.move("ren", "sign_off", [item], DAY)
    version = Item.objects.get(pk=item.pk).version
    with clock.fixed(DAY):
        correct_item(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            withdraws=version,
            effective=DAY,
            reason="误点审签",
            state="signing",
        )
    now = Item.objects.get(pk=item.pk)
    assert now.state == "signing" and not now.data.get("@applied_on")
    assert verify().broken == ""


def test_the_move_of_an_unknown_step_changes_nothing(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY), pytest.raises(BadInput, match="没有“fly”这一步"):
        move_items(world.actor("lu"), campaign=world.campaign, transition="fly", moves=[Move(item.pk)])
