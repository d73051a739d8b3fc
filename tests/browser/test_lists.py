"""A list by keyboard: move, choose, see what a bulk change would do; and the same page without a script."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.test_changes import OFFICE, enter

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def test_rows_are_chosen_by_keyboard_and_their_due_days_changed_after_a_preview(
    page: Page, site: str
) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/registers/problems/?state=doing&sort=number")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("table.listing tr.here a.t").evaluate("e => e === document.activeElement")
    assert page.locator("#bulk .said").inner_text() == "已选 2 个"
    page.keyboard.press("?")
    assert page.locator("dialog#keys").is_visible()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="先看影响").click()
    page.locator("input[name=due]").fill("2024-02-27")
    page.locator("input[name=document]").fill("办发〔2023〕8号")
    page.locator("textarea[name=reason]").fill("工期顺延")
    page.get_by_role("button", name="先看影响").click()
    assert "将调整 2 项" in page.locator("main").inner_text()
    page.get_by_role("button", name="调整这 2 项").click()
    page.wait_for_load_state()
    assert "已把 2 项的时限调整为 2024-02-27" in page.locator(".noteband").inner_text()


@pytest.mark.sqlite  # how it looks is no matter of the database
@pytest.mark.parametrize("width", [1280, 360])
def test_ten_columns_need_no_scrolling_and_everything_works_without_a_script(
    browser: Browser, site: str, width: int
) -> None:
    context = browser.new_context(
        locale="zh-CN", viewport={"width": width, "height": 800}, java_script_enabled=False
    )
    plain = context.new_page()
    enter(plain, site, OFFICE)
    plain.goto(
        f"{site}/registers/problems/?cols=number,title,unit,category,source,state,due,owner,found_on,round"
    )
    assert plain.locator("table.listing tbody tr").count() == 50
    box = plain.locator("table.listing").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= width
    plain.locator("details.cols-menu summary").click()
    plain.get_by_label("去掉“轮次”").click()
    assert plain.url.count("round") == 0
    assert plain.locator("details.cols-menu .sheet").is_visible()
    if width > 720:
        plain.locator("input[name=item]").first.check()
        with plain.expect_download() as download:
            plain.get_by_role("button", name="导出所选").click()
        assert download.value.suggested_filename.endswith(".xlsx")
    context.close()
