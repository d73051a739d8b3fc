"""Two changes by a person, down the whole line: from a form to the figure, the report and the light on the wall."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

FILLER, LIAISON, OFFICE = "hejingyi", "zhouqiming", "linxiaolan"


def enter(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={person}]").click()
    page.wait_for_load_state()


def value_of(page: Page, site: str, key: str) -> int:
    page.goto(f"{site}/figures/{key}/")
    return int(re.sub(r"\D", "", page.locator(".figtop .value").inner_text()))


def test_a_filler_corrects_what_was_solved_on_the_spot(page: Page, site: str) -> None:
    enter(page, site, OFFICE)
    before = value_of(page, site, "survey_solved")
    enter(page, site, FILLER)
    page.goto(f"{site}/registers/visits/")
    page.locator("table.listing a.t").first.click()
    page.get_by_role("link", name="编辑").click()
    solved = page.get_by_label("现场解决问题数")
    was = int(solved.input_value() or 0)
    solved.fill(str(was + 3))
    page.get_by_role("button", name="保存").click()
    page.wait_for_load_state()
    assert "已更正" in page.locator(".noteband").inner_text()
    assert str(was + 3) in page.locator(".diff ins").first.inner_text()
    enter(page, site, OFFICE)
    assert value_of(page, site, "survey_solved") == before + 3
    page.goto(f"{site}/documents/summary/")
    assert page.locator(".fig[data-key=survey_solved]").inner_text() == f"{before + 3}个"
    page.locator(".fig[data-key=survey_solved]").click()
    page.locator("#fig .value").wait_for()
    assert str(before + 3) in page.locator("#fig .value").inner_text()


def test_a_unit_task_is_handed_in_accepted_and_its_light_turns_blue(browser: Browser, site: str) -> None:
    filler = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 780}).new_page()
    enter(filler, site, FILLER)
    filler.goto(f"{site}/registers/unit_tasks/?state=doing&sort=due")
    filler.locator("table.listing a.t").first.click()
    filler.wait_for_load_state()
    address = filler.url
    task = filler.locator("dl.fields a[href*='/items/']").first.inner_text().split()[0]
    filler.locator("#move-submit .ask > summary").click()
    step = filler.locator("#move-submit")
    step.locator(".paper summary").click()
    step.get_by_label("材料名称").fill("工作总结")
    step.get_by_label("存放处").fill("综合办公室档案柜")
    step.get_by_label("保管人").fill("何静宜")
    filler.locator("#move-submit button[type=submit]").click()
    filler.wait_for_load_state()
    assert "待审核" in filler.locator(".under .tag").first.inner_text()
    filler.context.close()

    liaison = browser.new_context(locale="zh-CN").new_page()
    enter(liaison, site, LIAISON)
    liaison.goto(address)
    liaison.locator("#move-accept button[type=submit]").click()
    liaison.wait_for_load_state()
    assert "已完成" in liaison.locator(".under .tag").first.inner_text()
    liaison.goto(f"{site}/registers/unit_tasks/?task={task}&light=blue")
    assert liaison.locator(f"a.t[href^='{address.removeprefix(site).partition('?')[0]}']").count() == 1
    liaison.context.close()


def test_a_text_is_checked_and_its_findings_lead_back(page: Page, site: str) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/check/")
    page.fill("#text", "截至2023年11月30日，列入问题清单1739个。")
    page.get_by_role("button", name="开始校核").click()
    page.wait_for_load_state()
    bad = page.locator("a.vd.bad")
    assert bad.count() == 1
    bad.click()
    assert page.url.endswith("#f1")
    page.locator("label[for=show-bad]").click()
    assert not page.locator("#f1").is_visible()


def test_another_day_is_chosen_without_a_script(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, site, OFFICE)
    page.goto(f"{site}/registers/problems/?light=red")
    page.locator("details.day summary").click()
    page.fill("input[name=as_of]", "2023-10-31")
    page.get_by_role("button", name="查看这一天").click()
    page.wait_for_load_state()
    assert "as_of=2023-10-31" in page.url
    assert "light=red" in page.url
    assert "当前显示 2023-10-31 的数据" in page.locator(".pastband").inner_text()
    page.get_by_role("link", name="返回今天").click()
    page.wait_for_load_state()
    assert "as_of" not in page.url
    context.close()


def test_a_list_is_walked_by_the_keyboard(page: Page, site: str) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/registers/problems/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    second = page.locator("table.listing tbody tr").nth(1)
    assert "here" in (second.get_attribute("class") or "")
    title = second.locator("a.t").inner_text()
    with page.expect_navigation():  # its scripts, too, before the next key
        page.keyboard.press("Enter")
    assert page.locator("h1").inner_text() == title
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"
