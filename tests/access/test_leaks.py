"""What must not leak: other campaigns, posts below the root, teams whose unit is gone, one's own verification."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import get_item, operator, visible
from guatu.actions.comments import add_comment
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, NewTeam, appoint, end_post, form_teams
from guatu.actions.setup import create_campaign
from guatu.actions.standing import transfer_items
from guatu.actions.units import Counted, NewUnit, Placing, count_people, end_unit, enter_units, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.records.models import Campaign, Item, ItemUnit, Post
from guatu.records.packs import pack_of
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
LATER = date(2023, 11, 9)


@pytest.fixture
def world() -> World:
    return small_world()


def shared_with_y3(world: World) -> Item:
    return world.create(
        "lin",
        "problems",
        "F1",
        "结算慢",
        DAY,
        fields={"category": "development", "source": "audit", "found_on": DAY.isoformat()},
        due=date(2023, 12, 1),
        state="open",
        contributing=("Y3",),
    )


def second_campaign(world: World) -> Campaign:
    with clock.fixed(DAY):
        return create_campaign(
            operator(),
            key="second",
            name="主题教育（二）",
            short_name="二",
            pack=pack_of(world.campaign),
            tree=world.tree,
            root=world.unit("HY"),
            starts_on=DAY,
        )


def appoint_one(world: World, by: str, appointment: Appointment) -> None:
    with clock.fixed(DAY):
        appoint(world.actor(by), campaign=world.campaign, appointments=[appointment])


def test_an_item_is_not_opened_in_another_campaign_whose_pack_may_not_know_it(world: World) -> None:
    item = shared_with_y3(world)
    other = second_campaign(world)
    with clock.fixed(DAY):
        appoint(operator(), campaign=None, appointments=[Appointment("guest", "office", "HY")])
        guest = world.actor("guest")
        assert get_item(guest, item.public_id, world.campaign) == item
        with pytest.raises(NotFound):
            get_item(guest, item.public_id, other)


def test_contributing_in_another_campaign_gives_no_sight_of_it(world: World) -> None:
    item = shared_with_y3(world)
    other = second_campaign(world)
    Item.objects.filter(pk=item.pk).update(campaign=other)
    with clock.fixed(DAY):
        ji = world.actor("ji")
        assert not visible(ji, Item.objects.filter(pk=item.pk)).exists()
        assert not visible(ji, Item.objects.filter(pk=item.pk), world.campaign).exists()
        with pytest.raises(NotFound):
            get_item(ji, item.public_id, world.campaign)


def test_a_contributing_unit_comments_and_is_told_what_it_may_not(world: World) -> None:
    item = shared_with_y3(world)
    with clock.fixed(DAY):
        ji = world.actor("ji")
        assert add_comment(ji, campaign=world.campaign, item=item.pk, text="已备料").person_name == "季长宁"
        with pytest.raises(NotAllowed):
            edit_items(ji, campaign=world.campaign, edits=[Edit(item.pk, {"cause": "人手不足"})])
    with pytest.raises(NotAllowed):
        world.move("ji", "start", [item], DAY, fields={"owner": "季长宁"})


def test_a_team_outlives_an_assigned_unit_that_has_ended(world: World) -> None:
    with clock.fixed(DAY):
        end_unit(world.actor("lin"), tree=world.tree, unit="Y3", day=DAY, reason="转让")
        item = world.problem("F1", DAY)
        assert visible(world.actor("xu"), Item.objects.filter(pk=item.pk), world.campaign).exists()


def test_an_office_below_the_root_gives_posts_in_its_own_subtree_only(world: World) -> None:
    appoint_one(world, "lin", Appointment("guest", "office", "JIA"))
    appoint_one(world, "guest", Appointment("bai", "filler", "F2"))
    for unit in ("HY", "YI", "Y3"):
        with pytest.raises(NotFound):
            appoint_one(world, "guest", Appointment("guest", "office", unit))
    with pytest.raises(NotFound):
        appoint_one(world, "guest", Appointment("guest", "team_leader", team="t3"))
    head = Post.objects.get(person__username="ji")
    with clock.fixed(DAY):
        with pytest.raises(NotFound):
            end_post(world.actor("guest"), campaign=world.campaign, post=head.pk, day=DAY)
        with pytest.raises(NotFound):
            form_teams(world.actor("guest"), campaign=world.campaign, teams=[NewTeam("t4", "四组", ("Y3",))])


def test_an_office_below_the_root_changes_units_in_its_own_subtree_only(world: World) -> None:
    appoint_one(world, "lin", Appointment("guest", "office", "JIA"))
    with clock.fixed(DAY):
        guest = world.actor("guest")
        place_units(guest, tree=world.tree, placings=[Placing("F1A", DAY, parent="F2")])
        enter_units(guest, tree=world.tree, rows=[NewUnit("F3", "三厂", "三厂", "third", "JIA")])
        for placing in (
            Placing("Y3", DAY, parent="JIA"),
            Placing("F1", DAY, parent="YI"),
        ):
            with pytest.raises(NotFound):
                place_units(guest, tree=world.tree, placings=[placing])
        with pytest.raises(NotFound):
            enter_units(guest, tree=world.tree, rows=[NewUnit("Y4", "四院", "四院", "third", "YI")])
        with pytest.raises(NotAllowed):
            place_units(guest, tree=world.tree, placings=[Placing("F1", DAY, "root")])
        with pytest.raises(NotAllowed):
            enter_units(guest, tree=world.tree, rows=[NewUnit("Z", "外部", "外部", "group")])
        with pytest.raises(NotFound):
            end_unit(guest, tree=world.tree, unit="Y3", day=DAY, reason="转让")
        with pytest.raises(NotFound):
            count_people(guest, rows=[Counted("Y3", "members", 3, DAY)])


def test_an_administrator_takes_no_business_post_beside_one_that_ends_later(world: World) -> None:
    with clock.fixed(DAY):
        whole = [Appointment("guest", "audit_admin", "HY")]
        [post] = appoint(operator(), campaign=world.campaign, appointments=whole)
        end_post(operator(), campaign=world.campaign, post=post.pk, day=date(2024, 1, 1))
    with pytest.raises(BadInput, match="三类管理员互斥"):
        appoint_one(world, "lin", Appointment("guest", "leader", "HY"))


def test_a_team_assigned_to_the_root_cannot_close_the_roots_own_problem(world: World) -> None:
    with clock.fixed(DAY):
        form_teams(world.actor("lin"), campaign=world.campaign, teams=[NewTeam("t9", "九组", ("HY",))])
        appoint(
            world.actor("lin"),
            campaign=world.campaign,
            appointments=[
                Appointment("guest", "team_leader", team="t9"),
                Appointment("lu", "filler", "HY"),
                Appointment("gu", "head", "HY"),
            ],
        )
    item = world.problem("HY", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "顾行舟"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "修订办法"}, evidence=(PAPER,)
    )
    world.move("gu", "sign_off", [item], DAY)
    world.move("guest", "take_up", [item], DAY)
    with pytest.raises(NotAllowed):
        world.move("guest", "approve", [item], DAY, fields={"verification": "已看"})


def verifying(world: World) -> Item:
    item = world.problem("F1", DAY)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    world.move("ren", "sign_off", [item], DAY)
    return world.move("xu", "take_up", [item], DAY)[0]


def test_a_former_filler_of_a_branch_that_has_ended_is_barred(world: World) -> None:
    appoint_one(world, "lin", Appointment("bai", "filler", "F1A"))
    item = verifying(world)
    post = Post.objects.get(person__username="bai", role="filler")
    with clock.fixed(LATER):
        end_post(world.actor("lin"), campaign=world.campaign, post=post.pk, day=LATER)
        end_unit(world.actor("lin"), tree=world.tree, unit="F1A", day=LATER, reason="撤销")
    with pytest.raises(NotAllowed, match="按回避要求不能核验"):
        world.move("bai", "approve", [item], LATER, fields={"verification": "现场看过"})


def test_whoever_filled_for_a_former_lead_unit_is_barred(world: World) -> None:
    appoint_one(world, "lin", Appointment("bai", "filler", "F1"))
    item = verifying(world)
    with clock.fixed(LATER):
        transfer_items(
            world.actor("lin"), campaign=world.campaign, items=[item.pk], to="Y3", reason="职责调整"
        )
    with pytest.raises(NotAllowed, match="按回避要求不能核验"):
        world.move("bai", "approve", [item], LATER, fields={"verification": "现场看过"})
    assert ItemUnit.objects.count() == 0
