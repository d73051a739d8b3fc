"""My jobs, their files, and the log of exports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from guatu.access import operator
from guatu.actions.jobs import perform
from guatu.actions.people import Appointment, appoint, end_post
from guatu.exchange import exporters
from guatu.records.models import Item, Job, Post
from tests.people import World
from tests.web.conftest import DAY, Walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any) -> Path:
    """Results are kept in a folder of the test."""
    settings.GUATU_HOME = tmp_path
    return tmp_path


def kept(home: Path) -> list[Path]:
    return [file for file in (home / "files").rglob("*") if file.is_file()]


def begun(walk: Walk, who: str, form: str = "zip") -> Job:
    """A job of this person that exports every register."""
    answer = walk(who).get(reverse("export", args=["registers", form]))
    assert answer.status_code == 302
    job = Job.objects.latest("pk")
    assert answer["Location"].startswith(reverse("job", args=[job.public_id]))
    return job


def test_a_long_export_waits_is_done_and_is_fetched_by_its_owner(
    walk: Walk, visit: Item, problem: Item
) -> None:
    job = begun(walk, "lin", "xlsx")
    page = walk("lin").get(reverse("job", args=[job.public_id])).content.decode()
    assert "排队中" in page
    assert 'hx-trigger="every 2s"' in page
    assert "取消" in page
    assert "1 项在办" in walk("lin").get(reverse("wall")).content.decode()
    assert "项在办" not in walk("lu").get(reverse("wall")).content.decode()
    perform(str(job.public_id))
    page = walk("lin").get(reverse("job", args=[job.public_id])).content.decode()
    assert "已完成" in page
    assert "保留到" in page
    assert "hx-trigger" not in page.partition('<article class="job')[2]
    answer = walk("lin").get(reverse("job_file", args=[job.public_id]))
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert "项在办" not in walk("lin").get(reverse("wall")).content.decode()


def test_the_card_alone_is_sent_while_it_runs_and_the_page_is_loaded_anew_when_it_is_done(
    walk: Walk, visit: Item
) -> None:
    job = begun(walk, "lin")
    address = reverse("job", args=[job.public_id])
    card = walk("lin").get(address, headers={"HX-Request": "true"})
    assert "<html" not in card.content.decode()
    assert "HX-Refresh" not in card.headers
    perform(str(job.public_id))
    assert walk("lin").get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


@pytest.mark.parametrize("who", ["gu", "lu", "xu", "shen"])
def test_a_job_of_somebody_else_does_not_exist(walk: Walk, visit: Item, who: str) -> None:
    job = begun(walk, "lin")
    perform(str(job.public_id))
    other = walk(who)
    for name in ("job", "job_file"):
        assert other.get(reverse(name, args=[job.public_id])).status_code == 404
    assert other.post(reverse("job_cancel", args=[job.public_id])).status_code == 404
    assert job.title not in other.get(reverse("jobs")).content.decode()


def test_a_file_made_under_a_post_that_has_ended_is_not_handed_out(
    walk: Walk, world: World, visit: Item
) -> None:
    appoint(operator(), campaign=world.campaign, appointments=[Appointment("lu", "leader", "HY")])
    job = begun(walk, "lu")
    perform(str(job.public_id))
    address = reverse("job_file", args=[job.public_id])
    assert walk("lu").get(address).status_code == 200
    wide = Post.objects.get(person__username="lu", role="leader")
    end_post(operator(), campaign=world.campaign, post=wide.pk, day=DAY)
    answer = walk("lu").get(address)
    assert answer.status_code == 403
    assert "请重新导出" in answer.content.decode()


def test_a_job_that_waits_is_taken_back_at_once(walk: Walk, visit: Item, home: Path) -> None:
    job = begun(walk, "lin")
    answer = walk("lin").post(reverse("job_cancel", args=[job.public_id]))
    assert answer.status_code == 302
    perform(str(job.public_id))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED
    assert "没有留下文件" in walk("lin").get(reverse("job", args=[job.public_id])).content.decode()
    assert kept(home) == []


def test_asking_for_the_same_again_leads_to_the_job_that_is_there(walk: Walk, visit: Item) -> None:
    first = begun(walk, "lin")
    assert begun(walk, "lin").pk == first.pk
    assert Job.objects.count() == 1
    other_day = walk("lin").get(reverse("export", args=["registers", "zip"]) + "?as_of=2023-11-20")
    assert other_day.status_code == 302
    assert Job.objects.count() == 2


def test_who_has_lost_the_post_meanwhile_is_refused_with_a_sentence(
    walk: Walk, visit: Item, home: Path
) -> None:
    job = begun(walk, "lu")
    Post.objects.filter(person__username="lu").update(to_day=date(2023, 11, 30))
    perform(str(job.public_id))
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "不能办理" in job.message
    assert kept(home) == []


def test_only_the_office_and_auditors_read_who_exported_what(walk: Walk, visit: Item) -> None:
    assert walk("lu").get(reverse("list_file", args=["visits", "csv"])).status_code == 200
    address = reverse("exports")
    found = {who: walk(who).get(address).status_code for who in ("lin", "shen", "lu", "gu", "zhou", "xu")}
    assert found == {"lin": 200, "shen": 200, "lu": 403, "gu": 403, "zhou": 403, "xu": 403}
    page = walk("lin").get(address).content.decode()
    assert "陆文博" in page
    assert "CSV" in page
    assert "陆文博" not in walk("lin").get(address + "?q=没有这个人").content.decode()
    assert walk("lin").get(address + "?page=9").status_code == 422


def test_the_audit_administrator_finds_the_log_and_nothing_of_the_business(
    walk: Walk, world: World, visit: Item
) -> None:
    walk("lu").get(reverse("list_file", args=["visits", "csv"]))
    appoint(operator(), campaign=None, appointments=[Appointment("guest", "audit_admin", "HY")])
    client = walk("guest")
    assert reverse("exports") in client.get(reverse("home")).content.decode()
    page = client.get(reverse("exports")).content.decode()
    assert "陆文博" in page
    assert visit.title not in page
    assert reverse("wall") not in page
    assert client.get(reverse("jobs")).status_code == 403


def test_an_auditor_of_a_part_reads_of_the_people_at_home_there(walk: Walk, visit: Item) -> None:
    for who in ("lu", "ji", "xu"):
        assert walk(who).get(reverse("list_file", args=["visits", "csv"])).status_code == 200
    names = {"陆文博", "季长宁", "许志远"}
    found = {}
    for who in ("lin", "shen"):
        page = walk(who).get(reverse("exports")).content.decode()
        found[who] = {name for name in names if name in page}
    assert found == {"lin": names, "shen": {"陆文博"}}


def test_what_was_handed_out_at_once_is_logged_but_kept_nowhere(walk: Walk, visit: Item, home: Path) -> None:
    answer = walk("lin").get(reverse("report_file", args=["summary", "pdf"]))
    assert answer.content[:5] == b"%PDF-"
    logged = Job.objects.get()
    assert (logged.state, logged.file, logged.size) == (Job.State.DONE, "", len(answer.content))
    assert logged.file_name.endswith("_20231130.pdf")
    assert kept(home) == []
    assert logged.title not in walk("lin").get(reverse("jobs")).content.decode()


def test_a_result_that_has_been_cleared_away_says_so(walk: Walk, visit: Item) -> None:
    job = begun(walk, "lin")
    perform(str(job.public_id))
    Job.objects.update(file="")
    answer = walk("lin").get(reverse("job_file", args=[job.public_id]))
    assert answer.status_code == 404
    assert "请重新导出" in answer.content.decode()
    assert "已过期清除" in walk("lin").get(reverse("job", args=[job.public_id])).content.decode()


@pytest.mark.parametrize(
    ("kind", "form", "status"),
    [("nothing", "xlsx", 404), ("list", "xlsx", 404), ("wall", "exe", 422), ("registers", "pdf", 422)],
)
def test_an_export_that_does_not_exist_is_refused_with_what_to_do(
    walk: Walk, visit: Item, kind: str, form: str, status: int
) -> None:
    answer = walk("lin").get(reverse("export", args=[kind, form]))
    assert answer.status_code == status
    assert "请从页面上的“导出”菜单选择" in answer.content.decode()
    assert not Job.objects.exists()


def test_the_system_administrator_gets_a_long_liaison_list_at_once_having_no_page_of_jobs(
    walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(exporters.FORMATS, "csv", replace(exporters.FORMATS["csv"], at_once=1))
    address = reverse("contacts-file", args=["csv"])
    assert walk("root").get(address).status_code == 200
    assert walk("lin").get(address).status_code == 302
    assert Job.objects.filter(owner__username="root").exclude(state=Job.State.DONE).count() == 0


def test_a_job_waiting_long_with_nobody_at_work_says_whom_to_tell(walk: Walk, visit: Item) -> None:
    from datetime import timedelta

    job = begun(walk, "lin")
    Job.objects.update(made_at=job.made_at - timedelta(minutes=5))
    assert "guatu worker" in walk("lin").get(reverse("job", args=[job.public_id])).content.decode()


def test_the_page_of_jobs_costs_the_same_for_many_jobs(walk: Walk, visit: Item) -> None:
    def cost() -> int:
        client = walk("lin")
        client.get(reverse("jobs"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("jobs"))
        return len(queries)

    begun(walk, "lin")
    few = cost()
    for day in range(1, 9):
        walk("lin").get(reverse("export", args=["registers", "zip"]) + f"?as_of=2023-11-0{day}")
    assert Job.objects.count() == 9
    assert cost() == few <= 12


def test_every_page_without_jobs_says_how_they_come_about(walk: Walk, world: World) -> None:
    assert "还没有任务" in walk("lu").get(reverse("jobs")).content.decode()
    assert "还没有人导出过" in walk("lin").get(reverse("exports")).content.decode()
