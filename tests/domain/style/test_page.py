"""docs/style.md is what the table of rules makes."""

from __future__ import annotations

from scripts import style


def test_the_page_of_style_is_that_of_the_table() -> None:
    written = style.PAGE.read_text(encoding="utf-8")
    assert written == style.page(), "请运行 scripts/style.py write · run scripts/style.py write"
