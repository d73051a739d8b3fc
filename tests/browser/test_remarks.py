"""A remark beside a document that cannot be sent is not lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_documents import begin, enter

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_a_remark_without_a_network_stays_in_its_box_and_is_sent_once_later(
    browser: Browser, site: str
) -> None:
    page = enter(browser, site, "林晓岚")
    begin(page, site, "断网时评论的报告")
    page.locator("[data-beside=remarks]").click()
    page.get_by_role("textbox", name="评论", exact=True).fill("请补充数据来源。")
    page.context.set_offline(True)
    page.get_by_role("button", name="发出评论").click()
    page.locator("#remarks .unsent").wait_for()
    page.get_by_role("button", name="发出评论").click()
    page.wait_for_function("!document.querySelector('#remarks button[type=submit]').disabled")
    assert page.get_by_role("textbox", name="评论", exact=True).input_value() == "请补充数据来源。"
    assert page.locator("#remarks .unsent").count() == 1
    page.context.set_offline(False)
    page.get_by_role("button", name="发出评论").click()
    page.locator("#remarks .thread .said", has_text="请补充数据来源。").wait_for()
    assert page.locator("#remarks .said").count() == 1
    assert page.locator("#remarks .unsent").count() == 0
    page.context.close()
