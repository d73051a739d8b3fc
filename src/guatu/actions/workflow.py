"""The one function that moves items from state to state. Page, import, bulk and console call it; nothing else does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.access.system import is_system
from guatu.access.transitions import acting, may_move
from guatu.actions.after_steps import Made, follow, together
from guatu.actions.bulk_verification import evidence_seen
from guatu.actions.document_rules import require_document_rules
from guatu.actions.history import answered
from guatu.actions.move_messages import Stepping, settled_by_steps, tellings_of_steps
from guatu.actions.notice_rules import closes_notice, require_notice
from guatu.actions.reach import items_of, load_items, sees
from guatu.actions.return_rules import require_return_rules
from guatu.actions.sign_off import require_signed
from guatu.actions.step_rules import require_evidence, require_merger, require_opened, require_words
from guatu.actions.values import EMPTY, clean_fields, refuse_verdicts, require_filled
from guatu.actions.writing import Draft, NewEvidence, load_past, plain_of, refuse_seen, write
from guatu.domain.clock import today
from guatu.domain.clocks import Stand, tracks_of_move
from guatu.domain.collection import fits_chain
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.loop_tracks import DECIDED_BY, HANDED_AT, RETURNS, noted_as_tracks, track
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.referring import tracks_of_referral
from guatu.domain.spells import FIELD, STATE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.working_days import Calendar
from guatu.queries.calendar import calendar_when_asked
from guatu.queries.evidence import NOTHING, UNSEEN, at_hand
from guatu.queries.four_eyes import Standing, refuse_own_verification
from guatu.queries.notices import objections_in_the_way
from guatu.queries.referrals import referral_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

LONG_TERM = "long_term"
"""The kind of deadline (pack: due_kinds) of what is kept up without an end."""


@dataclass(frozen=True, slots=True)
class Move:
    """One item's move. `decision` is the document of a 会议认定 or 上级认定; `version` what the mover saw.

    `notice_kind`: how the close-out is made known, where it differs from what the pack says of such items. `sheet`: the
    version code of the signed sheet, where the sign-off is made on paper. `tracks`: what the system itself notes with the
    step (`loop_tracks`, key → value); no form names one.
    """

    item: int
    fields: Mapping[str, Any] = field(default_factory=dict)
    evidence: tuple[NewEvidence, ...] = ()
    reason: str = ""
    decision: str = ""
    version: int | None = None
    notice_kind: str = ""
    sheet: str = ""
    tracks: Mapping[str, Any] = field(default_factory=dict)


def move_items(
    actor: Actor,
    *,
    campaign: Campaign,
    transition: str,
    moves: Sequence[Move],
    effective: date | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
    request: Any = None,
) -> list[Item]:
    """Move items by one transition in one batch, effective on a day (default today). All or nothing.

    `request`: the whole of a larger act of which this is a part; by it, instead of the moves, a repetition is recognised.

    Checks, in order: reach and role, the state, the way of a root unit's own items, one post for all of them, that the
    verifier has looked (several at once), required words and evidence, four eyes by unit, required fields. Raises
    NotFound, NotAllowed, BadInput or Conflict with the item's number.
    """
    request = [effective, reason, list(moves)] if request is None else request
    action = f"items.move:{transition}"
    if batch := answered(actor, action, campaign, idempotency_key, request):
        return items_of(batch)
    pack = pack_of(campaign)
    items = load_items(campaign, [move.item for move in moves])
    day = today(ZoneInfo(campaign.zone))
    ways = {move.item: _way(actor, campaign, pack, items[move.item], transition) for move in moves}
    actor = _under_one_post(actor, campaign, [(ways[move.item], items[move.item]) for move in moves])
    require_return_rules(actor, campaign, pack, items, ways, {move.item: move.tracks for move in moves})
    require_document_rules(actor, pack, items, ways)
    judged = [items[pk] for pk, way in ways.items() if way.four_eyes] if not is_system(actor) else []
    standing = Standing.of(actor, campaign, judged, pack.own_steps)
    seen = evidence_seen(actor, pack, judged, {move.item for move in moves if move.evidence})
    found = at_hand([items[pk] for pk, way in ways.items() if _looks_at_evidence(pack, items[pk], way)])
    closing = [
        items[pk]
        for pk, way in ways.items()
        if closes_notice(pack.workflow_of(items[pk].register), way, items[pk])
    ]
    objected = objections_in_the_way(closing)
    calendar = calendar_when_asked()
    drafts = []
    for move in moves:
        item, way = items[move.item], ways[move.item]
        flow = pack.workflow_of(item.register)
        refuse_seen(item, move.version)
        require_opened(pack, way, item)
        require_merger(actor, campaign, flow, way, item)
        require_words(flow, way, item, move.reason or reason, move.decision)
        require_evidence(flow, way, item, move.evidence, found.get(item.pk, NOTHING))
        require_notice(
            flow,
            way,
            item,
            kind=move.notice_kind,
            reason=move.reason or reason,
            day=effective or day,
            objections=objected.get(item.pk, 0),
        )
        if way.on_paper:
            require_signed(item, move.sheet)
        if way.four_eyes and not way.decision and not is_system(actor):  # kept when the notice was given
            refuse_own_verification(standing, item)
        state: dict[str, Any] = {
            "key": way.to,
            "phase": flow.phase_of(way.to),
            "round": item.round + (1 if way.new_round else 0),
        }
        noted = _noted(actor, flow, way, item, move, effective or day, day, calendar)
        noted |= _referred(campaign, pack, way, item, effective or day)
        noted |= noted_as_tracks(move.tracks)
        more = {
            "transition": transition,
            "reason": move.reason or reason,
            "decision": move.decision,
            "sheet": move.sheet if way.on_paper else "",
            "seen": list(seen.get(item.pk, UNSEEN).opened) if way.four_eyes else [],
        }
        drafts.append(
            Draft(item, effective or day, {STATE: state, **noted}, evidence=move.evidence, more=more)
        )
    load_past(drafts)
    for draft, move in zip(drafts, moves, strict=True):
        register = pack.register(draft.item.register)
        given = {key: value for key, value in move.fields.items() if key not in ways[move.item].needs}
        refuse_verdicts(register, pack.workflow_of(register.key), given, draft.item.data)
        _apply_due_kind(draft, pack.workflow_of(register.key), ways[move.item], register)
        _apply_fields(draft, move, ways[move.item], register)
    stepping = [Stepping(items[move.item], ways[move.item], move.reason or reason) for move in moves]
    with together(pack, ways, items.values()):
        batch = write(
            actor,
            action=action,
            campaign=campaign,
            drafts=drafts,
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
            tellings=tellings_of_steps(campaign, stepping),
            settled=settled_by_steps(campaign, stepping),
        )
        steps = [
            Made(draft.item, ways[draft.item.pk], move.reason or reason)
            for draft, move in zip(drafts, moves, strict=True)
        ]
        follow(actor, campaign=campaign, steps=steps)
    return items_of(batch) if idempotency_key else [draft.item for draft in drafts]


def _referred(campaign: Campaign, pack: Pack, way: Transition, item: Item, day: date) -> dict[str, Any]:
    """What is noted of a referral upward: who is asked now, and since when the office has to coordinate."""
    spec = referral_of(pack, item.register)
    if spec is None:
        return {}
    return tracks_of_referral(spec, way, item.data, line=item.line, root=campaign.root_id, day=day)


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
    if item.state not in way.origins or not fits_chain(flow, way, item.state, item.data):
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
    """What the step notes in time, and how often it was sent back, and who recognised it.

    Only the office may date an application or a referral back: what counts is when the others recorded it.
    """
    by_office = actor.post is not None and actor.post.role == "office"
    noted = tracks_of_move(
        flow,
        way,
        Stand(item.state, item.due, item.base_due, item.data),
        day=effective,
        applied=effective if by_office else max(effective, recorded),
        calendar=calendar,
        notice_kind=move.notice_kind,
    )
    if way.returns:
        noted[track(RETURNS)] = int(item.data.get(RETURNS) or 0) + 1
    if flow.phase_of(way.to) in ("draft", "open") and item.data.get(HANDED_AT):
        noted[track(HANDED_AT)] = None  # sent back or taken back, a return is not handed in any more
    decided = way.decision or None if flow.phase_of(way.to) == "closed" else None
    if decided != item.data.get(DECIDED_BY):
        noted[track(DECIDED_BY)] = decided
    return noted


def _looks_at_evidence(pack: Pack, item: Item, way: Transition) -> bool:
    proved, kinds = pack.workflow_of(item.register).proof_of(way)
    return way.proves or proved or bool(kinds)


def _under_one_post(actor: Actor, campaign: Campaign, steps: Sequence[tuple[Transition, Item]]) -> Actor:
    """The actor under the post that history will name; one batch names one."""
    found = acting(actor, steps, campaign) if steps else actor
    if found is None:
        raise BadInput(_("这些事项要用您的不同身份办理，不能一次提交。请按单位分开办理。"))
    return found


def _apply_due_kind(draft: Draft, flow: Workflow, way: Transition, register: Register) -> None:
    """What enters a long-term state is kept up for good, what leaves it has a day again."""
    item, kind = draft.item, draft.item.due_kind
    if flow.states[way.to].long_term and LONG_TERM in register.due_kinds:
        kind = LONG_TERM
    elif flow.phase_of(way.to) == "open" and kind == LONG_TERM:
        kind = "date"
    if kind != item.due_kind:
        item.due_kind = kind
        draft.plain = plain_of(item, timeline(draft.past.entries).plain.get("data", {}))


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
    _refuse_rewriting(draft, changed, way, register)
    if not changed:
        return
    dated_keys = {f.key for f in register.fields if f.dated}
    before = timeline(draft.past.entries).plain.get("data", {})
    plain = {key: value for key, value in changed.items() if key not in dated_keys}
    if plain:
        draft.plain = plain_of(item, {**before, **plain})
    draft.dated.update({FIELD + key: value for key, value in changed.items() if key in dated_keys})


def _refuse_rewriting(draft: Draft, changed: Mapping[str, Any], way: Transition, register: Register) -> None:
    """Whoever judges an item writes what the step asks for and no more: the rest is what is judged."""
    item = draft.item
    if way.level == "own" or item.phase not in ("review", "closed"):
        return
    after = {**item.data, **changed}
    other = [
        declared.label
        for key in changed.keys() - {*way.needs, *way.sets}
        if (declared := register.field(key)) is not None
        and not declared.is_required(way.to, after)
        and (changed[key] or "") != (item.data.get(key) or "")
    ]
    if other:
        raise BadInput(
            _("{number}：办理“{label}”时不能改写{fields}。要改的，请退回，由本单位改。"),
            number=item.number,
            label=way.label,
            fields=listed(sorted(other)),
        )
