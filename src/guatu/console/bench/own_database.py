"""A database made for the measurement, and a home beside it, both gone afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.test.utils import setup_test_environment, teardown_test_environment


@contextmanager
def own_database() -> Iterator[Path]:
    """An empty database: on SQLite the file of a home of its own, on PostgreSQL one beside the given one. The home."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        kept = connection.settings_dict["NAME"]
        tests = connection.settings_dict["TEST"]
        tests["NAME"] = (
            str(Path(folder) / "guatu.sqlite3") if connection.vendor == "sqlite" else f"{kept}_bench"
        )
        setup_test_environment(debug=False)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield Path(folder)
        finally:
            connection.creation.destroy_test_db(kept, verbosity=0)
            teardown_test_environment()
