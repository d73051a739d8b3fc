"""Where the figures of a pack are used by the pack itself: report templates, the desk, other figures, relations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.domain.figures.references import key_of
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _


@dataclass(frozen=True, slots=True)
class PackUse:
    """One place: `kind` is report, desk, figure, relation or reinspection; `key` what it is called there, `label` in words."""

    kind: str
    key: str
    label: str


def pack_uses(pack: Pack) -> Mapping[str, tuple[PackUse, ...]]:
    """Figure → where the pack uses it, each place once, in reading order; figures used nowhere are left out."""
    found: dict[str, dict[tuple[str, str], PackUse]] = {}

    def note(figure: str, kind: str, key: str, label: str) -> None:
        found.setdefault(key_of(figure), {}).setdefault((kind, key), PackUse(kind, key, label))

    for report in pack.reports.values():
        for key in sorted(report.keys):
            if key_of(key) in pack.figures:
                note(key, "report", report.key, report.label)
    for key in dict.fromkeys((*pack.head.desk.office, *pack.head.desk.leader)):
        note(key, "desk", "todo", _("待办首页"))
    for figure in pack.figures.values():
        for part in figure.parts:
            note(part, "figure", figure.key, figure.label)
    if pack.loop.reinspection is not None:
        for key in pack.loop.reinspection.figures:
            note(key, "reinspection", "sample", _("回头看抽样"))
    for number, relation in enumerate(pack.relations):
        for key in dict.fromkeys((*relation.left, *relation.right)):
            note(key, "relation", str(number), pack.relation_texts[number])
    return {key: tuple(uses.values()) for key, uses in found.items()}
