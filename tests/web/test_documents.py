"""The report on its paper, and the check of a text somebody else wrote."""

from __future__ import annotations

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from guatu.exchange.documents_in import read_bytes
from guatu.records.models import Item
from tests.people import World
from tests.web.conftest import Walk


@pytest.fixture
def problems(world: World) -> list[Item]:
    """Three problems of 一厂, one of them closed."""
    rows = [world.problem("F1", date(2023, 10, day)) for day in (12, 13, 14)]
    world.close(rows[0], date(2023, 11, 20))
    return rows


def test_each_number_of_the_report_leads_to_its_source(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    page = client.get(reverse("report", args=["summary"])).content.decode()
    found = dict(re.findall(r'<a class="fig" href="[^"]*figure=(\w+)#fig"[^>]*>([^<]+)</a>', page))
    assert found["issues_total"] == "3个"
    assert found["issues_closed"] == "1个"
    panel = client.get(reverse("report", args=["summary"]), {"figure": "issues_closed"}).content.decode()
    assert 'class="fig on"' in panel
    assert reverse("figure", args=["issues_closed"]) in panel


def test_htmx_gets_the_panel_alone(walk: Walk, problems: list[Item]) -> None:
    answer = walk("lin").get(
        reverse("report", args=["summary"]), {"figure": "issues_closed"}, headers={"HX-Request": "true"}
    )
    text = answer.content.decode().strip()
    assert text.startswith("<aside")
    assert "已销号问题" in text
    assert "<html" not in text


def test_the_files_say_what_the_page_says(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    page = client.get(reverse("report", args=["summary"])).content.decode()
    numbers = re.findall(r'<a class="fig"[^>]*>([^<]+)</a>', page)
    word = client.get(reverse("report_file", args=["summary", "docx"]))
    assert word["Content-Disposition"].startswith("attachment;")
    text = str(read_bytes(word.content, "report.docx"))
    plain = client.get(reverse("report_file", args=["summary", "txt"])).content.decode()
    assert numbers
    for number in numbers:
        assert number in text
        assert number in plain


def test_the_report_of_a_past_day_has_the_numbers_of_that_day(walk: Walk, problems: list[Item]) -> None:
    page = walk("lin").get(reverse("report", args=["summary"]), {"as_of": "2023-10-31"}).content.decode()
    assert "截至2023年10月31日" in page
    assert "figure=issues_closed" not in page  # nothing was closed by then, so nothing is said


@pytest.mark.parametrize("name", ["report", "report_file"])
def test_an_unknown_report_is_one_sentence(walk: Walk, world: World, name: str) -> None:
    args = ["nothing"] if name == "report" else ["nothing", "docx"]
    answer = walk("lin").get(reverse(name, args=args))
    assert answer.status_code == 404
    assert "nothing" in answer.content.decode()


TEXT = "关于问题整改的情况\n截至2023年11月30日，列入问题清单3个，已销号2个，占66.7%。"


def test_a_pasted_text_comes_back_marked(walk: Walk, problems: list[Item]) -> None:
    page = (
        walk("lin").post(reverse("check"), {"text": TEXT, "day": "2023-11-30"}, follow=True).content.decode()
    )
    assert '<span class="vd ok"' in page
    bad = re.findall(r'<a class="vd bad" href="#f(\d+)"[^>]*>([^<]+)<', page)
    assert ("1", "2个") in bad
    assert "1个</b>" in page
    assert "<h2>" in page


def test_a_number_that_contradicts_the_text_is_told_once(walk: Walk, problems: list[Item]) -> None:
    text = "民生类问题300件，发展类问题400件，合计800件。"
    answer = walk("lin").post(reverse("check"), {"text": text, "day": "2023-11-30"}, follow=True)
    page = answer.context["page"]
    places = [(row.remark.start, row.remark.end) for row in page.remarks]
    assert len(places) == len(set(places))
    eight_hundred = [row.remark for row in page.remarks if "800" in row.remark.text]
    assert [remark.label for remark in eight_hundred] == ["合计不符"]


def test_a_word_file_is_read_and_checked(walk: Walk, problems: list[Item]) -> None:
    word = Document()
    word.add_paragraph(TEXT.partition("\n")[2])
    content = io.BytesIO()
    word.save(content)
    upload = SimpleUploadedFile("汇报.docx", content.getvalue())
    page = (
        walk("lin")
        .post(reverse("check"), {"file": upload, "day": "2023-11-30"}, follow=True)
        .content.decode()
    )
    assert "校核：汇报.docx" in page
    assert 'class="vd bad"' in page


def test_the_report_we_wrote_agrees_with_our_records(walk: Walk, problems: list[Item]) -> None:
    client = walk("lin")
    word = client.get(reverse("report_file", args=["summary", "docx"])).content
    page = client.post(
        reverse("check"),
        {"file": SimpleUploadedFile("报告.docx", word), "day": "2023-11-30"},
        follow=True,
    ).content.decode()
    assert '<a class="vd bad"' not in page
    assert "0 处要看" in " ".join(page.split())


def test_style_has_its_own_list_beside_the_text_with_what_to_write_instead(walk: Walk, world: World) -> None:
    text = "一、基本情况\n三、工作建议\n计划投资3—5亿元。"
    answer = walk("lin").post(reverse("check"), {"text": text, "day": "2023-11-30"}, follow=True)
    page = answer.context["page"]
    assert [(row.remark.head, row.remark.replacement) for row in page.style] == [
        ("序号次序", None),
        ("范围缺单位", "3亿—5亿"),
    ]
    assert all(row.remark.kind != "sty" for row in page.remarks)
    shown = " ".join(answer.content.decode().split())
    assert "文字规范 2 处" in shown
    assert "<dt>改为</dt> <dd><b>3亿—5亿</b></dd>" in shown
    assert "GB/T 15835—2011 5.1.3" in shown
    assert shown.count('<a class="vd sty" href=') == 2


def test_the_report_goes_to_the_check_in_one_click_and_nothing_is_wrong_with_it(
    walk: Walk, problems: list[Item]
) -> None:
    client = walk("lin")
    report = client.get(reverse("report", args=["summary"])).context["page"]
    given = {"name": report.title, "day": report.day, "text": report.text}
    answer = client.post(reverse("check"), given, follow=True)
    page = answer.context["page"]
    assert page.name == report.title and page.found == report.count
    assert page.remarks == () and page.style == ()


def test_a_text_is_checked_against_the_day_that_was_chosen(walk: Walk, problems: list[Item]) -> None:
    text = "截至2023年10月31日，列入问题清单3个。"
    page = (
        walk("lin").post(reverse("check"), {"text": text, "day": "2023-10-31"}, follow=True).content.decode()
    )
    assert "按 2023-10-31 的数据核对" in " ".join(page.split())
    assert '<a class="vd bad"' not in page


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"text": "  "}, "还没有内容"),
        ({"text": "列入问题3个。", "day": "2023-12-24"}, "晚于今天"),
        ({"file": SimpleUploadedFile("空.docx", b"")}, "空"),
        ({"file": SimpleUploadedFile("坏.docx", b"PK\x03\x04broken")}, "坏.docx"),
        ({"file": SimpleUploadedFile("旧码.txt", "截至".encode("utf-16-be"))}, "UTF-8"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(
    walk: Walk, world: World, data: dict[str, object], said: str
) -> None:
    answer = walk("lin").post(reverse("check"), data)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page[page.index('role="alert"') :]


def test_nothing_of_a_checked_text_is_markup(walk: Walk, world: World) -> None:
    page = (
        walk("lin")
        .post(reverse("check"), {"text": "<img src=x onerror=alert(1)>问题3个"}, follow=True)
        .content.decode()
    )
    assert "<img src=x" not in page
