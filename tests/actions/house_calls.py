"""The actions on accounts, people, units and campaigns, each called once on a small world (test_every_action)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.test import Client
from django.urls import reverse

from guatu.access import operator
from guatu.actions.access_codes import give_access_codes, take_up_account
from guatu.actions.accounts import change_own_password, note_telephone, rename_person, set_password
from guatu.actions.burdens import answer_burden, report_burden
from guatu.actions.campaign_intake import take_in
from guatu.actions.channels import note_mail_address
from guatu.actions.delegations import delegate, end_delegation
from guatu.actions.doors import note_second_factor, reset_second_factor, unlock_account
from guatu.actions.first_passwords import give_first_passwords
from guatu.actions.homes import set_home_unit
from guatu.actions.leaving import leave, switch_on
from guatu.actions.pack_changes import add_register
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, end_post, enter_people, form_teams
from guatu.actions.people_import import apply_people_import
from guatu.actions.seals import make_seal
from guatu.actions.setup import create_campaign, create_tree, mark_demo, move_demo_day
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
from guatu.actions.workbook_register import import_rows, make_register
from guatu.actions.working_years import set_working_year
from guatu.domain.imports.understanding.registering import ReadyRow
from guatu.queries.campaign_archive import read_campaign
from guatu.queries.people_import import plan_people_import
from guatu.records.models import Campaign, Person, Post
from guatu.records.packs import pack_of, written_pack
from tests.archives import elsewhere
from tests.new_registers import new_register
from tests.people import World
from tests.sheets import HEAD, book, planned

DAY = date(2023, 11, 6)


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


def stand_in(world: World) -> Any:
    """Lu lets Ren fill for a week."""
    post = Post.objects.get(person__username="lu").pk
    last = date(2023, 11, 12)
    return delegate(
        world.actor("lu"), campaign=world.campaign, post=post, taker="ren", first_day=DAY, last_day=last
    )


CALLS: dict[str, Callable[[World], Any]] = {
    "import_rows": lambda w: import_rows(
        w.actor("lin"),
        campaign=w.campaign,
        register=written_pack(w.campaign).register("visits"),
        rows=[ReadyRow(3, "F1", "走访二车间", {"held_on": "2023-11-05", "visited_body": "二车间"}, DAY)],
    ),
    "make_register": lambda w: make_register(
        w.actor("lin"),
        campaign=w.campaign,
        register=new_register(written_pack(w.campaign)),
        rows=[ReadyRow(3, "F1", "更换灯具", {"amount": "15000"})],
    ),
    "add_register": lambda w: add_register(
        w.actor("lin"), campaign=w.campaign, register=new_register(written_pack(w.campaign))
    ),
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
    "set_password": lambda w: set_password(w.actor("lin"), username="lu", password="Mountain-2026"),
    "change_own_password": lambda w: (
        set_password(w.actor("lu"), username="lu", password="Mountain-2026"),
        change_own_password(w.actor("lu"), current="Mountain-2026", password="Valley-of-2027"),
    ),
    "give_first_passwords": lambda w: give_first_passwords(w.actor("lin")),
    "rename_person": lambda w: rename_person(w.actor("lin"), username="lu", name="陆文渤"),
    "note_mail_address": lambda w: note_mail_address(w.actor("lu"), address="lu@example.cn"),
    "note_telephone": lambda w: note_telephone(w.actor("lin"), username="lu", telephone="138 0000 5678"),
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
    "take_in": lambda w: take_in(operator(), archive=elsewhere(read_campaign(w.campaign)), key="copy"),
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
