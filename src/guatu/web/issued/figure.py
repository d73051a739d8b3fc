"""The records behind a number of an issued document, as of its day and as known then; what may be seen, today decides."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import key_of
from guatu.domain.issuing import KeptFigure
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.figure_drill import Cut, drill
from guatu.queries.issued import IssuedLine, issued_document, unit_of
from guatu.queries.issued_look import with_pack
from guatu.queries.outside_rows import OutsideLine
from guatu.records.packs import pack_of
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.one import PER_PAGE, Side, noun_of, side_links_of, sides_of
from guatu.web.here import Here
from guatu.web.issued.spoken import spoken
from guatu.web.registers.addresses import changed


@dataclass(frozen=True, slots=True)
class IssuedFigurePage:
    """One number of an issued document with its records then, named as `fragments/figure_records.html` reads them."""

    line: IssuedLine
    back: str
    figure: KeptFigure
    day: date
    known: datetime | None
    now_href: str
    changes_href: str
    columns: tuple[DrillColumn, ...]
    sides: tuple[Side, ...]
    sums: bool
    total: int
    hidden: int
    restricted: int
    noun: str
    side_links: tuple[tuple[str, str, bool], ...]
    previous: str
    next: str
    page: int
    pages: int
    list_href: str
    outside: tuple[OutsideLine, ...]
    outside_hidden: str


def figure_page(at: Here, issued: UUID, ref: str, side: str, page: int) -> IssuedFigurePage:
    """The page. NotFound for a number that the document does not print, BadInput for a side or a page."""
    found = issued_document(at.actor, at.campaign, issued, until=at.as_of)
    one = next((figure for figure in found.figures if figure.ref == ref), None)
    if one is None:
        raise NotFound(_("这份文稿没有印这个数。请从文中点一个数。"))
    campaign = with_pack(at.campaign, found.row.pack)
    unit = unit_of(one)
    day = date.fromisoformat(one.day)
    then = replace(at, campaign=campaign, pack=pack_of(campaign), as_of=min(day, at.as_of))
    told = drill(
        campaign,
        one.key,
        day=day,
        known_at=found.known_at,
        unit=unit,
        actor=at.actor,
        cut=Cut(side, (page - 1) * PER_PAGE, PER_PAGE),
    )
    sides = sides_of(then, told, side, (page - 1) * PER_PAGE)
    pages = max(-(-max((part.count for part in sides), default=0) // PER_PAGE), 1)
    if page > pages:
        raise BadInput(_("共 {pages} 页，没有第 {page} 页。请重新选页。"), pages=pages, page=page)
    differs = any(change.ref == ref for change in found.changes)
    return IssuedFigurePage(
        line=found.line,
        back=at.to("issued", issued),
        figure=spoken(at, one),
        day=day,
        known=found.known,
        now_href=_now(at, one),
        changes_href=at.to("issued-changes", issued, figure=ref) + "#records" if differs else "",
        columns=told.columns,
        sides=sides,
        sums=any(part.amount is not None for part in told.listings),
        total=told.total,
        hidden=told.hidden - told.restricted,
        restricted=told.restricted,
        noun=noun_of(then, told, pack_of(campaign).figures[key_of(one.key)].of),
        side_links=side_links_of(at, told, side),
        previous=changed(at, page=str(page - 1)) if page > 1 else "",
        next=changed(at, page=str(page + 1)) if page < pages else "",
        page=page,
        pages=pages,
        list_href="",
        outside=told.outside,
        outside_hidden=plain(told.outside_hidden) if told.outside_hidden else "",
    )


def _now(at: Here, one: KeptFigure) -> str:
    """The page of the figure as it is counted now, where there is one still."""
    figure = at.pack.figures.get(key_of(one.key))
    if figure is None or figure.internal:
        return ""
    return figure_href(at, one.key, unit=one.unit)
