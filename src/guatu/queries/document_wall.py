"""The wall chart as a page of a document: as the campaign stands on the document's day."""

from __future__ import annotations

from datetime import date

from guatu.access import Actor
from guatu.domain.lights import Light, word
from guatu.domain.writing.charts import Poster, PosterRow
from guatu.queries.wall import wall
from guatu.queries.wall_page import WallCell
from guatu.records.models import Campaign


def wall_poster(
    campaign: Campaign, *, day: date, known_at: int | None, actor: Actor, caption: str
) -> Poster | None:
    """The chart at (`day`, batch `known_at`) by the level under the root's, as far as the actor sees it; None on a day
    without tasks. Raises NotFound in a campaign without a wall.
    """
    page = wall(campaign, day=day, actor=actor, known_at=known_at)
    if not page.columns:
        return None
    rows = tuple(
        PosterRow(
            row.label, row.indent, tuple(map(_light, row.cells)), f"{row.percent}%" if row.n else "", row.key
        )
        for row in page.rows
    )
    return Poster(
        tuple(column.short for column in page.columns),
        rows,
        {light: word(light) for light in Light},
        caption,
        tuple(column.number for column in page.columns),
    )


def _light(cell: WallCell) -> Light | None:
    return cell.light if cell.n else None
