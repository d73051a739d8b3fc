"""Items: create, edit, change a due date, transfer, correct. States move in `workflow` only."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from guatu.access import Actor, covers
from guatu.actions.history import answered
from guatu.actions.values import clean_fields, require_filled
from guatu.actions.writing import Draft, NewEvidence, load_past, plain_of, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.pack.register import Register
from guatu.domain.spells import BASE_DUE, DUE, FIELD, STATE, UNIT
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Batch, Campaign, Item, ItemUnit, Revision, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class NewItem:
    """One item to be created. `unit` is the lead unit's code.

    `effective`: the day from which it exists; by default the flow day of a log register, else today. `state` defaults
    to the register's first initial state. `contributing` are codes of contributing units.
    """

    register: str
    unit: str
    title: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    state: str = ""
    effective: date | None = None
    start: date | None = None
    due: date | None = None
    due_kind: str = "date"
    parent: int | None = None
    task: int | None = None
    contributing: tuple[str, ...] = ()
    evidence: tuple[NewEvidence, ...] = ()
    on_behalf: bool = False


@dataclass(frozen=True, slots=True)
class Edit:
    """New plain or dated values of one item; only what is named changes.

    `version`: the version that the editor saw; another one in between is a conflict that shows both values.
    `effective`: from when dated fields hold (default today).
    """

    item: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    title: str | None = None
    version: int | None = None
    effective: date | None = None


@dataclass(frozen=True, slots=True)
class DueChange:
    """A new due day of one item from `effective` on (default today)."""

    item: int
    due: date
    effective: date | None = None


def create_items(
    actor: Actor,
    *,
    campaign: Campaign,
    rows: Sequence[NewItem],
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Create items in one batch. Each needs a post that fills its register and reaches its lead unit."""
    request = [_as_request(row) for row in rows]
    if batch := answered(idempotency_key, request):
        return _items_of(batch)
    units = _units_by_code({code for row in rows for code in (row.unit, *row.contributing)})
    day = today(ZoneInfo(campaign.zone))
    drafts = [_new_draft(actor, campaign, row, units, day) for row in rows]
    write(
        actor,
        action="items.create",
        campaign=campaign,
        drafts=drafts,
        reason=reason,
        idempotency_key=idempotency_key,
        request=request,
    )
    return [draft.item for draft in drafts]


