"""Drafts of a document's text (自动暂存): what was typed between two saves. They belong to the desk (decision 0050)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from guatu.access import Actor
from guatu.actions.document_rules import require_writable
from guatu.domain.clock import now
from guatu.domain.errors import Conflict, NotAllowed
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body
from guatu.domain.writing.body_json import body_of, plain
from guatu.queries.document_writers import writes_in
from guatu.queries.documents import document_in_sight
from guatu.records.models import Batch, Campaign, Item
from guatu.records.models.desk import BodyDraft
from guatu.records.packs import pack_of


@transaction.atomic
def keep_body_draft(
    actor: Actor,
    *,
    campaign: Campaign,
    document: int,
    body: Body | Mapping[str, Any],
    base_version: int,
    save_key: str = "",
) -> BodyDraft:
    """Keep what the actor has typed, for themselves alone; the next time takes its place.

    `base_version`: the version of the document that the writing began with. `save_key`: the idempotency key under which the
    page saves it; what arrives after that save is behind it and is no draft (Conflict). Raises BadInput for a text that is
    no body and in a state in which the text stands, NotAllowed for whoever may write nothing in it.
    """
    given = body if isinstance(body, Body) else body_of(body)
    item = document_in_sight(actor, campaign, document)
    require_writable(pack_of(campaign), item)
    if actor.person is None:
        raise NotAllowed(_("草稿只为登录的人保存。请登录后再写。"))
    if not writes_in(actor, campaign, item):
        raise NotAllowed(
            _("{number} 不由您写，草稿没有保存。请写分给您的部分，或在评论中提出。"), number=item.number
        )
    Item.objects.select_for_update().get(pk=item.pk)  # a save under way ends first, and takes the draft away
    if save_key and Batch.objects.filter(idempotency_key=save_key).exists():
        raise Conflict(_("这一页写的已经保存。请刷新后再写。"))
    kept, _made = BodyDraft.objects.update_or_create(
        item=item,
        person_id=actor.person,
        defaults={"body": plain(given), "base_version": base_version, "saved_at": now()},
    )
    return kept


def drop_body_draft(actor: Actor, *, campaign: Campaign, document: int) -> None:
    """Let the actor's own draft go: the text stands as it was saved last."""
    item = document_in_sight(actor, campaign, document)
    if actor.person is not None:
        BodyDraft.objects.filter(item=item, person_id=actor.person).delete()
