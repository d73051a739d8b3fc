"""上级表样 in the browser: upload, map with what was recognised, look, save, export, also from the register's list."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.domain import clock
from guatu.domain.superior_form import mapping_from
from guatu.records.models import Job, SuperiorForm
from tests.form_books import SHEET, openpyxl_form, parts, xlsxwriter_form
from tests.people import World
from tests.web.conftest import Walk

FORMS = "/collection/forms/"
MOST = 12


def upload(client: Client, content: bytes, name: str = "附件2.xlsx", title: str = "月度表") -> Any:
    return client.post(FORMS, {"file": SimpleUploadedFile(name, content), "title": title})


def taken_in(client: Client, content: bytes) -> SuperiorForm:
    answer = upload(client, content)
    assert answer.status_code == 302, answer.content.decode()
    return SuperiorForm.objects.latest("pk")


def address(form: SuperiorForm, more: str = "") -> str:
    return f"{FORMS}{form.public_id}/{more}"


def as_shown(page: Any, **changed: str) -> dict[str, str]:
    """What a browser would send of the mapping page, with some of it changed."""
    shown = page.context["page"]
    given = {
        "version": str(shown.row.version),
        "was-sheet": shown.mapping.sheet,
        "was-kind": shown.mapping.kind,
        "was-register": shown.mapping.register,
        "sheet": shown.mapping.sheet,
        "kind": shown.mapping.kind,
        "register": shown.mapping.register,
        "level": shown.mapping.level,
        "first": str(shown.mapping.first),
        "last": str(shown.mapping.last),
        "filters": shown.filters,
        **{f"col-{one.column.letters}": one.chosen for one in shown.columns},
        **{f"row-{one.row}": one.value for one in shown.rows},
    }
    for one in shown.cells:
        source = next((key for key, _words, chosen in (*one.choices, *one.figures) if chosen), "")
        given |= {
            f"cell-{one.nth}-at": one.at,
            f"cell-{one.nth}-source": source,
            f"cell-{one.nth}-before": one.before,
            f"cell-{one.nth}-after": one.after,
            f"cell-{one.nth}-unit": one.unit,
            f"cell-{one.nth}-text": one.text,
        }
    return {**given, **changed}


@pytest.fixture
def filed(world: World) -> World:
    for unit, on in (("F1", 3), ("F2", 4), ("Y3", 5)):
        world.problem(unit, date(2023, 11, on))
    return world


def test_without_forms_the_page_says_what_to_do(walk: Walk) -> None:
    office, filler = walk("lin").get(FORMS).content.decode(), walk("lu").get(FORMS).content.decode()
    assert "还没有上级表样" in office and "上传表样" in office
    assert "由办公室或联络员上传" in filler and "上传表样" not in filler


def test_a_form_is_uploaded_understood_mapped_and_exported(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    page = client.get(address(form))
    text = page.content.decode()
    assert "填好的样子（按识别结果试填）" in text and "按上级表样导出" not in text
    chosen = {one.column.letters: one.chosen for one in page.context["page"].columns}
    assert chosen == {
        "A": "seq",
        "B": "unit",
        "C": "number",
        "D": "",
        "E": "found_on",
        "F": "due",
        "G": "state",
        "H": "",
    }
    saved = client.post(address(form), as_shown(page, **{"col-D": "title", "do": "save"}))
    assert saved.status_code == 302
    form.refresh_from_db()
    mapping = mapping_from(form.mapping)
    assert mapping is not None
    assert (form.register, mapping.first, mapping.last, dict(mapping.columns)["D"]) == (
        "problems",
        6,
        17,
        "title",
    )
    answer = client.get(address(form, "file/"))
    assert answer["Content-Disposition"].endswith("20231130.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content))[SHEET]
    assert [sheet[f"D{row}"].value for row in (6, 8, 9)] == ["食堂排队时间长", "食堂排队时间长", None]
    assert sheet["B2"].value == "华岳集团"
    assert Job.objects.filter(kind="export", title__contains="月度表").count() == 1
    assert parts(answer.content)["xl/styles.xml"] == parts(openpyxl_form())["xl/styles.xml"]


def test_a_form_is_recognised_alike_in_every_language_of_its_reader(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    chinese = client.get(address(form)).context["page"]
    client.cookies["django_language"] = "en"
    english = client.get(address(form))
    assert "How it looks filled" in english.content.decode()
    shown = english.context["page"]
    assert shown.mapping == chinese.mapping
    assert [len(one.near) for one in shown.columns] == [len(one.near) for one in chinese.columns]


def test_another_register_is_recognised_anew_and_nothing_is_saved_by_looking(
    walk: Walk, filed: World
) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    page = client.get(address(form))
    looked = client.post(address(form), as_shown(page, register="visits", do="preview"))
    assert looked.status_code == 200
    shown = looked.context["page"]
    assert (shown.mapping.register, shown.row.version) == ("visits", 1)
    assert {one.column.letters: one.chosen for one in shown.columns}["E"] == ""
    form.refresh_from_db()
    assert form.mapping == {}


def test_figures_by_unit_and_single_cells(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, xlsxwriter_form())
    page = client.post(address(form), as_shown(client.get(address(form)), kind="units", do="preview"))
    more = {
        "level": "second",
        "col-C": "figure:issues_total",
        "cell-2-at": "f2",
        "cell-2-source": "figure:issues_total",
        "cell-2-unit": "一厂",
        "do": "save",
    }
    assert client.post(address(form), as_shown(page, **more)).status_code == 302
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address(form, "file/")).content))[SHEET]
    assert [[sheet.cell(row, n).value for n in (1, 2, 3)] for row in (5, 6)] == [
        [1, "甲公司", 2],
        [2, "乙公司", 1],
    ]
    assert (sheet["F2"].value, sheet["A2"].value) == (1, "填报单位：华岳集团")
    assert sheet["E2"].value == "（截至2023年11月30日）"


def test_a_form_that_names_units_is_matched_by_name_and_near_misses_are_asked(
    walk: Walk, filed: World
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsxwriter_form()))
    for row, name in ((5, "乙公司"), (6, "甲公司"), (7, "甲公")):
        book[SHEET][f"B{row}"] = name
    out = io.BytesIO()
    book.save(out)
    client = walk("lin")
    form = taken_in(client, out.getvalue())
    page = client.get(address(form))
    shown = page.context["page"]
    assert shown.mapping.kind == "units"
    assert shown.mapping.units == ((5, "YI"), (6, "JIA"))
    assert [one.near for one in shown.rows] == [(), (), ("甲公司",)]
    assert [cell.text for cell in shown.small.rows[1].cells if cell.ours] == [
        "填报单位：华岳集团",
        "（截至2023年11月30日）",
    ]
    asked = as_shown(page, **{"col-C": "figure:issues_total", "do": "save"})
    refused = client.post(address(form), asked)
    assert refused.status_code == 422
    assert "“甲公”可能是：甲公司。请选定一家。" in refused.content.decode()
    assert client.post(address(form), {**asked, "row-7": ""}).status_code == 302
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address(form, "file/")).content))[SHEET]
    assert [(sheet[f"B{row}"].value, sheet[f"C{row}"].value) for row in (5, 6, 7)] == [
        ("乙公司", 1),
        ("甲公司", 2),
        ("甲公", None),
    ]


def test_units_are_found_by_what_is_printed_where_the_heading_is_none_of_the_usual(
    walk: Walk, filed: World
) -> None:
    book = openpyxl.load_workbook(io.BytesIO(xlsxwriter_form()))
    sheet = book[SHEET]
    heading = next(
        cell for row in sheet.iter_rows(max_row=4) for cell in row if cell.value == sheet["B4"].value
    )
    heading.value = "所属二级公司名称"
    for row, name in ((5, "乙公司"), (6, "甲公司")):
        sheet[f"B{row}"] = name
    out = io.BytesIO()
    book.save(out)
    client = walk("lin")
    form = taken_in(client, out.getvalue())
    mapping = client.get(address(form)).context["page"].mapping
    assert mapping.kind == "units"
    assert mapping.units == ((5, "YI"), (6, "JIA")), "by name, not by the order of our own list"


def test_filters_are_pasted_as_a_lists_address(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    filters = "http://127.0.0.1:8000/registers/problems/?unit=JIA&phase=open&sort=-number&page=1"
    asked = as_shown(client.get(address(form)), filters=filters, do="save")
    assert client.post(address(form), asked).status_code == 302
    form.refresh_from_db()
    mapping = mapping_from(form.mapping)
    assert mapping is not None
    assert (mapping.filters, mapping.sort) == ({"unit": "JIA", "phases": ["open"]}, "-number")
    assert client.get(address(form)).context["page"].filters == "unit=JIA&sort=-number&phase=open"
    wrong = as_shown(client.get(address(form)), filters="?due_to=年底", do="save")
    refused = client.post(address(form), wrong)
    assert refused.status_code == 422
    assert "“年底”不是日期" in refused.content.decode()
    assert 'value="?due_to=年底"' in refused.content.decode()


def test_what_cannot_be_read_is_said_and_stays_as_typed(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    wrong = {"first": "六", "cell-2-at": "甲9", "cell-2-source": "day", "do": "save"}
    refused = client.post(address(form), as_shown(client.get(address(form)), **wrong))
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "“六”不是行号" in text and "“甲9”不是单元格" in text and 'value="甲9"' in text
    form.refresh_from_db()
    assert form.mapping == {}


def test_a_cell_with_a_formula_cannot_be_saved(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    asked = as_shown(client.get(address(form)), **{"cell-2-at": "C18", "cell-2-source": "day", "do": "save"})
    refused = client.post(address(form), asked)
    assert refused.status_code == 422
    assert "C18 是公式" in refused.content.decode()


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        (b"", "a.xlsx", "没有选择文件|是空文件"),
        (b"PK\x03\x04x", "a.xlsx", "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "a.xls", "另存为 .xlsx"),
        ("单位,数".encode(), "a.xlsx", "不是 Excel 文件"),
    ],
)
def test_a_file_that_is_no_form_is_refused_and_the_title_stays(
    walk: Walk, content: bytes, name: str, sentence: str
) -> None:
    answer = upload(walk("lin"), content, name, "二季度表")
    text = answer.content.decode()
    assert answer.status_code == 422
    assert any(one in text for one in sentence.split("|"))
    assert 'value="二季度表"' in text
    assert not SuperiorForm.objects.exists()


def test_a_register_offers_its_forms_beside_excel_with_the_filters_of_the_page(
    walk: Walk, filed: World
) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    asked = as_shown(client.get(address(form)), do="save")
    assert "按上级表样导出：月度表" not in client.get(reverse("list", args=["problems"])).content.decode()
    client.post(address(form), asked)
    text = client.get(reverse("list", args=["problems"]) + "?unit=YI").content.decode()
    assert "按上级表样导出：月度表" in text
    assert f"{address(form, 'file/')}?unit=YI" in text
    assert "月度表" not in client.get(reverse("list", args=["visits"])).content.decode()
    content = client.get(address(form, "file/") + "?unit=YI").content
    sheet = openpyxl.load_workbook(io.BytesIO(content))[SHEET]
    assert [sheet[f"B{row}"].value for row in (6, 7)] == ["三院", None]


def test_everybody_with_a_post_exports_only_what_is_in_sight(walk: Walk, filed: World) -> None:
    office = walk("lin")
    form = taken_in(office, openpyxl_form())
    office.post(address(form), as_shown(office.get(address(form)), do="save"))
    for who, unit in (("lu", "一厂"), ("ji", "三院")):
        client = walk(who)
        page = client.get(address(form))
        assert page.status_code == 200
        assert "保存对应关系" not in page.content.decode()
        assert client.post(address(form), {"do": "save"}).status_code == 403
        sheet = openpyxl.load_workbook(io.BytesIO(client.get(address(form, "file/")).content))[SHEET]
        assert [sheet[f"B{row}"].value for row in (6, 7)] == [unit, None]
        assert client.get(address(form, "original/")).getvalue() == openpyxl_form_bytes(form)
    for who in ("guest", "root"):
        for more in ("", "file/", "original/"):
            assert walk(who).get(address(form, more)).status_code == 403
    assert Client().get(address(form)).status_code == 302
    assert office.get(f"{FORMS}{uuid4()}/").status_code == 404


def openpyxl_form_bytes(form: SuperiorForm) -> bytes:
    from guatu.records import files

    with files.opened(form.file) as content:
        return content.read()


def test_a_form_is_put_out_of_use_with_a_reason(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    refused = client.post(address(form), {"do": "withdraw", "reason": " "})
    assert (refused.status_code, "没有写明停用的原因" in refused.content.decode()) == (422, True)
    assert client.post(address(form), {"do": "withdraw", "reason": "已换新表"}).status_code == 302
    assert client.get(address(form)).status_code == 404
    assert "还没有上级表样" in client.get(FORMS).content.decode()


def test_a_past_day_is_shown_and_exported_and_nothing_is_changed(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    client.post(address(form), as_shown(client.get(address(form)), do="save"))
    past = "?as_of=2023-11-03"
    page = client.get(address(form) + past).content.decode()
    assert "保存对应关系" not in page and "2023-11-03" in page
    assert client.post(address(form) + past, {"do": "save"}).status_code == 409
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address(form, "file/") + past).content))[SHEET]
    assert [sheet[f"A{row}"].value for row in (6, 7)] == [1, None]


def test_the_pages_ask_few_statements(walk: Walk, filed: World) -> None:
    client = walk("lin")
    form = taken_in(client, openpyxl_form())
    client.post(address(form), as_shown(client.get(address(form)), do="save"))
    found = {}
    for where in (FORMS, address(form), reverse("list", args=["problems"])):
        client.get(where)
        with CaptureQueriesContext(connection) as queries, clock.fixed(date(2023, 11, 30)):
            assert client.get(where).status_code == 200
        found[where] = len(queries)
    assert max(found.values()) <= MOST, found
