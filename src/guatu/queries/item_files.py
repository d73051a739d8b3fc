"""One file of an item's evidence, for those who may see the item."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef

from guatu.access import Actor, get_item
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.queries.pages import EvidenceShown
from guatu.records.models import Campaign, Evidence, EvidenceOpened
from guatu.records.packs import pack_of


def evidence_file(actor: Actor, campaign: Campaign, public_id: UUID, evidence: int) -> tuple[str, str]:
    """(SHA-256, title) of a file in force. NotFound outside the actor's reach and for a paper kept elsewhere."""
    item = get_item(actor, public_id, campaign)
    rows = Evidence.objects.filter(item=item, pk=evidence, withdrawn_batch=None).exclude(sha256="")
    found = rows.values_list("sha256", "title").first()
    if found is None:
        raise NotFound(_("没有这份文件，或不在您的查看范围内。"))
    return found


def field_file(actor: Actor, campaign: Campaign, public_id: UUID, field: str) -> tuple[str, str]:
    """(SHA-256, label) of the file that a field of the item holds now. NotFound as above, and for a private field."""
    item = get_item(actor, public_id, campaign)
    declared = pack_of(campaign).register(item.register).field(field)
    sha256 = item.data.get(field)
    if declared is None or declared.type != "file" or declared.private or not isinstance(sha256, str):
        raise NotFound(_("没有这份文件，或不在您的查看范围内。"))
    return sha256, f"{item.number} {declared.label}"


def evidence_in_force(
    actor: Actor, campaign: Campaign, public_id: UUID
) -> tuple[str, tuple[EvidenceShown, ...]]:
    """The item's number and its evidence in force, in the order of its page. Two statements; NotFound as above."""
    item = get_item(actor, public_id, campaign)
    opened = EvidenceOpened.objects.filter(person=actor.person, evidence=OuterRef("pk"))
    rows = (
        Evidence.objects.filter(item=item, withdrawn_batch=None).annotate(seen=Exists(opened)).order_by("pk")
    )
    kinds = pack_of(campaign).workflow_of(item.register)
    return item.number, tuple(
        EvidenceShown(
            id=row.pk,
            kind=kinds.kind_label(row.kind),
            title=row.title,
            offline=not row.sha256,
            place=row.place,
            keeper=row.keeper,
            number=row.number,
            size=row.size,
            sha256=row.sha256,
            by="",
            recorded=None,
            opened=row.seen,
        )
        for row in rows
    )
