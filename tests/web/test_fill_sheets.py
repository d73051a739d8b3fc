"""填报表 in the browser: download, hand in, look at every cell, decide, apply once; many in one drop."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.items import Edit, edit_items
from guatu.actions.jobs import perform
from guatu.domain import clock
from guatu.records.models import Batch, Item, Job
from tests.people import World
from tests.web.conftest import DAY, Walk

MOST = 12


@pytest.fixture
def problems(world: World) -> list[Item]:
    """Three problems of 一厂 and one of 三院."""
    made = [world.problem("F1", date(2023, 11, 6)) for _n in range(3)]
    return [*made, world.problem("Y3", date(2023, 11, 6))]


def given_out(client: Client, form: str = "xlsx") -> bytes:
    answer = client.get(reverse("fill-file", args=["problems", form]))
    assert answer.status_code == 200
    return answer.content


def filled(content: bytes, cells: dict[tuple[int, str], Any]) -> bytes:
    """The workbook with cells typed into it by another program: (row, column key) → value."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    keys = [cell.value for cell in sheet[1]]
    for (row, key), value in cells.items():
        sheet.cell(row, keys.index(key) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hand_in(client: Client, *contents: bytes, name: str = "填报表.xlsx") -> Any:
    files = [
        SimpleUploadedFile(name if place == 0 else f"{place}_{name}", content)
        for place, content in enumerate(contents)
    ]
    return client.post(reverse("fill", args=["problems"]), {"file": files})


def test_the_list_offers_the_workbook_to_those_who_fill(walk: Walk, problems: list[Item]) -> None:
    lists = reverse("list", args=["problems"])
    mine = walk("lu").get(lists).content.decode()
    assert "下载填报表" in mine and "上传填好的表" in mine
    assert "下载填报表" not in walk("gu").get(lists).content.decode()


def test_a_workbook_goes_out_comes_back_and_is_applied_once(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    content = given_out(lu)
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    assert sheet.protection.sheet and sheet.row_dimensions[1].hidden
    assert book["_guatu"].sheet_state == "veryHidden" and book["_lists"].sheet_state == "hidden"
    assert "填表说明" in book.sheetnames
    answer = hand_in(lu, filled(content, {(3, "cause"): "窗口少", (6, "@title"): "路灯不亮", **NEW}))
    assert answer.status_code == 302
    page = lu.get(answer["Location"])
    text = page.content.decode()
    assert "窗口少" in text and "路灯不亮" in text and "确认导入" in text
    done = lu.post(answer["Location"], {"do": "apply"}, follow=True)
    assert "已导入：新增 1 项，修改 1 项。" in done.content.decode()
    assert Item.objects.get(pk=problems[0].pk).data["cause"] == "窗口少"
    assert Item.objects.latest("pk").title == "路灯不亮"
    assert Batch.objects.latest("seq").reason == "导入填报表“填报表.xlsx”"
    gone = lu.get(answer["Location"])
    assert gone.status_code == 404


NEW: dict[tuple[int, str], Any] = {
    (6, "category"): "民生",
    (6, "source"): "调研发现",
    (6, "found_on"): "2023.11.5",
    (6, "@due"): "2023年12月5日",
}


def test_one_thing_has_one_name_in_the_list_the_form_and_the_sheet(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    sheet = openpyxl.load_workbook(io.BytesIO(given_out(lu))).worksheets[0]
    heads = {
        str(sheet.cell(1, at).value): str(sheet.cell(2, at).value) for at in range(1, sheet.max_column + 1)
    }
    shown = lu.get(reverse("list", args=["problems"])).content.decode()
    form = lu.get(reverse("new", args=["problems"])).content.decode()
    for key in ("@title", "@unit"):
        word = heads[key].rstrip(" *")
        assert f">{word}<" in shown.replace("\n", ""), word
        assert word in form


def test_the_same_file_again_says_who_applied_it(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    back = filled(given_out(lu), {(3, "cause"): "窗口少"})
    lu.post(hand_in(lu, back)["Location"], {"do": "apply"})
    before = Batch.objects.count()
    page = lu.get(hand_in(lu, back)["Location"])
    assert "这份文件已由陆文博于" in page.content.decode()
    assert "确认导入" not in page.content.decode()
    assert Batch.objects.count() == before


def test_a_conflict_shows_both_values_and_asks_which_to_keep(
    world: World, walk: Walk, problems: list[Item]
) -> None:
    lu = walk("lu")
    back = filled(given_out(lu), {(3, "cause"): "窗口少"})
    edits = [Edit(problems[0].pk, {"cause": "人手不足"})]
    edit_items(world.actor("lin"), campaign=world.campaign, edits=edits)
    address = hand_in(lu, back)["Location"]
    text = lu.get(address).content.decode()
    assert "第 3 行“原因分析”已由林晓岚于" in text and "请选择保留哪一项。" in text
    assert "窗口少" in text and "人手不足" in text
    refused = lu.post(address, {"do": "apply"})
    assert refused.status_code == 422 and "请选择保留哪一项。" in refused.content.decode()
    assert Item.objects.get(pk=problems[0].pk).data["cause"] == "人手不足"
    done = lu.post(address, {"do": "apply", "keep-3-cause": "mine"})
    assert done.status_code == 302
    assert Item.objects.get(pk=problems[0].pk).data["cause"] == "窗口少"


def test_errors_are_named_with_row_column_value_and_rule_and_nothing_is_written(
    walk: Walk, problems: list[Item]
) -> None:
    lu = walk("lu")
    before = Batch.objects.count()
    page = lu.get(
        hand_in(lu, filled(given_out(lu), {(3, "found_on"): "年底前", (4, "cause"): "好的"}))["Location"]
    )
    text = page.content.decode()
    assert "第 3 行“发现日期”填的是“年底前”，无法识别为日期。" in text
    assert "确认导入" not in text and "重新上传" in text
    assert Batch.objects.count() == before


def test_due_days_need_a_reason_and_what_was_typed_stays(walk: Walk, problems: list[Item]) -> None:
    lin = walk("lin")
    address = hand_in(lin, filled(given_out(lin), {(3, "@due"): date(2023, 12, 31)}))["Location"]
    assert "请写明依据" in lin.get(address).content.decode()
    refused = lin.post(address, {"do": "apply", "due_kind": "adjustment", "document": "〔2023〕9号"})
    assert refused.status_code == 422 and "〔2023〕9号" in refused.content.decode()
    lin.post(address, {"do": "apply", "due_kind": "entry", "reason": "录入时写错"})
    assert Item.objects.get(pk=problems[0].pk).due == date(2023, 12, 31)


def test_a_file_that_is_no_workbook_is_refused_with_a_sentence(walk: Walk, problems: list[Item]) -> None:
    answer = hand_in(walk("lu"), b"PK\x03\x04 broken", name="表.xlsx")
    assert answer.status_code == 422
    assert "已损坏" in answer.content.decode() or "压缩包" in answer.content.decode()
    empty = walk("lu").post(reverse("fill", args=["problems"]), {})
    assert empty.status_code == 422 and "没有选择文件" in empty.content.decode()


def test_nobody_opens_what_another_has_uploaded(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    address = hand_in(lu, filled(given_out(lu), {(3, "cause"): "窗口少"}))["Location"]
    assert walk("lin").get(address).status_code == 404


def test_a_page_takes_few_statements(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    address = hand_in(lu, filled(given_out(lu), {(3, "cause"): "窗口少", (6, "@title"): "路灯", **NEW}))[
        "Location"
    ]
    for one in (address, reverse("fill", args=["problems"])):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert lu.get(one).status_code == 200
        assert len(asked) <= MOST, [query["sql"][:120] for query in asked]


def test_the_page_offers_a_part_for_every_kind_of_file(walk: Walk, problems: list[Item]) -> None:
    lin = walk("lin")
    text = lin.get(reverse("fill", args=["problems"])).content.decode()
    assert 'name="unit"' in text and 'name="state"' in text
    for form in ("xlsx", "books", "offline", "offlines"):
        assert f'formaction="{reverse("fill-file", args=["problems", form])}"' in text
    one = lin.get(reverse("fill-file", args=["problems", "offline"]), {"unit": "Y3"}).content.decode()
    assert problems[3].number in one and problems[0].number not in one
    every = lin.get(reverse("fill-file", args=["problems", "offline"])).content.decode()
    assert problems[3].number in every and problems[0].number in every


def test_offline_forms_go_out_one_for_each_unit(walk: Walk, problems: list[Item]) -> None:
    lin = walk("lin")
    assert lin.get(reverse("fill-file", args=["problems", "offlines"])).status_code == 302
    job = Job.objects.latest("pk")
    with clock.fixed(DAY):
        perform(str(job.public_id))
    out = b"".join(lin.get(reverse("job_file", args=[job.public_id])).streaming_content)
    with zipfile.ZipFile(io.BytesIO(out)) as folder:
        pages = {name.partition("_")[0]: folder.read(name).decode() for name in folder.namelist()}
        assert all(name.endswith(".html") for name in folder.namelist())
    assert problems[3].number in pages["Y3"] and problems[0].number not in pages["Y3"]
    assert problems[0].number in pages["F1"] and problems[3].number not in pages["F1"]


def test_many_workbooks_in_one_drop_are_judged_one_by_one(walk: Walk, problems: list[Item]) -> None:
    """One for each unit goes out; they come back in a zip with a broken one and one that holds a mistake."""
    lin = walk("lin")
    answer = lin.get(reverse("fill-file", args=["problems", "books"]))
    assert answer.status_code == 302  # made in the background
    job = Job.objects.latest("pk")
    with clock.fixed(DAY):
        perform(str(job.public_id))
    out = b"".join(lin.get(reverse("job_file", args=[job.public_id])).streaming_content)
    books = {
        info.filename: zipfile.ZipFile(io.BytesIO(out)).read(info)
        for info in zipfile.ZipFile(io.BytesIO(out)).infolist()
    }
    [of_f1] = [name for name in books if name.startswith("F1_")]
    [of_y3] = [name for name in books if name.startswith("Y3_")]
    drop = io.BytesIO()
    with zipfile.ZipFile(drop, "w") as folder:
        folder.writestr(of_f1, filled(books[of_f1], {(3, "cause"): "窗口少", (4, "cause"): "人手不足"}))
        folder.writestr(of_y3, filled(books[of_y3], {(3, "found_on"): "年底前"}))
        folder.writestr("二厂.xlsx", b"not a workbook at all")
        folder.writestr("__MACOSX/._x", b"noise")
    address = lin.post(
        reverse("fill", args=["problems"]), {"file": [SimpleUploadedFile("回收.zip", drop.getvalue())]}
    )["Location"]
    job = Job.objects.latest("pk")
    assert lin.get(address).status_code == 200
    with clock.fixed(DAY):
        perform(str(job.public_id))
    job.refresh_from_db()
    assert job.message == "共 3 份：已导入 1 份，没有变化或此前已导入 0 份，没有导入 2 份。"
    assert [Item.objects.get(pk=one.pk).data.get("cause") for one in problems] == [
        "窗口少",
        "人手不足",
        None,
        None,
    ]
    text = lin.get(address).content.decode()
    assert (
        "二厂.xlsx" in text
        and "第 3 行“发现日期”填的是“年底前”" in text
        and "请填表单位改好后重新上传。" in text
    )


def test_several_files_chosen_at_once_are_a_drop_too(walk: Walk, problems: list[Item]) -> None:
    lu = walk("lu")
    content = given_out(lu)
    answer = hand_in(lu, filled(content, {(3, "cause"): "窗口少"}), content)
    assert "/fill/drop/" in answer["Location"]
    with clock.fixed(DAY):
        perform(str(Job.objects.latest("pk").public_id))
    assert Item.objects.get(pk=problems[0].pk).data["cause"] == "窗口少"
