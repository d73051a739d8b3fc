"""What the import of a liaison list would do: people, their posts and telephones."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from typing import Literal

from guatu.domain.imports.plan import Readiness
from guatu.domain.imports.problems import Problem
from guatu.domain.spells import canonical

PersonKind = Literal["new", "appointed", "telephone"]
"""new: a person to be entered · appointed: a post to be given · telephone: a number to be noted."""


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A row of the list, understood. `role` is the role's key; `telephone` is empty when the row gives none."""

    row: int
    unit: str
    name: str
    username: str
    role: str
    telephone: str
    day: date


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What one row brings about, in words: 何静宜，华岳物流，填报员."""

    row: int
    username: str
    name: str
    unit: str
    role: str
    kinds: tuple[PersonKind, ...]
    day: date


@dataclass(frozen=True, slots=True)
class PeoplePlan(Readiness):
    """A dry run of a liaison list; as `ImportPlan`, for people."""

    file: str
    sha256: str
    sheet: str
    campaign: str
    day: date
    rows: tuple[PersonRow, ...] = ()
    changes: tuple[PersonChange, ...] = ()
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    notes: tuple[Problem, ...] = ()
    mark: int = 0
    read: int = 0

    @property
    def token(self) -> str:
        """“mark:digest” of what the plan would do; telephone numbers stay out of it."""
        said = [[c.username, c.name, c.unit, c.role, c.kinds, c.day.isoformat()] for c in self.changes]
        return f"{self.mark}:{hashlib.sha256(canonical([self.campaign, said]).encode()).hexdigest()}"
