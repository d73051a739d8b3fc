"""Actions with approval: asked for by one, consented to where another unit takes over, decided by somebody above.

The table of who may what is `domain/proposals.py`; who is barred from deciding is in `access/proposals.py`. What is
granted is done in the same transaction by the actions that do it directly, under the name of whoever decided.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, Grant, visible
from guatu.access.house_language import house_language
from guatu.access.proposals import behind, consenting, deciding, proposals_seen, proposing
from guatu.actions.history import NO_HEAD, Change, answered, body_text, heads, record
from guatu.actions.messages import tell
from guatu.actions.proposal_effects import carry_out, payload_of, refuse_wanted, wanted_of
from guatu.actions.reach import load_items
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.proposals import (
    APPROVED,
    CONSENTED,
    DECLINED,
    OFFICE,
    OPEN_STATES,
    RULES,
    WAITING,
    WITHDRAWN,
    kind_label,
    state_label,
)
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.addressees import people_of
from guatu.queries.proposal_bodies import proposal_plain
from guatu.queries.proposal_checks import MOST_ITEMS, Wanted, changed_since, facts, why_not
from guatu.records.models import Campaign, Item, Proposal, Revision, Unit
from guatu.records.packs import pack_of

MOST_WORDS = 2000


def propose(
    actor: Actor,
    *,
    campaign: Campaign,
    items: Sequence[int],
    wanted: Wanted,
    reason: str,
    idempotency_key: str | None = None,
) -> Proposal:
    """Ask for something that needs somebody else's yes. Nothing of the items changes yet.

    Needs one of the kind's roles on the own side of every item. Raises NotFound for items out of sight, NotAllowed
    without the role, BadInput with the item's number for what cannot be done, Conflict if it is asked for already.
    """
    request = [sorted(items), wanted, reason]
    action = f"proposals.propose:{wanted.kind}"
    if batch := answered(actor, action, campaign, idempotency_key, request):
        made = Revision.objects.filter(batch=batch, subject_kind="proposal").values_list(
            "subject_id", flat=True
        )
        return Proposal.objects.get(pk=made[0])
    rule = RULES.get(wanted.kind)
    if rule is None:
        raise BadInput(_("没有“{kind}”这种申请。可用：{known}。"), kind=wanted.kind, known=listed(RULES))
    found = _asked_for(actor, campaign, items)
    if len(found) > 1 and not rule.several:
        raise BadInput(_("“{kind}”一次只能申请一项。请逐项办理。"), kind=kind_label(rule.key))
    grant = proposing(actor, rule.key, [item.line for item in found], campaign)
    if grant is None:
        raise NotAllowed(
            _("您的身份（{post}）不能对 {number} 提出“{kind}”。请由该单位的{roles}提出。"),
            post=actor.post_label or _("无"),
            number=found[0].number,
            kind=kind_label(rule.key),
            roles=listed(pack_of(campaign).role_label(role) for role in rule.proposes),
        )
    if not reason.strip():
        raise BadInput(_("“{kind}”须写明原因。请填写后再提交。"), kind=kind_label(rule.key))
    day = today(ZoneInfo(campaign.zone))
    for item in found:
        refusal = why_not(campaign, item, wanted, day)
        if refusal:
            raise BadInput(_("{number}：{why}"), number=item.number, why=refusal)
    acting = actor.under(grant)
    receiver = refuse_wanted(acting, campaign, found, wanted, day)
    _refuse_pending(campaign, found, rule.key)
    row = Proposal(
        campaign=campaign,
        kind=rule.key,
        state=WAITING,
        item=found[0],
        items=[item.pk for item in found],
        receiver=receiver,
        payload=payload_of(campaign, found, wanted)
        | {"facts": {str(item.pk): facts(item) for item in found}}
        | ({"giver": grant.giver} if grant.giver is not None else {}),
        reason=reason.strip()[:MOST_WORDS],
        proposer_id=actor.person,
        proposer_name=acting.signed,
        proposed_on=day,
        batch_seq=0,
    )
    with transaction.atomic():
        row.save()
        batch = record(
            acting,
            action=action,
            campaign=campaign,
            reason=row.reason,
            idempotency_key=idempotency_key,
            request=request,
            changes=[Change("proposal", row.pk, 0, "", day, body_text({}, proposal_plain(row)))],
        )
        row.batch_seq = batch.seq
        row.save(update_fields=["batch_seq"])
        _tell_next(row, acting, batch.seq)
    return row


def consent(actor: Actor, *, campaign: Campaign, proposal: int, version: int | None = None) -> Proposal:
    """Say yes for the receiving unit; then it waits for the decision."""
    with transaction.atomic():
        row = _locked(actor, campaign, proposal, version)
        acting = actor.under(_require(consenting(actor, row, campaign), actor, row))
        row.state, row.consenter_name = CONSENTED, acting.signed
        seq = _write(acting, row, "consent", "")
        _tell_next(row, acting, seq)
    return row


def approve(
    actor: Actor, *, campaign: Campaign, proposal: int, answer: str = "", version: int | None = None
) -> Proposal:
    """Grant it and do it, in one transaction under the name of whoever decides.

    Refused with the item's number if an item has changed since in a way that matters, or if it can be done no longer.
    """
    with transaction.atomic():
        row = _locked(actor, campaign, proposal, version)
        items = _items(campaign, row)
        acting = actor.under(_require(deciding(actor, row, items, campaign), actor, row))
        if RULES[row.kind].consents and row.state != CONSENTED:
            raise BadInput(_("承接单位还没有同意，不能批准。请先请{unit}同意。"), unit=_receiver(row))
        wanted = wanted_of(row)
        day = today(ZoneInfo(campaign.zone))
        for item in items:
            told = changed_since(row.payload["facts"].get(str(item.pk), {}), item, row.kind)
            if told:
                raise BadInput(
                    _(
                        "{number} 在申请提出后有变化：{told}，不能按原申请批准。请不予批准，由申请人重新提出。"
                    ),
                    number=item.number,
                    told=told,
                )
            refusal = why_not(campaign, item, wanted, day, asked=row.proposed_on)
            if refusal:
                raise BadInput(_("{number}：{why}"), number=item.number, why=refusal)
        with house_language():
            reason = _("{name}申请：{reason}").format(name=row.proposer_name, reason=row.reason)
        done = carry_out(acting, campaign, row, wanted, reason)
        if done:
            row.payload = row.payload | {"made": done}
        _decide(acting, row, APPROVED, answer, day)
        seq = _write(acting, row, "approve", row.answer)
        tell(behind(row), kind="proposal_approved", campaign=campaign, item=row.item, by=acting, batch=seq)
    return row


def decline(
    actor: Actor, *, campaign: Campaign, proposal: int, answer: str, version: int | None = None
) -> Proposal:
    """Refuse it with a reason: as the receiving unit while it waits for that, else as whoever decides."""
    with transaction.atomic():
        row = _locked(actor, campaign, proposal, version)
        grant = consenting(actor, row, campaign) or deciding(actor, row, _items(campaign, row), campaign)
        acting = actor.under(_require(grant, actor, row))
        if not answer.strip():
            raise BadInput(_("不予批准须写明原因。请填写后再提交。"))
        _decide(acting, row, DECLINED, answer, today(ZoneInfo(campaign.zone)))
        seq = _write(acting, row, "decline", row.answer)
        tell(
            behind(row),
            kind="proposal_declined",
            campaign=campaign,
            item=row.item,
            params={"reason": row.answer},
            by=acting,
            batch=seq,
        )
    return row


def withdraw(actor: Actor, *, campaign: Campaign, proposal: int, version: int | None = None) -> Proposal:
    """Take back what one asked for oneself, or had asked for by whoever stood in."""
    with transaction.atomic():
        row = _locked(actor, campaign, proposal, version)
        if actor.person is None or actor.person not in behind(row):
            raise NotAllowed(_("只有申请人可以撤回申请。请由{name}撤回。"), name=row.proposer_name)
        row.state, row.decided_on = WITHDRAWN, today(ZoneInfo(campaign.zone))
        _write(actor, row, "withdraw", "")
    return row


def _asked_for(actor: Actor, campaign: Campaign, items: Sequence[int]) -> list[Item]:
    """The items, all in sight, in the order in which they were named."""
    if not items:
        raise BadInput(_("没有选中事项。请回到清单勾选后再办理。"))
    if len(items) > MOST_ITEMS:
        raise BadInput(
            _("一次最多申请 {most} 项，选中了 {n} 项。请分几次办理。"), most=MOST_ITEMS, n=len(items)
        )
    found = load_items(campaign, items)
    seen = set(visible(actor, Item.objects.filter(pk__in=found), campaign).values_list("pk", flat=True))
    if seen != set(found):
        raise NotFound()
    units = {unit.pk: unit for unit in Unit.objects.filter(pk__in={item.unit_id for item in found.values()})}
    for item in found.values():
        item.unit, item.campaign = units[item.unit_id], campaign
    return [found[pk] for pk in items]


def _items(campaign: Campaign, row: Proposal) -> list[Item]:
    """The items that the proposal names, as they are now."""
    rows = Item.objects.filter(campaign=campaign, pk__in=row.items).select_related("unit")
    found = {item.pk: item for item in rows}
    for item in found.values():
        item.campaign = campaign
    return [found[pk] for pk in row.items]


def _refuse_pending(campaign: Campaign, found: Sequence[Item], kind: str) -> None:
    """One question at a time: the same is not asked twice of one item."""
    asked = {item.pk: item for item in found}
    rows = Proposal.objects.filter(campaign=campaign, kind=kind, state__in=OPEN_STATES)
    for name, pks in rows.values_list("proposer_name", "items"):
        for pk in pks:
            if pk in asked:
                raise Conflict(
                    _("{number} 已有一份“{kind}”在等待批准（{name}提出）。请等它有了结果再申请。"),
                    number=asked[pk].number,
                    kind=kind_label(kind),
                    name=name,
                )


def _locked(actor: Actor, campaign: Campaign, proposal: int, version: int | None) -> Proposal:
    """The proposal, open and in sight, locked for this transaction; the actor saw `version` of it."""
    seen = Proposal.objects.filter(proposals_seen(actor, campaign), pk=proposal)
    if not seen.exists():
        raise NotFound(_("未找到这份申请，或不在您的查看范围内。"))
    row = Proposal.objects.select_for_update(of=("self",)).select_related("item", "receiver").get(pk=proposal)
    if row.state not in OPEN_STATES or version not in (None, row.version):
        raise Conflict(
            _("这份申请刚有变化（现为“{state}”）。请刷新后查看。"), state=state_label(row.state, row.kind)
        )
    return row


def _require(grant: Grant | None, actor: Actor, row: Proposal) -> Grant:
    if grant is not None:
        return grant
    if actor.person is not None and actor.person in behind(row):
        raise NotAllowed(_("您是申请人，按回避要求不能同意或批准自己的申请。请由他人办理。"))
    if any(other.giver in behind(row) for other in actor.grants if other.giver is not None):
        raise NotAllowed(_("您正代申请人办理，按回避要求不能同意或批准这份申请。请由他人办理。"))
    raise NotAllowed(
        _("您的身份（{post}）不能办理这份申请。请由{unit}的上级单位联络员或{office}办理。"),
        post=actor.post_label or _("无"),
        unit=row.item.unit.short_name,
        office=pack_of(row.campaign).words.office,
    )


def _receiver(row: Proposal) -> str:
    return row.receiver.short_name if row.receiver is not None else ""


def _decide(acting: Actor, row: Proposal, state: str, answer: str, day: date) -> None:
    row.state, row.answer, row.decided_on = state, answer.strip()[:MOST_WORDS], day
    row.decider_id, row.decider_name = acting.person, acting.signed


def _write(acting: Actor, row: Proposal, verb: str, reason: str) -> int:
    """Record the row's next revision; the transaction is open."""
    head = heads("proposal", [row.pk]).get(row.pk, NO_HEAD)
    day = today(ZoneInfo(row.campaign.zone))
    change = Change("proposal", row.pk, head.version, head.hash, day, body_text({}, proposal_plain(row)))
    action = f"proposals.{verb}:{row.kind}"
    batch = record(acting, action=action, campaign=row.campaign, changes=[change], reason=reason)
    row.version, row.batch_seq = head.version + 1, batch.seq
    row.save()
    return batch.seq


def _tell_next(row: Proposal, acting: Actor, seq: int) -> None:
    """Tell whoever has to act now: the receiving unit, or those above who decide."""
    rule, line = RULES[row.kind], row.item.line
    params: dict[str, Any] = {"reason": row.reason}
    if rule.consents and row.state == WAITING and row.receiver is not None:
        params["what"] = row.item.number if row.item.restricted else f"{row.item.number} {row.item.title}"
        people = people_of(row.campaign, row.receiver.line, rule.consents)
        kind, item = "proposal_to_consent", None
    else:
        roles = (OFFICE,) if row.payload.get("office") else rule.decides
        people = people_of(row.campaign, line[:-1] or line, roles)
        kind, item = "proposal_to_decide", row.item
    tell(
        people - behind(row), kind=kind, campaign=row.campaign, item=item, params=params, by=acting, batch=seq
    )
