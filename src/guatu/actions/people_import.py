"""Importing a liaison list: people, posts and telephones, whole or not at all."""

from __future__ import annotations

from guatu.access import Actor
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.domain.imports.unit_plan import Applied
from guatu.records.models import Campaign


def apply_people_import(
    actor: Actor, *, campaign: Campaign, plan: PeoplePlan, seen: str = "", reason: str = ""
) -> Applied:
    """Write what the plan says in one batch, or nothing; as `apply_import`."""
    raise ValueError(actor, campaign, plan, seen, reason)
