"""`verify` finds any single changed value, in the ledger and in what is derived from it."""

from __future__ import annotations

import contextlib
import json
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection, models, transaction
from django.db.utils import DatabaseError

from guatu.access import operator
from guatu.actions.seals import make_seal
from guatu.actions.standing import DueChange, change_due
from guatu.actions.units import Counted, Placing, count_people, place_units
from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records import triggers
from guatu.records.models import (
    Batch,
    Campaign,
    HeadCount,
    Item,
    LedgerHead,
    PackVersion,
    Person,
    Placement,
    Post,
    Revision,
    Seal,
    SectorRow,
    Spell,
    Team,
    TeamUnit,
    Unit,
)
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


def day(n: int) -> date:
    return date(2023, 10, 31) + timedelta(days=n)


@pytest.fixture
def world() -> World:
    """Closed, open and moved items, head-counts, a correction of a place, two seals: one signed, one not."""
    world = small_world()
    first, second = world.problem("F1", day(1)), world.problem("F1", day(2))
    world.close(first, day(10))
    with clock.fixed(day(11)):
        make_seal(operator(), key=Ed25519PrivateKey.generate())
        lin = world.actor("lin")
        count_people(lin, rows=[Counted("F1", "members", 12, day(3)), Counted("F1", "members", 14, day(9))])
        change_due(
            lin,
            campaign=world.campaign,
            changes=[DueChange(second.pk, day(40))],
            kind="extension",
            reason="设备晚到",
        )
        place_units(lin, tree=world.tree, placings=[Placing("F1", day(5), parent="YI")])
    with clock.fixed(day(12)):
        place_units(
            world.actor("lin"), tree=world.tree, placings=[Placing("F1", day(7), parent="YI", withdraws=2)]
        )
        make_seal(operator())
    return world


def other(value: Any, field: models.Field[Any, Any]) -> Any:
    """A value that differs in as little as the column allows."""
    if isinstance(field, models.JSONField):
        return {**value, "x": 1} if isinstance(value, dict) else [*value, "x"]
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, date):  # datetimes too
        return value + timedelta(days=1)
    if value is None:
        return 1 if isinstance(field, (models.IntegerField, models.ForeignKey)) else day(3)
    if hasattr(value, "hex") and not isinstance(value, str):
        return type(value)(int=value.int ^ 1)
    return value[:-1] + chr(ord(value[-1]) ^ 1) if value else "x"


LEDGER = [(model, field.name) for model in (Revision, Batch, Seal) for field in model._meta.concrete_fields]
DERIVED = [
    (model, field.name)
    for model in (Item, Spell, Placement, SectorRow, HeadCount, Unit)
    for field in model._meta.concrete_fields
    if field.name != "id"
]


class Undone(Exception):
    """Leaves the transaction of one tampering."""


def found_after(model: type[models.Model], row: models.Model, **changes: Any) -> bool:
    """Whether verify notices `changes` made behind the back of the actions; the row is put back."""
    noticed = False
    with contextlib.suppress(Undone), transaction.atomic():
        triggers.remove(connection)
        with connection.constraint_checks_disabled():
            model._default_manager.filter(pk=row.pk).update(**changes)
        noticed = verify().broken != ""
        raise Undone
    return noticed


def test_what_the_actions_wrote_is_whole(world: World) -> None:
    result = verify()
    assert result.broken == ""
    assert (result.seals, result.unsigned, result.unsealed) == (2, 1, 0)
    assert result.revisions == Revision.objects.count() > 20
    assert result.spells == Spell.objects.count()


def test_any_changed_column_of_the_ledger_is_found(world: World) -> None:
    missed = []
    for model, name in LEDGER:
        field = model._meta.get_field(name)
        rows = model._default_manager.order_by("pk")
        row = rows.exclude(signature="").last() if model is Seal else rows.last()
        value = getattr(row, field.attname)
        if field.primary_key:
            changed = value + 1000
        elif name == "batch":
            changed = value - 1
        else:
            changed = other(value, field)
        if not found_after(model, row, **{field.attname: changed}):
            missed.append(f"{model.__name__}.{name}: {value!r} → {changed!r}")
    assert missed == []
    assert verify().broken == ""


