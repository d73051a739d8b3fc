"""What an item's dated facts are changed by, states aside: due days, transfers, corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.access.proposals import stands_over
from guatu.actions.move_messages import tellings_of_due
from guatu.actions.reach import load_items, require_reach, units_by_code
from guatu.actions.return_rules import require_not_collecting, require_unreported
from guatu.actions.writing import Draft, load_past, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.clocks import tracks_of_correction
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.history import Mark, timeline
from guatu.domain.spells import BASE_DUE, DUE, STATE, UNIT
from guatu.domain.tree import line_in
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.calendar import calendar_when_asked
from guatu.queries.places import histories_now
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class DueChange:
    """A new due day of one item from `effective` on (default today).

    `asked`: the day on which an extension was asked for, where it was granted later: asked in time is in time.
    """

    item: int
    due: date
    effective: date | None = None
    asked: date | None = None


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

    By whoever stands above the unit; nobody sets the days of the own unit, the root's office aside.

    An extension is refused if it was asked for after the due day.
    """
    refuse_due_kind(kind, reason, document)
    items = load_items(campaign, [change.item for change in changes])
    day = today(ZoneInfo(campaign.zone))
    drafts = []
    for change in changes:
        item = items[change.item]
        require_reach(actor, roles_with("change_due"), item, campaign)
        require_above(actor, campaign, item)
        require_not_collecting(pack_of(campaign), item)
        effective = change.effective or day
        if kind == "extension" and item.due is not None and (change.asked or effective) > item.due:
            raise BadInput(_("时限已过，不能再申请延期。请说明情况，报办公室处理。"))
        dated = due_tracks(item, change.due, kind)
        drafts.append(Draft(item, effective, dated, more={"due_change": kind, "document": document}))
    load_past(drafts)
    told = tellings_of_due(campaign, [(items[one.item], items[one.item].due, one.due) for one in changes])
    write(actor, action=f"items.due:{kind}", campaign=campaign, drafts=drafts, reason=reason, tellings=told)
    return [draft.item for draft in drafts]


def refuse_due_kind(kind: str, reason: str, document: str) -> None:
    """Refuse an unknown way of changing due days, and one without the words that it asks for."""
    if kind not in ("extension", "adjustment", "entry"):
        raise BadInput(_("不认识的时限变更方式“{kind}”。可用：extension、adjustment、entry。"), kind=kind)
    if kind == "adjustment" and not document:
        raise BadInput(_("统一调整时限须写明文件号。请填写后再提交。"))
    if kind == "entry" and not reason.strip():
        raise BadInput(_("录入更正须写明原因。请填写后再提交。"))


def due_tracks(item: Item, due: date, kind: str) -> dict[str, Any]:
    """What a change of the due day writes: an extension leaves the base, if there is one."""
    dated: dict[str, Any] = {DUE: due.isoformat()}
    if kind != "extension" or item.base_due is None:
        dated[BASE_DUE] = due.isoformat()
    return dated


def require_above(actor: Actor, campaign: Campaign, item: Item) -> None:
    """Due days are set by whoever stands above the unit: nobody sets those of the own unit, the root's office aside."""
    if not stands_over(actor, roles_with("change_due"), item.line, campaign):
        raise NotAllowed(
            _("{number} 由您所在单位牵头，时限由上级调整。请提出“申请延期”。"), number=item.number
        )


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
    day = effective or today(ZoneInfo(campaign.zone))
    drafts = _transfers(actor, campaign, items, to, day, reason, "transfer")
    for draft in drafts:
        require_not_collecting(pack_of(campaign), draft.item)
        require_unreported(pack_of(campaign), draft.item)
    write(actor, action="items.transfer", campaign=campaign, drafts=drafts, reason=reason)
    return [draft.item for draft in drafts]


def hand_over_items(
    actor: Actor, *, campaign: Campaign, items: Sequence[int], to: str, reason: str, day: date
) -> list[Item]:
    """Give all items of a unit that is merged to its successor, closed ones too, as of `day`.

    An item that came to the unit after that day goes over from the day on which it came. Whoever keeps the units may do
    it (capability `hand_over`): it is part of the unit's merger, and no item is read.
    """
    drafts = _transfers(actor, campaign, items, to, day, reason, "hand_over")
    for draft in drafts:
        came = timeline(draft.past.entries).tracks[UNIT][-1].effective
        draft.effective = max(day, came)
    write(actor, action="items.hand_over", campaign=campaign, drafts=drafts, reason=reason)
    return [draft.item for draft in drafts]


