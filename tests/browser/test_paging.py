"""The pages that a document's sheet is cut into on the screen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.sqlite]
PAGING = Path(__file__).parents[2] / "src/guatu/web/static/js/paging.js"
SHEET = """<!doctype html><style>
  .sheetpage {{ width: 300px; line-height: 20px; font-size: 16px }} .sheetpage * {{ margin: 0; font-size: 16px }}
</style><div id="sheets"><div class="official">{inner}</div></div>"""


def test_a_heading_longer_than_a_page_stands_alone_and_the_text_goes_on_behind_it(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.set_default_timeout(5_000)
    words = "".join(f"<h3>{'长' * 600}</h3><p>{word * 200}</p>" for word in "甲乙")
    page.set_content(SHEET.format(inner=f"<p>前文</p>{words}"))
    page.add_script_tag(content=PAGING.read_text(encoding="utf-8"))
    page.locator(".official.paged p", has_text="乙").last.wait_for()
    shown = page.locator(".sheetpage").all_inner_texts()
    assert "".join(shown).replace("\n", "") == "前文" + "".join("长" * 600 + word * 200 for word in "甲乙")
    assert all(shown), "no page is empty"
    page.close()
