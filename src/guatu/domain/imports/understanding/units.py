"""Units as cells of any workbook name them: by code, name, short name, alias or former name; near misses as candidates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from guatu.domain.fields.base import narrow
from guatu.domain.imports.item_cells import Lookups

MOST_LOOKED_UP = 60
"""For so many different names that are none of ours candidates are looked for: each is compared with every unit."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that was probably meant."""

    code: str
    written: str


@dataclass(slots=True)
class Units:
    """The units of the house, and what the person has said about names that are none of theirs.

    `chosen`: a name as the sheet has it → the code of the unit that was chosen for it; '' leaves its rows out.
    """

    lookups: Lookups
    chosen: Mapping[str, str] = field(default_factory=dict)
    _exact: dict[str, tuple[str, ...]] | None = None
    _candidates: dict[str, tuple[Candidate, ...]] = field(default_factory=dict)

    def find(self, text: str) -> str | None:
        """The code of the one unit that is called so, spaces aside, or that was chosen; None for none or several."""
        if self.chosen.get(text):
            return self.chosen[text]
        codes = self.named(text)
        return codes[0] if len(codes) == 1 else None

    def named(self, text: str) -> tuple[str, ...]:
        """The codes of all units that are called so."""
        wanted = narrow(text)
        if wanted in self.lookups.units:
            return (wanted,)
        exact = self._by_name()
        codes = exact.get(wanted) or exact.get("".join(wanted.split()), ())
        if codes:
            return codes
        if wanted.endswith(")"):  # 一厂（F1） as our own workbooks write it
            found = self.lookups.unit(text)
            return (found,) if isinstance(found, str) else ()
        return ()

    def candidates(self, text: str) -> tuple[Candidate, ...]:
        """The units that were probably meant by a name that is none, or that several have."""
        if text not in self._candidates:
            several = self.named(text)
            if several:
                found = tuple(Candidate(code, self.lookups.unit_written(code)) for code in several)
            elif len(self._candidates) >= MOST_LOOKED_UP:
                return ()
            else:
                near = self.lookups.unit(text)
                written = near if isinstance(near, tuple) else (self.lookups.unit_written(near),)
                found = tuple(
                    Candidate(code, each)
                    for each in written
                    if isinstance(code := self.lookups.unit(each), str)
                )
            self._candidates[text] = found
        return self._candidates[text]

    def _by_name(self) -> dict[str, tuple[str, ...]]:
        if self._exact is None:
            found: dict[str, dict[str, None]] = {}
            for unit in self.lookups.units.values():
                for name in (unit.short_name, *unit.names):
                    for spelled in (narrow(name), "".join(narrow(name).split())):
                        found.setdefault(spelled, {})[unit.code] = None
            self._exact = {name: tuple(codes) for name, codes in found.items()}
        return self._exact
