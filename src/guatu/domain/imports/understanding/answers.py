"""What a person has said of a table, as it is kept between two pages and handed to the worker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from guatu.domain.imports.understanding.proposal import Answers, ColumnAnswer


def as_kept(answers: Answers) -> dict[str, Any]:
    """As JSON can hold it."""
    kept = asdict(answers)
    kept["columns"] = {str(at): asdict(column) for at, column in answers.columns.items()}
    return kept


def as_answers(kept: Mapping[str, Any]) -> Answers:
    """The answers again."""
    columns = {int(at): ColumnAnswer(**said) for at, said in kept.get("columns", {}).items()}
    return Answers(**{**kept, "columns": columns})
