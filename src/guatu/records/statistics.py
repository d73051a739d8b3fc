"""What the database knows of its own tables: told anew after much has been written at once.

PostgreSQL plans by statistics. It gathers them by itself, but a minute late, and not at all in a copy of a database;
until then it takes every table for small, and a page over a loaded ledger may take half a minute. Its documentation
asks for an ANALYZE after a bulk load (“Populating a Database”). SQLite plans well without, and is left alone.
"""

from __future__ import annotations

from django.apps import apps
from django.db import connection, transaction

MANY = 500
"""From how many revisions in one batch on the statistics are gathered again."""


def refresh_after_commit() -> None:
    """Gather them once the transaction that is open has been committed; asked for twice, it is done once."""
    if connection.vendor != "postgresql":
        return
    if not any(wanted[1] is refresh for wanted in connection.run_on_commit):
        transaction.on_commit(refresh, robust=True)  # what has been written stands, come what may


def refresh() -> None:
    """Gather them now, of our own tables. No effect on SQLite."""
    if connection.vendor != "postgresql":
        return
    quote = connection.ops.quote_name
    tables = [quote(model._meta.db_table) for model in apps.get_app_config("records").get_models()]
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(tables)}")
