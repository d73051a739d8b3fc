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


def test_the_overview_asks_little(walk: Walk, world: World, django_assert_max_num_queries: object) -> None:
    for place in range(6):
        sent = {"unit": "F1", "title": f"督导{place}", **VISIT, **FOUND, "f1-title": f"发现{place}"}
        assert walk("bai").post(reverse("supervision-record"), sent).status_code == 302
    xu = walk("xu")
    with django_assert_max_num_queries(12):  # type: ignore[operator]
        xu.get(reverse("supervision"))
