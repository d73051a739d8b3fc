"""Kinds of deadline (时限类型) and the days that follow from them: by a date, at once, in stages, over years, for good."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.access.system import system_actor
from guatu.actions.reach import load_items, require_reach
from guatu.actions.values import EMPTY
from guatu.actions.workflow import LONG_TERM, Move, move_items
from guatu.actions.writing import Draft, load_past, plain_of, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.history import timeline
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.spells import BASE_DUE, DUE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.list_columns import due_kinds
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

STAGED, MULTI_YEAR = "staged", "multi_year"
UNFINISHED = ("draft", "open", "review")


def set_due_kind(
    actor: Actor, *, campaign: Campaign, item: int, kind: str, reason: str, due: date | None = None
) -> Item:
    """Give an open item another kind of deadline; the approval of it is the caller's (a proposal that was granted).

    `due` is the new day for a date, at once or over years (due and base due day both become it). In stages: due is the
    day of the next unfinished stage, base due that of the last. For good: the item moves to the pack's long-term state,
    due is the next check. Raises BadInput for what the kind lacks, NotAllowed without the right to change due days.
    """
    found = load_items(campaign, [item])[item]
    require_reach(actor, roles_with("change_due"), found, campaign)
    pack, day = pack_of(campaign), today(ZoneInfo(campaign.zone))
    refuse_due_kind(pack, found, kind, due)
    with transaction.atomic():
        keep = way_to_long_term(pack.workflow_of(found.register), found.state) if kind == LONG_TERM else None
        if keep is not None:
            [found] = move_items(
                actor, campaign=campaign, transition=keep.key, moves=[Move(item, reason=reason)]
            )
            return found  # the step itself gives the kind and its day
        dated: dict[str, Any] = {}
        if kind == STAGED:
            stages = [one.due for one in stages_of(pack, found) if one.due is not None]
            dated = {DUE: min(stages).isoformat(), BASE_DUE: max(stages).isoformat()}
        elif kind != LONG_TERM and due is not None:
            dated = {DUE: due.isoformat(), BASE_DUE: due.isoformat()}
        draft = Draft(found, day, dated, more={"due_kind": kind})
        load_past([draft])
        found.due_kind = kind
        draft.plain = plain_of(found, timeline(draft.past.entries).plain.get("data", {}))
        write(actor, action="items.due_kind", campaign=campaign, drafts=[draft], reason=reason)
    return found


def refuse_due_kind(pack: Pack, item: Item, kind: str, due: date | None = None) -> None:
    """Refuse a kind that the register does not have, or one whose conditions the item does not meet."""
    register, flow = pack.register(item.register), pack.workflow_of(item.register)
    words = due_kinds()
    if kind not in register.due_kinds:
        raise BadInput(
            _("“{register}”没有“{kind}”这种时限类型。可用：{known}。"),
            register=register.label,
            kind=words.get(kind, kind[:20]),
            known=listed(words[one] for one in register.due_kinds),
        )
    if flow.phase_of(item.state) not in ("draft", "open"):
        raise BadInput(
            _("{number} 现为“{state}”，不变更时限类型。请在整改期间办理。"),
            number=item.number,
            state=flow.states[item.state].label,
        )
    _refuse_empty(register, item, kind)
    if kind == STAGED and not stages_of(pack, item):
        raise BadInput(
            _("{number} 还没有阶段目标。请先在事项下列出各阶段的目标和时限，再办理分阶段整改。"),
            number=item.number,
        )
    if kind == LONG_TERM and not (
        flow.states[item.state].long_term or way_to_long_term(flow, item.state) is not None
    ):
        raise BadInput(
            _("{number} 现为“{state}”，不能转为长期坚持。请先继续整改。"),
            number=item.number,
            state=flow.states[item.state].label,
        )
    if kind == MULTI_YEAR and (due or item.due) is None:
        raise BadInput(_("{number}：跨年度整改须写明最后时限。请填写后再提交。"), number=item.number)


def _refuse_empty(register: Register, item: Item, kind: str) -> None:
    missing = [
        field.label
        for key, needed in register.due_needs.items()
        if key == kind
        for one in needed
        if (field := register.field(one)) is not None and item.data.get(one) in EMPTY
    ]
    if missing:
        raise BadInput(
            _("{number} 按“{kind}”办理还缺：{fields}。请在事项页填写后再提交。"),
            number=item.number,
            kind=due_kinds()[kind],
            fields=listed(missing),
        )


def way_to_long_term(flow: Workflow, state: str) -> Transition | None:
    """The pack's step from `state` to the state of what is kept up for good; None without one."""
    if flow.states[state].long_term:
        return None
    return next((way for way in flow.ways_from(state) if flow.states[way.to].long_term), None)


def stages_of(pack: Pack, item: Item) -> list[Item]:
    """The item's stages that are not finished, by their days; none where the pack has no register of them."""
    spec = next((r for r in pack.registers.values() if r.milestones and r.parent == item.register), None)
    if spec is None:
        return []
    rows = Item.objects.filter(parent=item, register=spec.key, phase__in=UNFINISHED, due__isnull=False)
    return list(rows.order_by("due", "pk"))


def follow_stages(campaign: Campaign, parents: Iterable[int] | None = None) -> list[Item]:
    """Let the due day of staged items follow their next unfinished stage; the base due day stays.

    `parents`: those that may have changed (default all of the campaign). The program writes it, in one batch.
    """
    pack, day = pack_of(campaign), today(ZoneInfo(campaign.zone))
    rows = Item.objects.filter(campaign=campaign, due_kind=STAGED, phase="open")
    found: Sequence[Item]
    if parents is None:
        found = list(rows)
    else:
        found = [one for chunk in in_chunks(sorted(set(parents))) for one in rows.filter(pk__in=chunk)]
    drafts = []
    for item in found:
        ahead = stages_of(pack, item)
        due = ahead[0].due if ahead else item.base_due
        if due is not None and due != item.due:
            drafts.append(Draft(item, day, {DUE: due.isoformat()}, more={"due_change": "stage"}))
    if drafts:
        load_past(drafts)
        with house_language():
            said = _("按下一阶段的时限")
        write(system_actor(), action="items.due:stage", campaign=campaign, drafts=drafts, reason=said)
    return [draft.item for draft in drafts]
