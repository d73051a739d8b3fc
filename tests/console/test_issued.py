"""`guatu report --issued`: what was issued comes out of the store byte for byte, and as JSON with why numbers changed."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from guatu.console import report, verify
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.records.files import path_of
from tests.actions.issuing_calls import DAY, issued
from tests.people import World, small_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    world = small_world()
    world.problem("F1", date(2023, 10, 20))
    return world


def asked(*arguments: str) -> str:
    told = CliRunner().invoke(report.command, list(arguments), catch_exceptions=False)
    assert told.exit_code == 0
    return told.output


def test_the_file_is_the_one_that_was_issued(world: World, tmp_path: Path) -> None:
    with clock.fixed(DAY):
        row = issued(world)
    world.problem("F2", date(2023, 11, 3), date(2023, 11, 8))
    for form, (sha256, size) in row.files.items():
        out = tmp_path / f"out.{form}"
        told = asked("--issued", str(row.public_id)[:18], "--format", form, "--out", str(out))
        assert hashlib.sha256(out.read_bytes()).hexdigest() == sha256
        assert sha256 in told and f"{size} 字节" in told


def test_as_json_it_says_every_number_and_what_changed(world: World) -> None:
    with clock.fixed(DAY):
        issued(world)
    world.problem("F2", date(2023, 11, 3), date(2023, 11, 8))
    with clock.fixed(date(2023, 11, 9)):
        row = issued(world, date(2023, 11, 9))
    told = json.loads(asked("--issued", str(row.public_id), "--json"))
    assert (told["number"], told["stage"], told["as_of"]) == (2, "final", "2023-11-09")
    (change,) = told["changes"]
    assert (change["figure"], change["then"], change["now"], change["explained"]) == (
        "issues_total",
        "1",
        "2",
        True,
    )
    assert change["causes"] == [{"step": "known", "why": "late_entry", "count": 1, "gain": "+1"}]


def test_what_is_not_there_or_not_said_is_told(world: World) -> None:
    with clock.fixed(DAY):
        row = issued(world)
    told = {
        ("--issued", "zz", "--json"): "没有唯一的定稿文稿以“zz”开头",
        ("--issued", str(row.public_id)): "没有写明文件格式",
        ("--issued", str(row.public_id), "--format", "txt", "--out", "x.txt"): "没有写明文件格式",
        ("summary",): "没有写明文件格式或写到哪个文件",
    }
    for arguments, sentence in told.items():
        with pytest.raises(BadInput, match=sentence):
            CliRunner().invoke(report.command, list(arguments), catch_exceptions=False)


def test_verify_tells_every_difference(world: World) -> None:
    with clock.fixed(DAY):
        row = issued(world)
    for form in ("docx", "pdf"):
        path_of(row.files[form][0]).unlink()
    told = CliRunner().invoke(verify.command, [])
    assert told.exit_code == 1
    assert [form for form in ("docx", "pdf", "html") if f"的 {form} 文件缺失" in told.output] == [
        "docx",
        "pdf",
    ]
