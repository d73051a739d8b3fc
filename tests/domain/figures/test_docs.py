"""The numbers on the pages about figures are those that the program gives."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from guatu.domain.figures import phrasing
from guatu.domain.figures.grammar import Show

ROW = re.compile(r"\| (\d+) \| `(\{.*?\})` \| (\S+) \| (\S+) – (\S+) \|")


def test_every_row_of_the_page_about_printing_is_true(repository: Path) -> None:
    page = (repository / "docs" / "figures" / "printing.md").read_text(encoding="utf-8")
    rows = ROW.findall(page)

    assert len(rows) >= 12
    for value, show, text, low, high in rows:
        printed = phrasing.number(int(value), Show.model_validate(YAML(typ="safe").load(show)))
        assert (printed.text, str(printed.low)) == (text, low)
        assert ("不限" if printed.high is None else str(printed.high)) == high


@pytest.mark.parametrize("kind", ["sum", "distinct", "union", "ratio", "yoy", "every", "all", "const"])
def test_every_aggregate_is_on_the_page(repository: Path, kind: str) -> None:
    page = (repository / "docs" / "figures" / "computing.md").read_text(encoding="utf-8")

    assert f"`{{{kind}:" in page
