"""The second step: units from a workbook or by hand, the differences first, the last import taken back."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from guatu.records.models import Unit
from tests.web.setup_path import (
    SMALL,
    founded,
    text,
    token,
    typed,
    upload,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_passwords")]


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


def test_a_sheet_in_the_words_of_another_pack_says_which_and_is_read_anew_without_another_upload(
    home: Path,
) -> None:
    client = founded(home)
    page = upload(client, SMALL, pack="safety-drive")
    assert "是“主题教育”的叫法" in page
    assert "新增 14 家" not in page
    page = text(client.get(reverse("setup-units"), {"pack": "theme-education"}))
    assert "新增 14 家" in page
    assert "的叫法。" not in page
    client.post(reverse("setup-units-apply"), {"token": token(page)})
    assert Unit.objects.count() == 15


def test_what_is_wrong_with_many_rows_alike_is_said_once(home: Path) -> None:
    rows = [
        (code, name, short, parent, "不知道" if parent else level, *more)
        for code, name, short, parent, level, *more in SMALL
    ]
    page = upload(founded(home), rows)
    assert page.count("填的是“不知道”") == 1
    assert "等共 13 行也是这样。" in page


def test_the_levels_that_stand_choose_the_pack_of_the_next_pages(home: Path) -> None:
    client = founded(home)
    client.post(reverse("setup-units-apply"), {"token": token(upload(client, SMALL))})
    assert "模板中没有这个层级" not in text(client.get(reverse("setup-units")))
    page = text(client.get(reverse("setup-campaign")))
    assert 'name="pack" value="theme-education"' in page
