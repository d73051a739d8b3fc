"""Entering and editing on a phone: a draft that survives, a photograph, a second editor, a long list that is searched."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FILLER, LIAISON, OFFICE = "hejingyi", "zhouqiming", "linxiaolan"
PHONE = {"width": 360, "height": 760}


def enter(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={person}]").click()
    page.wait_for_load_state()


def photo() -> dict[str, object]:
    out = io.BytesIO()
    Image.new("RGB", (800, 600), "brown").save(out, "JPEG")
    return {"name": "现场.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    """A visitor with a phone."""
    context = browser.new_context(locale="zh-CN", viewport=PHONE, has_touch=True)
    yield context.new_page()
    context.close()


def until(page: Page, expression: str) -> None:
    """Wait until the expression holds; the page's own policy lets nothing be evaluated inside it."""
    for _turn in range(100):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"it never came to {expression}")


def overflows(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_a_problem_with_a_photograph_is_entered_and_edited_on_a_phone(phone: Page, site: str) -> None:
    enter(phone, site, FILLER)
    phone.goto(f"{site}/registers/problems/")
    phone.get_by_role("link", name="新建问题").click()
    phone.locator("input[name=title]").fill("挂号窗口高峰排队")
    until(phone, "localStorage.length > 0")
    phone.reload()
    assert phone.locator("input[name=title]").input_value() == "挂号窗口高峰排队"
    assert "已恢复上次没有保存的内容" in phone.locator(".restored").inner_text()
    phone.set_input_files("input[name=files] >> nth=0", photo())  # type: ignore[arg-type]
    phone.get_by_role("button", name="保存", exact=True).click()
    assert "有 4 项需要改正" in phone.locator(".why").inner_text()
    assert "现场.jpg" in phone.locator(".keptfile").inner_text()
    assert not overflows(phone)
    phone.get_by_label("时限").fill("2023-12-20")
    phone.locator("select[name=category]").select_option("livelihood")
    phone.locator("select[name=source]").select_option("public")
    phone.get_by_label("发现日期").fill("2023-11-28")
    phone.get_by_role("radio", name="待整改").check()
    phone.get_by_role("button", name="保存", exact=True).click()
    phone.wait_for_url("**/items/*/")
    assert "已登记" in phone.locator(".noteband.saved").inner_text()
    assert phone.locator("h1").inner_text() == "挂号窗口高峰排队"
    picture = phone.locator("#evidence img")
    picture.scroll_into_view_if_needed()
    until(phone, "document.querySelector('#evidence img').naturalWidth > 0")
    assert not overflows(phone)
    phone.get_by_role("link", name="编辑").click()
    phone.get_by_label("原因分析").fill("自助机不接医保")
    phone.get_by_role("button", name="保存", exact=True).click()
    phone.wait_for_url("**/items/*/")
    assert "自助机不接医保" in phone.locator("dl.fields").inner_text()
    phone.goto(f"{site}/registers/problems/new/")
    assert phone.locator("input[name=title]").input_value() == ""
    assert phone.locator(".restored").count() == 0


def test_what_stands_below_an_item_is_added_in_a_line(phone: Page, site: str) -> None:
    enter(phone, site, FILLER)
    phone.goto(f"{site}/registers/problems/?state=doing")
    phone.locator("table.listing a.t").first.click()
    line = phone.locator("#children-measures .addline")
    line.locator("[name=title]").fill("增开两个窗口")
    line.locator("[name=due]").fill("2023-12-10")
    line.get_by_role("button", name="添加").click()
    phone.wait_for_load_state()
    assert "增开两个窗口" in phone.locator("#children-measures").inner_text()
    assert "已完成" in phone.locator("#children-measures .bh").inner_text()
    assert not overflows(phone)


def test_a_unit_among_hundreds_is_found_by_typing(page: Page, site: str) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/registers/problems/new/")
    select = page.locator("select[name=unit]")
    every = select.locator("option").count()
    assert every > 200
    name = select.locator("optgroup option").nth(7).inner_text()
    page.get_by_label("输入名称查找单位").fill(name)
    assert 1 < select.locator("option").count() < 20
    code = select.locator("option", has_text=name).first.get_attribute("value")
    select.select_option(code)
    page.get_by_label("输入名称查找单位").fill("")
    assert select.locator("option").count() == every
    assert select.input_value() == code
