"""The command line as a person meets it: every command documented, every mistake one sentence."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from guatu.console.main import COMMANDS

GUATU = Path(sys.executable).with_name("guatu")
EXPLAIN = """
import sys
from guatu.console.main import main
for name in sys.argv[1:]:
    try:
        main([name, "--help"])
    except SystemExit as end:
        print("\\0", name, end.code or 0)
"""


def run(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GUATU), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"GUATU_HOME": str(home), "PATH": "", "LANG": "C.UTF-8"},
    )


def test_every_command_explains_itself(tmp_path: Path) -> None:
    result = subprocess.run(  # one process for all: most of the time would go into starting
        [sys.executable, "-c", EXPLAIN, *COMMANDS],
        capture_output=True,
        text=True,
        check=False,
        env={"GUATU_HOME": str(tmp_path), "PATH": "", "LANG": "C.UTF-8"},
    )
    explained = re.findall(r"([^\0]*)\0 (\S+) (\d+)\n", result.stdout)
    assert [name for _text, name, _code in explained] == list(COMMANDS), result.stderr
    for text, name, code in explained:
        assert code == "0", name
        assert re.search(r"[一-鿿]{4}", text), name


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_in_the_readme(name: str, repository: Path) -> None:
    assert f"`guatu {name}" in (repository / "README.md").read_text(encoding="utf-8")


def test_the_readme_documents_no_command_that_does_not_exist(repository: Path) -> None:
    told = set(re.findall(r"`guatu ([a-z-]+)", (repository / "README.md").read_text(encoding="utf-8")))
    assert told <= set(COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nothing"], "没有“nothing”这个命令"),
        (["serve", "--prot", "1"], "没有 --prot 这个选项"),
        (["serve", "--port", "x"], "--port 的值“x”不能用，应为"),
        (["serve", "--port", "70000"], "--port 的值“70000”不能用，应为"),
        (["serve", "more"], "多出了参数“more”"),
        (["extract"], "缺少 "),
        (["extract", "nowhere.txt"], "nowhere.txt"),
        (["figures", "--as-of", "2023-13-45"], "2023-13-45"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_sentence_and_exit_2(
    arguments: list[str], said: str, tmp_path: Path
) -> None:
    result = run(*arguments, home=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.startswith("错误：")
    assert result.stderr.count("\n") == 1
    assert said in result.stderr


@pytest.mark.parametrize("arguments", [["figures"], ["verify"], ["report", "summary", "--out", "x.txt"]])
def test_an_empty_home_is_named_and_the_way_on_told(arguments: list[str], tmp_path: Path) -> None:
    result = run(*arguments, home=tmp_path)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr.startswith("错误：")
    assert "请" in result.stderr


def test_a_reader_that_has_had_enough_meets_no_complaint(tmp_path: Path) -> None:
    listing = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{GUATU}' --help | true"],
        capture_output=True,
        text=True,
        check=False,
        env={"GUATU_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    assert listing.stderr == ""
