"""Sections of a document: who writes which, who is told, and what holds the document up."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.document_sections import assign_sections, finish_section
from guatu.actions.documents import save_body
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import SECTIONS
from guatu.domain.writing.body import Body, HeadingBlock, ParagraphBlock
from guatu.queries.documents import body_in
from guatu.records.models import Item, Message, Person
from tests.actions.document_calls import begun
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = BEGIN + timedelta(days=30)


def text(one: str = "一", two: str = "二", *, salutation: str = "", more: Any = ()) -> Body:
    blocks = (
        HeadingBlock(id="h1", text="总体情况"),
        ParagraphBlock(id="p1", text=one),
        HeadingBlock(id="h2", text="下一步"),
        ParagraphBlock(id="p2", text=two),
    )
    return Body(blocks=(*blocks, *more), salutation=salutation)


@pytest.fixture
def world() -> World:
    """He writes for the office beside Lin; Xu's team leads nothing here; Gu leads and sees."""
    found = small_world()
    with clock.fixed(DAY):
        appoint(operator(), campaign=found.campaign, appointments=[Appointment("he", "office", "HY")])
    return found


def person(name: str) -> int:
    return Person.objects.get(username=name).pk


def document(world: World, **people: str) -> Item:
    """Lin's document in two sections; `people`: heading → who writes it."""
    item = begun(world)
    given: dict[str, Any] = {"campaign": world.campaign, "document": item.pk}
    item = save_body(world.actor("lin"), body=text(), base_version=1, **given).document
    if people:
        named = {heading: person(name) for heading, name in people.items()}
        item = assign_sections(world.actor("lin"), people=named, **given)
    return item


def write(world: World, who: str, item: Item, body: Body) -> Body:
    given: dict[str, Any] = {"document": item.pk, "body": body, "base_version": item.version}
    return save_body(world.actor(who), campaign=world.campaign, **given).body


def test_whoever_gets_a_section_is_told_once(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world, h2="he")
        again = assign_sections(
            world.actor("lin"), campaign=world.campaign, document=item.pk, people={"h2": person("he")}
        )
    assert again.data[SECTIONS] == [{"heading": "h2", "person": person("he"), "done": False}]
    [told] = Message.objects.filter(person_id=person("he"))
    assert (told.kind, told.params["sections"]) == ("section_given", "下一步")


def test_a_section_that_is_given_to_somebody_is_theirs_and_the_beginners(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world, h2="gu")
        with pytest.raises(NotAllowed, match="“下一步”这一部分不由您写"):
            write(world, "he", item, text(two="何写"))
        assert body_in(Item.objects.get(pk=item.pk)) == text()
        assert write(world, "he", item, text(one="何写")) == text(one="何写")
        item.refresh_from_db()
        assert write(world, "lin", item, text(one="何写", two="林写")) == text(one="何写", two="林写")


def test_somebody_who_writes_no_documents_writes_their_own_section_and_nothing_else(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world, h2="gu")
        new = HeadingBlock(id="h3", text="附记")
        for body, sentence in (
            (text(one="顾写"), "“总体情况”这一部分不由您写"),
            (text(salutation="各单位："), "由起草人改"),
            (text(more=(new,)), "“附记”这一部分不由您写"),
        ):
            with pytest.raises(NotAllowed, match=sentence):
                write(world, "gu", item, body)
        assert write(world, "gu", item, text(two="顾写")) == text(two="顾写")


def test_whoever_writes_no_documents_and_has_no_section_writes_nothing(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world)
        with pytest.raises(NotAllowed):
            write(world, "gu", item, text(two="顾写"))


def test_a_section_is_done_when_its_writer_says_so_and_the_beginner_is_told(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world, h2="gu")
        given: dict[str, Any] = {"campaign": world.campaign, "document": item.pk, "heading": "h2"}
        with pytest.raises(NotAllowed, match="由别人写"):
            finish_section(world.actor("he"), **given)
        with pytest.raises(BadInput, match="写完：下一步"):
            world.move("lin", "hand_in", [item], DAY)
        item = finish_section(world.actor("gu"), **given)
        assert (
            Message.objects.get(person_id=person("lin"), kind="section_done").params["sections"] == "下一步"
        )
        [item] = world.move("lin", "hand_in", [item], DAY)
        assert item.state == "checking"


def test_a_section_that_is_deleted_is_given_to_nobody(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world, h1="gu", h2="gu")
        write(world, "lin", item, Body(blocks=text().blocks[:2]))
        item.refresh_from_db()
        assert [share["heading"] for share in item.data[SECTIONS]] == ["h1"]


def test_sections_are_given_only_to_people_who_see_the_document(world: World) -> None:
    with clock.fixed(DAY):
        item = document(world)
        given: dict[str, Any] = {"campaign": world.campaign, "document": item.pk}
        with pytest.raises(BadInput, match="看不到"):
            assign_sections(world.actor("lin"), people={"h1": person("lu")}, **given)
        with pytest.raises(BadInput, match="没有这一部分"):
            assign_sections(world.actor("lin"), people={"p1": person("gu")}, **given)
        with pytest.raises(BadInput, match="没有分工"):
            finish_section(world.actor("lin"), heading="h1", **given)
        with pytest.raises(NotAllowed):
            assign_sections(world.actor("gu"), people={"h1": person("gu")}, **given)
