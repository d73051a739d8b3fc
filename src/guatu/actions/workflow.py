"""The one function that moves items from state to state. Page, import, bulk and console call it; nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.access.system import is_system
from guatu.access.transitions import may_move
from guatu.actions.history import answered
from guatu.actions.move_messages import Stepping, tellings_of_steps
from guatu.actions.reach import items_of, load_items, sees
from guatu.actions.values import EMPTY, clean_fields, refuse_verdicts, require_filled
from guatu.actions.writing import Draft, NewEvidence, load_past, plain_of, refuse_seen, write
from guatu.domain.clock import today
from guatu.domain.clocks import Stand, tracks_of_move
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.spells import FIELD, STATE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.working_days import Calendar
from guatu.queries.calendar import calendar_when_asked
from guatu.queries.evidence import kinds_at_hand
from guatu.queries.four_eyes import Standing, refuse_own_verification
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Evidence, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Move:
    """One item's move. `decision` is the document of a 会议认定 or 上级认定; `version` what the mover saw.

    `notice_kind`: how the close-out is made known, where it differs from what the pack says of such items.
    """

    item: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[NewEvidence, ...] = ()
    reason: str = ""
    decision: str = ""
    version: int | None = None
    notice_kind: str = ""


def move_items(
    actor: Actor,
    *,
    campaign: Campaign,
    transition: str,
    moves: Sequence[Move],
    effective: date | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Move items by one transition in one batch, effective on a day (default today). All or nothing.

    Checks, in order: reach and role, the state, the way of a root unit's own items, required words, fields and
    evidence, four eyes by unit. Raises NotFound, NotAllowed, BadInput or Conflict with the item's number.
    """
    request = [effective, reason, list(moves)]
    action = f"items.move:{transition}"
    if batch := answered(actor, action, campaign, idempotency_key, request):
        return items_of(batch)
    pack = pack_of(campaign)
    items = load_items(campaign, [move.item for move in moves])
    day = today(ZoneInfo(campaign.zone))
    ways = {move.item: _way(actor, campaign, pack, items[move.item], transition) for move in moves}
    own_steps = [
        way.key for flow in pack.workflows.values() for way in flow.transitions if way.level == "own"
    ]
    standing = Standing.of(
        actor, campaign, [items[pk] for pk, way in ways.items() if way.four_eyes], own_steps
    )
    proven = _with_evidence([pk for pk, way in ways.items() if way.evidence])
    at_hand = kinds_at_hand([items[pk] for pk, way in ways.items() if way.evidence_kinds])
    calendar = calendar_when_asked()
    drafts = []
    for move in moves:
        item, way = items[move.item], ways[move.item]
        refuse_seen(item, move.version)
        _require_words(item, way, move, reason, item.pk in proven)
        _require_kinds(pack.workflow_of(item.register), item, way, move, at_hand.get(item.pk, frozenset()))
        if way.four_eyes and not way.decision and not is_system(actor):  # kept when the notice was given
            refuse_own_verification(standing, item)
        state: dict[str, Any] = {
            "key": way.to,
            "phase": pack.workflow_of(item.register).phase_of(way.to),
            "round": item.round + (1 if way.new_round else 0),
        }
        noted = _noted(
            actor, pack.workflow_of(item.register), way, item, move, effective or day, day, calendar
        )
        more = {"transition": transition, "reason": move.reason or reason, "decision": move.decision}
        drafts.append(
            Draft(item, effective or day, {STATE: state, **noted}, evidence=move.evidence, more=more)
        )
    load_past(drafts)
    for draft, move in zip(drafts, moves, strict=True):
        register = pack.register(draft.item.register)
        given = {key: value for key, value in move.fields.items() if key not in ways[move.item].needs}
        refuse_verdicts(register, pack.workflow_of(register.key), given, draft.item.data)
        _apply_fields(draft, move, ways[move.item], register)
    batch = write(
        actor,
        action=action,
        campaign=campaign,
        drafts=drafts,
        reason=reason,
        idempotency_key=idempotency_key,
        request=request,
        tellings=tellings_of_steps(
            campaign,
            [Stepping(items[move.item], ways[move.item], move.reason or reason) for move in moves],
        ),
    )
    return items_of(batch) if idempotency_key else [draft.item for draft in drafts]


