"""关系式: what must hold between figures, both sides as of the day, and since when one does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse

from guatu.domain.statements import Number
from guatu.queries.figure_relations import RelationNow, relations_on
from guatu.web.figures.pages import grouped, week_days
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy


@dataclass(frozen=True, slots=True)
class PartShown:
    """One figure of a side, with its value and its page."""

    label: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class RelationShown:
    """One relation: `since` is the first of the days looked at from which it has been as it is now."""

    words: str
    text: str
    op: str
    left: tuple[PartShown, ...]
    right: tuple[PartShown, ...]
    one: str
    other: str
    holds: bool | None
    since: date | None


@dataclass(frozen=True, slots=True)
class RelationsPage:
    """All relations, what does not hold first in the count. `days`: how many days were looked at."""

    relations: tuple[RelationShown, ...]
    broken: int
    undecided: int
    first: date


@policy("see_figures")
def relations(request: HttpRequest, at: Here) -> HttpResponse:
    """Every declared relation with both sides' values."""
    days = tuple(week_days(at.as_of, at.campaign.starts_on))
    found = relations_on(at.campaign, days, actor=at.actor)
    now = found[at.as_of]
    shown = tuple(
        _shown(at, one, _since([(day, found[day][place].holds) for day in days]))
        for place, one in enumerate(now)
    )
    page = RelationsPage(
        relations=shown,
        broken=sum(one.holds is False for one in shown),
        undecided=sum(one.holds is None for one in shown),
        first=days[0],
    )
    return show(request, at, "pages/figure_relations.html", page, menu="figures")


def _since(days: list[tuple[date, bool | None]]) -> date | None:
    """The first day of the last stretch of one answer; None where it has been so on every day looked at."""
    last = days[-1][1]
    changed = [place for place, (_day, holds) in enumerate(days) if holds != last]
    return days[changed[-1] + 1][0] if changed else None


def _shown(at: Here, one: RelationNow, since: date | None) -> RelationShown:
    return RelationShown(
        words=one.words,
        text=one.text,
        op={"==": "=", "<=": "≤", ">=": "≥"}[one.op],
        left=_parts(at, one.left),
        right=_parts(at, one.right),
        one=_said(one.sides[0]),
        other=_said(one.sides[1]),
        holds=one.holds,
        since=since,
    )


def _parts(at: Here, side: tuple[tuple[str, str, Number | None], ...]) -> tuple[PartShown, ...]:
    return tuple(
        PartShown(label, _said(value), "" if at.pack.figures[key].internal else at.to("figure", key))
        for key, label, value in side
    )


def _said(value: Number | None) -> str:
    return grouped(value) if value is not None else "–"
