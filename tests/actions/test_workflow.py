"""Who may move what: claims about named people."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.people import Appointment, appoint, end_post
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.records.models import Batch, Evidence, Item, Post, Revision, Spell
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def applied(world: World, found: Item | None = None) -> Item:
    """A problem of 一厂 that Lu filled, Ren signed off and Xu has taken up."""
    item = found or world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], DAY)
    return world.move("xu", "take_up", [item], DAY)[0]


def test_a_filler_cannot_close_her_own_problem(world: World) -> None:
    item = applied(world)
    with pytest.raises(NotAllowed, match="不能对 WT-0001 办理“同意销号”"):
        world.move("lu", "approve", [item], DAY, fields={"verification": "已看"})


def test_a_filler_cannot_write_the_verifiers_words_beforehand(world: World) -> None:
    item = world.problem("F1", DAY)
    words = {"verification": "整改到位，同意销号。"}
    with clock.fixed(DAY), pytest.raises(BadInput, match="“核验意见”由核验人在核验时填写"):
        edit_items(world.actor("lu"), campaign=world.campaign, edits=[Edit(item.pk, words)])
    fields = {"category": "livelihood", "source": "research", "found_on": DAY, **words}
    row = NewItem("problems", "F1", "食堂排队时间长", fields, "open", due=date(2023, 12, 20))
    with clock.fixed(DAY), pytest.raises(BadInput, match="“核验意见”由核验人在核验时填写"):
        create_items(world.actor("lu"), campaign=world.campaign, rows=[row])
    with pytest.raises(BadInput, match="“核验意见”由核验人在核验时填写"):
        world.move("lu", "start", [item], DAY, fields={"owner": "陆文博", **words})
    assert "verification" not in Item.objects.get(pk=item.pk).data


def test_what_the_verifier_wrote_stays_when_the_rest_is_edited(world: World) -> None:
    item = applied(world)
    world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})
    same = {"verification": "现场看过", "cause": "窗口少"}
    with clock.fixed(DAY):
        edit_items(world.actor("lin"), campaign=world.campaign, edits=[Edit(item.pk, same)])
    assert Item.objects.get(pk=item.pk).data["verification"] == "现场看过"


def test_a_filler_of_the_rival_company_does_not_even_find_it(world: World) -> None:
    item = applied(world)
    with pytest.raises(NotFound):
        world.move("ji", "approve", [item], DAY, fields={"verification": "已看"})


def test_a_team_verifies_its_assigned_unit_and_the_office_elsewhere(world: World) -> None:
    item = applied(world)
    assert world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})[0].state == "closed"
    elsewhere = world.problem("F2", DAY)
    with pytest.raises(NotFound):
        world.move("xu", "take_up", [elsewhere], DAY)


def test_a_verifier_who_once_filled_for_the_unit_is_barred(world: World) -> None:
    item = applied(world)
    with clock.fixed(DAY):
        appoint(
            world.actor("lin"), campaign=world.campaign, appointments=[Appointment("bai", "filler", "F1")]
        )
    with pytest.raises(NotAllowed, match="您是一厂填报员，按回避要求不能核验"):
        world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})
    post = Post.objects.get(person__username="bai", role="filler")
    with clock.fixed(DAY):
        end_post(world.actor("lin"), campaign=world.campaign, post=post.pk, day=DAY)
    with pytest.raises(NotAllowed, match="按回避要求不能核验"):
        world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})


def test_a_verifier_whose_home_is_the_unit_is_barred(world: World) -> None:
    item = applied(world)
    person = world.actor("bai").person
    Post.objects.get(person=person).person.__class__.objects.filter(pk=person).update(
        home_unit=world.unit("F1")
    )
    with pytest.raises(NotAllowed, match="您的原单位在 WT-0001 的责任单位之内"):
        world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})


def test_whoever_filled_on_behalf_is_barred_from_verifying(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        edit_items(
            world.actor("xu"), campaign=world.campaign, edits=[Edit(item.pk, {"description": "排队过长"})]
        )
    item = applied(world, Item.objects.get(pk=item.pk))
    with pytest.raises(NotAllowed, match="由您填报或申请"):
        world.move("xu", "approve", [item], DAY, fields={"verification": "现场看过"})
    assert world.move("bai", "approve", [item], DAY, fields={"verification": "现场看过"})[0].phase == "closed"


def test_the_root_units_own_problem_needs_a_decision_document(world: World) -> None:
    item = world.problem("HY", DAY)
    with clock.fixed(DAY):
        appoint(
            world.actor("lin"),
            campaign=world.campaign,
            appointments=[Appointment("guest", "filler", "HY"), Appointment("gu", "head", "HY")],
        )
    world.move("guest", "start", [item], DAY, fields={"owner": "顾行舟"})
    world.move(
        "guest", "submit_for_signature", [item], DAY, fields={"measures_text": "修订办法"}, evidence=(PAPER,)
    )
    world.move("gu", "sign_off", [item], DAY)
    with pytest.raises(NotAllowed):
        world.move("lin", "take_up", [item], DAY)
    with pytest.raises(BadInput, match="会议认定"):
        world.move("lin", "approve_own", [item], DAY, fields={"verification": "已议"})
    closed = world.move(
        "lin",
        "approve_own",
        [item],
        DAY,
        fields={"verification": "已议"},
        decision="领导小组会纪要〔2023〕4号",
    )
    assert closed[0].state == "closed"


def test_sending_back_needs_a_reason_and_closing_needs_an_opinion(world: World) -> None:
    item = applied(world)
    with pytest.raises(BadInput, match="须写明原因"):
        world.move("xu", "send_back", [item], DAY)
    with pytest.raises(BadInput, match="还缺：核验意见"):
        world.move("xu", "approve", [item], DAY)


def test_a_task_without_evidence_is_not_taken_and_paper_must_say_where_it_is(world: World) -> None:
    task = world.task("F1", DAY, DAY, date(2023, 12, 1))
    with pytest.raises(BadInput, match="缺少佐证材料"):
        world.move("lu", "submit", [task], DAY)
    with pytest.raises(BadInput, match="存放处、保管人"):
        world.move("lu", "submit", [task], DAY, evidence=(NewEvidence(title="台账"),))
    assert world.move("lu", "submit", [task], DAY, evidence=(PAPER,))[0].state == "submitted"
    assert Evidence.objects.get(item=task).keeper == "白露"
    assert world.move("zhou", "accept", [task], DAY)[0].phase == "closed"


def test_a_liaison_of_the_rival_company_cannot_accept(world: World) -> None:
    task = world.task("F1", DAY, DAY, date(2023, 12, 1))
    world.move("lu", "submit", [task], DAY, evidence=(PAPER,))
    with pytest.raises(NotFound):
        world.move("he", "accept", [task], DAY)


def test_a_move_from_the_wrong_state_says_the_state(world: World) -> None:
    item = world.problem("F1", DAY)
    with pytest.raises(BadInput, match="现为“待整改”，不能办理“报审签”"):
        world.move("lu", "submit_for_signature", [item], DAY)


def test_a_refused_move_leaves_nothing_behind(world: World) -> None:
    good, bad = world.problem("F1", DAY), world.problem("F2", DAY)
    before = (Revision.objects.count(), Batch.objects.count(), Spell.objects.count())
    with pytest.raises(NotFound):
        world.move("lu", "start", [good, bad], DAY, fields={"owner": "陆文博"})
    assert (Revision.objects.count(), Batch.objects.count(), Spell.objects.count()) == before
    assert Item.objects.get(pk=good.pk).state == "open"


def test_the_second_of_two_editors_is_told_of_the_first(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        edit_items(
            world.actor("lu"),
            campaign=world.campaign,
            edits=[Edit(item.pk, {"cause": "人手不足"}, version=1)],
        )
        with pytest.raises(Conflict, match="现为第 2 版，您看到的是第 1 版"):
            edit_items(
                world.actor("lin"),
                campaign=world.campaign,
                edits=[Edit(item.pk, {"cause": "窗口少"}, version=1)],
            )


def test_a_person_without_a_post_sees_and_does_nothing(world: World) -> None:
    item = world.problem("F1", DAY)
    with pytest.raises(NotFound):
        world.move("guest", "start", [item], DAY, fields={"owner": "方若谷"})


def test_the_same_key_and_body_is_answered_once_and_another_body_refused(world: World) -> None:
    row = NewItem(
        "problems",
        "F1",
        "食堂排队时间长",
        fields={"category": "livelihood", "source": "research", "found_on": DAY.isoformat()},
        state="open",
        due=date(2023, 12, 20),
    )
    with clock.fixed(DAY):
        lin = world.actor("lin")
        first = create_items(lin, campaign=world.campaign, rows=[row], idempotency_key="k1")
        again = create_items(lin, campaign=world.campaign, rows=[row], idempotency_key="k1")
        assert [i.pk for i in first] == [i.pk for i in again]
        assert Item.objects.filter(register="problems").count() == 1
        with pytest.raises(Conflict, match="k1"):
            create_items(lin, campaign=world.campaign, rows=[row, row], idempotency_key="k1")


def test_a_move_twice_with_one_key_happens_once(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        for _ in range(2):
            moved = move_items(
                world.actor("lu"),
                campaign=world.campaign,
                transition="start",
                moves=[Move(item.pk, fields={"owner": "陆文博"})],
                idempotency_key="start-1",
            )
            assert moved[0].state == "doing"
    assert Item.objects.get(pk=item.pk).version == 2


def test_unknown_things_are_named_in_the_sentence(world: World) -> None:
    with pytest.raises(BadInput, match="没有代码为“F9”的单位"):
        world.problem("F9", DAY)
    with pytest.raises(BadInput, match="没有“nothing”这个清单"):
        world.create("lin", "nothing", "F1", "x", DAY)
    item = world.problem("F1", DAY)
    with pytest.raises(BadInput, match="没有“fly”这一步"):
        world.move("lu", "fly", [item], DAY)
    with pytest.raises(BadInput, match="还缺：问题来源"):
        world.problem("F1", DAY, source="")
