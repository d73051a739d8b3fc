"""A running demo and a browser to look at it: session fixtures for tests marked `browser`."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

GUATU = Path(sys.executable).with_name("guatu")
START_SECONDS = 180
QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def free_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(arguments: list[str], environment: dict[str, str], log: Path) -> Iterator[str]:
    """Run `guatu ARGUMENTS --port …` until the block ends; the address once it answers."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    command = [str(GUATU), *arguments, "--port", str(port)]
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=out, stderr=subprocess.STDOUT, text=True
        )
        try:
            _wait_until_it_answers(process, address, log)
            yield address
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait_until_it_answers(process: subprocess.Popen[str], address: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process.poll() is not None:
            pytest.fail(
                f"the server ended with {process.returncode}:\n{log.read_text(encoding='utf-8')[-3000:]}"
            )
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer from {address}:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def site(demo_home: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a demo that is being served, e.g. http://127.0.0.1:40001 (no slash at the end)."""
    log = tmp_path_factory.mktemp("site") / "log"
    with serving(["demo"], demo_home, log) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the session."""
    # Playwright keeps an event loop in this thread; Django would refuse its own tests there.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patched, sync_playwright() as playwright:
        _clicks_wait_for_what_they_lead_to(patched)
        started = playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield started
        started.close()


def _clicks_wait_for_what_they_lead_to(patched: pytest.MonkeyPatch) -> None:
    """A click returns once the page it leads to has loaded; where it leads nowhere it returns at once.

    Playwright waits only until the next page has begun to come, and a locator counts what has come so far.
    """
    from playwright.sync_api import Locator

    click = Locator.click

    def clicked(self: Locator, **options: Any) -> None:
        page = self.page
        click(self, **options)
        if not page.is_closed():
            page.wait_for_load_state()

    patched.setattr(Locator, "click", clicked)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh visitor: no cookies, Chinese, a desk's screen."""
    fresh = browser.new_context(locale="zh-CN", viewport={"width": 1440, "height": 900})
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of that visitor; errors of the page's own scripts fail the test at the next step."""
    return context.new_page()
