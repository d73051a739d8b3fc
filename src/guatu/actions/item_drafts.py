"""What becomes of a new item or of an edit before it is written: checked, parsed, put into a draft.

Shared by forms, bulk actions and workbooks, so that none of them is a way round the rules. What is the same for many
rows (a unit's reach, the keys of dated fields) is worked out once.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from uuid6 import uuid7

from guatu.access import Actor, covers, visible
from guatu.actions.beside import row_beside
from guatu.actions.direct_rows import as_entered
from guatu.actions.return_rules import refuse_bare_return
from guatu.actions.values import clean_fields, refuse_verdicts, require_filled
from guatu.actions.writing import Draft, NewEvidence, plain_of
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.loop_tracks import BASIS, noted_as_tracks, track
from guatu.domain.pack.register import Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.proposals import APPROVED_DUE_KINDS
from guatu.domain.spells import BASE_DUE, DUE, FIELD, STATE, UNIT
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, ItemUnit, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class NewItem:
    """One item to be created. `unit` is the lead unit's code.

    `effective`: the day from which it exists; by default the flow day of a log register, else today. `state` defaults
    to the register's first initial state. `contributing` are codes of contributing units. `readers_of`: an item of which
    this one tells; if that is restricted, so is this, and has the same readers. `tracks`: what the system itself notes
    (`loop_tracks`, key → value); no form and no workbook names one.
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
    readers_of: int | None = None
    tracks: Mapping[str, Any] = field(default_factory=dict)


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


class NewDrafts:
    """Drafts of new items of one campaign, led by `units` (by code), made on `day`."""

    def __init__(self, actor: Actor, campaign: Campaign, units: Mapping[str, Unit], day: date) -> None:
        self._actor, self._campaign, self._units, self._day = actor, campaign, units, day
        self._pack = pack_of(campaign)
        self._kinds: dict[str, _OneKind] = {}

    def of(self, rows: Sequence[NewItem]) -> list[Draft]:
        """A draft for each row. Raises BadInput, NotAllowed or NotFound for the first row that may not be."""
        return [self._draft(row) for row in rows]

    def _draft(self, row: NewItem) -> Draft:
        kind = self._kinds.get(row.register)
        if kind is None:
            if row.register not in self._pack.registers:
                raise BadInput(_("没有“{register}”这个清单。请核对后再提交。"), register=row.register)
            kind = self._kinds[row.register] = _OneKind(self._actor, self._campaign, row.register)
        unit = self._units[row.unit]
        kind.require_lead(unit)
        refuse_bare_return(self._pack, row.register, row.tracks)
        _refuse_kind(self._actor, self._campaign, row, kind.register, unit)
        return kind.draft(row, unit, self._units, self._day)


