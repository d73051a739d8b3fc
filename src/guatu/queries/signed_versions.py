"""What an item said in one of its versions, and in how many places it says something else now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guatu.domain.history import timeline
from guatu.domain.pack.register import Register
from guatu.domain.spells import DUE, FIELD, STATE, UNIT
from guatu.domain.version_codes import VersionCode, code_of
from guatu.domain.words import gettext as _
from guatu.queries.item_history import Past, past_of
from guatu.records.models import Item, Revision


@dataclass(frozen=True, slots=True)
class Said:
    """The content that a signature covers: title, due day, lead unit, fields, evidence, and the round."""

    title: str
    due: str | None
    unit: int
    round: int
    fields: Mapping[str, Any]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Differences:
    """Where two versions differ, in words. `fields`: keys of the fields among them; `restorable`: nothing else does."""

    labels: tuple[str, ...]
    fields: tuple[str, ...] = ()
    restorable: bool = True

    def __len__(self) -> int:
        return len(self.labels)


def current_code(item: Item) -> VersionCode:
    """The code of the item's version as it stands. One statement."""
    row = Revision.objects.filter(subject_kind="item", subject_id=item.pk, version=item.version)
    return code_of(item.number, item.version, row.values_list("hash", flat=True).get())


def code_of_version(item: Item, version: int) -> VersionCode | None:
    """The code of one of its versions; None where it has no such version. One statement."""
    row = Revision.objects.filter(subject_kind="item", subject_id=item.pk, version=version)
    found = row.values_list("hash", flat=True).first()
    return code_of(item.number, version, found) if found is not None else None


def differences(register: Register, item: Item, version: int) -> Differences:
    """Where the item differs now from that version. One statement."""
    past = past_of(item.pk, None)
    return compared(register, said_in(past, register, version), said_in(past, register, item.version))


def said_in(past: Past, register: Register, version: int) -> Said:
    """The content as that version left it."""
    upto = [each for each in past.revisions if each.version <= version]
    line = timeline(each.entry for each in upto)
    plain = line.plain.get("data", {})

    def last(track: str) -> Any:
        mark = line.last(track)
        return mark.value if mark is not None else None

    evidence: list[str] = []
    for each in upto:
        evidence += [str(one.get("sha256") or one.get("title")) for one in each.body.get("evidence", ())]
        if gone := each.body.get("withdrawn_evidence"):
            evidence.append(f"- {gone}")
    state = last(STATE) or {}
    return Said(
        title=str(line.plain.get("title", "")),
        due=last(DUE),
        unit=last(UNIT) or 0,
        round=int(state.get("round", 1)),
        fields={
            field.key: last(FIELD + field.key) if field.dated else plain.get(field.key)
            for field in register.fields
        },
        evidence=tuple(evidence),
    )


def compared(register: Register, signed: Said, now: Said) -> Differences:
    """Every place in which `now` differs from what was signed."""
    labels: list[str] = []
    fields: list[str] = []
    others = [
        (register.titled, signed.title != now.title),
        (_("时限"), signed.due != now.due),
        (_("牵头单位"), signed.unit != now.unit),
        (_("轮次"), signed.round != now.round),
        (_("佐证材料"), signed.evidence != now.evidence),
    ]
    for field in register.fields:
        if (signed.fields.get(field.key) or None) != (now.fields.get(field.key) or None):
            labels.append(field.label)
            fields.append(field.key)
    private = any(field.private for field in register.fields if field.key in fields)
    beyond = any(changed for label, changed in others[1:])
    labels = [label for label, changed in others if changed] + labels
    return Differences(tuple(labels), tuple(fields), restorable=not beyond and not private)
