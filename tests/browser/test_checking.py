"""A text is dropped and checked in the browser: filtered, decided, corrected, handed in again, taken along as Word."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import docx
import pytest

from guatu.exchange.documents_in import read_bytes

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

OFFICE, LIAISON = "linxiaolan", "zhouqiming"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
DROPPED = """([name, bytes, type]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], name, {type}));
  const field = document.querySelector(".drop-file");
  field.dispatchEvent(new DragEvent("drop", {dataTransfer: files, bubbles: true, cancelable: true}));
}"""


def word_file(*paragraphs: str) -> bytes:
    word = docx.Document()
    for words in paragraphs:
        word.add_paragraph(words)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def drop(page: Page, name: str, content: bytes) -> None:
    """Let the file fall on its field, and hand it in."""
    page.evaluate(DROPPED, [name, list(content), WORD])
    assert name in page.locator(".drop-file b").first.inner_text()
    page.get_by_role("button", name="开始校核").first.click()
    page.wait_for_load_state()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """The office before the check's form."""
    context = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={OFFICE}]").click()
    page.wait_for_load_state()
    page.goto(f"{site}/check/")
    yield page
    context.close()


def test_a_text_is_dropped_filtered_decided_corrected_and_taken_along(
    page: Page, site: str, tmp_path: Path
) -> None:
    wrong = "截至2023年11月30日，召开领导小组办公室主任例会6次。"
    doubtful = "梳理归档台账931个。"
    drop(page, "情况汇报.docx", word_file("情况汇报", wrong, doubtful))
    assert "校核：情况汇报.docx" in page.title()
    assert page.locator(".paper .vd.bad").inner_text().startswith("6次")

    # a chip hides what it counts, in the text and in the list
    page.locator("label[for=show-bad]").click()
    assert not page.locator(".finds li.bad").is_visible()
    page.locator("label[for=show-bad]").click()
    assert page.locator(".finds li.bad").is_visible()

    # what the number means is said once
    row = page.locator(".finds li.no, .finds li.amb").filter(has_text="931个")
    row.locator("summary").click()
    row.locator("select").select_option(label="调研课题")
    row.get_by_role("button", name="记下").click()
    page.wait_for_load_state()
    assert "以后照此核对" in page.locator(".bands").inner_text()

    # the correction is written into the copy as a tracked change, beside the comment
    page.locator(".finds li.bad").get_by_role("button", name="改成").click()
    page.wait_for_load_state()
    assert page.locator(".paper ins").inner_text() == "5次"
    with page.expect_download() as waiting:
        page.get_by_role("link", name="的 Word").click()
    copy = tmp_path / "copy.docx"
    waiting.value.save_as(copy)
    comments = [comment.text for comment in docx.Document(str(copy)).comments]
    assert any("不一致" in one and "5次" in one for one in comments)
    assert "例会5次。" in read_bytes(copy.read_bytes(), "copy.docx").text

    # the corrected version, with another number in the decided phrase
    page.locator("summary", has_text="换一份").click()
    drop(page, "情况汇报.docx", word_file("情况汇报", wrong.replace("6次", "5次"), doubtful))
    assert "已改好 1 处" in page.locator("#finds").inner_text()
    assert page.locator(".finds li.bad, .finds li.no, .finds li.amb").count() == 0
    assert "林晓岚的认定" in (page.locator(".paper .vd.ok", has_text="931个").get_attribute("title") or "")

    page.goto(f"{site}/documents/phrases/")
    kept = page.locator("tr", has_text="梳理归档台账")
    assert "调研课题" in kept.inner_text()
    kept.locator("summary").click()
    kept.locator("input[name=reason]").fill("试过了")
    kept.get_by_role("button", name="撤销这条认定").click()
    page.wait_for_load_state()
    assert page.locator("tr", has_text="梳理归档台账").count() == 0


def test_on_a_phone_the_text_and_its_remarks_fit(browser: Browser, site: str) -> None:
    context = browser.new_context(locale="zh-CN", viewport={"width": 360, "height": 760}, has_touch=True)
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.locator(f"button[name=person][value={LIAISON}]").click()
    page.wait_for_load_state()
    page.goto(f"{site}/check/")
    page.locator("#text").fill("汇报\n共设立岗位12个，其中甲类7个、乙类6个。")
    page.get_by_role("button", name="开始校核").click()
    page.wait_for_load_state()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.get_by_role("link", name="看").first.click()
    assert page.locator(".finds li.self").first.is_visible()
    context.close()
