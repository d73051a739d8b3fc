"""Ways round the loop that look harmless one by one: each is refused, or gains nothing."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.items import Edit, edit_items
from guatu.actions.links import link_items
from guatu.actions.notice import answer_objection, raise_objection
from guatu.actions.reinspection import Looked, record_reinspection
from guatu.actions.restricting import restrict_item
from guatu.actions.restructuring import merge_items, split_item
from guatu.actions.sign_off import restore_version
from guatu.actions.standing import DueChange, change_due
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.proposal_checks import Part
from guatu.queries.signed_versions import current_code
from guatu.records.models import Item, Link
from tests.people import PAPER, World, small_world

DAY = date(2023, 11, 6)


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def test_a_referral_dated_back_gains_the_unit_no_days(world: World) -> None:
    due, late = date(2023, 11, 20), date(2023, 11, 28)
    item = world.problem("F1", DAY, due=due)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move("lu", "refer_up", [item], DAY, late, reason="根源在上级")
    world.move("lu", "withdraw_referral", [item], late, reason="自己解决")
    now = Item.objects.get(pk=item.pk)
    assert (now.due, now.base_due) == (due, due)


def test_the_scan_of_an_earlier_application_signs_nothing_more(world: World) -> None:
    item = world.problem("F1", DAY)
    scan = NewEvidence(title="签章件", place="档案柜", keeper="白露", kind="signed_sheet")
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    code = str(current_code(Item.objects.get(pk=item.pk)))
    world.move("lu", "sign_on_paper", [item], DAY, evidence=(scan,), sheet=code)
    world.move("xu", "send_back", [item], DAY, reason="与现场不符")
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "改了制度"}, reason="已改写"
    )
    again = str(current_code(Item.objects.get(pk=item.pk)))
    with pytest.raises(BadInput, match="缺少佐证材料：签章件"):
        world.move("lu", "sign_on_paper", [item], DAY, sheet=again)
    world.move("lu", "sign_on_paper", [item], DAY, evidence=(scan,), sheet=again)


def merge(world: World, who: str, item: Item, into: Item, on: date = DAY) -> None:
    with clock.fixed(on):
        merge_items(
            world.actor(who), campaign=world.campaign, items=[item.pk], into=into.pk, reason="同一件事"
        )


def test_a_liaison_merges_what_lies_below_and_asks_for_her_own_units_items(world: World) -> None:
    below, other = world.problem("F1", DAY), world.problem("F1", DAY)
    own, twin = world.problem("JIA", DAY), world.problem("JIA", DAY)
    merge(world, "zhou", below, other)
    assert Link.objects.filter(kind="merged_into", source=below, target=other).exists()
    with pytest.raises(NotAllowed, match="并案须经上级批准"):
        merge(world, "zhou", own, twin)
    assert Item.objects.get(pk=own.pk).state == "open"
    assert not Link.objects.filter(source=own).exists()


def test_nothing_is_merged_into_nothing_or_into_what_is_closed(world: World) -> None:
    item, closed = world.problem("F1", DAY), world.problem("F1", DAY)
    with pytest.raises(BadInput, match="没有写明并入哪一项"):
        world.move("zhou", "merge", [item], DAY, reason="同一件事")
    world.close(closed, DAY)
    for who in ("zhou", "lin"):
        with pytest.raises(BadInput, match="已办结，不能再并入它"):
            merge(world, who, item, closed)
    assert Item.objects.get(pk=item.pk).state == "open"


def test_nobody_sets_the_days_of_the_own_unit(world: World) -> None:
    item, below = world.problem("JIA", DAY), world.problem("F1", DAY)
    day = date(2024, 1, 31)

    def change(who: str, each: Item) -> None:
        with clock.fixed(DAY):
            one = DueChange(each.pk, day)
            change_due(world.actor(who), campaign=world.campaign, changes=[one], kind="entry", reason="录错")

    with pytest.raises(NotAllowed, match="时限由上级调整"):
        change("zhou", item)
    change("zhou", below)
    change("lin", item)
    assert {Item.objects.get(pk=one.pk).due for one in (item, below)} == {day}


def test_whoever_splits_does_not_learn_of_what_is_kept_from_them(world: World) -> None:
    item = world.problem("F1", DAY)
    with clock.fixed(DAY):
        restrict_item(world.actor("lin"), campaign=world.campaign, item=item.pk, readers=[], reason="个人")
        parts = [Part("F2", "二厂部分", date(2023, 12, 1))]
        with pytest.raises(NotFound):
            split_item(world.actor("zhou"), campaign=world.campaign, item=item.pk, parts=parts, reason="分开")


def applied(world: World) -> Item:
    """A problem of 一厂 that Ren has signed and nobody has judged."""
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    words = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], DAY, fields=words, evidence=(PAPER,))
    return world.move("ren", "sign_off", [item], DAY)[0]


def test_what_the_head_has_signed_the_filler_does_not_rewrite(world: World) -> None:
    item = applied(world)

    def rewrite(who: str) -> None:
        with clock.fixed(DAY):
            edit = Edit(item.pk, fields={"measures_text": "什么也没有做"})
            edit_items(world.actor(who), campaign=world.campaign, edits=[edit])

    with pytest.raises(NotAllowed, match="内容已经审签，只能由主题教育办公室更正"):
        rewrite("lu")
    with clock.fixed(DAY), pytest.raises(NotAllowed, match="内容已经审签"):
        restore_version(world.actor("lu"), campaign=world.campaign, item=item.pk, version=1)
    rewrite("lin")
    world.move("xu", "send_back", [item], DAY, reason="措施要重写")
    rewrite("lu")


@pytest.mark.parametrize("who", ["lin", "zhou"])
def test_nobody_merges_into_nothing_by_a_bare_step(world: World, who: str) -> None:
    item = world.problem("F1", DAY)
    with pytest.raises(BadInput, match="没有写明并入哪一项"):
        world.move(who, "merge", [item], DAY, reason="重复")
    assert Item.objects.get(pk=item.pk).state == "open"


def test_whoever_judges_an_item_does_not_rewrite_it_by_the_step(world: World) -> None:
    item = applied(world)
    for fields in ({"measures_text": "督导组代写"}, {"category": "conduct"}):
        with pytest.raises(BadInput, match="办理“受理核验”时不能改写"):
            world.move("xu", "take_up", [item], DAY, fields=fields)
    world.move("xu", "take_up", [item], DAY, fields={"measures_text": "加开窗口"})


def test_a_finding_is_not_filed_on_a_problem_that_was_closed_before(world: World) -> None:
    values = {"category": "livelihood", "found_on": DAY.isoformat()}
    found = world.create("xu", "team_findings", "F1", "灯坏了", DAY, fields=values)
    for who, key in (("xu", "approve"), ("xu", "feed_back"), ("ren", "acknowledge")):
        world.move(who, key, [found], DAY)
    old, elsewhere, open_one = world.problem("F1", DAY), world.problem("F2", DAY), world.problem("F1", DAY)
    world.close(old, DAY)
    for each in (old, elsewhere):
        with clock.fixed(DAY):
            link_items(
                world.actor("lin"), campaign=world.campaign, kind="found_in", source=each.pk, target=found.pk
            )
        with pytest.raises(BadInput, match="中建立事项"):
            world.move("lu", "file", [found], DAY)
    with clock.fixed(DAY):
        link_items(
            world.actor("lu"), campaign=world.campaign, kind="found_in", source=open_one.pk, target=found.pk
        )
    assert world.move("lu", "file", [found], DAY)[0].state == "filed"


def test_what_is_not_closed_is_not_looked_at_again(world: World) -> None:
    item = world.problem("F1", DAY)
    for result in ("solid", "rebound"):
        with clock.fixed(DAY), pytest.raises(BadInput, match="没有销号，不能登记回头看"):
            record_reinspection(
                world.actor("xu"), campaign=world.campaign, item=item.pk, looked=Looked(result, DAY, "看过")
            )
    assert not Item.objects.filter(register="reinspections").exists()


def test_an_item_that_an_objection_sent_back_closes_after_its_next_notice(world: World) -> None:
    item = applied(world)
    world.move("xu", "take_up", [item], DAY)
    seen = {"verification": "现场看过"}
    world.move("xu", "give_notice", [item], DAY, fields=seen)
    with clock.fixed(DAY):
        row = raise_objection(world.actor("xu"), campaign=world.campaign, item=item.pk, text="没有改")
        answer_objection(
            world.actor("xu"), campaign=world.campaign, objection=row.pk, upheld=True, answer="属实"
        )
    world.move("lu", "submit_for_signature", [item], DAY, reason="重新整改")
    for who, step, fields in (
        ("ren", "sign_off", {}),
        ("xu", "take_up", {}),
        ("xu", "give_notice", seen),
    ):
        world.move(who, step, [item], DAY, fields=fields)
    day = date(2023, 11, 20)
    assert world.move("xu", "close_after_notice", [item], day)[0].state == "closed"
