"""The catalogue of figures and the page of one."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.web.figures.one import asked_for, figure_page
from guatu.web.figures.pages import catalogue, trends
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.forms import page_number

MENU = "figures"


@policy("see_figures")
def figures(request: HttpRequest, at: Here) -> HttpResponse:
    """All figures by section."""
    page = catalogue(at, request.GET.get("unit", ""), request.GET.get("kind", ""))
    return show(request, at, "pages/figures.html", page, menu=MENU)


@policy("see_figures")
def figures_file(request: HttpRequest, at: Here, form: str) -> HttpResponse:
    """The catalogue as a file, every variant below its figure."""
    get = request.GET
    params = {"unit": get.get("unit", ""), "basis": get.get("basis", "")}
    return hand_out(at, kind="figures", form=form, params=params)


@policy("see_figures")
def figure_trends(request: HttpRequest, at: Here) -> HttpResponse:
    """The trend lines of the catalogue, put in their places by htmx."""
    lines = trends(at, request.GET.get("unit", ""), request.GET.get("kind", ""))
    return render(request, "fragments/trends.html", {"trends": lines})


@policy("see_figures")
def figure(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """One figure and the records behind it."""
    get = request.GET
    asked = asked_for(at, key, get.get("variant", ""), get.get("basis", ""))
    number = page_number(get.get("page", ""))
    page = figure_page(at, asked, get.get("unit", ""), get.get("side", ""), number)
    return show(request, at, "pages/figure.html", page, menu=MENU)
