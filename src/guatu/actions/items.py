"""Items: create and edit. States move in `workflow` only; due days, transfers and corrections are in `standing`."""

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
from guatu.actions.reach import load_items, require_reach, units_by_code
from guatu.actions.values import clean_fields, require_filled
from guatu.actions.writing import Draft, NewEvidence, load_past, plain_of, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.pack.register import Register
from guatu.domain.spells import BASE_DUE, DUE, FIELD, STATE, UNIT
from guatu.domain.words import gettext as _
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
    units = units_by_code({code for row in rows for code in (row.unit, *row.contributing)})
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
