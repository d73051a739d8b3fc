"""A unit answers a request: what is handed in, by whom, what follows of it, and what is refused."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guatu.access import operator
from guatu.actions.items import Edit, edit_items
from guatu.actions.people import Appointment, appoint
from guatu.actions.return_drafts import TwoHands, save_draft
from guatu.actions.returns import amend, hand_in, sign
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.filling import Filled
from guatu.domain.loop_tracks import BASIS, CELLS, FILLED_BY, HANDED_AT, RETURN
from guatu.queries.item_history import past_of
from guatu.queries.returns import roster, rows_of
from guatu.queries.verify import verify
from guatu.records.models import Batch, FillDraft, Item
from tests.collecting import VALUES, ask, collecting_world, hand, monthly, visiting
from tests.people import World

pytestmark = pytest.mark.django_db
SHANGHAI = ZoneInfo("Asia/Shanghai")
SCAN = NewEvidence(title="签字表.pdf", sha256="a" * 64, size=10)
LATER = date(2023, 11, 29)


@pytest.fixture
def world() -> World:
    return collecting_world()


@pytest.fixture
def asked(world: World) -> Item:
    return ask(world)["JIA"]


def fresh(item: Item) -> Item:
    return Item.objects.get(pk=item.pk)


def only_row(world: World, item: Item) -> Item:
    [row] = rows_of(world.campaign, [item])
    return row


def send_back(world: World, item: Item, who: str = "lin", on: date = LATER) -> None:
    with clock.fixed(on):
        moves = [Move(item.pk, reason="营业收入请核对")]
        move_items(world.actor(who), campaign=world.campaign, transition="send_back", moves=moves)


def test_what_is_handed_in_is_in_the_records(world: World) -> None:
    item = ask(world)["JIA"]
    moved = hand(world, "tao", item, on=datetime(2023, 11, 28, 9, 30, tzinfo=SHANGHAI), minutes=12)
    row = only_row(world, item)
    assert {key: Decimal(row.data[key]) for key in VALUES} == {k: Decimal(v) for k, v in VALUES.items()}
    assert (row.register, row.unit.code, row.data["month"]) == ("monthly", "JIA", "2023-11-30")
    assert (row.data[RETURN], row.data[BASIS]) == (item.pk, "reported")
    assert (moved.state, moved.data["answer"], moved.data["minutes"]) == ("reviewed", "data", 12)
    assert moved.data[HANDED_AT] == "2023-11-28T09:30"
    assert moved.data[CELLS]["asked"] == 4
    assert verify().broken == ""


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries({"revenue": st.integers(-(10**9), 10**9), "orders": st.integers(0, 10**9)}),
    st.integers(0, 99),
)
def test_any_numbers_that_are_handed_in_are_in_the_records_afterwards(
    asked: Item, world: World, typed: dict[str, int], cents: int
) -> None:
    values = {**VALUES, **{key: f"{number}.{cents:02d}" for key, number in typed.items()}}
    with transaction.atomic():
        hand(world, "tao", asked, values=values)
        row = only_row(world, asked)
        found = {key: Decimal(row.data[key]) for key in values}
        transaction.set_rollback(True)
    assert found == {key: Decimal(text) for key, text in values.items()}


def test_a_missing_cell_is_named_and_nothing_is_written(world: World) -> None:
    item = ask(world)["JIA"]
    before = Batch.objects.count()
    with pytest.raises(BadInput, match="还差 1 格：研发投入"):
        hand(world, "tao", item, values={key: value for key, value in VALUES.items() if key != "rd"})
    assert (Batch.objects.count(), fresh(item).state) == (before, "asked")


def test_a_nil_return_needs_no_row_and_counts_as_an_answer(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item, answer="nil")
    assert rows_of(world.campaign, [item]) == []
    answers = {row.code: row.answer for row in roster(world.campaign, item.parent_id, date(2023, 11, 28))}
    assert answers == {"JIA": "nil", "YI": "not_due"}


def test_a_nil_return_is_refused_where_every_unit_has_to_fill(world: World) -> None:
    item = ask(world, form=monthly(nil_allowed=False))["JIA"]
    with pytest.raises(BadInput, match="不接受零报告"):
        hand(world, "tao", item, answer="nil")


def test_not_applicable_says_why(world: World) -> None:
    item = ask(world)["JIA"]
    with pytest.raises(BadInput, match="须写明原因"):
        hand(world, "tao", item, answer="not_applicable")
    moved = hand(world, "tao", item, answer="not_applicable", explanation="本公司没有这项业务")
    assert moved.data["explanation"] == "本公司没有这项业务"


def test_the_same_submission_twice_is_written_once(world: World) -> None:
    item = ask(world)["JIA"]
    first = hand(world, "tao", item, idempotency_key="k1")
    batches = Batch.objects.count()
    again = hand(world, "tao", item, idempotency_key="k1")
    assert (again.pk, Batch.objects.count()) == (first.pk, batches)
    with pytest.raises(Conflict, match="另一份内容"):
        hand(world, "tao", item, values={**VALUES, "rd": "9"}, idempotency_key="k1")


def test_handed_in_after_the_hour_is_late(world: World) -> None:
    items = ask(world)
    hand(world, "tao", items["JIA"], on=datetime(2023, 11, 30, 18, 0, tzinfo=SHANGHAI))
    hand(world, "he", items["YI"], on=datetime(2023, 11, 30, 18, 1, tzinfo=SHANGHAI))
    rows = roster(world.campaign, items["JIA"].parent_id, date(2023, 12, 1))
    assert {row.code: row.late for row in rows} == {"JIA": False, "YI": True}


def test_a_row_of_an_earlier_day_is_a_late_entry(world: World) -> None:
    item = ask(world, ["F1"], visiting())["F1"]
    fields = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}
    hand(world, "lu", item, rows=[Filled(fields, title="走访一车间")])
    row = only_row(world, item)
    assert (row.late_entry, row.title) == (True, "走访一车间")


def test_rows_of_a_period_that_still_runs_exist_from_today(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item)
    row = only_row(world, item)
    assert (row.data["month"], row.state_since) == ("2023-11-30", date(2023, 11, 28))


def test_what_came_back_is_handed_in_again_with_its_difference(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item)
    send_back(world, item)
    row = only_row(world, item)
    changed = Filled({**VALUES, "revenue": "621.4"}, item=row.pk, version=row.version)
    moved = hand(world, "tao", item, on=LATER, rows=[changed])
    assert only_row(world, item).data["revenue"] == "621.4"
    [differs] = moved.data[CELLS]["differs"]
    assert (differs["field"], differs["was"], differs["now"]) == ("revenue", "612.4", "621.4")
    assert only_row(world, item).data[BASIS] == "reported"


def test_a_row_that_is_left_out_leaves_the_return(world: World) -> None:
    item = ask(world, ["F1"], visiting())["F1"]
    fields = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}
    hand(world, "lu", item, rows=[Filled(fields, title="甲"), Filled(fields, title="乙")])
    send_back(world, item, "zhou")
    first, second = rows_of(world.campaign, [item])
    kept = Filled(fields, item=first.pk, version=first.version)
    hand(world, "lu", item, on=LATER, rows=[kept])
    assert [row.pk for row in rows_of(world.campaign, [item])] == [first.pk]
    assert fresh(second).data[BASIS] == "draft"


def test_a_row_that_the_unit_entered_itself_is_taken_in(world: World) -> None:
    item = ask(world, ["F1"], visiting())["F1"]
    fields = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}
    own = world.create("lu", "visits", "F1", "走访", date(2023, 11, 20), fields=fields)
    hand(world, "lu", item, rows=[Filled(fields, item=own.pk, version=own.version)])
    assert (fresh(own).data[RETURN], fresh(own).data[BASIS]) == (item.pk, "reported")


def test_a_row_of_another_unit_does_not_exist(world: World) -> None:
    item = ask(world, ["F1"], visiting())["F1"]
    fields = {"held_on": "2023-11-20", "visited_body": "一车间", "solved": 2}
    other = world.create("ji", "visits", "Y3", "走访", date(2023, 11, 20), fields=fields)
    with pytest.raises(NotFound):
        hand(world, "lu", item, rows=[Filled(fields, item=other.pk)])


def test_a_return_is_handed_in_at_the_moment_that_the_ledger_records(world: World) -> None:
    """Where the clock stands before the last batch, as on the day of a demo, page and history tell the same moment."""
    returns = ask(world)
    hand(world, "he", returns["YI"], on=datetime(2023, 11, 28, 16, 54, tzinfo=SHANGHAI))
    hand(world, "tao", returns["JIA"], on=datetime(2023, 11, 28, 5, 38, tzinfo=SHANGHAI))
    assert fresh(returns["JIA"]).data[HANDED_AT] == "2023-11-28T16:54"


def test_amending_reopens_what_was_accepted_above(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item)
    with clock.fixed(LATER):
        move_items(world.actor("lin"), campaign=world.campaign, transition="accept", moves=[Move(item.pk)])
        with pytest.raises(BadInput, match="须写明原因"):
            amend(world.actor("tao"), campaign=world.campaign, return_=item.pk, reason=" ")
        amend(world.actor("tao"), campaign=world.campaign, return_=item.pk, reason="漏了一笔")
    found = fresh(item)
    assert (found.state, found.round, found.data.get(HANDED_AT)) == ("asked", 2, None)
    assert only_row(world, item).data[BASIS] == "draft"


def test_what_is_handed_in_is_not_edited_behind_its_back(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item)
    row = only_row(world, item)
    with clock.fixed(LATER), pytest.raises(NotAllowed, match="撤回修改"):
        edit_items(world.actor("tao"), campaign=world.campaign, edits=[Edit(row.pk, {"rd": "1"})])


def test_two_hands_at_once_do_not_overwrite_each_other(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item, version=item.version)
    with pytest.raises((Conflict, BadInput)):
        hand(world, "tao", item, version=item.version)


def test_the_head_signs_where_the_chain_says_so(world: World) -> None:
    item = ask(world, form=monthly(chain=("head", "office")))["JIA"]
    assert hand(world, "tao", item).state == "to_sign"
    with clock.fixed(LATER):
        with pytest.raises(NotAllowed):
            sign(world.actor("tao"), campaign=world.campaign, return_=item.pk)
        moved = sign(world.actor("fang"), campaign=world.campaign, return_=item.pk)
    assert (moved.state, only_row(world, item).data[BASIS]) == ("reviewed", "signed")


def test_filling_on_behalf_needs_the_signed_paper(world: World) -> None:
    item = ask(world, ["F2"], visiting())["F2"]
    rows = [Filled({"held_on": "2023-11-20", "visited_body": "车间", "solved": 1}, title="走访")]
    with pytest.raises(BadInput, match="扫描件"):
        hand(world, "zhou", item, rows=rows)
    moved = hand(world, "zhou", item, rows=rows, evidence=[SCAN])
    assert moved.data[FILLED_BY]["name"] == "周启明"
    assert only_row(world, item).on_behalf
    assert past_of(item.pk, None).revisions[-1].body["evidence"][0]["title"] == "签字表.pdf"


def test_a_liaison_who_heads_the_company_too_fills_on_behalf_all_the_same(world: World) -> None:
    with clock.fixed(date(2023, 10, 2)):
        head = Appointment("zhou", "head", "JIA")
        appoint(operator(), campaign=world.campaign, appointments=[head])
    item = ask(world, ["F2"], visiting())["F2"]
    rows = [Filled({"held_on": "2023-11-20", "visited_body": "车间", "solved": 1}, title="走访")]
    with pytest.raises(BadInput, match="扫描件"):
        hand(world, "zhou", item, rows=rows)
    assert hand(world, "zhou", item, rows=rows, evidence=[SCAN]).data[FILLED_BY]["name"] == "周启明"


def test_whoever_filled_on_behalf_does_not_review_it(world: World) -> None:
    item = ask(world, ["F2"], visiting())["F2"]
    rows = [Filled({"held_on": "2023-11-20", "visited_body": "车间", "solved": 1}, title="走访")]
    moved = hand(world, "zhou", item, rows=rows, evidence=[SCAN])
    assert moved.state == "handed_in"
    with clock.fixed(LATER):
        with pytest.raises(NotAllowed):
            move_items(
                world.actor("zhou"), campaign=world.campaign, transition="forward", moves=[Move(item.pk)]
            )
        move_items(world.actor("lin"), campaign=world.campaign, transition="forward", moves=[Move(item.pk)])
    assert fresh(item).state == "reviewed"


def test_the_liaison_of_a_unit_fills_for_the_unit_itself(world: World) -> None:
    moved = hand(world, "he", ask(world)["YI"])
    assert moved.data.get(FILLED_BY) is None


def test_a_stranger_neither_hands_in_nor_drafts(world: World) -> None:
    item = ask(world)["JIA"]
    with pytest.raises(NotFound):
        hand(world, "he", item)
    with clock.fixed(LATER):
        with pytest.raises(NotFound):
            save_draft(world.actor("he"), campaign=world.campaign, return_=item.pk, cells={})
        with pytest.raises(NotAllowed):
            save_draft(world.actor("gu"), campaign=world.campaign, return_=item.pk, cells={})


def test_a_draft_waits_and_goes_when_it_is_handed_in(world: World) -> None:
    item = ask(world)["JIA"]
    with clock.fixed(LATER):
        tao = world.actor("tao")
        kept = save_draft(tao, campaign=world.campaign, return_=item.pk, cells={"a": "1"}, seconds=30)
        again = save_draft(
            tao, campaign=world.campaign, return_=item.pk, cells={"a": "2"}, seconds=20, version=kept.version
        )
    assert (again.version, again.seconds) == (2, 30)
    hand(world, "tao", item, on=LATER)
    assert not FillDraft.objects.exists()


def test_two_drafts_of_one_return_are_both_kept_in_sight(world: World) -> None:
    item = ask(world)["JIA"]
    with clock.fixed(LATER):
        save_draft(world.actor("tao"), campaign=world.campaign, return_=item.pk, cells={"a": "1"})
        with pytest.raises(TwoHands, match="陶然") as met:
            save_draft(world.actor("zhou"), campaign=world.campaign, return_=item.pk, cells={"a": "2"})
        assert met.value.draft.cells == {"a": "1"}
        same = save_draft(world.actor("zhou"), campaign=world.campaign, return_=item.pk, cells={"a": "1"})
    assert same.version == 1


def test_a_return_that_is_handed_in_takes_no_draft(world: World) -> None:
    item = ask(world)["JIA"]
    hand(world, "tao", item)
    with clock.fixed(LATER), pytest.raises(BadInput, match="撤回修改"):
        save_draft(world.actor("tao"), campaign=world.campaign, return_=item.pk, cells={})


def test_handing_in_with_hand_in_needs_an_answer_that_exists(world: World) -> None:
    item = ask(world)["JIA"]
    with clock.fixed(LATER), pytest.raises(BadInput, match="请选择"):
        hand_in(world.actor("tao"), campaign=world.campaign, return_=item.pk, answer="maybe")
