"""The item page and what can be done on it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.domain.errors import BadInput, Conflict
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item import changes
from guatu.web.item.forms import edit_form, read_edit, read_move, read_remark
from guatu.web.item.pages import Shown, shown
from guatu.web.policy import policy

TEMPLATE, MENU = "pages/item.html", "registers"


def _page(request: HttpRequest, at: Here, found: Shown, status: int = 200) -> HttpResponse:
    """The item with a form, at an address below its own: another day is chosen for the item itself."""
    own = replace(at, path=reverse("item", args=[found.item.public_id]), params=())
    return show(request, own, TEMPLATE, found, menu=MENU, status=status)


@policy("see_items")
def item(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One item: its way, what can happen next, its fields, evidence and history."""
    return show(request, at, TEMPLATE, shown(at, public_id), menu=MENU)


@policy("see_items", "GET", "POST")
def edit(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Change plain fields. What is wrong stays beside its field; a conflict shows both values.

    On a past day there is nothing to edit: the item is shown.
    """
    if at.past and request.method != "POST":
        return redirect(at.to("item", public_id))
    page = changes.to_edit(at, public_id)
    register = at.pack.register(page.register)
    if request.method != "POST":
        return _page(request, at, shown(at, public_id, page=page, form=edit_form(register, page)))
    typed = read_edit(request.POST, register, page)
    sentence, conflict = "", False
    if not typed.errors:
        try:
            messages.success(request, changes.edit(at, page, typed))
            return redirect(at.to("item", public_id))
        except (BadInput, Conflict) as failure:
            sentence, conflict = str(failure), isinstance(failure, Conflict)
    form = edit_form(register, page, typed, sentence=sentence, conflict=conflict)
    found = shown(at, public_id, page=page, form=form)
    return _page(request, at, found, status=409 if conflict else 422)


@policy("see_items", "GET", "POST")
def move(request: HttpRequest, at: Here, public_id: UUID, transition: str) -> HttpResponse:
    """Move the item by one transition. Its address, opened anew, is the item."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    typed = read_move(request.POST, transition)
    try:
        messages.success(request, changes.move(at, public_id, typed))
    except (BadInput, Conflict) as failure:
        refused = changes.refused(typed, failure)
        return _page(request, at, shown(at, public_id, refused=refused), status=failure.status)
    return redirect(at.to("item", public_id))


@policy("see_items", "GET", "POST")
def comment(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Leave a remark. Its address, opened anew, is the item."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    require(at.actor, "comment", campaign=at.campaign)
    text, key = read_remark(request.POST)
    try:
        changes.comment(at, public_id, text, key)
    except BadInput as failure:
        page = shown(at, public_id, remark=text, remark_error=str(failure))
        return _page(request, at, page, status=422)
    messages.success(request, _("评论已发出。"))
    return redirect(at.to("item", public_id))
