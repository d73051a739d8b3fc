"""Urging (催办): a remark that asks whoever an item waits for to act, once per item and day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.comments import LONGEST, shortened
from guatu.actions.history import Change, answered, body_text, record
from guatu.actions.messages import Telling, tell_all
from guatu.actions.reach import load_items, require_reach
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import end_of_day, today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.addressees import seeing
from guatu.queries.waiting import people_waited_for, waiting_for
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Batch, Campaign, Comment, Item

ACTION = "items.urge"
MOST = 500


@dataclass(frozen=True, slots=True)
class Urged:
    """What came of it: the items urged, and item → why not for the others."""

    items: tuple[Item, ...]
    left_out: tuple[tuple[Item, str], ...]


def urge_items(
    actor: Actor,
    *,
    campaign: Campaign,
    items: Sequence[int],
    text: str = "",
    idempotency_key: str | None = None,
) -> Urged:
    """Urge whoever each of the items waits for: a remark beside the item and a line in their inbox.

    Items that wait for nobody, or were urged today already (by whom and when is told), are left out with the reason;
    BadInput if none is left, for more than `MOST` items and for an endless text; NotFound and NotAllowed as for a
    remark.
    """
    request = [list(items), text]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        rows = Comment.objects.filter(batch_seq=batch.seq).select_related("item")
        return Urged(tuple(row.item for row in rows), ())
    text = text.strip()
    if len(text) > LONGEST:
        raise BadInput(
            _("催办的话有 {length} 个字，最多 {most} 个字。请缩短后再提交。"), length=len(text), most=LONGEST
        )
    if not items:
        raise BadInput(_("没有选中事项。请勾选要催办的事项。"))
    if len(items) > MOST:
        raise BadInput(
            _("一次选了 {count} 项，最多催办 {most} 项。请分批办理。"), count=len(items), most=MOST
        )
    found = load_items(campaign, items)
    for item in found.values():
        require_reach(actor, roles_with("urge"), item, campaign)
    left_out = _left_out(campaign, found)
    waits = waiting_for(campaign, [item for pk, item in found.items() if pk not in left_out])
    told: dict[int, Telling] = {}
    for pk, item in found.items():
        if pk in left_out:
            continue
        people = people_waited_for(waits[pk]) if pk in waits else set()
        if item.restricted:
            people = seeing(campaign, item, people)
        if not people - {actor.person}:
            left_out[pk] = _("{number} 现在不等任何人办理，无须催办。").format(number=item.number)
            continue
        told[pk] = Telling(people, "urged", pk, {"text": shortened(text) or _("请尽快办理。")})
    if not told:
        raise BadInput("{said}", said=next(iter(left_out.values())))
    _write(actor, campaign, told, text, idempotency_key, request)
    return Urged(
        tuple(found[pk] for pk in told),
        tuple((found[pk], why) for pk, why in left_out.items()),
    )


def _left_out(campaign: Campaign, found: dict[int, Item]) -> dict[int, str]:
    """Items that were urged today already."""
    zone = ZoneInfo(campaign.zone)
    begun = end_of_day(today(zone) - timedelta(days=1), zone)
    recent: dict[int, Batch] = {
        batch.seq: batch
        for batch in Batch.objects.filter(campaign_key=campaign.key, action=ACTION, recorded_on__gt=begun)
    }
    said: dict[int, str] = {}
    if not recent:
        return said
    for chunk in in_chunks(sorted(found)):
        rows = Comment.objects.filter(item__in=chunk, kind=Comment.Kind.URGE, batch_seq__in=sorted(recent))
        for row in rows.order_by("id"):
            said[row.item_id] = _(
                "{number} 今天 {time} 已由{who}催办。同一事项一天只催一次，请明天再催。"
            ).format(
                number=found[row.item_id].number,
                time=f"{recent[row.batch_seq].recorded_on.astimezone(zone):%H:%M}",
                who=row.person_name,
            )
    return said


def _write(
    actor: Actor,
    campaign: Campaign,
    told: Mapping[int, Telling],
    text: str,
    idempotency_key: str | None,
    request: object,
) -> None:
    assert actor.person is not None  # only people have a role that may urge
    day = today(ZoneInfo(campaign.zone))
    said = text or _("请尽快办理。")
    with transaction.atomic():
        rows = [
            Comment(
                kind=Comment.Kind.URGE,
                item_id=pk,
                person_id=actor.person,
                person_name=actor.name,
                text=said,
                batch_seq=0,
            )
            for pk in told
        ]
        insert_returning(rows)
        changes = [
            Change(
                "comment",
                row.pk,
                0,
                "",
                day,
                body_text({}, {"item": row.item_id, "person": actor.person, "text": said, "kind": row.kind}),
            )
            for row in rows
        ]
        batch = record(
            actor,
            action=ACTION,
            campaign=campaign,
            changes=changes,
            idempotency_key=idempotency_key,
            request=request,
        )
        for chunk in in_chunks([row.pk for row in rows]):
            Comment.objects.filter(pk__in=chunk).update(batch_seq=batch.seq)
        tell_all(list(told.values()), campaign=campaign, by=actor, batch=batch.seq)
