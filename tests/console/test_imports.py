"""`guatu import-units` and `import-people` as a person meets them: dry run, apply, take back, template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from guatu.console import import_people, import_units
from guatu.domain import clock
from guatu.queries.verify import verify
from guatu.records.models import Batch, Person, Tree, Unit
from tests.people import BEGIN, small_world
from tests.sheets import HEAD, xlsx

pytestmark = pytest.mark.django_db
ROOT = ("HY", "华岳集团", None, "集团")


def run(command: Any, *arguments: str | Path) -> Result:
    with clock.fixed(BEGIN):
        return CliRunner().invoke(command, [str(each) for each in arguments], catch_exceptions=False)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "单位.xlsx"
    path.write_bytes(xlsx(HEAD, ROOT, ("JIA", "甲公司", "HY", "二级公司")))
    return path


def test_an_empty_home_gets_its_tree_from_the_first_import(sheet: Path) -> None:
    dry = run(import_units.command, sheet, "--pack", "theme-education")
    assert dry.exit_code == 0
    assert "新增 2 家" in dry.output
    assert "以上为试运行，没有写入。核对无误后加 --apply 导入。" in dry.output
    assert (Unit.objects.count(), Tree.objects.count()) == (0, 0)
    wet = run(import_units.command, sheet, "--pack", "theme-education", "--apply")
    assert "已导入，记为批次 2。" in wet.output
    assert (Tree.objects.get().key, Unit.objects.count()) == ("administrative", 2)
    again = run(import_units.command, sheet, "--pack", "theme-education", "--apply")
    assert "没有要导入的变化。" in again.output
    assert (Batch.objects.count(), verify().broken) == (2, "")


def test_bad_rows_are_listed_and_nothing_is_written_whatever_is_asked(tmp_path: Path) -> None:
    path = tmp_path / "单位.xlsx"
    rows = [(f"U{n}", f"单位{n}", "无此单位", "二级公司") for n in range(60)]
    path.write_bytes(xlsx(HEAD, ROOT, *rows))
    result = run(import_units.command, path, "--pack", "theme-education", "--apply")
    assert result.exit_code == 1
    assert "须改正（60）" in result.output
    assert "…… 还有 10 条没有列出。" in result.output
    assert "没有写入任何内容" in result.output
    assert Unit.objects.count() == 0


def test_a_json_answer_holds_rows_and_sentences(sheet: Path) -> None:
    answer = json.loads(run(import_units.command, sheet, "--pack", "theme-education", "--json").output)
    assert [change["code"] for change in answer["changes"]] == ["HY", "JIA"]
    assert answer["changes"][1]["details"] == [["上级", "", "华岳集团"]]
    assert (answer["read"], answer["errors"], answer["batch"]) == (2, [], None)


def test_an_import_is_taken_back_by_its_number(sheet: Path) -> None:
    run(import_units.command, sheet, "--pack", "theme-education", "--apply")
    result = run(import_units.command, "--undo", "2", "--reason", "表格有误")
    assert result.output == "已撤回批次 2，记为批次 3。\n"
    assert verify().broken == ""


def test_a_template_comes_back_filled_and_changes_nothing(tmp_path: Path) -> None:
    small_world()
    path = tmp_path / "模板.xlsx"
    assert "已写出模板" in run(import_units.command, "--template", path).output
    assert "表头下面没有单位" in run(import_units.command, path).output
    run(import_units.command, "--template", path, "--filled")
    result = run(import_units.command, path)
    assert "读到 7 行：变化 0 家，一致 7 家。" in result.output


def test_units_outside_the_sheet_are_listed(tmp_path: Path) -> None:
    small_world()
    path = tmp_path / "单位.xlsx"
    path.write_bytes(xlsx(HEAD, ("JIA", "甲装备", "HY", "二级公司")))
    result = run(import_units.command, path)
    assert "改名 1 家" in result.output
    assert "名称：甲公司 → 甲装备" in result.output
    assert "系统中有 6 家单位不在表中，仅作提示，不会撤销：一厂（F1）" in result.output


def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    for arguments, said in (
        (("--pack", "none"), "没有“none”这个专项模板"),
        (("--pack", "theme-education"), "请给出要导入的文件"),
        (("--undo", "1", "--reason", "x"), "没有可撤回的导入"),
        ((tmp_path / "无.xlsx", "--pack", "theme-education"), "没有找到文件"),
    ):
        with pytest.raises(Exception, match=said):
            run(import_units.command, *arguments)


def test_a_liaison_list_comes_in_and_its_telephones_stay_out_of_what_is_printed(tmp_path: Path) -> None:
    small_world()
    path = tmp_path / "名单.xlsx"
    rows = (("单位", "姓名", "身份", "电话"), ("二厂", "叶栖迟", "填报员", "13900000001"))
    path.write_bytes(xlsx(*rows))
    dry = run(import_people.command, path)
    assert dry.exit_code == 0
    assert "新增人员、新增身份、登记电话" in dry.output
    assert not Person.objects.filter(username="F2").exists()
    wet = run(import_people.command, path, "--apply", "--json")
    assert json.loads(wet.output)["batch"] == Batch.objects.count()
    assert "13900000001" not in dry.output + wet.output
    path.write_bytes(xlsx(*rows, ("X9", "白鹤年", "填报员", "")))
    bad = run(import_people.command, path, "--apply")
    assert bad.exit_code == 1
    assert "没有这家单位，或不在您的管理范围内" in bad.output
