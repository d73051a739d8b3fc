"""A sample that the office has drawn for looking again, and what people said of what was put right."""

from __future__ import annotations

from datetime import date

from guatu.actions.items import NewItem, create_items
from guatu.actions.reinspection import draw_sample
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import team_units
from guatu.queries.reinspection import Ask
from guatu.records.models import Item


def _draw(stage: Stage) -> None:
    closed = Item.objects.filter(campaign=stage.campaign, register="problems", state="closed")
    first = date(2023, 10, 16)
    if closed.filter(phase_since__gte=first).exists():
        draw_sample(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            ask=Ask(first, stage.day, "2023-11-15", per_unit=1, share=20, team_days=8),
            title="第一批销号事项回头看",
        )


def _asked_people(stage: Stage) -> None:
    """Forms given out at two units of the team: enough of them came back at the first, too few at the second."""
    closed = Item.objects.filter(
        campaign=stage.campaign,
        register="problems",
        state="closed",
        pk__in=stage.resting,
        unit__code__in=team_units(stage, "bailu"),
    )
    units: dict[int, Item] = {}
    for item in closed.select_related("unit").order_by("number"):
        units.setdefault(item.unit_id, item)
    counts = (
        (50, 40, 36, 4, "多数人认为等候时间短了，四人希望周末也照此办理。"),
        (12, 8, 7, 1, "收回份数少，下次现场发放。"),
    )
    rows = [
        NewItem(
            register="satisfaction",
            unit=item.unit.code,
            title=f"满意度回访：{item.title}",
            state="recorded",
            fields={
                "problem": str(item.public_id),
                "held_on": stage.day.isoformat(),
                "sent": sent,
                "returned": returned,
                "satisfied": pleased,
                "unsatisfied": unpleased,
                "note": note,
            },
        )
        for item, (sent, returned, pleased, unpleased, note) in zip(units.values(), counts, strict=False)
    ]
    if rows:
        create_items(stage.actor("bailu"), campaign=stage.campaign, rows=rows)


SCENES = (Scene(date(2023, 11, 15), _draw), Scene(date(2023, 11, 24), _asked_people))
