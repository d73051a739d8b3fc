"""督导: a visit recorded with its findings on a phone, fed back, and filed by the unit."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from guatu.records.models import Evidence, Item, Link
from tests.people import World
from tests.web.conftest import DAY, Walk

VISIT = {"held_on": "2023-11-29", "team": "第三督导组", "kind": "visit"}
FOUND = {"f1-title": "配电箱没有上锁", "f1-category": "safety", "f1-description": "二车间"}


def photo(name: str, tone: int = 0) -> SimpleUploadedFile:
    from io import BytesIO

    from PIL import Image

    kept = BytesIO()
    Image.new("RGB", (8, 8), (tone, 10, 20)).save(kept, "JPEG")
    return SimpleUploadedFile(name, kept.getvalue(), "image/jpeg")


def test_a_team_member_records_a_visit_with_two_findings_in_one_go(walk: Walk, world: World) -> None:
    bai = walk("bai")
    page = bai.get(reverse("supervision-record"), {"unit": "F1"}).content.decode()
    assert 'capture="environment"' in page
    assert "第三督导组" in page
    sent = {
        "unit": "F1",
        "title": "",
        **VISIT,
        **FOUND,
        "f1-files": photo("现场.jpg"),
        "f2-title": "通道堆物",
        "f2-category": "safety",
        "f2-at_once": "1",
        "f2-owner": "陆文博",
        "f2-measures_text": "清走堆物",
        "f2-verification": "当场看过",
        "f2-files-before_photo": photo("前.jpg", 1),
        "f2-files-after_photo": photo("后.jpg", 2),
    }
    answer = bai.post(reverse("supervision-record"), sent)
    assert answer.status_code == 302, answer.content.decode()
    assert Item.objects.get(register="supervision").title == "到一厂督导"
    note = Item.objects.get(register="team_findings")
    assert (note.state, note.title) == ("note", "配电箱没有上锁")
    assert Evidence.objects.filter(item=note).count() == 1
    closed = Item.objects.get(register="problems")
    assert closed.state == "closed"
    assert Link.objects.get(source=closed).target.register == "supervision"
    own = bai.get(reverse("supervision")).content.decode()
    assert note.title in own
    assert note.title not in walk("lu").get(reverse("supervision")).content.decode()


def test_what_is_refused_is_still_in_the_form_with_its_photograph(walk: Walk, world: World) -> None:
    bai = walk("bai")
    sent = {
        "unit": "F1",
        "title": "到一厂督导",
        **VISIT,
        **FOUND,
        "f1-category": "",
        "f1-files": photo("现场.jpg"),
    }
    answer = bai.post(reverse("supervision-record"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert not Item.objects.filter(register="supervision").exists()
    assert "配电箱没有上锁" in page
    assert "现场.jpg" in page
    mark = page.split('name="f1-kept" value="')[1].split('"')[0]
    again = {key: value for key, value in sent.items() if key != "f1-files"}
    assert (
        bai.post(
            reverse("supervision-record"), {**again, "f1-category": "safety", "f1-kept": mark}
        ).status_code
        == 302
    )
    assert Evidence.objects.filter(item__register="team_findings").count() == 1


def test_an_unannounced_plan_is_on_the_teams_page_only_and_recorded_from_there(
    walk: Walk, world: World
) -> None:
    sent = {"unit": "F1", "title": "突击检查一厂", "planned_on": "2023-12-05", "unannounced": "1"}
    assert walk("xu").post(reverse("supervision-plan"), sent).status_code == 302
    plan = Item.objects.get(register="supervision")
    assert plan.data["unannounced"] is True
    found = {
        who: plan.title in walk(who).get(reverse("supervision")).content.decode()
        for who in ("lin", "xu", "bai", "gu", "zhou", "lu", "ren")
    }
    assert found == {
        "lin": True,
        "xu": True,
        "bai": True,
        "gu": False,
        "zhou": False,
        "lu": False,
        "ren": False,
    }
    address = reverse("supervision-record") + f"?planned={plan.public_id}"
    assert plan.title in walk("bai").get(address).content.decode()
    assert walk("bai").post(address, {"title": plan.title, **VISIT}).status_code == 302
    assert Item.objects.get(pk=plan.pk).state == "recorded"
    assert walk("lu").get(reverse("item", args=[plan.public_id])).status_code == 200


def test_a_form_that_arrives_twice_from_a_phone_records_one_visit(walk: Walk, world: World) -> None:
    bai = walk("bai")
    bai.post(reverse("supervision-plan"), {"unit": "F1", "title": "检查一厂", "planned_on": "2023-11-20"})
    planned = Item.objects.get(register="supervision")
    address = reverse("supervision-record") + f"?planned={planned.public_id}"
    key = bai.get(address).content.decode().split('name="key" value="')[1].split('"')[0]
    sent = {"key": key, "title": "检查一厂", **VISIT, **FOUND}
    assert [bai.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert Item.objects.filter(register="team_findings").count() == 1
    more = bai.post(address, {**sent, "f2-title": "通道堆物", "f2-category": "safety"})
    assert "已用于另一份内容" in more.content.decode()
    assert Item.objects.filter(register="team_findings").count() == 1


def test_the_unit_acknowledges_and_files_what_was_fed_back(walk: Walk, world: World) -> None:
    walk("bai").post(reverse("supervision-record"), {"unit": "F1", "title": "到一厂督导", **VISIT, **FOUND})
    note = Item.objects.get(register="team_findings")
    world.move("xu", "approve", [note], DAY)
    address = reverse("finding-file", args=[note.public_id])
    assert walk("lu").get(address).status_code == 404
    world.move("xu", "feed_back", [note], DAY)
    assert note.title in walk("lu").get(reverse("supervision")).content.decode()
    world.move("lu", "acknowledge", [note], DAY)
    lu = walk("lu")
    assert reverse("finding-file", args=[note.public_id]) in lu.get(reverse("supervision")).content.decode()
    assert f'href="{address}"' in lu.get(reverse("item", args=[note.public_id])).content.decode()
    assert lu.get(address).status_code == 200
    refused = lu.post(address, {"title": note.title, "due": "年底前"})
    assert refused.status_code == 422
    assert lu.post(address, {"title": note.title, "due": "2023-12-20"}).status_code == 302
    problem = Item.objects.get(register="problems")
    assert (problem.due, problem.data["source"]) == (date(2023, 12, 20), "supervision")
    assert problem.state == "open", "filed once, not once more"


@pytest.mark.parametrize("name", ["supervision-record", "supervision-plan"])
def test_only_teams_and_the_office_record_and_plan(walk: Walk, world: World, name: str) -> None:
    found = {
        who: walk(who).get(reverse(name)).status_code for who in ("lin", "xu", "bai", "zhou", "lu", "meng")
    }
    assert found == {"lin": 200, "xu": 200, "bai": 200, "zhou": 403, "lu": 403, "meng": 403}


def test_coverage_says_which_units_of_a_team_nobody_has_visited(walk: Walk, world: World) -> None:
    xu, address = walk("xu"), reverse("supervision")
    assert xu.post(reverse("supervision-record"), {"unit": "F1", "title": "", **VISIT}).status_code == 302
    assert xu.post(reverse("supervision-record"), {"unit": "F1", "title": "", **VISIT}).status_code == 302
    for who in ("xu", "lin"):
        page = walk(who).get(address)
        [team] = page.context["page"].teams
        assert (team.team.name, team.team.seen, len(team.team.units), team.team.visits) == (
            "第三督导组",
            1,
            2,
            2,
        )
        assert [unit.name for unit in team.named] == ["三院"]
    units = page.context["page"].units
    assert [(row.unit.name, row.unit.visits) for row in units] == [("三院", 0), ("一厂", 2)]
    # Each number opens its records.
    listed = walk("lin").get(units[1].visits)
    assert len(listed.context["page"].list.rows) == 2
    only = walk("lin").get(team.unseen_href.partition("#")[0])
    assert [row.unit.name for row in only.context["page"].units] == ["三院"]
    assert walk("lin").get(address, {"as_of": "2023-11-28"}).context["page"].teams[0].team.seen == 0


def test_a_unit_sees_neither_coverage_nor_calendar(walk: Walk, world: World) -> None:
    plan = {"unit": "F1", "title": "突击检查一厂", "planned_on": "2023-12-05"}
    assert walk("xu").post(reverse("supervision-plan"), plan).status_code == 302
    page = walk("lu").get(reverse("supervision"))
    assert (page.context["page"].teams, page.context["page"].calendar) == ((), ())
    assert "撞期日历" not in page.content.decode()


def test_a_visit_too_near_to_another_is_told_to_whoever_plans_it(walk: Walk, world: World) -> None:
    def planned(who: str, day: str, unit: str = "F1") -> str:
        sent = {"unit": unit, "title": f"检查{unit}", "planned_on": day}
        return walk(who).post(reverse("supervision-plan"), sent, follow=True).content.decode()

    assert "另有督导" not in planned("bai", "2023-12-05")
    assert "另有督导" not in planned("bai", "2023-12-05", "Y3")
    assert "另有督导" not in planned("xu", "2023-12-08")
    said = planned("xu", "2023-12-07")
    assert "一厂 2023-12-05 另有督导" in said
    assert "一厂 2023-12-08 另有督导" in said
    assert "一厂 2023-12-07 另有督导" in planned("lin", "2023-12-07")
    calendar = walk("xu").get(reverse("supervision")).context["page"].found.calendar
    assert (calendar.same_day, calendar.too_near) == (1, 4)
    assert [row.code for row in calendar.rows] == ["F1", "Y3"]
    tones = {cell.day.day: cell.tone for cell in calendar.rows[0].cells if cell.visits}
    assert tones == {5: "near", 7: "same", 8: "near"}


def test_plans_that_nobody_recorded_do_not_crowd_out_what_is_to_come(
    walk: Walk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for on, unit in (("2023-11-20", "F1"), ("2023-12-05", "Y3")):
        sent = {"unit": unit, "title": "检查", "planned_on": on}
        assert walk("bai").post(reverse("supervision-plan"), sent).status_code == 302
    monkeypatch.setattr("guatu.queries.visit_calendar.MOST", 1)
    calendar = walk("xu").get(reverse("supervision")).context["page"].found.calendar
    assert [row.code for row in calendar.rows] == ["Y3"]


def test_the_overview_asks_little(walk: Walk, world: World, django_assert_max_num_queries: object) -> None:
    for place in range(6):
        sent = {"unit": "F1", "title": f"督导{place}", **VISIT, **FOUND, "f1-title": f"发现{place}"}
        assert walk("bai").post(reverse("supervision-record"), sent).status_code == 302
    xu = walk("xu")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        xu.get(reverse("supervision"))
