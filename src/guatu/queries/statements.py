"""What reports print and the checker compares with: the figures of a day as statements, and their relations."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from guatu.access import Actor
from guatu.domain.statements import Relation, Statement
from guatu.queries.figures import evaluate, row_of
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of


def statements(
    campaign: Campaign,
    *,
    day: date,
    known_at: int | None = None,
    unit: Unit | None = None,
    actor: Actor,
    keys: Iterable[str] | None = None,
) -> list[Statement]:
    """All figures and claims as of (`day`, known at) for a unit's subtree, without one for the whole."""
    rows = (row_of(unit),) if unit is not None else None
    table = evaluate(campaign, keys, rows=rows, days=(day,), known_at=known_at, actor=actor)
    return [table.statement(key) for key in table.figures]


def own_names(campaign: Campaign) -> tuple[str, ...]:
    """How texts call the organisation that the campaign's figures are about, longest first."""
    names = {campaign.root.name, campaign.root.short_name} - {""}
    return tuple(sorted(names, key=len, reverse=True))


def campaign_names(campaign: Campaign) -> tuple[str, ...]:
    """How texts call the campaign itself, longest first."""
    return pack_of(campaign).words.campaign_names


def relations(campaign: Campaign) -> tuple[Relation, ...]:
    """The relations that the campaign's pack declares between its figures."""
    return pack_of(campaign).relations
