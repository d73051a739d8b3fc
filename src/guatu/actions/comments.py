"""Remarks on items."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.history import Change, answered, body_text, record
from guatu.actions.reach import load_items, require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Comment

LONGEST = 2000
ACTION = "items.comment"


def add_comment(
    actor: Actor, *, campaign: Campaign, item: int, text: str, idempotency_key: str | None = None
) -> Comment:
    """Leave a remark on an item under the person's name as it is now; it changes no figure and no state."""
    request = [item, text]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        return Comment.objects.get(batch_seq=batch.seq)
    found = load_items(campaign, [item])[item]
    require_reach(actor, roles_with("comment"), found, campaign, beside=True)
    text = text.strip()
    if not text:
        raise BadInput(_("评论没有内容。请填写后再提交。"))
    if len(text) > LONGEST:
        raise BadInput(
            _("评论有 {length} 个字，最多 {most} 个字。请缩短后再提交。"), length=len(text), most=LONGEST
        )
    assert actor.person is not None  # only people have a role that may comment
    with transaction.atomic():
        row = Comment.objects.create(
            item=found, person_id=actor.person, person_name=actor.name, text=text, batch_seq=0
        )
        body = body_text({}, {"item": found.pk, "person": actor.person, "text": text})
        day = today(ZoneInfo(campaign.zone))
        change = Change("comment", row.pk, 0, "", day, body)
        row.batch_seq = record(
            actor,
            action=ACTION,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        ).seq
        row.save(update_fields=["batch_seq"])
    return row
