"""The door in a browser: shut after five wrong passwords, opened by a slip, a second factor set up and asked."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.browsing import serving

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
PASSWORD = "Mountain-2026"
LOCKED = "连续 5 次密码错误，账号锁定 30 分钟。急需使用的，请联系上级单位联络员或安全管理员。"

# A house of ten people where the office, a liaison and a filler have passwords.
HOUSE = f"""
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from guatu.access import operator
from guatu.actions.accounts import set_password
from tests.people import small_world
small_world()
for username in ("lin", "zhou", "ren"):
    set_password(operator(), username=username, password={PASSWORD!r})
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Iterator[str]:
    """The address of the house, by a name for which browsers allow passkeys without https."""
    folder = tmp_path_factory.mktemp("door")
    home = {"GUATU_HOME": str(folder / "home"), "DJANGO_SETTINGS_MODULE": "guatu.project.settings"}
    environment = {**os.environ, **home}
    environment.pop("GUATU_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", HOUSE], env=environment, cwd=repository, check=True)
    with serving(["serve", "--no-worker", "--workers", "1"], home, folder / "log") as address:
        yield address.replace("127.0.0.1", "localhost")


def log_in(page: Page, house: str, username: str, password: str = PASSWORD) -> None:
    page.goto(f"{house}/enter/")
    page.get_by_label("账号", exact=True).fill(username)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_load_state()


def digits(secret: str) -> str:
    """What an app shows now; a moment before the digits change it waits for the next ones."""
    if time.time() % 30 > 27:
        time.sleep(4)
    return format_hotp_value(hotp_value(secret.replace(" ", ""), int(time.time()) // 30))


def grave(page: Page) -> dict[str, list[str]]:
    """What axe finds serious on the page that is open."""
    from axe_playwright_python.sync_playwright import Axe

    wanted = {"resultTypes": ["violations"], "runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}
    return {
        one["id"]: [node["html"][:120] for node in one["nodes"][:3]]
        for one in Axe().run(page, options=wanted).response["violations"]
        if one["impact"] in {"serious", "critical"}
    }


def test_the_fifth_wrong_password_shuts_the_account_with_its_sentence(page: Page, house: str) -> None:
    for _try in range(4):
        log_in(page, house, "ren", "wrong")
        assert "账号或密码不对" in page.locator(".why").inner_text()
    log_in(page, house, "ren", "wrong")
    assert page.locator(".why").inner_text() == LOCKED
    log_in(page, house, "ren")
    assert page.locator(".why").inner_text() == LOCKED
    # The liaison of the parent company opens it again.
    page.context.clear_cookies()
    log_in(page, house, "zhou")
    page.goto(f"{house}/accounts/")
    row = page.locator("tr", has_text="任子衡")
    assert "分钟后解除" in row.inner_text()
    assert grave(page) == {}
    row.get_by_role("button", name="解锁").click()
    assert "已解锁" in page.locator(".noteband").inner_text()
    page.context.clear_cookies()
    log_in(page, house, "ren")
    assert page.url.endswith("/todo/")


def test_a_slip_is_printed_and_opens_an_account(
    page: Page, house: str, context: BrowserContext, tmp_path: Path
) -> None:
    pypdf = pytest.importorskip("pypdf")
    log_in(page, house, "zhou")
    page.goto(f"{house}/accounts/")
    page.get_by_label("选陆文博").check()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="给勾选的人打印启用单").click()
    waiting.value.save_as(tmp_path / "slips.pdf")
    paper = pypdf.PdfReader(tmp_path / "slips.pdf").pages[0].extract_text()
    code = next(word for word in paper.split() if len(word) == 14 and word.count("-") == 2)
    assert f"{house}/activate/" in paper.replace("\n", "")
    context.clear_cookies()

    page.set_viewport_size({"width": 360, "height": 760})
    page.goto(f"{house}/enter/")
    assert grave(page) == {}
    page.get_by_role("link", name="启用账号").click()
    assert grave(page) == {}
    page.get_by_label("账号", exact=True).fill("lu")
    page.get_by_label("启用码").fill(code.lower())
    page.get_by_label("新密码").fill("short")
    page.get_by_label("再输入一次").fill("short")
    page.get_by_role("button", name="启用并进入").click()
    assert "只有 5 个字符" in page.locator(".err").inner_text()
    page.get_by_label("新密码").fill(PASSWORD)
    page.get_by_label("再输入一次").fill(PASSWORD)
    page.get_by_role("button", name="启用并进入").click()
    page.wait_for_url("**/todo/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_office_sets_up_an_app_and_comes_in_with_it_and_then_a_passkey(
    page: Page, house: str, context: BrowserContext
) -> None:
    log_in(page, house, "lin")
    assert page.url.endswith("/account/factors/")
    page.goto(f"{house}/wall/")
    assert page.url.endswith("/account/factors/")  # nothing else before
    page.get_by_role("link", name="设置手机验证器").click()
    assert page.locator(".qr svg path").count() >= 1
    assert grave(page) == {}
    secret = page.locator(".secret").inner_text()
    page.get_by_label("填验证器显示的 6 位数字").fill(digits(secret))
    page.get_by_role("button", name="完成设置").click()
    assert page.locator(".codes li").count() == 10
    recovery = page.locator(".codes li").first.inner_text()
    page.get_by_role("link", name="已经抄好，继续").click()
    page.wait_for_url("**/todo/")

    # A passkey beside it, from a device that Chromium plays.
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto(f"{house}/account/factors/")
    assert grave(page) == {}
    page.get_by_role("link", name="添加通行密钥").click()
    assert grave(page) == {}
    page.get_by_label("给它起个名字").fill("办公室的电脑")
    page.get_by_role("button", name="添加", exact=True).click()
    page.wait_for_url("**/account/factors/")
    assert "办公室的电脑" in page.locator("main").inner_text()

    # Out, and in again: by a recovery code, then by the passkey.
    context.clear_cookies()
    log_in(page, house, "lin")
    assert page.url.endswith("/enter/second/")
    assert grave(page) == {}
    page.get_by_label("验证码").fill("000000")
    page.get_by_role("button", name="继续").click()
    assert "验证码不对" in page.locator(".err").inner_text()
    page.get_by_label("验证码").fill(recovery)
    page.get_by_role("button", name="继续").click()
    page.wait_for_url("**/todo/")
    context.clear_cookies()
    log_in(page, house, "lin")
    page.get_by_role("button", name="用通行密钥").click()
    page.wait_for_url("**/todo/")
    page.goto(f"{house}/account/")
    assert grave(page) == {}
