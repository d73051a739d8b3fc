"""The report on paper, its panel, its files."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guatu.web.frame import frame, show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.report.pages import panel, report_page

MENU = "documents"


@policy("see_figures")
def report(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """The report as of the day; a click on a number changes only the panel."""
    chosen = request.GET.get("figure", "")
    if request.htmx and chosen:
        page = {"panel": panel(at, key, chosen)}
        return render(request, "fragments/report_panel.html", {"page": page, "frame": frame(at, MENU)})
    return show(request, at, "pages/report.html", report_page(at, key, chosen), menu=MENU)


@policy("see_figures")
def report_file(request: HttpRequest, at: Here, key: str, form: str) -> HttpResponse:
    """The report as a file to download."""
    params = {"report": key}
    if request.GET.get("sources"):
        params["sources"] = "1"
    if form == "html" or "sources" in params:
        params["base"] = request.build_absolute_uri("/")
    return hand_out(at, kind="report", form=form, params=params)
