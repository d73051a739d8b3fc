"""Telling those who review that an item has waited for them too long (审核超时): once for each day they were given."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from guatu.actions.messages import Telling, tell_all
from guatu.domain.loop_tracks import ACT_BY
from guatu.queries.addressees import seeing
from guatu.queries.field_text import noted_before
from guatu.queries.waiting import people_waited_for, waiting_for
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Message

KIND = "review_overdue"


def tell_overdue_reviews(campaign: Campaign, day: date) -> int:
    """Tell whoever each item waits for that its review is overdue on `day`; how many items are told of.

    To do it again tells nothing more, whether it was read or not; an item that comes for review again has a new day.
    One statement where nothing is overdue.
    """
    late = list(
        Item.objects.filter(noted_before(ACT_BY, day), campaign=campaign, phase="review").order_by("pk")
    )
    known = _told(late)
    fresh = [item for item in late if (item.pk, item.data[ACT_BY]) not in known]
    if not fresh:
        return 0
    waits = waiting_for(campaign, fresh)
    told = []
    for item in fresh:
        people = people_waited_for(waits[item.pk]) if item.pk in waits else set()
        if item.restricted:
            people = seeing(campaign, item, people)
        if people:
            told.append(Telling(people, KIND, item.pk, {"day": item.data[ACT_BY]}))
    with transaction.atomic():
        tell_all(told, campaign=campaign)
    return len(told)


def _told(items: list[Item]) -> set[tuple[int, str]]:
    """(item, day) of what has been told before."""
    found: set[tuple[int, str]] = set()
    for chunk in in_chunks([item.pk for item in items]):
        rows = Message.objects.filter(item__in=chunk, kind=KIND).values_list("item_id", "params")
        found |= {(item, str(params.get("day"))) for item, params in rows if item is not None}
    return found
