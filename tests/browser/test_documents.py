"""文稿 in two browsers: begun from a template, a figure from the palette, two writers, preview, sent on; without script too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


def enter(browser: Browser, site: str, who: str, *, script: bool = True, wide: bool = True) -> Page:
    context = browser.new_context(
        locale="zh-CN",
        viewport=WIDE if wide else PHONE,  # type: ignore[arg-type]
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(f"{site}/enter/")
    page.get_by_role("button", name=who).first.click()
    page.wait_for_load_state()
    return page


def begin(page: Page, site: str, title: str) -> str:
    """The address of a fresh document of the pack's first report."""
    page.goto(f"{site}/documents/")
    page.get_by_role("link", name="新建文稿").click()
    page.wait_for_load_state()
    page.get_by_label("标题").fill(title)
    page.get_by_role("button", name="建立文稿").click()
    page.wait_for_url("**/edit/")
    return page.url


def paragraphs(page: Page) -> list[str]:
    return [str(text) for text in page.locator("#blocks .rt").all_inner_texts()]


def test_two_write_one_report_and_send_it_to_be_checked(browser: Browser, site: str) -> None:
    first = enter(browser, site, "林晓岚")
    address = begin(first, site, "两人合写的报告")
    second = enter(browser, site, "顾行舟")
    second.goto(address)

    opening = first.locator("#blocks .blk.p .rt").first
    opening.click()
    first.keyboard.press("Control+End")
    first.keyboard.type("已销号")
    first.keyboard.press("/")
    first.locator("#palette").wait_for()
    first.keyboard.type("已销号问题")
    first.locator("#palette [role=option][aria-selected=true]", has_text="258个").wait_for()
    first.keyboard.press("Enter")
    opening.locator(".fig[data-raw='{已销号问题}']").wait_for()
    first.keyboard.type("。")
    first.locator("#savedline", has_text="已自动保存").wait_for()
    assert "已销号258个。" in opening.inner_text().replace("\u200b", "")

    last = second.locator("#blocks .blk.p .rt").last
    last.click()
    second.keyboard.press("Control+End")
    second.keyboard.type("请审阅。")
    second.get_by_role("button", name="保存", exact=True).click()
    second.locator(".bands", has_text="已保存").wait_for()

    first.reload()  # the draft is still there, nobody else's words are lost by it
    assert "已销号258个。" in first.locator("#blocks .blk.p .rt").first.inner_text().replace("\u200b", "")
    first.get_by_role("button", name="成文").click()
    first.locator(".official").wait_for()
    text = first.locator(".official").inner_text()
    assert "已销号258个。" in text
    assert "请审阅。" in text
    first.locator(".official a.figure[data-key=issues_closed]").first.click()
    first.locator("#fig h2", has_text="已销号问题").wait_for()
    assert not first.evaluate("document.documentElement.scrollWidth > window.innerWidth")

    first.get_by_role("button", name="送核稿").click()
    first.locator(".docbar .tag", has_text="核稿中").wait_for()
    second.goto(address.removesuffix("edit/"))
    assert "由您拟稿" in second.locator("#fig").inner_text()
    for page in (first, second):
        page.context.close()


def test_blocks_are_split_joined_moved_and_restored_by_keyboard(browser: Browser, site: str) -> None:
    page = enter(browser, site, "林晓岚")
    page.goto(f"{site}/documents/new/")
    page.get_by_label("从什么开始").select_option("")
    page.get_by_label("标题").fill("键盘试写")
    page.get_by_role("button", name="建立文稿").click()
    page.wait_for_url("**/edit/")
    page.locator(".addrow button", has_text="标题").click()
    page.wait_for_load_state()
    page.locator("#blocks .rt").first.click()
    page.keyboard.type("总体情况")
    page.keyboard.press("Enter")
    page.keyboard.type("甲乙")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    assert [text.replace("\u200b", "") for text in paragraphs(page)] == ["总体情况", "甲", "乙"]
    page.keyboard.press("Backspace")
    assert [text.replace("\u200b", "") for text in paragraphs(page)] == ["总体情况", "甲乙"]
    page.keyboard.press("Alt+ArrowUp")
    assert [text.replace("\u200b", "") for text in paragraphs(page)] == ["甲乙", "总体情况"]
    page.locator("#blocks .blk").first.hover()
    page.get_by_role("button", name="删去这一段").first.click()
    assert [text.replace("\u200b", "") for text in paragraphs(page)] == ["总体情况"]
    page.get_by_role("button", name="撤销").click()
    page.keyboard.press("Control+s")
    page.locator(".bands", has_text="已保存").wait_for()
    assert [text.replace("\u200b", "") for text in paragraphs(page)] == ["甲乙", "总体情况"]
    assert page.locator("#blocks .blk").last.get_attribute("class") == "blk text l1"
    page.context.close()


