"""The fingerprint of a workbook that is filled offline: what was given out, to whom, when, and which rows at which version.

It stands on a hidden sheet and carries a keyed hash, so that a changed one is noticed. It grants nothing: what comes back
is judged by the rights of whoever brings it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.crypto import salted_hmac

from guatu.domain.imports.grid import Grid, Workbook

SHEET = "_guatu"
LISTS = "_lists"
KIND = "guatu-fill-1"
_SALT = "guatu.fill_marks"


@dataclass(frozen=True, slots=True)
class Mark:
    """What was given out. `unit`: the code of the unit whose part it is, the root's for everything; `known_at`: the batch
    as of which it was filled; `issued_at` in ISO form; `columns`: the keys of the machine row; `rows`: number → version.
    """

    campaign: str
    register: str
    unit: str
    pack: str
    pack_version: str
    issued_at: str
    issued_by: str
    known_at: int
    columns: tuple[str, ...]
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def head(self) -> dict[str, Any]:
        """Everything but the rows."""
        told = asdict(self)
        told.pop("rows")
        return told


def lines_of(mark: Mark) -> list[tuple[str, int | str]]:
    """The rows of the hidden sheet: what it is, the head, the keyed hash, then number and version of each row."""
    head = json.dumps(mark.head, ensure_ascii=False, sort_keys=True)
    rows = list(mark.rows.items())
    return [(KIND, ""), (head, ""), (_signature(head, mark.rows), ""), *rows]


def mark_in(book: Workbook) -> tuple[Mark | None, bool]:
    """The fingerprint that the workbook carries, and whether it is as it was given out. (None, False) without one."""
    grid = next((one for one in book.sheets if one.name == SHEET), None)
    if grid is None or len(grid.rows) < 3 or not grid.rows[0] or grid.rows[0][0] != KIND:
        return None, False
    try:
        return _read(grid)
    except (ValueError, TypeError, KeyError, IndexError, OverflowError, RecursionError):
        return None, False


def _read(grid: Grid) -> tuple[Mark, bool]:
    head = str(grid.rows[1][0])
    told = json.loads(head)
    rows = {str(row[0]): int(float(str(row[1]))) for row in grid.rows[3:] if row and str(row[0]).strip()}
    mark = Mark(
        campaign=str(told["campaign"]),
        register=str(told["register"]),
        unit=str(told["unit"]),
        pack=str(told["pack"]),
        pack_version=str(told["pack_version"]),
        issued_at=str(told["issued_at"]),
        issued_by=str(told["issued_by"]),
        known_at=int(told["known_at"]),
        columns=tuple(str(key) for key in told["columns"]),
        rows=rows,
    )
    return mark, hmac.compare_digest(_signature(head, rows), str(grid.rows[2][0]))


def _signature(head: str, rows: Mapping[str, int]) -> str:
    said = "\n".join([head, *(f"{number} {version}" for number, version in sorted(rows.items()))])
    return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()
