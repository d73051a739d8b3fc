"""What a text should say instead, where that is certain."""

from __future__ import annotations

from guatu.domain.checker.readings import Numeral
from guatu.domain.statements import Statement


def printed_right(numeral: Numeral, statement: Statement) -> str | None:
    """Our own print of the figure; in a table's cell, where no measure word stands, the number without it."""
    if not numeral.text[-1:].isdigit():
        return statement.text or None
    measure = next((one for one in statement.say.measures if statement.text.endswith(one)), "")
    return statement.text.removesuffix(measure) or None


def as_visits(text: str) -> str | None:
    """A count of visits that was written as a count of units: 1829家 → 1829家次."""
    return f"{text}次" if text.endswith("家") else None
