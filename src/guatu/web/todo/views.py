"""待办: the page everybody lands on, and its steps in place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header

from guatu.domain.errors import BadInput, Conflict
from guatu.exchange.pdf_onepage import render
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item import changes
from guatu.web.item.forms import read_move
from guatu.web.policy import policy
from guatu.web.todo.desks import is_leading, is_office
from guatu.web.todo.forms import wrong_fields
from guatu.web.todo.one import opened
from guatu.web.todo.pages import shown
from guatu.web.todo.sheet import one_page

MENU = "todo"


@policy("see_items")
def todo(request: HttpRequest, at: Here) -> HttpResponse:
    """What this person has to do, what changed, and the numbers of their desk."""
    return show(request, at, "pages/todo.html", shown(at), menu=MENU)


@policy("see_items")
def one(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One item with the steps that this person may make, to be made here. The list puts it in the row's place."""
    return show(request, at, "pages/todo_item.html", opened(at, public_id), menu=MENU)


@policy("see_items", "GET", "POST")
def move(request: HttpRequest, at: Here, public_id: UUID, transition: str) -> HttpResponse:
    """Make the step and go back to what is next. What is wrong stays beside its field, what was typed is kept."""
    if request.method != "POST":
        return redirect(at.to("todo_item", public_id))
    typed = read_move(request.POST, transition, request.FILES)
    errors = wrong_fields(at, public_id, typed)
    sentence, status = "", 422
    if errors:
        typed = changes.with_files(at, public_id, typed)
    else:
        try:
            messages.success(request, changes.move(at, public_id, typed))
            return redirect(at.to("todo"))
        except changes.WrongFields as failure:
            typed, errors, sentence = failure.form, failure.form.errors, str(failure)
        except (BadInput, Conflict) as failure:
            sentence, status = str(failure), failure.status
    page = opened(at, public_id, refused=typed, sentence=sentence, errors=errors)
    return show(request, at, "pages/todo_item.html", page, menu=MENU, status=status)


@policy("see_figures")
def sheet(request: HttpRequest, at: Here) -> HttpResponse:
    """The one page of those who see the whole, as it will be printed; everybody else is led to their own desk."""
    if not (is_office(at) or is_leading(at)):
        return redirect(at.to("todo"))
    return show(request, at, "pages/todo_sheet.html", one_page(at), menu=MENU)


@policy("see_figures")
def sheet_file(request: HttpRequest, at: Here) -> HttpResponse:
    """The same as a PDF of one A4 sheet."""
    if not (is_office(at) or is_leading(at)):
        return redirect(at.to("todo"))
    page = one_page(at)
    name = f"{page.title}-{page.day}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return HttpResponse(render(page), content_type="application/pdf", headers=headers)
