"""What is wrong with a row, or worth knowing about it: one whole sentence that names row, column, value and rule."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 50
"""How many problems are listed at once; the number of all of them is always said."""


@dataclass(frozen=True, slots=True)
class Problem:
    """`sentence` stands alone; `row` is the sheet's own row number (from 1), 0 for the sheet as a whole.

    `column` is the heading as it stands in the sheet, `value` what was found there; both may be empty.
    `candidates` are names of which one was probably meant.
    """

    row: int
    sentence: str
    column: str = ""
    value: str = ""
    candidates: tuple[str, ...] = ()


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """By row, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.row))
