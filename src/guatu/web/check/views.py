"""The check of a text: hand it in, see it marked. Nothing is kept."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from guatu.domain.errors import BadInput
from guatu.web.check.forms import read_given
from guatu.web.check.pages import CheckPage, checked_page
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy

MENU = "documents"


@policy("check_text", "GET", "POST", writes=False)
def check(request: HttpRequest, at: Here) -> HttpResponse:
    """The form; with a file or a text, the marked text."""
    if request.method != "POST":
        return show(request, at, "pages/check.html", CheckPage(day=at.as_of), menu=MENU)
    try:
        given = read_given(request, at.today)
    except BadInput as failure:
        page = CheckPage(day=at.as_of, text=request.POST.get("text", ""), sentence=str(failure))
        return show(request, at, "pages/check.html", page, menu=MENU, status=422)
    return show(request, at, "pages/check.html", checked_page(at, given), menu=MENU)
