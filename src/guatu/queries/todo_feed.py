"""What others did to the items in one's reach, told in sentences: since one last looked, or on a day."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from guatu.access import Actor, visible
from guatu.domain import clock
from guatu.domain.history import deed_of
from guatu.domain.pack import Pack
from guatu.domain.spells import DUE, STATE
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import state_shown
from guatu.queries.moments import zone_of
from guatu.records.models import Batch, Campaign, Item, Revision
from guatu.records.packs import pack_of

FIRST_DAYS = 7  # how far a first look goes back
SHOWN = 8


@dataclass(frozen=True, slots=True)
class News:
    """One change: when it was recorded, of which item, told in a sentence. `glyph` is a light's letter or empty."""

    at: datetime
    campaign: str
    public_id: str
    text: str
    note: str
    glyph: str
    word: str


def news(
    actor: Actor,
    campaigns: Sequence[Campaign],
    *,
    after: int | None,
    since: datetime | None,
    limit: int = SHOWN,
) -> tuple[News, ...]:
    """The last changes by others to items that the person sees, each item once, the latest first. One statement.

    After batch `after`; without one, since `since`.
    """
    seen = Q(pk__in=[])
    for campaign in campaigns:
        mine = visible(actor, Item.objects.filter(campaign=campaign), campaign, shared=False)
        seen |= Q(Exists(mine.filter(pk=OuterRef("subject_id"))))
    # A link or a comment has a revision of its own, whose subject is no item. To ask for the kind “item” instead of
    # leaving the others out would make SQLite look at every revision.
    rows = Revision.objects.filter(seen, batch__action__startswith="items.")
    rows = rows.exclude(subject_kind__in=NOT_ITEMS)
    if after is not None:
        rows = rows.filter(batch__gt=after)
    else:
        before = Batch.objects.filter(recorded_on__lt=since).order_by("-recorded_on").values("seq")[:1]
        rows = rows.filter(batch__gt=Coalesce(Subquery(before), 0))
    if actor.person is not None:
        rows = rows.exclude(batch__actor_id=actor.person)
    item = Item.objects.filter(pk=OuterRef("subject_id"))
    told = {f"item_{name}": Subquery(item.values(name)[:1]) for name in _OF_ITEM}
    told["unit_name"] = Subquery(item.values("unit__short_name")[:1])
    found: dict[int, News] = {}
    by_id = {campaign.pk: campaign for campaign in campaigns}
    latest: QuerySet[Any] = rows.select_related("batch").annotate(**told).order_by("-id")
    for row in latest[: limit * 4]:
        campaign = by_id[row.item_campaign_id]
        if row.subject_id not in found and len(found) < limit:
            found[row.subject_id] = _told(row, pack_of(campaign), campaign)
    return tuple(found.values())


NOT_ITEMS = ("link", "comment")
_OF_ITEM = ("title", "register", "public_id", "campaign_id")


def first_look(day: date, campaign: Campaign) -> datetime:
    """From where on there is news for somebody who has never looked."""
    return clock.end_of_day(day - timedelta(days=FIRST_DAYS), zone_of(campaign))


def done_since(actor: Actor, monday: date, campaign: Campaign) -> int:
    """How many steps the person has made from `monday` on. One statement."""
    if actor.person is None:
        return 0
    begin = clock.end_of_day(monday - timedelta(days=1), zone_of(campaign))
    mine = Batch.objects.filter(
        actor_id=actor.person, action__startswith="items.move:", recorded_on__gt=begin
    )
    found: int | None = mine.aggregate(n=Sum("revisions"))["n"]
    return found or 0


def _told(row: Any, pack: Pack, campaign: Campaign) -> News:
    batch = row.batch
    body = json.loads(row.body)
    register = pack.register(row.item_register)
    flow = pack.workflow_of(register.key)
    title, who = row.item_title, batch.actor_name
    action, _colon, detail = deed_of(batch.action, row.version).partition(":")
    state = body["dated"].get(STATE)
    reason = str(body.get("reason") or batch.reason)
    glyph = word = ""
    if action == "items.move" and state is not None:
        way = flow.transition(detail)
        shown = state_shown(flow, state["key"])
        if state["phase"] == "closed":
            glyph, word = "b", shown.label
        step = way.label if way else detail
        text = _("“{title}”：{who}办理“{step}”，现为“{state}”。").format(
            title=title, who=who, step=step, state=shown.label
        )
        if way is not None and way.auto and batch.actor_id is None:
            text = _("“{title}”：系统办理“{step}”，现为“{state}”。").format(
                title=title, step=step, state=shown.label
            )
        elif reason:
            text = _("“{title}”：{who}办理“{step}”，原因：{reason}").format(
                title=title, who=who, step=step, reason=reason
            )
    elif action == "items.due":
        text = _("“{title}”的时限改为 {due}，原时限保留在记录里。").format(
            title=title, due=body["dated"].get(DUE) or _("长期")
        )
    elif action == "items.create":
        text = _("{who}登记了“{title}”。").format(who=who, title=title)
    elif action in ("items.transfer", "items.hand_over"):
        text = _("“{title}”移交给{unit}。").format(title=title, unit=row.unit_name)
    elif action == "items.correct":
        text = _("{who}更正了“{title}”以前的记录。").format(who=who, title=title)
    else:
        text = _("{who}修改了“{title}”的内容。").format(who=who, title=title)
    return News(
        at=batch.recorded_on.astimezone(zone_of(campaign)),
        campaign=campaign.key,
        public_id=str(row.item_public_id),
        text=text,
        note=f"{row.unit_name} · {register.label}",
        glyph=glyph,
        word=word,
    )
