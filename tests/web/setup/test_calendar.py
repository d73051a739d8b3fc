"""The page of working days: who reads it, who changes it, and what a refusal says."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from guatu.queries.calendar import house_calendar, year_shown
from guatu.queries.verify import verify
from guatu.records.models import WorkingYear
from tests.web.conftest import Walk

pytestmark = pytest.mark.django_db
NOTICE = "一、元旦：1月1日至3日放假调休，共3天。1月9日（星期六）上班。"  # 9 January 2027 is a Saturday


def test_a_published_year_stands_with_its_holidays_and_worked_weekends(walk: Walk) -> None:
    page = walk("root").get(reverse("setup-calendar"), {"year": "2023"}).content.decode()
    assert "2023 年工作日历" in page
    assert "随程序发布的放假安排，未作更正。" in page
    assert 'title="国庆节"' in page
    assert "全年 249 个工作日。" in page


def test_a_year_without_a_table_says_so_and_takes_the_pasted_notice(walk: Walk) -> None:
    client = walk("root")
    page = client.get(reverse("setup-calendar"), {"year": "2027"}).content.decode()
    assert "2027 年工作日历尚未录入，无法计算期限。" in page
    answer = client.post(
        reverse("setup-calendar-notice"),
        {"year": "2027", "version": "0", "text": NOTICE, "source": "2027年部分节假日安排"},
    )
    assert answer.status_code == 302
    assert house_calendar().add(date(2026, 12, 31), 1) == date(2027, 1, 4)
    assert house_calendar().is_working(date(2027, 1, 9))
    assert "依据：2027年部分节假日安排。" in client.get(answer.url).content.decode()
    assert verify().broken == ""


def test_a_notice_that_cannot_be_read_is_refused_and_kept(walk: Walk) -> None:
    given = {"year": "2027", "version": "0", "text": "春节：2月30日放假。", "source": "通知"}
    answer = walk("root").post(reverse("setup-calendar-notice"), given)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "没有 2月30日这一天" in page
    assert "春节：2月30日放假。" in page


def test_one_day_is_changed_and_the_others_stay(walk: Walk) -> None:
    client = walk("root")
    opened = client.get(reverse("setup-calendar"), {"year": "2023", "day": "2023-12-29"}).content.decode()
    assert "2023-12-29" in opened
    given = {
        "year": "2023",
        "day": "2023-12-29",
        "worked": "no",
        "name": "集团放假",
        "source": "华岳办〔2023〕12号",
        "version": "0",
    }
    assert client.post(reverse("setup-calendar-day"), given).status_code == 302
    days = year_shown(2023).days
    assert days[date(2023, 12, 29)] == "集团放假"
    assert days[date(2023, 10, 7)] == ""
    assert not house_calendar().is_working(date(2023, 12, 29))


def test_two_people_who_change_a_year_at_once_are_told(walk: Walk) -> None:
    client = walk("root")
    given = {
        "year": "2023",
        "day": "2023-12-29",
        "worked": "no",
        "name": "放假",
        "source": "通知",
        "version": "0",
    }
    client.post(reverse("setup-calendar-day"), given)
    answer = client.post(reverse("setup-calendar-day"), {**given, "day": "2023-12-28"})
    assert answer.status_code == 409
    assert "刚被他人修改" in answer.content.decode()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"source": " "}, "须写明依据的放假通知"),
        ({"name": " "}, "须写明节日名称"),
        ({"day": "2024-01-02"}, "不在 2023 年"),
        ({"day": ""}, "没有选定日期"),
    ],
)
def test_what_is_missing_is_said(walk: Walk, change: dict[str, str], said: str) -> None:
    given = {
        "year": "2023",
        "day": "2023-12-29",
        "worked": "no",
        "name": "放假",
        "source": "通知",
        "version": "0",
    }
    answer = walk("root").post(reverse("setup-calendar-day"), {**given, **change})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not WorkingYear.objects.exists()


def test_the_office_reads_it_and_only_the_system_administrator_changes_it(walk: Walk) -> None:
    client = walk("lin")
    page = client.get(reverse("setup-calendar"), {"year": "2023"})
    assert page.status_code == 200
    assert "粘贴放假通知" not in page.content.decode()
    given = {"year": "2027", "version": "0", "text": NOTICE, "source": "通知"}
    assert client.post(reverse("setup-calendar-notice"), given).status_code == 403
    assert walk("lu").get(reverse("setup-calendar")).status_code == 403


def test_a_year_that_is_none_is_refused(walk: Walk) -> None:
    assert walk("root").get(reverse("setup-calendar"), {"year": "20x7"}).status_code == 422


@pytest.mark.parametrize("who", ["root", "lin"])
def test_the_page_asks_few_statements(walk: Walk, who: str, django_assert_max_num_queries: object) -> None:
    client = walk(who)
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        client.get(reverse("setup-calendar"), {"year": "2023"})
