"""Withdrawing evidence with a reason: it is never replaced or deleted; it stands in the history and no longer counts."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.history import answered
from guatu.actions.reach import items_of, load_items, require_reach
from guatu.actions.writing import Draft, load_past, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Evidence, Item
from guatu.records.packs import pack_of

ACTION = "items.withdraw_evidence"
LONGEST_REASON = 300


def withdraw_evidence(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    evidence: int,
    reason: str,
    idempotency_key: str | None = None,
) -> Item:
    """Withdraw one piece of an item's evidence.

    While the item is with its unit, whoever fills its register may; once it was handed in or closed only the office, or
    the ground of a verification would vanish under it. Raises BadInput without a reason or for evidence withdrawn before.
    """
    request = [item, evidence, reason]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        return items_of(batch)[0]
    found = load_items(campaign, [item])[item]
    pack = pack_of(campaign)
    require_reach(actor, pack.register(found.register).fills, found, campaign)
    if found.phase not in ("draft", "open"):
        _require_office(actor, campaign, found)
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise BadInput(_("{number}：撤回佐证材料须写明原因。请填写后再提交。"), number=found.number)
    row = Evidence.objects.filter(pk=evidence, item=found).first()
    if row is None:
        raise NotFound(_("没有这份材料，或不在您的查看范围内。"))
    if row.withdrawn_batch is not None:
        raise BadInput(_("“{title}”已经撤回。请刷新后查看。"), title=row.title)
    told = {"evidence": row.pk, "title": row.title, "reason": reason}
    draft = Draft(
        found, today(ZoneInfo(campaign.zone)), {}, more={"withdrawn_evidence": told, "reason": reason}
    )
    load_past([draft])
    with transaction.atomic():
        batch = write(
            actor,
            action=ACTION,
            campaign=campaign,
            drafts=[draft],
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
        )
        Evidence.objects.filter(pk=row.pk).update(withdrawn_batch=batch.seq, withdrawn_reason=reason)
    return draft.item


def _require_office(actor: Actor, campaign: Campaign, item: Item) -> None:
    pack = pack_of(campaign)
    try:
        require_reach(actor, roles_with("correct_history"), item, campaign)
    except NotAllowed:
        raise NotAllowed(
            _("{number} 现为“{state}”，材料已作为核验依据，只能由{office}撤回。"),
            number=item.number,
            state=pack.workflow_of(item.register).states[item.state].label,
            office=pack.words.office,
        ) from None
