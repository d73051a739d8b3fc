"""Two definitions of one figure side by side, record by record."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guatu.access import get_unit
from guatu.domain.errors import BadInput
from guatu.domain.figures.phrasing import plain
from guatu.queries.figures import Table, evaluate, row_of, whole
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.queries.variant_difference import OnlyThere, variant_difference
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.one import asked_for
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.addresses import changed
from guatu.web.registers.forms import page_number

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """Both values with what each counts alone, and the records of either side."""

    label: str
    own: tuple[str, str, str]
    variant: tuple[str, str, str]
    own_note: str
    variant_note: str
    variant_label: str
    only_own: str
    only_variant: str
    rows: tuple[tuple[OnlyThere, str, str], ...]
    sums: bool
    hidden: int
    count: int
    unit: str
    units: tuple[UnitChoice, ...]
    scope: str
    page: int
    pages: int
    previous: str
    next: str


@policy("see_figures")
def difference(request: HttpRequest, at: Here, key: str, variant: str) -> HttpResponse:
    """Which records count in one definition and not in the other, and why."""
    number = page_number(request.GET.get("page", ""))
    page = _page(at, key, variant, request.GET.get("unit", ""), number)
    return show(request, at, "pages/figure_difference.html", page, menu="figures")


def _page(at: Here, key: str, variant: str, unit_code: str, number: int) -> DifferencePage:
    other = str(asked_for(at, key, variant, ""))
    unit = get_unit(at.actor, unit_code, at.campaign) if unit_code else None
    row = row_of(unit) if unit is not None else whole(at.campaign)
    table = evaluate(at.campaign, [key, other], rows=[row], days=[at.as_of], actor=at.actor)
    found = variant_difference(
        at.campaign,
        key,
        variant,
        day=at.as_of,
        unit=unit,
        actor=at.actor,
        first=(number - 1) * PER_PAGE,
        most=PER_PAGE,
    )
    pages = max(-(-found.count // PER_PAGE), 1)
    if number > pages:
        raise BadInput(_("共 {pages} 页，没有第 {page} 页。请重新选页。"), pages=pages, page=number)
    figure = at.pack.figures[key]
    measure = figure.measure
    return DifferencePage(
        label=figure.label,
        own=_value(at, table, key, _("内部口径"), unit_code),
        variant=_value(at, table, other, figure.ways[variant].label, unit_code),
        own_note=figure.definition,
        variant_note=figure.ways[variant].note,
        variant_label=figure.ways[variant].label,
        only_own=f"{plain(found.own)} {measure}".strip(),
        only_variant=f"{plain(found.variant)} {measure}".strip(),
        rows=tuple(
            (one, at.to("item", one.item), plain(one.amount) if one.amount is not None else "")
            for one in found.rows
        ),
        sums=figure.agg.kind == "sum",
        hidden=found.hidden,
        count=found.count,
        unit=unit_code,
        units=unit_choices(at.campaign, at.actor),
        scope=row.label,
        page=number,
        pages=pages,
        previous=changed(at, page=str(number - 1)) if number > 1 else "",
        next=changed(at, page=str(number + 1)) if number < pages else "",
    )


def _value(at: Here, table: Table, reference: str, label: str, unit_code: str) -> tuple[str, str, str]:
    """The label, the value in words and the page of one side."""
    return label, table.printed(reference).text, figure_href(at, reference, unit=unit_code)
