"""Where a figure comes from and where it went: its declarations one after another, and every place that uses it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from guatu.queries.figure_versions import FigureVersion, figure_versions
from guatu.web.figures.one import asked_for
from guatu.web.figures.places import UseShown, uses_shown, written_uses
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy


@dataclass(frozen=True, slots=True)
class AboutPage:
    """`versions`: the newest first. `uses` are places of the pack, `written` what people wrote and sent."""

    label: str
    key: str
    href: str
    made: bool
    versions: tuple[FigureVersion, ...]
    uses: tuple[UseShown, ...]
    written: tuple[UseShown, ...]


@policy("see_figures")
def about(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """Who declared the figure so and when; where it is used."""
    asked_for(at, key, "", "")
    figure = at.pack.figures[key]
    page = AboutPage(
        label=figure.label,
        key=key,
        href=at.to("figure", key),
        made=figure.made,
        versions=figure_versions(at.actor, at.campaign, at.pack, key),
        uses=uses_shown(at, key),
        written=written_uses(at, key),
    )
    return show(request, at, "pages/figure_about.html", page, menu="figures")
