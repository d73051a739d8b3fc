"""Triggers that refuse any change of the append-only tables, on SQLite and PostgreSQL.

SQLite: UPDATE, DELETE and INSERT OR REPLACE (which deletes in silence) are refused. PostgreSQL: UPDATE, DELETE and
TRUNCATE. Installed after every migrate, because Django rebuilds SQLite tables and drops their triggers; checked at
start with `missing`.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

GUARDED = {
    "records_batch": ("NEW.seq = seq", "NEW.idempotency_key = idempotency_key"),
    "records_revision": (
        "NEW.id = id",
        "NEW.subject_kind = subject_kind AND NEW.subject_id = subject_id AND NEW.version = version",
    ),
    "records_seal": ("NEW.id = id",),
}
MESSAGE = "append-only"


def _names(table: str, vendor: str) -> list[str]:
    events = ("upd", "del", "rep") if vendor == "sqlite" else ("row", "trunc")
    return [f"guard_{table.removeprefix('records_')}_{event}" for event in events]


def _sqlite(table: str, same: tuple[str, ...]) -> list[str]:
    upd, dele, rep = _names(table, "sqlite")
    return [
        f"CREATE TRIGGER IF NOT EXISTS {upd} BEFORE UPDATE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        f"CREATE TRIGGER IF NOT EXISTS {dele} BEFORE DELETE ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
        f"CREATE TRIGGER IF NOT EXISTS {rep} BEFORE INSERT ON {table} "
        f"WHEN {' OR '.join(f'EXISTS (SELECT 1 FROM {table} WHERE {key})' for key in same)} "
        f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END",
    ]


def _postgres(table: str) -> list[str]:
    row, trunc = _names(table, "postgresql")
    return [
        f"DROP TRIGGER IF EXISTS {row} ON {table}",
        f"DROP TRIGGER IF EXISTS {trunc} ON {table}",
        f"CREATE TRIGGER {row} BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION guatu_append_only()",
        f"CREATE TRIGGER {trunc} BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION guatu_append_only()",
    ]


def _present_tables(connection: BaseDatabaseWrapper) -> list[str]:
    tables = set(connection.introspection.table_names())
    return [table for table in GUARDED if table in tables]


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers in place; those that stand already are left or replaced."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION guatu_append_only() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}: %', TG_TABLE_NAME; END $$"
            )
        for table in _present_tables(connection):
            statements = (
                _postgres(table) if connection.vendor == "postgresql" else _sqlite(table, GUARDED[table])
            )
            for statement in statements:
                cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers away: for tests that flush or tamper, never in the product."""
    with connection.cursor() as cursor:
        for table in _present_tables(connection):
            for name in _names(table, connection.vendor):
                on = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and do not."""
    if connection.vendor == "postgresql":
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        standing = {row[0] for row in cursor.fetchall()}
    wanted = [name for table in GUARDED for name in _names(table, connection.vendor)]
    return [name for name in wanted if name not in standing]