def edit_items(
    actor: Actor,
    *,
    campaign: Campaign,
    edits: Sequence[Edit],
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Write new field values in one batch. Moving the flow day of a logged fact moves the day it exists from too."""
    request = [[e.item, dict(e.fields), e.title, e.version, str(e.effective)] for e in edits]
    if batch := answered(idempotency_key, request):
        return _items_of(batch)
    items = load_items(campaign, [edit.item for edit in edits])
    day = today(ZoneInfo(campaign.zone))
    drafts = []
    for edit in edits:
        item = items[edit.item]
        register = pack_of(campaign).register(item.register)
        require_reach(actor, register.fills, item, campaign)
        if edit.version is not None and edit.version != item.version:
            raise Conflict(
                _(
                    "{number} 刚被他人修改（现为第 {now} 版，您看到的是第 {seen} 版）。请刷新后核对，再提交一次。"
                ),
                number=item.number,
                now=item.version,
                seen=edit.version,
            )
        drafts.append(Draft(item, edit.effective or day, {}))
    load_past(drafts)
    for draft, edit in zip(drafts, edits, strict=True):
        _apply_edit(draft, edit, pack_of(campaign).register(draft.item.register))
    write(
        actor,
        action="items.edit",
        campaign=campaign,
        drafts=drafts,
        reason=reason,
        idempotency_key=idempotency_key,
        request=request,
    )
    return [draft.item for draft in drafts]


def change_due(
    actor: Actor,
    *,
    campaign: Campaign,
    changes: Sequence[DueChange],
    kind: str,
    reason: str,
    document: str = "",
) -> list[Item]:
    """Change due days in one batch: `extension` (base stays), `adjustment` (base moves, needs a document), `entry`.

    An extension is refused once the due day has passed.
    """
    if kind not in ("extension", "adjustment", "entry"):
        raise BadInput(_("不认识的时限变更方式“{kind}”。可用：extension、adjustment、entry。"), kind=kind)
    if kind == "adjustment" and not document:
        raise BadInput(_("统一调整时限须写明文件号。请填写后再提交。"))
    items = load_items(campaign, [change.item for change in changes])
    day = today(ZoneInfo(campaign.zone))
    drafts = []
    for change in changes:
        item = items[change.item]
        require_reach(actor, roles_with("change_due"), item, campaign)
        effective = change.effective or day
        if kind == "extension" and item.due is not None and effective > item.due:
            raise BadInput(_("时限已过，不能再申请延期。请说明情况，报办公室处理。"))
        dated: dict[str, Any] = {DUE: change.due.isoformat()}
        if kind != "extension" or item.base_due is None:
            dated[BASE_DUE] = change.due.isoformat()
        drafts.append(Draft(item, effective, dated, more={"due_change": kind, "document": document}))
    load_past(drafts)
    write(actor, action=f"items.due:{kind}", campaign=campaign, drafts=drafts, reason=reason)
    return [draft.item for draft in drafts]


def transfer_items(
    actor: Actor,
    *,
    campaign: Campaign,
    items: Sequence[int],
    to: str,
    reason: str,
    effective: date | None = None,
) -> list[Item]:
    """Give items another lead unit from `effective` on (default today)."""
    drafts = _transfers(actor, campaign, items, to, effective or today(ZoneInfo(campaign.zone)), reason)
    write(actor, action="items.transfer", campaign=campaign, drafts=drafts, reason=reason)
    return [draft.item for draft in drafts]


def hand_over_items(
    actor: Actor, *, campaign: Campaign, items: Sequence[int], to: str, reason: str, day: date
) -> list[Item]:
    """Give all items of a unit that is merged to its successor, closed ones too, as of `day`.

    An item that came to the unit after that day goes over from the day on which it came.
    """
    drafts = _transfers(actor, campaign, items, to, day, reason)
    for draft in drafts:
        came = timeline(draft.past.entries).tracks[UNIT][-1].effective
        draft.effective = max(day, came)
    write(actor, action="items.hand_over", campaign=campaign, drafts=drafts, reason=reason)
    return [draft.item for draft in drafts]


def _transfers(
    actor: Actor, campaign: Campaign, items: Sequence[int], to: str, effective: date, reason: str
) -> list[Draft]:
    unit = _units_by_code({to})[to]
    found = load_items(campaign, items)
    drafts = []
    for pk in items:
        require_reach(actor, roles_with("transfer"), found[pk], campaign)
        drafts.append(Draft(found[pk], effective, {UNIT: unit.pk}, more={"reason": reason}))
    load_past(drafts)
    return drafts


def correct_item(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    withdraws: int,
    effective: date,
    reason: str,
    state: str | None = None,
    unit: str | None = None,
    due: date | None = None,
) -> Item:
    """Withdraw what version `withdraws` and later ones wrote on the named tracks, and write what really held.

    An earlier known-at still shows the old (history.md 7). `state` is a state key; its phase comes from the pack.
    """
    found = load_items(campaign, [item])[item]
    require_reach(actor, roles_with("correct_history"), found, campaign)
    if not reason.strip():
        raise BadInput(_("更正须写明原因。请填写后再提交。"))
    dated: dict[str, Any] = {}
    if state is not None:
        flow = pack_of(campaign).workflow_of(found.register)
        if state not in flow.states:
            raise BadInput(
                _("没有“{state}”这个状态。可用：{known}。"), state=state, known="、".join(flow.states)
            )
        dated[STATE] = {"key": state, "phase": flow.phase_of(state), "round": found.round}
    if unit is not None:
        dated[UNIT] = _units_by_code({unit})[unit].pk
    if due is not None:
        dated[DUE] = due.isoformat()
    draft = Draft(found, effective, dated, withdraws=withdraws)
    load_past([draft])
    write(actor, action="items.correct", campaign=campaign, drafts=[draft], reason=reason)
    return found


def load_items(campaign: Campaign, pks: Sequence[int]) -> dict[int, Item]:
    """The items by primary key; a missing one is NotFound, one named twice is refused."""
    if len(set(pks)) != len(pks):
        raise BadInput(_("同一事项在一次提交中出现了两次。请去掉重复后再提交。"))
    found: dict[int, Item] = {}
    for chunk in in_chunks(list(pks)):
        found.update({item.pk: item for item in Item.objects.filter(campaign=campaign, pk__in=chunk)})
    if len(found) != len(pks):
        raise NotFound()
    return found


def require_reach(
    actor: Actor, roles: Sequence[str] | frozenset[str], item: Item, campaign: Campaign
) -> None:
    """NotFound outside the actor's reach, NotAllowed inside it without one of `roles`."""
    line = item.line
    if covers(actor, roles, line, campaign):
        return
    if covers(actor, roles_with("see_items"), line, campaign):
        raise NotAllowed(
            _("您的身份（{post}）不能办理 {number} 的这项操作。请联系该单位填报员或集团办公室。"),
            post=actor.post_label,
            number=item.number,
        )
    raise NotFound()


def _new_draft(actor: Actor, campaign: Campaign, row: NewItem, units: Mapping[str, Unit], day: date) -> Draft:
    pack = pack_of(campaign)
    if row.register not in pack.registers:
        raise BadInput(_("没有“{register}”这个清单。请核对后再提交。"), register=row.register)
    register = pack.register(row.register)
    flow = pack.workflow_of(row.register)
    unit = units[row.unit]
    if unit.level not in register.lead_levels:
        raise BadInput(
            _("{unit}（{level}）不能牵头“{register}”的事项。请另选单位。"),
            unit=unit.short_name,
            level=unit.level,
            register=register.label,
        )
    if not covers(actor, register.fills, unit.line, campaign):
        if covers(actor, roles_with("see_items"), unit.line, campaign):
            raise NotAllowed(
                _("您的身份（{post}）不能填写“{register}”。请联系该单位填报员。"),
                post=actor.post_label,
                register=register.label,
            )
        raise NotFound()
    state = row.state or flow.initial[0]
    if state not in flow.initial:
        raise BadInput(
            _("“{register}”的事项不能以“{state}”建立。可用：{known}。"),
            register=register.label,
            state=state,
            known="、".join(flow.initial),
        )
    data = clean_fields(register, row.fields)
    require_filled(register, state, data, row.title, row.due)
    flow_day = date.fromisoformat(data[register.flow_day]) if register.flow_day else None
    effective = row.effective or flow_day or day
    item = Item(
        public_id=uuid.UUID(int=uuid7().int),
        campaign=campaign,
        register=row.register,
        number="",
        title=row.title.strip(),
        unit=unit,
        parent_id=row.parent,
        task_id=row.task,
        start=row.start,
        due_kind=row.due_kind,
        late_entry=effective < day,
        on_behalf=row.on_behalf,
        version=1,
    )
    dated_keys = {f.key for f in register.fields if f.dated}
    dated: dict[str, Any] = {
        STATE: {"key": state, "phase": flow.phase_of(state), "round": 1},
        UNIT: unit.pk,
        **{FIELD + key: value for key, value in data.items() if key in dated_keys},
    }
    if row.due is not None:
        dated[DUE] = dated[BASE_DUE] = row.due.isoformat()
    return Draft(
        item,
        effective,
        dated,
        plain=plain_of(item, {key: value for key, value in data.items() if key not in dated_keys}),
        evidence=row.evidence,
        beside=tuple(_beside(units[code]) for code in row.contributing),
        more={"prefix": register.prefix},
    )


def _apply_edit(draft: Draft, edit: Edit, register: Register) -> None:
    item = draft.item
    changed = clean_fields(register, edit.fields)
    dated_keys = {f.key for f in register.fields if f.dated}
    before = timeline(draft.past.entries)
    data = {**before.plain.get("data", {})}
    data.update({key: value for key, value in changed.items() if key not in dated_keys})
    if edit.title is not None:
        item.title = edit.title.strip()
    require_filled(register, item.state, {**item.data, **changed}, item.title, item.due)
    draft.plain = plain_of(item, data)
    draft.dated = {FIELD + key: value for key, value in changed.items() if key in dated_keys}
    if (
        register.flow_day
        and register.flow_day in changed
        and changed[register.flow_day] != item.data.get(register.flow_day)
    ):
        first = before.tracks[STATE][0]
        if len(before.tracks[STATE]) == 1:
            # A logged fact exists from its flow day: correct that day with the field, or a report of the days
            # between would miss it.
            draft.withdraws = first.version
            draft.effective = date.fromisoformat(changed[register.flow_day])
            draft.dated[STATE] = first.value
            draft.dated[UNIT] = before.tracks[UNIT][-1].value


def _beside(unit: Unit) -> ItemUnit:
    return ItemUnit(
        unit=unit, role=ItemUnit.Role.CONTRIBUTING, **{name: getattr(unit, name) for name in ANCESTORS}
    )


def _units_by_code(codes: set[str]) -> dict[str, Unit]:
    found: dict[str, Unit] = {}
    for chunk in in_chunks(sorted(codes)):
        found.update({unit.code: unit for unit in Unit.objects.filter(code__in=chunk)})
    for code in sorted(codes):
        if code not in found:
            raise BadInput(_("没有代码为“{code}”的单位。请核对单位代码。"), code=code)
    return found


def _items_of(batch: Batch) -> list[Item]:
    pks = (
        Revision.objects.filter(batch=batch, subject_kind="item")
        .order_by("id")
        .values_list("subject_id", flat=True)
    )
    found = {item.pk: item for item in Item.objects.filter(pk__in=list(pks))}
    return [found[pk] for pk in pks]


def _as_request(row: NewItem) -> list[Any]:
    return [row.register, row.unit, row.title, dict(row.fields), row.state, str(row.effective), str(row.due)]