def test_a_changed_right_or_definition_is_found(world: World) -> None:
    missed = []
    for model, names in (
        (Campaign, ("key", "name", "starts_on", "overlay", "synthetic", "zone")),
        (PackVersion, ("body",)),
        (Post, ("role", "unit", "from_day", "to_day", "aspect")),
        (Team, ("name",)),
        (TeamUnit, ("unit", "from_day", "to_day")),
        (Person, ("username", "name", "home_unit")),
    ):
        for name in names:
            field = model._meta.get_field(name)
            row = model._default_manager.order_by("pk").first()
            value = getattr(row, field.attname)
            changed = (value or 0) + 1 if isinstance(field, models.ForeignKey) else other(value, field)
            if not found_after(model, row, **{field.attname: changed}):
                missed.append(f"{model.__name__}.{name}")
    assert missed == []


def test_any_changed_column_of_a_derived_table_is_found(world: World) -> None:
    missed = []
    for model, name in DERIVED:
        field = model._meta.get_field(name)
        row = model._default_manager.order_by("pk").last()
        value = getattr(row, field.attname)
        changed: Any
        if isinstance(field, models.ForeignKey):
            keys = field.related_model._default_manager.exclude(pk=value).order_by("pk")
            changed = keys.values_list("pk", flat=True).first() or 10**6
        elif field.choices:
            changed = next(key for key, _label in field.choices if key != value)
        else:
            changed = other(value, field)
        if not found_after(model, row, **{field.attname: changed}):
            missed.append(f"{model.__name__}.{name}: {value!r} → {changed!r}")
    assert missed == []
    assert verify().broken == ""


def test_a_missing_last_row_is_found(world: World) -> None:
    for model in (Revision, Batch, Spell, Placement, HeadCount, SectorRow):
        with contextlib.suppress(Undone), transaction.atomic():
            triggers.remove(connection)
            last = model._default_manager.order_by("pk").last()
            with connection.constraint_checks_disabled(), connection.cursor() as cursor:
                key = connection.ops.quote_name(model._meta.pk.column)
                cursor.execute(f"DELETE FROM {model._meta.db_table} WHERE {key} = %s", [last.pk])
                assert verify().broken != "", model.__name__
            raise Undone


def test_a_wrong_signature_is_named(world: World) -> None:
    triggers.remove(connection)
    seal = Seal.objects.exclude(signature="").get()
    Seal.objects.filter(pk=seal.pk).update(signature="00" * 64)
    assert verify().broken == "封签 1：签名不符。"


@pytest.mark.parametrize("model", [Batch, Revision, Seal])
def test_the_tables_themselves_refuse_change_and_deletion(world: World, model: type[models.Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    for attempt in (
        lambda: model._default_manager.filter(pk=row.pk).update(
            **{model._meta.concrete_fields[-1].attname: "x"}
        ),
        lambda: model._default_manager.filter(pk=row.pk)._raw_delete(using="default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            attempt()


@pytest.mark.sqlite
def test_insert_or_replace_is_refused_too(world: World) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("INSERT OR REPLACE INTO records_revision SELECT * FROM records_revision WHERE id = 1")


@pytest.mark.postgres
def test_truncate_is_refused_too(world: World) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("TRUNCATE records_seal")


def test_triggers_stand_after_migrating_and_their_absence_is_noticed(world: World) -> None:
    assert triggers.missing(connection) == []
    triggers.remove(connection)
    assert len(triggers.missing(connection)) >= 6
    triggers.install(connection)
    assert triggers.missing(connection) == []


def test_bodies_are_canonical_json(world: World) -> None:
    for body in Revision.objects.values_list("body", flat=True):
        parsed = json.loads(body)
        assert json.dumps(parsed, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == body


def test_batches_not_yet_sealed_are_counted(world: World) -> None:
    with clock.fixed(day(13)):
        world.problem("F2", day(13))
    result = verify()
    assert (result.broken, result.unsealed) == ("", 1)
    assert LedgerHead.objects.get().batch_seq == result.batches
