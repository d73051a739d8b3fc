"""Every address × every role, inside and outside its scope: nothing leaks, nothing is forgotten."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from guatu.records.models import Item
from guatu.web.policy import Policy
from tests.people import World
from tests.web.conftest import Walk
from tests.web.tested_elsewhere import (
    CONTACTS,
    OF_A_DESK,
    OF_A_FILE,
    OF_A_FILLED_BOOK,
    OF_A_FORM,
    OF_A_JOB,
    OF_A_LIST,
    OF_A_NOTICE,
    OF_A_PROPOSAL,
    OF_A_ROLLED_TEXT,
    OF_A_SIGNATURE,
    OF_A_UNIT,
    OF_A_WORKBOOK,
    OF_ACCOUNTS,
    OF_AN_ITEM,
    OF_BURDENS_MEASURED,
    OF_CHECKED_TEXTS,
    OF_COLLECTION,
    OF_DOCUMENTS,
    OF_EVIDENCE,
    OF_FIGURES_MADE,
    OF_MATERIALS,
    OF_ONES_OWN,
    OF_ONESELF,
    OF_REFERRALS,
    OF_RETURNS,
    OF_SAMPLES,
    OF_SECRETS,
    OF_SELF_CHECKS,
    OF_SUPERVISION,
    OF_THE_DOOR,
    OF_THE_KEEPERS,
    OF_THE_OFFICE,
    OF_THE_QUEUE,
    OF_THE_SET_UP,
    OF_UNITS_CHANGED,
    OF_WHAT_WAS_ISSUED,
    OF_WHAT_WAS_SENT,
)

# Who may come (200 or a redirect inside), who is told no (403), for whom it does not exist (404).
INSIDE = ("lin", "gu", "zhou", "lu", "ren", "xu", "bai", "meng", "shen")  # 一厂 lies in their reach
OUTSIDE = ("he", "ji")  # of the rival company; Ji's hospital is visited by team 3 too
NOBODY = ("guest", "root")  # without a post, and with one that sees no business data
EVERYBODY = (*INSIDE, *OUTSIDE)
WALKERS = ("lin", "zhou", "lu", "xu", "meng", "ji") if os.environ.get("GUATU_DATABASE_URL") else EVERYBODY
"""All see every page on SQLite; on PostgreSQL, where the same conditions are put in other words, one of each reach."""

BEGIN, DUE = date(2023, 10, 12), date(2023, 12, 20)
OPEN = {"home": 302, "entry": 200}
PAGES = {
    "todo": (),
    "wall": (),
    "registers": (),
    "list": ("problems",),
    "list_file": ("problems", "xlsx"),
    "movement": ("problems",),
    "movement_file": ("problems", "xlsx"),
    "find": (),
    "figures": (),
    "trends": (),
    "figure": ("issues_total",),
    "figures-file": ("csv",),
    "figure-difference": ("issues_total", "upward"),
    "figure-about": ("issues_total",),
    "figure-relations": (),
    "materials": (),
    "documents": (),
    "report": ("summary",),
    "report_file": ("summary", "txt"),
    "check": (),
    "roll": (),
    "phrases": (),
    "jobs": (),
    "delegations": (),
    "burden": (),
    "export": ("wall", "xlsx"),
    "units": (),
    "proposals": (),
    "causes": (),
    "self-checks": (),
    "collection": (),
    "superior-forms": (),
    "fill": ("problems",),
}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """Every address of the site."""
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from patterns(entry)
        else:
            yield entry


def test_every_view_declares_its_policy() -> None:
    undeclared = [
        str(entry.pattern)
        for entry in patterns()
        if not isinstance(getattr(entry.callback, "policy", None), Policy)
    ]
    assert undeclared == []


def test_this_table_knows_every_address() -> None:
    known = {
        *OPEN,
        *PAGES,
        *OF_A_UNIT,
        *OF_WHAT_WAS_SENT,
        *OF_WHAT_WAS_ISSUED,
        *OF_SUPERVISION,
        *OF_SECRETS,
        *OF_A_DESK,
        *OF_A_LIST,
        *CONTACTS,
        *OF_THE_SET_UP,
        *OF_THE_OFFICE,
        *OF_A_SIGNATURE,
        *OF_A_NOTICE,
        *OF_REFERRALS,
        *OF_SELF_CHECKS,
        *OF_SAMPLES,
        *OF_COLLECTION,
        *OF_RETURNS,
        *OF_BURDENS_MEASURED,
        *OF_CHECKED_TEXTS,
        *OF_DOCUMENTS,
        *OF_A_ROLLED_TEXT,
        *OF_AN_ITEM,
        *OF_A_FILE,
        *OF_A_FORM,
        *OF_A_WORKBOOK,
        *OF_FIGURES_MADE,
        *OF_MATERIALS,
        *OF_A_FILLED_BOOK,
        *OF_A_PROPOSAL,
        *OF_UNITS_CHANGED,
        *OF_EVIDENCE,
        *OF_A_JOB,
        *OF_ONES_OWN,
        *OF_THE_QUEUE,
        *OF_THE_DOOR,
        *OF_ONESELF,
        *OF_ACCOUNTS,
        "new",
        "leave",
        "switch-post",
        *OF_THE_KEEPERS,
        "reminders",  # tests/web/test_reminders.py
        "burden-received",  # tests/web/test_burdens.py
        "burden-answer",
        "end-delegation",  # tests/web/test_delegations.py
        "own-password",
        "language",
    }
    assert {entry.name for entry in patterns()} == known


def test_nobody_comes_in_without_a_name(world: World, visit: Item) -> None:
    client = Client()
    for name, args in PAGES.items():
        answer = client.get(reverse(name, args=args))
        assert answer.status_code == 302, name
        assert answer["Location"].startswith(reverse("entry")), name
    for name in ("item", "edit", "todo_item"):
        assert client.get(reverse(name, args=[visit.public_id])).status_code == 302, name
    for name, args in (
        ("move", [visit.public_id, "void"]),
        ("todo_move", [visit.public_id, "void"]),
        ("comment", [visit.public_id]),
    ):
        assert client.post(reverse(name, args=args), {"text": "x"}).status_code == 302, name


def test_everybody_with_a_post_sees_the_pages(walk: Walk, visit: Item) -> None:
    found = {}
    for who in WALKERS:
        client = walk(who)
        found[who] = {name: client.get(reverse(name, args=args)).status_code for name, args in PAGES.items()}
    assert found == dict.fromkeys(WALKERS, dict.fromkeys(PAGES, 200))


def test_without_a_business_post_there_is_nothing_to_see(walk: Walk, visit: Item) -> None:
    for who in NOBODY:
        client = walk(who)
        answers = [client.get(reverse(name, args=args)) for name, args in PAGES.items()]
        answers += [
            client.get(reverse(name, args=[visit.public_id])) for name in ("item", "edit", "todo_item")
        ]
        assert [answer.status_code for answer in answers] == [403] * len(answers), who
        assert not any(visit.title in answer.content.decode() for answer in answers), who


def test_the_liaison_list_is_for_everybody_with_a_post_and_for_the_system_administrator(walk: Walk) -> None:
    found = {
        who: {walk(who).get(reverse(name, args=args)).status_code for name, args in CONTACTS.items()}
        for who in (*EVERYBODY, *NOBODY)
    }
    assert found == {who: {403 if who == "guest" else 200} for who in (*EVERYBODY, *NOBODY)}
    assert Client().get(reverse("contacts")).status_code == 302


def test_an_item_is_shown_inside_the_scope(walk: Walk, visit: Item) -> None:
    address = reverse("item", args=[visit.public_id])
    pages = {who: walk(who).get(address) for who in INSIDE}
    assert {who: page.status_code for who, page in pages.items()} == dict.fromkeys(INSIDE, 200)
    assert all(visit.title in page.content.decode() for page in pages.values())


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_scope_a_unit_does_not_exist(walk: Walk, visit: Item, who: str) -> None:
    answer = walk(who).get(reverse("unit", args=["F1"]))
    assert answer.status_code == 404
    assert visit.title not in answer.content.decode()


def test_a_unit_is_shown_inside_the_scope(walk: Walk, visit: Item) -> None:
    address = reverse("unit", args=["F1"])
    assert {who: walk(who).get(address).status_code for who in INSIDE} == dict.fromkeys(INSIDE, 200)


@pytest.mark.parametrize("who", OUTSIDE)
def test_outside_the_scope_an_item_does_not_exist(walk: Walk, visit: Item, task: Item, who: str) -> None:
    client = walk(who)
    asked = [
        client.get(reverse("item", args=[visit.public_id])),
        client.get(reverse("edit", args=[visit.public_id])),
        client.post(reverse("edit", args=[visit.public_id]), {"title": "改名", "version": "1"}),
        client.post(reverse("move", args=[task.public_id, "acknowledge"])),
        client.get(reverse("todo_item", args=[task.public_id])),
        client.post(reverse("todo_move", args=[task.public_id, "acknowledge"])),
        client.post(reverse("comment", args=[visit.public_id]), {"text": "看到了"}),
        client.post(reverse("evidence", args=[visit.public_id]), {"title": "照片"}),
        client.post(reverse("beside", args=[visit.public_id]), {"unit": "F2", "role": "contributing"}),
        client.post(reverse("link", args=[visit.public_id]), {"kind": "same_as", "number": visit.number}),
        client.post(reverse("unlink", args=[visit.public_id]), {"link": "1"}),
        client.get(reverse("list", args=["visits"])),
        client.get(reverse("find"), {"q": visit.number}),
    ]
    assert [answer.status_code for answer in asked] == [404] * 11 + [200] * 2
    assert not any(visit.title in answer.content.decode() for answer in asked)
    assert Item.objects.get(pk=visit.pk).version == 1


def test_inside_the_scope_only_those_who_fill_may_edit(walk: Walk, visit: Item) -> None:
    address = reverse("edit", args=[visit.public_id])
    found = {who: walk(who).get(address).status_code for who in INSIDE}
    assert found == {who: 200 if who in ("lin", "zhou", "lu") else 403 for who in INSIDE}


def test_inside_the_scope_only_those_who_fill_may_add_to_it(walk: Walk, world: World) -> None:
    def answers(name: str, values: dict[str, str]) -> dict[str, int]:
        found = {}
        for who in INSIDE:
            one = world.problem("F1", BEGIN)
            found[who] = walk(who).post(reverse(name, args=[one.public_id]), values).status_code
        return found

    paper = {"title": "纪要", "place": "档案柜", "keeper": "陆文博"}
    team = ("xu", "bai")  # may enter problems, and so what proves them
    assert answers("evidence", paper) == {
        who: 302 if who in ("lin", "zhou", "lu", *team) else 403 for who in INSIDE
    }
    beside = {"unit": "F2", "role": "contributing", "version": "1"}
    assert answers("beside", beside) == {who: 302 if who in ("lin", "zhou", "lu") else 403 for who in INSIDE}


def test_who_may_enter_a_new_item_of_a_register(walk: Walk, world: World) -> None:
    found = {who: walk(who).get(reverse("new", args=["visits"])).status_code for who in EVERYBODY}
    assert found == {who: 200 if who in ("lin", "zhou", "lu", "he", "ji") else 403 for who in EVERYBODY}
    assert walk("lin").get(reverse("new", args=["nothing"])).status_code == 404


def test_inside_the_scope_only_the_unit_may_acknowledge(walk: Walk, world: World, task: Item) -> None:
    tasks = {who: world.task("F1", BEGIN, BEGIN, DUE) for who in INSIDE}
    found = {
        who: walk(who)
        .post(reverse("move", args=[one.public_id, "acknowledge"]), {"version": "1"})
        .status_code
        for who, one in tasks.items()
    }
    assert found == {who: 302 if who in ("lu", "ren") else 403 for who in INSIDE}


def test_who_only_reads_may_not_comment(walk: Walk, visit: Item) -> None:
    address = reverse("comment", args=[visit.public_id])
    found = {who: walk(who).post(address, {"text": "已阅"}).status_code for who in INSIDE}
    assert found == {who: 403 if who in ("meng", "shen") else 302 for who in INSIDE}


def test_the_rival_sees_totals_but_not_the_records_behind_them(walk: Walk, visit: Item) -> None:
    page = walk("ji").get(reverse("figure", args=["survey_visits"])).content.decode()
    assert visit.number not in page
    assert "不在您的查看范围内" in page


def test_what_an_item_belongs_to_is_named_only_to_those_who_may_see_it(
    walk: Walk, world: World, problem: Item
) -> None:
    measure = world.create("lin", "measures", "Y3", "错峰供餐", date(2023, 10, 13), parent=problem.pk)
    address = reverse("item", args=[measure.public_id])
    assert problem.title in walk("lin").get(address).content.decode()
    page = walk("ji").get(address).content.decode()
    assert "错峰供餐" in page
    assert problem.title not in page
    assert problem.number not in page
    assert str(problem.public_id) not in page