def _way(actor: Actor, campaign: Campaign, pack: Pack, item: Item, transition: str) -> Transition:
    flow = pack.workflow_of(item.register)
    way = flow.transition(transition)
    if way is None:
        raise BadInput(
            _("“{register}”没有“{transition}”这一步。可用：{known}。"),
            register=pack.register(item.register).label,
            transition=transition,
            known=listed(t.key for t in flow.transitions),
        )
    if not may_move(actor, way, item, campaign):
        if not sees(actor, item, campaign):
            raise NotFound()
        raise NotAllowed(
            _("您的身份（{post}）不能对 {number} 办理“{label}”。请由{roles}办理。"),
            post=actor.post_label,
            number=item.number,
            label=way.label,
            roles=listed(pack.role_label(role) for role in way.roles),
        )
    if item.state not in way.origins:
        raise BadInput(
            _("{number} 现为“{state}”，不能办理“{label}”。请刷新后查看下一步。"),
            number=item.number,
            state=flow.states[item.state].label,
            label=way.label,
        )
    return way


def _noted(
    actor: Actor,
    flow: Workflow,
    way: Transition,
    item: Item,
    move: Move,
    effective: date,
    recorded: date,
    calendar: Callable[[], Calendar],
) -> dict[str, Any]:
    """What the clocks note. Only the office may date an application back: what counts is when the others recorded it."""
    return tracks_of_move(
        flow,
        way,
        Stand(item.state, item.due, item.base_due, item.data),
        day=effective,
        applied=effective if actor.has_role("office") else max(effective, recorded),
        calendar=calendar,
        notice_kind=move.notice_kind,
    )


def _require_words(item: Item, way: Transition, move: Move, reason: str, proven: bool) -> None:
    if way.reason and not (move.reason or reason).strip():
        raise BadInput(
            _("{number}：“{label}”须写明原因。请填写后再提交。"), number=item.number, label=way.label
        )
    if way.decision and not move.decision.strip():
        raise BadInput(
            _("{number}：本级事项须会议认定或上级认定。请填写认定文件名称和文号。"), number=item.number
        )
    if way.evidence and not move.evidence and not proven:
        raise BadInput(
            _("{number} 缺少佐证材料。请上传；不宜上传的，请选“线下备查”并填写存放处、保管人。"),
            number=item.number,
        )
    for evidence in move.evidence:
        if not evidence.sha256 and not (
            evidence.title.strip() and evidence.place.strip() and evidence.keeper.strip()
        ):
            raise BadInput(
                _("{number}：线下备查材料须写明名称、存放处、保管人。请补充后再提交。"), number=item.number
            )


def _require_kinds(flow: Workflow, item: Item, way: Transition, move: Move, at_hand: frozenset[str]) -> None:
    """Refuse a step that lacks a kind of evidence, naming every missing one, and evidence of an unknown kind."""
    known = {option.key: option.label for option in flow.evidence_kinds}
    given = {evidence.kind for evidence in move.evidence if evidence.kind}
    for kind in given - known.keys():
        raise BadInput(
            _("{number}：没有“{kind}”这一种佐证材料。可用：{known}。"),
            number=item.number,
            kind=kind[:40],
            known=listed(known.values()) or _("不分种类"),
        )
    missing = [known[kind] for kind in way.evidence_kinds if kind not in given | at_hand]
    if missing:
        raise BadInput(
            _("{number} 缺少佐证材料：{kinds}。不宜上传的，请选“线下备查”并填写存放处、保管人。"),
            number=item.number,
            kinds=listed(missing),
        )


def _apply_fields(draft: Draft, move: Move, way: Transition, register: Register) -> None:
    item = draft.item
    changed = clean_fields(register, {**move.fields, **way.sets})
    after = {**item.data, **changed}
    missing = [
        declared.label
        for key in way.needs
        if (declared := register.field(key)) is not None and after.get(key) in EMPTY
    ]
    if missing:
        raise BadInput(
            _("{number} 还缺：{fields}。请补充后再提交。"), number=item.number, fields=listed(missing)
        )
    require_filled(register, way.to, after, item.title, item.due)
    if not changed:
        return
    dated_keys = {f.key for f in register.fields if f.dated}
    before = timeline(draft.past.entries).plain.get("data", {})
    plain = {key: value for key, value in changed.items() if key not in dated_keys}
    if plain:
        draft.plain = plain_of(item, {**before, **plain})
    draft.dated.update({FIELD + key: value for key, value in changed.items() if key in dated_keys})


def _with_evidence(pks: Sequence[int]) -> set[int]:
    found: set[int] = set()
    for chunk in in_chunks(list(pks)):
        found.update(
            Evidence.objects.filter(item__in=chunk, withdrawn_batch=None).values_list("item_id", flat=True)
        )
    return found
