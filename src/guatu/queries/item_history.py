"""An item's revisions read as events: who did what, when it was recorded, from when it holds, what changed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from guatu.domain.history import Entry, Timeline, deed_of, timeline
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.spells import BASE_DUE, DUE, FIELD, STATE, UNIT
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import value_shown
from guatu.queries.pages import Event, FieldChange
from guatu.records.hashes import revision_hash
from guatu.records.models import Revision


@dataclass(frozen=True, slots=True)
class Stored:
    """One revision with what its batch says of the hand that wrote it."""

    version: int
    batch: int
    effective: date
    body: Mapping[str, Any]
    recorded: datetime
    person: int | None
    post_id: int | None
    who: str
    post: str
    action: str
    reason: str

    @property
    def entry(self) -> Entry:
        """The revision as the timeline reads it."""
        dated, plain = self.body["dated"], self.body.get("plain")
        return Entry(self.version, self.batch, self.effective, dated, plain, self.body.get("withdraws"))


@dataclass(frozen=True, slots=True)
class Past:
    """An item's revisions up to a batch, in order, and whether each agrees with its hash and the one before."""

    revisions: tuple[Stored, ...]
    chain_ok: bool

    def units(self) -> set[int]:
        """Every unit that the item has ever been led by."""
        return {unit for each in self.revisions if (unit := each.body["dated"].get(UNIT)) is not None}

    def beside(self, day: date) -> list[tuple[int, str]]:
        """The units beside the lead unit at the end of `day`, each with its role, in the order of their coming."""
        found: list[tuple[int, str]] = []
        for each in self.revisions:
            if each.effective <= day:
                gone = {(unit, role) for unit, role in each.body.get("units_gone", ())}
                found = [pair for pair in found if pair not in gone]
                found += [(unit, role) for unit, role in each.body.get("units", ())]
        return found

    def left(self, roles: Collection[str]) -> set[int]:
        """The units that once stood beside the lead unit in one of these roles and no longer do so."""
        return {
            unit for each in self.revisions for unit, role in each.body.get("units_gone", ()) if role in roles
        }

    def ever_beside(self) -> set[int]:
        """Every unit that ever stood beside the lead unit."""
        return {unit for each in self.revisions for unit, _role in each.body.get("units", ())}

    def opened(self) -> date:
        """The first day that any revision holds from."""
        return min(each.effective for each in self.revisions)

    def did(self, persons: Collection[int], posts: Collection[int], actions: Collection[str]) -> bool:
        """Whether one of the persons made one of the revisions by one of these actions, or it was made under their post."""
        return any(
            (each.person in persons or each.post_id in posts) and each.action in actions
            for each in self.revisions
        )

    def round_begun(self) -> int:
        """The batch with which the present round began; the first batch for the first round."""
        begun, present = self.revisions[0].batch, 1
        for each in self.revisions:
            told = each.body["dated"].get(STATE)
            if isinstance(told, dict) and told.get("round", present) != present:
                begun, present = each.batch, told["round"]
        return begun

    def known(self) -> Timeline:
        """The tracks as known at the last of the revisions."""
        return timeline(each.entry for each in self.revisions)


def past_of(item: int, known_at: int | None) -> Past:
    """The item's revisions known at batch `known_at` (None = now). One statement."""
    rows = Revision.objects.filter(subject_kind="item", subject_id=item).order_by("version")
    if known_at is not None:
        rows = rows.filter(batch__lte=known_at)
    found: list[Stored] = []
    previous, ok = "", True
    for row in rows.select_related("batch"):
        its_hash = revision_hash(
            row.id,
            row.batch_id,
            row.subject_kind,
            row.subject_id,
            row.version,
            row.effective_on,
            row.body,
            row.prev_hash,
        )
        ok = ok and row.hash == its_hash and row.prev_hash == previous and row.version == len(found) + 1
        previous = row.hash
        found.append(
            Stored(
                version=row.version,
                batch=row.batch_id,
                effective=row.effective_on,
                body=json.loads(row.body),
                recorded=row.batch.recorded_on,
                person=row.batch.actor_id,
                post_id=row.batch.post_id,
                who=row.batch.actor_name,
                post=row.batch.post_name,
                action=deed_of(row.batch.action, row.version),
                reason=row.batch.reason,
            )
        )
    return Past(tuple(found), ok)


@dataclass(frozen=True, slots=True)
class Names:
    """The names needed to read a revision: units by id, units by code, items by public id as far as they are seen."""

    by_id: Mapping[int, str]
    by_code: Mapping[str, str]
    items: Mapping[str, str]


def events(
    past: Past, pack: Pack, register: Register, names: Names, day: date, zone: ZoneInfo
) -> tuple[Event, ...]:
    """What happened up to the end of `day`, the latest first."""
    withdrawn = _withdrawn(past.revisions)
    found = []
    tracks: dict[str, Any] = {}
    plain: Mapping[str, Any] = {}
    for each in past.revisions:
        changes = _changes(each, tracks, plain, pack, register, names)
        tracks |= each.body["dated"]
        plain = each.body.get("plain") or plain
        if each.effective > day:
            continue
        recorded = each.recorded.astimezone(zone)
        found.append(
            Event(
                version=each.version,
                recorded=recorded,
                effective=each.effective,
                who=each.who,
                post=each.post,
                what=_what(each, pack, register, names, recorded.date()),
                reason=str(each.body.get("reason") or each.reason),
                changes=changes,
                late=each.version == 1 and each.effective < recorded.date(),
                withdrawn=each.version in withdrawn,
                tone=_tone(each, pack, register),
                batch=each.batch,
                moved=STATE in each.body["dated"],
            )
        )
    return tuple(reversed(found))


