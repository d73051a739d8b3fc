"""减负反馈: what a person has reported, and what the office has received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.access import Actor, require
from guatu.records.models import BurdenReport, Campaign

SIZE = 50


@dataclass(frozen=True, slots=True)
class Report:
    """One report as its reader may know it; `name` is empty unless the reporter has signed."""

    id: int
    unit: str
    unit_code: str
    name: str
    page: str
    text: str
    made_on: date
    answer: str
    answered_by: str
    answered_on: date | None


@dataclass(frozen=True, slots=True)
class Received:
    """A page of what the office has received. `waiting` counts those without an answer, `total` all."""

    rows: tuple[Report, ...]
    waiting: int
    total: int
    page: int
    pages: int


def own_reports(actor: Actor, campaign: Campaign) -> tuple[Report, ...]:
    """What the person has reported in this campaign, the newest first. One statement."""
    if actor.person is None:
        return ()
    rows = BurdenReport.objects.filter(campaign=campaign, person=actor.person).order_by("-id")
    return tuple(_report(row) for row in rows.select_related("unit", "person")[:SIZE])


def received(actor: Actor, campaign: Campaign, *, only_waiting: bool = False, page: int = 1) -> Received:
    """What the office of the campaign has received, without an answer first, then the newest. Three statements.

    Raises NotAllowed for everybody else: no leader, liaison or parent reads it.
    """
    require(actor, "answer_burdens", campaign=campaign)
    require(
        actor, "answer_burdens", campaign.root, campaign
    )  # an office below the root is a parent like any other
    rows = BurdenReport.objects.filter(campaign=campaign)
    total, waiting = rows.count(), rows.filter(answered_on=None).count()
    shown = rows.filter(answered_on=None) if only_waiting else rows
    count = waiting if only_waiting else total
    pages = max(1, -(-count // SIZE))
    page = min(max(page, 1), pages)
    ordered = shown.select_related("unit", "person").order_by("-id")
    found = tuple(_report(row) for row in ordered[(page - 1) * SIZE : page * SIZE])
    return Received(found, waiting, total, page, pages)


def _report(row: BurdenReport) -> Report:
    return Report(
        id=row.pk,
        unit=row.unit.short_name if row.unit is not None else "",
        unit_code=row.unit.code if row.unit is not None else "",
        name=row.person.name if row.named and row.person is not None else "",
        page=row.page,
        text=row.text,
        made_on=row.made_on,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_on=row.answered_on,
    )
