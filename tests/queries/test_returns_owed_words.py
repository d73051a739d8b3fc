"""What answering a request takes, in English words: one cell is a cell."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest
from django.utils import translation

from guatu.domain.collection import Asked, Form
from guatu.queries.returns_owed import cost_words


@pytest.mark.parametrize(
    ("rows", "asked", "said"),
    [
        ("many", 1, "1 cell a row."),
        ("many", 2, "2 cells a row."),
        ("one", 1, "1 cell to fill."),
        ("one", 3, "3 cells to fill."),
    ],
)
def test_one_cell_is_not_spoken_of_as_cells(rows: Literal["many", "one"], asked: int, said: str) -> None:
    fields = tuple(Asked(f"f{n}") for n in range(asked))
    with translation.override("en"):
        assert cost_words(Form("monthly", fields, datetime(2023, 11, 30, 18), rows=rows)) == said
