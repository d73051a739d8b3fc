"""Every page in a real browser: whole, quiet, reachable by everyone, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.browser

DESK, PHONE = (1440, 900), (360, 740)
PAGES = {
    "wall": "/wall/",
    "wall_earlier": "/wall/?as_of=2023-10-31",
    "registers": "/registers/",
    "new": "/registers/unit_tasks/new/",
    "new_problem": "/registers/problems/new/",
    "list": "/registers/problems/",
    "figures": "/figures/",
    "figure": "/figures/issues_total/",
    "figure making": "/figures/new/?copy=issues_late",
    "relations": "/figures/relations/",
    "materials": "/documents/materials/",
    "documents": "/documents/",
    "report": "/documents/summary/",
    "check": "/check/",
    "jobs": "/jobs/",
    "exports": "/jobs/exports/",
}


def enter(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={person}]").click()
    page.wait_for_load_state()


@pytest.fixture(scope="module")
def office(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """林晓岚 of the campaign office, entered once for all pages."""
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    enter(page, site, "linxiaolan")
    page.close()
    yield context
    context.close()


@pytest.fixture
def seen(office: BrowserContext) -> Iterator[tuple[Page, list[str]]]:
    """A page of the office, and what it complains of or asks of other hosts."""
    page = office.new_page()
    complaints: list[str] = []
    page.on(
        "console", lambda line: complaints.append(line.text) if line.type in {"error", "warning"} else None
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("http://127.0.0.1:", "data:")) else complaints.append(request.url)
        ),
    )
    yield page, complaints
    page.close()


@pytest.mark.parametrize("size", [DESK, pytest.param(PHONE, marks=pytest.mark.sqlite)], ids=["desk", "phone"])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_comes_whole_without_a_complaint_and_fits_its_screen(
    path: str, size: tuple[int, int], seen: tuple[Page, list[str]], site: str
) -> None:
    page, complaints = seen
    page.set_viewport_size({"width": size[0], "height": size[1]})
    answer = page.goto(site + path, wait_until="load")
    assert answer is not None
    assert answer.status == 200
    assert complaints == []
    overhang = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overhang <= 0


@pytest.mark.sqlite  # how it looks is no matter of the database
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_a_page_can_be_used_by_everyone(path: str, seen: tuple[Page, list[str]], site: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, _ = seen
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
    page.goto(site + path)
    found = Axe().run(
        page, options={"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
    )
    grave = {
        violation["id"]: [node["html"][:120] for node in violation["nodes"][:3]]
        for violation in found.response["violations"]
        if violation["impact"] in {"serious", "critical"}
    }
    assert grave == {}


def test_the_wall_is_read_without_script(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    enter(page, site, "shenhuaijin")
    page.goto(f"{site}/wall/?zoom=third")
    rows = page.locator("table tbody tr").count()
    context.close()
    assert rows > 216


def test_the_demo_says_on_every_page_that_it_is_invented(office: BrowserContext, site: str) -> None:
    page = office.new_page()
    silent = []
    for path in PAGES.values():
        page.goto(site + path)
        if "虚构" not in page.locator("body").inner_text():
            silent.append(path)
    page.close()
    assert silent == []
