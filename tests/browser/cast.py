"""The people of a demo at browsers of their own: each enters once, and keeps the page that is open."""

from __future__ import annotations

import io
import re
from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1440, "height": 900}
MINUTE = 60_000
"""Milliseconds that a page may take: other tests run beside."""


def paper(name: str) -> dict[str, object]:
    """A sheet of paper that was scanned, as a file input takes it."""
    kept = io.BytesIO()
    Image.new("RGB", (210, 297), "white").save(kept, "PDF")
    return {"name": name, "mimeType": "application/pdf", "buffer": kept.getvalue()}


def path_of(page: Page) -> str:
    """The address of a page without the site, its query and its fragment."""
    return re.sub(r"^https?://[^/]+|[?#].*$", "", page.url)


class Cast:
    """The people of the demo at their screens. `site` changes when the demo is started again on a later day.

    `phones` are those who hold a phone, `readers` those whose pages run no script.
    """

    def __init__(
        self, browser: Browser, site: str, *, phones: Collection[str] = (), readers: Collection[str] = ()
    ) -> None:
        self.browser, self.site = browser, site
        self.phones, self.readers = phones, readers
        self.pages: dict[str, Page] = {}

    def at(self, who: str, path: str = "") -> Page:
        """The person's page, opened at `path`."""
        if who not in self.pages:
            context = self.browser.new_context(
                locale="zh-CN",
                viewport=PHONE if who in self.phones else DESK,  # type: ignore[arg-type]
                java_script_enabled=who not in self.readers,
            )
            context.set_default_timeout(MINUTE)
            page = self.pages[who] = context.new_page()
            page.goto(f"{self.site}/enter/")
            page.locator(f"button[name=person][value={who}]").click()
            page.wait_for_load_state()
        page = self.pages[who]
        if path:
            answer = page.goto(f"{self.site}{path}")
            assert answer is not None and answer.status == 200, (who, path, answer and answer.status)
        return page

    def close(self) -> None:
        for page in self.pages.values():
            page.context.close()

    def photographed(self, folder: Path) -> list[str]:
        """Screenshots of what everybody has before them, for a walk that failed."""
        for who, page in self.pages.items():
            page.screenshot(path=folder / f"{who}.png", full_page=True)
        return [f"{folder}/{who}.png: {page.url}" for who, page in self.pages.items()]
