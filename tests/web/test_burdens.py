"""减负反馈 as pages: from every page, anonymous towards the parents, answered."""

from __future__ import annotations

from django.urls import reverse

from guatu.records.models import BurdenReport, Item
from tests.people import World
from tests.web.conftest import Walk

TEXT = "三个部门各要了一遍花名册"


def test_every_page_leads_to_the_form_and_the_form_keeps_the_page(walk: Walk, visit: Item) -> None:
    client = walk("lu")
    page = client.get(reverse("item", args=[visit.public_id]))
    link = page.context["frame"].burden
    assert link in page.content.decode()
    form = client.get(link).content.decode()
    assert f'name="about" value="{reverse("item", args=[visit.public_id])}"' in form
    answer = client.post(reverse("burden"), {"text": TEXT, "about": "/todo/", "named": ""}, follow=True)
    assert "已送主题教育办公室。有答复会发到您的消息，也列在本页。" in answer.content.decode()
    row = BurdenReport.objects.get()
    assert (row.page, row.named) == ("/todo/", False)


def test_the_office_answers_and_the_reporter_sees_it(walk: Walk, world: World) -> None:
    lu, lin = walk("lu"), walk("lin")
    lu.post(reverse("burden"), {"text": TEXT})
    page = lin.get(reverse("burden-received")).content.decode()
    assert TEXT in page and "一厂" in page and "陆文博" not in page
    row = BurdenReport.objects.get()
    refused = lin.post(reverse("burden-answer", args=[row.pk]), {"answer": " "})
    assert refused.status_code == 422 and "没有写答复" in refused.content.decode()
    lin.post(reverse("burden-answer", args=[row.pk]), {"answer": "已合并为一次报送"})
    assert "已合并为一次报送" in lu.get(reverse("burden")).content.decode()
    assert "已合并为一次报送" in lu.get(reverse("inbox")).content.decode()


def test_leaders_liaisons_and_everybody_else_see_nothing_of_it(walk: Walk, world: World) -> None:
    walk("lu").post(reverse("burden"), {"text": TEXT})
    row = BurdenReport.objects.get()
    for who in ("gu", "zhou", "he", "ren", "xu", "meng", "shen", "root", "guest"):
        client = walk(who)
        assert client.get(reverse("burden-received")).status_code == 403, who
        assert client.post(reverse("burden-answer", args=[row.pk]), {"answer": "x"}).status_code == 403, who
        own = client.get(reverse("burden"))
        assert own.status_code == (403 if who in ("root", "guest") else 200)
        assert TEXT not in own.content.decode()
    assert "收到的反馈" in walk("lin").get(reverse("burden")).content.decode()


def test_what_is_refused_stays_in_the_form(walk: Walk, world: World) -> None:
    answer = walk("lu").post(reverse("burden"), {"text": "长" * 1001, "named": "1", "about": "/todo/"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "反馈内容 1001 字" in page and "长" * 1001 in page and 'value="1" checked' in page
