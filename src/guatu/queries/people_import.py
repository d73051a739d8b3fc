"""What the import of a liaison list would change; telephones for those who may read them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from guatu.access import Actor
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.records.models import Campaign


def plan_people_import(
    actor: Actor, *, campaign: Campaign, book: Workbook, day: date | None = None, sheet: str | None = None
) -> PeoplePlan:
    """The dry run of a liaison list in `campaign`; as `plan_import`. Needs “manage_people”."""
    raise ValueError(actor, campaign, book, day, sheet)


def telephones(people: Collection[int]) -> dict[int, str]:
    """Person → telephone as last noted; the caller has made sure that the reader may see these people's."""
    raise ValueError(people)
