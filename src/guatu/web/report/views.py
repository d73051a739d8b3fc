"""The report on paper, its panel, its files."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from guatu.domain.report import Document
from guatu.exchange import report_docx, report_text
from guatu.web.frame import frame, show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.report.pages import composed, panel, report_page

MENU = "documents"
FILES: dict[str, tuple[Callable[[Document], bytes], str]] = {
    "docx": (report_docx.render, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "txt": (report_text.render, "text/plain; charset=utf-8"),
}


@policy("see_figures")
def documents(request: HttpRequest, at: Here) -> HttpResponse:
    """The menu leads to the pack's first report."""
    return redirect(at.to("report", next(iter(at.pack.reports), "summary")))


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
    render_file, content_type = FILES[form]
    name = quote(f"{at.pack.reports[key].label}_{at.as_of:%Y%m%d}.{form}") if key in at.pack.reports else ""
    response = HttpResponse(render_file(composed(at, key)), content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
