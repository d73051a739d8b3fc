"""The third and fourth steps: campaigns from packs; people, teams and the liaison list."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from guatu.records.models import Campaign, Person
from tests.people import World
from tests.web.conftest import Walk
from tests.web.setup_path import (
    LISTED,
    campaign_form,
    founded,
    running,
    text,
    token,
    upload_people,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


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
    assert (bad.status_code, "请只填一个号码" in text(bad)) == (422, True)
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
