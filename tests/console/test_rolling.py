"""`guatu roll` as a person or a program runs it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guatu.console.roll import command
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from guatu.exchange.documents_in import read_document
from tests.exchange.word_samples import paragraph, parts_of, run, word_file
from tests.made_once import made_once
from tests.people import World, small_world

REPORT = word_file(paragraph(run("截至11月15日，列入问题清单"), run("1个，走访企业85家。")))


@pytest.fixture
def world(db: None) -> Iterator[World]:
    found = made_once("small world", small_world)
    with clock.fixed(date(2023, 11, 30)):
        yield found


@pytest.fixture
def report(world: World, tmp_path: Path) -> Path:
    """A report of 15 November, with one problem then and two by the 30th."""
    for day in (date(2023, 11, 2), date(2023, 11, 20)):
        world.problem("F1", day)
    file = tmp_path / "月报.docx"
    file.write_bytes(REPORT)
    return file


def rolled(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments])


def test_the_changed_file_stands_beside_the_old_one(report: Path) -> None:
    result = rolled(report)
    assert result.exit_code == 0, result.output
    made = report.with_name("月报（换期 2023-11-30）.docx")
    assert read_document(made).text == "截至11月30日，列入问题清单2个，走访企业85家。\n"
    assert report.read_bytes() == REPORT
    assert "从 2023-11-15 更新到 2023-11-30：改 2 处，没有变化 0 处，没有动 1 处" in result.output


def test_what_somebody_has_made_of_the_changed_file_is_not_written_over(report: Path) -> None:
    made = report.with_name("月报（换期 2023-11-30）.docx")
    made.write_bytes(b"accepted")
    failure = rolled(report).exception
    assert isinstance(failure, GuatuError) and "已存在，不覆盖" in str(failure)
    assert made.read_bytes() == b"accepted"
    assert rolled(report, "--out", made).exit_code == 0


def test_json_tells_every_place(report: Path, tmp_path: Path) -> None:
    result = rolled(report, "--from", "2023-11-15", "--out", tmp_path / "new.docx", "--no-comments", "--json")
    told = json.loads(result.output)
    assert [(one["old"], one["new"], one["key"], one["taken"]) for one in told["swaps"]] == [
        ("15", "30", None, True),
        ("1", "2", "issues_total", True),
    ]
    assert [one["text"] for one in told["left"]] == ["85家"]
    assert "word/comments.xml" not in parts_of((tmp_path / "new.docx").read_bytes())


def test_what_cannot_be_done_is_one_sentence_and_writes_nothing(report: Path, tmp_path: Path) -> None:
    undated = tmp_path / "无日期.docx"
    undated.write_bytes(word_file(paragraph(run("列入问题清单1个。"))))
    plain = tmp_path / "稿.txt"
    plain.write_text("截至11月15日，列入问题清单1个。", encoding="utf-8")
    before = sorted(tmp_path.iterdir())
    for arguments, words in (
        ([undated], "--from"),
        ([plain], "不是 Word 文件"),
        ([report, "--from", "2023-11-30"], "都是 2023-11-30"),
        ([report, "--out", report], "不能写在原文件"),
        ([report, "--to", "2024-01-01"], "晚于今天"),
        ([report, "--out", tmp_path / "没有" / "new.docx"], "不能写入"),
    ):
        failure = rolled(*arguments).exception
        assert isinstance(failure, GuatuError) and words in str(failure) and "请" in str(failure)
    assert sorted(tmp_path.iterdir()) == before and report.read_bytes() == REPORT
