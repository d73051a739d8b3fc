"""Re-inspection: Lin draws, the team looks again; a rebound begins another round and is counted."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.reinspection import Looked, draw_sample, record_reinspection
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.figures import evaluate
from guatu.queries.reinspection import sample_page, samples
from guatu.queries.sample_draw import Ask, candidates, drawn_again, preview
from guatu.queries.verify.run import verify
from guatu.records.models import Item, Sample, SampleItem
from tests.made_once import made_once
from tests.people import World, small_world

pytestmark = pytest.mark.django_db

DRAWN = date(2023, 11, 20)
ASK = Ask(date(2023, 10, 1), DRAWN, "种子一", per_unit=1, share=30)


@pytest.fixture
def world() -> World:
    """Five closed problems of 一厂: two of livelihood, three of development."""
    return made_once("five closed problems", _closed)


def _closed() -> World:
    world = small_world()
    for place in range(5):
        category = "livelihood" if place < 2 else "development"
        item = world.problem("F1", date(2023, 10, 9), category=category)
        world.close(item, date(2023, 11, 10 + place))
    return world


def drawn(world: World, ask: Ask = ASK, **more: object) -> Sample:
    with clock.fixed(DRAWN):
        return draw_sample(world.actor("lin"), campaign=world.campaign, ask=ask, **more)  # type: ignore[arg-type]


def items_of(sample: Sample) -> list[int]:
    return list(SampleItem.objects.filter(sample=sample).order_by("pk").values_list("item_id", flat=True))


def test_what_lin_previews_is_what_she_draws(world: World) -> None:
    with clock.fixed(DRAWN):
        seen = preview(world.actor("lin"), world.campaign, ASK, day=DRAWN)
    sample = drawn(world)
    assert [one.item for one in seen.draw.drawn] == items_of(sample)
    assert seen.counted == {"always": 2, "unit": 0, "share": 1}
    assert (sample.population, sample.drawn_by, sample.title) == (
        5,
        "林晓岚",
        "2023-10-01 至 2023-11-20 销号事项回头看",
    )


def test_the_draw_can_be_made_again_after_everything_has_changed(world: World) -> None:
    sample = drawn(world)
    item = Item.objects.get(pk=items_of(sample)[0])
    world.move("xu", "rebound", [item], date(2023, 11, 25), reason="窗口又停了")
    world.close(world.problem("F1", date(2023, 10, 9)), date(2023, 11, 28))
    assert drawn_again(world.campaign, sample) == tuple(items_of(sample))
    assert verify().broken == ""


def test_a_tampered_sample_is_named(world: World) -> None:
    sample = drawn(world)
    SampleItem.objects.filter(sample=sample).first().delete()  # type: ignore[union-attr]
    assert verify().broken == f"回头看抽查（内部号 {sample.pk}）与其修订记录不符。"


def test_every_item_goes_to_the_team_that_its_unit_is_assigned_to(world: World) -> None:
    sample = drawn(world)
    teams = set(SampleItem.objects.filter(sample=sample).values_list("team__key", flat=True))
    assert teams == {"t3"}


def test_an_item_is_not_drawn_twice_in_one_closed_stretch(world: World) -> None:
    drawn(world, Ask(ASK.first, ASK.last, "甲", per_unit=0, share=100))
    with clock.fixed(DRAWN), pytest.raises(BadInput, match="没有可以抽取的事项"):
        draw_sample(world.actor("lin"), campaign=world.campaign, ask=ASK)


def test_an_item_that_was_looked_at_since_it_closed_is_not_drawn(world: World) -> None:
    seen = Item.objects.filter(register="problems").order_by("pk").first()
    assert seen is not None
    with clock.fixed(date(2023, 11, 19)):
        record_reinspection(
            world.actor("bai"),
            campaign=world.campaign,
            item=seen.pk,
            looked=Looked("solid", date(2023, 11, 19)),
        )
    sample = drawn(world, Ask(ASK.first, ASK.last, "戊", per_unit=0, share=100))
    assert seen.pk not in items_of(sample) and sample.population == 4
    assert drawn_again(world.campaign, sample) == tuple(items_of(sample))


def test_a_rebounded_and_closed_item_may_be_drawn_again(world: World) -> None:
    sample = drawn(world)
    item = Item.objects.get(pk=items_of(sample)[0])
    world.move("xu", "rebound", [item], date(2023, 11, 21), reason="窗口又停了")
    world.close(Item.objects.get(pk=item.pk), date(2023, 11, 22))
    with clock.fixed(date(2023, 11, 23)):
        again = draw_sample(
            world.actor("lin"),
            campaign=world.campaign,
            ask=Ask(date(2023, 11, 21), date(2023, 11, 23), "乙", per_unit=1, share=0),
        )
    assert items_of(again) == [item.pk]


def test_the_same_request_twice_draws_once(world: World) -> None:
    one, two = (drawn(world, idempotency_key="一次") for _time in range(2))
    assert one == two and Sample.objects.count() == 1


@pytest.mark.parametrize("who", ["zhou", "lu", "ren", "gu", "bai", "guest"])
def test_only_the_office_and_team_leaders_draw(world: World, who: str) -> None:
    with clock.fixed(DRAWN), pytest.raises(NotAllowed):
        draw_sample(world.actor(who), campaign=world.campaign, ask=ASK)


def test_a_team_leader_draws_from_the_assigned_units_only(world: World) -> None:
    with clock.fixed(DRAWN):
        sample = draw_sample(world.actor("xu"), campaign=world.campaign, ask=ASK)
    assert sample.rule["reach"] == sorted([world.unit("F1").pk, world.unit("Y3").pk])
    moved = Ask(ASK.first, ASK.last, "丁", per_unit=1, share=100)
    assert candidates(world.campaign, moved, [world.unit("Y3").pk], day=DRAWN, always={}) == ()


def test_a_rebound_reopens_the_item_and_is_counted_beside_the_closures(world: World) -> None:
    sample = drawn(world)
    first, second, *_rest = items_of(sample)
    with clock.fixed(date(2023, 11, 25)):
        for pk, result, note in ((first, "solid", ""), (second, "rebound", "高峰期又只开两个窗口")):
            record_reinspection(
                world.actor("bai"),
                campaign=world.campaign,
                item=pk,
                looked=Looked(result, date(2023, 11, 25), note),
            )
        keys = ["issues_closed_ever", "issues_closed_valid", "reinspections_total", "rebound_rate"]
        table = evaluate(
            world.campaign, keys, days=(date(2023, 11, 24), date(2023, 11, 25)), actor=world.actor("lin")
        )
        page = sample_page(world.actor("lin"), world.campaign, sample.public_id)
        rows = samples(world.actor("lin"), world.campaign)
    before, after = ([table.result(key, day=day).number for key in keys] for day in table.days)
    assert before == [5, 5, 0, None] and after == [5, 4, 2, 50]
    item = Item.objects.get(pk=second)
    assert (item.state, item.round) == ("rebounded", 2)
    assert (page.looked, page.rebounded, page.agrees) == (2, 1, True)
    assert [(row.items, row.looked, row.rebounded) for row in rows] == [(3, 2, 1)]


def test_a_rebound_needs_words_and_then_nothing_is_written(world: World) -> None:
    item = items_of(drawn(world))[0]
    with clock.fixed(DRAWN), pytest.raises(BadInput, match="认定反弹须写明情况"):
        record_reinspection(
            world.actor("bai"), campaign=world.campaign, item=item, looked=Looked("rebound", DRAWN)
        )
    assert not Item.objects.filter(register="reinspections").exists()


def test_nobody_of_the_unit_looks_again_at_its_own_items(world: World) -> None:
    item = items_of(drawn(world))[0]
    for who, refusal in (("lu", NotAllowed), ("zhou", NotAllowed), ("ji", NotFound)):
        with clock.fixed(DRAWN), pytest.raises(refusal):
            record_reinspection(
                world.actor(who), campaign=world.campaign, item=item, looked=Looked("solid", DRAWN)
            )


def test_a_rate_of_satisfaction_is_given_from_ten_returns_on(world: World) -> None:
    counts = {"sent": 12, "returned": 9, "satisfied": 8, "unsatisfied": 1}

    def told(on: date) -> tuple[object, str]:
        world.create(
            "bai",
            "satisfaction",
            "F1",
            "食堂回访",
            on,
            fields={**counts, "held_on": on.isoformat()},
            state="recorded",
        )
        with clock.fixed(on):
            table = evaluate(world.campaign, ["satisfaction_rate"], days=(on,), actor=world.actor("lin"))
        return table.result("satisfaction_rate").value, table.printed("satisfaction_rate").text

    assert told(date(2023, 11, 21)) == (None, "样本过少，不计算")
    value, text = told(date(2023, 11, 22))
    assert text == "88.9%" and value is not None
