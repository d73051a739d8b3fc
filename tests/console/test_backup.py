"""Backup, restore, upgrade: the whole house in one file, and back, on both databases."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.demo_home import _address, _execute, _on_postgres, run_guatu

PEOPLE = ("--system-admin", "xi,席安", "--security-admin", "pei,裴宁", "--audit-admin", "shen,沈度")
PASSWORDS = "xi Zhi-yuan-2031\npei Ping-jing-2032x\nshen Du-liang-2033\nlin Xiao-wu-20345\n"
House = Callable[[str], dict[str, str]]


@contextmanager
def empty(place: Path, database: str, pattern: str | None = None) -> Iterator[dict[str, str]]:
    """The environment of an empty home in `place`, on PostgreSQL with a database (a copy of `pattern`) of its own."""
    place.mkdir()
    found = {"GUATU_HOME": str(place)}
    if not _on_postgres():
        yield found
        return
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)
    if pattern is None:
        _execute("CREATE DATABASE {}", database)
    else:
        _execute("CREATE DATABASE {} TEMPLATE {}", database, pattern)
    try:
        yield {**found, "GUATU_DATABASE_URL": _address(database)}
    finally:
        _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)


@pytest.fixture
def house(tmp_path: Path, worker_id: str) -> Iterator[House]:
    """An empty home by name."""
    with ExitStack() as after:
        yield lambda name: after.enter_context(empty(tmp_path / name, f"guatu_backup_{worker_id}_{name}"))


@pytest.fixture(scope="session")
def founded_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[tuple[Path, str]]:
    """A home in which 华岳集团 has begun, and the name of its database: never written into, to be copied."""
    folder, database = tmp_path_factory.mktemp("founded"), f"guatu_founded_{worker_id}"
    with empty(folder / "home", database) as home:
        begin(home, folder, "华岳集团")
        yield folder / "home", database


@pytest.fixture
def first(tmp_path: Path, worker_id: str, founded_once: tuple[Path, str]) -> Iterator[dict[str, str]]:
    """A home of its own in which 华岳集团 has begun."""
    pattern, database = founded_once
    with empty(tmp_path / "first", f"guatu_backup_{worker_id}_first", database) as home:
        shutil.copytree(pattern, tmp_path / "first", dirs_exist_ok=True)
        yield home


def begin(home: dict[str, str], tmp_path: Path, name: str) -> None:
    """Let a group begin in a home, with a file in its store."""
    passwords = tmp_path / "passwords"
    passwords.write_text(PASSWORDS, encoding="utf-8")
    done = run_guatu(
        "init", "--name", name, "--short-name", name, "--unit-code", "HY", *PEOPLE,
        "--office", "lin,林晓岚", "--passwords", str(passwords), home=home,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kept = b"a kept file"
    digest = hashlib.sha256(kept).hexdigest()
    place = Path(home["GUATU_HOME"]) / "files" / digest[:2] / digest[2:]
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(kept)


def units(home: dict[str, str]) -> list[str]:
    """The names of the units in a home."""
    statement = "SELECT name FROM records_unit ORDER BY id"
    if "GUATU_DATABASE_URL" in home:
        with psycopg.connect(home["GUATU_DATABASE_URL"]) as found:
            return [row[0] for row in found.execute(statement)]
    with sqlite3.connect(Path(home["GUATU_HOME"]) / "guatu.sqlite3") as file:
        return [row[0] for row in file.execute(statement)]


def test_a_backup_restored_elsewhere_is_the_same_house(
    first: dict[str, str], house: House, tmp_path: Path
) -> None:
    second, file = house("second"), tmp_path / "house.tar.gz"
    made = run_guatu("backup", str(file), "--json", home=first)
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout)["parts"] == 2
    assert file.stat().st_mode & 0o077 == 0  # it holds everything there is: for its owner only
    back = run_guatu("restore", str(file), home=second)
    assert back.returncode == 0, back.stderr
    assert "全部一致。" in back.stdout
    assert units(second) == units(first) == ["华岳集团"]
    kept = [path.read_bytes() for path in (Path(second["GUATU_HOME"]) / "files").glob("??/*")]
    assert kept == [b"a kept file"]


def test_a_house_with_data_is_replaced_only_when_asked(
    first: dict[str, str], house: House, tmp_path: Path
) -> None:
    second, file = house("second"), tmp_path / "house.tar.gz"
    begin(second, tmp_path, name="另一家")
    run_guatu("backup", str(file), home=first)
    refused = run_guatu("restore", str(file), home=second)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert units(second) == ["另一家"]
    assert run_guatu("restore", str(file), "--replace", home=second).returncode == 0
    assert units(second) == ["华岳集团"]


def test_a_damaged_backup_changes_nothing(first: dict[str, str], house: House, tmp_path: Path) -> None:
    file, bad = tmp_path / "house.tar.gz", tmp_path / "bad.tar.gz"
    run_guatu("backup", str(file), home=first)
    with tarfile.open(file) as source, tarfile.open(bad, "w:gz") as target:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            data = bytearray(content.read())
            if member.name.startswith("guatu."):
                data[len(data) // 2] ^= 1
            target.addfile(member, io.BytesIO(bytes(data)))
    second = house("second")
    refused = run_guatu("restore", str(bad), home=second)
    assert refused.returncode == 2
    assert "与其哈希值不符，没有恢复" in refused.stderr
    assert run_guatu("restore", str(file), home=second).returncode == 0


@pytest.mark.parametrize(
    "name", ["files/../planted", "files/ab/../../planted", "files/zz/planted", "/planted"]
)
def test_a_backup_writes_nothing_but_the_database_and_files_of_the_store(
    first: dict[str, str], house: House, tmp_path: Path, name: str
) -> None:
    file, bad = tmp_path / "house.tar.gz", tmp_path / "bad.tar.gz"
    run_guatu("backup", str(file), home=first)
    planted = b"planted"
    with tarfile.open(file) as source, tarfile.open(bad, "w:gz") as target:
        for member in source:
            content = source.extractfile(member)
            assert content is not None
            data = content.read()
            if member.name == "manifest.json":
                manifest = json.loads(data)
                manifest["parts"][name] = hashlib.sha256(planted).hexdigest()
                data = json.dumps(manifest).encode()
                member.size = len(data)
            target.addfile(member, io.BytesIO(data))
        extra = tarfile.TarInfo(name)
        extra.size = len(planted)
        target.addfile(extra, io.BytesIO(planted))
    second = house("second")
    refused = run_guatu("restore", str(bad), home=second)
    assert refused.returncode == 2
    assert "没有恢复" in refused.stderr
    assert not list(Path(second["GUATU_HOME"]).rglob("planted"))


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "不是备份文件"), (b"PK\x03\x04 something else", "不是备份文件"), (None, "没有找到文件")],
)
def test_what_is_no_backup_is_said_in_one_line(
    house: House, tmp_path: Path, content: bytes | None, said: str
) -> None:
    file = tmp_path / "no-backup"
    if content is not None:
        file.write_bytes(content)
    answer = run_guatu("restore", str(file), home=house("first"))
    assert answer.returncode == 2
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_a_backup_overwrites_no_file(first: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "mine.tar.gz"
    file.write_text("precious")
    answer = run_guatu("backup", str(file), home=first)
    assert answer.returncode == 2
    assert "不覆盖" in answer.stderr
    assert file.read_text() == "precious"


def test_an_upgrade_of_what_is_up_to_date_does_nothing(first: dict[str, str]) -> None:
    answer = run_guatu("upgrade", home=first)
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout == "数据库已是最新，无须更新。\n"
    assert not (Path(first["GUATU_HOME"]) / "backups").exists()


def test_an_upgrade_makes_the_tables_of_an_empty_home(house: House) -> None:
    home = house("first")
    answer = run_guatu("upgrade", home=home)
    assert answer.returncode == 0, answer.stderr
    assert "数据库已更新" in answer.stdout
    assert units(home) == []
