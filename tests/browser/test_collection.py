"""A request to 216 units through two levels, by named people of the cast, each at a browser of their own.

What the office's page says of completeness and timeliness, and what the figure says at each basis, is read off the pages
after every step that changes them. The demo's day moves on once, past the cut-off.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.cast import PHONE, Cast, paper, path_of
from tests.browsing import serving
from tests.demo_home import copied, run_guatu

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

OFFICE, LIAISON, HEAD, FILLER, OTHER = "linxiaolan", "zhouqiming", "shaoqingyue", "hejingyi", "hanzhiwei"
COMPANY, UNIT, UNIT_NAME = "HY-13", "HY-13-01", "枫林医院"
ON_PAPER, ON_PAPER_NAME = "HY-13-02", "栖霞妇幼医院"
OTHER_NAME = "海棠装配公司"
CLOSED, CLOSED_NAME = "HY-01-02", "回龙热处理厂"
TITLE, FIGURE = "9月进展补报", "/figures/progress_funds/"
TODAY, CUT_OFF, AFTER = "2023-11-30", "2023-12-04", "2023-12-05"
TENFOLD, RIGHT, BY_HAND, OTHERS = 865_000, 86_500, 42_000, 6 * 10_000
BASES = ("单位报送", "单位审签", "上级审核", "办公室认定")
WHY = "财务台账为 86,500 元，是不是多打了一个 0？"


class Watch:
    """What the office reads: how far the request has come, and the figure at each basis."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.request = cast, ""
        self.began = self.funds()

    def funds(self) -> dict[str, int]:
        ways = self.cast.at(OFFICE, FIGURE).locator("#basis .ways a").all_inner_texts()
        found = [text.split() for text in ways]
        return {words[0]: int(re.sub(r"\D", "", words[1])) for words in found}

    def gains(self) -> tuple[int, ...]:
        """What has come to the figure since the beginning: as reported, signed, reviewed, accepted."""
        now = self.funds()
        return tuple(now[basis] - self.began[basis] for basis in BASES)

    def page(self, as_of: str = "") -> Page:
        return self.cast.at(OFFICE, f"{self.request}?as_of={as_of}" if as_of else self.request)

    def levels(self, as_of: str = "") -> list[tuple[str, str]]:
        """Share and sentence of each level: filled in, reviewed, accepted."""
        lines = self.page(as_of).locator(".levels li").all()
        return [(line.locator(".big").inner_text(), line.locator("p").inner_text()) for line in lines]

    def in_time(self) -> tuple[str, int]:
        """On the page that was read last: the share that was in time, and how many came late."""
        told = self.cast.at(OFFICE).locator(".levels + p").inner_text()
        share, late = re.findall(r"及时率 (\S+)（.*补报 (\d+) 家", told)[0]
        return share, int(late)


@pytest.fixture
def home(demo_template: Path, tmp_path: Path, worker_id: str) -> Iterator[dict[str, str]]:
    """A copy of the demo whose day this walk may move on."""
    folder = tmp_path / "home"
    folder.mkdir()
    with copied(demo_template, folder, f"guatu_collect_{worker_id}") as environment:
        yield environment


def test_a_request_goes_to_216_units_and_comes_back_through_two_levels(
    browser: Browser, home: dict[str, str], tmp_path: Path
) -> None:
    # The office only reads and presses buttons: without scripts its pages do not fetch their curves besides.
    cast = Cast(browser, "", phones=[FILLER, OTHER], readers=[OFFICE])
    try:
        with serving(["demo", "--no-worker"], home, tmp_path / "first") as cast.site:
            watch = Watch(cast)
            the_office_looks_before_it_sends(cast, watch)
            a_unit_fills_it_in_on_a_phone_and_its_head_signs(cast, watch)
            the_liaison_enters_what_came_on_paper(cast, watch)
            the_rest_of_the_company_answers(home, watch)
            the_second_tier_sends_one_cell_back(cast, watch)
            the_unit_corrects_it_and_the_difference_is_shown(cast, watch)
            the_office_accepts(cast, watch)
        moved = run_guatu("demo", "--load-only", "--day", AFTER, home=home)
        assert moved.returncode == 0, moved.stderr
        with serving(["demo", "--no-worker"], home, tmp_path / "second") as cast.site:
            another_unit_says_nil_too_late(cast, watch)
            the_roster_is_amended(cast, watch)
    except BaseException as failed:
        failed.add_note("\n".join(cast.photographed(tmp_path)))
        raise
    finally:
        cast.close()


