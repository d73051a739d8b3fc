"""What can happen next to an item: which buttons, who may press them, and why not this reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import reduce
from typing import Any

from guatu.access import Actor
from guatu.access.transitions import acting, may_move
from guatu.domain.clocks import notice_kind_of, skips_notice
from guatu.domain.collection import fits_chain, judges
from guatu.domain.errors import NotAllowed
from guatu.domain.loop_tracks import SENT_BACK
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.referring import nothing_to_coordinate
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.addressees import Holder
from guatu.queries.document_judges import is_judged, refused_to
from guatu.queries.four_eyes import Standing, refuse_own_verification, responsible_acts
from guatu.queries.item_history import Past
from guatu.queries.item_now import who_may
from guatu.queries.own_review import barred, reviewer_of
from guatu.queries.pages import NextMove, Option
from guatu.queries.referrals import referral_of
from guatu.records.models import Campaign, Item

EMPTY: tuple[object, ...] = (None, "", [])


def next_moves(
    actor: Actor,
    campaign: Campaign,
    pack: Pack,
    item: Item,
    data: Mapping[str, Any],
    has_evidence: bool,
    past: Past,
    contributing: set[int],
    at_hand: frozenset[str] = frozenset(),
    holders: Sequence[Holder] = (),
) -> tuple[NextMove, ...]:
    """The transitions that leave the item's state now, those the reader may make first; `holders` names who may.

    `at_hand`: the kinds of evidence of the present round. `contributing`: the units that answer for the item beside its lead unit. Costs a statement only where a four-eyes transition is open to the reader's post.
    """
    workflow, register = pack.workflow_of(item.register), pack.register(item.register)
    referral = referral_of(pack, item.register)
    ways = [
        way
        for way in workflow.ways_from(item.state)
        if workflow.phase_of(way.to) != "void"
        and (item.unit_id == campaign.root_id or not way.decision)
        and not way.on_paper  # made on the page of the signed sheet
        and fits_chain(workflow, way, item.state, data)
        and not (referral and nothing_to_coordinate(referral, way, data))
    ]
    allowed = {way.key: may_move(actor, way, item, campaign) for way in ways}
    bar = ""
    judging = [way for way in ways if way.four_eyes and not way.decision and allowed[way.key]]
    if judging:
        verifier = acting(actor, [(judging[0], item)], campaign) or actor
        bar = _bar(verifier, campaign, pack, item, past, contributing)
    reviewing = {way.key for way in ways if allowed[way.key] and judges(workflow, way, item.state)}
    reviewer = reviewer_of(actor, campaign, pack, [item]) if reviewing else None
    moves = []
    taken = False
    for way in ways:
        why_not = ""
        if not allowed[way.key]:
            why_not = _("您的身份（{post}）不办理这一步。").format(post=actor.post_label or _("无"))
        elif way.four_eyes and not way.decision:
            why_not = bar
        elif reviewer is not None and way.key in reviewing:
            onward = workflow.phase_of(way.to) in ("review", "closed")
            why_not = barred(reviewer, [item], onward=onward).get(item.pk, "")
        elif is_judged(pack, item.register, way):
            why_not = refused_to(actor, campaign, pack, item, way)
        unsaid = skips_notice(workflow, way, item.state or way.origins[0], data)
        primary = not why_not and not way.reason and not unsaid and not taken
        taken = taken or primary
        move = next_move(pack, register, way, item, data, has_evidence, why_not, primary, at_hand)
        people, others = who_may(way, item.line, campaign.root_id, holders, pack)
        of_the_post = not allowed[way.key]
        moves.append(replace(move, people=people, others=others, of_the_post=of_the_post))
    return tuple(sorted(moves, key=lambda move: not move.may))


def _bar(actor: Actor, campaign: Campaign, pack: Pack, item: Item, past: Past, contributing: set[int]) -> str:
    """Why four eyes keep this reader from verifying; empty if they do not."""
    acts = responsible_acts(pack.own_steps) + (["items.create"] if item.on_behalf else [])
    standing = Standing.before(
        actor,
        campaign,
        item,
        opened=past.opened(),
        led=past.units(),
        contributing=contributing,
        acted=lambda persons, posts: past.did(persons, posts, acts),
    )
    try:
        refuse_own_verification(standing, item)
    except NotAllowed as refusal:
        return str(refusal)
    return ""


def next_move(
    pack: Pack,
    register: Register,
    way: Transition,
    item: Item,
    data: Mapping[str, Any],
    has_evidence: bool,
    why_not: str,
    primary: bool,
    at_hand: frozenset[str] = frozenset(),
) -> NextMove:
    """One transition as the reader meets it: what it asks for, and why not if not. `item`: its lead unit is at hand."""
    workflow, data = pack.workflow_of(register.key), {**data, **way.sets}
    required = [field.key for field in register.fields if field.is_required(way.to, data)]
    needs = tuple(key for key in dict.fromkeys((*way.needs, *required)) if data.get(key) in EMPTY)
    kinds = tuple(
        Option(kind, workflow.kind_label(kind)) for kind in way.evidence_kinds if kind not in at_hand
    )
    evidence = (way.evidence and not has_evidence) or bool(kinds)
    again = bool(data.get(SENT_BACK)) and workflow.submits(way)
    unsaid = skips_notice(workflow, way, item.state or way.origins[0], data)
    return NextMove(
        key=way.key,
        label=way.label,
        to=workflow.states[way.to].label,
        may=not why_not,
        who=_who(pack, way, item),
        why_not=why_not,
        asks=_asks(register, way, needs, evidence, kinds, again, unsaid),
        needs=needs,
        reason=way.reason or again or unsaid,
        evidence=evidence,
        decision=bool(way.decision),
        primary=primary,
        again=again and not way.reason and not unsaid,
        kinds=kinds,
        notice=_notice_kinds(workflow, way, data),
    )


def _notice_kinds(workflow: Workflow, way: Transition, data: Mapping[str, Any]) -> tuple[Option, ...]:
    """How the close-out may be made known, the usual kind of such items first; empty for any other step."""
    if workflow.notice is None or not workflow.states[way.to].on_notice:
        return ()
    kinds = (Option("public", _("公示")), Option("within", _("一定范围内通报")))
    return kinds[::-1] if notice_kind_of(workflow.notice, data) == "within" else kinds


def _who(pack: Pack, way: Transition, item: Item) -> str:
    """Who makes the transition, in words."""
    roles = listed(pack.role_label(role) for role in way.roles)
    if way.level == "own":
        return _("{unit}的{roles}").format(unit=item.unit.short_name, roles=roles)
    if way.level == "above":
        return _("{roles}（限{unit}的上级单位）").format(unit=item.unit.short_name, roles=roles)
    if way.level == "outside":
        return _("{roles}（责任单位、配合单位的人除外）").format(roles=roles)
    return roles


def _asks(
    register: Register,
    way: Transition,
    needs: tuple[str, ...],
    evidence: bool,
    kinds: tuple[Option, ...],
    again: bool,
    unsaid: bool,
) -> str:
    """What has to be filled in, in whole sentences."""
    told = []
    if needs:
        labels = listed(field.label for key in needs if (field := register.field(key)) is not None)
        told.append(_("须填写：{fields}。").format(fields=labels))
    if kinds:
        labels = listed(kind.label for kind in kinds)
        told.append(
            _("须附佐证材料：{kinds}；不宜上传的，写明存放处和保管人（线下备查）。").format(kinds=labels)
        )
    elif evidence:
        told.append(_("须附佐证材料；不宜上传的，写明存放处和保管人（线下备查）。"))
    if way.reason:
        told.append(_("须写明原因。"))
    elif unsaid:
        told.append(_("按规定应先公示或通报；不公示的，须写明原因。"))
    elif again:
        told.append(_("上次被退回，须写整改说明：改了哪些内容、补了哪些材料。"))
    if way.decision:
        told.append(_("须填写认定文件名称和文号。"))
    if not told:
        return ""
    return reduce(lambda said, more: _("{said}{more}").format(said=said, more=more), told)