def test_without_script_and_on_a_phone_the_text_is_written_in_plain_boxes(
    browser: Browser, site: str
) -> None:
    page = enter(browser, site, "林晓岚", script=False, wide=False)
    begin(page, site, "不用脚本的报告")
    box = page.locator("#blocks textarea.src").first
    assert "{" in box.input_value()
    box.fill("已销号{已销号问题}，截至{数据截至日}。")
    page.locator(".docbar").get_by_role("button", name="成文").click()
    page.wait_for_load_state()
    text = page.locator(".official").inner_text()
    assert "已销号258个，截至2023年11月30日。" in re.sub(r"\s+", "", text)
    page.context.close()


def test_several_sign_below_each_other_and_what_was_typed_last_is_kept(browser: Browser, site: str) -> None:
    page = enter(browser, site, "林晓岚")
    address = begin(page, site, "两家署名的报告")
    signed = page.locator(".around.right .rt")
    signed.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type("第二家")
    page.goto(f"{site}/documents/")  # at once: nothing has been kept of itself yet
    page.wait_for_timeout(1000)  # what is sent on leaving is answered to nobody
    page.goto(address)
    assert page.locator("textarea[name=signature]").input_value().splitlines()[-1] == "第二家"
    page.locator(".around.right .rt").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("单位")
    page.get_by_role("button", name="成文").click()
    page.locator(".official").wait_for()
    lines = [line.strip() for line in page.locator(".official").inner_text().splitlines()]
    assert "第二家单位" in lines
    page.context.close()


def test_what_is_typed_after_the_session_has_ended_is_there_after_logging_in_again(
    browser: Browser, site: str
) -> None:
    page = enter(browser, site, "林晓岚")
    address = begin(page, site, "登录失效时写的报告")
    page.context.clear_cookies(name="sessionid")
    opening = page.locator("#blocks .blk.p .rt").first
    opening.click()
    page.keyboard.press("Control+End")
    page.keyboard.type("失效以后写的话。")
    page.locator("#savedline", has_text="请重新登录，已写的内容保留在本机").wait_for()
    page.keyboard.type("再写一句。")
    page.get_by_role("button", name="保存", exact=True).click()  # it does not lead away from what was typed
    page.wait_for_timeout(500)
    assert page.url == address
    assert "再写一句。" in opening.inner_text()
    page.get_by_role("link", name="重新登录").click()
    page.get_by_role("button", name="林晓岚").first.click()
    page.wait_for_url("**/edit/")
    page.locator("#blocks .rt", has_text="失效以后写的话。再写一句。").first.wait_for()
    page.get_by_role("button", name="保存", exact=True).click()
    page.locator(".bands", has_text="已保存").wait_for()
    page.reload()
    assert "失效以后写的话。再写一句。" in page.locator("#blocks .blk.p .rt").first.inner_text()
    page.context.close()


def test_a_paragraph_is_remarked_on_in_the_margin_and_answered_there(browser: Browser, site: str) -> None:
    page = enter(browser, site, "林晓岚")
    address = begin(page, site, "有评论的报告")
    page.locator("#blocks .blk").nth(2).hover()
    page.locator(".notemark.new").click()
    page.keyboard.type("这一段请补充来源。")
    page.get_by_role("button", name="发出评论").click()
    thread = page.locator(".thread.placed", has_text="这一段请补充来源。")
    thread.wait_for()
    assert page.url == address  # nothing that was typed is left behind
    thread.get_by_role("link", name="回复").click()
    page.keyboard.type("已补充。")
    page.get_by_role("button", name="发出评论").click()
    page.locator(".thread.placed li", has_text="已补充。").wait_for()
    page.get_by_role("button", name="成文").click()
    page.locator(".official.paged").wait_for()
    part = page.locator(".official [data-block]").nth(2)
    beside = page.locator(".thread.placed")
    beside.wait_for()
    ours, theirs = beside.bounding_box(), part.bounding_box()
    assert ours is not None and theirs is not None
    assert abs(ours["y"] - theirs["y"]) < 40
    page.goto(address)
    block = page.locator("#blocks .blk").nth(2)
    block.hover()
    block.locator("button[data-act=remove]").click()
    page.get_by_role("button", name="成文").click()
    gone = page.locator(".thread.gone")
    gone.wait_for()
    assert "这一段已删去" in gone.inner_text()
    assert gone.locator("del").inner_text()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.reload()
    assert "已补充。" in page.locator("#remarks").inner_text()
    assert not page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    page.context.close()


