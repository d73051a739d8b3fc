"""Objections to what is on public notice, noted by the office or the team on behalf of whoever objected, and their answer."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.transitions import may_move
from guatu.actions.history import Change, answered, body_text, heads, record
from guatu.actions.messages import tell
from guatu.actions.reach import load_items, sees
from guatu.actions.workflow import Move, move_items
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.addressees import people_of
from guatu.queries.notices import way_back
from guatu.queries.verify.in_time import objection_said
from guatu.records.models import Campaign, Item, Objection
from guatu.records.packs import pack_of

KIND = "objection"
LONGEST = 2000
LONGEST_NAME = 60


def raise_objection(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    text: str,
    raised_by: str = "",
    idempotency_key: str | None = None,
) -> Objection:
    """Note that somebody objects to the close-out while it is on notice; it cannot close before this is answered.

    `raised_by`: who objected, as far as they gave a name. Raises NotAllowed for anybody but those who may send the item
    back, BadInput for an item that is not on notice.
    """
    request = [item, text, raised_by]
    action = "notice.object"
    if batch := answered(actor, action, campaign, idempotency_key, request):
        return Objection.objects.get(batch_seq=batch.seq)
    found = load_items(campaign, [item])[item]
    _require(actor, campaign, found)
    text, raised_by = text.strip(), raised_by.strip()
    if not text:
        raise BadInput(_("{number}：异议内容没有填写。请填写后再提交。"), number=found.number)
    _require_short(found, text)
    if len(raised_by) > LONGEST_NAME:
        raise BadInput(_("异议人“{name}…”太长，最多 {most} 个字。"), name=raised_by[:20], most=LONGEST_NAME)
    day = today(ZoneInfo(campaign.zone))
    people = people_of(campaign, found, _closers(campaign, found))
    with transaction.atomic():
        row = Objection.objects.create(
            item=found, round=found.round, raised_on=day, raised_by=raised_by, text=text, batch_seq=0
        )
        change = Change(KIND, row.pk, 0, "", day, body_text({}, objection_said(row)))
        row.batch_seq = record(
            actor,
            action=action,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        ).seq
        row.save(update_fields=["batch_seq"])
        tell(
            people,
            kind="objection",
            campaign=campaign,
            item=found,
            params={"text": text[:60]},
            by=actor,
            batch=row.batch_seq,
        )
    return row


def answer_objection(
    actor: Actor,
    *,
    campaign: Campaign,
    objection: int,
    upheld: bool,
    answer: str,
    version: int | None = None,
) -> Objection:
    """Answer an objection in writing. Upheld: the item is sent back with the answer as the reason.

    Raises Conflict if it has been answered already.
    """
    row = Objection.objects.filter(pk=objection, item__campaign=campaign).select_related("item").first()
    if row is None:
        raise NotFound()
    item = row.item
    _require(actor, campaign, item)
    answer = answer.strip()
    if not answer:
        raise BadInput(_("{number}：异议的答复没有填写。请填写后再提交。"), number=item.number)
    _require_short(item, answer)
    day = today(ZoneInfo(campaign.zone))
    head = heads(KIND, [row.pk])[row.pk]
    if row.upheld is not None or (version is not None and version != head.version):
        raise Conflict(_("{number} 的这条异议已由他人答复。请刷新后核对。"), number=item.number)
    flow = pack_of(campaign).workflow_of(item.register)
    back = way_back(flow, item.state)
    with transaction.atomic():
        row.upheld, row.answer, row.answered_on, row.version = upheld, answer, day, head.version + 1
        change = Change(KIND, row.pk, head.version, head.hash, day, body_text({}, objection_said(row)))
        row.batch_seq = record(
            actor, action="notice.answer", campaign=campaign, changes=[change], reason=answer
        ).seq
        row.save(update_fields=["upheld", "answer", "answered_on", "version", "batch_seq"])
        if upheld and back is not None:
            move_items(actor, campaign=campaign, transition=back.key, moves=[Move(item.pk, reason=answer)])
    return row


def _require(actor: Actor, campaign: Campaign, item: Item) -> None:
    pack = pack_of(campaign)
    flow = pack.workflow_of(item.register)
    back = way_back(flow, item.state)
    if not flow.states[item.state].on_notice or back is None:
        if not sees(actor, item, campaign):
            raise NotFound()
        raise BadInput(
            _("{number} 现为“{state}”，不在公示期。请刷新后查看下一步。"),
            number=item.number,
            state=flow.states[item.state].label,
        )
    if not may_move(actor, back, item, campaign):
        if not sees(actor, item, campaign):
            raise NotFound()
        raise NotAllowed(
            _("您的身份（{post}）不办理 {number} 的公示异议。请联系{roles}。"),
            post=actor.post_label,
            number=item.number,
            roles=listed(pack.role_label(role) for role in back.roles),
        )


def _require_short(item: Item, text: str) -> None:
    if len(text) > LONGEST:
        raise BadInput(
            _("{number}：内容有 {length} 个字，最多 {most} 个字。请缩短后再提交。"),
            number=item.number,
            length=len(text),
            most=LONGEST,
        )


def _closers(campaign: Campaign, item: Item) -> tuple[str, ...]:
    """The roles that close an item on notice: they are told that somebody objects."""
    flow = pack_of(campaign).workflow_of(item.register)
    roles = [
        role for way in flow.ways_from(item.state) if flow.phase_of(way.to) == "closed" for role in way.roles
    ]
    return tuple(dict.fromkeys(roles))
