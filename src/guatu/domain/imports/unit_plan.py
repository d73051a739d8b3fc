"""What the import of a unit workbook would do: the difference against what stands, as of each row's own day."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from guatu.domain.imports.plan import Readiness
from guatu.domain.imports.problems import Problem
from guatu.domain.pack.base import Option
from guatu.domain.pack.schema import HeadCountKind, Pack
from guatu.domain.spells import canonical

Kind = Literal["new", "renamed", "moved", "placed", "backdated", "changed"]
"""new: not there yet · renamed · moved: another parent · placed: stands in another tree, not in this one yet ·
backdated: stands from an earlier day on · changed: level, sector, head-counts, aliases, order."""

KINDS: tuple[Kind, ...] = ("new", "renamed", "moved", "placed", "backdated", "changed")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the pack allows in a unit's row."""

    levels: tuple[Option, ...]
    sectors: tuple[Option, ...]
    head_counts: tuple[HeadCountKind, ...]

    @classmethod
    def of(cls, pack: Pack) -> Vocabulary:
        """The levels, sectors and kinds of head-count that `pack` declares."""
        return cls(pack.head.levels, pack.head.sectors, pack.head.head_counts)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A row of the sheet, understood. None = the sheet says nothing about it (an empty cell changes nothing).

    `parent` is the code of the unit above; `root` says that the row stands for the top of the tree. `former_names`
    are added to those known, `aliases` replace them.
    """

    row: int
    code: str
    name: str
    short_name: str | None
    parent: str | None
    root: bool
    level: str | None
    sector: str | None
    aliases: tuple[str, ...] | None
    former_names: tuple[str, ...] | None
    head_counts: Mapping[str, int]
    order: int | None
    day: date


@dataclass(frozen=True, slots=True)
class Detail:
    """One value before and after, both in words; `before` is empty for a unit that is new."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class UnitChange:
    """What happens to one unit from `day` on. `kinds` has at least one entry, in the order of `KINDS`."""

    row: int
    code: str
    name: str
    kinds: tuple[Kind, ...]
    details: tuple[Detail, ...]
    day: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A unit that stands in the tree and is not in the sheet: reported, never ended."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class ImportPlan(Readiness):
    """A dry run. `errors` non-empty = nothing can be applied; `empty` = there is nothing to apply.

    `file`, `sha256`, `sheet`: where the rows come from. `read` counts the rows that were understood, `unchanged` those
    that say what stands already. `mark` is the last batch that changed a unit when the plan was made. `token` is what
    a page hands back on “apply”, so that what is applied is what was shown.
    """

    file: str
    sha256: str
    sheet: str
    tree: str
    day: date
    rows: tuple[UnitRow, ...] = ()
    changes: tuple[UnitChange, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    mark: int = 0
    read: int = 0
    vocabulary: Vocabulary = field(default=Vocabulary((), (), ()), repr=False)

    def of_kind(self, kind: Kind) -> tuple[UnitChange, ...]:
        """The changes of one kind; a unit may be renamed and moved at once."""
        return tuple(change for change in self.changes if kind in change.kinds)

    @property
    def token(self) -> str:
        """“mark:digest” of what the plan would do."""
        said = [
            [c.code, c.kinds, c.day.isoformat(), [[d.label, d.before, d.after] for d in c.details]]
            for c in self.changes
        ]
        return f"{self.mark}:{hashlib.sha256(canonical([self.tree, said]).encode()).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying did: the batch (None when there was nothing to do); `repeated` = it had been done before."""

    batch: int | None
    units: int
    repeated: bool = False