def test_a_list_of_units_shows_its_values_and_a_figure_says_what_it_is_without_leaving_the_page(
    browser: Browser, site: str
) -> None:
    page = enter(browser, site, "林晓岚")
    address = begin(page, site, "有名单的报告")
    page.locator("#blocks .blk.p .rt").first.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.press("/")
    page.keyboard.type("单位名单")
    page.keyboard.press("Enter")  # chosen by its name, and at once asked of which figure
    page.locator(".blk.units").wait_for()
    page.keyboard.type("wtqd")  # by the first letters of its pinyin
    page.locator("#palette [aria-selected=true]", has_text="问题清单").wait_for()
    page.keyboard.press("Enter")
    rows = page.locator(".blk.units .said tbody tr")
    rows.nth(4).wait_for()
    page.locator(".blk.units input[name^=count-]").fill("3")
    rows.nth(3).wait_for(state="detached")
    assert rows.count() == 3
    page.locator(".rt .fig[data-href]").first.click()
    panel = page.locator("#fig")
    panel.locator("h3", has_text="口径").wait_for()
    assert panel.locator("a.btn").first.get_attribute("href")
    panel.get_by_role("button", name="换一个统计项").click()
    page.keyboard.type("已销号问题")
    page.locator("#palette [aria-selected=true]", has_text="258个").wait_for()
    page.keyboard.press("Enter")
    panel.locator("h2", has_text="已销号问题").wait_for()
    panel.locator(".crumb a").click()
    panel.locator("h2", has_text="插入统计项").wait_for()
    page.locator(".rt .fig[data-raw='{主要经营指标稳中向好}']").click()
    panel.locator("[data-wording]").fill("经营指标稳步向好")  # a claim is said in other words
    panel.get_by_role("button", name="改说法").click()
    page.locator(".rt .fig.on[data-raw='{主要经营指标稳中向好:经营指标稳步向好}']").wait_for()
    assert page.url == address
    page.get_by_role("button", name="成文").click()
    page.locator(".official").wait_for()
    assert page.locator(".official a.figure[data-key=issues_closed]").count()
    page.context.close()


def test_a_table_longer_than_a_page_goes_on_under_its_head_and_the_imprint_has_company(
    browser: Browser, site: str
) -> None:
    page = enter(browser, site, "林晓岚")
    page.goto(f"{site}/documents/new/")
    page.get_by_label("从什么开始").select_option("")
    page.get_by_label("标题").fill("附长表的报告")
    page.get_by_role("button", name="建立文稿").click()
    page.wait_for_url("**/edit/")
    page.locator(".addrow button", has_text="表格").click()
    page.wait_for_load_state()
    rows = "\n".join(f"{number} ｜ 第{number}行" for number in range(1, 61))
    page.locator("textarea[name^=cells-]").fill(f"序号 ｜ 内容\n{rows}")
    page.locator("details.headpart summary").click()
    page.get_by_label("抄送").fill("各二级公司")
    page.get_by_role("button", name="成文").click()
    page.locator(".official.paged").wait_for()
    sheets = page.locator(".sheetpage")
    assert sheets.count() >= 3
    told = page.locator(".sheetpage tbody tr td:last-child").all_inner_texts()
    assert told == [f"第{number}行" for number in range(1, 61)]
    for sheet in page.locator(".sheetpage", has=page.locator(".table")).all():
        table = sheet.locator(".table")
        assert table.locator("thead th").all_inner_texts() == ["序号", "内容"]
        inside, whole = table.bounding_box(), sheet.bounding_box()
        assert inside is not None and whole is not None
        assert inside["y"] + inside["height"] <= whole["y"] + whole["height"] - 130  # above the page's number
    assert sheets.last.locator("> .imprint").count() == 1
    assert sheets.last.locator("> *").count() > 1
    page.context.close()


def test_a_good_practice_pressed_twice_is_written_into_the_document_once(browser: Browser, site: str) -> None:
    page = enter(browser, site, "林晓岚")
    address = begin(page, site, "写入素材的报告")
    before = page.locator("#blocks .blk").count()
    page.get_by_role("link", name="素材库").last.click()
    page.wait_for_load_state()
    entry = page.locator(".material", has=page.get_by_role("button", name="写入文稿")).first
    told = entry.locator(".told").inner_text().strip()
    assert entry.locator("select option:checked").inner_text().startswith("写入素材的报告")
    entry.get_by_role("button", name="写入文稿").dblclick()
    page.wait_for_url(f"{address}*")
    page.locator(".bands", has_text="末尾").wait_for()
    assert page.locator("#blocks .blk").count() == before + 1
    last = page.locator("#blocks textarea.src").last.input_value()
    assert last.endswith(told[-10:])
    page.context.close()
