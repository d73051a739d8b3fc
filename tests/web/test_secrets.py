"""Restricted items and a team's own things: no word of them reaches anybody who must not know, on any address."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

import pytest
from django.urls import path, reverse
from django.urls.resolvers import URLResolver, get_resolver

from guatu.actions.comments import add_comment
from guatu.actions.findings import NewFinding, plan_visit, record_visit
from guatu.actions.items import Edit, edit_items
from guatu.actions.links import link_items
from guatu.actions.messages import tell
from guatu.actions.restricting import restrict_item
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.records.models import Batch, Campaign, Evidence, Item, Person, Sample, SampleItem
from guatu.records.packs import pack_of
from tests.people import UNITS, World
from tests.web.addresses import ask, examples, item_address, of_an_item, patterns, policy_of, undeclared
from tests.web.conftest import DAY, Walk

RESTRICTED, TEAMS_OWN = "限知甲", "组内乙"
"""Words that stand in titles, fields, remarks, reasons and the names of evidence of what is kept from people."""
UNITS_CODES = tuple(unit[0] for unit in UNITS)
VISIT = {"held_on": "2023-11-20", "team": "第三督导组", "kind": "visit"}
READERS = ("lin", "ren")
INSIDERS = ("lin", "xu", "bai")
EVERYBODY = ("gu", "zhou", "lu", "xu", "ji", "shen", "root")
"""A leader, a reviewer, a filler, a team leader, somebody of the rival company, an auditor, a system administrator."""
WALKERS = ("lu", "xu") if os.environ.get("GUATU_DATABASE_URL") else EVERYBODY
"""All walk on SQLite; on PostgreSQL, where the same conditions are put in other words, one of each ground of secrecy."""


@dataclass
class Kept:
    """What is kept, by its ground."""

    restricted: list[Item]
    teams_own: list[Item]
    open: Item
    fed_back: Item


def paper(title: str) -> NewEvidence:
    return NewEvidence(title=title, place=title, keeper="白露")


def secret_items(world: World) -> Kept:
    """Items in every special state, with words in every place that holds words."""
    began = date(2023, 10, 12)
    seen = world.problem("F1", began, description="食堂")
    own = world.problem("F1", began, description=f"{RESTRICTED}表现", cause=f"{RESTRICTED}原因")
    closed = world.problem("F1", began, description=f"{RESTRICTED}已办")
    below = world.create("lin", "measures", "F1", f"{RESTRICTED}措施", DAY, parent=own.pk, due=DAY)
    with clock.fixed(DAY):
        lin, lu, bai = world.actor("lin"), world.actor("lu"), world.actor("bai")
        for item in (own, closed):
            edit_items(
                lin, campaign=world.campaign, edits=[Edit(item.pk, title=f"{RESTRICTED}问题{item.pk}")]
            )
            add_comment(lu, campaign=world.campaign, item=item.pk, text=f"{RESTRICTED}评论")
        people = Person.objects.filter(username__in=[*EVERYBODY, "ren"]).values_list("pk", flat=True)
        tell(people, kind="comment", campaign=world.campaign, item=own, params={"text": RESTRICTED}, by=lin)
        for source, target in ((seen, own), (own, seen)):
            link_items(lin, campaign=world.campaign, kind="same_as", source=source.pk, target=target.pk)
    world.move("lu", "start", [own], DAY, fields={"owner": "陆文博"}, evidence=(paper(f"{RESTRICTED}材料"),))
    world.move("lu", "refer_up", [own], DAY, reason=f"{RESTRICTED}须上级解决")
    world.close(closed, DAY)
    again = {"problem": str(closed.public_id), "held_on": DAY.isoformat(), "result": "solid"}
    world.create("xu", "reinspections", "F1", "回头看一厂", DAY, fields=again)
    sample = Sample.objects.create(
        campaign=world.campaign,
        title="抽查",
        rule={
            "reach": [],
            "first": "2023-10-01",
            "last": "2023-11-30",
            "per_unit": 1,
            "share": 30,
            "team_days": None,
            "per_day": 4,
            "always": {},
        },
        seed="1",
        drawn_on=DAY,
        known_at=1,
        population=1,
        drawn_by="林",
        batch_seq=1,
    )
    SampleItem.objects.create(sample=sample, item=closed, ground="unit")
    with clock.fixed(DAY):
        readers = [Person.objects.get(username=name).pk for name in READERS]
        for item in (own, closed):
            restrict_item(
                lin, campaign=world.campaign, item=item.pk, readers=readers, reason=f"{RESTRICTED}缘由"
            )
        planned = plan_visit(
            bai,
            campaign=world.campaign,
            unit="F1",
            title=f"{TEAMS_OWN}突击",
            planned_on=date(2023, 12, 5),
            fields={"unannounced": True, "note": f"{TEAMS_OWN}要点"},
        )
        found = [
            NewFinding(
                f"{TEAMS_OWN}{place}",
                {"category": "safety", "found_on": "2023-11-20", "description": f"{TEAMS_OWN}表现"},
                (paper(f"{TEAMS_OWN}照片"),),
            )
            for place in ("底稿", "审定", "不用", "反馈")
        ]
        made = record_visit(
            bai, campaign=world.campaign, unit="F1", title="到一厂督导", fields=VISIT, findings=found
        )
        for note in made.notes:
            add_comment(bai, campaign=world.campaign, item=note.pk, text=f"{TEAMS_OWN}议论")
        note, approved, dropped, fed_back = made.notes
        edit = Edit(fed_back.pk, {"description": "台账缺页"}, title="台账登记不全")
        edit_items(bai, campaign=world.campaign, edits=[edit])
    Evidence.objects.filter(item=fed_back).update(
        title="台账照片", place="档案"
    )  # the team would withdraw it
    world.move("xu", "approve", [approved, fed_back], DAY)
    world.move("xu", "feed_back", [fed_back], DAY)
    world.move("xu", "drop", [dropped], DAY, reason=f"{TEAMS_OWN}不成立")
    return Kept([own, closed, below], [planned, note, approved, dropped], seen, fed_back)


def must_not_know(who: str, kept: Kept) -> tuple[list[Item], tuple[str, ...]]:
    """The items that do not exist for somebody, and the words that they must not meet."""
    items = ([] if who in READERS else kept.restricted) + ([] if who in INSIDERS else kept.teams_own)
    words = (() if who in READERS else (RESTRICTED,)) + (() if who in INSIDERS else (TEAMS_OWN,))
    return items, words


@pytest.fixture
def kept(world: World) -> Kept:
    return secret_items(world)


def every_address(campaign: Campaign) -> Iterator[tuple[str, str]]:
    """(name, address) of everything that can be asked for without an item."""
    pack = pack_of(campaign)
    for entry in patterns():
        declared = policy_of(entry)
        assert declared is not None, entry
        if of_an_item(entry) or "GET" not in declared.methods or declared.capability is None:
            continue
        for given in examples(entry, pack, UNITS_CODES):
            yield str(entry.name), reverse(str(entry.name), kwargs=given)


def test_no_word_of_what_is_kept_stands_on_any_page_or_in_any_export(
    walk: Walk, world: World, kept: Kept
) -> None:
    leaks, reached = [], 0
    addresses = list(every_address(world.campaign))
    sample = Sample.objects.get()
    addresses.append(("sample", reverse("sample", args=[sample.public_id])))
    hidden = [*kept.restricted, *kept.teams_own]
    for who in WALKERS:
        client, (items, words) = walk(who), must_not_know(who, kept)
        wanted = [*addresses]
        wanted += [("find", reverse("find") + f"?q={word}") for word in words]
        wanted += [("find", reverse("find") + f"?q={item.number}") for item in items[:2]]
        wanted += [("list", reverse("list", args=[item.register]) + f"?q={item.number}") for item in hidden]
        wanted += [
            ("list", reverse("list", args=["team_findings"]) + "?state=note&state=approved&state=dropped")
        ]
        wanted += [("list", reverse("list", args=["supervision"]) + "?state=planned&as_of=2023-11-30")]
        wanted += [("item", reverse("item", args=[one.public_id])) for one in (kept.open, kept.fed_back)]
        for name, address in wanted:
            status, text = ask(client, address)
            reached += status == 200
            assert status < 500, (who, address)
            asked_for = f"?q={RESTRICTED}" in address or f"?q={TEAMS_OWN}" in address
            told = [word for word in words if word in text and not asked_for]
            told += [item.number for item in items if asked_for and item.number in text]
            if asked_for and any(f"{word}问" in text or f"{word}突" in text for word in words):
                told.append(address)
            leaks += [(who, name, address, one) for one in told]
    assert leaks == []
    assert reached > len(WALKERS) * 50  # most of it was open to be looked at


def test_what_is_kept_cannot_be_told_from_what_does_not_exist(walk: Walk, world: World, kept: Kept) -> None:
    before, odd = Batch.objects.count(), []
    entries = [entry for entry in patterns() if of_an_item(entry)]
    assert len(entries) > 15
    nothing = Item(public_id=uuid4())
    for turn, who in enumerate(("gu", "lu", "xu", "ji")):
        client, (_items, words) = walk(who), must_not_know(who, kept)
        items = (
            [kept.restricted[turn % 3]] if who == "xu" else [kept.restricted[turn % 3], kept.teams_own[turn]]
        )
        for entry in entries:
            declared = policy_of(entry)
            assert declared is not None
            for method in declared.methods:
                absent, _text = ask(client, item_address(entry, nothing), method)
                for item in items:
                    pk = Evidence.objects.filter(item=item).values_list("pk", flat=True).first() or 1
                    status, text = ask(client, item_address(entry, item, pk=pk), method)
                    if status != absent or status == 200 or any(word in text for word in words):
                        odd.append((who, str(entry.name), method, item.register, item.state, status, absent))
    assert odd == []
    assert Batch.objects.count() == before


def test_who_may_know_sees_it(walk: Walk, kept: Kept) -> None:
    for who, items in (
        ("ren", kept.restricted),
        ("bai", kept.teams_own),
        ("lin", kept.restricted + kept.teams_own),
    ):
        found = {walk(who).get(reverse("item", args=[item.public_id])).status_code for item in items}
        assert found == {200}, who


def test_numbers_agree_for_everybody_and_say_how_many_are_not_listed(walk: Walk, kept: Kept) -> None:
    for who in ("lin", "lu", "zhou"):
        page = walk(who).get(reverse("figure", args=["issues_total"])).content.decode()
        assert "3" in page, who
    assert "另有 2 项受限事项未列出" in walk("lu").get(reverse("list", args=["problems"])).content.decode()
    assert "受限事项" not in walk("ren").get(reverse("list", args=["problems"])).content.decode()
    assert (
        "另有 2 项受限事项未列出，已计入数值"
        in walk("lu").get(reverse("figure", args=["issues_total"])).content.decode()
    )


def test_a_view_without_a_policy_fails_the_suite() -> None:
    def forgotten(request: object) -> None: ...

    odd = URLResolver(get_resolver().pattern, [path("forgotten/", forgotten)])  # type: ignore[arg-type]
    assert undeclared(odd) == ["forgotten/"]
    assert undeclared() == []
