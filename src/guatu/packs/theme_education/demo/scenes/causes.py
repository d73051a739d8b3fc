"""Common causes: a group that the office has put together, and two problems that it has told apart."""

from __future__ import annotations

from datetime import date

from guatu.actions.causes import dismiss_suggestion, group_items
from guatu.demo.scenes import Scene, Stage
from guatu.records.models import Item

_GROUP = 6


def _alike(stage: Stage) -> list[list[Item]]:
    """Open problems of one title at several units, the most frequent title first."""
    found: dict[str, list[Item]] = {}
    rows = Item.objects.filter(campaign=stage.campaign, register="problems", phase="open", restricted=False)
    for item in rows.order_by("number"):
        found.setdefault(item.title, []).append(item)
    return sorted((one for one in found.values() if len(one) > 2), key=lambda one: (-len(one), one[0].number))


def _grouped(stage: Stage) -> None:
    alike = _alike(stage)
    if alike:
        group_items(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            items=[item.pk for item in alike[0][:_GROUP]],
            title=alike[0][0].title,
        )


def _told_apart(stage: Stage) -> None:
    alike = _alike(stage)
    if len(alike) > 1:
        head, *members = alike[1]
        dismiss_suggestion(
            stage.actor("linxiaolan"),
            campaign=stage.campaign,
            head=head.pk,
            members=[item.pk for item in members[:2]],
        )


SCENES = (Scene(date(2023, 11, 24), _grouped), Scene(date(2023, 11, 27), _told_apart))
