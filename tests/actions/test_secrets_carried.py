"""What tells of a restricted item is restricted with it: nobody learns by a detour what the item itself keeps."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.access import visible
from guatu.actions.findings import file_finding
from guatu.actions.items import Edit, edit_items
from guatu.actions.referral import assign_referral, claim_referral
from guatu.actions.reinspection import Looked, record_reinspection
from guatu.actions.restricting import restrict_item
from guatu.actions.self_checks import send_self_check
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.queries.verify.run import verify
from guatu.records.models import Item, Person
from tests.people import World, small_world

DAY, NEXT = date(2023, 11, 6), date(2023, 11, 7)
SECRET = "某人的难处"
FOUND = {"category": "livelihood", "found_on": DAY.isoformat()}


@pytest.fixture
def world(db: None) -> World:
    return small_world()


def secret(world: World, *readers: str, item: Item | None = None) -> Item:
    """An item of 一厂 with a title that only its readers and Lin know."""
    found = item or world.problem("F1", DAY)
    pks = [Person.objects.get(username=one).pk for one in readers]
    with clock.fixed(DAY):
        restrict_item(world.actor("lin"), campaign=world.campaign, item=found.pk, readers=pks, reason="个人")
        change = Edit(
            found.pk, title=SECRET, fields={"owner": "陆文博"} if found.register == "problems" else {}
        )
        edit_items(world.actor("lin"), campaign=world.campaign, edits=[change])
    return Item.objects.get(pk=found.pk)


def told(world: World, *people: str) -> set[str]:
    """Who of them meets the words of the secret anywhere among the items."""
    found = set()
    for who in people:
        rows = visible(world.actor(who), Item.objects.all(), world.campaign)
        if any(SECRET in row.title or SECRET in str(row.data) for row in rows):
            found.add(who)
    return found


def test_the_item_of_whoever_claims_a_secret_is_a_secret_of_the_same_readers(world: World) -> None:
    item = secret(world, "zhou", "lu")
    world.move("lu", "refer_up", [item], DAY, reason=f"{SECRET}，厂里解决不了")
    with clock.fixed(NEXT):
        claim_referral(world.actor("zhou"), campaign=world.campaign, item=item.pk)
    assert Item.objects.filter(register="referrals", restricted=True).count() == 1
    assert told(world, "lin", "gu", "zhou", "ren", "lu", "xu") == {"lin", "zhou", "lu"}
    assert not verify().broken


def test_the_office_assigns_a_secret_to_nobody_who_may_not_know(world: World) -> None:
    item = secret(world, "lu")
    world.move("lu", "refer_up", [item], DAY, reason="请集团协调")
    with clock.fixed(NEXT):
        assign_referral(
            world.actor("lin"),
            campaign=world.campaign,
            item=item.pk,
            unit="YI",
            due=NEXT,
            reason="请乙公司办",
        )
    assert told(world, "lin", "he", "gu", "ji") == {"lin"}


def test_the_record_of_a_look_at_a_secret_is_a_secret(world: World) -> None:
    item = secret(world, "lu", "ren", "xu")
    world.close(item, DAY)
    with clock.fixed(NEXT):
        looked = Looked("solid", NEXT, f"{SECRET}已解决")
        record_reinspection(world.actor("xu"), campaign=world.campaign, item=item.pk, looked=looked)
    assert told(world, "gu", "zhou", "ren", "bai", "xu") == {"ren", "xu"}


def test_what_a_secret_finding_becomes_is_a_secret(world: World) -> None:
    found = world.create("xu", "team_findings", "F1", SECRET, DAY, fields=FOUND)
    world.move("xu", "approve", [found], DAY)
    world.move("xu", "feed_back", [found], DAY)
    world.move("ren", "acknowledge", [found], DAY)
    secret(world, "ren", "lu", "xu", item=Item.objects.get(pk=found.pk))
    with clock.fixed(NEXT):
        made = file_finding(
            world.actor("xu"),
            campaign=world.campaign,
            item=found.pk,
            due=date(2023, 12, 20),
            fields={"source": "inspection"},
        )
    assert made.restricted
    assert told(world, "gu", "zhou", "bai", "xu", "lu") == {"xu", "lu"}


def test_a_secret_is_no_case_for_other_units(world: World) -> None:
    item = secret(world, "lu")
    with clock.fixed(DAY), pytest.raises(BadInput, match="受限事项，不能发给其他单位"):
        send_self_check(
            world.actor("lin"), campaign=world.campaign, case=item.pk, units=["Y3"], question="对照", due=NEXT
        )
    assert not told(world, "ji", "he")
