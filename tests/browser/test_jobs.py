"""A long export down the whole line: asked for, waited for, fetched; and one that is taken back."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
OFFICE = "linxiaolan"
LONG = 120_000  # milliseconds that a busy machine may take


def enter(page: Page, site: str, person: str) -> None:
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={person}]").click()
    page.wait_for_load_state()


def begin(page: Page, site: str, words: str) -> None:
    page.goto(f"{site}/registers/")
    page.get_by_text("导出全部清单").click()
    page.get_by_role("link", name=words, exact=True).click()
    page.wait_for_url("**/jobs/*-*/**")


def test_every_register_is_exported_in_the_background_and_fetched(
    page: Page, site: str, tmp_path: Path
) -> None:
    enter(page, site, OFFICE)
    begin(page, site, "Excel")
    fetch = page.get_by_role("link", name="下载")
    fetch.wait_for(timeout=LONG)  # the card asks for itself: nobody reloads the page
    assert "已完成" in page.locator("article.job").inner_text()
    with page.expect_download() as coming:
        fetch.click()
    path = tmp_path / "all.xlsx"
    coming.value.save_as(path)
    assert coming.value.suggested_filename == "全部清单_20231130.xlsx"
    book = openpyxl.load_workbook(path, read_only=True)
    assert len(book.sheetnames) > 10
    assert sum(page.max_row or 0 for page in book) > 10_000


def test_a_job_is_taken_back_on_a_phone(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 360, "height": 760})
    enter(page, site, OFFICE)
    begin(page, site, "Excel")  # keeps the one worker busy: the next is not done before it is taken back
    begin(page, site, "CSV（压缩包）")
    page.get_by_role("button", name="取消").click()
    page.get_by_text("没有留下文件").wait_for(timeout=LONG)
    assert page.get_by_role("link", name="下载").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_what_was_handed_out_stands_in_the_log(page: Page, site: str, tmp_path: Path) -> None:
    enter(page, site, OFFICE)
    page.goto(f"{site}/wall/?zoom=second")
    page.locator("details.export summary").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="CSV").click()
    path = tmp_path / "wall.zip"
    coming.value.save_as(path)
    with zipfile.ZipFile(path) as archive:
        assert len(archive.namelist()) == 3
    page.goto(f"{site}/jobs/exports/")
    first = page.locator("table.exports tbody tr").first.inner_text()
    assert "林晓岚" in first
    assert "作战图" in first
