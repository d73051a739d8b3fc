"""In which order issues of a series stand and are compared, and what issuing writes before it makes others wait."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.actions.history import at_sequence
from guatu.actions.issuing import Issuing, issue
from guatu.domain import clock
from guatu.domain.document import Official
from guatu.domain.errors import Conflict
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issuing import ref_of
from guatu.exchange.issued_files import files_of, links_in
from guatu.queries.issued import issued_document
from guatu.queries.verify import verify
from guatu.records.models import IssuedDocument, IssuedRecord
from tests.actions.issuing_calls import DAY, issued
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return small_world()


def changes(world: World, row: IssuedDocument) -> Mapping[str, FigureChanged]:
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    return {one.key: one for one in found.changes}


def test_one_that_is_issued_afterwards_of_an_earlier_day_is_compared_with_what_stood_before_it(
    world: World,
) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(date(2023, 11, 15)):
        first, third = issued(world, DAY), issued(world, date(2023, 11, 14))
    world.problem("F2", date(2023, 11, 8), date(2023, 11, 16))
    with clock.fixed(date(2023, 11, 16)):
        second = issued(world, date(2023, 11, 10))
        none = issued(world, date(2023, 11, 1))
        last = issued(world, date(2023, 11, 16))
    assert [row.number for row in (first, third, second, none, last)] == [1, 2, 3, 4, 5]
    assert [row.previous for row in (second, none, last)] == [first, None, third]
    assert changes(world, second)["issues_total"].sentence() == "上期 1个。本期新增 1 条（+1）。现为 2个。"
    assert changes(world, last)["issues_total"].sentence() == "上期 1个。补录 1 条（+1）。现为 2个。"
    assert verify().whole


def test_what_was_known_before_the_last_issue_is_not_issued_after_it(world: World) -> None:
    with clock.fixed(DAY):
        known = at_sequence()
        issued(world)
        with pytest.raises(Conflict, match="刚有人定稿"):
            issued(world, known_at=known - 1)


def test_the_records_are_written_before_the_head_is_locked_and_go_with_a_refusal(world: World) -> None:
    world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY), CaptureQueriesContext(connection) as queries:
        issued(world)
    written = [one["sql"] for one in queries.captured_queries]
    records = next(
        at for at, sql in enumerate(written) if "INSERT" in sql or "COPY" in sql if "issuedrecord" in sql
    )
    head = next(at for at, sql in enumerate(written) if "records_ledgerhead" in sql and at > records)
    assert not [sql for sql in written[:records] if "FOR UPDATE" in sql and "ledgerhead" in sql]
    assert records < head

    def meanwhile(document: Official, addresses: Mapping[str, str]) -> Mapping[str, bytes]:
        issued(world)
        return files_of(document, addresses)

    with clock.fixed(DAY), pytest.raises(Conflict, match="刚有人定稿"):
        issue(
            world.actor("lin"),
            campaign=world.campaign,
            issuing=Issuing(as_of=DAY, report="summary"),
            render=meanwhile,
            link=links_in(world.campaign),
        )
    assert IssuedDocument.objects.count() == 2
    assert not IssuedRecord.objects.exclude(issued__in=IssuedDocument.objects.all()).exists()


def test_the_longest_name_of_a_figure_has_room(world: World) -> None:
    ref = ref_of(f"{'k' * 40}@{'v' * 30}@reported", "U" * 40, "2023-11-06")
    problem = world.problem("F1", date(2023, 10, 20))
    with clock.fixed(DAY):
        row = issued(world)
    IssuedRecord.objects.create(issued=row, figure=ref, item=problem, version=1)
    assert IssuedRecord.objects.get(figure=ref).figure == ref
    assert len(ref) == 132
