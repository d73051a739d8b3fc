"""The wall in a browser: a cell opens in place, the way back works, nothing is lost without a script or on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


def enter(page: Page, site: str, person: str = "linxiaolan") -> None:
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={person}]").click()
    page.wait_for_load_state()


def test_a_cell_opens_beside_the_chart_which_stays_where_it_was(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/wall/?zoom=third")
    cell = page.locator("table.wall tr.leaf td.r a").nth(8)
    cell.evaluate("cell => cell.scrollIntoView({block: 'center'})")
    stood = page.evaluate("document.querySelector('.wallwrap').scrollTop")
    cell.click()
    page.locator("#panel:not([hidden]) .why").wait_for()
    assert page.evaluate("document.querySelector('.wallwrap').scrollTop") == stood > 0
    assert "cell=" in page.url
    assert page.locator("table.wall td.on").count() == 1
    page.locator("#panel a.x").click()
    assert page.locator("#panel").is_hidden()
    assert "cell=" not in page.url


@pytest.mark.sqlite  # how it looks is no matter of the database
def test_escape_closes_the_panel_and_the_focus_goes_back_to_the_cell(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/wall/")
    cell = page.locator("table.wall tr.unit td a").nth(3)
    cell.click()
    page.locator("#panel:not([hidden]) .why").wait_for()
    page.keyboard.press("Escape")
    assert page.locator("#panel").is_hidden()
    assert "cell=" not in page.url
    assert cell.evaluate("cell => cell === document.activeElement")


def test_the_same_cell_opens_without_a_script_and_on_a_phone(browser: Browser, site: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 780}, locale="zh-CN"
    )
    page = context.new_page()
    enter(page, site)
    page.goto(f"{site}/wall/")
    page.locator("table.wall tr.unit td a").first.click()
    page.wait_for_load_state()
    panel = page.locator("#panel")
    assert panel.is_visible()
    assert panel.locator(".items li").count() > 0
    panel.locator("a.btn.primary").click()
    page.wait_for_load_state()
    assert "/registers/unit_tasks/" in page.url
    context.close()


@pytest.mark.sqlite  # how it looks is no matter of the database
@pytest.mark.parametrize("width", [1280, 1440])
@pytest.mark.parametrize("zoom", ["sector", "second", "third"])
def test_the_chart_fits_the_screen_without_a_bar_below(page: Page, site: str, width: int, zoom: str) -> None:
    enter(page, site)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{site}/wall/?zoom={zoom}")
    assert page.evaluate(
        "document.documentElement.scrollWidth <= innerWidth && document.documentElement.scrollHeight <= innerHeight"
    )
    wide = (
        "(() => { const w = document.querySelector('.wallwrap'); return w.scrollWidth <= w.clientWidth; })()"
    )
    assert page.evaluate(wide)


@pytest.mark.sqlite  # how it looks is no matter of the database
def test_the_heads_stay_while_the_chart_is_scrolled(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/wall/?zoom=third")
    head = page.locator("table.wall th.task").first
    before = head.bounding_box()
    page.evaluate("document.querySelector('.wallwrap').scrollTop = 2000")
    assert head.bounding_box() == before
    assert page.locator("table.wall tr.group th").bounding_box() is not None


@pytest.mark.sqlite  # how it looks is no matter of the database
def test_printed_the_whole_chart_stands_on_paper(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/wall/?zoom=third")
    page.emulate_media(media="print")
    shown = "(s) => getComputedStyle(document.querySelector(s)).display"
    assert page.evaluate(shown, ".weeks") == "none"
    height = page.evaluate("document.querySelector('table.wall').getBoundingClientRect().height")
    assert page.evaluate("document.querySelector('.wallwrap').getBoundingClientRect().height") >= height


@pytest.mark.sqlite  # how it looks is no matter of the database
def test_printed_names_are_whole_and_the_controls_stay_away(page: Page, site: str) -> None:
    enter(page, site)
    page.goto(f"{site}/wall/?zoom=third")
    page.set_viewport_size({"width": 1062, "height": 720})  # an A4 sheet on its side, without its margins
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).page") == "wall"
    assert page.evaluate("getComputedStyle(document.querySelector('table.wall thead')).display") == (
        "table-header-group"
    )
    cut = "[...document.querySelectorAll('table.wall tbody th')].filter(th => th.scrollWidth > th.clientWidth).length"
    assert page.evaluate(cut) == 0
    for away in (".wallhead .seg", ".wallhead .drop", ".weeks", ".rail", ".top"):
        assert page.locator(away).first.is_hidden()
    assert page.locator(".wallhead .onpaper").is_visible()
