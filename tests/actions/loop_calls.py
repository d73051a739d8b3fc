"""The actions of the loop, proposals to re-inspections, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from guatu.actions.causes import dismiss_suggestion, group_items
from guatu.actions.due_kinds import set_due_kind
from guatu.actions.notice import answer_objection, raise_objection
from guatu.actions.proposals import approve, consent, decline, propose, withdraw
from guatu.actions.referral import answer_referral, assign_referral, claim_referral
from guatu.actions.reinspection import Looked, draw_sample, record_reinspection
from guatu.actions.restructuring import merge_items, split_item, void_items
from guatu.actions.self_checks import answer_self_check, send_self_check
from guatu.actions.urges import urge_items
from guatu.queries.proposal_checks import Part, Wanted
from guatu.queries.sample_draw import Ask
from guatu.records.models import Item
from tests.actions.item_calls import problem
from tests.people import PAPER, World

DAY = date(2023, 11, 6)
ASK = Ask(date(2023, 10, 1), DAY, "种子", per_unit=1, share=30)
LATER = Wanted("extension", due=date(2024, 1, 5))
PARTS = (Part("F2", "二厂食堂排队", date(2023, 12, 1)),)


def close_one(world: World) -> Item:
    """A closed problem of 一厂."""
    item = problem(world)
    world.close(item, DAY)
    return Item.objects.get(pk=item.pk)


def object_to_one(world: World) -> Any:
    """An objection to a problem of 一厂 that is on notice."""
    item = problem(world)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    more = {"measures_text": "加开窗口"}
    world.move("lu", "submit_for_signature", [item], DAY, fields=more, evidence=(PAPER,))
    world.move("ren", "sign_off", [item], DAY)
    world.move("xu", "take_up", [item], DAY)
    world.move("xu", "give_notice", [item], DAY, fields={"verification": "现场看过"})
    return raise_objection(world.actor("xu"), campaign=world.campaign, item=item.pk, text="仍要排队")


def asked(world: World, wanted: Wanted) -> Any:
    return propose(
        world.actor("lu"),
        campaign=world.campaign,
        items=[problem(world).pk],
        wanted=wanted,
        reason="设备晚到",
    )


def referred(world: World) -> Item:
    """A problem that 一厂 has referred upward."""
    fields = {"owner": "陆文博"}
    return world.move("lu", "refer_up", [problem(world)], DAY, fields=fields, reason="须公司解决")[0]


def sent_check(world: World) -> Item:
    """A self-check of 三院 about a problem of 一厂."""
    return send_self_check(
        world.actor("lin"),
        campaign=world.campaign,
        case=problem(world).pk,
        units=["Y3"],
        question="有无同类问题",
        due=date(2023, 12, 1),
    )[0]


CALLS: dict[str, Callable[[World], Any]] = {
    "urge_items": lambda w: urge_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], text="请尽快"
    ),
    "propose": lambda w: asked(w, LATER),
    "consent": lambda w: consent(
        w.actor("ji"), campaign=w.campaign, proposal=asked(w, Wanted("transfer", to="Y3")).pk
    ),
    "approve": lambda w: approve(w.actor("zhou"), campaign=w.campaign, proposal=asked(w, LATER).pk),
    "decline": lambda w: decline(
        w.actor("zhou"), campaign=w.campaign, proposal=asked(w, LATER).pk, answer="设备已到"
    ),
    "withdraw": lambda w: withdraw(w.actor("lu"), campaign=w.campaign, proposal=asked(w, LATER).pk),
    "merge_items": lambda w: merge_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], into=problem(w).pk, reason="同一件事"
    ),
    "void_items": lambda w: void_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], reason="重复上报"
    ),
    "split_item": lambda w: split_item(
        w.actor("zhou"), campaign=w.campaign, item=problem(w).pk, parts=PARTS, reason="牵涉两个厂"
    ),
    "draw_sample": lambda w: (close_one(w), draw_sample(w.actor("lin"), campaign=w.campaign, ask=ASK)),
    "record_reinspection": lambda w: record_reinspection(
        w.actor("xu"), campaign=w.campaign, item=close_one(w).pk, looked=Looked("solid", DAY)
    ),
    "raise_objection": lambda w: object_to_one(w),
    "answer_objection": lambda w: answer_objection(
        w.actor("xu"), campaign=w.campaign, objection=object_to_one(w).pk, upheld=True, answer="核实属实"
    ),
    "set_due_kind": lambda w: set_due_kind(
        w.actor("lin"), campaign=w.campaign, item=problem(w).pk, kind="at_once", reason="即知即改", due=DAY
    ),
    "claim_referral": lambda w: claim_referral(w.actor("zhou"), campaign=w.campaign, item=referred(w).pk),
    "assign_referral": lambda w: assign_referral(
        w.actor("lin"),
        campaign=w.campaign,
        item=referred(w).pk,
        unit="YI",
        due=date(2023, 12, 1),
        reason="由其牵头",
    ),
    "answer_referral": lambda w: answer_referral(
        w.actor("lin"), campaign=w.campaign, item=referred(w).pk, reason="按现行办法办理"
    ),
    "group_items": lambda w: group_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk, problem(w).pk]
    ),
    "dismiss_suggestion": lambda w: dismiss_suggestion(
        w.actor("lin"), campaign=w.campaign, head=problem(w).pk, members=[problem(w).pk]
    ),
    "send_self_check": lambda w: sent_check(w),
    "answer_self_check": lambda w: answer_self_check(
        w.actor("ji"), campaign=w.campaign, item=sent_check(w).pk, exists=False, explanation="经查没有"
    ),
}
