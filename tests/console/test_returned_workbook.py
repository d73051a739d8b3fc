"""`guatu import` of a workbook that the product gave out: the difference first, applied once, conflicts left to the page."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

from guatu.actions.items import Edit, edit_items
from guatu.console.import_workbook import command
from guatu.records.models import Batch, Item
from tests.fill_world import FillWorld, at_work

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill() -> Any:
    with at_work() as world:
        yield world


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(command, [str(one) for one in arguments], catch_exceptions=False)


def filled(
    fill: FillWorld, folder: Path, cells: dict[tuple[int, str], Any], name: str = "填报表.xlsx"
) -> Path:
    book = openpyxl.load_workbook(io.BytesIO(fill.given_out()))
    sheet = book.worksheets[0]
    keys = [cell.value for cell in sheet[1]]
    for (row, key), value in cells.items():
        sheet.cell(row, keys.index(key) + 1).value = value
    path = folder / name
    book.save(path)
    return path


def test_it_says_what_differs_and_applies_it_once(fill: FillWorld, tmp_path: Path) -> None:
    file = filled(fill, tmp_path, {(3, "note"): "离线改的"})
    before = Batch.objects.count()
    looked = run(file, "--as", "lin")
    assert looked.exit_code == 0
    assert (
        "读到 4 行，修改 1 格，新增 0 行，没有变化 3 行。" in looked.output
        and "加 --apply 写入" in looked.output
    )
    assert Batch.objects.count() == before
    assert "已导入：新增 0 项，修改 1 项。" in run(file, "--as", "lin", "--apply").output
    assert Item.objects.get(pk=fill.items[0]).data["note"] == "离线改的"
    again = run(file, "--as", "lin", "--apply", "--json")
    told = json.loads(again.output)
    assert told["before"] == before + 1 and told["open"] == []
    assert Batch.objects.count() == before + 1


def test_conflicts_and_mistakes_are_named_and_nothing_is_written(fill: FillWorld, tmp_path: Path) -> None:
    file = filled(fill, tmp_path, {(3, "note"): "我的", (4, "held_on"): "年底前"})
    edits = [Edit(fill.items[0], {"note": "别人的"})]
    edit_items(fill.actor("lin"), campaign=fill.world.campaign, edits=edits)
    before = Batch.objects.count()
    found = run(file, "--as", "lin", "--apply")
    assert found.exit_code == 1
    assert "第 4 行“日期”填的是“年底前”，无法识别为日期。" in found.output
    assert "请选择保留哪一项。" in found.output
    assert Batch.objects.count() == before
