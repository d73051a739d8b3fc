"""Every public action writes history: one batch at least, and the ledger whole afterwards."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from guatu import actions
from guatu.access import operator
from guatu.actions.access_codes import give_access_codes, take_up_account
from guatu.actions.accounts import change_own_password, note_telephone, rename_person, set_password
from guatu.actions.beside import set_units_beside
from guatu.actions.burdens import answer_burden, report_burden
from guatu.actions.causes import dismiss_suggestion, group_items
from guatu.actions.comments import add_comment
from guatu.actions.delegations import delegate, end_delegation
from guatu.actions.doors import note_second_factor, reset_second_factor, unlock_account
from guatu.actions.due_kinds import set_due_kind
from guatu.actions.evidence import add_evidence
from guatu.actions.evidence_withdrawing import withdraw_evidence
from guatu.actions.first_passwords import give_first_passwords
from guatu.actions.hand_down import hand_down
from guatu.actions.homes import set_home_unit
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.leaving import leave, switch_on
from guatu.actions.links import link_items, unlink_items
from guatu.actions.moves_import import ListedStep, move_listed
from guatu.actions.notice import answer_objection, raise_objection
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, end_post, enter_people, form_teams
from guatu.actions.people_import import apply_people_import
from guatu.actions.proposals import approve, consent, decline, propose, withdraw
from guatu.actions.referral import answer_referral, assign_referral, claim_referral
from guatu.actions.reinspection import Looked, draw_sample, record_reinspection
from guatu.actions.restructuring import merge_items, split_item, void_items
from guatu.actions.seals import make_seal
from guatu.actions.self_checks import answer_self_check, send_self_check
from guatu.actions.setup import create_campaign, create_tree, mark_demo, move_demo_day
from guatu.actions.sign_off import restore_version
from guatu.actions.standing import (
    DueChange,
    change_due,
    correct_item,
    hand_over_items,
    transfer_items,
)
from guatu.actions.unit_correcting import correct_ending
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.actions.unit_import import apply_import, undo_import
from guatu.actions.units import (
    Counted,
    NewUnit,
    Placing,
    count_people,
    end_unit,
    enter_units,
    merge_unit,
    place_units,
)
from guatu.actions.urges import urge_items
from guatu.actions.workflow import Move, move_items
from guatu.actions.working_years import set_working_year
from guatu.domain import clock
from guatu.queries.people_import import plan_people_import
from guatu.queries.proposal_checks import Part, Wanted
from guatu.queries.reinspection import Ask
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, Evidence, Item, Person, Post, Seal
from guatu.records.packs import pack_of
from tests.actions import secrecy_calls
from tests.people import PAPER, World, small_world
from tests.sheets import HEAD, book, planned

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
ASK = Ask(date(2023, 10, 1), DAY, "种子", per_unit=1, share=30)

# What carries other actions' writing, and is no action itself.
INNER = {
    "kept_people",
    "kept_person",
    "write_person",
    "carry_out",
    "close_posts",
    "pass_on_parts",
    "evidence_seen",
    "planned_posts",
    "refuse_wanted",
    "require_keeping",
    "require_part",
    "write",
    "write_links",
    "write_places",
    "record",
    "answered",
    "request_sha256",
    "require_reach",
    "require_units",
    "sees",
    "follow",
    "open_above",
    "claiming_unit",
}

# What writes to the desk beside the ledger, where there is no history (docs/decisions/0050-desk.md).
DESK = {
    "note_opened",
    "look",
    "save_view",
    "change_view",
    "delete_view",
    "start_job",
    "note_export",
    "cancel_job",
    "mark_read",
}

# What wants an empty house (tests/actions/test_founding.py).
FOUNDING = {"found_house"}


def acting() -> dict[str, Callable[..., Any]]:
    """Every public function of `guatu.actions` whose first parameter is the actor."""
    found = {}
    for module_info in pkgutil.iter_modules(actions.__path__):
        module = importlib.import_module(f"guatu.actions.{module_info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if function.__module__ == module.__name__ and first == "actor" and not name.startswith("_"):
                found[name] = function
    return {name: function for name, function in found.items() if name not in INNER | DESK | FOUNDING}


def shut(world: World, username: str) -> str:
    """Five wrong passwords for this account."""
    for _try in range(5):
        Client().post(reverse("entry"), {"username": username, "password": "wrong"})
    return username


def take_up(world: World) -> Any:
    code = give_access_codes(world.actor("lin"), usernames=["lu"])[0].code
    return take_up_account(world.actor("lu"), code=code, password="Mountain-2026")


def lose_a_telephone(world: World) -> Any:
    TOTP.activate(Person.objects.get(username="lu"), generate_totp_secret())
    return reset_second_factor(operator(), username="lu", reason="手机遗失")


def problem(world: World) -> Item:
    return world.problem("F1", DAY)


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


def edited_since(world: World) -> Item:
    """A problem of 一厂 whose second version says something else than its first."""
    item = problem(world)
    edits = [Edit(item.pk, {"description": "改过的表述"})]
    return edit_items(world.actor("lu"), campaign=world.campaign, edits=edits)[0]


def withdraw_one(world: World) -> Item:
    """Evidence of a problem of 一厂, hung on it and withdrawn by Lu."""
    item = problem(world)
    add_evidence(world.actor("lu"), campaign=world.campaign, item=item.pk, evidence=[PAPER])
    return withdraw_evidence(
        world.actor("lu"),
        campaign=world.campaign,
        item=item.pk,
        evidence=Evidence.objects.get(item=item).pk,
        reason="传错了",
    )


def row(unit: str) -> NewItem:
    values = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}
    return NewItem("problems", unit, "食堂排队时间长", fields=values, state="open", due=date(2023, 12, 1))


def import_third_works(world: World) -> int:
    plan = planned(world.tree, HEAD, ("F3", "三厂", "JIA", "third"), actor=world.actor("lin"))
    return apply_import(world.actor("lin"), tree=world.tree, plan=plan).batch or 0


def import_a_filler(world: World) -> Any:
    lin = world.actor("lin")
    rows = (("单位代码", "姓名", "身份", "电话"), ("F2", "叶栖迟", "填报员", "13900000001"))
    plan = plan_people_import(lin, campaign=world.campaign, book=book(*rows))
    return apply_people_import(lin, campaign=world.campaign, plan=plan)


def correct_an_ending(world: World) -> Any:
    end_unit(world.actor("lin"), tree=world.tree, unit="F2", day=DAY, reason="转让")
    return correct_ending(
        world.actor("lin"), campaigns=[world.campaign], tree=world.tree, unit="F2", reason="转让未成"
    )


def unlink_new_link(world: World) -> Any:
    first, second = problem(world), problem(world)
    made = link_items(
        world.actor("lu"), campaign=world.campaign, kind="same_as", source=first.pk, target=second.pk
    )
    return unlink_items(world.actor("lu"), campaign=world.campaign, links=[made.pk])


def stand_in(world: World) -> Any:
    """Lu lets Ren fill for a week."""
    post = Post.objects.get(person__username="lu").pk
    last = date(2023, 11, 12)
    return delegate(
        world.actor("lu"), campaign=world.campaign, post=post, taker="ren", first_day=DAY, last_day=last
    )


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


LATER = Wanted("extension", due=date(2024, 1, 5))
PARTS = (Part("F2", "二厂食堂排队", date(2023, 12, 1)),)

CALLS: dict[str, Callable[[World], Any]] = {
    "give_access_codes": lambda w: give_access_codes(w.actor("zhou"), usernames=["lu", "ren"]),
    "take_up_account": take_up,
    "unlock_account": lambda w: unlock_account(w.actor("zhou"), username=shut(w, "lu")),
    "reset_second_factor": lose_a_telephone,
    "note_second_factor": lambda w: note_second_factor(w.actor("lu"), what="totp", added=True),
    "apply_people_import": import_a_filler,
    "apply_import": import_third_works,
    "undo_import": lambda w: undo_import(
        w.actor("lin"), tree=w.tree, batch=import_third_works(w), reason="表格有误"
    ),
    "rename_units": lambda w: rename_units(
        w.actor("lin"), tree=w.tree, edits=[UnitEdit("F2", name="二厂有限公司", sector="trade")]
    ),
    "add_evidence": lambda w: add_evidence(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, evidence=[PAPER]
    ),
    "set_units_beside": lambda w: set_units_beside(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, contributing=["F2"]
    ),
    "add_comment": lambda w: add_comment(
        w.actor("lu"), campaign=w.campaign, item=problem(w).pk, text="设备周五到货"
    ),
    "urge_items": lambda w: urge_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], text="请尽快"
    ),
    "link_items": lambda w: link_items(
        w.actor("lu"), campaign=w.campaign, kind="same_as", source=problem(w).pk, target=problem(w).pk
    ),
    "unlink_items": lambda w: unlink_new_link(w),
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
    "create_items": lambda w: create_items(w.actor("lin"), campaign=w.campaign, rows=[row("F1")]),
    "edit_items": lambda w: edit_items(
        w.actor("lu"), campaign=w.campaign, edits=[Edit(problem(w).pk, {"cause": "人手不足"})]
    ),
    "move_items": lambda w: move_items(
        w.actor("lu"),
        campaign=w.campaign,
        transition="start",
        moves=[Move(problem(w).pk, fields={"owner": "陆文博"})],
    ),
    "change_due": lambda w: change_due(
        w.actor("lin"),
        campaign=w.campaign,
        changes=[DueChange(problem(w).pk, date(2024, 1, 5))],
        kind="extension",
        reason="设备晚到",
    ),
    "transfer_items": lambda w: transfer_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], to="F2", reason="职责调整"
    ),
    "hand_over_items": lambda w: hand_over_items(
        w.actor("lin"), campaign=w.campaign, items=[problem(w).pk], to="F2", reason="合并", day=DAY
    ),
    "correct_item": lambda w: correct_item(
        w.actor("lin"),
        campaign=w.campaign,
        item=problem(w).pk,
        withdraws=1,
        effective=date(2023, 11, 3),
        reason="立项日期写错",
        state="open",
    ),
    "set_password": lambda w: set_password(w.actor("lin"), username="lu", password="Mountain-2026"),
    "change_own_password": lambda w: (
        set_password(w.actor("lu"), username="lu", password="Mountain-2026"),
        change_own_password(w.actor("lu"), current="Mountain-2026", password="Valley-of-2027"),
    ),
    "give_first_passwords": lambda w: give_first_passwords(w.actor("lin")),
    "rename_person": lambda w: rename_person(w.actor("lin"), username="lu", name="陆文渤"),
    "note_telephone": lambda w: note_telephone(w.actor("lin"), username="lu", telephone="138 0000 5678"),
    "hand_down": lambda w: hand_down(
        w.actor("lin"),
        campaign=w.campaign,
        task=w.key_task(DAY).pk,
        units=["F1", "F2"],
        start=DAY,
        due=date(2023, 12, 20),
    ),
    "withdraw_evidence": lambda w: withdraw_one(w),
    "draw_sample": lambda w: (close_one(w), draw_sample(w.actor("lin"), campaign=w.campaign, ask=ASK)),
    "record_reinspection": lambda w: record_reinspection(
        w.actor("xu"), campaign=w.campaign, item=close_one(w).pk, looked=Looked("solid", DAY)
    ),
    "move_listed": lambda w: move_listed(
        w.actor("lu"),
        campaign=w.campaign,
        steps=[ListedStep(2, problem(w).number, "开始整改", Move(0, fields={"owner": "陆文博"}))],
    ),
    "restore_version": lambda w: restore_version(
        w.actor("lu"), campaign=w.campaign, item=edited_since(w).pk, version=1
    ),
    "enter_people": lambda w: enter_people(operator(), people=[NewPerson("new", "叶栖迟", "F2")]),
    "appoint": lambda w: appoint(
        w.actor("lin"), campaign=w.campaign, appointments=[Appointment("guest", "observer", "YI")]
    ),
    "set_home_unit": lambda w: set_home_unit(w.actor("lin"), campaign=w.campaign, username="lu", unit="F2"),
    "leave": lambda w: leave(w.actor("lin"), campaign=w.campaign, username="lu", day=DAY, successors={}),
    "switch_on": lambda w: (
        leave(w.actor("lin"), campaign=w.campaign, username="lu", day=DAY, successors={}),
        switch_on(w.actor("lin"), campaign=w.campaign, username="lu"),
    ),
    "report_burden": lambda w: report_burden(w.actor("lu"), campaign=w.campaign, text="同一组数报了三次"),
    "answer_burden": lambda w: answer_burden(
        w.actor("lin"),
        campaign=w.campaign,
        report=report_burden(w.actor("lu"), campaign=w.campaign, text="同一组数报了三次").pk,
        answer="已合并为一次",
    ),
    "delegate": lambda w: stand_in(w),
    "end_delegation": lambda w: end_delegation(
        w.actor("lu"), campaign=w.campaign, delegation=stand_in(w).pk, reason="提前回来"
    ),
    "end_post": lambda w: end_post(
        w.actor("lin"), campaign=w.campaign, post=Post.objects.get(person__username="ji").pk, day=DAY
    ),
    "form_teams": lambda w: form_teams(
        w.actor("lin"), campaign=w.campaign, teams=[NewTeam("t4", "第四督导组", ("F2",))]
    ),
    "set_working_year": lambda w: set_working_year(
        operator(), year=2027, days={date(2027, 1, 1): "元旦"}, source="放假通知"
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
    "make_seal": lambda w: make_seal(operator()),
    "create_tree": lambda w: create_tree(operator(), key="party", name="党组织隶属"),
    "create_campaign": lambda w: create_campaign(
        operator(),
        key="second",
        name="主题教育（二）",
        short_name="主题教育",
        pack=pack_of(w.campaign),
        tree=w.tree,
        root=w.unit("HY"),
        starts_on=DAY,
    ),
    "mark_demo": lambda w: (Campaign.objects.update(synthetic=True), mark_demo(operator(), day=DAY)),
    "move_demo_day": lambda w: (
        Campaign.objects.update(synthetic=True),
        mark_demo(operator(), day=DAY),
        move_demo_day(operator(), day=DAY.replace(year=DAY.year + 1)),
    ),
    "enter_units": lambda w: enter_units(
        w.actor("lin"), tree=w.tree, rows=[NewUnit("F3", "三厂", "三厂", "third", "JIA")]
    ),
    "place_units": lambda w: place_units(
        w.actor("lin"), tree=w.tree, placings=[Placing("F2", DAY, parent="YI")]
    ),
    "merge_unit": lambda w: merge_unit(
        w.actor("lin"),
        campaigns=[w.campaign],
        tree=w.tree,
        unit="F2",
        into="F1",
        day=DAY,
        reason="二厂并入一厂",
    ),
    "correct_ending": lambda w: correct_an_ending(w),
    "end_unit": lambda w: end_unit(w.actor("lin"), tree=w.tree, unit="F2", day=DAY, reason="转让"),
    "count_people": lambda w: count_people(w.actor("lin"), rows=[Counted("F1", "members", 30, DAY)]),
}


CALLS |= secrecy_calls.CALLS


def test_every_public_action_is_tried_here() -> None:
    assert set(acting()) == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_action_writes_history(name: str) -> None:
    world = small_world()
    before = (Batch.objects.count(), Seal.objects.count())
    with clock.fixed(DAY):
        CALLS[name](world)
    assert (Batch.objects.count(), Seal.objects.count()) > before
    if not name.endswith(("_demo", "_demo_day")):  # their tests rewrite the campaign behind the actions' back
        assert verify().broken == ""


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_actor_comes_first_and_all_else_by_name(name: str) -> None:
    parameters = inspect.signature(acting()[name]).parameters
    assert next(iter(parameters)) == "actor"
    assert all(
        parameter.kind is inspect.Parameter.KEYWORD_ONLY for parameter in list(parameters.values())[1:]
    )