def press(within: Page | Locator, name: str | re.Pattern[str]) -> str:
    """Press a button; the sentence that the next page says. Nothing may be refused."""
    button = within.get_by_role("button", name=name)
    page = button.page
    button.click()
    page.wait_for_load_state()
    refused = page.locator(".why[role=alert]")
    assert refused.count() == 0, refused.all_inner_texts()
    return " ".join(page.locator(".noteband").all_inner_texts())


def on_the_desk(cast: Cast, who: str, step: str) -> Page:
    """What the person's desk says is to be done with the return, opened."""
    page = cast.at(who, "/todo/")
    row = page.locator("li", has=page.locator("h3", has_text=TITLE))
    row.get_by_role("link", name=step, exact=True).click()
    page.wait_for_load_state()
    return page


def fits(page: Page) -> bool:
    """Whether nothing of the page hangs over the edge of a phone."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"])


def costs(page: Page) -> tuple[int, ...]:
    """What the request costs: cells of a unit, cells of all, minutes of a unit, hours of all."""
    told = page.locator(".costs").inner_text().replace(",", "")
    cells, minutes, all_cells, hours = re.findall(
        r"(\d+) 格　.*约 (\d+) 分钟.*\n(\d+) 格，约 (\d+) 小时", told, re.S
    )[0]
    return int(cells), int(all_cells), int(minutes), int(hours)


def the_office_looks_before_it_sends(cast: Cast, watch: Watch) -> None:
    page = cast.at(OFFICE)
    page.get_by_role("link", name="填报", exact=True).first.click()
    page.get_by_role("link", name="新建报送任务").click()
    page.get_by_role("link", name="月度进展").click()
    page.get_by_label("任务名称").fill(TITLE)
    page.get_by_label("填报要求").fill("投入以元为单位，没有的填 0。")
    page.locator("input[name=period]").fill("2023-09-30")
    page.locator("input[name=cut_off]").fill(CUT_OFF)
    page.locator("input[name=second_due]").fill("2023-12-01")
    page.get_by_label("单位负责人").check()
    page.get_by_label("三级单位").check()
    press(page, "看名单")
    assert "已选 216 家" in page.locator("#units").inner_text()
    press(page, "下一步：发出前核对")
    assert "6 个字段里 3 个别处已有" in page.locator("main").inner_text()
    assert costs(page)[:2] == (6, 1_296)
    assert "二级公司要求提前 3 天报" in page.locator(".why.y").inner_text()
    press(page, "已有的全部带出")
    cells, all_cells, minutes, hours = costs(page)
    assert (cells, all_cells, hours) == (3, 648, ceil(216 * minutes / 60))
    assert "已发给 216 家单位" in press(page, "发给 216 家")
    watch.request = path_of(page)
    assert watch.levels() == [
        ("0.0%", "已报送 0，零报告 0，不涉及 0，未报 216"),
        ("0.0%", "已审 0，待审 0，退回 0"),
        ("0.0%", "30 家公司里 0 家已收齐"),
    ]
    assert watch.gains() == (0, 0, 0, 0)


def a_unit_fills_it_in_on_a_phone_and_its_head_signs(cast: Cast, watch: Watch) -> None:
    page = cast.at(FILLER, "/collection/")
    page.get_by_role("link", name=TITLE).click()
    page.wait_for_load_state()
    assert fits(page)
    held = page.locator(".pre").inner_text()
    assert re.search(r"党员人数 105\s*人 来自统计项“党员”", held), held
    assert "还差 2 格" in page.locator("#left").inner_text()
    page.get_by_label("本月集中学习").fill("3")
    page.get_by_label("本月整改投入").fill(str(TENFOLD))
    page.locator("#left", has_text="已填齐").wait_for()
    assert "待审签" in press(page, "报送")
    assert fits(page)
    assert watch.gains() == (TENFOLD, 0, 0, 0), "reported and no more"
    page = on_the_desk(cast, HEAD, "审签")
    assert "待上级审核" in press(page, re.compile("审签"))
    assert watch.gains() == (TENFOLD, TENFOLD, 0, 0)
    assert watch.levels()[:2] == [
        ("0.5%", "已报送 1，零报告 0，不涉及 0，未报 215"),
        ("0.0%", "已审 0，待审 1，退回 0"),
    ]


def the_liaison_enters_what_came_on_paper(cast: Cast, watch: Watch) -> None:
    page = cast.at(LIAISON, "/collection/")
    page.get_by_role("link", name=TITLE).click()
    page.locator("table.parts a.t").click()
    page.get_by_role("link", name=ON_PAPER_NAME).click()
    assert f"您在代{ON_PAPER_NAME}填报" in page.locator(".why.n").inner_text()
    page.get_by_label("本月集中学习").fill("2")
    page.get_by_label("本月整改投入").fill(str(BY_HAND))
    page.get_by_role("button", name="报送").click()
    assert "签字" in page.locator(".why[role=alert]").inner_text(), "not without the signed paper"
    page.locator("input[type=file]:not([capture])").first.set_input_files([paper("签字表.pdf")])  # type: ignore[list-item]
    assert "待审签" in press(page, "报送")
    assert "周启明代填" in page.locator(".under").inner_text()
    assert watch.levels()[0] == ("0.9%", "已报送 2，零报告 0，不涉及 0，未报 214")
    assert watch.gains() == (TENFOLD + BY_HAND, TENFOLD, 0, 0)


def the_rest_of_the_company_answers(home: dict[str, str], watch: Watch) -> None:
    """Their people are not of the cast: they act without a browser."""
    told = subprocess.run(
        [sys.executable, "-m", "tests.browser.collection_others", TITLE, COMPANY, UNIT, ON_PAPER],
        env={**os.environ, **home},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr[-2000:]
    assert told.stdout.strip() == "6"
    assert watch.levels()[:2] == [
        ("3.7%", "已报送 8，零报告 0，不涉及 0，未报 208"),
        ("0.0%", "已审 0，待审 8，退回 0"),
    ]
    assert watch.in_time() == ("3.7%", 0)


def the_second_tier_sends_one_cell_back(cast: Cast, watch: Watch) -> None:
    page = cast.at(LIAISON, watch.request)
    page.get_by_role("link", name="审核 7 家").click()
    assert ON_PAPER_NAME not in page.locator("main").inner_text(), "what he has entered waits for its head"
    page.get_by_role("link", name=UNIT_NAME).click()
    page.get_by_label("退回“本月整改投入”").check()
    page.get_by_label("退回的原因").fill(WHY)
    assert "已退回" in press(page, "退回勾选的格子")
    assert watch.levels()[:2] == [
        ("3.2%", "已报送 7，零报告 0，不涉及 0，未报 209"),
        ("0.0%", "已审 0，待审 7，退回 1"),
    ]
    assert watch.gains() == (BY_HAND + OTHERS, OTHERS, 0, 0), "what is sent back counts nowhere"
    assert "已审核通过 6 家" in press(page, "审核通过其余全部（6 家）")
    assert watch.levels()[1] == ("2.8%", "已审 6，待审 1，退回 1")
    assert watch.gains() == (BY_HAND + OTHERS, OTHERS, OTHERS, 0)


def the_unit_corrects_it_and_the_difference_is_shown(cast: Cast, watch: Watch) -> None:
    page = on_the_desk(cast, FILLER, "报送")
    assert WHY in page.locator(".fillcell.flawed").inner_text()
    assert fits(page)
    page.get_by_label("本月整改投入").fill(str(RIGHT))
    assert "待审签" in press(page, "报送")
    page = on_the_desk(cast, HEAD, "审签")
    assert "与上次报送的不同" in page.locator("main").inner_text()
    assert page.locator(".feed.way").inner_text().count(WHY) == 1, "the reason is said once"
    press(page, re.compile("审签"))
    assert watch.gains() == (RIGHT + BY_HAND + OTHERS, RIGHT + OTHERS, OTHERS, 0)
    page = cast.at(LIAISON, watch.request)
    page.get_by_role("link", name="审核 1 家").click()
    assert "改后重报" in page.locator(".subrows").inner_text()
    page.get_by_role("link", name=UNIT_NAME).click()
    cell = page.locator("tr", has_text="本月整改投入").locator(".diff")
    assert cell.locator("s").inner_text() == "86.5万元" and cell.locator("b").inner_text() == "8.65万元"
    press(page, "审核通过")
    assert watch.levels()[:2] == [
        ("3.7%", "已报送 8，零报告 0，不涉及 0，未报 208"),
        ("3.2%", "已审 7，待审 1，退回 0"),
    ]
    assert watch.gains() == (RIGHT + BY_HAND + OTHERS, RIGHT + OTHERS, RIGHT + OTHERS, 0)


def the_office_accepts(cast: Cast, watch: Watch) -> None:
    page = watch.page()
    page.get_by_role("link", name="审核 7 家").click()
    assert "已接收 7 家" in press(page, "接收其余全部（7 家）")
    assert watch.levels()[2] == ("3.2%", "30 家公司里 0 家已收齐")
    assert watch.gains() == (RIGHT + BY_HAND + OTHERS, RIGHT + OTHERS, RIGHT + OTHERS, RIGHT + OTHERS)


def another_unit_says_nil_too_late(cast: Cast, watch: Watch) -> None:
    assert "2023-12-04 18:00 已截止，208 家未报" in watch.page().locator(".head").inner_text()
    page = cast.at(OTHER, "/collection/")
    page.get_by_role("link", name=TITLE).click()
    page.get_by_text("零报告", exact=True).click()
    assert "待审签" in press(page, "确认零报告")
    assert "零报告" in page.locator("h2").first.inner_text() and "补报" in page.locator(".under").inner_text()
    assert fits(page)
    assert watch.levels()[0] == ("4.2%", "已报送 8，零报告 1，不涉及 0，未报 207")
    assert watch.in_time() == ("3.7%", 1)


def the_roster_is_amended(cast: Cast, watch: Watch) -> None:
    page = watch.page()
    page.get_by_role("link", name="核增核减").click()
    page.get_by_label(re.compile(CLOSED_NAME)).check()
    page.get_by_label("原因").fill("整厂停产，没有开展。")
    assert "涉及 1 家" in press(page, "改名单")
    assert watch.levels()[0] == ("4.2%", "已报送 8，零报告 1，不涉及 0，未报 206")
    assert "应报单位名单 215 家" in watch.page().locator(".head").inner_text()
    assert "应报单位名单 216 家" in watch.page(TODAY).locator(".head").inner_text()
    assert watch.levels(TODAY)[0] == ("3.7%", "已报送 8，零报告 0，不涉及 0，未报 208")
    page = watch.page()
    page.get_by_role("link", name="核增核减").click()
    page.get_by_label("核增：单位代码").fill(CLOSED)
    page.get_by_label("原因").fill("已恢复生产，照报。")
    assert "涉及 1 家" in press(page, "改名单")
    changes = page.locator("section", has_text="名单变动").last.inner_text()
    assert all(word in changes for word in ("核减", "整厂停产，没有开展。", "核增", "已恢复生产，照报。"))
    assert watch.levels()[0] == ("4.2%", "已报送 8，零报告 1，不涉及 0，未报 207")
