"""按上级表样导出: rows in sight and figures as of a day, poured into the form that was mapped once."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.utils.translation import override

from guatu.actions.jobs import perform, start_job
from guatu.actions.superior_forms import map_form
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.said import Said
from guatu.domain.superior_form import CellSource, FormMapping, as_json, mapping_from
from guatu.exchange.exporters import HandedOut, export
from guatu.exchange.superior_form import filled, kept_form, looked_at
from guatu.records import files
from guatu.records.models import Job, SuperiorForm
from tests.actions.form_calls import kept
from tests.form_books import SHEET, openpyxl_form, parts, xlsxwriter_form
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)
LIST = FormMapping(
    SHEET,
    "list",
    register="problems",
    sort="number",
    first=6,
    last=17,
    columns=(
        *(("A", "seq"), ("B", "company"), ("C", "number"), ("D", "title")),
        *(("E", "found_on"), ("F", "due"), ("G", "state")),
    ),
    cells=(CellSource("B2", "unit"), CellSource("G2", "day")),
)
UNITS = FormMapping(
    SHEET,
    "units",
    level="second",
    first=5,
    last=14,
    columns=(("A", "seq"), ("B", "unit"), ("C", "figure:issues_total"), ("D", "figure:issues_rate")),
    cells=(
        CellSource("A2", "unit", before="填报单位："),
        CellSource("E2", "day", before="（截至", after="）"),
        CellSource("F2", "figure", key="issues_total", unit="JIA"),
        CellSource("F3", "text", text="=初稿"),
        CellSource("E3", "campaign"),
        CellSource("D3", "made"),
    ),
)


@pytest.fixture
def world() -> Iterator[World]:
    found = small_world()
    for unit, on in (("F1", 3), ("F1", 4), ("F2", 4), ("Y3", 5)):
        found.problem(unit, date(2023, 11, on))
    with clock.fixed(DAY):
        yield found


def mapped(world: World, mapping: FormMapping, content: bytes, who: str = "lin") -> SuperiorForm:
    form = kept(world, who, content, title=f"表样{SuperiorForm.objects.count()}")
    return map_form(world.actor(who), campaign=world.campaign, form=form.public_id, mapping=mapping)


def exported(world: World, form: SuperiorForm, who: str = "lin", day: date = DAY, **params: Any) -> Any:
    made = export(
        world.actor(who),
        kind="superior_form",
        form="xlsx",
        params={"superior_form": str(form.public_id), **params},
        campaign=world.campaign,
        day=day,
    )
    assert isinstance(made, HandedOut)
    return made.content


def sheet(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[SHEET]


def column(content: bytes, letter: str, first: int, last: int) -> list[Any]:
    found = sheet(content)
    return [found[f"{letter}{row}"].value for row in range(first, last + 1)]


def test_a_register_is_poured_row_by_row_and_the_foot_stays(world: World) -> None:
    content = exported(world, mapped(world, LIST, openpyxl_form()))
    found = sheet(content)
    assert column(content, "A", 6, 10) == [1, 2, 3, 4, None]
    assert column(content, "B", 6, 9) == ["甲公司", "甲公司", "甲公司", "乙公司"]
    assert column(content, "D", 6, 6) == ["食堂排队时间长"]
    assert found["E6"].value.date() == date(2023, 11, 3)
    assert found["F6"].value.date() == date(2023, 12, 20)
    assert (found["B2"].value, found["G2"].value.date()) == ("华岳集团", DAY)
    assert (found["A18"].value, found["C18"].value) == ("合计", "=COUNTA(C6:C17)")
    assert found["A20"].value.startswith("单位负责人：")


def test_every_part_of_the_form_but_its_sheet_goes_out_as_it_came_in(world: World) -> None:
    before = openpyxl_form()
    old, new = parts(before), parts(exported(world, mapped(world, LIST, before)))
    assert [name for name in old if old[name] != new.get(name)] == ["xl/worksheets/sheet1.xml"]
    assert list(old) == list(new)


def test_only_rows_in_scope_come_out_and_the_preview_says_how_many_do_not(world: World) -> None:
    form = mapped(world, LIST, openpyxl_form())
    assert column(exported(world, form, "zhou"), "B", 6, 9) == ["甲公司"] * 3 + [None]
    assert column(exported(world, form, "ji"), "B", 6, 7) == ["乙公司", None]
    filling = filled(world.actor("zhou"), world.campaign, LIST, DAY, kept_form(form), most=3)
    assert (filling.rows, filling.outside) == (3, 1)


def test_the_day_shown_decides(world: World) -> None:
    form = mapped(world, LIST, openpyxl_form())
    content = exported(world, form, day=date(2023, 11, 3))
    assert column(content, "A", 6, 7) == [1, None]
    assert sheet(content)["G2"].value.date() == date(2023, 11, 3)


def test_rows_that_the_form_held_before_do_not_stay_below_ours(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(openpyxl_form()))
    for row in range(6, 18):
        book[SHEET][f"D{row}"], book[SHEET][f"H{row}"] = "上月的问题", "上月备注"
    out = io.BytesIO()
    book.save(out)
    content = exported(world, mapped(world, LIST, out.getvalue()))
    assert column(content, "D", 9, 17) == ["食堂排队时间长", *[None] * 8]
    assert column(content, "H", 17, 17) == ["上月备注"]  # a column that is not ours


def test_too_few_rows_above_a_foot_are_refused_with_both_numbers(world: World) -> None:
    form = mapped(world, replace(LIST, last=8), openpyxl_form())
    with pytest.raises(BadInput, match=r"表样只留了 3 行，共 4 行。第 18 行起还有内容"):
        exported(world, form)
    short = filled(
        world.actor("lin"), world.campaign, replace(LIST, last=8), DAY, kept_form(form), most=3
    ).short
    assert "表样只留了 3 行，共 4 行" in short


def test_rows_are_added_below_only_where_the_mapping_says_so(world: World) -> None:
    narrow = FormMapping(
        SHEET, "list", register="problems", sort="number", first=5, last=6, columns=(("A", "seq"),)
    )
    with pytest.raises(BadInput, match=r"共 4 行。请在对应关系中勾选“行数不够时在下方续行”"):
        exported(world, mapped(world, narrow, xlsxwriter_form()))
    grown = exported(world, mapped(world, replace(narrow, grows=True), xlsxwriter_form()))
    assert column(grown, "A", 5, 9) == [1, 2, 3, 4, None]


def test_rows_cannot_be_added_where_something_stands_below(world: World) -> None:
    form = mapped(world, replace(LIST, grows=True), openpyxl_form())
    with pytest.raises(BadInput, match="第 18 行起还有内容"):
        exported(world, form)


def test_data_rows_cannot_reach_into_the_foot(world: World) -> None:
    form = mapped(world, replace(LIST, last=18, columns=(("A", "seq"),)), openpyxl_form())
    with pytest.raises(BadInput, match="数据行最多到第 17 行"):
        exported(world, form)


def test_a_column_of_formulas_cannot_be_mapped(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(openpyxl_form()))
    book[SHEET]["D6"] = "=B6"
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(BadInput, match="D6 是公式"):
        exported(world, mapped(world, LIST, out.getvalue()))


def test_units_are_rows_and_figures_columns(world: World) -> None:
    content = exported(world, mapped(world, UNITS, xlsxwriter_form()))
    found = sheet(content)
    assert [[found.cell(row, n).value for n in range(1, 5)] for row in (5, 6, 7)] == [
        [1, "甲公司", 3, 0],
        [2, "乙公司", 1, 0],
        [None, None, None, None],
    ]
    assert found["A2"].value == "填报单位：华岳集团"
    assert found["E2"].value == "（截至2023年11月6日）"
    assert (found["F2"].value, found["F3"].value, found["F3"].data_type) == (3, "=初稿", "s")
    assert found["E3"].value == world.campaign.name
    assert found["D3"].value == "2023-11-06"


def test_a_form_that_names_its_units_gets_their_figures_in_its_own_order(world: World) -> None:
    named = replace(
        UNITS,
        level="",
        first=5,
        last=7,
        columns=(("C", "figure:issues_total"),),
        units=((5, "YI"), (7, "F1")),
        cells=(),
    )
    content = exported(world, mapped(world, named, xlsxwriter_form()))
    assert column(content, "C", 5, 7) == [1, None, 2]
    assert column(content, "B", 5, 7) == [None, None, None]


def test_the_row_of_a_unit_out_of_sight_does_not_keep_last_months_number(world: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsxwriter_form()))
    book[SHEET]["C5"], book[SHEET]["C6"] = 99, 99
    out = io.BytesIO()
    book.save(out)
    named = FormMapping(
        SHEET,
        "units",
        first=5,
        last=6,
        columns=(("C", "figure:issues_total"),),
        units=((5, "YI"), (6, "JIA")),
    )
    form = mapped(world, named, out.getvalue())
    assert column(exported(world, form, "zhou"), "C", 5, 6) == [None, 3]


def test_units_out_of_sight_are_not_named(world: World) -> None:
    own = replace(UNITS, cells=())
    content = exported(world, mapped(world, own, xlsxwriter_form()), "zhou")
    assert column(content, "B", 5, 6) == ["甲公司", None]
    with pytest.raises(NotFound):
        exported(world, mapped(world, UNITS, xlsxwriter_form()), "he")


def test_the_filters_of_the_form_narrow_the_rows_and_those_of_a_list_page_come_before_them(
    world: World,
) -> None:
    form = mapped(world, replace(LIST, filters={"unit": "F1"}), openpyxl_form())
    assert column(exported(world, form), "A", 6, 9) == [1, 2, None, None]
    assert column(exported(world, form, filters={"unit": "YI"}), "B", 6, 7) == ["乙公司", None]


def test_the_form_is_filled_in_the_language_of_the_house(world: World) -> None:
    form = mapped(world, LIST, openpyxl_form())
    with override("en"):
        content = exported(world, form)
    assert column(content, "G", 6, 6) == ["待整改"]


def test_a_job_makes_the_same_file_as_a_direct_answer(world: World) -> None:
    form = mapped(world, LIST, openpyxl_form())
    params = {"kind": "superior_form", "form": "xlsx", "superior_form": str(form.public_id)}
    job = start_job(
        world.actor("lin"), kind="export", title=Said("表"), params=params, campaign=world.campaign, as_of=DAY
    )
    perform(str(job.public_id), every=0)
    job.refresh_from_db()
    assert (job.state, job.message) == (Job.State.DONE, "")
    with files.opened(job.file) as content:
        assert parts(content.read()) == parts(exported(world, form))


def test_an_export_is_kept_in_the_log(world: World) -> None:
    form = mapped(world, LIST, openpyxl_form())
    exported(world, form, "zhou")
    job = Job.objects.latest("pk")
    assert (job.kind, job.as_of, form.title in job.title) == ("export", DAY, True)


def test_a_form_without_a_mapping_is_not_exported(world: World) -> None:
    with pytest.raises(BadInput, match="还没有建立对应关系"):
        exported(world, kept(world))


def test_a_mapping_is_the_same_after_it_was_kept() -> None:
    for mapping in (LIST, UNITS, replace(UNITS, units=((5, "YI"),), filters={"states": ["open"]})):
        assert mapping_from(json.loads(json.dumps(as_json(mapping)))) == mapping
    assert mapping_from({}) is None


def test_a_form_is_understood_from_its_bytes() -> None:
    seen = looked_at(openpyxl_form(), "附件2.xlsx")
    shape = seen.shapes[SHEET]
    assert (shape.top, shape.first, shape.last, shape.below) == (4, 6, 17, 18)
    assert shape.columns[5].heading == "整改情况 / 时限"
    assert looked_at(xlsxwriter_form(), "a.xlsx").shapes[SHEET].stuck == ""
