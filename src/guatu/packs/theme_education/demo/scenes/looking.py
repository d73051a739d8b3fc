"""A sample that the office has drawn for looking again, and what people said of what was put right."""

from __future__ import annotations

from datetime import date

from guatu.actions.items import NewItem, create_items
from guatu.actions.reinspection import Looked, draw_sample, record_reinspection
from guatu.demo.scenes import Scene, Stage
from guatu.packs.theme_education.demo.scenes.places import team_units
from guatu.queries.field_text import noted_before
from guatu.queries.sample_draw import Ask
from guatu.records.models import Item, SampleItem


def _draw(stage: Stage) -> None:
    closed = Item.objects.filter(campaign=stage.campaign, register="problems", state="closed")
    first = date(2023, 11, 1)
    if closed.filter(phase_since__gte=first).exists():
        draw_sample(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            ask=Ask(first, stage.day, "2023-11-10", per_unit=1, share=20, team_days=8),
            title="第一批销号事项回头看",
        )


def _looked_again(stage: Stage) -> None:
    """Most teams have gone through what was drawn for them; the cast's team has left its own, others one of four."""
    leaders = {post.team: post.username for post in stage.story.posts if post.role == "team_leader"}
    drawn = SampleItem.objects.filter(sample__campaign=stage.campaign, item__state="closed")
    looked = set(
        Item.objects.filter(campaign=stage.campaign, register="reinspections")
        .exclude(noted_before("held_on", date(2023, 11, 10)))
        .values_list("data__problem", flat=True)
    )
    for turn, row in enumerate(drawn.select_related("item", "team").order_by("pk")):
        leader = leaders.get(row.team.key) if row.team is not None else None
        if leader in (None, "xuzhiyuan") or turn % 4 == 3:
            continue
        if row.item_id not in stage.resting or str(row.item.public_id) in looked:
            continue
        partial = turn % 9 == 4
        record_reinspection(
            stage.actor(str(leader)),
            campaign=stage.campaign,
            item=row.item_id,
            looked=Looked(
                "partial" if partial else "solid",
                stage.day,
                "措施仍在执行，夜班记录不够完整，已请单位补齐。" if partial else "现场查看，措施持续执行。",
            ),
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


SCENES = (
    Scene(date(2023, 11, 10), _draw),
    Scene(date(2023, 11, 22), _looked_again),
    Scene(date(2023, 11, 24), _asked_people),
)
