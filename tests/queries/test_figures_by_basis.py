"""Basis, variants and rows from outside: records equal values at every basis, differences are complete, nothing is guessed."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from guatu.access.actor import Actor, Grant
from guatu.actions.items import NewItem, create_items
from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.figures.basis import BASES
from guatu.domain.figures.references import Reference, at_basis, exists, read
from guatu.domain.loop_tracks import BASIS
from guatu.queries.figure_drill import drill
from guatu.queries.figures import evaluate, row_of
from guatu.queries.variant_difference import variant_difference
from guatu.queries.verify import verify
from guatu.records.models import Batch
from tests.queries.figure_stories import Step, any_step, steps, tell
from tests.queries.figure_world import FIGURES, World, build, day, pack

pytestmark = pytest.mark.django_db
PLAIN = (Phase.explicit, Phase.generate)
COUNTING = (
    *("total", "pupils", "places", "entered_closed", "own_total", "third_total", "told_upward"),
    *("told_upward@upward", "told_upward@early", "all_visits", "own_visits", "all_cost"),
)


def reported(world: World, unit: str, basis: str, kind: str = "a") -> None:
    row = NewItem("problems", unit, "报送", {"kind": kind}, state="open", tracks={BASIS: basis})
    create_items(world.office, campaign=world.campaign, rows=[row])


@pytest.fixture
def world() -> World:
    """One problem at every basis below A, one that nobody reported, and one whose return was sent back."""
    made = build()
    with clock.fixed(day(10)):
        for basis in (*BASES, "draft"):
            reported(made, "u", basis)
        create_items(made.office, campaign=made.campaign, rows=[NewItem("problems", "w", "旧事项")])
    return made


def test_a_figure_counts_the_rows_of_its_basis_and_of_every_higher_one(world: World) -> None:
    keys = [at_basis("total", basis) for basis in BASES]
    table = evaluate(world.campaign, ["total", *keys], days=[day(10)], actor=world.office)
    assert [table.result(key).value for key in keys] == [5, 4, 3, 2]
    assert table.result("total").value == 2


def test_what_one_does_not_say_of_a_basis_is_refused_when_it_is_asked_for() -> None:
    figures = pack().figures
    assert read("told_upward@upward@signed") == Reference("told_upward", "upward", "signed")
    for text in ("told_upward@upward", "total@reported", "closed_share@signed", "told_upward@early@office"):
        assert exists(figures, text)
    for text in (
        "total@upward",
        "nothing",
        "nothing@signed",
        "total@",
        "told_upward@signed@upward",
        "@signed",
    ):
        assert not exists(figures, text), text


def values_equal_records(world: World, day_on: date, known_at: int | None) -> None:
    keys = [
        str(Reference(read(key).key, read(key).variant, basis)) for key in COUNTING for basis in ("", *BASES)
    ]
    for code in ("G", "A"):
        unit = world.unit(code)
        table = evaluate(
            world.campaign, keys, rows=[row_of(unit)], days=[day_on], known_at=known_at, actor=world.office
        )
        for key in keys:
            found = drill(world.campaign, key, day=day_on, known_at=known_at, unit=unit, actor=world.office)
            from_outside = sum(line.value for line in found.outside)
            sums = any(row.amount is not None for row in found.rows)
            counted = sum(row.amount or 0 for row in found.rows) if sums else len(found.rows)
            result = table.result(key)
            assert from_outside == result.outside, key
            assert counted + from_outside == (result.value or 0), key


def differences_are_complete(world: World, day_on: date, known_at: int | None) -> None:
    for way in ("upward", "early"):
        table = evaluate(
            world.campaign,
            ["told_upward", f"told_upward@{way}"],
            days=[day_on],
            known_at=known_at,
            actor=world.office,
        )
        found = variant_difference(
            world.campaign, "told_upward", way, day=day_on, known_at=known_at, actor=world.office, most=1000
        )
        own = {str(row.item) for row in found.rows if row.own}
        other = {str(row.item) for row in found.rows if not row.own}
        keys = ("told_upward", f"told_upward@{way}")
        one, two = (
            {
                str(row.item)
                for row in drill(world.campaign, key, day=day_on, known_at=known_at, actor=world.office).rows
            }
            for key in keys
        )
        assert (own, other) == (one - two, two - one)
        assert (found.own, found.variant, found.hidden) == (len(own), len(other), 0)
        values = [table.result(key).value for key in keys]
        assert values[0] - found.own == values[1] - found.variant  # type: ignore[operator]
        assert all(row.why for row in found.rows), "no record is left out without a reason"


@settings(phases=PLAIN, max_examples=8)
@given(story=st.lists(steps(), min_size=4, max_size=14), number=st.integers(8, 30), batch=st.integers(0, 60))
def test_records_equal_values_at_every_basis_and_differences_are_complete_in_any_history(
    story: list[Step], number: int, batch: int
) -> None:
    with transaction.atomic():
        made = build()
        tell(made, story)
        seqs = list(Batch.objects.order_by("seq").values_list("seq", flat=True))
        known_at = None if batch % 2 else seqs[batch % len(seqs)]
        values_equal_records(made, day(number), known_at)
        differences_are_complete(made, day(number), known_at)
        transaction.set_rollback(True)


def test_a_long_story_has_rows_of_every_basis_and_from_outside() -> None:
    """The random stories do tell of what is tried above."""
    chance = random.Random(7)
    made = build()
    last, _taken = tell(made, [any_step(chance) for _number in range(120)])
    keys = ["total", *(at_basis("total", basis) for basis in BASES), "all_visits", "all_cost"]
    table = evaluate(made.campaign, keys, days=[last], actor=made.office)
    at = [table.result(at_basis("total", basis)).value for basis in BASES]
    assert at == sorted(at, reverse=True)  # type: ignore[type-var]
    assert len(set(at)) == len(BASES)
    assert table.result("all_visits").outside or table.result("all_cost").outside


def test_the_reason_names_the_field_its_value_and_the_basis(world: World) -> None:
    found = variant_difference(world.campaign, "told_upward", "upward", day=day(10), actor=world.office)
    told = {row.why for row in found.rows}
    assert ("类别为“甲”，不在“上报口径”之内",) in told
    assert ("类别为“未填”，不在“内部口径”之内",) in told
    with clock.fixed(day(11)):
        reported(world, "u", "reported", "b")
    early = variant_difference(world.campaign, "told_upward", "early", day=day(11), actor=world.office)
    assert {why for row in early.rows for why in row.why} == {"认定层级为“单位报送”，“内部口径”从“办公室认定”起计",
        "认定层级为“单位审签”，“内部口径”从“办公室认定”起计", "认定层级为“上级审核”，“内部口径”从“办公室认定”起计"}  # fmt: skip


def test_a_row_from_outside_counts_from_its_day_for_its_unit_and_those_above(world: World) -> None:
    with clock.fixed(day(12)):
        row = add_outside_row(
            world.office,
            campaign=world.campaign,
            figure="all_visits",
            unit="u",
            counts_on=day(11),
            value="12",
            document="境外函〔2023〕8号",
            approver="顾行舟",
        )
    before = row.rec_from - 1

    def values(on: int, known_at: int | None = None) -> list[object]:
        rows = [row_of(world.unit(code)) for code in "GAuvw"]
        table = evaluate(
            world.campaign,
            ["all_visits", "own_visits"],
            rows=rows,
            days=[day(on)],
            known_at=known_at,
            actor=world.office,
        )
        return [table.result("all_visits", code).value for code in "GAuvw"]

    assert values(10) == [0, 0, 0, 0, 0]
    assert values(11) == [12, 12, 12, 0, 0]
    assert values(11, before) == [0, 0, 0, 0, 0]
    with clock.fixed(day(20)):
        ended = withdraw_outside_row(
            world.office, campaign=world.campaign, row=row.public_id, reason="已登记", ended_on=day(18)
        )
    assert ended.end_rec is not None
    assert values(17) == [12, 12, 12, 0, 0]
    assert values(18) == [0, 0, 0, 0, 0]
    assert values(18, ended.end_rec - 1) == [12, 12, 12, 0, 0]


def test_a_reader_sees_how_much_comes_from_outside_of_the_own_scope_and_not_whose_it_is(world: World) -> None:
    with clock.fixed(day(12)):
        for unit, value in (("u", 12), ("w", 5)):
            add_outside_row(
                world.office,
                campaign=world.campaign,
                figure="all_visits",
                unit=unit,
                counts_on=day(11),
                value=value,
                document="函",
                approver="顾行舟",
            )
    unit = world.unit("w")
    post = Grant(post=None, role="filler", label="填报员", unit=unit.pk, line=unit.line)
    filler = Actor(None, "陆文博", "lu", unit.line, (post,), day(12))
    found = drill(world.campaign, "all_visits", day=day(12), actor=filler)
    assert [(line.code, line.value) for line in found.outside] == [("w", 5)]
    assert found.outside_hidden == 12


def test_every_figure_of_the_small_pack_may_be_looked_at_at_another_basis() -> None:
    figures = pack().figures
    assert all(exists(figures, f"{key}@reported") for key in FIGURES)


def test_the_largest_amount_from_outside_is_kept_to_the_cent_on_every_database(world: World) -> None:
    """SQLite keeps fifteen digits of a number, decimals among them."""
    told: dict[str, Any] = {
        "campaign": world.campaign,
        "figure": "all_cost",
        "unit": "u",
        "counts_on": day(10),
        "document": "函",
        "approver": "顾行舟",
    }
    with clock.fixed(day(10)):
        with pytest.raises(BadInput, match="连小数不超过 15 位"):
            add_outside_row(world.office, value="12345678901234.56", **told)
        add_outside_row(world.office, value="1234567890123.56", **told)
        table = evaluate(world.campaign, ["all_cost"], days=[day(10)], actor=world.office)
    assert table.result("all_cost").outside == Decimal("1234567890123.56")
    assert verify().broken == ""
