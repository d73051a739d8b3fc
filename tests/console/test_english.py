"""The command line in English: helps and refusals say nothing in Chinese (needs the compiled catalogue: make setup)."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import translation

from guatu.console import language
from guatu.console.main import COMMANDS
from guatu.domain import words

CHINESE = re.compile("[\u4e00-\u9fff，。：；（）、]+")
RUN = """
import sys
from guatu.console.main import main
for line in sys.argv[1:]:
    print("$", line, flush=True)
    print("$", line, file=sys.stderr, flush=True)
    try:
        main(line.split())
    except SystemExit:
        pass
"""
# What reads as a name stands as it is: typefaces, values people typed.
NAMES = re.compile("小标宋|仿宋|楷体|黑体|林晓岚")


def said(home: Path, *lines: str) -> str:
    """What the commands print, one process for all of them."""
    result = subprocess.run(
        [sys.executable, "-c", RUN, *lines],
        capture_output=True,
        text=True,
        check=False,
        env={"GUATU_HOME": str(home), "GUATU_LANGUAGE": "en", "PATH": "", "LANG": "C.UTF-8"},
    )
    assert "Traceback" not in result.stderr, result.stderr
    return result.stdout + result.stderr


def test_the_help_of_every_command_is_english(tmp_path: Path) -> None:
    text = said(tmp_path, "--help", *(f"{name} --help" for name in COMMANDS))
    assert text.count("Usage:") == len(COMMANDS) + 1
    assert CHINESE.findall(NAMES.sub("", text)) == []


@pytest.mark.parametrize(
    "line",
    [
        "nothing",
        "serve --port eighty",
        "serve --port 0",
        "serve --colour",
        "report",
        "report --as-of gestern --out report.docx",
        "check nothing.docx",
        "extract nothing.docx",
        "figures",
        "verify",
        "import-units nothing.xlsx",
        "import-people nothing.xlsx",
        "backup one two three",
        "restore nothing.zip",
        "bench --size huge",
        "demo --pack nothing --load-only",
    ],
)
def test_a_refusal_is_one_english_sentence(tmp_path: Path, line: str) -> None:
    text = said(tmp_path, line)
    assert "Error: " in text or "no " in text
    assert CHINESE.findall(NAMES.sub("", text)) == []


def test_a_command_that_is_read_later_leaves_the_running_program_its_readers_language() -> None:
    language.speak()
    with translation.override("en"):
        assert words.coded("One", "A") == "One (A)"
    assert words.coded("一厂", "F1") == "一厂（F1）"
