"""The log of reported figures: every kind of figure names what moved, and a long log is read in bounded statements."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.outside_rows import add_outside_row
from guatu.actions.sent_figures import Sending, correct_sent_figure, log_sent_figure
from guatu.actions.workflow import Move, move_items
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.domain.figures.sent import as_kept
from guatu.queries.figures import evaluate
from guatu.queries.moved_records import Moved, moved_records
from guatu.queries.sent_figures import every_line, sent_line, sent_page, used_in
from guatu.queries.variant_difference import variant_difference
from guatu.records.models import Item, SentFigure
from tests.queries.figure_world import FIGURES, World, build, day

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build()


def entered(world: World, register: str, unit: str, **fields: Any) -> Item:
    state = fields.pop("state", None)
    row = NewItem(register, unit, "事项", fields, **({"state": state} if state else {}))
    return create_items(world.office, campaign=world.campaign, rows=[row])[0]


def sent(world: World, figure: str, unit: str = "") -> SentFigure:
    told = Sending(figure=figure, as_of=day(10), recipient="上级", channel="document", unit=unit)
    return log_sent_figure(world.office, campaign=world.campaign, sending=told)


def now(world: World, row: SentFigure) -> tuple[bool, Moved]:
    _row, line = sent_line(world.office, world.campaign, row.public_id)
    return line.differs, moved_records(world.office, world.campaign, row)


def test_of_a_share_the_records_are_named_that_changed_sides(world: World) -> None:
    with clock.fixed(day(10)):
        mended, _other = (entered(world, "problems", "u", state="open") for _number in range(2))
        row = sent(world, "closed_share")
    assert now(world, row) == (False, Moved((), 0))
    with clock.fixed(day(12)):
        moves = [Move(mended.pk)]
        move_items(world.office, campaign=world.campaign, transition="close", moves=moves, effective=day(10))
        differs, moved = now(world, row)
    assert differs
    assert [(one.number, one.effect, one.why) for one in moved.rows] == [
        (mended.number, "现在符合条件", "补办流转")
    ]


def test_of_a_comparison_with_last_year_the_months_that_count_are_named(world: World) -> None:
    with clock.fixed(day(10)):
        for unit, month in (("A", "2022-11-05"), ("A", "2023-11-05"), ("B", "2023-11-05")):
            entered(world, "monthly", unit, month=month, revenue="100")
        row = sent(world, "revenue_growth")
    paired, alone = Item.objects.filter(register="monthly").order_by("-pk")[1], row.records
    assert len(alone) == 2, "what has no month to be compared with is not behind the figure"
    with clock.fixed(day(12)):
        edits = [Edit(paired.pk, {"revenue": "130"})]
        edit_items(world.office, campaign=world.campaign, edits=edits)
        differs, moved = now(world, row)
    assert differs
    assert [(one.number, one.effect) for one in moved.rows] == [(paired.number, "数值由 100 改为 130")]


def test_of_a_count_of_combinations_the_record_is_named_that_stands_for_another(world: World) -> None:
    with clock.fixed(day(10)):
        one, _two = (entered(world, "visits", "u", held_on="2023-11-05", body="甲村") for _n in range(2))
        row = sent(world, "bodies")
    with clock.fixed(day(12)):
        edit_items(world.office, campaign=world.campaign, edits=[Edit(one.pk, {"body": "乙村"})])
        differs, moved = now(world, row)
    assert differs
    assert [(each.number, each.effect) for each in moved.rows] == [(one.number, "统计的对象改变")]


def test_what_comes_from_outside_the_system_is_told_with_the_difference(world: World) -> None:
    with clock.fixed(day(10)):
        row, elsewhere = sent(world, "all_visits"), sent(world, "all_visits", "B")
    with clock.fixed(day(12)):
        add_outside_row(
            world.office,
            campaign=world.campaign,
            figure="all_visits",
            unit="u",
            counts_on=day(9),
            value=12,
            document="函",
            approver="顾行舟",
        )
        assert now(world, row) == (True, Moved((), 0, "系统外数据由 0 改为 12。"))
        assert now(world, elsewhere) == (False, Moved((), 0))


def test_a_figure_without_records_says_so(world: World) -> None:
    with clock.fixed(day(10)):
        assert not now(world, sent(world, "units"))[1].by_records


def test_a_log_of_many_days_is_read_however_many_there_are(world: World) -> None:
    """A database takes some hundred days in one statement."""
    with clock.fixed(day(10)):
        entered(world, "problems", "u", state="open")
        first = sent(world, "total")
    for number in range(1, 700):
        first.pk, first.public_id, first.number = None, uuid4(), f"SB-{number + 1:04}"
        first.as_of = date(2023, 11, 10) + timedelta(days=number)
        first.save(force_insert=True)
    with clock.fixed(date(2026, 1, 1)):
        lines = every_line(world.office, world.campaign)
    assert len(lines) == 700
    assert not any(line.differs for line in lines)


def test_a_number_is_compared_as_it_was_kept() -> None:
    """1 of 512 is 0.1953125 per cent: kept and compared, it has to be rounded the same way."""
    assert as_kept(Decimal("0.1953125")) == Decimal("0.195313")
    assert as_kept(2) == 2


def test_the_difference_of_two_definitions_that_count_combinations_is_the_difference_of_their_numbers() -> (
    None
):
    ways = {"b": {"label": "乙类", "note": "只计乙类", "where": {"kind": "b"}}}
    made = build(figures={**FIGURES, "places": {**FIGURES["places"], "variants": ways}})
    with clock.fixed(day(10)):
        for place, kind in (("x", "a"), ("x", "a"), ("y", "a"), ("y", "b"), ("", "b"), ("z", "b")):
            entered(made, "problems", "u", state="open", kind=kind, **({"place": place} if place else {}))
    table = evaluate(made.campaign, ["places", "places@b"], days=[day(10)], actor=made.office)
    found = variant_difference(made.campaign, "places", "b", day=day(10), actor=made.office)
    assert [table.result(key).value for key in ("places", "places@b")] == [3, 2]
    assert (found.own, found.variant) == (1, 0)
    assert [row.own for row in found.rows] == [True, True]  # both records of the one place x


def test_on_a_past_day_the_log_holds_what_had_been_sent_by_then(world: World) -> None:
    with clock.fixed(day(10)):
        item = entered(world, "problems", "u", state="open")
        row = sent(world, "total")
    with clock.fixed(day(12)):
        late = NewItem("problems", "u", "补录", state="open", effective=day(9))
        create_items(world.office, campaign=world.campaign, rows=[late])
        correct_sent_figure(
            world.office, campaign=world.campaign, sent=row.public_id, cause="补录", approver="顾行舟"
        )
        asked = (world.office, world.campaign)
        told = {
            number: [(line.number, line.corrected_by) for line in sent_page(*asked, until=day(number)).lines]
            for number in (9, 10, 11, 12)
        }
        assert told == {
            9: [],
            10: [("SB-0001", "")],
            11: [("SB-0001", "")],
            12: [("GZ-0001", ""), ("SB-0001", "GZ-0001")],
        }
        assert [len(used_in(*asked, item, day(number))) for number in (9, 10, 12)] == [0, 1, 2]
        assert [line.records for line in every_line(*asked)] == [1, 2]
        with pytest.raises(NotFound):
            sent_line(*asked, row.public_id, day(9))
