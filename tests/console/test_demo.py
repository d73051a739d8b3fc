"""`guatu demo` as a person meets it: one command fills an empty home; whatever is wrong is said before."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from guatu.console import demo
from tests.demo_home import run_guatu

SMALL = {
    "units_l3": 4,
    "party_orgs": 6,
    "survey_visits": 9,
    "survey_units": 8,
    "survey_solved": 3,
    "survey_topics": 4,
    "new_contract_units": 1,
    "issues_total": 12,
    "issues_closed": 4,
    "plans_total": 3,
    "plans_closed": 1,
    "plans_open": 2,
    "tasks": 5,
}


def targets_file(folder: Path, **totals: object) -> str:
    file = folder / "targets.json"
    file.write_text(json.dumps(totals), encoding="utf-8")
    return str(file)


def tables_in(home: Path) -> int:
    """How many tables the home's database has; none where there is no file."""
    if not (home / "guatu.sqlite3").exists():
        return 0
    with closing(sqlite3.connect(home / "guatu.sqlite3")) as database:
        return int(database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0])


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"issues_total": 5}, "“issues_closed”为 258，大于“issues_total”的 5"),
        ({"nothing": 5}, "目标“nothing”不是可以设定的统计项"),
        ({"plans_open": 1}, "不等于“plans_total”210"),
    ],
)
def test_bad_targets_are_one_sentence_exit_2_and_nothing_written(
    totals: dict[str, object], said: str, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    result = run_guatu(
        "demo", "--load-only", "--targets", targets_file(tmp_path, **totals), home={"GUATU_HOME": str(home)}
    )
    assert result.returncode == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert tables_in(home) == 0


def test_an_unknown_pack_is_refused(tmp_path: Path) -> None:
    result = run_guatu("demo", "--load-only", "--pack", "safety", home={"GUATU_HOME": str(tmp_path)})
    assert (result.returncode, "“safety”" in result.stderr) == (2, True)


def test_totals_are_refused_where_a_demo_has_none_to_choose(tmp_path: Path) -> None:
    arguments = ("--pack", "safety-drive", "--targets", targets_file(tmp_path))
    home = tmp_path / "home"
    result = run_guatu("demo", "--load-only", *arguments, home={"GUATU_HOME": str(home)})
    assert (result.returncode, "请去掉 --targets" in result.stderr) == (2, True)
    assert tables_in(home) == 0


def test_a_loaded_home_keeps_its_demo(demo_home: dict[str, str]) -> None:
    result = run_guatu("demo", "--load-only", "--pack", "safety-drive", home=demo_home)
    assert result.returncode == 2
    assert "已装好专项模板“theme-education”的示例数据" in result.stderr


def test_a_loaded_home_is_taken_as_it_is(demo_home: dict[str, str]) -> None:
    result = run_guatu("demo", "--load-only", home=demo_home)
    assert result.returncode == 0, result.stderr
    assert "2023-11-30" in result.stdout


def test_other_totals_on_a_loaded_home_are_refused(demo_home: dict[str, str], tmp_path: Path) -> None:
    result = run_guatu("demo", "--load-only", "--targets", targets_file(tmp_path), home=demo_home)
    assert result.returncode == 2
    assert "已装好示例数据" in result.stderr


@pytest.mark.sqlite
def test_a_home_with_data_of_its_own_is_refused(tmp_path: Path) -> None:
    home = {"GUATU_HOME": str(tmp_path)}
    entered = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from guatu.access import operator\n"
        "from guatu.actions.setup import create_tree\n"
        "create_tree(operator(), key='administrative', name='行政隶属')\n"
    )
    subprocess.run(
        [sys.executable, "-c", entered],
        env={**os.environ, **home, "DJANGO_SETTINGS_MODULE": "guatu.project.settings"},
        check=True,
    )
    result = run_guatu("demo", "--load-only", home=home)
    assert result.returncode == 2
    assert "已有正式数据" in result.stderr


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A home with the demo of other totals."""
    folder = tmp_path_factory.mktemp("small")
    home = {"GUATU_HOME": str(folder / "home")}
    loaded = run_guatu("demo", "--load-only", "--targets", targets_file(folder, **SMALL), home=home)
    assert loaded.returncode == 0, loaded.stderr
    assert "虚构" in loaded.stdout
    return home


@pytest.mark.sqlite
def test_other_totals_are_what_the_figures_say(small_home: dict[str, str]) -> None:
    told = run_guatu("figures", "--json", home=small_home)
    values = {row["key"]: row["value"] for row in json.loads(told.stdout)}
    assert {key: values[key] for key in SMALL} == SMALL
    assert run_guatu("verify", home=small_home).returncode == 0


@pytest.mark.sqlite
def test_the_demos_day_moves_on_and_never_back(small_home: dict[str, str]) -> None:
    moved = run_guatu("demo", "--load-only", "--day", "2023-12-08", home=small_home)
    assert "数据日为 2023-12-08" in moved.stdout, moved.stderr
    told = json.loads(run_guatu("figures", "--json", home=small_home).stdout)
    assert told, "figures are told on the new day"
    back = run_guatu("demo", "--load-only", "--day", "2023-11-30", home=small_home)
    assert (back.returncode, "不能退回 2023-11-30" in back.stderr) == (2, True)
    assert run_guatu("verify", home=small_home).returncode == 0


def test_the_day_of_an_empty_home_cannot_be_moved(tmp_path: Path) -> None:
    result = run_guatu("demo", "--load-only", "--day", "2023-12-08", home={"GUATU_HOME": str(tmp_path)})
    assert (result.returncode, "还没有示例数据" in result.stderr) == (2, True)


def test_a_home_just_filled_is_served_from_a_process_of_its_own() -> None:
    """What filled it has threads of the typesetter, which the server's forked workers would wait for in vain."""
    python, switch, module, name, *rest = demo.afresh(8410, no_worker=True)
    assert (python, switch, module, name) == (sys.executable, "-m", "guatu.console.main", "demo")
    given = demo.command.make_context("demo", rest).params
    assert given["port"] == 8410 and given["no_worker"] is True
    assert given["targets"] is None and given["pack"] is None and given["load_only"] is False
