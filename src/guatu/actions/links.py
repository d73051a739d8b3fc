"""Directed links between items: found in, rebound of, self-check of, same as …"""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, visible
from guatu.actions.history import Change, body_text, record
from guatu.actions.reach import load_items, require_reach
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.models import Campaign, Item, Link
from guatu.records.packs import pack_of


def link_items(actor: Actor, *, campaign: Campaign, kind: str, source: int, target: int) -> Link:
    """Link `source` to `target`, which may belong to another campaign; the same link is made once only.

    Needs a post that fills the source's register for its unit, and sight of the target.
    """
    if kind not in Link.Kind.values:
        raise BadInput(
            _("没有“{kind}”这种关联。可用：{known}。请改正后重试。"),
            kind=kind,
            known=listed(Link.Kind.values),
        )
    found = load_items(campaign, [source])[source]
    require_reach(actor, pack_of(campaign).register(found.register).fills, found, campaign)
    other = Item.objects.filter(pk=target).select_related("campaign", "campaign__pack").first()
    if other is None or not visible(actor, Item.objects.filter(pk=target), other.campaign).exists():
        raise NotFound()
    if source == target:
        raise BadInput(_("{number} 不能与自己关联。请另选一项。"), number=found.number)
    if Link.objects.filter(kind=kind, source=found, target=other).exists():
        raise BadInput(
            _("{source} 与 {target} 已有这种关联。请勿重复建立。"), source=found.number, target=other.number
        )
    with transaction.atomic():
        row = Link.objects.create(kind=kind, source=found, target=other, batch_seq=0)
        body = body_text({}, {"kind": kind, "source": source, "target": target})
        change = Change("link", row.pk, 0, "", today(ZoneInfo(campaign.zone)), body)
        row.batch_seq = record(actor, action="items.link", campaign=campaign, changes=[change]).seq
        row.save(update_fields=["batch_seq"])
    return row
