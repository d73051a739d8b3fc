"""The worked cases of docs/notices.md, read from the page and reckoned line by line."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.domain.reminding.stages import Stage, reached
from guatu.domain.working_days import Calendar, published_years
from tests.conftest import ROOT

DUE = date(2023, 9, 28)
CALENDAR = Calendar(published_years())
NAMES = {"提前 3 天": Stage.FAR, "提前 1 天": Stage.NEAR, "当天到期": Stage.TODAY, "逾期": Stage.LATE}
PAGE = (ROOT / "docs" / "notices.md").read_text(encoding="utf-8")


def rows() -> list[tuple[str, ...]]:
    """The lines of the table that begin with a day."""
    lines = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("| 2023-")]
    return [tuple(cell.strip() for cell in line) for line in lines]


def test_the_page_has_its_table() -> None:
    assert len(rows()) == 8
    assert f"时限 {DUE}" in PAGE


@pytest.mark.parametrize(("day", "works", "own", "above"), rows())
def test_a_line_of_the_table(day: str, works: str, own: str, above: str) -> None:
    asked = date.fromisoformat(day)
    assert CALENDAR.is_working(asked) == (works == "是")
    come = reached(asked, DUE, up_after=3, calendar=CALENDAR)
    if works == "是" or asked == DUE:
        assert come.own == NAMES.get(own)
        assert come.above == (above == "报上一级")
    else:  # nothing is told on a day off but what falls due that day
        assert (own, above) == ("–", "–")
