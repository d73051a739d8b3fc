"""Set-based writing of many rows: one prepared statement, executed for all, on both databases."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from itertools import islice
from operator import attrgetter
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection, connections, models

T = TypeVar("T")
Row = TypeVar("Row", bound=models.Model)
AnyField = models.Field[Any, Any]
Column = Sequence[object]

# How many values go into one IN list: below the parameter limits of both databases.
CHUNK = 900
# From how many rows on PostgreSQL's COPY is worth its set-up.
COPY_FROM = 50
# So many rows at a time are made ready for the driver: their columns need not all stand in memory at once.
SLICE = 5_000
# From how many rows on the collector of cycles is kept waiting.
MANY = 5_000


def in_chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`values` in pieces that fit into one IN list."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]


def sliced(rows: Iterable[T], size: int = SLICE) -> Iterator[list[T]]:
    """`rows` in lists of so many, each made when the one before has been used."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


@contextmanager
def collecting_later(count: int) -> Iterator[None]:
    """While very many rows are made, let Python not look for cycles among them: there are none, and looking through
    hundreds of thousands of objects again and again takes a fifth of the time."""
    if count < MANY or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def insert(rows: Sequence[Row]) -> None:
    """Insert rows of one model; primary keys left out are given by the database and not read back."""
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    for part in in_chunks(rows, SLICE):
        _insert(_table(model), fields, [list(map(attrgetter(f.attname), part)) for f in fields])


def insert_columns(
    model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[object, ...]]
) -> None:
    """Insert rows that are tuples of the columns `names` (every column of the model without its own key).

    For tables of which many rows are made at once and none is used afterwards: making an object of each costs more than
    writing it. JSON is given as its text, a foreign key as the key.
    """
    fields = [cast(AnyField, model._meta.get_field(name)) for name in names]
    for part in sliced(rows):
        _insert(_table(model), fields, list(zip(*part, strict=True)), text_of_json=True)


def insert_returning(rows: Sequence[Row]) -> None:
    """Insert rows of one model and set their primary keys.

    Many at once get keys that are taken beforehand: the same order and the same sequence, and no answer to be read row by
    row. That needs a transaction that already holds its lock, as every action's does.
    """
    if not rows:
        return
    model = type(rows[0])
    if len(rows) < COPY_FROM or not connection.in_atomic_block:
        model._default_manager.bulk_create(rows)
        return
    for row, key in zip(rows, _keys(model, len(rows)), strict=True):
        row.pk = key
    insert(rows)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def _keys(model: type[models.Model], count: int) -> list[int]:
    """Primary keys for so many new rows, in order, that nobody else will get."""
    table, column = model._meta.db_table, model._meta.pk.column  # type: ignore[union-attr]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [_table(model), column, count],
            )
            return sorted(key for (key,) in cursor.fetchall())
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = seq WHERE name = %s", [table]
        )  # the only writer from here
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        (last,) = cursor.fetchone()
    return list(range(last + 1, last + count + 1))


def upsert(rows: Sequence[Row], update: Sequence[str]) -> None:
    """Write the columns `update` of rows that exist (all other columns must be set as they stand)."""
    if not rows:
        return
    model = type(rows[0])
    fields = list(model._meta.concrete_fields)
    names = [model._meta.get_field(name).column for name in update]  # type: ignore[union-attr]
    quote = connection.ops.quote_name
    pk = quote(model._meta.pk.column)  # type: ignore[union-attr]
    prepared = [_prepared(field, list(map(attrgetter(field.attname), rows))) for field in fields]
    if _copies(len(rows)):
        stage = quote("guatu_stage")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {stage}")
            cursor.execute(f"CREATE TEMPORARY TABLE {stage} (LIKE {_table(model)}) ON COMMIT DROP")
        _copy(stage, fields, prepared)
        sets = ", ".join(f"{quote(name)} = stage.{quote(name)}" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {_table(model)} AS kept SET {sets} FROM {stage} AS stage WHERE kept.{pk} = stage.{pk}"
            )
        return
    sets = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in names)
    _execute(
        f"INSERT INTO {_table(model)} ({_columns(fields)}) VALUES ({_places(fields)}) "
        f"ON CONFLICT ({pk}) DO UPDATE SET {sets}",
        prepared,
    )


def _insert(
    table: str, fields: Sequence[AnyField], columns: Sequence[Column], *, text_of_json: bool = False
) -> None:
    """Insert what stands in `columns`, one for each field."""
    prepared = [
        _stored_json(column)
        if text_of_json and isinstance(field, models.JSONField)
        else _prepared(field, column)
        for field, column in zip(fields, columns, strict=True)
    ]
    if _copies(len(columns[0])):
        _copy(table, fields, prepared)
    else:
        _execute(f"INSERT INTO {table} ({_columns(fields)}) VALUES ({_places(fields)})", prepared)


def _copies(count: int) -> bool:
    """PostgreSQL takes many rows several times faster by COPY than row by row."""
    return connection.vendor == "postgresql" and count >= COPY_FROM


def _copy(table: str, fields: Sequence[AnyField], prepared: Sequence[Column]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_columns(fields)}) FROM STDIN") as copy:
        for row in zip(*prepared, strict=True):
            copy.write_row(row)


def _execute(sql: str, prepared: Sequence[Column]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, zip(*prepared, strict=True))


def _stored_json(column: Column) -> Column:
    """Texts of JSON in the one form in which SQLite keeps them (verify looks for it); PostgreSQL has its own."""
    if connection.vendor == "postgresql":
        return column
    return [json.dumps(json.loads(str(text))) for text in column]


def _prepared(field: AnyField, column: Column) -> Column:
    """The column as the driver takes it. Numbers and texts go as they are: asking the field for each would cost more
    than the insert itself."""
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(plain, (models.IntegerField, models.CharField, models.TextField, models.BooleanField)):
        return column
    if isinstance(plain, models.DateField) and not isinstance(plain, models.DateTimeField):
        if connection.vendor == "postgresql":
            return column
        return [value.isoformat() if isinstance(value, date) else value for value in column]
    if isinstance(plain, models.JSONField) and plain.encoder is None:
        return [None if value is None else json.dumps(value) for value in column]
    if isinstance(plain, models.UUIDField) and connection.vendor != "postgresql":
        return [value.hex if isinstance(value, UUID) else value for value in column]
    database = connections[connection.alias]
    return [plain.get_db_prep_save(value, database) for value in column]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Sequence[AnyField]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _places(fields: Sequence[AnyField]) -> str:
    return ", ".join("%s" for _ in fields)