class _OneKind:
    """What holds for all new items of one register."""

    def __init__(self, actor: Actor, campaign: Campaign, register: str) -> None:
        self._actor, self._campaign = actor, campaign
        self._pack = pack = pack_of(campaign)
        self.register = pack.register(register)
        self._flow = pack.workflow_of(register)
        self._levels = {one.key: one.label for one in pack.head.levels}
        self._led: set[int] = set()
        self._begins: dict[int, Mapping[str, Any]] = {}
        self._judged = self._flow.verdicts
        self._dated = frozenset(f.key for f in self.register.fields if f.dated)

    def require_lead(self, unit: Unit) -> None:
        """The unit may lead an item of this register, and the actor may fill it there."""
        if unit.pk in self._led:
            return
        register, actor, campaign = self.register, self._actor, self._campaign
        if unit.level not in register.lead_levels:
            raise BadInput(
                _("{unit}（{level}）不能牵头“{register}”的事项。请另选单位。"),
                unit=unit.short_name,
                level=self._levels.get(unit.level, unit.level),
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
        self._led.add(unit.pk)

    def _entered(self, unit: Unit) -> Mapping[str, Any]:
        """What a row of the unit begins as, where nothing else is noted."""
        if unit.pk not in self._begins:
            self._begins[unit.pk] = as_entered(
                self._campaign, self._pack, self.register, unit.line, self._actor
            )
        return self._begins[unit.pk]

    def draft(self, row: NewItem, unit: Unit, units: Mapping[str, Unit], day: date) -> Draft:
        """The first revision of the item: its values in stored form, what the state requires, its day."""
        register, flow = self.register, self._flow
        state = row.state or flow.initial[0]
        if state not in flow.initial:
            raise BadInput(
                _("“{register}”的事项不能以“{state}”建立。可用：{known}。"),
                register=register.label,
                state=state,
                known=listed(flow.initial),
            )
        data = clean_fields(register, row.fields)
        if not self._judged.isdisjoint(data):
            refuse_verdicts(register, flow, data, {})
        require_filled(register, state, data, row.title, row.due)
        held = data.get(register.flow_day) if register.flow_day else None  # none yet of what is only planned
        flow_day = date.fromisoformat(held) if held else None
        effective = row.effective or flow_day or day
        item = new_item(
            self._campaign,
            unit,
            register=row.register,
            title=row.title.strip(),
            parent_id=row.parent,
            task_id=row.task,
            start=row.start,
            due_kind=row.due_kind,
            late_entry=effective < day,
            on_behalf=row.on_behalf,
        )
        dated_keys = self._dated
        dated: dict[str, Any] = {
            STATE: {"key": state, "phase": flow.phase_of(state), "round": 1},
            UNIT: unit.pk,
            **{FIELD + key: value for key, value in data.items() if key in dated_keys},
            **self._entered(unit),
            **noted_as_tracks(row.tracks),
        }
        if row.due is not None:
            dated[DUE] = dated[BASE_DUE] = row.due.isoformat()
        return Draft(
            item,
            effective,
            dated,
            plain=plain_of(item, {key: value for key, value in data.items() if key not in dated_keys}),
            evidence=row.evidence,
            beside=tuple(row_beside(units[code], ItemUnit.Role.CONTRIBUTING) for code in row.contributing),
            more={"prefix": register.prefix},
        )


_COLUMNS = tuple(column.attname for column in Item._meta.concrete_fields)
_EMPTY = {"number": "", "round": 1, "restricted": False, "version": 1}


def new_item(campaign: Campaign, unit: Unit, **columns: Any) -> Item:
    """The row of an item that is being made. Given its columns in order Django makes it in a third of the time."""
    values = {
        **_EMPTY,
        "public_id": uuid.UUID(int=uuid7().int),
        "campaign_id": campaign.pk,
        "unit_id": unit.pk,
        "data": {},
        **columns,
    }
    item = Item(*map(values.get, _COLUMNS))
    for name, row in (("campaign", campaign), ("unit", unit)):
        Item._meta.get_field(name).set_cached_value(item, row)  # type: ignore[union-attr]
    item.__dict__ = {
        **item.__dict__
    }  # filled column by column it holds room for twice as many: 80 MB in 100,000 rows
    return item


def _refuse_kind(actor: Actor, campaign: Campaign, row: NewItem, register: Register, unit: Unit) -> None:
    """A kind of deadline that needs approval is given by who may change due days; others ask for it afterwards."""
    if row.due_kind not in register.due_kinds:
        raise BadInput(
            _("“{register}”没有“{kind}”这种时限类型。请改选后再提交。"),
            register=register.label,
            kind=row.due_kind[:20],
        )
    if row.due_kind in APPROVED_DUE_KINDS and not covers(
        actor, roles_with("change_due"), unit.line, campaign
    ):
        raise NotAllowed(
            _("分阶段、跨年度、长期坚持的时限须经批准。请先按规定日期立项，再办理“变更时限类型”。")
        )


def apply_edit(
    draft: Draft,
    edit: Edit,
    register: Register,
    workflow: Workflow,
    recorded: date | None,
    noted: Mapping[str, Any],
) -> None:
    """Write the edit into its draft. `recorded`: the day on which the item was first recorded, if its flow day is edited.
    `noted`: tracks that the system writes with it.

    A logged fact exists from its flow day: that day is corrected with the field, or a report of the days between
    would miss it.
    """
    item = draft.item
    changed = clean_fields(register, edit.fields)
    refuse_verdicts(register, workflow, changed, item.data)
    dated_keys = {f.key for f in register.fields if f.dated}
    before = timeline(draft.past.entries)
    data = {**before.plain.get("data", {})}
    data.update({key: value for key, value in changed.items() if key not in dated_keys})
    if edit.title is not None:
        item.title = edit.title.strip()
    require_filled(register, item.state, {**item.data, **changed}, item.title, item.due)
    draft.dated = {FIELD + key: value for key, value in changed.items() if key in dated_keys}
    flow = changed.get(register.flow_day) if register.flow_day else None
    states = before.tracks[STATE]
    if flow is not None and flow != item.data.get(register.flow_day) and len(states) == 1:
        if draft.dated:
            raise BadInput(
                _("{number}：发生日期与随时间变化的字段请分两次修改，因为生效日不同。"), number=item.number
            )
        draft.withdraws = states[0].version
        draft.effective = date.fromisoformat(flow)
        draft.dated[STATE] = states[0].value
        if len(before.tracks[UNIT]) == 1:  # else it was transferred since, and led by the first until then
            draft.dated[UNIT] = before.tracks[UNIT][0].value
        basis = before.tracks.get(track(BASIS), ())
        if basis and (noted or draft.effective < basis[0].effective):
            # or it would count as the office's on the days between; what was said of later days goes with the state
            draft.dated[track(BASIS)] = basis[-1].value
            draft.withdraws = min(states[0].version, basis[0].version)
        item.late_entry = recorded is not None and draft.effective < recorded
    draft.dated.update(noted)
    draft.plain = plain_of(item, data)


def first_recorded(campaign: Campaign, drafts: Sequence[Draft]) -> dict[int, date]:
    """The day on which each item was first recorded."""
    first = {draft.item.pk: draft.past.entries[0].batch for draft in drafts}
    zone = ZoneInfo(campaign.zone)
    days: dict[int, date] = {}
    for chunk in in_chunks(sorted(set(first.values()))):
        rows = Batch.objects.filter(seq__in=chunk).values_list("seq", "recorded_on")
        days.update({seq: moment.astimezone(zone).date() for seq, moment in rows})
    return {pk: days[seq] for pk, seq in first.items()}


def restricted_among(campaign: Campaign, rows: Sequence[NewItem]) -> set[int]:
    """The restricted ones of the items of which the new ones tell. No statement where none tells of another."""
    wanted = sorted({row.readers_of for row in rows if row.readers_of is not None})
    found: set[int] = set()
    for chunk in in_chunks(wanted):
        items = Item.objects.filter(campaign=campaign, pk__in=chunk, restricted=True)
        found.update(items.values_list("pk", flat=True))
    return found


def keep_alike(
    rows: Sequence[NewItem], drafts: Sequence[Draft], secret: Collection[int]
) -> list[tuple[Item, int]]:
    """Make restricted what hangs on a restricted item (one of `secret`): (the new item, that item) of each."""
    kept = []
    for row, draft in zip(rows, drafts, strict=True):
        source = next((pk for pk in (row.parent, row.readers_of) if pk in secret), None)
        if source is not None and draft.plain is not None:
            draft.item.restricted = draft.plain["restricted"] = True
            kept.append((draft.item, source))
    return kept


def refuse_links(actor: Actor, campaign: Campaign, rows: Sequence[NewItem]) -> dict[int, Item]:
    """The parents: items of the parent register that the actor sees; the key task is that parent or its own."""
    wanted = sorted({row.parent for row in rows if row.parent is not None})
    found: dict[int, Item] = {}
    for chunk in in_chunks(wanted):
        seen = visible(actor, Item.objects.filter(campaign=campaign, pk__in=chunk), campaign)
        found.update({item.pk: item for item in seen})
    registers = pack_of(campaign).registers
    for row in rows:
        above = found.get(row.parent) if row.parent is not None else None
        declared = registers.get(row.register)
        fits = row.parent is None or (
            above is not None and declared is not None and declared.parent == above.register
        )
        if not fits or (
            row.task is not None and (above is None or row.task not in (above.pk, above.task_id))
        ):
            raise BadInput(
                _("“{title}”的上级事项不存在，或不属于上级清单。请核对后再提交。"), title=row.title
            )
    return found
