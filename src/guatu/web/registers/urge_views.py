"""催办: the chosen items with whom each waits for; urge them all, or copy the list for the telephone."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item, may
from guatu.actions.urges import Urged, urge_items
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.lookups import items_meant
from guatu.queries.urge_list import UrgeLine, UrgeList, urge_list
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.policy import policy
from guatu.web.registers.forms import read_query


@dataclass(frozen=True, slots=True)
class UrgePage:
    """The list with its addresses. `open` are the lines that nobody has urged today, `text` the list to be copied."""

    list: UrgeList
    lines: tuple[tuple[UrgeLine, str], ...]
    open: int
    text: str
    message: str
    key: str
    may_urge: bool
    list_href: str
    post_href: str
    sentence: str = ""


@policy("see_items", "GET", "POST")
def urge(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """GET: whom the items of this list's address wait for; POST: urge the ticked ones."""
    if request.method != "POST":
        return show(request, at, "pages/urge.html", _page(at, key, request.GET), menu="registers")
    numbers = [one for one in dict.fromkeys(request.POST.getlist("item")) if one]
    text = request.POST.get("text", "")
    try:
        done = _urge(at, numbers, text, read_key(request.POST))
    except (BadInput, Conflict) as failure:
        given = request.GET.copy()
        if not given and numbers:
            given.setlist("item", numbers)
        page = _page(at, key, given, message=text, sentence=str(failure))
        return show(request, at, "pages/urge.html", page, menu="registers", status=failure.status)
    messages.success(request, _told(done))
    if len(numbers) == 1:
        return redirect(at.to("item", done.items[0].public_id))
    return redirect(at.to("list", key))


def _urge(at: Here, numbers: list[str], text: str, key: str) -> Urged:
    meant = items_meant(at.actor, at.campaign, dict.fromkeys(numbers, ""))
    for trouble in meant.troubles.values():
        raise BadInput("{said}", said=trouble)
    items = [get_item(at.actor, meant.items[number], at.campaign).pk for number in numbers]
    return urge_items(at.actor, campaign=at.campaign, items=items, text=text, idempotency_key=key or None)


def _told(done: Urged) -> str:
    if done.left_out:
        return _("已催办 {n} 项，另有 {rest} 项未催：{why}").format(
            n=len(done.items), rest=len(done.left_out), why=done.left_out[0][1]
        )
    return _("已催办 {n} 项，对方会在“消息”中看到。").format(n=len(done.items))


def _page(at: Here, key: str, given: QueryDict, *, message: str = "", sentence: str = "") -> UrgePage:
    found = urge_list(at.actor, at.campaign, key, read_query(given).filters, day=at.as_of)
    query = given.copy()
    for name in ("as_of", "campaign"):
        query.pop(name, None)
    return UrgePage(
        list=found,
        lines=tuple((line, at.to("item", line.public_id)) for line in found.lines),
        open=sum(not line.urged for line in found.lines),
        text=found.as_text(),
        message=message,
        key=str(uuid4()),
        may_urge=not at.past and may(at.actor, "urge", campaign=at.campaign),
        list_href=at.framed(at.to("list", key).partition("?")[0], query),
        post_href=at.framed(at.to("list_urge", key).partition("?")[0], query.copy()),
        sentence=sentence,
    )
