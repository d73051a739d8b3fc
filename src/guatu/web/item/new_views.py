"""The page on which a new item is entered."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, Conflict
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.new import NewForm, Typed, create, new_form, proposed, read_new
from guatu.web.item.views import MENU, SAVED
from guatu.web.policy import policy

TEMPLATE = "pages/item_new.html"


@dataclass(frozen=True, slots=True)
class NewPage:
    """The form in its page."""

    form: NewForm
    action: str
    back: str
    list_label: str
    draft: str


def _page(request: HttpRequest, at: Here, form: NewForm, status: int = 200) -> HttpResponse:
    key = form.register.key
    page = NewPage(
        form=form,
        action=at.to("new", key),
        back=at.to("list", key),
        list_label=form.register.label,
        draft=f"new:{key}:{at.actor.person}",
    )
    own = replace(at, path=at.to("new", key), params=())
    return show(request, own, TEMPLATE, page, menu=MENU, status=status)


@policy("see_items", "GET", "POST")
def new(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """Enter a new item of a register. On a past day there is nothing to enter: the list is shown."""
    if at.past and request.method != "POST":
        return redirect(at.to("list", key))
    if request.method != "POST":
        offered, given = proposed(at, key, request.GET)
        return _page(request, at, new_form(at, offered, given=given))
    offered, typed = read_new(at, key, request.POST, request.FILES)
    try:
        made = create(at, offered, typed)
    except (BadInput, Conflict) as failure:
        return _page(request, at, new_form(at, offered, _refused(typed, failure)), status=failure.status)
    messages.success(request, _("{number} 已登记。").format(number=made.number), extra_tags=SAVED)
    if typed.raw["then"] == "again":
        return redirect(at.to("new", key, unit=typed.raw["unit"], parent=typed.raw["parent"]))
    if typed.raw["then"] == "parent" and made.parent is not None:
        return redirect(at.to("item", made.parent.public_id) + f"#children-{key}")
    return redirect(at.to("item", made.public_id))


def _refused(typed: Typed, failure: BadInput | Conflict) -> Typed:
    """What was typed with the sentence; a form whose key was used for something else gets a fresh one."""
    typed.sentence = "" if typed.errors else str(failure)
    if isinstance(failure, Conflict):
        typed.key = ""
    return typed