def _withdrawn(revisions: Sequence[Stored]) -> set[int]:
    """Versions of which a later correction has withdrawn something."""
    found = set()
    for later in revisions:
        first = later.body.get("withdraws")
        if first is not None:
            tracks = set(later.body["dated"])
            found |= {
                each.version
                for each in revisions
                if first <= each.version < later.version and tracks & set(each.body["dated"])
            }
    return found


def _what(each: Stored, pack: Pack, register: Register, names: Names, recorded: date) -> str:
    """The deed as a verb."""
    action, _colon, detail = each.action.partition(":")
    state = each.body["dated"].get(STATE)
    if action == "items.move" and state is not None:
        way = pack.workflow_of(register.key).transition(detail)
        label = way.label if way else detail
        if each.effective != recorded:
            return _("办理“{label}”，自 {day} 起").format(label=label, day=each.effective)
        if way and way.new_round:
            return _("办理“{label}”，进入第 {round} 轮").format(label=label, round=state["round"])
        return _("办理“{label}”").format(label=label)
    if action == "items.due":
        return {
            "extension": _("办理延期"),
            "adjustment": _("统一调整时限"),
            "entry": _("更正录入的时限"),
        }.get(detail, detail)
    if action == "items.correct":
        return _("更正第 {version} 版，自 {day} 起").format(
            version=each.body.get("withdraws"), day=each.effective
        )
    if action in ("items.transfer", "items.hand_over"):
        unit = names.by_id.get(each.body["dated"].get(UNIT, 0), "")
        if action == "items.transfer":
            return _("移交给{unit}").format(unit=unit)
        return _("随单位合并移交给{unit}").format(unit=unit)
    if action == "items.split":
        return _("拆分出 {n} 项").format(n=n) if (n := each.body.get("split")) else _("由拆分登记")
    return {
        "items.create": _("登记事项"),
        "items.edit": _("修改内容"),
        "items.evidence": _("添加佐证材料"),
        "items.withdraw_evidence": _("撤回佐证材料"),
        "items.restore": _("恢复第 {version} 版的内容").format(version=each.body.get("restores")),
        "items.beside": _("调整参与单位"),
        "documents.save": _("修改正文"),
        "documents.assign": _("分工"),
        "documents.section_done": _("一部分写完或重写"),
        "items.pass_on": _("参与单位随单位合并改为承接单位"),
    }.get(action, each.action)


def _tone(each: Stored, pack: Pack, register: Register) -> str:
    """The mark on the line of time."""
    state = each.body["dated"].get(STATE)
    if state is None:
        return "plain"
    if state["phase"] == "closed":
        return "done"
    if state["phase"] == "void":
        return "void"
    way = pack.workflow_of(register.key).transition(each.action.partition(":")[2])
    return "back" if way is not None and way.reason else "plain"


def beside_role(role: str) -> str:
    """What a unit beside the lead unit is called."""
    return {
        "contributing": _("配合单位"),
        "supervising": _("督办部门"),
        "lead": _("第二牵头单位"),
    }.get(role, role)


def _changes(
    each: Stored,
    tracks: Mapping[str, Any],
    plain: Mapping[str, Any],
    pack: Pack,
    register: Register,
    names: Names,
) -> tuple[FieldChange, ...]:
    """Every value that the revision changed, in the register's order; at the first one only what was filled in."""
    found: list[FieldChange] = []

    def add(label: str, before: str, after: str) -> None:
        if before != after:
            found.append(FieldChange(label, before, after))

    dated = each.body["dated"]
    if STATE in dated and (before := tracks.get(STATE)) is not None:
        flow = pack.workflow_of(register.key)
        words = [
            flow.states[s["key"]].label if s["key"] in flow.states else s["key"]
            for s in (before, dated[STATE])
        ]
        add(_("状态"), *words)
    if UNIT in dated and UNIT in tracks:
        add(_("牵头单位"), *(names.by_id.get(unit, str(unit)) for unit in (tracks[UNIT], dated[UNIT])))
    if DUE in dated:
        add(_("时限"), tracks.get(DUE) or "", dated[DUE] or "")
    if BASE_DUE in dated and BASE_DUE in tracks:
        add(_("原时限"), tracks.get(BASE_DUE) or "", dated[BASE_DUE] or "")
    now = each.body.get("plain")
    if now is not None and plain:
        add(register.titled, plain.get("title", ""), now.get("title", ""))
        add(_("开始日期"), plain.get("start") or "", now.get("start") or "")
    old_data = plain.get("data", {})
    new_data = now.get("data", {}) if now is not None else old_data
    told = {**names.by_code, **names.items}
    for field in register.fields:
        track = FIELD + field.key
        old = tracks.get(track) if track in tracks else old_data.get(field.key)
        new = dated[track] if track in dated else tracks.get(track, new_data.get(field.key))
        add(field.label, value_shown(field, old, told), value_shown(field, new, told))
    for key, put in (("units_gone", False), ("units", True)):
        for unit, role in each.body.get(key, ()):
            name = names.by_id.get(unit, str(unit))
            add(beside_role(role), "" if put else name, name if put else "")
    for evidence in each.body.get("evidence", ()):
        add(_("佐证材料"), "", str(evidence.get("title", "")))
    add(_("认定文件"), "", str(each.body.get("decision", "")))
    add(_("版本码"), "", str(each.body.get("sheet", "")))
    if withdrawn := each.body.get("withdrawn_evidence"):
        add(_("佐证材料"), str(withdrawn.get("title", "")), "")
    return tuple(found)
