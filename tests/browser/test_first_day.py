"""The first day: from an empty home to a running campaign with a tree of 1,832 units, by the guided path alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browsing import serving
from tests.trees import BRANCHES, COMPANIES, HEADINGS, THIRDS, tree_rows, workbook

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
PASSWORD = "Mountain-2026"
UNITS = 1 + COMPANIES + THIRDS + BRANCHES
FIRST = (
    ("系统管理员", "方若谷", "fang"),
    ("安全管理员", "季长宁", "ji"),
    ("审计管理员", "叶栖迟", "ye"),
    ("办公室", "林晓岚", "lin"),
)
PEOPLE = ("单位代码", "姓名", "账号", "身份", "电话")
MISSING_FILLERS = 9


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of an empty home that is being served, and what its console says."""
    log = tmp_path / "log"
    home = tmp_path / "home"
    home.mkdir()
    with serving(["serve", "--no-worker", "--workers", "1"], {"GUATU_HOME": str(home)}, log) as address:
        yield address, log


def people_rows() -> list[tuple[str, ...]]:
    """A liaison for each company and a filler for all third-tier units but nine."""
    rows: list[tuple[str, ...]] = []
    for n in range(COMPANIES):
        rows.append(
            (f"HY-{n + 1:02d}", f"联络{n + 1:02d}", f"ll{n + 1:02d}", "二级公司联络员", f"138000{n:05d}")
        )
    for n in range(THIRDS - MISSING_FILLERS):
        rows.append((f"HY-T{n + 1:03d}", f"填报{n + 1:03d}", f"tb{n + 1:03d}", "填报员", f"139000{n:05d}"))
    return rows


def heading(page: Page) -> str:
    return page.locator("h1").inner_text()


def upload(page: Page, name: str, content: bytes) -> str:
    """Upload a workbook and read what the dry run says."""
    page.locator("#upload input[type=file]").set_input_files(
        {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="上传并看差异").click()
    page.wait_for_load_state()
    return page.locator("#plan .why").inner_text()


def test_from_an_empty_home_to_a_running_campaign(page: Page, empty_site: tuple[str, Path]) -> None:
    site, log = empty_site
    page.goto(site)
    assert heading(page) == "这里还没有数据"
    page.get_by_role("link", name="开始设置").click()

    # Whoever does not read the console gets no further.
    page.get_by_label("设置码").fill("AAAA-BBBB-CCCC")
    page.get_by_role("button", name="继续").click()
    assert "还可以试 4 次" in page.locator(".why").inner_text()
    code = re.search(r"设置码：([0-9A-Z-]{14})", log.read_text(encoding="utf-8"))
    assert code is not None
    page.get_by_label("设置码").fill(code[1].lower())
    page.get_by_role("button", name="继续").click()

    # 1 The house and its first four people; one password is too short and is said so beside its field.
    assert heading(page) == "集团、办公室和三员"
    page.get_by_label("集团名称").fill("华岳集团有限公司")
    page.get_by_label("简称").fill("华岳集团")
    page.get_by_label("单位代码").fill("HY")
    for role, name, username in FIRST:
        part = page.get_by_role("region", name=role)
        part.get_by_label("姓名").fill(name)
        part.get_by_label("账号").fill(username)
        for field in part.locator("input[type=password]").all():
            field.fill("short" if username == "ye" else PASSWORD)
    page.get_by_role("button", name="建立并继续").click()
    assert "只有 5 个字符" in page.get_by_role("region", name="审计管理员").inner_text()
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.get_by_role("button", name="建立并继续").click()
    assert "设置码已作废" in page.locator(".noteband").inner_text()

    # 2 The tree: a workbook with a mistake writes nothing; the right one is shown, then written.
    assert heading(page) == "单位"
    page.get_by_label("层级和板块的叫法取自").select_option("theme-education")
    page.get_by_role("button", name="改用").click()
    broken = tree_rows("HY")
    broken[7] = (*broken[7][:3], "HY-99", *broken[7][4:])
    assert "现在一行也不会导入" in upload(page, "单位.xlsx", workbook(HEADINGS, broken))
    assert "HY-99" in page.locator("#plan .problems").inner_text()
    assert page.get_by_role("button", name="确认导入").count() == 0
    assert "新增 1,831 家" in upload(page, "单位.xlsx", workbook(HEADINGS, tree_rows("HY")))
    page.get_by_role("button", name="确认导入").click()
    assert "已导入 1,831 家单位" in page.locator(".noteband").inner_text()
    assert f"共 {UNITS:,} 家" in page.locator(".stepbody").inner_text()

    # 3 The campaign, from a pack.
    page.get_by_role("link", name="下一步：专项工作").click()
    cards = page.locator(".packcard")
    assert cards.count() >= 2
    card = cards.filter(has_text="基层党组织")
    assert "张清单" in card.inner_text()
    if card.get_by_role("link", name="选这个模板").count():
        card.get_by_role("link", name="选这个模板").click()
    page.get_by_label("代码", exact=True).fill("first-2026")
    page.get_by_label("开始日").fill("2026-01-01")
    page.get_by_label("结束日").fill("2025-12-31")
    page.get_by_role("button", name="建立", exact=True).click()
    assert "早于开始日" in page.locator(".err").inner_text()
    page.get_by_label("结束日").fill("2027-12-31")
    page.get_by_role("button", name="建立", exact=True).click()

    # 4 The people, with telephones.
    assert heading(page) == "联络员与填报员"
    assert "新增人员 237" in upload(page, "名单.xlsx", workbook(PEOPLE, people_rows()))
    assert "13900000001" not in page.content()
    page.get_by_role("button", name="确认导入").click()
    page.get_by_role("link", name="联络员名单").first.click()
    assert "13900000001" in page.locator("table").inner_text()
    page.go_back()

    # 5 What is still missing, by name.
    page.get_by_role("link", name="下一步：启动检查").click()
    found = page.locator(".stepbody").inner_text()
    without = (
        1 + COMPANIES + MISSING_FILLERS + sum(n % THIRDS >= THIRDS - MISSING_FILLERS for n in range(BRANCHES))
    )
    assert f"{UNITS:,} 家单位，{without} 家无填报员，0 家无审核人" in found
    assert f"第{THIRDS:03d}厂" in page.content()

    # 6 Into the campaign: a key task, handed down to every third-tier unit, hangs on the wall.
    page.get_by_role("link", name="下一步：开始").click()
    page.get_by_role("link", name="打开作战图").click()
    assert heading(page) == "作战图"
    page.goto(f"{site}/registers/key_tasks/new/")
    page.locator("input[name=title]").first.fill("集中走访")
    page.get_by_label("所属方面").select_option(index=1)
    page.get_by_label("简称").fill("集中走访")
    page.get_by_label("序号").fill("1")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url(re.compile(r"/items/[0-9a-f-]{36}/"))
    page.get_by_role("link", name="分解下达").click()
    page.get_by_label("三级单位").check()
    page.get_by_role("button", name="看名单").click()
    page.get_by_label("时限").fill("2027-06-30")
    page.get_by_role("button", name=f"分解下达给 {THIRDS} 家").click()
    assert f"已分解下达到 {THIRDS} 家单位" in page.locator(".noteband").inner_text()
    page.goto(f"{site}/wall/")
    assert "集中走访" in page.locator("table thead").first.inner_text().replace("\n", "")
    assert page.locator("table tbody tr").count() >= COMPANIES
