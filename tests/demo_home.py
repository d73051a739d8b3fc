"""The loaded demo for tests: loaded once per run and database, copied for whoever wants to write into it.

`demo_home` is the environment of a home with the demo, for processes started beside the test (the browser's server,
the command line); what they write stays there for the session. `demo` is the campaign of another copy, read inside
the test's own process with the clock on the demo's day; what a test writes there is rolled back.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import pytest

if TYPE_CHECKING:
    from pytest_django.plugin import DjangoDbBlocker

    from guatu.records.models import Campaign

GUATU = Path(sys.executable).with_name("guatu")
TEMPLATE = "guatu_demo_template"
DATABASE_FILE = "guatu.sqlite3"


def run_guatu(*arguments: str, home: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One `guatu` command in a home."""
    return subprocess.run(
        [str(GUATU), *arguments], env={**os.environ, **home}, capture_output=True, text=True, check=False
    )


def _address(name: str) -> str:
    """The address of another database on the PostgreSQL server of this run."""
    return urlunsplit(urlsplit(os.environ["GUATU_DATABASE_URL"])._replace(path=f"/{name}"))


def _execute(statement: str, *names: str) -> None:
    import psycopg
    from psycopg import sql

    with psycopg.connect(os.environ["GUATU_DATABASE_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*(sql.Identifier(name) for name in names)))


def _on_postgres() -> bool:
    return bool(os.environ.get("GUATU_DATABASE_URL"))


def _load(home: Path) -> None:
    environment = {"GUATU_HOME": str(home)}
    if _on_postgres():
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", TEMPLATE)
        _execute("CREATE DATABASE {}", TEMPLATE)
        environment["GUATU_DATABASE_URL"] = _address(TEMPLATE)
    loaded = run_guatu("demo", "--load-only", home=environment)
    if loaded.returncode != 0:
        pytest.fail(f"guatu demo --load-only: {loaded.stdout[-1000:]}{loaded.stderr[-3000:]}")


@pytest.fixture(scope="session")
def demo_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A home with the demo that nobody writes into, shared by all workers of this run."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    home = shared / "demo-template"
    with (shared / "demo-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "loaded").exists():
            home.mkdir(exist_ok=True)
            _load(home)
            (home / "loaded").touch()
    return home


@contextmanager
def copied(template: Path, home: Path, name: str) -> Iterator[dict[str, str]]:
    """The environment of a copy of the loaded demo in `home`, on PostgreSQL in a database of its own."""
    environment = {"GUATU_HOME": str(home)}
    for file in template.iterdir():
        if file.is_file():
            shutil.copy(file, home)
    if (template / "files").is_dir():
        shutil.copytree(template / "files", home / "files", dirs_exist_ok=True)
    if not _on_postgres():
        yield environment
        return
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    _execute("CREATE DATABASE {} TEMPLATE {}", name, TEMPLATE)
    try:
        yield {**environment, "GUATU_DATABASE_URL": _address(name)}
    finally:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


@pytest.fixture(scope="session")
def demo_home(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[dict[str, str]]:
    """Environment of a home with the demo loaded, for processes started beside the test."""
    with copied(demo_template, tmp_path_factory.mktemp("demo"), f"guatu_demo_{worker_id}") as environment:
        yield environment


@pytest.fixture(scope="session")
def demo_records(
    demo_template: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[dict[str, str]]:
    """Environment of the copy that tests read inside their own process."""
    with copied(demo_template, tmp_path_factory.mktemp("records"), f"guatu_read_{worker_id}") as environment:
        yield environment


@pytest.fixture
def demo(demo_records: dict[str, str], django_db_blocker: DjangoDbBlocker) -> Iterator[Campaign]:
    """The demo's campaign, in this process, on the demo's day. Never together with pytest-django's `db`."""
    from django.db import connection, transaction

    from guatu.domain import clock
    from guatu.packs.theme_education.demo.days import ENDS
    from guatu.queries.installation import campaign

    usual = connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = (
            urlsplit(demo_records["GUATU_DATABASE_URL"]).path.lstrip("/")
            if _on_postgres()
            else str(Path(demo_records["GUATU_HOME"]) / DATABASE_FILE)
        )
        try:
            with clock.fixed(ENDS), transaction.atomic():
                yield campaign()
                transaction.set_rollback(True)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = usual
