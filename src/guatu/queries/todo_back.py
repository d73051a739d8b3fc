"""Why an item came back, told beside it on the desk: a part of the desk's own statement, not one more."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, JSONField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject

from guatu.access.policy import NOTHING
from guatu.domain.lights import returned_states
from guatu.records.models import Campaign, Revision
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class SentBack:
    """Why an item came back: the words, who wrote them under which post, and on which day."""

    reason: str
    who: str
    post: str
    day: date


def why_back(campaigns: Sequence[Campaign]) -> Case:
    """For spells: what `told_back` reads, of the last step for which words were given; null for what did not come back."""
    returned = NOTHING
    for campaign in campaigns:
        pack = pack_of(campaign)
        for register in pack.registers.values():
            states = sorted(returned_states(pack.workflow_of(register.key)))
            if states:
                returned |= Q(campaign=campaign, register=register.key, state__in=states)
    none = Value(None, output_field=JSONField())
    if returned == NOTHING:
        return Case(default=none)
    steps = Revision.objects.filter(
        Q(body__contains='"reason":') | ~Q(batch__reason=""),
        subject_kind="item",
        subject_id=OuterRef("item_id"),
        batch__action__startswith="items.move:",
    )
    told = JSONObject(
        body="body",
        reason="batch__reason",
        who="batch__actor_name",
        post="batch__post_name",
        day="effective_on",
    )
    last = steps.order_by("-version").annotate(told=told).values("told")[:1]
    return Case(When(returned, then=Subquery(last)), default=none, output_field=JSONField())


def told_back(row: Any) -> SentBack | None:
    """What `why_back` found, if anything; the words of the item's own come before those of the whole batch."""
    if not row:
        return None
    reason = str(json.loads(row["body"]).get("reason") or row["reason"])
    return SentBack(reason, row["who"], row["post"], date.fromisoformat(row["day"])) if reason else None
