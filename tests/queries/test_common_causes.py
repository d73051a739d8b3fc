"""Common causes: what says nearly the same is suggested with its score and words; people group, take out, dismiss."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.access import operator, resolve
from guatu.actions.causes import dismiss_suggestion, group_items
from guatu.actions.links import unlink_items
from guatu.actions.setup import create_campaign
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.common_causes import (
    NEAR,
    Text,
    groups_of,
    kept_apart,
    shared_words,
    suggestions,
    texts_of,
    usual_title,
)
from guatu.queries.verify import verify
from guatu.records.models import Campaign, Item, Link, Person
from tests.people import BEGIN, World, small_world, theme_pack

DAY, DUE = date(2023, 11, 6), date(2023, 12, 20)


def text(pk: int, words: str, *, here: bool = True) -> Text:
    return Text(pk, str(pk), 1, f"WT-{pk:04d}", words, "一厂", "整改中", "problems", here, words)


def test_texts_that_say_the_same_are_near_and_show_their_words() -> None:
    texts = [
        text(1, "职工食堂排队时间过长，午餐窗口不足"),
        text(2, "食堂午餐窗口不足，职工排队时间过长"),
        text(3, "设备点检记录补填，润滑保养不到位"),
    ]
    [found] = suggestions(texts)
    assert {found.head, found.members[0].pk} == {1, 2}
    assert found.members[0].score > NEAR
    assert any("排队时间过长" in word for word in found.members[0].shared)
    assert all(word in texts[0].words and word in texts[1].words for word in found.members[0].shared)
    assert usual_title(found, texts[0])


def test_nothing_is_suggested_among_items_of_other_campaigns_only() -> None:
    old = [text(1, "食堂午餐窗口不足", here=False), text(2, "食堂午餐窗口不足", here=False)]
    assert suggestions(old) == ()
    [found] = suggestions([*old, text(3, "食堂午餐窗口不足")])
    assert found.head == 3
    assert len(found.members) == 2


def test_pairs_kept_apart_are_not_suggested() -> None:
    texts = [text(1, "食堂午餐窗口不足"), text(2, "食堂午餐窗口不足")]
    assert suggestions(texts, [frozenset((1, 2))]) == ()
    assert suggestions([]) == suggestions([text(1, "")]) == ()


@given(st.lists(st.text("食堂排队时间过长窗口不足设备点检", max_size=12), max_size=12))
def test_no_item_stands_in_two_suggestions_and_every_shared_word_stands_in_both(words: list[str]) -> None:
    texts = [text(pk, each) for pk, each in enumerate(words, 1)]
    known = {one.pk: one.words for one in texts}
    seen: list[int] = []
    for found in suggestions(texts):
        seen += [found.head, *(member.pk for member in found.members)]
        for member in found.members:
            assert NEAR <= member.score <= 1.01
            assert all(word in known[found.head] and word in known[member.pk] for word in member.shared)
    assert len(seen) == len(set(seen))


def test_overlapping_pieces_are_put_together() -> None:
    weights = {"排队": 1.0, "队时": 0.8, "时间": 0.9, "食堂": 0.5}
    assert shared_words("食堂排队时间长", "排队时间长的食堂", weights) == ("排队时间长", "食堂")


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = small_world()
    with clock.fixed(DAY):
        yield found


def problem(world: World, unit: str, title: str) -> Item:
    fields = {"category": "livelihood", "source": "research", "found_on": DAY.isoformat()}
    return world.create("lin", "problems", unit, title, DAY, fields=fields, due=DUE, state="open")


def suggested(world: World, who: str) -> list[set[int]]:
    actor = world.actor(who)
    texts = texts_of(actor, world.campaign, [world.campaign])
    apart = kept_apart([one.pk for one in texts])
    return [{one.head, *(near.pk for near in one.members)} for one in suggestions(texts, apart)]


def test_a_reader_gets_suggestions_among_what_she_may_see_only(world: World) -> None:
    first = problem(world, "F1", "食堂午餐窗口不足")
    second = problem(world, "Y3", "食堂午餐窗口不足")
    assert suggested(world, "lin") == [{first.pk, second.pk}]
    assert suggested(world, "zhou") == suggested(world, "he") == []


def test_a_group_is_made_of_links_and_can_be_taken_back(world: World) -> None:
    items = [problem(world, unit, "食堂午餐窗口不足") for unit in ("F1", "F2", "Y3")]
    lin = world.actor("lin")
    links = group_items(lin, campaign=world.campaign, items=[one.pk for one in items], title="食堂窗口不足")
    assert suggested(world, "lin") == []
    [group] = groups_of(lin, world.campaign, [world.campaign])
    assert (group.title, group.head and group.head.pk, len(group.members)) == ("食堂窗口不足", items[0].pk, 2)
    [hers] = groups_of(world.actor("zhou"), world.campaign, [world.campaign])
    assert [text.unit for _link, text in hers.members] == ["二厂"]
    with pytest.raises(BadInput, match="已在同一组"):
        group_items(lin, campaign=world.campaign, items=[one.pk for one in items])
    unlink_items(lin, campaign=world.campaign, links=[link.pk for link in links])
    assert groups_of(lin, world.campaign, [world.campaign]) == ()
    assert verify().whole, verify().broken


def test_what_joins_a_member_of_a_group_joins_the_group(world: World) -> None:
    items = [problem(world, unit, "食堂午餐窗口不足") for unit in ("F1", "F2", "Y3", "YI")]
    lin, campaign = world.actor("lin"), world.campaign
    group_items(lin, campaign=campaign, items=[items[0].pk, items[1].pk])
    group_items(lin, campaign=campaign, items=[items[1].pk, items[2].pk])
    assert set(Link.objects.values_list("target", flat=True)) == {items[0].pk}
    fifth = problem(world, "F1", "食堂午餐窗口不足")
    group_items(lin, campaign=campaign, items=[items[3].pk, fifth.pk])
    with pytest.raises(BadInput, match="分属两组"):
        group_items(lin, campaign=campaign, items=[items[0].pk, fifth.pk])


def test_a_dismissed_suggestion_does_not_come_back_until_somebody_groups_it(world: World) -> None:
    first, second = (problem(world, unit, "食堂午餐窗口不足") for unit in ("F1", "Y3"))
    lin, campaign = world.actor("lin"), world.campaign
    dismiss_suggestion(lin, campaign=campaign, head=first.pk, members=[second.pk])
    assert suggested(world, "lin") == []
    assert dismiss_suggestion(lin, campaign=campaign, head=first.pk, members=[second.pk]) == []
    group_items(lin, campaign=campaign, items=[first.pk, second.pk])
    assert not Link.objects.filter(kind="unlike", ended_batch=None).exists()


def test_who_may_not_group_is_refused_and_what_is_out_of_sight_does_not_exist(world: World) -> None:
    first, second = (problem(world, unit, "食堂午餐窗口不足") for unit in ("F1", "Y3"))
    for who in ("lu", "xu", "gu"):
        with pytest.raises(NotAllowed):
            group_items(world.actor(who), campaign=world.campaign, items=[first.pk, second.pk])
    with pytest.raises(NotFound):
        group_items(world.actor("zhou"), campaign=world.campaign, items=[first.pk, second.pk])
    visit = world.create(
        "lu", "visits", "F1", "走访", DAY, fields={"held_on": DAY.isoformat(), "visited_body": "二车间"}
    )
    with pytest.raises(BadInput, match="不能归并"):
        group_items(world.actor("lin"), campaign=world.campaign, items=[first.pk, visit.pk])
    with pytest.raises(BadInput, match="2 至 200"):
        group_items(world.actor("lin"), campaign=world.campaign, items=[first.pk])


def test_the_last_campaign_had_it_too(world: World) -> None:
    first = problem(world, "F1", "食堂午餐窗口不足")
    later = create_campaign(
        operator(),
        key="next",
        name="第三批",
        short_name="第三批",
        pack=theme_pack(),
        tree=world.tree,
        root=world.unit("HY"),
        starts_on=BEGIN,
    )
    from guatu.actions.people import Appointment, appoint

    appoint(operator(), campaign=later, appointments=[Appointment("lin", "office", "HY")])
    other = World(Campaign.objects.get(key="next"), world.tree)
    second = problem(other, "F1", "食堂午餐窗口不足")
    person = resolve(Person.objects.get(username="lin"))
    texts = texts_of(person, other.campaign, [world.campaign, other.campaign])
    [found] = suggestions(texts)
    assert (found.head, found.members[0].pk) == (second.pk, first.pk)
    group_items(person, campaign=other.campaign, items=[second.pk, first.pk])
    [group] = groups_of(person, other.campaign, [world.campaign, other.campaign])
    assert [text.pk for _link, text in group.members] == [first.pk]
    assert verify().whole, verify().broken
