"""Plans that go by milestones: how far items with milestones should be, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db.models import Count, F, FilteredRelation, Q

from guatu.domain.lights import Facts, plan_by_milestones
from guatu.domain.pack import Pack
from guatu.queries.standing import COUNTED, spells_on
from guatu.records.models import Campaign
from guatu.records.models.units import STILL_KNOWN


def plans_on(
    campaign: Campaign, pack: Pack, register: str, day: date, known_at: int | None
) -> Iterator[tuple[int, int, Facts]]:
    """(task, unit, correction) for every item of `register` that has milestones as of (day, known at).

    One statement, none where the pack declares no milestones for the register. Drafts and void items, milestones as
    well as those above them, do not count.
    """
    spec = next((r for r in pack.registers.values() if r.milestones and r.parent == register), None)
    if spec is None:
        return
    holds = Q(parent__spells__valid_from__lte=day, parent__spells__valid_to__gt=day)
    if known_at is None:
        holds &= Q(parent__spells__rec_to=STILL_KNOWN)
    else:
        holds &= Q(parent__spells__rec_from__lte=known_at, parent__spells__rec_to__gt=known_at)
    rows = (
        spells_on(campaign, spec.key, day, known_at)
        .filter(phase__in=COUNTED, due__isnull=False)
        .annotate(above=FilteredRelation("parent__spells", condition=holds))
        .filter(above__phase__in=COUNTED, above__task__isnull=False)
        .order_by()
        .values("parent_id")
        .annotate(
            led_under=F("above__task"),
            led_by=F("above__unit"),
            begins=F("above__start"),
            falls_due=F("above__due"),
            every=Count("id"),
            reached=Count("id", filter=Q(due__lte=day)),
        )
        .values_list("led_under", "led_by", "begins", "falls_due", "every", "reached")
    )
    for task, unit, start, due, every, reached in rows:
        yield task, unit, plan_by_milestones(start, due, day, every, reached)
