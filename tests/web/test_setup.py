"""From an empty home to a campaign by the guided path: every step, every refusal, nothing half done."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from guatu.access import setup_code
from guatu.domain import clock
from guatu.records.models import Batch, Campaign, Person, Unit
from tests.people import World
from tests.trees import HEADINGS, tree_rows, workbook
from tests.web.conftest import Walk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]
PASSWORD = "Mountain-2026"
PEOPLE = {
    "system_admin": ("方若谷", "fang"),
    "security_admin": ("季长宁", "ji"),
    "audit_admin": ("叶栖迟", "ye"),
    "office": ("林晓岚", "lin"),
}
SMALL = tree_rows("HY", companies=2, thirds=4, branches=8)


@pytest.fixture
def home(tmp_path: Path, settings: Any) -> Path:
    """An empty home of its own."""
    settings.GUATU_HOME = tmp_path
    return tmp_path


def first_form(**changed: str) -> dict[str, str]:
    form = {"name": "华岳集团有限公司", "short_name": "华岳集团", "code": "HY"}
    for role, (name, username) in PEOPLE.items():
        form |= {f"{role}-name": name, f"{role}-username": username}
        form |= {f"{role}-password": PASSWORD, f"{role}-again": PASSWORD}
    return form | changed


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def unlocked(home: Path) -> Client:
    client = Client()
    answer = client.post(reverse("setup"), {"code": setup_code.issue(home)})
    assert answer["Location"] == reverse("setup-house")
    return client


def founded(home: Path) -> Client:
    client = unlocked(home)
    assert client.post(reverse("setup-house"), first_form())["Location"] == reverse("setup-units")
    return client


def upload(client: Client, rows: list[Any], name: str = "单位.xlsx") -> str:
    file = SimpleUploadedFile(name, workbook(HEADINGS, rows))
    answer = client.post(reverse("setup-units"), {"file": file, "pack": "theme-education"})
    assert answer.status_code == 302, text(answer)
    return text(client.get(reverse("setup-units")))


def token(page: str) -> str:
    return page.partition('name="token" value="')[2].partition('"')[0]


def campaign_form(**changed: str) -> dict[str, str]:
    return {
        "pack": "theme-education",
        "name": "专项工作",
        "short_name": "专项",
        "key": "first-2026",
        "wave": "第一批",
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "tree": "administrative",
        "root": "HY",
    } | changed


# The door ────────────────────────────────────────────────────────────────────


def test_an_empty_home_leads_to_the_set_up_and_the_set_up_asks_for_the_code(home: Path) -> None:
    page = text(Client().get(reverse("entry")))
    assert reverse("setup") in page
    assert "设置码" in text(Client().get(reverse("setup")))


@pytest.mark.parametrize(
    "name", ["setup-house", "setup-units", "setup-campaign", "setup-people", "setup-check"]
)
def test_without_the_code_no_step_opens(home: Path, name: str) -> None:
    setup_code.issue(home)
    assert Client().get(reverse(name))["Location"] == reverse("setup")


def test_nobody_founds_a_house_without_the_code(home: Path) -> None:
    setup_code.issue(home)
    assert Client().post(reverse("setup-house"), first_form())["Location"] == reverse("setup")
    assert not Person.objects.exists()


def test_a_wrong_code_is_counted_and_five_of_them_use_it_up(home: Path) -> None:
    code = setup_code.issue(home)
    client = Client()
    for attempt in range(5):
        answer = client.post(reverse("setup"), {"code": "WRNG-WRNG-WRNG"})
        assert answer.status_code == 403
        assert ("还可以试" in text(answer)) is (attempt < 4)
    assert "--setup-code" in text(client.post(reverse("setup"), {"code": code}))


def test_the_code_opens_once(home: Path) -> None:
    code = setup_code.issue(home)
    first = Client()
    first.post(reverse("setup"), {"code": code})
    late = Client()
    late.post(reverse("setup"), {"code": code})  # still nobody is there: two windows may be open
    assert first.post(reverse("setup-house"), first_form()).status_code == 302
    assert late.get(reverse("setup-house"))["Location"].startswith(reverse("entry"))
    assert late.post(reverse("setup-house"), first_form())["Location"].startswith(reverse("entry"))
    assert Client().post(reverse("setup"), {"code": code})["Location"] != reverse("setup-house")
    assert Person.objects.count() == 4


# Step 1 ──────────────────────────────────────────────────────────────────────


def test_the_first_four_are_entered_and_the_office_goes_on(home: Path) -> None:
    client = founded(home)
    page = text(client.get(reverse("setup-units")))
    assert "林晓岚" in page
    assert "设置码已作废" in page
    assert not (home / setup_code.FILE).exists()
    assert Person.objects.get(username="ye").check_password(PASSWORD)
    named = text(client.get(reverse("setup-house")))
    assert all(name in named for name, _username in PEOPLE.values())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ye": "short"}, "只有 5 个字符"),
        ({"audit_admin-username": "fang"}, "三类管理员互斥"),
        ({"office-name": "方若谷"}, "三类管理员互斥"),
        ({"office-again": "Mountain-2027"}, "两次输入的密码不一样"),
        ({"system_admin-username": "fang ruo"}, "中间不留空格"),
        ({"name": "  "}, "请填写集团名称"),
        ({"code": ""}, "请填写单位代码"),
        ({"office-password": "my-lin-password", "office-again": "my-lin-password"}, "含有账号"),
    ],
)
def test_a_mistake_in_the_first_step_is_said_beside_its_field_and_nothing_is_written(
    home: Path, changed: dict[str, str], said: str
) -> None:
    if "ye" in changed:
        changed = {"audit_admin-password": "short", "audit_admin-again": "short"}
    client = unlocked(home)
    answer = client.post(reverse("setup-house"), first_form(**changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert 'value="季长宁"' in text(answer)
    assert PASSWORD not in text(answer)
    assert not Batch.objects.exists()


def test_the_office_corrects_a_name_and_sets_its_own_password(home: Path) -> None:
    client = founded(home)
    form = {"username": "lin", "name": "林晓兰", "password": "River-2026-long", "again": "River-2026-long"}
    assert client.post(reverse("setup-keepers"), form)["Location"] == reverse("setup-house")
    assert "林晓兰" in text(client.get(reverse("setup-house")))  # and she is still logged in
    assert Person.objects.get(username="lin").check_password("River-2026-long")
    refused = client.post(reverse("setup-keepers"), {**form, "username": "ye", "name": ""})
    assert refused.status_code == 403
    assert "三员之一" in text(refused)


# Step 2 ──────────────────────────────────────────────────────────────────────


def test_the_template_is_a_workbook_with_its_headings(home: Path) -> None:
    client = founded(home)
    answer = client.get(reverse("setup-units-file", args=["empty"]))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    rows = [[cell.value for cell in row][:2] for row in sheet.iter_rows(max_row=3)]
    assert ["代码", "名称"] in rows


def test_a_workbook_is_shown_first_and_written_when_it_is_confirmed(home: Path) -> None:
    client = founded(home)
    page = upload(client, SMALL)
    assert "新增 14 家" in page
    assert Unit.objects.count() == 1
    answer = client.post(reverse("setup-units-apply"), {"token": token(page)})
    assert answer["Location"] == reverse("setup-units")
    assert Unit.objects.count() == 15
    page = text(client.get(reverse("setup-units")))
    assert "共 15 家" in page
    assert "撤回这次导入" in page
    assert list((home / "uploads").iterdir()) == []


def test_the_same_workbook_again_changes_nothing(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert "完全一致" in upload(client, SMALL)


def test_a_bad_row_is_named_and_none_is_written(home: Path) -> None:
    client = founded(home)
    rows = [*SMALL, ("HY-X", "新厂", "新厂", "HY-99", "三级单位", "")]
    page = upload(client, rows)
    assert "第 16 行" in page
    assert "HY-99" in page
    assert "确认导入" not in page
    client.post(reverse("setup-units-apply"), {"token": token(page)})
    assert Unit.objects.count() == 1


def test_what_was_not_shown_is_not_applied(home: Path) -> None:
    client = founded(home)
    upload(client, SMALL)
    answer = client.post(reverse("setup-units-apply"), {"token": "0:somethingelse"})
    assert answer.status_code == 409
    assert Unit.objects.count() == 1


def test_an_upload_can_be_dropped(home: Path) -> None:
    client = founded(home)
    upload(client, SMALL)
    client.post(reverse("setup-units-apply"), {"forget": "1"})
    assert "确认导入" not in text(client.get(reverse("setup-units")))
    assert list((home / "uploads").iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"not a workbook at all", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_one_sentence(home: Path, content: bytes) -> None:
    client = founded(home)
    client.post(reverse("setup-units"), {"file": SimpleUploadedFile("坏.xlsx", content), "pack": ""})
    page = text(client.get(reverse("setup-units")))
    assert "请" in page.partition('class="why" role="alert">')[2].partition("<")[0]
    assert Unit.objects.count() == 1


def test_no_file_is_said(home: Path) -> None:
    answer = founded(home).post(reverse("setup-units"), {"pack": ""})
    assert answer.status_code == 422
    assert "没有选择文件" in text(answer)


def test_the_last_import_can_be_taken_back(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    page = text(client.get(reverse("setup-units")))
    batch = page.partition('name="batch" value="')[2].partition('"')[0]
    answer = client.post(reverse("setup-units-undo"), {"batch": batch})
    assert answer["Location"] == reverse("setup-units"), text(answer)
    assert "共 1 家" in text(client.get(reverse("setup-units")))
    assert client.post(reverse("setup-units-undo"), {"batch": "x"}).status_code == 422


def typed(*rows: tuple[str, ...]) -> dict[str, str]:
    names = ("code", "name", "short", "parent", "level")
    form = {"pack": "theme-education"}
    for n, row in enumerate(rows):
        form |= {f"{name}-{n}": value for name, value in zip(names, row, strict=True)}
    return form


def test_a_few_units_are_typed_by_hand_and_the_root_gets_its_name_corrected(home: Path) -> None:
    client = founded(home)
    form = typed(("HY", "华岳控股集团", "", "", "集团"), ("HY-1", "一公司", "", "HY", "二级公司"))
    answer = client.post(reverse("setup-units-typed"), form)
    assert answer.status_code == 302, text(answer)
    assert Unit.objects.get(code="HY").name == "华岳控股集团"
    assert Unit.objects.get(code="HY-1").line[0] == Unit.objects.get(code="HY").pk


def test_a_typed_mistake_keeps_what_was_typed(home: Path) -> None:
    client = founded(home)
    answer = client.post(reverse("setup-units-typed"), typed(("HY-1", "一公司", "", "HX", "二级公司")))
    assert answer.status_code == 422
    assert "第 2 行" in text(answer)
    assert 'value="一公司"' in text(answer)
    empty = client.post(reverse("setup-units-typed"), {})
    assert "没有填写单位" in text(empty)


# Step 3 ──────────────────────────────────────────────────────────────────────


def test_a_campaign_is_started_from_a_pack_and_a_second_one_beside_it(home: Path) -> None:
    client = founded(home)
    page = text(client.get(reverse("setup-campaign")))
    assert "张清单" in page
    assert "安全生产大检查" in page
    assert client.post(reverse("setup-campaign"), campaign_form())["Location"] == reverse("setup-people")
    second = campaign_form(key="second-2026", short_name="第二项", name="第二项工作")
    assert client.post(reverse("setup-campaign"), second).status_code == 302
    page = text(client.get(reverse("setup-campaign")))
    assert "第二项工作" in page
    assert "second-2026" in page
    wall = text(client.get(reverse("wall")))
    assert "第二项" in wall  # the header's choice


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ends_on": "2025-12-31"}, "早于开始日"),
        ({"starts_on": "年初"}, "开始日不是日期"),
        ({"key": "Bad Key"}, "小写字母"),
        ({"name": ""}, "请填写专项工作的名称"),
        ({"root": "HX"}, "没有代码为“HX”的单位"),
        ({"pack": "nothing"}, "没有“nothing”这个专项模板"),
        ({"tree": "party"}, "选择一个有效的选项"),
    ],
)
def test_a_mistake_in_the_campaign_is_said_and_nothing_is_written(
    home: Path, changed: dict[str, str], said: str
) -> None:
    client = founded(home)
    answer = client.post(reverse("setup-campaign"), campaign_form(**changed))
    assert answer.status_code == 422
    assert said in text(answer)
    assert not Campaign.objects.exists()


def test_a_campaign_key_that_is_taken_is_named(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-campaign"), campaign_form())
    answer = client.post(reverse("setup-campaign"), campaign_form(name="另一项"))
    assert "已有代码为“first-2026”的专项工作" in text(answer)
    assert 'value="另一项"' in text(answer)


# Step 4 ──────────────────────────────────────────────────────────────────────

PEOPLE_HEADINGS = ("单位代码", "姓名", "账号", "身份", "电话")
LISTED = [
    ("HY-01", "周启明", "zhou", "二级公司联络员", "13800000002"),
    ("HY-02", "陆文博", "lu", "二级公司联络员", "13800000003"),
    ("HY-T001", "何静宜", "he", "填报员", "13812345678"),
]


def running(home: Path) -> Client:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert client.post(reverse("setup-campaign"), campaign_form()).status_code == 302
    return client


def upload_people(client: Client, rows: list[Any]) -> str:
    file = SimpleUploadedFile("名单.xlsx", workbook(PEOPLE_HEADINGS, rows))
    answer = client.post(reverse("setup-people"), {"file": file, "campaign": "first-2026"})
    assert answer.status_code == 302, text(answer)
    return text(client.get(reverse("setup-people")))


def test_a_list_of_people_is_shown_first_and_written_when_it_is_confirmed(home: Path) -> None:
    client = running(home)
    page = upload_people(client, LISTED)
    assert "新增人员 3" in page
    assert "13812345678" not in page
    assert Person.objects.count() == 4
    client.post(reverse("setup-people-apply"), {"token": token(page), "campaign": "first-2026"})
    assert Person.objects.count() == 7
    assert list((home / "uploads").iterdir()) == []
    contacts = text(client.get(reverse("contacts")))
    assert "13812345678" in contacts
    page = text(client.get(reverse("setup-check")))
    assert "15 家单位，12 家无填报员，0 家无审核人" in page


def test_a_bad_person_is_named_and_nobody_is_entered(home: Path) -> None:
    client = running(home)
    page = upload_people(client, [*LISTED, ("HY-T9", "无处去", "wu", "填报员", "")])
    assert "第 5 行" in page
    assert "确认导入" not in page
    client.post(reverse("setup-people-apply"), {"token": token(page), "campaign": "first-2026"})
    assert Person.objects.count() == 4


def test_one_person_is_typed_by_hand(home: Path) -> None:
    client = running(home)
    form = {"campaign": "first-2026", "unit": "HY-T001", "name": "何静宜", "username": "he", "role": "filler"}
    answer = client.post(reverse("setup-people-typed"), {**form, "telephone": "138 1234 5678"})
    assert answer.status_code == 302, text(answer)
    assert Person.objects.get(username="he").home_unit.code == "HY-T001"
    refused = client.post(reverse("setup-people-typed"), {**form, "unit": "HY-T9", "username": "li"})
    assert refused.status_code == 422
    assert 'value="HY-T9"' in text(refused)


def test_a_team_is_set_up_with_its_units(home: Path) -> None:
    client = running(home)
    form = {"campaign": "first-2026", "team": "第一组", "codes": "HY-T001、HY-T002\nHY-T001"}
    assert client.post(reverse("setup-people-team"), form).status_code == 302
    assert "联系 2 家单位" in text(client.get(reverse("setup-people")))
    refused = client.post(reverse("setup-people-team"), {**form, "codes": "HY-T9"})
    assert "没有代码为“HY-T9”的单位" in text(refused)
    assert "HY-T9</textarea>" in text(refused)


def test_the_template_of_people_offers_the_roles_of_the_campaign(home: Path) -> None:
    client = running(home)
    book = load_workbook(io.BytesIO(client.get(reverse("setup-people-file")).content))
    assert [cell.value for cell in book.worksheets[0][1]][:3] == ["单位代码", "单位", "姓名"]
    roles = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert "填报员" in roles
    assert "系统管理员" not in roles


def test_the_office_notes_a_telephone_and_others_do_not(walk: Walk, world: World) -> None:
    form = {"username": "lu", "telephone": "13812345678"}
    assert walk("lin").post(reverse("contacts-telephone"), form)["Location"] == reverse("contacts")
    assert "13812345678" in text(walk("lin").get(reverse("contacts")))
    assert "138****5678" in text(walk("meng").get(reverse("contacts")))
    assert "13812345678" not in text(walk("meng").get(reverse("contacts")))
    bad = walk("lin").post(reverse("contacts-telephone"), {**form, "telephone": "打办公室"})
    assert (bad.status_code, "请只填数字" in text(bad)) == (422, True)
    for who in ("zhou", "lu", "gu", "meng"):
        assert walk(who).post(reverse("contacts-telephone"), form).status_code == 403, who


def test_the_list_is_saved_as_a_workbook_with_the_numbers_that_the_page_shows(
    walk: Walk, world: World
) -> None:
    walk("lin").post(reverse("contacts-telephone"), {"username": "lu", "telephone": "13812345678"})
    for who, number in (("lin", "13812345678"), ("meng", "138****5678")):
        answer = walk(who).get(reverse("contacts-file", args=["xlsx"]))
        sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
        cells = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
        assert number in cells, who


# Steps 5 and 6, and who may come ─────────────────────────────────────────────


def test_the_check_names_what_is_missing_and_leads_on(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    client.post(reverse("setup-campaign"), campaign_form())
    page = text(client.get(reverse("setup-check")))
    assert "15 家单位，15 家无填报员" in page
    assert "第01公司" in page
    page = text(client.get(reverse("setup-start")))
    assert reverse("wall") in page
    assert client.get(reverse("wall")).status_code == 200


def test_steps_that_cannot_be_taken_yet_say_which_comes_first(home: Path) -> None:
    client = founded(home)
    for name in ("setup-people", "setup-check", "setup-start"):
        answer = client.get(reverse(name))
        assert answer.status_code == 404
        assert "第 3 步" in text(answer)


def test_after_logging_in_before_any_campaign_one_stands_in_the_set_up(home: Path) -> None:
    founded(home)
    client = Client()
    answer = client.post(reverse("entry"), {"username": "lin", "password": PASSWORD}, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("setup-units")


def test_the_system_administrator_sets_up_and_sees_no_items(home: Path) -> None:
    founded(home)
    client = Client()
    client.post(reverse("entry"), {"username": "fang", "password": PASSWORD})
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert client.post(reverse("setup-campaign"), campaign_form()).status_code == 302
    assert "15 家单位" in text(client.get(reverse("setup-check")))
    assert "请办公室人员" in text(client.get(reverse("setup-start")))
    assert client.get(reverse("wall")).status_code == 403
    assert reverse("setup") in text(client.get(reverse("home")))


@pytest.mark.parametrize("username", ["ji", "ye"])
def test_the_other_administrators_do_not_set_up(home: Path, username: str) -> None:
    founded(home)
    client = Client()
    client.post(reverse("entry"), {"username": username, "password": PASSWORD})
    assert client.get(reverse("setup-campaign")).status_code == 403
    assert client.get(reverse("setup-units")).status_code == 403


def test_fillers_and_liaisons_do_not_set_up(walk: Walk, world: World) -> None:
    for who in ("lu", "zhou", "gu", "xu", "meng", "guest"):
        client = walk(who)
        for name in (
            "setup-house",
            "setup-units",
            "setup-campaign",
            "setup-people",
            "setup-check",
            "setup-start",
        ):
            assert client.get(reverse(name)).status_code == 403, (who, name)


def test_the_steps_cost_few_statements_however_many_units_there_are(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-campaign"), campaign_form())
    counts = []
    for rows in (SMALL, tree_rows("HY", companies=5, thirds=40, branches=120)):
        client.post(reverse("setup-units-apply"), {"token": token(upload(client, rows))})
        found = {}
        for name in (
            "setup-house",
            "setup-units",
            "setup-campaign",
            "setup-people",
            "setup-check",
            "setup-start",
        ):
            client.get(reverse(name))
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(name)).status_code == 200, name
            found[name] = len(queries)
        counts.append(found)
    assert counts[0] == counts[1]
    assert {name: count for name, count in counts[0].items() if count > 12} == {}


def test_today_is_the_day_of_the_first_import(home: Path) -> None:
    with clock.fixed(date(2026, 3, 1)):
        client = founded(home)
        client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert Unit.objects.get(code="HY-01").line
