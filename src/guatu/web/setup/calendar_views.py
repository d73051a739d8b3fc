"""The working days: a year seen, a day changed, a notice pasted."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, Conflict
from guatu.web.days import typed_day
from guatu.web.numbers import typed_number
from guatu.web.setup import calendar as pages
from guatu.web.setup.door import Desk, for_set_up, show_set_up

TEMPLATE = "setup/calendar.html"


@for_set_up("GET")
def calendar(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A year, and one of its days opened."""
    page = pages.year_page(
        desk.actor, pages.asked_year(request.GET.get("year", "")), chosen=request.GET.get("day", "")[:10]
    )
    return show_set_up(request, desk, TEMPLATE, page, step=pages.STEP)


@for_set_up("POST", capability=pages.CAPABILITY)
def calendar_notice(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The pasted notice replaces the year."""
    year = pages.asked_year(request.POST.get("year", ""))
    typed = pages.Typed(request.POST.get("text", "")[:20_000], request.POST.get("source", "")[:200])
    try:
        messages.success(request, pages.save_notice(desk.actor, year, typed, _version(request)))
    except (BadInput, Conflict) as failure:
        page = pages.year_page(desk.actor, year, typed=typed, sentence=str(failure))
        return show_set_up(request, desk, TEMPLATE, page, step=pages.STEP, status=failure.status)
    return redirect(f"{reverse(pages.STEP)}?year={year}")


@for_set_up("POST", capability=pages.CAPABILITY)
def calendar_day(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One day becomes a working day or a day off."""
    year, text = pages.asked_year(request.POST.get("year", "")), request.POST.get("day", "")[:10]
    source = request.POST.get("source", "")[:200]
    try:
        said = pages.save_day(
            desk.actor,
            year,
            _day(text),
            worked=request.POST.get("worked") == "yes",
            name=request.POST.get("name", "")[:100],
            source=source,
            version=_version(request),
        )
    except (BadInput, Conflict) as failure:
        typed = pages.Typed(source=source)
        page = pages.year_page(desk.actor, year, chosen=text, typed=typed, sentence=str(failure))
        return show_set_up(request, desk, TEMPLATE, page, step=pages.STEP, status=failure.status)
    messages.success(request, said)
    return redirect(f"{reverse(pages.STEP)}?year={year}")


def _version(request: HttpRequest) -> int:
    return typed_number(request.POST.get("version", ""), 8) or 0


def _day(text: str) -> date:
    day = typed_day(text)
    if day is None:
        raise BadInput(_("没有选定日期。请在月历上点选一天。"))
    return day
