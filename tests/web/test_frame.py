"""The frame: one day for the whole screen, read-only in the past, nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import reverse

from guatu.records.models import Deployment, Item
from tests.people import World
from tests.web.conftest import DAY, Walk

PAGES = (
    ("wall", ()),
    ("registers", ()),
    ("list", ("visits",)),
    ("figures", ()),
    ("figure", ("survey_visits",)),
    ("report", ("summary",)),
    ("check", ()),
)
PAST = "2023-11-15"


class Markup(HTMLParser):
    """Collects links, inline styles and scripts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.inline: list[str] = []
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "a":
            self.links.append(values.get("href", ""))
        if tag == "style" or "style" in values or any(name.startswith("on") for name in values):
            self.inline.append(f"{tag} {values}")
        if tag == "script" and not values.get("src"):
            self.inline.append(tag)
        for name in ("src", "href"):
            if name in values and tag in ("script", "link", "img"):
                self.sources.append(values[name])


def read(text: str) -> Markup:
    markup = Markup()
    markup.feed(text)
    return markup


DAYLESS = ("/account/", "/enter/", "/password/")  # the way in and a person's password have no past


def test_a_past_day_stays_in_every_link(walk: Walk, visit: Item) -> None:
    client = walk("lin")
    addresses = [reverse(name, args=args) for name, args in PAGES] + [reverse("item", args=[visit.public_id])]
    for address in addresses:
        links = read(client.get(address, {"as_of": PAST}).content.decode()).links
        inside = [link for link in links if link.startswith("/") and not link.startswith(DAYLESS)]
        lost = [link for link in inside if f"as_of={PAST}" not in link and link != address.partition("?")[0]]
        other_days = [link for link in lost if "as_of=" in link]
        assert set(lost) - set(other_days) == set(), address


def test_a_past_day_is_said_in_a_band_and_shows_that_day(walk: Walk, visit: Item) -> None:
    client = walk("lin")
    page = client.get(reverse("list", args=["visits"]), {"as_of": "2023-11-09"}).content.decode()
    assert "当前显示 <b>2023-11-09</b> 的数据，只能查看。" in re.sub(r"\s+", " ", page)
    assert visit.title not in page
    assert (
        visit.title in client.get(reverse("list", args=["visits"]), {"as_of": "2023-11-10"}).content.decode()
    )
    assert "返回今天" not in client.get(reverse("list", args=["visits"])).content.decode()


def test_nothing_can_be_written_while_a_past_day_is_shown(walk: Walk, visit: Item) -> None:
    client = walk("lu")
    for name, data in (("edit", {"title": "改名", "version": "1"}), ("comment", {"text": "看过"})):
        answer = client.post(f"{reverse(name, args=[visit.public_id])}?as_of={PAST}", data)
        assert answer.status_code == 409
        assert "请返回今天后再办理" in answer.content.decode()
    assert Item.objects.get(pk=visit.pk).version == 1
    page = client.get(reverse("item", args=[visit.public_id]), {"as_of": PAST}).content.decode()
    assert reverse("edit", args=[visit.public_id]) not in page


@pytest.mark.parametrize("written", ["2023-11-31", "昨天", "2023-12-01"])
def test_a_day_that_is_none_or_to_come_is_one_sentence(walk: Walk, written: str) -> None:
    answer = walk("lin").get(reverse("wall"), {"as_of": written})
    assert answer.status_code == 422
    assert written in answer.content.decode()
    assert "请" in answer.content.decode()


