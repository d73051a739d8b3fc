"""核验队列, 提到一个人, 催办 in a browser: by keyboard and in place, from the desk to the other person's inbox."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


def enter(
    browser: Browser, site: str, who: str, viewport: dict[str, int] = WIDE
) -> tuple[BrowserContext, Page]:
    context = browser.new_context(locale="zh-CN", viewport=viewport)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.get_by_role("button", name=who).first.click()
    page.wait_for_load_state()
    return context, page


def test_a_team_verifies_by_keyboard_in_place_and_the_count_goes_down(browser: Browser, site: str) -> None:
    context, page = enter(browser, site, "许志远")
    page.goto(f"{site}/queue/")
    before = int(re.findall(r"\d+", page.locator(".head p").inner_text())[0])
    page.keyboard.press("j")
    first = page.locator(".qrow.here")
    title = first.locator("a.t").inner_text()
    page.keyboard.press("Enter")
    panel = page.locator("#qpanel #review")
    panel.wait_for()
    assert panel.locator("h2").first.inner_text() == title
    page.keyboard.press("n")
    panel.locator("#viewer .look").wait_for()
    page.keyboard.press("n")
    panel.locator(".lookbar", has_text="第 2 份").wait_for()
    assert page.url.endswith("/queue/")
    assert page.evaluate("document.activeElement.closest('.qrow.here') !== null")
    page.keyboard.press("r")
    box = page.locator("#qpanel textarea[name=reason]:focus")
    box.wait_for()
    box.fill("照片看不清，请补拍")
    page.locator("#qpanel details[open] button[type=submit]").click()
    page.locator(".bands", has_text="退回整改").wait_for()
    assert int(re.findall(r"\d+", page.locator(".head p").inner_text())[0]) == before - 1
    assert f"还有 {before - 1} 项等核验" in page.locator(".bands").inner_text()
    panel.wait_for()
    following = page.locator(".qrow.here a.t").inner_text()
    assert following != title
    assert panel.locator("h2").first.inner_text() == following
    assert page.evaluate("document.activeElement.closest('.qrow.here') !== null")
    assert page.url.endswith("/queue/")
    context.close()


@pytest.mark.sqlite  # how it looks is no matter of the database
def test_on_a_phone_evidence_opens_in_place_and_every_button_can_be_hit(browser: Browser, site: str) -> None:
    context, page = enter(browser, site, "许志远", PHONE)
    page.goto(f"{site}/queue/")
    page.locator(".qrow a.t").last.click()
    page.wait_for_url("**/queue/*/")
    page.locator("#papers a.k").first.click()
    page.locator("#viewer .look").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in page.locator(
        "#viewer .turns .btn, .review .next > div > form > .btn, .review summary.btn"
    ).all():
        box = button.bounding_box()
        assert box is not None and box["height"] >= 44
    context.close()


def test_a_mention_is_chosen_from_the_list_and_reaches_the_inbox(browser: Browser, site: str) -> None:
    context, page = enter(browser, site, "许志远")
    page.goto(f"{site}/queue/")
    page.locator(".qrow a.t").last.click()
    page.locator("#qpanel").get_by_role("link", name="打开整个事项").click()
    page.wait_for_url("**/items/*/")
    title = page.locator("h1").inner_text()
    box = page.locator("#remark")
    box.press_sequentially("请尽快受理 @白")
    page.locator(".mentions [role=option]", has_text="白露").wait_for()
    page.keyboard.press("Enter")
    assert box.input_value() == "请尽快受理 @白露 "
    page.get_by_role("button", name="发出评论").click()
    page.wait_for_load_state()
    assert "请尽快受理 @白露" in page.locator("#history").inner_text()
    context.close()
    context, page = enter(browser, site, "白露", PHONE)
    badge = page.locator(".top .inbox")
    assert "条未读" in str(badge.get_attribute("aria-label"))
    badge.click()
    page.wait_for_url("**/inbox/*")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert "许志远在评论中提到了您" in page.locator(".threads").inner_text()
    page.get_by_role("button", name=title).first.click()
    page.wait_for_url("**/items/*/#comments")
    page.goto(f"{site}/inbox/")
    assert page.locator(".threads > li.unread", has_text=title).count() == 0
    context.close()


def test_what_is_late_is_urged_from_a_list_and_the_list_can_be_copied(browser: Browser, site: str) -> None:
    context, page = enter(browser, site, "林晓岚")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/registers/problems/?light=red")
    for box in page.locator("table.listing input[name=item]").all()[:2]:
        box.check()
    page.get_by_role("button", name="催办：先看名单").click()
    page.wait_for_url("**/registers/problems/urge/*")
    assert page.locator(".urgelist li").count() == 2
    page.get_by_role("button", name="复制催办名单").click()
    page.get_by_role("button", name="已复制").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#urge-list").input_value()
    page.locator("#urge-text").fill("请本周内报审签")
    page.get_by_role("button", name="催办勾选的事项").click()
    page.wait_for_url("**/registers/problems/")
    assert "已催办 2 项" in page.locator(".bands").inner_text()
    context.close()


@pytest.mark.sqlite  # how it looks is no matter of the database
@pytest.mark.parametrize("viewport", [WIDE, PHONE], ids=["wide", "phone"])
def test_queue_inbox_and_urging_have_no_serious_fault_for_assistive_technology(
    browser: Browser, site: str, viewport: dict[str, int]
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context, page = enter(browser, site, "许志远", viewport)
    page.goto(f"{site}/queue/")
    one = str(page.locator(".qrow a.t").first.get_attribute("href"))
    for path in (
        "/queue/",
        one,
        one.replace("/queue/", "/items/"),
        "/inbox/",
        "/registers/problems/urge/?light=red",
    ):
        page.goto(f"{site}{path}")
        found = Axe().run(page).response["violations"]
        serious = [
            (each["id"], each["nodes"][0]["html"][:120])
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert serious == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"], path
    context.close()
