"""What every test may rely on: profiles, the databases, the shared seed, requirements that turn skips into failures.

`GUATU_REQUIRE` (comma-separated: postgres, browser) names what must be there: with it a skip is a failure. Only the
seed report, which lies outside the repository, and LibreOffice may be absent.
"""

from __future__ import annotations

import gc
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
REQUIRED = frozenset(filter(None, (word.strip() for word in os.environ.get("GUATU_REQUIRE", "").split(","))))
ON_POSTGRES = bool(os.environ.get("GUATU_DATABASE_URL"))
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
NO_OFFICE = "no LibreOffice on this machine: Word files are not measured"
NO_SEED = "the seed report is not there; set GUATU_SHARED to the folder that holds seed/"
ROWS = ("tests/packs/", "tests/console/", "tests/demo/")
RECORD_FIXTURES = frozenset(
    {
        "db",
        "transactional_db",
        "live_server",
        "client",
        "django_db_setup",
        "site",
        "demo",
        "demo_home",
        "house",
        "first",
    }
)

pytest_plugins = ["tests.browsing", "tests.demo_home"]

_calm = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture]
settings.register_profile(
    "usual", max_examples=300, derandomize=True, deadline=None, database=None, suppress_health_check=_calm
)
settings.register_profile(
    "soak", max_examples=10_000, deadline=None, database=None, print_blob=True, suppress_health_check=_calm
)
settings.load_profile("usual")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--records-only", action="store_true", help="leave out tests that touch no database (the second run)"
    )


def _touches_records(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(names & RECORD_FIXTURES)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep what belongs to this database."""
    keep, drop = [], []
    for item in items:
        foreign = item.get_closest_marker("sqlite" if ON_POSTGRES else "postgres")
        pure = config.getoption("--records-only") and not _touches_records(item)
        (drop if foreign or pure else keep).append(item)
    if drop:
        config.hook.pytest_deselected(items=drop)
        items[:] = keep


@pytest.hookimpl(specname="pytest_collection_modifyitems", trylast=True)
def pytest_begin_with_the_browser(items: list[pytest.Item]) -> None:
    """The browser's tests are the longest row and load the demo: whoever needs the demo after them finds it loaded."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)


def pytest_collection_finish() -> None:
    """What has been collected stays until the end: the garbage collector need not walk through it again and again.

    Thousands of tests and all modules are some millions of objects. Cycles that tests leave behind are still found.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """All browser tests go to one worker, which starts one server; files that share costly set-up go to one, too.

    Not by `xdist_group`, which writes the group into an attribute that pytest 9.2 no longer reads.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Rows(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.partition("::")[0]
            if file.startswith("tests/browser/"):
                return "browser"
            return file if file.startswith(ROWS) else nodeid

    return Rows(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Where GUATU_REQUIRE is set, a skipped test is a failure."""
    report: Any = yield
    if (
        REQUIRED
        and report.skipped
        and not hasattr(report, "wasxfail")
        and not any(excuse in str(report.longrepr) for excuse in (NO_SEED, NO_OFFICE))
    ):
        report.outcome = "failed"
        report.longrepr = f"skipped although GUATU_REQUIRE={','.join(sorted(REQUIRED))}: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say loudly what could not be looked at."""
    lines = []
    if CHROMIUM is None:
        lines.append("NOT RUN: browser tests (no chromium; run scripts/install-system-packages)")
    if _shared() is None:
        lines.append(f"NOT RUN: tests on the seed report ({NO_SEED})")
    if OFFICE is None:
        lines.append(f"NOT RUN: layout of Word files ({NO_OFFICE})")
    for line in lines:
        terminalreporter.write_line(f"!!! {line}", red=True, bold=True)
    for report in terminalreporter.getreports("passed"):
        for name, number in report.user_properties:
            if name.startswith("new random"):
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {number} {name}")


def _shared() -> Path | None:
    folder = Path(os.environ.get("GUATU_SHARED", ROOT.parent / "shared"))
    return folder if (folder / "seed").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder with the design and the seed report; a loud skip without it."""
    folder = _shared()
    if folder is None:
        pytest.skip(NO_SEED)
    return folder


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the browser; a loud skip without it, a failure where GUATU_REQUIRE names it."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    return CHROMIUM


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the working copy."""
    return ROOT


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite tests run on a file, as the product does: WAL, several connections, real locks."""
    from django.db import connections

    database = connections["default"]
    if database.vendor == "sqlite":
        database.settings_dict["TEST"]["NAME"] = str(tmp_path_factory.mktemp("sqlite") / "test.sqlite3")


@pytest.fixture(autouse=True)
def no_language_is_left_to_the_next_test() -> Iterator[None]:
    """A request leaves the language of its reader in the thread: what is said without a request would be said in it."""
    yield
    from django.utils import translation

    translation.deactivate()


@pytest.fixture(scope="session", autouse=True)
def flush_steps_around_the_guards() -> Iterator[None]:
    """Transactional tests end in a flush, which the append-only triggers rightly refuse: lift them for it."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from guatu.records import triggers
    from guatu.records.models import Deployment, LedgerHead

    refused = BaseDatabaseOperations.execute_sql_flush

    def flush(operations: Any, statements: list[str]) -> None:
        triggers.remove(operations.connection)
        try:
            refused(operations, statements)
            LedgerHead.objects.using(operations.connection.alias).get_or_create(pk=1)  # as the migration did
            Deployment.objects.using(operations.connection.alias).get_or_create(pk=1)
        finally:
            triggers.install(operations.connection)

    BaseDatabaseOperations.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = refused  # type: ignore[method-assign]


@pytest.fixture(scope="session", autouse=True)
def static_files_are_listed_once() -> Iterator[None]:
    """Every test client builds its own row of middleware, and WhiteNoise lists all static files for each: 20 ms."""
    from whitenoise.middleware import WhiteNoiseMiddleware

    listing = WhiteNoiseMiddleware.add_files_from_finders
    found: dict[str, Any] = {}

    def once(middleware: Any) -> None:
        if not found:
            listing(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    WhiteNoiseMiddleware.add_files_from_finders = once
    yield
    WhiteNoiseMiddleware.add_files_from_finders = listing


@pytest.fixture
def quick_passwords(settings: Any) -> None:
    """Passwords are hashed quickly: for tests that set many and are not about the hash."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