def test_every_page_obeys_the_content_policy(walk: Walk, visit: Item) -> None:
    client = walk("lin")
    addresses = [reverse(name, args=args) for name, args in PAGES]
    addresses += [reverse("item", args=[visit.public_id]), reverse("edit", args=[visit.public_id])]
    for address in addresses:
        answer = client.get(address)
        markup = read(answer.content.decode())
        assert markup.inline == [], address
        assert all(source.startswith("/static/") for source in markup.sources), address
        policy = answer["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer["Cache-Control"] == "no-store"


def test_the_frame_names_the_person_the_post_and_the_moment(walk: Walk) -> None:
    page = walk("lu").get(reverse("wall")).content.decode()
    assert f"陆文博 · 一厂填报员 · {DAY.isoformat()}" in page


def test_only_menus_that_exist_are_shown(walk: Walk) -> None:
    client = walk("lin")
    page = client.get(reverse("wall")).content.decode()
    rail = page[page.index('<nav class="rail"') : page.index("</nav>")]
    assert re.findall(r"</svg>([^<\s]+)</a>", rail) == [
        "待办",
        "作战图",
        "清单",
        "填报",
        "督导",
        "文稿",
        "数据",
        "单位",
        "系统管理",
        "减负反馈",
    ]
    for link in read(rail).links:
        assert client.get(link, follow=True).status_code == 200


def test_a_phone_has_four_menus_at_the_bottom_and_the_others_under_the_person(walk: Walk) -> None:
    page = walk("lin").get(reverse("wall")).content.decode()
    rail, bottom = (
        page.split('class="rail"')[1].split("</nav>")[0],
        page.split('class="tabs"')[1].split("</nav>")[0],
    )
    sheet = page.split('class="drop who"')[1].split("</details>")[0]
    every = {link for link in read(rail).links if reverse("burden") not in link}
    tabs = set(read(bottom).links)
    assert len(tabs) == 4 and {reverse("todo"), reverse("wall")} <= tabs
    assert every <= tabs | set(read(sheet).links)


def test_a_failure_for_htmx_is_a_notice_not_a_page(walk: Walk) -> None:
    client = walk("lin")
    answer = client.get(reverse("figure", args=["nothing"]), headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert "<html" not in answer.content.decode()
    assert "nothing" in answer.content.decode()


def test_a_failure_leaves_nothing_but_its_sentence(walk: Walk) -> None:
    page = walk("lin").get(reverse("list", args=["nothing"])).content.decode()
    assert "没有“nothing”这个清单" in page
    assert "Traceback" not in page
    assert ".py" not in page


def test_an_unknown_address_is_a_page_of_ours(walk: Walk) -> None:
    answer = walk("lin").get("/nowhere/")
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()


def test_the_demo_says_so_on_every_page(walk: Walk, world: World) -> None:
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DAY})
    client = walk("lin")
    for name, args in PAGES:
        page = client.get(reverse(name, args=args)).content.decode()
        assert "演示数据为虚构；演示日为 2023-11-30。" in page, name


def test_a_forged_form_is_refused_with_a_sentence(world: World) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("entry"), {"username": "lin", "password": "x"})
    assert answer.status_code == 403
    assert "请返回上一页" in answer.content.decode()


def test_an_administrator_is_told_what_he_cannot_see_on_a_page_without_menus(walk: Walk) -> None:
    answer = walk("root").get(reverse("home"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "您是系统管理员，看不到业务数据" in page
    assert reverse("wall") not in page
    refused = walk("root").get(reverse("wall")).content.decode()
    assert 'href="/"' in refused
    assert reverse("registers") not in refused


def test_a_refusal_leads_back_to_the_page_before(walk: Walk, problem: Item) -> None:
    came = f"http://testserver{reverse('list', args=['problems'])}?state=issued"
    answer = walk("lin").get(reverse("figure", args=["nothing"]), headers={"referer": came})
    page = answer.content.decode()
    assert answer.status_code == 404
    assert f'href="{reverse("list", args=["problems"])}?state=issued">返回上一页' in page
    assert "没有找到" in page
    assert reverse("registers") in page
    foreign = walk("lin").get(
        reverse("figure", args=["nothing"]), headers={"referer": "https://evil.example/"}
    )
    assert "返回上一页" not in foreign.content.decode()
