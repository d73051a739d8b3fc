"""CSV: read again by another program as it was written, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guatu.domain.lights import Light
from guatu.exchange import csv_out
from guatu.exchange.tables import Head, LightCell, Link, Sheet

HEADS = (Head("a", "编号", "text", 7), Head("b", "数\n量", "integer", 7))


def sheet(*rows: tuple[object, object], name: str = "问题清单") -> Sheet:
    return Sheet(name, "问题清单（截至 2023-11-30）", ("范围：全部",), HEADS, iter(rows), len(rows))


def written(one: Sheet) -> list[list[str]]:
    text = b"".join(csv_out.lines(one)).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))


def test_excel_finds_the_chinese_by_the_byte_order_mark_and_heads_come_first() -> None:
    assert written(sheet(("WT1", 3))) == [["编号", "数 量"], ["WT1", "3"]]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (date(2023, 11, 30), "2023-11-30"),
        (-5, "-5"),
        (Decimal("-1.50"), "-1.50"),
        (Link("详情", "#1"), "详情"),
        (Light.RED, "■ 逾期或严重滞后"),
        (LightCell(Light.GREEN, "3/8 38%"), "● 正常推进 3/8 38%"),
        ("一行\n又一行", "一行 又一行"),
        ("铃\x07", "铃␇"),
    ],
)
def test_a_cell_is_printed_as_what_it_is(value: object, shown: str) -> None:
    assert csv_out.cell(value) == shown


@pytest.mark.parametrize(
    "text", ["=1+1", "+86", "-x", "@sum", "\t=1", "\r=1", "\n=1", " =1", '=HYPERLINK("x")']
)
def test_text_that_looks_like_a_formula_is_made_harmless(text: str) -> None:
    assert csv_out.cell(text)[0] == "'"


@given(st.lists(st.tuples(st.text(max_size=30), st.text(max_size=30)), max_size=8))
def test_every_row_comes_back_whole_and_none_is_a_formula(rows: list[tuple[str, str]]) -> None:
    found = written(sheet(*rows))
    assert len(found) == len(rows) + 1
    assert all(len(row) == 2 for row in found)
    assert not any(cell.startswith(csv_out.FORMULA) for row in found[1:] for cell in row)


def test_several_sheets_are_numbered_in_one_file_with_names_that_any_disk_takes(tmp_path: Path) -> None:
    path = tmp_path / "out.zip"
    csv_out.write_zip(path, [sheet(("WT1", 1)), sheet(("A1", 2), name="整改/方案: 一?")])
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["01_问题清单.csv", "02_整改_方案_一_.csv"]
        assert "A1,2" in archive.read("02_整改_方案_一_.csv").decode("utf-8-sig")


def test_progress_counts_the_rows_of_all_sheets(tmp_path: Path) -> None:
    seen: list[int] = []
    many = [("WT", n) for n in range(700)]
    csv_out.write_zip(tmp_path / "out.zip", [sheet(*many), sheet(*many)], seen.append)
    assert seen == [500, 1000]
