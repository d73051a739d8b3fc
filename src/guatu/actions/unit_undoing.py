"""What taking an import of units back consists of: corrections of what it wrote, as long as nothing stands on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Count, Q

from guatu.actions.history import Change, body_text
from guatu.actions.unit_values import placement_row, set_plain
from guatu.domain.errors import BadInput
from guatu.domain.history import Mark, timeline
from guatu.domain.words import gettext as _
from guatu.domain.words import parted
from guatu.queries.subjects import Past, pasts
from guatu.queries.unit_import import IMPORT, OF_UNITS, undone_by
from guatu.records.bulk import in_chunks
from guatu.records.models import (
    Batch,
    Campaign,
    HeadCount,
    Item,
    ItemUnit,
    Person,
    Placement,
    Post,
    Revision,
    SectorRow,
    TeamUnit,
    Tree,
    Unit,
)
from guatu.records.models.units import STILL_KNOWN

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Step:
    """One revision of the import: the subject's past, which it is the last of (`past.entries[-1]`)."""

    unit: int
    past: Past

    @property
    def version(self) -> int:
        """The version that is withdrawn."""
        return self.past.version

    @property
    def day(self) -> date:
        """From when on it held."""
        return self.past.entries[-1].effective

    def before(self, track: str) -> Any:
        """What held on that day without it; None if nothing did."""
        marks = timeline(self.past.entries[:-1]).tracks.get(track, [])
        return _held(marks, self.day)

    def stood_before(self, track: str) -> bool:
        """Whether a place without this revision ever let the unit stand."""
        marks = timeline(self.past.entries[:-1]).tracks.get(track, [])
        return any(mark.value["kind"] != "ended" for mark in marks)


@dataclass(slots=True)
class Undoing:
    """What taking back appends and writes."""

    tree: Tree
    changes: list[Change] = field(default_factory=list)
    edited: list[Unit] = field(default_factory=list)
    places: list[Placement] = field(default_factory=list)
    sectors: list[SectorRow] = field(default_factory=list)
    counts: list[HeadCount] = field(default_factory=list)

    def append(self, kind: str, step: Step, body: str) -> int:
        """One correction; its version."""
        past = step.past
        self.changes.append(Change(kind, step.unit, past.version, past.last_hash, step.day, body))
        return past.version + 1

    def take_back(self, kind: str, step: Step, unit: Unit, reason: str) -> None:
        """What one revision of the import wrote."""
        written = step.past.entries[-1]
        if kind == "placement":
            track = f"tree:{self.tree.key}"
            value = step.before(track) or {"kind": "ended"}
            body = body_text({track: value}, withdraws=step.version, reason=reason)
            version = self.append(kind, step, body)
            self.places.append(placement_row(step.unit, self.tree, value, step.day, version))
        elif kind == "headcount":
            values = {name: step.before(name) for name in written.dated}
            version = self.append(kind, step, body_text(values, withdraws=step.version, reason=reason))
            self.counts += [
                HeadCount(unit_id=step.unit, kind=name, count=count, from_day=step.day, version=version)
                for name, count in values.items()
                if count is not None
            ]
        elif step.version > 1 or written.dated:
            plain = timeline(step.past.entries[:-1]).plain or dict(written.plain or {})
            values = {name: step.before(name) for name in written.dated}
            withdraws = step.version if values else None
            version = self.append(kind, step, body_text(values, plain, withdraws=withdraws, reason=reason))
            set_plain(unit, plain, version)
            for sector in values.values():
                unit.sector = sector or ""
                if sector is not None:
                    self.sectors.append(
                        SectorRow(unit_id=step.unit, sector=sector, from_day=step.day, version=version)
                    )
            self.edited.append(unit)


def steps_of(tree: Tree, batch: int) -> list[tuple[str, Step]]:
    """The revisions of the import, each with the past of its subject up to it."""
    if not Batch.objects.filter(seq=batch, action=IMPORT).exists():
        raise BadInput(_("批次 {batch} 不是单位导入，不能撤回。请核对批次号。"), batch=batch)
    undone = undone_by([batch]).get(batch)
    if undone is not None:
        raise BadInput(_("批次 {batch} 已由批次 {by} 撤回，不必再办。"), batch=batch, by=undone)
    steps = []
    for kind in OF_UNITS:
        subjects = Revision.objects.filter(batch=batch, subject_kind=kind).values_list(
            "subject_id", flat=True
        )
        for unit, past in pasts(kind, list(subjects)).items():
            steps.append((kind, Step(unit, past)))
    written = {
        track
        for kind, step in steps
        for entry in step.past.entries
        if kind == "placement" and entry.batch == batch
        for track in entry.dated
    }
    if written and written != {f"tree:{tree.key}"}:
        raise BadInput(_("批次 {batch} 不是“{tree}”的导入。请核对批次号。"), batch=batch, tree=tree.name)
    return steps


