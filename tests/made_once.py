"""Records that many tests begin with are made by the actions once per process; later tests get the same rows put back.

    world = made_once("small world", build)

`build` runs on a database without records, inside the test's transaction, and answers with something that can be
pickled. From then on its rows are inserted as they were, with all keys, hashes and moments, so a test finds exactly
what `build` left behind; keys are never given out twice, because sequences only go up. Where the database holds
anything already, `build` runs as if this module did not exist. What the process keeps of units (under their mark) is
forgotten each time, so that a test that counts statements does not depend on who ran before it.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, transaction

from guatu.queries import places, unit_tree

Made = TypeVar("Made")
Row = tuple[Any, ...]
Rows = dict[str, list[Row]]
BY_MIGRATION = ("records_ledgerhead", "records_deployment")
"""Tables with one row each that a migration made: an action changes it, all others begin empty."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What one `build` left behind: the rows of every table that it filled, and its answer."""

    rows: Rows
    answer: bytes


_kept: dict[tuple[str, str], Kept] = {}


def made_once(key: str, build: Callable[[], Made]) -> Made:
    """What `build` makes, by the actions or as an earlier test of this process made it. Call it inside a transaction."""
    if not _is_empty():
        return build()
    place = (str(connection.settings_dict["NAME"]), key)
    if place in _kept:
        return _put_back(_kept[place])
    made = build()
    _kept[place] = Kept(_rows(), pickle.dumps(made))
    _forget()
    return made


@cache
def _tables() -> dict[str, tuple[str, ...]]:
    """Every table of ours with its columns, quoted."""
    models = apps.get_app_config("records").get_models(include_auto_created=True)
    return {
        model._meta.db_table: tuple(f'"{field.column}"' for field in model._meta.local_concrete_fields)
        for model in models
        if model._meta.managed and not model._meta.proxy
    }


def _is_empty() -> bool:
    """No batch was written and nothing stands that needs none."""
    asked = [f"EXISTS (SELECT 1 FROM {table})" for table in _tables() if table not in BY_MIGRATION]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {' OR '.join(asked)}")
        return not cursor.fetchone()[0]


def _rows() -> Rows:
    found: Rows = {}
    with connection.cursor() as cursor:
        for table, columns in _tables().items():
            cursor.execute(f"SELECT {', '.join(columns)} FROM {table}")
            rows = cursor.fetchall()
            if rows:
                found[table] = rows
    return found


def _put_back(kept: Kept) -> Any:
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            columns = _tables()[table]
            if table in BY_MIGRATION:
                cursor.execute(f"DELETE FROM {table}")
            one = f"({', '.join(['%s'] * len(columns))})"
            values = [value for row in rows for value in row]
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) VALUES {', '.join([one] * len(rows))}",
                values,
            )
    _forget()
    return pickle.loads(kept.answer)  # pickled above, by this process


def _forget() -> None:
    unit_tree._tree_at.cache_clear()
    places.histories_at.cache_clear()
