"""The nightly look at the relations between figures: the office is told once when one begins to fail, once when it holds again.

Messages are of the desk (decision 0050): nothing here is a fact of the ledger. What was told last of a relation is the
last message about it, so that a second worker, or a second look, tells nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from guatu.access import operator
from guatu.actions.messages import tell
from guatu.domain.clock import today
from guatu.domain.figures.phrasing import plain
from guatu.domain.statements import Number
from guatu.queries.addressees import people_of
from guatu.queries.figure_relations import RelationNow, relations_on
from guatu.records.models import Campaign, LedgerHead, Message

BROKEN, MENDED = "relation_broken", "relation_mended"
ROLES = ("office",)


@dataclass(frozen=True, slots=True)
class Watched:
    """What one look at a campaign found. `told`: the relations of which the office was told just now."""

    campaign: str
    broken: tuple[RelationNow, ...]
    told: tuple[RelationNow, ...]


def watch_relations() -> tuple[Watched, ...]:
    """Look at the relations of every campaign as of today, and tell what has changed."""
    campaigns = Campaign.objects.select_related("pack", "root").order_by("pk")
    return tuple(watch(campaign) for campaign in campaigns)


def watch(campaign: Campaign) -> Watched:
    """One campaign. A relation that cannot be judged today is neither broken nor mended."""
    day = today()
    found = relations_on(campaign, (day,), actor=operator())[day]
    broken = tuple(one for one in found if one.holds is False)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two workers at once tell once
        stood = _told_last(campaign)
        new = [one for one in broken if stood.get(one.text) != BROKEN]
        again = [one for one in found if one.holds and stood.get(one.text) == BROKEN]
        people = people_of(campaign, campaign.root.line, ROLES) if new or again else set()
        _tell(campaign, people, BROKEN, new)
        _tell(campaign, people, MENDED, again)
    return Watched(campaign.key, broken, (*new, *again) if people else ())


def _told_last(campaign: Campaign) -> dict[str, str]:
    """Relation → what was told of it last."""
    rows = Message.objects.filter(campaign=campaign, kind__in=(BROKEN, MENDED)).order_by("made_at", "pk")
    return {params.get("relation", ""): kind for kind, params in rows.values_list("kind", "params")}


def _tell(campaign: Campaign, people: Iterable[int], kind: str, relations: Iterable[RelationNow]) -> None:
    people = frozenset(people)
    for one in relations:
        left, right = (_said(side) for side in one.sides)
        params = {"relation": one.text, "words": one.words, "left": left, "right": right}
        tell(people, kind=kind, campaign=campaign, params=params)


def _said(side: Number | None) -> str:
    return plain(side) if side is not None else ""
