"""One of everything in the small world: items at every station of the loop, and what is made beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.urls import URLPattern, reverse

from guatu.actions.burdens import answer_burden, report_burden
from guatu.actions.comments import add_comment
from guatu.actions.delegations import delegate
from guatu.actions.findings import plan_visit
from guatu.actions.proposals import approve
from guatu.actions.reinspection import draw_sample
from guatu.actions.self_checks import answer_self_check
from guatu.actions.superior_forms import map_form
from guatu.actions.urges import urge_items
from guatu.domain import clock
from guatu.queries.proposal_checks import Wanted
from guatu.records.models import Evidence, Item, Post
from tests.actions.figure_calls import corrected, outside_row
from tests.actions.form_calls import MAPPING, kept
from tests.actions.item_calls import problem
from tests.actions.loop_calls import ASK, LATER, PARTS, asked, close_one, object_to_one, referred, sent_check
from tests.actions.secrecy_calls import acknowledged, restricted
from tests.people import PAPER, UNITS, World
from tests.web.addresses import examples, item_address, of_an_item, patterns, policy_of

DAY = date(2023, 11, 6)
NOT_PAGES = (
    "_file",
    "-file",
    "-sheet",
    "_pdf",
    "export",
    "_image",
    "evidence_file",
    "evidence-page",
    "dossier",
)
"""Addresses that answer with a file (tests/web/test_item_files.py, test_jobs.py and others), and the door."""
DOOR = {"home", "entry", "account_login", "mfa_authenticate", "activate", "leave", "language", "switch-post"}


@dataclass(slots=True)
class Scene:
    """The items by what they are there for, and examples for the places of the other addresses."""

    world: World
    items: dict[str, Item]
    more: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def addresses(self) -> list[str]:
        """Every page with what is in the scene; files and the door left out."""
        return [address for entry in patterns() if _page(entry) for address in self._of(entry)]

    def pages_of(self, *names: str) -> list[str]:
        """The pages with these names for every item, and those that open no item."""
        return [
            address
            for entry in patterns()
            if _page(entry) and (not of_an_item(entry) or entry.name in names)
            for address in self._of(entry)
        ]

    def _of(self, entry: URLPattern) -> list[str]:
        if of_an_item(entry):
            return [item_address(entry, item, pk=_paper(item)) for item in self.items.values()]
        given = self.more.get(str(entry.name))
        if given is None:
            from guatu.records.packs import pack_of

            codes = tuple(unit[0] for unit in UNITS)
            given = examples(entry, pack_of(self.world.campaign), codes)
        return [reverse(str(entry.name), kwargs=each) for each in given]


def _page(entry: URLPattern) -> bool:
    declared = policy_of(entry)
    name = str(entry.name)
    return (
        declared is not None
        and "GET" in declared.methods
        and name not in DOOR
        and not name.endswith(NOT_PAGES)
    )


def _paper(item: Item) -> int:
    return Evidence.objects.filter(item=item).values_list("pk", flat=True).first() or 1


def everything(world: World) -> Scene:
    """The scene, made through the actions; call it with the clock on a day after 6 November 2023."""
    lin, lu, zhou, bai = (world.actor(name) for name in ("lin", "lu", "zhou", "bai"))
    campaign = world.campaign
    closed = close_one(world)
    sample = draw_sample(lin, campaign=campaign, ask=ASK)
    objection = object_to_one(world)
    late, applied = asked(world, LATER), asked(world, Wanted("split", parts=PARTS))
    decided = asked(world, LATER)
    approve(zhou, campaign=campaign, proposal=decided.pk)
    signing, waiting = problem(world), problem(world)
    for item in (signing, waiting):
        world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
        texts = {"measures_text": "加开窗口"}
        world.move("lu", "submit_for_signature", [item], DAY, fields=texts, evidence=(PAPER,))
    world.move("ren", "sign_off", [waiting], DAY)
    answered = sent_check(world)
    answer_self_check(
        world.actor("ji"), campaign=campaign, item=answered.pk, exists=False, explanation="经查没有"
    )
    visit = plan_visit(bai, campaign=campaign, unit="F1", title="到一厂督导", planned_on=date(2023, 12, 20))
    add_comment(world.actor("lu"), campaign=campaign, item=waiting.pk, text="下周完成")
    urge_items(lin, campaign=campaign, items=[waiting.pk], text="请尽快")
    post = Post.objects.get(person__username="lu").pk
    stood_in = delegate(
        lu, campaign=campaign, post=post, taker="ren", first_day=clock.today(), last_day=date(2023, 12, 20)
    )
    heard = report_burden(lu, campaign=campaign, text="同一组数报了三次")
    report = report_burden(lu, campaign=campaign, text="填表太多")
    outside_row(world)
    mended = corrected(world)
    answer_burden(lin, campaign=campaign, report=heard.pk, answer="已合并为一次")
    form = kept(world)
    map_form(lin, campaign=campaign, form=form.public_id, mapping=MAPPING)
    items = {
        "open": problem(world),
        "closed": closed,
        "noticed": Item.objects.get(pk=objection.item_id),
        "signing": signing,
        "waiting": waiting,
        "referred": referred(world),
        "check": sent_check(world),
        "answered": answered,
        "finding": acknowledged(world),
        "visit": visit,
        "restricted": restricted(world),
        "task": world.task("F1", DAY, DAY, date(2023, 12, 20)),
    }
    return Scene(
        world,
        {name: Item.objects.get(pk=item.pk) for name, item in items.items()},
        {
            "proposal": [{"public_id": one.public_id} for one in (late, applied, decided)],
            "sample": [{"public_id": sample.public_id}],
            "sample-item": [{"public_id": sample.public_id, "item_id": closed.public_id}],
            "sent-figure": [{"line": one.public_id} for one in (mended, mended.corrects) if one],
            "superior-form": [{"form": form.public_id}],
            "end-delegation": [{"delegation": stood_in.pk}],
            "burden-answer": [{"report": report.pk}],
            "person-end-post": [{"username": "lu", "post": post}],
            "list": [{"key": key} for key in ("problems", "visits", "team_findings", "self_checks")],
            "propose": [
                {"kind": kind} for kind in ("extension", "due_kind", "transfer", "split", "merge", "void")
            ],
        },
    )
