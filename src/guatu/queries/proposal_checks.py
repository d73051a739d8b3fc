"""What a proposal would do to each item, and why it cannot be: asked by the page that prepares it and by the actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.proposals import (
    APPROVED_DUE_KINDS,
    DUE_KIND,
    EXTENSION,
    MERGE,
    RULES,
    SPLIT,
    TRANSFER,
    VOID,
)
from guatu.domain.words import gettext as _
from guatu.queries.list_columns import due_kinds
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of

MOST_PARTS = 10
"""Parts that one item is divided into at most."""
MOST_ITEMS = 100
"""Items of one proposal."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an item that is to be split: who leads it (a unit's code), what it is, until when."""

    unit: str
    title: str
    due: date | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is proposed. Only what belongs to the kind is read.

    `due`: the new due day (extension, due kind); `due_kind`; `to`: the receiving unit's code (transfer); `into`: the item
    that others are merged into; `parts`: what is split off; `title`: the new title of what is left, empty to keep it.
    """

    kind: str
    due: date | None = None
    due_kind: str = ""
    to: str = ""
    into: int | None = None
    parts: tuple[Part, ...] = field(default_factory=tuple)
    title: str = ""


def way_to(kind: str, flow: Workflow, state: str) -> Transition | None:
    """The pack's step by which an item in this state is merged (`merge`) or annulled (`void`); None without one."""
    ways = [
        way
        for way in flow.ways_from(state)
        if flow.phase_of(way.to) == "void" and flow.states[way.to].merged == (kind == MERGE) and not way.auto
    ]
    return next((way for way in ways if way.level in ("any", "root")), None) or next(iter(ways), None)


def facts(item: Item) -> dict[str, Any]:
    """What of an item a proposal rests on, as it is now."""
    return {
        "unit": item.unit_id,
        "state": item.state,
        "due": item.due.isoformat() if item.due else None,
        "due_kind": item.due_kind,
        "title": item.title,
    }


def why_not(campaign: Campaign, item: Item, wanted: Wanted, day: date, *, asked: date | None = None) -> str:
    """Why this cannot be done to the item as it is now, in words; empty if it can.

    `asked`: the day on which it was asked for (default `day`): an extension asked for in time stays in time.
    """
    pack = pack_of(campaign)
    register, flow = pack.register(item.register), pack.workflow_of(item.register)
    kind = wanted.kind
    if item.phase == "void":
        return _("已撤销或并案，不再办理。")
    spec = pack.loop.collection
    if kind not in (MERGE, VOID) and spec is not None and item.register in (spec.requests, spec.returns):
        return _("单位和时间由报送任务管，请在“填报”中办理。")
    if kind in (MERGE, VOID):
        if way_to(kind, flow, item.state) is None:
            return _("现为“{state}”，按流程不能{step}。").format(
                state=_state(flow, item.state), step=_(RULES[kind].label)
            )
        return _("不能并入自己。") if kind == MERGE and wanted.into == item.pk else ""
    if item.phase == "closed":
        return _("已办结，不再办理。")
    if kind in (TRANSFER, SPLIT) and item.phase == "review":
        return _("正在审核（{state}），请待审核结束或退回后再办理。").format(state=_state(flow, item.state))
    if kind == SPLIT and item.restricted:
        return _("受限事项不能拆分。请先解除限制，再办理。")
    if kind == EXTENSION:
        return _no_extension(item, wanted.due, asked or day)
    if kind == DUE_KIND:
        return _no_due_kind(pack, item, wanted)
    if kind == TRANSFER and wanted.to and item.unit.code == wanted.to:
        return _("已由该单位牵头。")
    if kind == SPLIT and register.due == "required" and any(part.due is None for part in wanted.parts):
        return _("每一部分都须填写时限。")
    return ""


def changed_since(known: dict[str, Any], item: Item, kind: str) -> str:
    """What has become of the item since it was asked for that matters for this kind, in words; empty if nothing has."""
    now = facts(item)
    for name in RULES[kind].watches:
        before, after = known.get(name), now[name]
        if before != after:
            return _differs(name, before, after, item)
    return ""


def _differs(name: str, before: Any, after: Any, item: Item) -> str:
    if name == "unit":
        old = Unit.objects.filter(pk=before).values_list("short_name", flat=True).first() or "–"
        return _("牵头单位已由{before}变为{after}").format(before=old, after=item.unit.short_name)
    if name == "due":
        return _("时限已由 {before} 变为 {after}").format(before=before or "–", after=after or "–")
    if name == "due_kind":
        labels = due_kinds()
        return _("时限类型已由“{before}”变为“{after}”").format(
            before=labels.get(before, before), after=labels.get(after, after)
        )
    if name == "title":
        return _("标题已由“{before}”改为“{after}”").format(before=before, after=after)
    flow = pack_of(item.campaign).workflow_of(item.register)
    return _("状态已由“{before}”变为“{after}”").format(before=_state(flow, before), after=_state(flow, after))


def _no_extension(item: Item, due: date | None, asked: date) -> str:
    if item.due is None:
        return _("没有时限，无须延期。")
    if asked > item.due:
        return _("时限已过，不能再申请延期。请说明情况，报办公室处理。")
    if due is not None and due <= item.due:
        return _("新的时限 {due} 须晚于现在的时限 {now}。").format(due=due, now=item.due)
    return ""


def _no_due_kind(pack: Pack, item: Item, wanted: Wanted) -> str:
    register, labels = pack.register(item.register), due_kinds()
    if not wanted.due_kind:
        return "" if wished(pack, item.register) else _("这本清单的时限类型不可变更。")
    if wanted.due_kind not in register.due_kinds or wanted.due_kind not in APPROVED_DUE_KINDS:
        return _("“{register}”没有“{kind}”这种须经批准的时限类型。").format(
            register=register.label, kind=labels.get(wanted.due_kind, wanted.due_kind)
        )
    if wanted.due_kind == item.due_kind:
        return _("时限类型已是“{kind}”。").format(kind=labels.get(item.due_kind, item.due_kind))
    return ""


def wished(pack: Pack, register: str) -> Sequence[str]:
    """The kinds of deadline of a register that need approval."""
    return [kind for kind in pack.register(register).due_kinds if kind in APPROVED_DUE_KINDS]


def _state(flow: Workflow, state: Any) -> str:
    return flow.states[state].label if state in flow.states else str(state)
