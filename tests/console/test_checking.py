"""`guatu extract` and `guatu check` as a person or a program runs them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

GUATU = Path(sys.executable).with_name("guatu")
EXTRACTED = ["start", "end", "text", "low", "high", "kind", "measure", "noun"]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(GUATU), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", **environment},
    )


def written(folder: Path, text: str) -> str:
    file = folder / "文稿.txt"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_extract_prints_exactly_the_promised_fields(tmp_path: Path) -> None:
    result = run(
        "extract", written(tmp_path, "超过300场，投资5.2亿元。"), "--json", GUATU_HOME=str(tmp_path / "none")
    )
    rows = json.loads(result.stdout)
    assert [list(row) for row in rows] == [EXTRACTED] * 2
    assert [(r["text"], r["low"], r["high"], r["kind"]) for r in rows] == [
        ("超过300场", 301, None, "lower_bound"),
        ("5.2亿元", 515000000, 525000000, "money"),
    ]
    assert not (tmp_path / "none").exists(), "extract needs no database and makes none"


def test_check_without_any_data_still_judges_the_text_itself(tmp_path: Path) -> None:
    file = written(tmp_path, "截至目前，立项48个，结题31个，其余16个推进。")
    result = run("check", file, "--json", GUATU_HOME=str(tmp_path / "home"))
    answer = json.loads(result.stdout)
    assert result.returncode == 0
    assert list(answer) == ["figures", "claims", "times", "findings", "style"]
    assert list(answer["figures"][0]) == ["start", "end", "text", "verdict", "key", "ours"]
    assert {row["verdict"] for row in answer["figures"]} == {"unbacked"}
    assert [row["kind"] for row in answer["findings"]] == ["unresolved_time", "sum"]
    assert list(answer["findings"][0]) == ["kind", "start", "end", "message"]
    assert [list(row) for row in answer["style"]] == [["rule", "start", "end", "message", "replacement"]]
    assert [row["rule"] for row in answer["style"]] == ["unresolved_time"]


def test_style_stands_in_a_group_of_its_own_with_what_to_write_instead(tmp_path: Path) -> None:
    file = written(tmp_path, "计划投资3—5亿元,会议于2023.11.5召开。")
    result = run("check", file, "--json", GUATU_HOME=str(tmp_path / "home"))
    answer = json.loads(result.stdout)
    assert answer["findings"] == []
    assert [(row["rule"], row["replacement"]) for row in answer["style"]] == [
        ("range_unit", "3亿—5亿"),
        ("half_mark", "，"),
        ("dotted_day", "2023年11月5日"),
    ]
    lines = run("check", file, GUATU_HOME=str(tmp_path / "home")).stdout.splitlines()
    at = lines.index("文字规范：")
    assert [line.partition("]")[0] for line in lines[at + 1 : at + 4]] == [
        "[范围缺单位",
        "[半角标点",
        "[日期简写",
    ]
    assert "文字规范 3 处" in lines[-1]


def test_a_person_reads_a_table_and_a_summary(tmp_path: Path) -> None:
    file = written(tmp_path, "立项48个，结题31个，其余16个推进。")
    result = run("check", file, GUATU_HOME=str(tmp_path / "home"))
    assert "无依据" in result.stdout and "31+16=47" in result.stdout
    assert "没有可对照的数据" in result.stdout.splitlines()[-1]


def test_plain_sentences_are_compared_and_what_is_not_known_is_left_to_a_person(
    demo_home: dict[str, str], tmp_path: Path
) -> None:
    file = written(tmp_path, "215家三级单位\n党员25013名\n采购灭火器35台\n")
    rows = run("check", file, "--as-of", "2023-11-30", **demo_home).stdout.splitlines()[1:4]
    assert rows[0].startswith("不一致") and "216家" in rows[0]
    assert rows[1].startswith("一致")
    assert rows[2].startswith("无依据") and "未能识别为哪一项统计；请人工核对" in rows[2]


@pytest.mark.parametrize("command", ["extract", "check"])
@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空.docx", b"", "空文件"),
        ("坏.docx", b"PK\x03\x04", "已损坏"),
        ("坏码.txt", "整改".encode() + b"\xff", "UTF-8"),
        ("密.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "密码"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_sentence(
    command: str, name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(command, str(tmp_path / name), "--json", GUATU_HOME=str(tmp_path / "home"))
    assert result.returncode == 2 and result.stdout == ""
    assert result.stderr.startswith("错误：") and result.stderr.count("\n") == 1
    assert said in result.stderr and name in result.stderr


def test_a_day_that_does_not_exist_is_refused_even_without_data(tmp_path: Path) -> None:
    result = run(
        "check", written(tmp_path, "立项48个。"), "--as-of", "2023-02-30", GUATU_HOME=str(tmp_path / "home")
    )
    assert result.returncode == 2 and "2023-02-30" in result.stderr


def checked(file: Path, home: dict[str, str]) -> dict[str, list[dict[str, Any]]]:
    result = run("check", str(file), "--as-of", "2023-11-30", "--json", **home)
    assert result.returncode == 0, result.stderr
    answer: dict[str, list[dict[str, Any]]] = json.loads(result.stdout)
    return answer


def test_our_own_report_agrees_and_one_changed_digit_does_not(
    demo_home: dict[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "报告.docx"
    made = run(
        "report", "summary", "--as-of", "2023-11-30", "--format", "docx", "--out", str(file), **demo_home
    )
    assert made.returncode == 0, made.stderr
    answer = checked(file, demo_home)
    table = run("check", str(file), "--as-of", "2023-11-30", **demo_home).stdout
    assert "主流媒体宣传报道" in table and "关经验" not in table, "a bound figure is shown by its label"
    assert {row["verdict"] for row in answer["figures"]} == {"agrees"} and len(answer["figures"]) == 29
    assert {row["verdict"] for row in answer["claims"]} == {"claim true"} and len(answer["claims"]) == 7
    assert answer["findings"] == [] and answer["style"] == []
    document = docx.Document(str(file))
    runs = [run for paragraph in document.paragraphs for run in paragraph.runs if "193" in run.text]
    runs[0].text = runs[0].text.replace("193", "198")
    document.save(str(file))
    answer = checked(file, demo_home)
    wrong = [row for row in answer["figures"] if row["verdict"] != "agrees"]
    assert [(row["key"], row["verdict"]) for row in wrong] == [("plans_open", "disagrees")]
    assert "193" in wrong[0]["ours"]
    assert any(row["kind"] == "sum" and "我们 17+193=210" in row["message"] for row in answer["findings"])


def test_several_files_are_an_array_each_with_its_name_and_a_bad_one_with_its_sentence(
    tmp_path: Path,
) -> None:
    first, second, old = tmp_path / "甲.txt", tmp_path / "乙.md", tmp_path / "旧.doc"
    first.write_text("销售门店12家。", encoding="utf-8")
    second.write_text("# 简报\n\n销售门店13家。", encoding="utf-8")
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
    home = {"GUATU_HOME": str(tmp_path / "home")}
    result = run("check", str(first), str(second), str(old), "--json", **home)
    assert result.returncode == 0, result.stderr
    answer = json.loads(result.stdout)
    assert [Path(one["file"]).name for one in answer] == ["甲.txt", "乙.md", "旧.doc"]
    assert [[row["text"] for row in one["figures"]] for one in answer[:2]] == [["12家"], ["13家"]]
    assert list(answer[2]) == ["file", "error"] and "旧版 Word" in answer[2]["error"]
    shown = run("check", str(first), str(second), **home).stdout.splitlines()
    assert "[文稿之间] 销售门店□家：甲.txt 12家、乙.md 13家" in shown
    assert shown[-1] == "文稿之间的矛盾 1 处。"


def test_the_copy_with_comments_is_saved_and_never_over_the_text_itself(tmp_path: Path) -> None:
    text = "立项48个，结题31个，其余16个推进。"
    file, copy = tmp_path / "稿.docx", tmp_path / "批注.docx"
    word = docx.Document()
    word.add_paragraph(text)
    word.save(str(file))
    home = {"GUATU_HOME": str(tmp_path / "home")}
    before = file.read_bytes()
    refused = run("check", str(file), "--docx", str(file), **home)
    assert refused.returncode != 0 and "是原稿" in refused.stderr
    assert run("check", str(file), "--docx", str(copy), **home).returncode == 0
    comments = [comment.text for comment in docx.Document(str(copy)).comments]
    assert any("31+16=47" in comment for comment in comments)
    assert file.read_bytes() == before
    folder = tmp_path / "批注"
    other = tmp_path / "另.txt"
    other.write_text(text, encoding="utf-8")
    assert run("check", str(file), str(other), "--docx", str(folder), **home).returncode == 0
    assert sorted(one.name for one in folder.iterdir()) == ["另（校核批注）.docx", "稿（校核批注）.docx"]


def test_copies_of_files_called_alike_stand_beside_each_other_and_over_no_text(tmp_path: Path) -> None:
    files = [tmp_path / name for name in ("甲/稿.txt", "乙/稿.txt", "批注/稿（校核批注）.docx")]
    for file in files:
        file.parent.mkdir()
    for file in files[:2]:
        file.write_text(f"{file.parent.name}组立项48个，结题31个，其余16个推进。", encoding="utf-8")
    word = docx.Document()
    word.add_paragraph("立项48个。")
    word.save(str(files[2]))
    home = {"GUATU_HOME": str(tmp_path / "home")}
    before = files[2].read_bytes()
    refused = run("check", *map(str, files), "--docx", str(files[2].parent), **home)
    assert refused.returncode != 0 and "是原稿" in refused.stderr and files[2].read_bytes() == before
    assert run("check", *map(str, files[:2]), "--docx", str(tmp_path / "新"), **home).returncode == 0
    texts = {one.name: docx.Document(str(one)).paragraphs[0].text[:2] for one in (tmp_path / "新").iterdir()}
    assert texts == {"稿（校核批注）.docx": "甲组", "稿（校核批注） 2.docx": "乙组"}
