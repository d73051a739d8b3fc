"""Set-based writing of many rows: one prepared statement, executed for all, on both databases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.db import connection, connections, models

T = TypeVar("T")
Row = TypeVar("Row", bound=models.Model)

# How many values go into one IN list: below the parameter limits of both databases.
CHUNK = 900
# From how many rows on PostgreSQL's COPY is worth its set-up.
COPY_FROM = 50


def in_chunks(values: Sequence[T], size: int = CHUNK) -> Iterator[Sequence[T]]:
    """`values` in pieces that fit into one IN list."""
    for begin in range(0, len(values), size):
        yield values[begin : begin + size]


def insert(rows: Sequence[Row]) -> None:
    """Insert rows of one model; primary keys left out are given by the database and not read back."""
    if not rows:
        return
    model = type(rows[0])
    fields = [f for f in model._meta.concrete_fields if not (f.primary_key and rows[0].pk is None)]
    if _copies(rows):
        _copy(_table(model), rows, fields)
    else:
        _execute(f"INSERT INTO {_table(model)} ({_columns(fields)}) VALUES ({_places(fields)})", rows, fields)


def insert_returning(rows: Sequence[Row]) -> None:
    """Insert rows of one model and set their primary keys."""
    type(rows[0])._default_manager.bulk_create(rows) if rows else None


def upsert(rows: Sequence[Row], update: Sequence[str]) -> None:
    """Write the columns `update` of rows that exist (all other columns must be set as they stand)."""
    if not rows:
        return
    model = type(rows[0])
    fields = list(model._meta.concrete_fields)
    names = [model._meta.get_field(name).column for name in update]  # type: ignore[union-attr]
    quote = connection.ops.quote_name
    pk = quote(model._meta.pk.column)  # type: ignore[union-attr]
    if _copies(rows):
        stage = quote("guatu_stage")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE IF EXISTS {stage}")
            cursor.execute(f"CREATE TEMPORARY TABLE {stage} (LIKE {_table(model)}) ON COMMIT DROP")
        _copy(stage, rows, fields)
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
        rows,
        fields,
    )


def _copies(rows: Sequence[models.Model]) -> bool:
    """PostgreSQL takes many rows several times faster by COPY than row by row."""
    return connection.vendor == "postgresql" and len(rows) >= COPY_FROM


def _copy(table: str, rows: Sequence[models.Model], fields: Sequence[models.Field[object, object]]) -> None:
    prepared = _rows(rows, fields)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({_columns(fields)}) FROM STDIN") as copy:
        for row in prepared:
            copy.write_row(row)


def _execute(sql: str, rows: Sequence[models.Model], fields: Sequence[models.Field[object, object]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(sql, _rows(rows, fields))


def _rows(
    rows: Sequence[models.Model], fields: Sequence[models.Field[object, object]]
) -> list[tuple[object, ...]]:
    columns = [[getattr(row, field.attname) for row in rows] for field in fields]
    prepared = [_prepared(field, column) for field, column in zip(fields, columns, strict=True)]
    return list(zip(*prepared, strict=True))


def _prepared(field: models.Field[object, object], column: list[object]) -> list[object]:
    """The column as the driver takes it. Numbers and texts go as they are: asking the field for each would cost more
    than the insert itself."""
    plain = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(plain, (models.IntegerField, models.CharField, models.TextField, models.BooleanField)):
        return column
    if isinstance(plain, models.DateField) and not isinstance(plain, models.DateTimeField):
        if connection.vendor == "postgresql":
            return column
        return [value.isoformat() if isinstance(value, date) else value for value in column]
    database = connections[connection.alias]
    return [plain.get_db_prep_save(value, database) for value in column]


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(fields: Sequence[models.Field[object, object]]) -> str:
    return ", ".join(connection.ops.quote_name(field.column) for field in fields)


def _places(fields: Sequence[models.Field[object, object]]) -> str:
    return ", ".join("%s" for _ in fields)
