"""What is measured answers what the hand-written SQL beside it answers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import transaction

from guatu.console.bench.csv_of_all import csv_of_all
from guatu.console.bench.measuring import measure
from guatu.console.bench.operations import Bench, Operation, reads, update
from guatu.console.bench.table import table
from guatu.console.bench.workbooks import many_at_once, one_large
from guatu.demo.demos import demo_of, usual_demo
from guatu.domain import clock
from guatu.records.models import Campaign, Item, LedgerHead, Revision, Spell

SAMPLE = demo_of(usual_demo()).sample


@pytest.mark.parametrize("day", [date(2023, 11, 30), date(2023, 10, 31), date(2023, 9, 25)])
def test_an_operation_answers_what_its_hand_written_sql_answers(demo: Campaign, day: date) -> None:
    with clock.fixed(date(2023, 11, 30)):
        at = Bench(demo, SAMPLE, day)
        compared = [one for one in reads(at) if one.by_hand and one.said and one.said_by_hand]
        assert len(compared) == 4
        for one in compared:
            assert one.by_hand is not None and one.said is not None and one.said_by_hand is not None
            ours, by_hand = one.said(one.ours()), one.said_by_hand(one.by_hand())
            assert ours and ours == by_hand, one.name


def test_an_update_by_hand_leaves_what_ours_leaves(demo: Campaign) -> None:
    def after(write: Callable[[Operation], object]) -> object:
        with transaction.atomic():
            write(update(at))
            head = LedgerHead.objects.get()
            item = Item.objects.get(pk=pk)
            spells = Spell.objects.filter(item=pk).order_by("rec_from", "valid_from", "valid_to", "enters")
            revisions = Revision.objects.filter(subject_kind="item", subject_id=pk).count()
            columns = (
                "valid_from",
                "valid_to",
                "rec_from",
                "rec_to",
                "state",
                "phase",
                "data",
                "a1",
                "a3",
                "enters",
            )
            found = (
                item.data,
                item.version,
                revisions,
                head.batch_seq,
                head.revision_id,
                [*spells.values(*columns)],
            )
            transaction.set_rollback(True)
        return found

    with clock.fixed(date(2023, 11, 30)):
        at = Bench(demo, SAMPLE, date(2023, 11, 30))
        pk = at.item().pk
        ours = after(lambda one: one.ours())
        assert ours == after(lambda one: one.by_hand() if one.by_hand else None)
        assert ours != after(lambda one: None)


def test_a_measurement_says_its_ratio(demo: Campaign) -> None:
    found = measure(
        "一", lambda: Item.objects.count(), repeats=3, size_unit="items", by_hand=Item.objects.count
    )
    assert (found.statements, found.size) == (1, Item.objects.count())
    assert found.by_hand and found.ratio and found.p50 <= found.p95
    told = {
        "database": "x", "python": "3", "cores": 2, "load": 0.1, "units": 1, "items": 2, "peak_mb": 7, "bulk": [],
        "demo": {"telling_seconds": 1, "loading_seconds": 1, "batches": 1, "statements": 1, "copied": 5, "copying_seconds": 1},
        "operations": [{"name": "一", "p50": 1.0, "p95": 2.0, "cpu": 0.9, "statements": 3, "size": 4, "size_unit": "rows", "by_hand": 0.5, "ratio": 2.0}],
    }  # fmt: skip
    assert "2.00" in table(told) and "复制 5 项" in table(told)


def test_every_list_is_written_as_csv_and_every_item_that_counts_is_in_it(demo: Campaign) -> None:
    with clock.fixed(date(2023, 11, 30)):
        found = csv_of_all(Bench(demo, SAMPLE, date(2023, 11, 30)))
        counted = Item.objects.filter(campaign=demo, phase__in=("open", "review", "closed"), restricted=False)
        assert found["lines"] >= counted.count() > 10_000


def test_a_workbook_of_many_rows_and_a_drop_of_workbooks_are_measured(demo: Campaign) -> None:
    """Ours and the load by hand write the same rows; of a drop the broken ones are named and the rest is applied."""
    with clock.fixed(date(2023, 11, 30)), transaction.atomic():
        at = Bench(demo, SAMPLE, date(2023, 11, 30))
        old = set(Item.objects.values_list("pk", flat=True))
        columns = ("title", "unit", "due", "data", "state")

        def made() -> list[tuple[object, ...]]:
            return list(Item.objects.exclude(pk__in=old).order_by("pk").values_list(*columns))

        by_hand: list[tuple[object, ...]] = []
        large = one_large(at, 60, looking=lambda: by_hand.extend(made()))
        assert (large["rows"], len(by_hand)) == (60, 60)
        assert made() == by_hand
        drop = many_at_once(at, 8, 5)
        assert (drop["files"], drop["applied"], drop["broken"], drop["rows"]) == (8, 3, 5, 6)
        assert len(drop["named"]) == 5
        transaction.set_rollback(True)
