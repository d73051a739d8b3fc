"""Kinds of evidence: a step names what is missing; what was handed in earlier in the round counts, in another round not."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.pack import Pack
from guatu.queries.evidence import at_hand
from guatu.queries.items import item_page
from guatu.queries.pages import ItemPage
from guatu.records.models import Evidence, Item
from tests.people import World, small_world, theme_pack

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
BEFORE = NewEvidence("前.png", place="现场照片柜", keeper="陆文博", kind="before")
AFTER = NewEvidence("后.png", place="现场照片柜", keeper="陆文博", kind="after")


def pack_with_kinds() -> Pack:
    """The theme's pack whose problems ask for a photo before and after, and whose start tells who has begun it."""
    content: dict[str, Any] = json.loads(theme_pack().canonical)
    flow = content["workflows"]["closed_loop"]
    flow["evidence_kinds"] = [
        {"key": "before", "label": "整改前照片"},
        {"key": "after", "label": "整改后照片"},
    ]
    for way in flow["transitions"]:
        if way["key"] == "submit_for_signature":
            way["evidence_kinds"] = ["before", "after"]
        if way["key"] == "start":
            way["sets"] = {"source": "public"}
    owner = next(f for f in content["registers"]["problems"]["fields"] if f["key"] == "cause")
    owner.update(required_in=["doing"], required_when={"category": ["safety"]})
    return Pack.model_validate_json(json.dumps(content, ensure_ascii=False))


@pytest.fixture
def world() -> World:
    return small_world(pack_with_kinds())


@pytest.fixture
def doing(world: World) -> Item:
    item = world.problem("F1", DAY)
    return world.move("lu", "start", [item], DAY, fields={"owner": "陆文博", "cause": "设备老化"})[0]


def submit(world: World, item: Item, *evidence: NewEvidence) -> Item:
    fields = {"measures_text": "更换"}
    return world.move("lu", "submit_for_signature", [item], DAY, fields=fields, evidence=evidence)[0]


def page_of(world: World, item: Item) -> ItemPage:
    with clock.fixed(DAY):
        return item_page(world.actor("lu"), world.campaign, item.public_id, day=DAY)


def test_what_is_missing_is_named(world: World, doing: Item) -> None:
    with pytest.raises(BadInput) as refusal:
        submit(world, doing, BEFORE)
    assert str(refusal.value) == (
        f"{doing.number} 缺少佐证材料：整改后照片。不宜上传的，请选“线下备查”并填写存放处、保管人。"
    )
    assert not Evidence.objects.exists()


def test_evidence_without_a_kind_proves_no_kind(world: World, doing: Item) -> None:
    paper = NewEvidence("会议纪要", place="档案柜", keeper="白露")
    with pytest.raises(BadInput, match="缺少佐证材料：整改前照片、整改后照片"):
        submit(world, doing, paper)


def test_a_kind_that_the_workflow_does_not_know_is_refused(world: World, doing: Item) -> None:
    with pytest.raises(BadInput, match="没有“video”这一种佐证材料。可用：整改前照片、整改后照片"):
        submit(world, doing, BEFORE, AFTER, NewEvidence("录像", place="柜", keeper="白露", kind="video"))


def test_both_kinds_let_the_step_be_made_and_stay_told_apart(world: World, doing: Item) -> None:
    item = submit(world, doing, BEFORE, AFTER)
    assert item.state == "signing"
    assert list(Evidence.objects.order_by("id").values_list("kind", flat=True)) == ["before", "after"]
    page = page_of(world, item)
    assert [shown.kind for shown in page.evidence] == ["整改前照片", "整改后照片"]


def test_the_page_asks_for_what_is_still_missing(world: World, doing: Item) -> None:
    page = page_of(world, doing)
    move = next(move for move in page.moves if move.key == "submit_for_signature")
    assert [kind.label for kind in move.kinds] == ["整改前照片", "整改后照片"]
    assert "须附佐证材料：整改前照片、整改后照片" in move.asks


def test_another_round_begins_with_nothing_at_hand(world: World, doing: Item) -> None:
    item = submit(world, doing, BEFORE, AFTER)
    world.move("ren", "return_in_unit", [item], DAY, reason="补充说明")
    item = submit(world, item)  # what was handed in before in the same round counts
    world.move("ren", "sign_off", [item], DAY)
    world.move("xu", "take_up", [item], DAY)
    world.move("xu", "approve", [item], DAY, fields={"verification": "现场看过"})
    world.move("xu", "rebound", [item], DAY, reason="再次出现")
    item = world.move("lu", "resume", [item], DAY)[0]
    assert item.round == 2
    assert at_hand([item]) == {}
    page = page_of(world, item)
    assert [len(move.kinds) for move in page.moves if move.key == "submit_for_signature"] == [2]
    with pytest.raises(BadInput, match="缺少佐证材料：整改前照片、整改后照片"):
        submit(world, item)
    assert submit(world, item, BEFORE, AFTER).state == "signing"


def test_a_step_fills_in_what_it_sets_whatever_was_sent(world: World) -> None:
    item = world.problem("F1", DAY)
    fields = {"owner": "陆文博", "cause": "设备老化", "source": "audit"}
    assert world.move("lu", "start", [item], DAY, fields=fields)[0].data["source"] == "public"


def test_a_field_is_asked_for_only_when_its_condition_holds(world: World) -> None:
    unsafe, other = world.problem("F1", DAY, category="safety"), world.problem("F1", DAY)
    with pytest.raises(BadInput, match="还缺：原因分析"):
        world.move("lu", "start", [unsafe], DAY, fields={"owner": "陆文博"})
    assert world.move("lu", "start", [other], DAY, fields={"owner": "陆文博"})[0].state == "doing"
