"""A filled workbook that comes back: what is asked, said, refused and applied, and what the workbook itself holds."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
import xlwt

from guatu.actions.items import Edit, edit_items
from guatu.domain import clock
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.imports.grid import Cell, Grid
from guatu.exchange.fill_marks import mark_in
from guatu.exchange.workbook_return import Returned, apply, plan
from guatu.queries.verify import verify
from guatu.records.models import Batch, Item
from tests.fill_world import DAY, FillWorld, at_work, changed, fill_world, numbers

pytestmark = pytest.mark.django_db


@pytest.fixture
def fill() -> Iterator[FillWorld]:
    with at_work() as world:
        yield world


def test_an_unchanged_upload_changes_nothing(fill: FillWorld) -> None:
    found = plan(fill.actor("lin"), fill.world.campaign, fill.returned(fill.given_out()))
    before = Batch.objects.count()
    assert (found.difference.empty, found.difference.unchanged, found.difference.cells) == (True, 4, 0)
    assert apply(fill.actor("lin"), fill.world.campaign, found).batch is None
    assert Batch.objects.count() == before


def test_new_rows_become_items_and_the_same_file_is_applied_once(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    cells = {
        (7, "@title"): "新设施",
        (7, "@unit"): "二厂",
        (7, "held_on"): "2023.11.5",
        (7, "people"): "1,200人",
    }
    back = changed(out, cells)
    done = apply(lin, campaign, plan(lin, campaign, back))
    made = Item.objects.latest("pk")
    assert (done.created, done.edited, made.title, made.unit.code) == (1, 0, "新设施", "F2")
    assert (made.data["held_on"], made.data["people"]) == ("2023-11-05", 1200)
    again = plan(lin, campaign, back)
    assert again.before is not None and again.before.by == "林晓岚"
    assert apply(lin, campaign, again).again
    assert Item.objects.filter(register=fill.register).count() == 5
    assert verify().whole


def test_a_file_saved_again_after_its_import_brings_its_new_rows_no_second_time(fill: FillWorld) -> None:
    """Another checksum, the same rows: only what 林晓岚 has added since is new; a row that says more is not the same."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    cells: dict[tuple[int, str], Cell] = {
        (7, "@title"): "新设施",
        (7, "@unit"): "二厂",
        (7, "people"): "30",
        (8, "@title"): "新设施",
        (8, "@unit"): "二厂",
        (8, "people"): "30",
    }
    apply(lin, campaign, plan(lin, campaign, changed(out, cells)))
    assert Item.objects.filter(register=fill.register).count() == 6
    more: dict[tuple[int, str], Cell] = {
        (9, "@title"): "新设施",
        (9, "@unit"): "二厂",
        (9, "people"): "31",
        (10, "@title"): "新设施",
        (10, "@unit"): "二厂",
        (10, "people"): "30",
    }
    found = plan(lin, campaign, changed(out, {**cells, **more}))
    assert [row.values["people"] for row in found.difference.new] == [31, 30]
    assert "有 2 行没有编号，但与已有的事项完全相同" in found.notes[-1]
    apply(lin, campaign, found)
    last = plan(lin, campaign, changed(out, {**cells, **more, (3, "note"): "又改"}))
    assert (last.difference.new, last.difference.cells) == ((), 1)


