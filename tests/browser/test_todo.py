"""待办 in a browser: a filler brings one item to submission on a telephone; the desks fit a narrow screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 740}


def test_a_filler_hands_in_one_item_from_the_desk_on_a_telephone(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.get_by_role("button", name="何静宜").click()
    page.wait_for_url("**/todo/")
    assert "件要办" in page.locator("h1").inner_text()
    row = page.locator(".todo > li", has=page.get_by_role("link", name="报审", exact=True)).or_(
        page.locator(".todo > li", has=page.get_by_role("button", name="报审", exact=True))
    )
    title = row.first.locator("h3").inner_text()
    number = str(row.first.get_attribute("id"))
    if row.first.locator("a.btn", has_text="报审").count():
        row.first.locator("a.btn", has_text="报审").click()
        page.wait_for_url("**/todo/*-*/")
    if page.locator("summary", has_text="线下备查").count():
        page.locator("summary", has_text="线下备查").first.click()
        for label, words in (("材料名称", "补充会议纪要"), ("存放处", "医务科档案柜"), ("保管人", "何静宜")):
            page.get_by_label(label).first.fill(words)
    answers = page.locator("[name=reason]:visible")  # what came back has to say what was done
    if answers.count():
        answers.first.fill("已补充会议纪要")
    page.get_by_role("button", name="报审", exact=True).first.click()
    page.wait_for_url("**/todo/")
    assert "现为“待审核”" in page.locator(".bands").inner_text()
    assert page.locator(f"#{number}").count() == 0, title
    context.close()


@pytest.mark.sqlite  # how it looks is no matter of the database
@pytest.mark.parametrize("who", ["林晓岚", "沈怀瑾", "周启明", "许志远", "邵清越"])
def test_every_desk_fits_a_telephone(browser: Browser, site: str, who: str) -> None:
    context = browser.new_context(locale="zh-CN", viewport=PHONE)
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.get_by_role("button", name=who).first.click()
    page.wait_for_url("**/todo/")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    context.close()
