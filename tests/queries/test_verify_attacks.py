"""Attacks that change bytes behind the back of every layer: each is found, by a sentence and never by a traceback."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta

import pytest
from django.db import connection, models, transaction
from django.db.utils import DatabaseError

from guatu.access import operator
from guatu.actions.comments import add_comment
from guatu.actions.seals import make_seal
from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records import triggers
from guatu.records.models import (
    Batch,
    Comment,
    Deployment,
    Evidence,
    Item,
    ItemUnit,
    LedgerHead,
    PackVersion,
    Placement,
    Post,
    Revision,
    Seal,
    Spell,
    TeamUnit,
    Tree,
    Unit,
)
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


def day(n: int) -> date:
    return date(2023, 10, 31) + timedelta(days=n)


@pytest.fixture
def world() -> World:
    """A closed problem with evidence, one with a contributing unit and a remark, a seal."""
    world = small_world()
    world.close(world.problem("F1", day(1)), day(10))
    fields = {"category": "development", "source": "audit", "found_on": day(2).isoformat()}
    item = world.create(
        "lin",
        "problems",
        "F1",
        "结算慢",
        day(2),
        fields=fields,
        due=day(40),
        state="open",
        contributing=("Y3",),
    )
    with clock.fixed(day(11)):
        add_comment(world.actor("lu"), campaign=world.campaign, item=item.pk, text="设备周五到货")
        make_seal(operator())
    return world


@contextlib.contextmanager
def behind_the_back() -> Iterator[Callable[..., None]]:
    """Run raw SQL without guards and constraints; everything is put back."""

    class Undone(Exception):
        pass

    with contextlib.suppress(Undone), transaction.atomic():
        triggers.remove(connection)
        with connection.constraint_checks_disabled(), connection.cursor() as cursor:

            def run(sql: str, values: Sequence[object] = ()) -> None:
                cursor.execute(sql, list(values))

            yield run
            raise Undone


def missed(attacks: Sequence[tuple[str, Sequence[object]]]) -> list[str]:
    """The attacks that verify does not notice."""
    found = []
    for sql, values in attacks:
        with behind_the_back() as run:
            run(sql, values)
            if verify().broken == "":
                found.append(sql)
    return found


def test_swapped_whole_revisions_are_found(world: World) -> None:
    columns = ", ".join(
        f.column for f in Revision._meta.concrete_fields if f.name not in ("id", "subject_id", "version")
    )
    with behind_the_back() as run:
        run("UPDATE records_revision SET id = -id WHERE id IN (20, 21)")
        run("UPDATE records_revision SET id = 41 + id WHERE id < 0")
        assert "编号" in verify().broken or "不符" in verify().broken
    swap = f"SELECT {columns} FROM records_revision WHERE id = 20"
    with behind_the_back() as run:
        run(f"UPDATE records_revision SET ({columns}) = ({swap}) WHERE id = 21")
        assert "修订 21" in verify().broken


def test_a_missing_head_and_a_changed_one_are_found_in_a_sentence(world: World) -> None:
    assert (
        missed(
            [
                ("DELETE FROM records_ledgerhead", ()),
                ("UPDATE records_ledgerhead SET batch_seq = batch_seq - 1", ()),
                ("UPDATE records_ledgerhead SET revision_id = revision_id + 1", ()),
                ("UPDATE records_ledgerhead SET places_mark = ''", ()),
                ("UPDATE records_ledgerhead SET units_mark = 'x'", ()),
                ("UPDATE records_ledgerhead SET lines_on = NULL", ()),
                ("UPDATE records_ledgerhead SET lines_on = '9000-01-01'", ()),
            ]
        )
        == []
    )


def test_a_revision_written_without_an_action_is_found(world: World) -> None:
    names = [f.column for f in Revision._meta.concrete_fields]
    last = Revision.objects.order_by("-id").first()
    assert last is not None
    values = [getattr(last, f.attname) for f in Revision._meta.concrete_fields]
    with behind_the_back() as run:
        run("DELETE FROM records_revision WHERE id = %s", [last.pk])
        changed = dict(zip(names, values, strict=True), body=last.body.replace("设备", "材料"))
        holes = ", ".join(["%s"] * len(names))
        run(f"INSERT INTO records_revision ({', '.join(names)}) VALUES ({holes})", list(changed.values()))
        assert f"修订 {last.pk}" in verify().broken


def test_an_ancestor_pushed_into_the_next_column_is_found(world: World) -> None:
    tables = [model._meta.db_table for model in (Item, Spell, Unit, ItemUnit)]
    sql = "UPDATE {} SET a4 = a3, a3 = NULL WHERE a4 IS NULL AND a3 IS NOT NULL"
    assert missed([(sql.format(table), ()) for table in tables]) == []


def test_what_hangs_on_items_and_decides_rights_is_found(world: World) -> None:
    y3, f2 = world.unit("Y3").pk, world.unit("F2").pk
    item = Item.objects.order_by("pk").first()
    assert item is not None
    attacks: list[tuple[str, Sequence[object]]] = [
        ("UPDATE records_itemunit SET unit_id = %s", [f2]),
        ("UPDATE records_itemunit SET role = 'supervising'", ()),
        ("DELETE FROM records_itemunit", ()),
        (
            "INSERT INTO records_itemunit (item_id, unit_id, role, a1) VALUES (%s, %s, 'contributing', %s)",
            [item.pk, y3, world.unit("HY").pk],
        ),
        ("UPDATE records_evidence SET keeper = 'x'", ()),
        ("UPDATE records_evidence SET title = 'x'", ()),
        ("UPDATE records_evidence SET withdrawn_batch = 1", ()),
        ("DELETE FROM records_evidence", ()),
        ("UPDATE records_comment SET text = 'x'", ()),
        ("UPDATE records_comment SET person_name = 'x'", ()),
        ("DELETE FROM records_comment", ()),
        ("UPDATE records_post SET rec_from = rec_from - 1", ()),
        ("UPDATE records_post SET end_rec = 3", ()),
        ("UPDATE records_teamunit SET rec_from = 1", ()),
        ("UPDATE records_packversion SET version = 'x'", ()),
        ("UPDATE records_tree SET name = 'x'", ()),
        ("UPDATE records_deployment SET demo_day = '2020-01-01'", ()),
        ("UPDATE records_unit SET code = code || 'x'", ()),
        ("DELETE FROM records_unit WHERE code = 'F1A'", ()),
    ]
    assert missed(attacks) == []
    for model in (Evidence, Comment, ItemUnit, Tree, PackVersion, TeamUnit, Post, Deployment, Placement):
        assert model._default_manager.exists(), model.__name__
    with behind_the_back():
        Deployment.objects.update(demo=True)
        assert "演示" in verify().broken


def texts(model: type[models.Model]) -> list[str]:
    return [
        f.column
        for f in model._meta.concrete_fields
        if isinstance(f, (models.TextField, models.CharField, models.UUIDField, models.JSONField))
    ]


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "model", [Revision, Batch, Seal, Item, Spell, Unit, Placement, Post, Comment, Evidence]
)
def test_bytes_that_read_the_same_or_not_at_all_are_found(world: World, model: type[models.Model]) -> None:
    """SQLite keeps any type in any column: blobs, broken UTF-8, numbers and days written in another way."""
    table, pk = model._meta.db_table, model._meta.pk.column
    row = f"WHERE {pk} = (SELECT max({pk}) FROM {table})"
    attacks = []
    for field in model._meta.concrete_fields:
        column = field.column
        if column == "id" and not isinstance(model._meta.pk, models.BigIntegerField):
            continue
        if field.primary_key and model not in (Revision, Batch, Seal):
            continue
        attacks.append(f"UPDATE {table} SET {column} = CAST(coalesce({column}, 'x') AS BLOB) {row}")
        if column in texts(model):
            attacks.append(f"UPDATE {table} SET {column} = CAST(x'e4ff' AS TEXT) {row}")
        elif isinstance(field, models.BooleanField):
            attacks.append(f"UPDATE {table} SET {column} = 2 + {column} {row}")
        elif isinstance(field, models.DateTimeField):
            attacks.append(
                f"UPDATE {table} SET {column} = replace({column}, ' ', 'T') {row} AND {column} != ''"
            )
            attacks.append(f"UPDATE {table} SET {column} = 'yesterday' {row}")
        elif isinstance(field, models.DateField):
            attacks.append(
                f"UPDATE {table} SET {column} = replace({column}, '-', '') {row} AND {column} != ''"
            )
            attacks.append(f"UPDATE {table} SET {column} = '2023-02-30' {row}")
        else:
            attacks.append(f"UPDATE {table} SET {column} = 'x' {row}")
            attacks.append(f"UPDATE {table} SET {column} = {column} + 0.5 {row} AND {column} < 1000000")
    done = []
    for sql in attacks:
        with behind_the_back() as run:
            before = rows_written()
            with contextlib.suppress(DatabaseError), transaction.atomic():  # the table itself refuses it
                run(sql)
            if rows_written() > before and verify().broken == "":
                done.append(sql)
    assert done == []


def rows_written() -> int:
    """How many rows SQLite has changed on this connection so far."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT total_changes()")
        return int(cursor.fetchone()[0])


@pytest.mark.sqlite
def test_a_key_told_twice_in_stored_json_is_found(world: World) -> None:
    for model in (Item, Spell):
        pk, data = model._default_manager.order_by("-pk").values_list("pk", "data").first()
        text = json.dumps(data)
        twice = '{"cause": "x", ' + text[1:-1] + ', "cause": null}'
        if "cause" in data:
            twice = '{"cause": "x", ' + text[1:]
        with behind_the_back() as run:
            run(f"UPDATE {model._meta.db_table} SET data = %s WHERE id = %s", [twice, pk])
            assert verify().broken != "", model.__name__


@pytest.mark.sqlite
def test_an_unreadable_record_is_named(world: World) -> None:
    item = Item.objects.order_by("pk").last()
    assert item is not None
    with behind_the_back() as run:
        run("UPDATE records_item SET title = CAST(x'e4ff' AS TEXT) WHERE id = %s", [item.pk])
        assert str(item.pk) in verify().broken
    with behind_the_back() as run:
        run("UPDATE records_revision SET body = CAST(x'e4ff' AS TEXT) WHERE id = 30")
        assert "修订（内部号 30）" in verify().broken
    assert LedgerHead.objects.exists()