def _transfers(
    actor: Actor,
    campaign: Campaign,
    items: Sequence[int],
    to: str,
    effective: date,
    reason: str,
    capability: str,
) -> list[Draft]:
    unit = units_by_code({to})[to]
    found = load_items(campaign, items)
    drafts = []
    for pk in items:
        require_reach(actor, roles_with(capability), found[pk], campaign)
        drafts.append(Draft(found[pk], effective, {UNIT: unit.pk}, more={"reason": reason}))
    for register in sorted({item.register for item in found.values()}):
        refuse_lead(campaign, register, unit, effective)
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

    An earlier known-at still shows the old (history.md 7). `state` is one of those that are withdrawn, or the one in
    which the item stood before: a correction dates what happened, it moves nothing (that is `move_items`).
    """
    found = load_items(campaign, [item])[item]
    require_reach(actor, roles_with("correct_history"), found, campaign)
    require_not_collecting(pack_of(campaign), found)
    require_unreported(pack_of(campaign), found)
    if not reason.strip():
        raise BadInput(_("更正须写明原因。请填写后再提交。"))
    dated: dict[str, Any] = {}
    if state is not None:
        flow = pack_of(campaign).workflow_of(found.register)
        if state not in flow.states:
            raise BadInput(
                _("没有“{state}”这个状态。可用：{known}。"), state=state, known=listed(flow.states)
            )
        dated[STATE] = {"key": state, "phase": flow.phase_of(state)}
    if unit is not None:
        lead = units_by_code({unit})[unit]
        refuse_lead(campaign, found.register, lead, effective)
        dated[UNIT] = lead.pk
    if due is not None:
        dated[DUE] = due.isoformat()
    draft = Draft(found, effective, dated, withdraws=withdraws)
    load_past([draft])
    before = timeline(draft.past.entries)
    if state is not None:
        dated[STATE]["round"] = _round_of(before.tracks[STATE], withdraws, state, found.number)
        noted = tracks_of_correction(
            flow, before, withdraws, state, effective, calendar=calendar_when_asked()
        )
        dated.update({name: value for name, value in noted.items() if name not in dated})
    if due is not None and any(mark.version >= withdraws for mark in before.tracks.get(BASE_DUE, ())):
        dated[BASE_DUE] = due.isoformat()  # what set the base as well is withdrawn with it
    write(actor, action="items.correct", campaign=campaign, drafts=[draft], reason=reason)
    return found


def _round_of(marks: Sequence[Mark], withdraws: int, state: str, number: str) -> int:
    """The round of `state` among the withdrawn states, or of the state before them; no other may be written."""
    withdrawn = [mark.value for mark in marks if mark.version >= withdraws]
    before = [mark.value for mark in marks if mark.version < withdraws][-1:]
    for value in (*withdrawn, *before):
        if value["key"] == state:
            return int(value["round"])
    raise BadInput(
        _("{number}：更正只改日期，或退到更正前的状态，不能改成“{state}”。请按流程办理。"),
        number=number,
        state=state,
    )


def refuse_lead(campaign: Campaign, register: str, unit: Unit, day: date) -> None:
    """Refuse a lead unit whose level cannot lead the register or that does not stand in the tree from `day` on."""
    declared = pack_of(campaign).register(register)
    if unit.level not in declared.lead_levels:
        raise BadInput(
            _("{unit}（{level}）不能牵头“{register}”的事项。请另选单位。"),
            unit=unit.short_name,
            level=unit.level,
            register=declared.label,
        )
    stretches = histories_now(campaign.tree_id).get(unit.pk, ())
    if not line_in(stretches, day) or not stretches[-1][1]:
        raise BadInput(
            _("{unit} 在 {day} 之后已不在组织树上，或当时尚未设立。请另选单位。"),
            unit=unit.short_name,
            day=day,
        )
