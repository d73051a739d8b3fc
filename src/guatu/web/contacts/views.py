"""The liaison list: who stands for a unit and how to reach them."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.accounts import note_telephone
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.contacts import ContactList, contact_list
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.setup.door import show_beside
from guatu.web.setup.house import Account

ASKED = ("company", "role", "q")
TEMPLATE = "pages/contacts.html"


@dataclass(frozen=True, slots=True)
class ContactsPage:
    """The list with what was asked; `files` are the formats it can be saved in."""

    found: ContactList
    asked: dict[str, str]
    files: tuple[tuple[str, str], ...]
    account: Account | None = None
    sentence: str = ""


def _page(at: Here, *, account: Account | None = None, sentence: str = "") -> ContactsPage:
    given = dict(at.params)
    asked = {name: given.get(name, "") for name in ASKED}
    found = contact_list(at.actor, at.campaign, day=at.as_of, **asked)
    files = tuple((words, at.to("contacts-file", form, **asked)) for form, words in FILES)
    return ContactsPage(found, asked, files, account, sentence)


FILES = (("xlsx", "Excel"), ("pdf", "PDF"), ("csv", "CSV"))


@policy("see_contacts")
def contacts(request: HttpRequest, at: Here) -> HttpResponse:
    """The list, narrowed to a company or a role by the address."""
    return show_beside(request, at, TEMPLATE, _page(at))


@policy("see_contacts")
def contact_file(request: HttpRequest, at: Here, form: str) -> HttpResponse:
    """The list as a file, with the numbers that the page shows this reader."""
    given = dict(at.params)
    asked = {name: given.get(name, "") for name in ASKED}
    return hand_out(at, kind="contacts", form=form, params=asked)


@policy("see_contacts", "POST")
def telephone(request: HttpRequest, at: Here) -> HttpResponse:
    """Note a person's telephone, or erase it."""
    require(at.actor, "manage_people", campaign=at.campaign)
    username, number = request.POST.get("username", "").strip(), request.POST.get("telephone", "").strip()
    try:
        note_telephone(at.actor, username=username, telephone=number)
    except (BadInput, NotAllowed, NotFound) as failure:
        page = _page(at, account=Account(username[:60], number[:40]), sentence=str(failure))
        return show_beside(request, at, TEMPLATE, page, status=failure.status)
    messages.success(request, _("“{account}”的电话已更新。").format(account=username))
    return redirect(at.to("contacts"))
