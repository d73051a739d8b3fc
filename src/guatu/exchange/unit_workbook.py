"""The workbook in which units are handed in: headings, drop-downs, a line of instruction under each; empty or filled."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.domain.imports.unit_plan import UnitRow, Vocabulary


def unit_workbook(words: Vocabulary, rows: Sequence[UnitRow] = ()) -> bytes:
    """The bytes of an .xlsx; `rows` (see `queries.unit_import.current_rows`) fill it with what stands."""
    raise ValueError(words, rows)