def test_what_cannot_be_understood_is_named_with_row_column_value_and_rule(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    cells = {
        (3, "held_on"): "年底前",
        (4, "people"): "约二百",
        (5, "near"): "华东公司",
        (6, "kind"): "供气",
        (7, "note"): "没有标题的新行",
        (8, "@title"): "没有单位的新行",
    }
    found = plan(fill.actor("lin"), fill.world.campaign, changed(out, cells))
    said = [problem.sentence for problem in found.difference.problems]
    assert said[0].startswith("第 3 行“日期”填的是“年底前”，无法识别为日期。请填成")
    assert said[1].startswith("第 4 行“人数”填的是“约二百”，无法识别为")
    assert said[2].startswith("第 5 行“相邻单位”填的是“华东公司”")
    assert said[3].startswith("第 6 行“类别”填的是“供气”，不在选项中。可选：供水、供电、其他、另报。")
    assert "第 7 行“记录”没有填写。请补上后重新上传。" in said
    assert "第 8 行“牵头单位”没有填写。请补上后重新上传。" in said
    before = Item.objects.count()
    with pytest.raises(BadInput):
        apply(fill.actor("lin"), fill.world.campaign, found)
    assert Item.objects.count() == before


def test_a_choice_that_does_not_go_with_the_one_above_is_named(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    found = plan(fill.actor("lin"), fill.world.campaign, changed(out, {(3, "part"): "电缆"}))
    [problem] = found.difference.problems
    assert problem.sentence == "第 3 行“部位”填的是“电缆”，不属于所填的“类别”。请重新选定。"
    both = changed(out, {(3, "part"): "电缆", (3, "kind"): "供电"})
    assert plan(fill.actor("lin"), fill.world.campaign, both).difference.cells == 2


def test_locked_cells_are_said_and_not_applied(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    found = plan(lin, campaign, changed(out, {(3, "@unit"): "二厂（F2）", (3, "note"): "改过"}))
    kinds = {cell.key: cell.kind for row in found.difference.rows for cell in row.cells}
    assert kinds == {"@unit": "locked", "note": "change"}
    apply(lin, campaign, found)
    item = Item.objects.get(pk=fill.items[0])
    assert (item.unit.code, item.data["note"]) == ("F1", "改过")


def test_a_row_of_another_unit_is_locked_for_a_filler_and_cannot_be_smuggled_in(fill: FillWorld) -> None:
    """Lu fills for 一厂: her workbook has her rows; rows of others copied into it are unknown to her."""
    lu, campaign = fill.actor("lu"), fill.world.campaign
    mine = fill.returned(fill.given_out("lu"))
    assert [n for n in numbers(fill) if n in mine.mark.rows] == [numbers(fill)[0], numbers(fill)[3]]
    foreign = numbers(fill)[2]
    found = plan(lu, campaign, changed(mine, {(5, "@number"): foreign, (5, "note"): "替别人填"}))
    [problem] = found.difference.problems
    assert problem.sentence.startswith(f"第 5 行的编号“{foreign}”不在本清单中，或不在您的查看范围内。")
    added = changed(mine, {(5, "@title"): "替三院新增", (5, "@unit"): "Y3"})
    with pytest.raises(NotFound):
        apply(lu, campaign, plan(lu, campaign, added))


def test_missing_rows_are_listed_and_never_deleted(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    keys = [str(cell) for cell in out.book.sheets[0].rows[0]]
    gone = {(4, key): "" for key in keys}
    found = plan(lin, campaign, changed(out, gone))
    assert found.difference.missing == (numbers(fill)[1],)
    assert found.difference.empty
    assert any("系统中的事项没有删除" in note for note in found.notes)


def test_a_number_that_stands_twice_is_named_with_both_rows(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    twice = changed(out, {(4, "@number"): numbers(fill)[0]})
    [problem] = plan(fill.actor("lin"), fill.world.campaign, twice).difference.problems
    assert "第 4 行的编号" in problem.sentence and "与第 3 行相同" in problem.sentence


def pasted(returned: Any, *, keep_keys: bool = False, above: int = 2) -> Any:
    """Copied into a new file: no hidden sheets, no machine row, a title above."""
    grid = returned.book.sheets[0]
    rows = grid.rows if keep_keys else (*(("设施情况表", *[""] * 5),) * above, *grid.rows[1:])
    book = replace(returned.book, sheets=(Grid("Sheet1", tuple(rows)),), sha256="b" * 64)
    return replace(returned, book=book, mark=None, genuine=False)


def test_a_sheet_pasted_into_a_new_file_is_matched_by_headings_and_asks_to_confirm(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    back = pasted(
        changed(out, {(3, "note"): "离线改的", (3, "cost"): "", (8, "@title"): "新设施", (8, "@unit"): "F2"})
    )
    found = plan(lin, campaign, back, fill.register)
    assert found.notes[0] == "本表缺少下发标识，已改按表头和编号识别。请核对对应关系后再导入。"
    assert ("编号", "编号") in found.matched and ("说明", "说明") in found.matched
    assert found.difference.left == 1  # an emptied cell says nothing when it is not known what was given out
    [row] = found.difference.rows
    assert (row.row, [cell.key for cell in row.cells]) == (4, ["note"])
    assert [new.row for new in found.difference.new] == [9]
    with pytest.raises(BadInput, match="本表缺少下发标识"):
        apply(lin, campaign, found)
    done = apply(lin, campaign, found, confirmed=True)
    assert (done.created, done.edited) == (1, 1)


def test_headings_under_which_sheets_were_given_out_before_are_still_known(fill: FillWorld) -> None:
    back = pasted(fill.returned(fill.given_out()))
    before = {"记录": "标题", "牵头单位": "责任单位"}
    grid = back.book.sheets[0]
    rows = tuple(tuple(before.get(str(cell), cell) for cell in row) for row in grid.rows)
    old = replace(back, book=replace(back.book, sheets=(replace(grid, rows=rows),)))
    found = plan(fill.actor("lin"), fill.world.campaign, old, fill.register)
    assert ("标题", "记录") in found.matched and ("责任单位", "牵头单位") in found.matched


def test_a_lost_hidden_sheet_alone_is_noticed_too(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    found = plan(fill.actor("lin"), fill.world.campaign, pasted(out, keep_keys=True), fill.register)
    assert found.to_confirm and found.difference.empty


def test_a_changed_fingerprint_is_noticed(fill: FillWorld) -> None:
    data = fill.given_out()
    book = fill.returned(data).book
    marks = next(sheet for sheet in book.sheets if sheet.name == "_guatu")
    number = numbers(fill)[0]
    rows = [(row[0], 99.0) if row[0] == number else row for row in marks.rows]
    others = tuple(sheet for sheet in book.sheets if sheet.name != "_guatu")
    forged = replace(book, sheets=(*others, Grid("_guatu", tuple(rows))))
    mark, genuine = mark_in(forged)
    assert mark is not None and not genuine
    found = plan(fill.actor("lin"), fill.world.campaign, Returned(forged, mark, genuine))
    assert found.notes[0].startswith("本表的下发标识已被改动") and found.to_confirm


def test_a_workbook_of_another_register_is_sent_there(fill: FillWorld) -> None:
    out = fill.returned(fill.given_out())
    with pytest.raises(BadInput, match="本表是“设施台账”的填报表，不是“问题清单”的"):
        plan(fill.actor("lin"), fill.world.campaign, out, "problems")


def test_a_change_between_looking_and_applying_is_a_conflict(fill: FillWorld) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    out = fill.returned(fill.given_out())
    found = plan(lin, campaign, changed(out, {(3, "note"): "我的"}))
    edit_items(lin, campaign=campaign, edits=[Edit(fill.items[0], {"note": "别人的"})])
    with pytest.raises(Conflict):
        apply(lin, campaign, found)
    assert Item.objects.get(pk=fill.items[0]).data["note"] == "别人的"


def test_due_days_and_parents_travel_too() -> None:
    with clock.fixed(DAY):
        world = fill_world(1)
        small = world.world
        problem = small.problem("F1", DAY)
        lin, campaign = small.actor("lin"), small.campaign
        problems = FillWorld(small, "problems", [problem.pk], world.reader)
        out = problems.returned(problems.given_out())
        found = plan(lin, campaign, changed(out, {(3, "@due"): "2023年12月31日"}))
        assert found.redates
        with pytest.raises(BadInput, match="统一调整时限须写明文件号"):
            apply(lin, campaign, found, due_kind="adjustment")
        apply(lin, campaign, found, reason="录入时写错")
        assert Item.objects.get(pk=problem.pk).due == date(2023, 12, 31)
        measures = FillWorld(small, "measures", [], world.reader)
        made = measures.returned(measures.given_out())
        keys = [str(cell) for cell in made.book.sheets[0].rows[0]]
        assert "@parent" in keys
        cells: dict[tuple[int, str], Cell] = {
            (3, "@title"): "加开窗口",
            (3, "@unit"): "F1",
            (3, "@parent"): problem.number,
            (3, "@due"): "2023-12-20",
        }
        spec = next(s for s in [plan(lin, campaign, changed(made, cells)).difference])
        assert [one.sentence for one in spec.problems] == []
        world.reader.__exit__()


def test_formulas_codes_and_long_numbers_travel_as_text(fill: FillWorld) -> None:
    """What begins with = + - @ is text in the workbook, and a code keeps its zeros."""
    lin, campaign = fill.actor("lin"), fill.world.campaign
    values = {"note": "=HYPERLINK(1)", "who": "0012", "people": 2**53 - 1}
    edit_items(lin, campaign=campaign, edits=[Edit(fill.items[0], values)])
    data = fill.given_out()
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    keys = [cell.value for cell in sheet[1]]
    cells = {key: sheet.cell(3, keys.index(key) + 1) for key in values}
    assert (cells["note"].data_type, cells["note"].value, cells["note"].quotePrefix) == (
        "s",
        "=HYPERLINK(1)",
        True,
    )
    assert (cells["who"].value, cells["who"].number_format) == ("0012", "@")
    assert cells["people"].value == str(2**53 - 1)
    assert plan(lin, campaign, fill.returned(data)).difference.empty


def test_what_may_be_changed_is_unlocked_and_the_rest_is_not(fill: FillWorld) -> None:
    book = openpyxl.load_workbook(io.BytesIO(fill.given_out()))
    sheet = book.worksheets[0]
    keys = [cell.value for cell in sheet[1]]
    locked = {key: sheet.cell(3, keys.index(key) + 1).protection.locked for key in keys}
    free = {key: sheet.cell(8, keys.index(key) + 1).protection.locked for key in keys}
    assert (
        locked["@number"]
        and locked["@unit"]
        and locked["@state"]
        and not locked["note"]
        and not locked["@title"]
    )
    assert free["@number"] and not free["@unit"] and not free["@title"]
    rules = {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}
    part = rules[f"{openpyxl.utils.get_column_letter(keys.index('part') + 1)}3"]
    assert part.type == "list" and part.formula1.startswith("INDIRECT(")
    offered = {name: value.attr_text for name, value in book.defined_names.items()}
    at = keys.index("part")
    lists = book["_lists"]
    place = offered[f"opt_{at}_1"].split("!")[1].replace("$", "")
    assert [row[0].value for row in lists[place]] == ["管道", "水泵", "说不清"]


@pytest.mark.parametrize("ending", ["csv", "xls"])
def test_a_sheet_saved_as_another_kind_is_matched_by_headings(fill: FillWorld, ending: str) -> None:
    lin, campaign = fill.actor("lin"), fill.world.campaign
    rows = [list(row) for row in fill.first.book.sheets[0].rows[1:8]]
    rows[1][[str(c) for c in fill.first.book.sheets[0].rows[0]].index("note")] = "另存之后改的"
    if ending == "csv":
        share = [str(c) for c in fill.first.book.sheets[0].rows[0]].index("share")
        for row in rows[1:]:  # a spreadsheet writes into a CSV what it shows
            row[share] = f"{row[share]:.1%}" if isinstance(row[share], float) else row[share]
        out = io.StringIO()
        csv.writer(out).writerows(rows)
        data = out.getvalue().encode("gb18030")
    else:
        book = xlwt.Workbook()
        page = book.add_sheet("Sheet1")
        style = xlwt.easyxf(num_format_str="yyyy-mm-dd")
        for line, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write(line, place, cell, style) if isinstance(cell, date) else page.write(
                    line, place, cell
                )
        binary = io.BytesIO()
        book.save(binary)
        data = binary.getvalue()
    found = plan(lin, campaign, fill.returned(data, f"表.{ending}"), fill.register)
    assert found.to_confirm and found.difference.problems == ()
    cells = {(row.number, cell.key): cell.comes for row in found.difference.rows for cell in row.cells}
    assert cells == {(numbers(fill)[0], "note"): "另存之后改的"}


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", b"", "空文件"),
        ("图.xlsx", b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "图片"),
        ("页.xls", b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        ("坏.xlsx", b"PK\x03\x04" + b"\0" * 40, "已损坏"),
        ("大.xlsx", b"PK" + b"\0" * (21 * 1024 * 1024), "20 MB"),
    ],
)
def test_files_that_are_no_workbook_are_refused_with_a_sentence(
    fill: FillWorld, name: str, data: bytes, said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        fill.returned(data, name)


def test_a_workbook_that_breaks_the_reader_costs_no_other_file(fill: FillWorld) -> None:
    """A zip that claims to hold a sheet and does not, then a good one, by the same process."""
    odd = io.BytesIO()
    with zipfile.ZipFile(odd, "w") as out:
        out.writestr("xl/workbook.xml", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>")
    with pytest.raises(BadInput):
        fill.returned(odd.getvalue(), "怪.xlsx")
    assert fill.returned(fill.given_out()).genuine
    process = fill.reader._process
    assert process is not None
    process.kill()
    process.wait()
    with pytest.raises(BadInput):
        fill.returned(fill.given_out())
    assert fill.returned(fill.given_out()).genuine
