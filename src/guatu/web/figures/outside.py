"""系统外数据: the rows with their documents, adding one, taking one back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.figures.phrasing import plain
from guatu.queries.outside_rows import exact, kept_rows
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.web.days import needed_day, typed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy

MENU = "figures"
PAGE = "pages/outside_rows.html"


@dataclass(frozen=True, slots=True)
class RowShown:
    """One row as it stands on the day shown; `ends` is the form that was refused for it."""

    public_id: UUID
    figure: str
    figure_href: str
    unit: str
    value: str
    label: str
    document: str
    approver: str
    counts_on: date
    ended_on: date | None
    reason: str
    refused: bool = False


@dataclass(frozen=True, slots=True)
class OutsidePage:
    """All rows of the campaign, the figures that take any, and the form."""

    rows: tuple[RowShown, ...]
    figures: tuple[tuple[str, str], ...]
    units: tuple[UnitChoice, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    sentence: str = ""
    wrong: str = ""


@policy("keep_outside_rows", "GET", "POST")
def outside(request: HttpRequest, at: Here) -> HttpResponse:
    """Every row, and the form for another; what is refused stays in the form."""
    if request.method != "POST":
        return show(request, at, PAGE, _page(at, typed={"figure": request.GET.get("figure", "")}), menu=MENU)
    typed = {name: request.POST.get(name, "") for name in _FIELDS}
    try:
        row = add_outside_row(
            at.actor,
            campaign=at.campaign,
            figure=typed["figure"],
            unit=typed["unit"] or at.campaign.root.code,
            counts_on=needed_day(typed["counts_on"], _("起算日")),
            value=typed["value"],
            document=typed["document"],
            approver=typed["approver"],
            label=typed["label"],
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict, NotFound) as failure:
        page = _page(at, typed=typed, sentence=str(failure))
        return show(request, at, PAGE, page, menu=MENU, status=failure.status)
    messages.success(
        request,
        _("已计入“{figure}”：{unit}，{value}。").format(
            figure=at.pack.figures[row.figure].label, unit=row.unit.short_name, value=plain(exact(row.value))
        ),
    )
    return redirect(at.to("outside"))


_FIELDS = ("figure", "unit", "counts_on", "value", "document", "approver", "label")


@policy("keep_outside_rows", "POST")
def outside_withdraw(request: HttpRequest, at: Here, row: UUID) -> HttpResponse:
    """Take a row back with a reason; a form that is refused stays open."""
    typed = {"reason": request.POST.get("reason", ""), "ended_on": request.POST.get("ended_on", "")}
    try:
        withdraw_outside_row(
            at.actor,
            campaign=at.campaign,
            row=row,
            reason=typed["reason"],
            ended_on=typed_day(typed["ended_on"], _("截止日")),
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict) as failure:
        page = _page(at, typed=typed, sentence=str(failure), wrong=str(row))
        return show(request, at, PAGE, page, menu=MENU, status=failure.status)
    messages.success(request, _("已撤回，原记录保留。"))
    return redirect(at.to("outside"))


def _page(at: Here, *, typed: Mapping[str, str], sentence: str = "", wrong: str = "") -> OutsidePage:
    figures = at.pack.figures
    rows = tuple(
        RowShown(
            row.public_id,
            figures[row.figure].label if row.figure in figures else row.figure,
            at.to("figure", row.figure, unit=row.unit.code) if row.figure in figures else "",
            row.unit.short_name,
            f"{exact(row.value):,}",
            row.label,
            row.document,
            row.approver,
            row.counts_on,
            row.ended_on if row.ended_on is not None and row.ended_on <= at.as_of else None,
            row.reason,
            wrong == str(row.public_id),
        )
        for row in kept_rows(at.campaign, at.as_of)
    )
    taking = tuple(
        (
            one.key,
            _("{figure}（{way}）").format(figure=one.label, way=one.measure) if one.measure else one.label,
        )
        for one in figures.values()
        if one.outside and not one.internal
    )
    return OutsidePage(
        rows, taking, unit_choices(at.campaign, at.actor), typed, str(uuid4()), sentence, wrong
    )
