"""A figure made by clicks: its value stands beside the choices while they are made; without a script a button shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_changes import OFFICE, enter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]


def test_the_value_follows_the_clicks_and_the_saved_figure_has_it(page: Page, site: str) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/figures/new/?of=problems")
    page.locator("details.ask summary", has_text="问题类别").click()
    page.locator("input[name=w-category][value=livelihood]").check()
    value = page.locator("#preview .value")
    value.wait_for()
    before = value.inner_text()
    page.locator("details.ask summary", has_text="办理进度").click()
    page.locator("input[name=w-phase][value=closed]").check()
    page.locator("#preview .clauses dd", has_text="办理进度为已办结").wait_for()
    after = value.inner_text()
    assert after != before
    page.locator("input[name=label]").fill("民生类已销号问题")
    page.get_by_role("button", name="保存统计项").click()
    page.wait_for_url("**/figures/made_*/")
    assert page.locator(".figtop .value").inner_text() == after
    assert page.locator("#definition").inner_text().count("问题类别为民生") == 1


def test_without_a_script_a_button_shows_the_value(browser: Browser, site: str) -> None:
    context = browser.new_context(
        locale="zh-CN", viewport={"width": 360, "height": 760}, java_script_enabled=False
    )
    plain = context.new_page()
    enter(plain, site, OFFICE)
    plain.goto(f"{site}/figures/new/?of=problems")
    plain.locator("details.ask summary", has_text="问题类别").click()
    plain.locator("input[name=w-category][value=livelihood]").check()
    plain.get_by_role("button", name="预览").click()
    assert plain.locator("#preview .value").is_visible()
    assert plain.locator("input[name=w-category][value=livelihood]").is_checked()
    context.close()
