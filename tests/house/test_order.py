"""The order of the house, held by tests: size and place of code, locks without hosts, vendored files as they came."""

from __future__ import annotations

import ast
import hashlib
import json
import re
import subprocess
from pathlib import Path

import pytest

LONGEST = 400
PAGE_LAYERS = ("src/guatu/web", "src/guatu/api", "src/guatu/console")
# Written in pieces so that this file does not find itself.
MACHINE_PATH = re.compile(
    r"(?<![A-Za-z0-9_.~$}])/(?:" + "|".join(["work", "farm", "root", "tmp", "home"]) + r")/[.a-z]"
)
UNFINISHED = re.compile(
    r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error"]) + r")\b"
)


def tracked(root: Path, *patterns: str) -> list[Path]:
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [root / name for name in listing.stdout.split("\0") if name and (root / name).is_file()]


def lines_with(pattern: re.Pattern[str], files: list[Path], root: Path) -> list[str]:
    found = []
    for file in files:
        text = file.read_text(encoding="utf-8", errors="ignore")
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                found.append(f"{file.relative_to(root)}:{number}: {line.strip()[:100]}")
    return found


def test_no_module_is_longer_than_a_person_reads_at_once(repository: Path) -> None:
    files = [f for f in tracked(repository, "src/*.py", "tests/*.py") if "migrations" not in f.parts]
    assert len(files) > 20
    long = {
        str(file.relative_to(repository)): count
        for file in files
        if (count := len(file.read_text(encoding="utf-8").splitlines())) > LONGEST
    }
    assert long == {}


def test_pages_and_commands_fetch_nothing_past_access(repository: Path) -> None:
    reaching = []
    for layer in PAGE_LAYERS:
        for file in tracked(repository, f"{layer}/*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in {
                    "objects",
                    "_default_manager",
                    "_base_manager",
                }:
                    reaching.append(f"{file.relative_to(repository)}:{node.lineno}")
    assert reaching == []


def test_every_module_says_what_it_is_for(repository: Path) -> None:
    silent = [
        str(file.relative_to(repository))
        for file in tracked(repository, "src/*.py")
        if "migrations" not in file.parts
        and file.read_text(encoding="utf-8").strip()
        and ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def test_nothing_in_the_source_is_left_for_later(repository: Path) -> None:
    assert lines_with(UNFINISHED, tracked(repository, "src/*.py", "src/*.html", "src/*.js"), repository) == []


def test_no_file_names_a_folder_of_the_machine_it_was_written_on(repository: Path) -> None:
    files = [f for f in tracked(repository) if f.suffix in TEXTS or f.suffix == ""]
    assert lines_with(MACHINE_PATH, [f for f in files if "vendor" not in f.parts], repository) == []


TEXTS = {".py", ".md", ".toml", ".txt", ".in", ".yaml", ".html", ".css", ".js", ".json", ".cfg"}


def test_the_locks_pin_every_package_by_hash_and_name_no_host(repository: Path) -> None:
    for lock in ("requirements/base.txt", "requirements/test.txt"):
        text = (repository / lock).read_text(encoding="utf-8")
        assert not re.search(r"https?://|index-url|find-links|\bfile:", text), lock
        blocks = re.split(r"\n(?=\S)", text.strip())
        unpinned = [
            block.split(" ")[0] for block in blocks if "==" not in block or "--hash=sha256:" not in block
        ]
        assert unpinned == [], lock


@pytest.mark.parametrize("name", ["base", "test"])
def test_every_library_asked_for_is_in_the_lock(name: str, repository: Path) -> None:
    asked = (repository / f"requirements/{name}.in").read_text(encoding="utf-8").splitlines()
    lock = (repository / f"requirements/{name}.txt").read_text(encoding="utf-8").lower()
    wanted = [re.split(r"[\[<>=;]", line)[0].strip() for line in asked if line and line[0] not in "#-"]
    missing = [
        one for one in wanted if not re.search(rf"(?m)^{re.escape(one.replace('.', '-').lower())}==", lock)
    ]
    assert missing == []


def test_the_versions_that_run_are_the_versions_that_are_tested(repository: Path) -> None:
    def pins(name: str) -> dict[str, str]:
        text = (repository / f"requirements/{name}.txt").read_text(encoding="utf-8")
        return dict(re.findall(r"(?m)^([a-z0-9-]+)==(\S+)", text))

    base, test = pins("base"), pins("test")
    assert {name: test.get(name) for name in base} == base


def test_vendored_files_are_as_they_came(repository: Path) -> None:
    folder = repository / "src/guatu/web/static/vendor"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    told = {entry["file"]: entry["sha256"] for entry in manifest}
    there = {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in folder.rglob("*")
        if file.is_file() and file.name != "manifest.json"
    }
    assert there == told
    assert all(entry["licence"] and entry["version"] and entry["name"] for entry in manifest)


def test_every_setting_from_the_environment_is_documented(repository: Path) -> None:
    settings = (repository / "src/guatu/project/settings.py").read_text(encoding="utf-8")
    told = (repository / "docs/operations.md").read_text(encoding="utf-8")
    read = set(re.findall(r"GUATU_[A-Z_]+(?=\")", settings))
    assert "GUATU_HOME" in read
    assert sorted(name for name in read if f"`{name}`" not in told) == []


def test_only_the_settings_read_the_environment(repository: Path) -> None:
    readers = {
        str(file.relative_to(repository))
        for file in tracked(repository, "src/*.py")
        if re.search(r"\bos\.(environ\.get|getenv|environ\[)", file.read_text(encoding="utf-8"))
    }
    # The language of the command line is needed before there are settings, for help that needs none.
    assert readers == {"src/guatu/project/settings.py", "src/guatu/console/language.py"}


def test_every_decision_has_a_number_of_its_own(repository: Path) -> None:
    numbers = [file.name[:4] for file in (repository / "docs/decisions").glob("*.md")]
    assert len(numbers) == len(set(numbers))
    assert all(number.isdigit() for number in numbers)


@pytest.mark.parametrize(
    "page", ["README.md", "docs/map.md", "docs/life-of-a-change.md", "docs/operations.md"]
)
def test_every_path_that_a_page_of_the_docs_names_exists(page: str, repository: Path) -> None:
    text = (repository / page).read_text(encoding="utf-8")
    named = re.findall(
        r"`((?:src|tests|docs|scripts|requirements)/[A-Za-z0-9_./-]+|[A-Z][A-Za-z]*\.md|Makefile)`", text
    )
    named += re.findall(r"\]\(([^)#:]+)\)", text)
    base = repository / page
    gone = [name for name in named if not ((repository / name).exists() or (base.parent / name).exists())]
    assert named
    assert gone == []