def refuse_later(steps: Sequence[tuple[str, Step]], units: Mapping[int, Unit], batch: int) -> None:
    """Later changes of the same unit stand on the import: they would have to be taken back first."""
    words = {"unit": _("名称等"), "placement": _("隶属"), "headcount": _("人数")}
    later = [
        _("“{unit}”的{what}在批次 {batch} 又有变动").format(
            unit=units[step.unit].name, what=words[kind], batch=step.past.entries[-1].batch
        )
        for kind, step in steps
        if step.past.entries[-1].batch != batch
    ]
    _refuse(later)


def refuse_built_on(tree: Tree, steps: Sequence[tuple[str, Step]], units: Mapping[int, Unit]) -> None:
    """What hangs on units that would never have existed."""
    track = f"tree:{tree.key}"
    new = {step.unit for kind, step in steps if kind == "placement" and not step.stood_before(track)}
    first = {step.unit for kind, step in steps if kind == "unit" and step.version == 1}
    placed_here = {step.unit for kind, step in steps if kind == "placement"}
    known = Placement.objects.filter(tree=tree, rec_to=STILL_KNOWN).exclude(unit__in=placed_here)
    asked: tuple[tuple[Any, str, set[int], str], ...] = (
        (Item.objects.filter(campaign__tree=tree), "unit", new, _("“{unit}”有 {count} 项事项")),
        (
            ItemUnit.objects.filter(item__campaign__tree=tree),
            "unit",
            new,
            _("“{unit}”参与 {count} 项事项"),
        ),
        (Post.objects.filter(Q(tree=tree) | Q(tree=None)), "unit", new, _("“{unit}”有 {count} 个身份")),
        (
            TeamUnit.objects.filter(team__campaign__tree=tree),
            "unit",
            new,
            _("“{unit}”是 {count} 个督导组的联系单位"),
        ),
        (Person.objects.all(), "home_unit", first, _("“{unit}”是 {count} 人的所在单位")),
        (Campaign.objects.filter(tree=tree), "root", new, _("“{unit}”是 {count} 项专项工作的最上级单位")),
        (known, "parent", new, _("“{unit}”下面另有 {count} 家单位")),
        (known, "successor", new, _("“{unit}”是 {count} 家单位的承接单位")),
    )
    found = []
    for rows, column, among, sentence in asked:
        for unit, count in _counted(rows, column, among):
            found.append(sentence.format(unit=units[unit].name, count=count))
    _refuse(found)


def _counted(rows: Any, column: str, among: set[int]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for chunk in in_chunks(sorted(among)):
        of_these = rows.filter(**{f"{column}__in": chunk}).order_by(column)
        found += of_these.values_list(column).annotate(Count("pk", distinct=True))
    return found


def _refuse(found: Sequence[str]) -> None:
    if found:
        raise BadInput(
            _(
                "导入之后已有后续记录，不能撤回（共 {count} 处）：{what}。请先处理这些记录，或在表中改正后再导入一次。"
            ),
            count=len(found),
            what=parted(found[:SHOWN]),
        )


def withdraw(tree: Tree, steps: Sequence[tuple[str, Step]], seq: int) -> None:
    """The dated rows that the import wrote are known up to this batch only."""
    tables: dict[str, Any] = {
        "placement": Placement.objects.filter(tree=tree),
        "headcount": HeadCount.objects,
        "unit": SectorRow.objects,
    }
    for kind, step in steps:
        if step.past.entries[-1].dated:
            tables[kind].filter(unit=step.unit, version=step.version, rec_to=STILL_KNOWN).update(rec_to=seq)


def _held(marks: Sequence[Mark], day: date) -> Any:
    """Backdated entries are written after later ones: the latest day counts, then the highest version."""
    begun = [mark for mark in marks if mark.effective <= day]
    return max(begun, key=lambda mark: (mark.effective, mark.version)).value if begun else None
