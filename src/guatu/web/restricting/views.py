"""One page: restrict an item to named readers, change them, or open it again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.restricting import lift_restriction, restrict_item, set_readers
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.readers import Reader, readers_of
from guatu.records.models import Item
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

MENU = "registers"
TEMPLATE = "pages/readers.html"


@dataclass(frozen=True, slots=True)
class ReadersPage:
    """The form with whoever stands around the item."""

    item: Item
    people: tuple[Reader, ...]
    chosen: frozenset[int]
    reason: str
    sentence: str
    back: str


@policy("restrict", "GET", "POST")
def readers(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Show who reads the item; POST restricts it, names other readers, or opens it again."""
    found = readers_of(at.actor, at.campaign, public_id)
    chosen = frozenset(one.person for one in found.people if one.named)
    if request.method != "POST":
        return _page(request, at, found.item, found.people, chosen)
    typed = (typed_number(one) for one in request.POST.getlist("reader"))
    given = frozenset(one for one in typed if one is not None)
    reason = request.POST.get("reason", "")[:500]
    try:
        told = _act(at, found.item, given, reason, lift=request.POST.get("do") == "lift")
    except (BadInput, Conflict) as failure:
        return _page(request, at, found.item, found.people, given, reason, failure)
    messages.success(request, told)
    still = request.POST.get("do") == "lift" or not found.item.restricted or at.actor.person in given
    return redirect(at.to("item", public_id) if still else at.to("registers"))


def _act(at: Here, item: Item, given: frozenset[int], reason: str, *, lift: bool) -> str:
    if lift:
        lift_restriction(at.actor, campaign=at.campaign, item=item.pk, reason=reason)
        return _("{number} 已不再受限。").format(number=item.number)
    if item.restricted:
        set_readers(at.actor, campaign=at.campaign, item=item.pk, readers=given, reason=reason)
        return _("{number} 的知悉人已调整。").format(number=item.number)
    if not given:
        raise BadInput(_("{number} 至少要有一名知悉人。请选定后再提交。"), number=item.number)
    restrict_item(at.actor, campaign=at.campaign, item=item.pk, readers=given, reason=reason)
    return _("{number} 已设为受限事项，其他人只能看到数量。").format(number=item.number)


def _page(
    request: HttpRequest,
    at: Here,
    item: Item,
    people: tuple[Reader, ...],
    chosen: frozenset[int],
    reason: str = "",
    failure: BadInput | Conflict | None = None,
) -> HttpResponse:
    page = ReadersPage(
        item=item,
        people=people,
        chosen=chosen,
        reason=reason,
        sentence=str(failure) if failure else "",
        back=at.to("item", item.public_id),
    )
    return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status if failure else 200)
