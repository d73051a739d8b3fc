"""Documents that are issued (定稿): their stages, how they are numbered, what is kept of a figure. Pure values."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.results import Result
from guatu.domain.words import gettext as _

COMMENTS, APPROVAL, FINAL = "comments", "approval", "final"
STAGES: Final = (COMMENTS, APPROVAL, FINAL)
FORMS: Final = ("docx", "pdf", "html")
"""In which formats an issued document is kept."""


def stage_labels() -> Mapping[str, str]:
    """What each stage is called."""
    return {COMMENTS: _("征求意见稿"), APPROVAL: _("送审稿"), FINAL: _("定稿")}


def titled(title: str, stage: str) -> str:
    """The title as printed: a version that is not final says so."""
    if stage == FINAL:
        return title
    return _("{title}（{stage}）").format(title=title, stage=stage_labels()[stage])


def number_words(number: int, total: int | None = None) -> str:
    """第3期, 第3期（总第15期）."""
    if total is not None:
        return _("第{number}期（总第{total}期）").format(number=number, total=total)
    return _("第{number}期").format(number=number)


@dataclass(frozen=True, slots=True)
class KeptFigure:
    """A figure as an issued document prints it. `text` is how it is said, `printed` what stands in the document.

    `ref` names it within its document: the key, with the `unit` (code, empty for the whole) and the `day` where they are others
    than the document's. `value` is exact, as text (true and false for claims, empty where there is none); `sides` both sides of a share. `units`:
    the units that it counts, each with its amount, where it counts units; `records` and `sha256` are the number of its
    records and the hash of their list. `outside`: how much of it comes from outside the system.
    """

    ref: str
    key: str
    unit: str
    day: str
    label: str
    kind: str
    text: str
    printed: tuple[str, ...]
    value: str
    sides: tuple[str, ...]
    definition: str
    scope: str
    outside: str
    units: tuple[tuple[int, str], ...]
    records: int
    sha256: str

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "ref": self.ref,
            "key": self.key,
            "unit": self.unit,
            "day": self.day,
            "label": self.label,
            "kind": self.kind,
            "text": self.text,
            "printed": list(self.printed),
            "value": self.value,
            "sides": list(self.sides),
            "definition": self.definition,
            "scope": self.scope,
            "outside": self.outside,
            "units": [list(one) for one in self.units],
            "records": self.records,
            "sha256": self.sha256,
        }


def kept_figure(told: Mapping[str, Any]) -> KeptFigure:
    """What `KeptFigure.kept` gave."""
    return KeptFigure(
        **{
            **told,
            "printed": tuple(told["printed"]),
            "sides": tuple(told["sides"]),
            "units": tuple((unit, amount) for unit, amount in told["units"]),
        }
    )


def ref_of(key: str, unit: str = "", day: str = "") -> str:
    """The name of a figure within its document: its key, and where they are others than the document's its unit and its day."""
    return "~".join((key, unit, day) if unit or day else (key,))


def in_text(figures: Iterable[KeptFigure], unit: str, day: date) -> dict[str, KeptFigure]:
    """Key → the figure that running text prints under it: that of the document's own `unit` (code, empty for the whole) and
    `day`, which a table before it may print of other units.
    """
    found: dict[str, KeptFigure] = {}
    for one in figures:
        if one.key not in found or (one.unit, one.day) == (unit, day.isoformat()):
            found[one.key] = one
    return found


def value_kept(result: Result) -> tuple[str, tuple[str, ...]]:
    """The exact value and the sides of a result, as they are kept."""
    if isinstance(result.value, bool):
        value = "true" if result.value else "false"
    else:
        value = plain(result.value) if result.value is not None else ""
    return value, tuple(plain(side) for side in result.sides or ())


def list_hash(records: Sequence[Sequence[int]]) -> str:
    """The hash of a list of [item, version] in the order of the items."""
    text = json.dumps([list(one) for one in records], separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
