"""Issued documents on the screen: the list, one on its paper, the records behind its numbers, its files, what has changed."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from guatu.domain.errors import NotFound
from guatu.queries.issued import issued_document
from guatu.records.files import opened
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.issued.figure import figure_page
from guatu.web.issued.pages import changes_page, file_name, list_page, one_page
from guatu.web.policy import policy
from guatu.web.registers.forms import page_number

MENU = "documents"
CONTENT = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


@policy("see_figures")
def issued_list(request: HttpRequest, at: Here) -> HttpResponse:
    """Everything that has been issued, the latest first."""
    return show(request, at, "pages/issued_list.html", list_page(at), menu=MENU)


@policy("see_figures")
def issued_one(request: HttpRequest, at: Here, issued: UUID) -> HttpResponse:
    """One issued document as it was; every number leads to its records."""
    return show(request, at, "pages/issued.html", one_page(at, issued), menu=MENU)


@policy("see_figures")
def issued_figure(request: HttpRequest, at: Here, issued: UUID, ref: str) -> HttpResponse:
    """The records behind a number, as of its day and as known when it was issued."""
    get = request.GET
    page = figure_page(at, issued, ref, get.get("side", ""), page_number(get.get("page", "")))
    return show(request, at, "pages/issued_figure.html", page, menu=MENU)


@policy("see_figures")
def issued_changes(request: HttpRequest, at: Here, issued: UUID) -> HttpResponse:
    """What differs from the one before in its series, and why."""
    get = request.GET
    page = changes_page(at, issued, get.get("figure", ""), page_number(get.get("page", "")))
    return show(request, at, "pages/issued_changes.html", page, menu=MENU)


@policy("see_figures")
def issued_file(request: HttpRequest, at: Here, issued: str, form: str) -> HttpResponseBase:
    """A file as it was issued, byte for byte."""
    try:
        found = issued_document(at.actor, at.campaign, UUID(issued), until=at.as_of)
    except ValueError:
        raise NotFound(_("没有这份定稿文稿。请从文稿目录中选一份。")) from None
    sha256, _size = found.files[form]
    with opened(sha256) as content:
        answer = HttpResponse(content.read(), content_type=CONTENT[form])
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file_name(found.line, form))}"
    answer["ETag"] = f'"{sha256}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
