"""New rows of a sheet that say what already stands: a sheet that was saved again and sent in a second time.

Such a file has another checksum, and its new rows have no number. Entered again they would be counted twice.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import replace

from guatu.domain.fields import Value
from guatu.domain.imports.item_diff import Difference, NewRow
from guatu.domain.imports.item_sheet import DUE, PARENT, START, STATE, TITLE, UNIT, SheetColumn

GIVEN_ANYWAY = (STATE, START, PARENT, DUE)
"""What an item gets even if its row said nothing of it, and what becomes of it afterwards."""

Values = Mapping[str, Value | None]


def without_twins(
    found: Difference, columns: Sequence[SheetColumn], standing: Iterable[tuple[str, Values]]
) -> tuple[Difference, tuple[str, ...]]:
    """Leave out the new rows that equal an item of `standing` (number, values) in every column that a new row fills.

    One item stands for one row. Returns what is left of the difference, and the numbers of the items, in the rows' order.
    """
    filled = [column.key for column in columns if column.fills and column.key not in (STATE, UNIT, TITLE)]
    held: dict[Hashable, list[tuple[str, Values]]] = {}
    for number, values in standing:
        held.setdefault((values.get(UNIT), values.get(TITLE)), []).append((number, values))
    new, numbers = [], []
    for row in found.new:
        alike = held.get((row.values.get(UNIT), row.values.get(TITLE)), [])
        twin = next((one for one in alike if _same(row, one[1], filled)), None)
        if twin is None:
            new.append(row)
        else:
            alike.remove(twin)
            numbers.append(twin[0])
    if not numbers:
        return found, ()
    return replace(found, new=tuple(new), unchanged=found.unchanged + len(numbers)), tuple(numbers)


def _same(row: NewRow, values: Values, filled: Iterable[str]) -> bool:
    return all(
        row.values.get(key) == values.get(key)
        for key in filled
        if key not in GIVEN_ANYWAY or row.values.get(key) is not None
    )
