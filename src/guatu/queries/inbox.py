"""A person's inbox (消息): what happened that concerns them, by item, the newest first, in their own language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Count, Q, Subquery

from guatu.access import Actor, visible
from guatu.domain.message_kinds import sentence
from guatu.domain.words import gettext as _
from guatu.queries.moments import zone_of
from guatu.records.models import Campaign, Item, Message

EACH = 100
"""Messages of one page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One message as it is read. `anchor` is where on the item's page it is told of; `kind` says what it tells."""

    id: int
    text: str
    at: datetime
    unread: bool
    anchor: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Thread:
    """The messages of one item, or of none. `number` is empty for what concerns no item, and for one out of sight."""

    campaign: str
    campaign_label: str
    public_id: str
    number: str
    title: str
    unit: str
    lines: tuple[Line, ...]

    @property
    def unread(self) -> int:
        """How many of its lines have not been read."""
        return sum(line.unread for line in self.lines)


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of it. `unread` counts all of the person's unread messages, `more` says that older ones follow."""

    threads: tuple[Thread, ...]
    unread: int
    page: int
    more: bool
    only_unread: bool


def unread_of(person: int) -> Subquery:
    """How many messages a person has not read, as a column for a query that is asked anyway."""
    mine = Message.objects.filter(person=person, read_at=None).order_by()
    return Subquery(mine.values("person").annotate(n=Count("pk")).values("n")[:1])


def inbox(
    person: Actor, campaigns: Sequence[Campaign], *, unread: int, page: int = 1, only_unread: bool = False
) -> Inbox:
    """One page of the person's inbox over all their campaigns. Two statements.

    An item that the person may no longer see is told of without its number, title and words.
    """
    rows = Message.objects.filter(person=person.person).order_by("-made_at", "-id")
    if only_unread:
        rows = rows.filter(read_at=None)
    begin = (page - 1) * EACH
    found = list(rows[begin : begin + EACH + 1])
    more, found = len(found) > EACH, found[:EACH]
    seen = _seen(person, campaigns, {row.item_id for row in found if row.item_id is not None})
    by_id = {campaign.pk: campaign for campaign in campaigns}
    grouped: dict[tuple[int | None, int | None, int], list[Message]] = {}
    for row in found:
        alone = 0 if row.item_id in seen else row.pk
        grouped.setdefault((row.campaign_id, row.item_id, alone), []).append(row)
    threads = []
    for (campaign_id, item_id, _alone), messages in grouped.items():
        campaign, item = by_id.get(campaign_id or 0), seen.get(item_id or 0)
        threads.append(
            Thread(
                campaign=campaign.key if campaign else "",
                campaign_label=campaign.short_name if campaign else "",
                public_id=str(item.public_id) if item else "",
                number=item.number if item else "",
                title=item.title if item else "",
                unit=item.unit.short_name if item else "",
                lines=tuple(_line(row, campaign, item) for row in messages),
            )
        )
    return Inbox(tuple(threads), unread, page, more, only_unread)


def _seen(person: Actor, campaigns: Sequence[Campaign], items: set[int]) -> dict[int, Item]:
    """Those of the items that the person may see, in whichever of their campaigns. One statement, none without items."""
    if not items or not campaigns:
        return {}
    reached = [
        Q(pk__in=visible(person.within(one), Item.objects.filter(campaign=one), one).values("pk"))
        for one in campaigns
    ]
    rows = Item.objects.filter(reduce(or_, reached), pk__in=items).select_related("unit")
    return {item.pk: item for item in rows}


def _line(row: Message, campaign: Campaign | None, item: Item | None) -> Line:
    if row.item_id is not None and item is None:
        text = _("所涉事项已不在您的查看范围内。")
    else:
        told = {"number": item.number, "title": item.title} if item else {}
        text = sentence(row.kind, {"by": row.by_name or _("系统"), **told, **row.params})
    at = row.made_at.astimezone(zone_of(campaign)) if campaign else row.made_at
    remark = row.kind in ("mention", "comment", "urged")
    return Line(row.pk, text, at, row.read_at is None, "#comments" if remark else "", row.kind)
