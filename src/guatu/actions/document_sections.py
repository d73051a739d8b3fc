"""Sections of a document: giving them to people, and saying that one is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from django.db import transaction

from guatu.access import Actor
from guatu.actions.document_rules import require_writable
from guatu.actions.history import answered
from guatu.actions.messages import tell
from guatu.actions.noting import note_items
from guatu.actions.reach import items_of, require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.loop_tracks import SECTIONS
from guatu.domain.words import gettext as _
from guatu.domain.writing.assigning import Share, notes_of, shares_of, still_there
from guatu.domain.writing.body import sections_of
from guatu.queries.addressees import seeing
from guatu.queries.document_drafters import lead_of
from guatu.queries.documents import body_in, document_in_sight
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

ASSIGN_ACTION = "documents.assign"
DONE_ACTION = "documents.section_done"


def assign_sections(
    actor: Actor,
    *,
    campaign: Campaign,
    document: int,
    people: Mapping[str, int | None],
    reason: str = "",
    idempotency_key: str | None = None,
) -> Item:
    """Give sections (by the id of their heading) to people, or to nobody; sections that are not named stay as they are.

    Whoever gets one is told, and has it on their desk until it is done. Raises BadInput for a section that there is none of
    and for a person who does not see the document; NotAllowed for whoever does not write documents.
    """
    request = [document, dict(people)]
    if batch := answered(actor, ASSIGN_ACTION, campaign, idempotency_key, request):
        return items_of(batch)[0]
    pack = pack_of(campaign)
    item = document_in_sight(actor, campaign, document)
    require_writable(pack, item)
    acting = require_reach(actor, pack.register(item.register).fills, item, campaign)
    body = body_in(item)
    titles = {section.heading: section.title for section in sections_of(body) if section.heading}
    for heading in people:
        if heading not in titles:
            raise BadInput(_("{number} 没有这一部分，可能已被删去。请刷新后重新分工。"), number=item.number)
    chosen = {person for person in people.values() if person is not None}
    if chosen - seeing(campaign, item, chosen):
        raise BadInput(
            _("选的人看不到 {number}，不能分工给他。请另选，或先给他相应的身份。"), number=item.number
        )
    now = {share.heading: share for share in still_there(shares_of(item.data.get(SECTIONS)), body)}
    fresh: dict[int, list[str]] = {}
    for heading, person in people.items():
        if person is None:
            now.pop(heading, None)
        elif heading not in now or now[heading].person != person:
            now[heading] = Share(heading, person)
            fresh.setdefault(person, []).append(titles[heading])
    shares = [now[heading] for heading in titles if heading in now]
    with transaction.atomic():
        changed = note_items(
            acting,
            campaign=campaign,
            action=ASSIGN_ACTION,
            notes={item.pk: notes_of(shares)},
            versions={item.pk: item.version},
            reason=reason,
            request=request,
            idempotency_key=idempotency_key,
        )
        for person, given in sorted(fresh.items()):
            tell(
                [person],
                kind="section_given",
                campaign=campaign,
                item=item,
                params={"sections": "、".join(given)},
                by=actor,
            )
    return changed[0] if changed else item


def finish_section(
    actor: Actor,
    *,
    campaign: Campaign,
    document: int,
    heading: str,
    done: bool = True,
    idempotency_key: str | None = None,
) -> Item:
    """Say that a section is written, or not yet: whoever writes it, or who began the document.

    Who began the document is told. Raises BadInput for a section that is given to nobody, NotAllowed for anybody else.
    """
    request = [document, heading, done]
    if batch := answered(actor, DONE_ACTION, campaign, idempotency_key, request):
        return items_of(batch)[0]
    item = document_in_sight(actor, campaign, document)
    require_writable(pack_of(campaign), item)
    shares = still_there(shares_of(item.data.get(SECTIONS)), body_in(item))
    own = next((share for share in shares if share.heading == heading), None)
    if own is None:
        raise BadInput(_("{number} 的这一部分没有分工。请先分给人。"), number=item.number)
    lead = lead_of(item)
    if actor.person is None or actor.person not in (own.person, lead):
        raise NotAllowed(
            _("{number} 的这一部分由别人写。请由他本人，或由起草这份文稿的人办理。"), number=item.number
        )
    acting = require_reach(actor, roles_with("comment"), item, campaign, beside=True)
    titles = {section.heading: section.title for section in sections_of(body_in(item))}
    with transaction.atomic():
        changed = note_items(
            acting,
            campaign=campaign,
            action=DONE_ACTION,
            notes={
                item.pk: notes_of(replace(share, done=done) if share is own else share for share in shares)
            },
            versions={item.pk: item.version},
            request=request,
            idempotency_key=idempotency_key,
        )
        if done and changed and lead is not None:
            tell(
                [lead],
                kind="section_done",
                campaign=campaign,
                item=item,
                params={"sections": titles[heading]},
                by=actor,
            )
    return changed[0] if changed else item
