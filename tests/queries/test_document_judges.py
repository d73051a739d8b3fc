"""Nobody is asked to check or sign what they drafted; whoever is refused is told who can."""

from __future__ import annotations

from datetime import timedelta

import pytest

from guatu.access import operator
from guatu.actions.documents import save_body
from guatu.actions.people import Appointment, appoint
from guatu.domain import clock
from guatu.domain.errors import NotAllowed
from guatu.queries.document_drafters import drafters, hands
from guatu.queries.todo import desk_work, own_work
from guatu.records.models import Item
from guatu.records.packs import pack_of
from tests.actions.document_calls import saved
from tests.people import BEGIN, World, small_world

pytestmark = pytest.mark.django_db
DAY = BEGIN + timedelta(days=30)


@pytest.fixture
def world() -> World:
    return small_world()


def waits_for(world: World, who: str, document: Item) -> tuple[str, ...]:
    """The steps that this person's desk offers for the document."""
    person = world.actor(who)
    own = own_work(person, [world.campaign], DAY, past=False)
    desk = desk_work(person, [world.campaign], DAY, past=False)
    rows = [work for part in (*own, *desk) for work in part.rows if work.item == document.pk]
    return tuple(move.label for work in rows for move in work.moves)


def write(world: World, who: str, item: Item, words: str) -> None:
    body = {"blocks": [{"id": "p", "kind": "paragraph", "text": words}]}
    save_body(
        world.actor(who), campaign=world.campaign, document=item.pk, body=body, base_version=item.version
    )


def handed_in(world: World) -> Item:
    [item] = world.move("lin", "hand_in", [saved(world).document], DAY)
    return item


def test_who_drafted_is_asked_for_neither_step_and_told_who_can(world: World) -> None:
    with clock.fixed(DAY):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
        item = handed_in(world)
        assert waits_for(world, "lin", item) == ()
        assert "核稿通过，送会签" in waits_for(world, "he", item)
        with pytest.raises(NotAllowed, match=r"由您拟稿.*可由何静宜办理"):
            world.move("lin", "check", [item], DAY)
        [item] = world.move("he", "check", [item], DAY)
        assert waits_for(world, "lin", item) == ()
        assert "签发" in waits_for(world, "gu", item)


def test_where_nobody_else_holds_the_post_it_is_said_who_has_to_be_appointed(world: World) -> None:
    with clock.fixed(DAY):
        item = handed_in(world)
        with pytest.raises(NotAllowed, match=r"现在没有别人能办.*主题教育办公室"):
            world.move("lin", "check", [item], DAY)


def test_who_mended_words_while_checking_is_asked_again_when_it_comes_back(world: World) -> None:
    """The predicate of the desk agrees with `drafters` in every round."""
    with clock.fixed(DAY):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
        item = handed_in(world)
        write(world, "he", item, "核稿时改")
        [item] = world.move("he", "send_back", [Item.objects.get(pk=item.pk)], DAY, reason="请补充")
        [item] = world.move("lin", "hand_in", [item], DAY, reason="已补充")
        he, lin = world.actor("he").person, world.actor("lin").person
        assert drafters(pack_of(world.campaign), item) == {lin}
        assert waits_for(world, "he", item)
        [item] = world.move("he", "send_back", [item], DAY, reason="再改")
        write(world, "he", item, "退回以后改")
        [item] = world.move("lin", "hand_in", [Item.objects.get(pk=item.pk)], DAY, reason="已改")
        assert drafters(pack_of(world.campaign), item) == {lin, he}
        assert waits_for(world, "he", item) == ()


def test_checking_countersigning_and_signing_are_three_peoples(world: World) -> None:
    """Who checked is neither asked to countersign nor let to; who countersigned does not sign. Desk and refusal agree."""
    with clock.fixed(DAY):
        appoint(
            operator(),
            campaign=world.campaign,
            appointments=[Appointment("he", "office", "HY"), Appointment("zhou", "office", "HY")],
        )
        [item] = world.move("he", "circulate", [handed_in(world)], DAY)
        assert waits_for(world, "he", item) == ()
        for who, why in (("he", r"前一步由您办理.*可由.*周.*办理"), ("lin", "由您拟稿")):
            with pytest.raises(NotAllowed, match=why):
                world.move(who, "agree", [item], DAY)
        [item] = world.move("zhou", "agree", [item], DAY)
        for who in ("he", "zhou"):
            assert waits_for(world, who, item) == ()
            with pytest.raises(NotAllowed, match="前一步由您办理"):
                world.move(who, "sign", [item], DAY)
        assert "签发" in waits_for(world, "gu", item)
        [item] = world.move("gu", "sign", [item], DAY)
        told = hands(pack_of(world.campaign), item).round("hand_in")
        assert [one.step for one in told] == ["hand_in", "circulate", "agree", "sign"]
