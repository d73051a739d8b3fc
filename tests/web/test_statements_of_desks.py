"""What a desk costs when everything that can wait for somebody does: at most twelve statements."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.notice import raise_objection
from guatu.actions.people import Appointment, appoint
from guatu.actions.proposals import propose
from guatu.actions.self_checks import send_self_check
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.queries.proposal_checks import Wanted
from guatu.records.models import Item, Message, Proposal
from tests.people import PAPER, World
from tests.web.conftest import DAY, Walk
from tests.web.test_supervision import FOUND, VISIT

FRAME = 4
MOST = 12
BEGIN = date(2023, 10, 12)
THEN = date(2023, 11, 27)


def started(world: World, unit: str, who: str) -> Item:
    item = world.problem(unit, BEGIN)
    return world.move(who, "start", [item], THEN, fields={"owner": "陆文博"})[0]


def handed_in(world: World, *steps: str) -> Item:
    """A problem of 一厂, signed, and brought on by the team."""
    item = started(world, "F1", "lu")
    fields = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], THEN, fields=fields, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], THEN)
    for step in steps:
        fields = {"verification": "现场看过"} if step == "give_notice" else {}
        world.move(
            "xu", step, [item], THEN, fields=fields, reason="照片看不清" if step == "send_back" else ""
        )
    return Item.objects.get(pk=item.pk)


def everything_waits(world: World, walk: Walk) -> None:
    """One more of each: referred, proposed, objected, asked of others, noted, sent back, not acknowledged, urged, late."""
    lin, lu = world.actor("lin"), world.actor("lu")
    referred = started(world, "F1", "lu")
    world.move("lu", "refer_up", [referred], THEN, reason="需公司统一采购")
    wanted = Wanted("extension", due=date(2024, 1, 31))
    asked = started(world, "F1", "lu")
    propose(lu, campaign=world.campaign, items=[asked.pk], wanted=wanted, reason="设备晚到")
    noticed = handed_in(world, "take_up", "give_notice")
    raise_objection(
        world.actor("xu"), campaign=world.campaign, item=noticed.pk, text="还慢", raised_by="钱师傅"
    )
    case = handed_in(world, "take_up")
    send_self_check(
        lin,
        campaign=world.campaign,
        case=case.pk,
        units=["F2", "Y3"],
        question="慢不慢",
        due=date(2023, 12, 10),
    )
    walk("bai").post(reverse("supervision-record"), {"unit": "F1", "title": "到一厂督导", **VISIT, **FOUND})
    for note in Item.objects.filter(register="team_findings", state="noted"):
        world.move("xu", "approve", [note], DAY)
        world.move("xu", "feed_back", [note], DAY)
    handed_in(world, "send_back")
    handed_in(world)
    world.task("F1", BEGIN, BEGIN, date(2023, 12, 20))
    own = world.problem("HY", BEGIN, due=date(2023, 11, 20))
    world.move("lin", "start", [own], THEN, fields={"owner": "林晓岚"})
    urge_items(world.actor("zhou"), campaign=world.campaign, items=[asked.pk])


@pytest.fixture
def busy(world: World, walk: Walk) -> World:
    """The office also fills for its own unit, the liaison also looks after a second one."""
    with clock.fixed(BEGIN):
        more = [Appointment("lin", "filler", "HY"), Appointment("zhou", "head", "JIA")]
        appoint(operator(), campaign=world.campaign, appointments=more)
    everything_waits(world, walk)
    return world


def cost(walk: Walk, who: str) -> dict[str, int]:
    client = walk(who)
    addresses = [reverse("todo"), reverse("queue"), reverse("queue") + "?scope=all", reverse("inbox")]
    under_review = Item.objects.filter(register="problems", state="verifying").first()
    assert under_review is not None
    addresses.append(reverse("queue-item", args=[under_review.public_id]))
    found = {}
    for address in addresses:
        assert client.get(address).status_code == 200, address
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        found[address] = len(queries)
    return found


def test_no_desk_asks_more_than_twelve_statements_when_everything_waits(walk: Walk, busy: World) -> None:
    assert Proposal.objects.exists() and Message.objects.exists()
    for who in ("lin", "xu", "bai", "zhou", "lu"):
        over = {address: n for address, n in cost(walk, who).items() if not FRAME <= n <= MOST}
        assert over == {}, who
