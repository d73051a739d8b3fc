"""Any workbook becomes a register: upload, what was understood, changes, confirmation; nothing is lost on the way."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.actions.jobs import perform
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, Item, Job, PackVersion
from guatu.records.packs import pack_of
from guatu.web.workbooks import views
from tests.people import World
from tests.sheets import xlsx
from tests.ten_workbooks import WORKBOOKS
from tests.web.conftest import Walk

pytestmark = pytest.mark.django_db
MOST = 12
HEAD = ("单位", "事项", "日期", "金额（万元）")
ROWS = (
    ("一厂", "更换灯具", "2023.11.5", "1.5"),
    ("二厂", "修缮厂房", "2023年11月6日", 12),
    ("三院", "采购设备", "2023/11/7", "3万元"),
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """Uploads are kept in a folder of the test."""
    settings.GUATU_HOME = tmp_path
    return tmp_path


def upload(client: Client, data: bytes, name: str = "台账.xlsx") -> Any:
    """Hand a workbook in."""
    return client.post(reverse("workbook-new"), {"file": SimpleUploadedFile(name, data)})


def uploaded(client: Client, data: bytes, name: str = "台账.xlsx") -> str:
    """Hand a workbook in; the address of what was understood."""
    answer = upload(client, data, name)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def form_of(page: Any) -> dict[str, Any]:
    """What a browser would send if nothing was changed on the page."""
    proposal = page.proposal
    form: dict[str, Any] = {"label": proposal.label, "column": [], "one_unit": page.one_unit}
    for shown in page.columns:
        column = shown.column
        if column.serial:
            continue
        form["column"].append(column.at)
        form[f"label-{column.at}"], form[f"type-{column.at}"] = column.label, column.type
        form |= {f"take-{column.at}": "1"} if column.taken else {}
        form |= {f"private-{column.at}": "1"} if column.private else {}
    for name, _words, _none, choices in page.parts:
        form[name] = next((at for at, _label, chosen in choices if chosen), -1)
    if page.names:
        form["names"] = len(page.names)
        form |= {f"name-{number}": one.text for number, one, _other in page.names}
        form |= {f"unit-{number}": one.chosen for number, one, _other in page.names}
    return form


def press(client: Client, address: str, do: str = "make", **changes: Any) -> Any:
    """Send the form of the page with some changes."""
    form = form_of(client.get(address).context["page"])
    return client.post(address, {**form, **changes, "do": do})


def grown() -> Campaign:
    return Campaign.objects.select_related("pack").get()


def test_a_plain_workbook_is_a_register_after_two_clicks(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    page = client.get(address)
    assert "导入 3 行" in page.content.decode()
    done = press(client, address)
    assert done.status_code == 302
    text = client.get(done["Location"]).content.decode()
    assert "已新建清单“台账”，导入 3 行。" in text
    register = pack_of(grown()).register("sheet_1")
    assert [(field.label, field.type) for field in register.fields] == [
        ("日期", "date"),
        ("金额(万元)", "money"),
    ]
    items = list(Item.objects.filter(register="sheet_1").select_related("unit").order_by("pk"))
    assert [(item.unit.code, item.title, item.data) for item in items] == [
        ("F1", "更换灯具", {"c3": "2023-11-05", "c4": "15000"}),
        ("F2", "修缮厂房", {"c3": "2023-11-06", "c4": "120000"}),
        ("Y3", "采购设备", {"c3": "2023-11-07", "c4": "30000"}),
    ]
    listed = client.get(reverse("list", args=["sheet_1"])).content.decode()
    assert "更换灯具" in listed and "1.5万元" in listed
    assert verify().broken == ""


def test_what_is_open_is_asked_and_nothing_is_written_before(walk: Walk, world: World) -> None:
    client = walk("lin")
    before = Batch.objects.count()
    rows = (*ROWS, ("三院门诊", "候诊椅", "年底前", 2))
    address = uploaded(client, xlsx(HEAD, *rows))
    refused = press(client, address)
    text = refused.content.decode()
    assert refused.status_code == 422
    assert "有 1 个单位名称没有认出" in text
    assert "三院（Y3）" in text and "第 5 行 C 列“日期”填的是“年底前”，无法识别为日期" in text
    assert (Batch.objects.count(), PackVersion.objects.count()) == (before, 1)
    done = press(client, address, **{"unit-0": "Y3", "unfit": "blank", "label": "设备台账"})
    assert done.status_code == 302
    assert "1 行有不合的格，已留空" in client.get(done.url).content.decode()
    item = Item.objects.get(title="候诊椅")
    assert item.unit.code == "Y3"
    assert item.data == {"c4": "20000", "as_written": "日期：年底前"}
    assert pack_of(grown()).register("sheet_1").label == "设备台账"
    assert verify().broken == ""


def test_answers_are_kept_between_two_looks(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    form = form_of(client.get(address).context["page"])
    form["column"].remove(3)
    changed = {
        **form,
        "label": "另一个名称",
        "type-2": "text",
        "label-2": "何时",
        "title_column": -1,
        "do": "look",
    }
    changed = {key: value for key, value in changed.items() if key != "take-3"} | {"column": [0, 1, 2, 3]}
    assert client.post(address, changed).status_code == 302
    page = client.get(address).context["page"]
    said = {shown.column.at: shown.column for shown in page.columns}
    assert page.proposal.label == "另一个名称"
    assert (said[2].type, said[2].label, said[2].role) == ("text", "何时", "")
    assert not said[3].taken and page.proposal.column_of("title") is None
    assert press(client, address).status_code == 302
    items = Item.objects.filter(register="sheet_1").order_by("pk")
    assert items[0].title == "另一个名称（一厂）"
    assert items[0].data == {"c2": "更换灯具", "c3": "2023.11.5"}


def test_a_unit_may_be_typed_and_a_wrong_one_loses_nothing(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, ("本部", "迎检", "2023-11-01", 1)))
    assert press(client, address, "look", unit_column=0).status_code == 302
    wrong = press(client, address, **{"label": "迎检台账", "other-0": "没有这家"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "没有名称或代码为“没有这家”的单位" in text
    assert "迎检台账" in text
    page = client.get(address).context["page"]
    assert page.proposal.label == "迎检台账"
    form = form_of(page)
    assert client.post(address, {**form, "other-0": "HY", "do": "make"}).status_code == 302
    assert Item.objects.get(title="迎检").unit.code == "HY"


def test_one_unit_for_all_rows_where_no_column_says_it(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(("事项", "日期"), ("开会", "2023-11-01"), ("检查", "2023-11-02")))
    assert "没有认出写单位的列" in press(client, address).content.decode()
    assert press(client, address, one_unit="甲公司").status_code == 302
    assert set(Item.objects.filter(register="sheet_1").values_list("unit__code", flat=True)) == {"JIA"}


def test_rows_that_are_hidden_or_have_no_unit_are_the_persons_choice(walk: Walk, world: World) -> None:
    client = walk("lin")
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("单位", "事项"), ("一厂", "甲"), ("", "乙"), ("二厂", "丙")):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    out = io.BytesIO()
    book.save(out)
    address = uploaded(client, out.getvalue())
    text = press(client, address).content.decode()
    assert "有 1 行没有填单位" in text
    assert "隐藏的 1 行也导入" in text
    done = press(client, address, hidden_asked="1", fill_asked="1", fill_down="1")
    assert done.status_code == 302
    items = Item.objects.filter(register="sheet_1").order_by("pk")
    assert [(item.unit.code, item.title) for item in items] == [("F1", "甲"), ("F1", "乙")]


def test_choices_that_are_one_are_joined_by_a_tick(walk: Walk, world: World) -> None:
    client = walk("lin")
    states = ("基本完成整改", "基本完成整治", "未启动", "基本完成整改", "未启动", "基本完成整改")
    rows = [("一厂", f"事项{number}", state) for number, state in enumerate(states)]
    address = uploaded(client, xlsx(("单位", "事项", "进展"), *rows))
    [pair] = [pair for shown in client.get(address).context["page"].columns for pair in shown.pairs]
    number, one, other, joined = pair
    assert (one, other, joined) == ("基本完成整改", "基本完成整治", False)
    tick = {"same_asked": "1", "same": number, f"same-one-{number}": one, f"same-other-{number}": other}
    assert press(client, address, "look", **tick).status_code == 302
    [pair] = [pair for shown in client.get(address).context["page"].columns for pair in shown.pairs]
    assert pair[3] is True
    assert press(client, address, **tick).status_code == 302
    field = pack_of(grown()).register("sheet_1").field("c3")
    assert field is not None
    assert [choice.label for choice in field.choices] == ["基本完成整改", "未启动"]


def test_a_year_and_the_rows_of_a_name_may_be_said(walk: Walk, world: World) -> None:
    client = walk("lin")
    rows = (("一厂", "甲", "11月5日"), ("查无此处", "乙", "11月6日"), ("二厂", "丙", "11月7日"))
    address = uploaded(client, xlsx(("单位", "事项", "日期"), *rows))
    assert "请填写是哪一年" in press(client, address, **{"unit-0": "-"}).content.decode()
    done = press(client, address, **{"unit-0": "-", "year": "2023"})
    text = client.get(done["Location"]).content.decode()
    assert "导入 2 行；另有 1 行没有导入。" in text
    assert "第 3 行：单位“查无此处”选了不导入。" in text
    assert [item.data["c3"] for item in Item.objects.filter(register="sheet_1").order_by("pk")] == [
        "2023-11-05",
        "2023-11-07",
    ]


def test_only_the_latest_uploads_wait(walk: Walk, world: World) -> None:
    client = walk("lin")
    first = uploaded(client, xlsx(HEAD, *ROWS), "第一份.xlsx")
    for number in range(6):
        uploaded(client, xlsx(HEAD, *ROWS), f"{number}.xlsx")
    assert client.get(first).status_code == 404
    assert "第一份.xlsx" not in client.get(reverse("workbook-new")).content.decode()


def test_an_upload_that_has_gone_is_told(walk: Walk, world: World, home: Path) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    for file in (home / "uploads").iterdir():
        file.unlink()
    gone = client.get(address)
    assert gone.status_code == 404
    assert "请重新上传" in gone.content.decode()
    assert client.get(address.replace("/0/", "/7/")).status_code == 404
    assert client.post(reverse("workbook-new")).status_code == 422


def test_each_of_two_tables_can_be_taken(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, WORKBOOKS["项目进度.xlsx"](), "项目进度.xlsx")
    done = press(client, address)
    text = client.get(done["Location"]).content.decode()
    assert "这份文件里还有" in text
    second = address.replace("/0/", "/1/")
    assert press(client, second).status_code == 302
    labels = [pack_of(grown()).register(key).label for key in ("sheet_1", "sheet_2")]
    assert labels == ["重点项目进度表", "项目资金到位情况"]
    assert Item.objects.filter(register="sheet_2").count() == 3


def test_pressing_twice_makes_one_register(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    form = form_of(client.get(address).context["page"])
    first = client.post(address, {**form, "do": "make"})
    again = client.post(address, {**form, "do": "make"})
    assert first["Location"] == again["Location"]
    assert PackVersion.objects.count() == 2
    other = uploaded(client, xlsx(HEAD, *ROWS))
    refused = press(client, other)
    assert refused.status_code == 422
    assert "已有名称为“台账”的清单。请换一个名称。" in refused.content.decode()


def test_names_that_are_none_of_ours_are_not_given_to_the_unit_above_the_table(
    walk: Walk, world: World
) -> None:
    head, said = ("单位", "事项", "数量"), ("填报单位：一厂",)
    unknown = (("红星机械厂", "更换灯具", 1), ("东风汽修厂", "修缮厂房", 2))
    client = walk("lin")
    page = client.get(uploaded(client, xlsx(said, head, *unknown), "各厂.xlsx")).context["page"]
    assert page.one_unit == ""
    assert any("没有认出写单位的列" in one for one in page.questions)
    measures = (("个", "灯具", 1), ("套", "桌椅", 2))
    page = client.get(uploaded(client, xlsx(said, head, *measures), "物资.xlsx")).context["page"]
    assert page.one_unit.startswith("一厂")


def test_a_long_table_is_imported_in_the_background(
    walk: Walk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "AT_ONCE", 2)
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS, ("", "没有单位", "2023-11-09", 1)))
    started = press(client, address, unfit="skip")
    assert "/jobs/" in started["Location"]
    assert Item.objects.filter(register="sheet_1").count() == 0
    job = Job.objects.get()
    perform(str(job.public_id))
    page = client.get(started["Location"]).content.decode()
    assert "已新建清单“台账”，导入 3 行；另有 1 行没有导入。" in page
    assert reverse("list", args=["sheet_1"]) in page.partition('<article class="job')[2]
    assert Item.objects.filter(register="sheet_1").count() == 3
    dropped = client.get(reverse("job_file", args=[job.public_id]))
    assert "第 5 行：没有填单位，不导入。" in b"".join(dropped.streaming_content).decode("utf-8-sig")
    perform(str(job.public_id))
    assert PackVersion.objects.count() == 2


def test_what_was_understood_costs_few_statements(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, WORKBOOKS["问题台账.xlsx"](), "问题台账.xlsx")
    for page in (reverse("workbook-new"), address):
        client.get(page)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(page).status_code == 200
        assert len(asked) <= MOST, [one["sql"][:120] for one in asked]


def test_only_the_office_makes_registers_and_nobody_sees_the_uploads_of_another(
    walk: Walk, world: World
) -> None:
    address = uploaded(walk("lin"), xlsx(HEAD, *ROWS))
    for who in ("zhou", "lu", "ren", "xu", "gu", "meng"):
        assert walk(who).get(reverse("workbook-new")).status_code == 403, who
        assert walk(who).get(address).status_code == 403, who
    assert walk("lin").get(address).status_code == 404  # another session
    assert walk("guest").get(reverse("workbook-new")).status_code == 403


def test_while_a_past_day_is_shown_nothing_is_made(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    assert client.post(address + "?as_of=2023-11-01", {"do": "make"}).status_code == 409
    assert PackVersion.objects.count() == 1


def test_an_upload_can_be_dropped(walk: Walk, world: World) -> None:
    client = walk("lin")
    address = uploaded(client, xlsx(HEAD, *ROWS))
    token = address.split("/")[3]
    assert "台账.xlsx" in client.get(reverse("workbook-new")).content.decode()
    client.post(reverse("workbook-new"), {"forget": token})
    assert "台账.xlsx" not in client.get(reverse("workbook-new")).content.decode()
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("空.xlsx", b"", "空文件"),
        ("台账.xls", "单位,事项\n一厂,开会\n".encode(), "的内容是文本（CSV）"),
        ("台账.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "其实是网页"),
        ("说明.xlsx", xlsx(("这是一段说明。",)), "没有找到表格"),
    ],
)
def test_a_file_that_holds_no_table_is_refused_and_earlier_uploads_stay(
    walk: Walk, world: World, name: str, data: bytes, said: str
) -> None:
    client = walk("lin")
    kept = uploaded(client, xlsx(HEAD, *ROWS))
    answer = upload(client, data, name)
    if answer.status_code == 302:
        answer = client.get(answer["Location"])
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert client.get(kept).status_code == 200


def test_the_register_goes_if_its_rows_cannot_be_written(walk: Walk, world: World) -> None:
    client = walk("lin")
    late = ("一厂", "字", "2023-11-01", "1.234")
    address = uploaded(client, xlsx(("单位", "事项", "日期", "金额"), *(late for _time in range(3))))
    refused = press(client, address, **{"type-3": "money", "unfit": "skip"})
    assert refused.status_code == 422
    assert "没有一行可以导入" in refused.content.decode()
    assert (PackVersion.objects.count(), Item.objects.count()) == (1, 0)
