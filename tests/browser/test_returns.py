"""A filler answers a request on a phone, with and without script; the whole of it at 360 pixels."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.browsing import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
PHONE = {"width": 360, "height": 760}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, Any]]]:
    """A served small world in which returns are owed: its address, and ids and sessions."""
    place = tmp_path_factory.mktemp("collecting")
    environment = {"GUATU_HOME": str(place / "home")}
    made = subprocess.run(
        [sys.executable, "-m", "tests.browser.collecting_home"],
        env={**os.environ, **environment},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr[-2000:]
    told = json.loads(made.stdout.splitlines()[-1])
    with serving(["serve", "--workers", "1", "--no-worker"], environment, place / "log") as address:
        yield address, told


@pytest.fixture
def phone(browser: Browser, home: tuple[str, dict[str, Any]]) -> Iterator[Callable[..., Page]]:
    """Opens a return on a phone as a person; `script` off for the oldest of them."""
    address, told = home
    opened = []

    def enter(user: str, name: str, *, script: bool = True) -> Page:
        context = browser.new_context(
            locale="zh-CN", viewport=PHONE, has_touch=True, java_script_enabled=script
        )
        opened.append(context)
        context.add_cookies([{"name": "sessionid", "value": told["sessions"][user], "url": address}])
        page = context.new_page()
        page.goto(f"{address}/collection/returns/{told['returns'][name]}/")
        return page

    yield enter
    for context in opened:
        context.close()


def wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))


def test_a_filler_answers_on_a_phone(phone: Callable[..., Page]) -> None:
    page = phone("tao", "figures")
    assert not wide(page)
    assert "还差 2 格" in page.locator("#left").inner_text()
    assert "沿用上期" in page.locator(".pre").inner_text()
    page.get_by_label("营业收入").fill("3260")
    page.get_by_label("利润总额").fill("31")
    page.get_by_text("已填齐").wait_for()
    page.locator("#saved", has_text="草稿已存").wait_for()
    page.reload()
    assert page.get_by_label("营业收入").input_value() == "3260"
    page.get_by_role("button", name="报送").click()
    page.get_by_text("这次是它的 10 倍。多打了一个 0 吗？").wait_for()
    assert not wide(page)
    page.get_by_text("核对无误，就是 3,260").click()
    page.get_by_role("button", name="报送").click()
    page.locator(".noteband.saved").wait_for()
    assert "3,260" in page.locator(".handed").inner_text()
    assert not wide(page)
    page.get_by_text("撤回修改").first.click()
    page.get_by_label("原因").fill("多打了一个 0")
    page.get_by_role("button", name="撤回修改").click()
    page.locator("#fill").wait_for()
    page.locator("input[name=r0-revenue]").evaluate(
        "box => box.closest('details') && (box.closest('details').open = true)"
    )
    page.get_by_label("营业收入").fill("330")
    page.get_by_role("button", name="报送").click()
    page.get_by_text("与上次报送的不同").wait_for()


def test_rows_are_filled_in_with_and_without_a_script(phone: Callable[..., Page]) -> None:
    plain = phone("lu", "visits", script=False)
    plain.locator("input[name=r0-title]").fill("走访一车间")
    plain.locator("input[name=r0-visited_body]").fill("一车间")
    plain.get_by_role("button", name="加一行").click()
    assert plain.locator("input[name=r0-title]").input_value() == "走访一车间"
    assert plain.locator("input[name=r1-title]").count() == 1
    plain.get_by_role("button", name="暂存").click()
    assert "已暂存" in plain.locator(".noteband.saved").inner_text()
    page = phone("lu", "visits")
    assert page.locator("input[name=r0-title]").input_value() == "走访一车间"
    assert not wide(page)
    page.get_by_role("button", name="加一行").click()
    page.locator("tr.fillrow").nth(1).locator("input[name$=-title]").fill("走访食堂")
    page.get_by_role("button", name="删去").nth(1).click()
    assert page.locator("tr.fillrow").count() == 1
    page.locator("input[name=r0-held_on]").fill(page.evaluate("new Date().toISOString().slice(0, 10)"))
    page.locator("input[name=r0-solved]").fill("2")
    page.get_by_role("button", name="报送").click()
    page.locator(".noteband.saved").wait_for()
    assert "走访一车间" in page.locator("table.ledger").inner_text()
    assert not wide(page)


def test_the_signed_sheet_goes_up_when_it_is_chosen_and_waits_in_the_draft(
    phone: Callable[..., Page],
) -> None:
    page = phone("zhou", "on paper")
    left = page.locator("#left")
    assert "签字的纸质表" in left.inner_text()
    sheet = {"name": "签字表.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
    page.locator("#scan input[type=file]").first.set_input_files([sheet])  # type: ignore[list-item]
    page.locator("#scan .keptpaper", has_text="签字表.pdf").wait_for()
    assert "签字的纸质表" not in left.inner_text()
    page.locator("#saved", has_text="草稿已存").wait_for()
    page.reload()
    assert "签字表.pdf" in page.locator("#scan .keptpaper").inner_text()
    assert not wide(page)
    page.locator("#scan").get_by_role("button", name="删去").click()
    assert "签字的纸质表" in left.inner_text()
    page.evaluate(
        """() => {
          const inputs = [...document.querySelectorAll('#scan input[type=file]')];
          ['一.pdf', '二.pdf'].forEach((name, place) => {
            const all = new DataTransfer();
            all.items.add(new File(['%PDF-1.4\\n%%EOF ' + name], name, { type: 'application/pdf' }));
            inputs[place].files = all.files;
            inputs[place].dispatchEvent(new Event('change', { bubbles: true }));
          });
        }"""
    )  # a second photograph while the first is still going up
    for name in ("一.pdf", "二.pdf"):
        page.locator("#scan .keptpaper", has_text=name).wait_for()
    taken = page.evaluate(
        """() => {
          const cell = document.querySelector('input[name=r0-title]');
          const data = new DataTransfer();
          data.setData('text/plain', '走访一车间');
          data.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
          const paste = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
          cell.focus();
          cell.dispatchEvent(paste);
          return paste.defaultPrevented;
        }"""
    )
    assert not taken  # cells of a spreadsheet come with a picture of themselves: it is no paper
