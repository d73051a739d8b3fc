"""Remarks on items, and whom they call upon."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.history import Change, answered, body_text, record
from guatu.actions.messages import tell
from guatu.actions.reach import load_items, require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.addressees import people_of, seeing
from guatu.queries.documents import body_in
from guatu.queries.mentions import mentioned_in
from guatu.records.models import Campaign, Comment, Item
from guatu.records.packs import pack_of

LONGEST = 2000
TOLD = 120
"""Characters of a remark that an inbox shows; the rest is read beside the item."""
ACTION = "items.comment"


def add_comment(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    text: str,
    anchor: str = "",
    idempotency_key: str | None = None,
) -> Comment:
    """Leave a remark on an item under the person's name as it is now; it changes no figure and no state.

    “@姓名” calls upon somebody who may see the item: it stands in their inbox, as it does in that of whoever fills the
    item and of those who remarked on it before. `anchor`: the id of the block of a document's text that it is about. Raises
    BadInput for an empty or endless remark, for a mention of somebody who may not see the item, and for a block that there
    is none of.
    """
    request = [item, text, anchor] if anchor else [item, text]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        return Comment.objects.get(batch_seq=batch.seq)
    found = load_items(campaign, [item])[item]
    actor = require_reach(actor, roles_with("comment"), found, campaign, beside=True)
    text = text.strip()
    if not text:
        raise BadInput(_("评论没有内容。请填写后再提交。"))
    if len(text) > LONGEST:
        raise BadInput(
            _("评论有 {length} 个字，最多 {most} 个字。请缩短后再提交。"), length=len(text), most=LONGEST
        )
    if anchor and anchor not in body_in(found).ids:
        raise BadInput(_("{number} 的这一段已被删去。请刷新后再评论。"), number=found.number)
    assert actor.person is not None  # only people have a role that may comment
    mentioned = mentioned_in(actor, campaign, found, text)
    others = _concerned(campaign, found) - {actor.person, *mentioned}
    with transaction.atomic():
        row = Comment.objects.create(
            item=found, person_id=actor.person, person_name=actor.name, text=text, anchor=anchor, batch_seq=0
        )
        said = {"item": found.pk, "person": actor.person, "text": text}
        body = body_text({}, said | ({"anchor": anchor} if anchor else {}), mentions=list(mentioned))
        change = Change("comment", row.pk, 0, "", today(ZoneInfo(campaign.zone)), body)
        row.batch_seq = record(
            actor,
            action=ACTION,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        ).seq
        row.save(update_fields=["batch_seq"])
        params = {"text": shortened(text)}
        for people, kind in ((mentioned, "mention"), (others, "comment")):
            tell(
                people, kind=kind, campaign=campaign, item=found, params=params, by=actor, batch=row.batch_seq
            )
    return row


def shortened(text: str) -> str:
    """A remark as an inbox shows it."""
    flat = " ".join(text.split())
    return flat if len(flat) <= TOLD else f"{flat[:TOLD]}…"


def _concerned(campaign: Campaign, item: Item) -> set[int]:
    """Who fills the item at its unit, and who remarked on it before, as far as they may see it."""
    fills = set(pack_of(campaign).register(item.register).fills)
    people = people_of(campaign, item, fills & {"filler"}, unit=item.unit_id) if "filler" in fills else set()
    before = Comment.objects.filter(item=item).values_list("person_id", flat=True).distinct()
    return seeing(campaign, item, people | set(before))
