"""One page for what is changed of a request after it was sent: its words while it runs; once ended, opening it again."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.request_changes import reopen_request, reword_request
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.queries.request_list import request_for
from guatu.queries.returns import collection_of
from guatu.records.models import Item
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

PAGE, MENU = "pages/collection_change.html", "collection"
REOPEN = "reopen"
"""What the form of an ended request sends: pressed twice, it finds the request open and is still the same act."""


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A request that has been sent. `ended`: it is to be opened again, and only a reason is asked for."""

    item: Item
    ended: bool
    title: str
    instructions: str
    document: str
    reason: str
    version: str
    key: str
    href: str
    back: str
    sentence: str = ""


@policy("collect", "GET", "POST")
def change(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """改要求 of a running request, 重新开放 of one that was ended: each with a reason."""
    item, mine = request_for(at.actor, at.campaign, public_id)
    if not mine:
        raise NotFound()
    require(at.actor, "collect", item.unit, at.campaign)
    spec, data = collection_of(at.pack), request.POST
    phase = at.pack.workflow_of(item.register).phase_of(item.state)
    if phase not in ("open", "closed") or (phase == "closed" and spec.resume is None):
        return redirect(at.to("collection-request", public_id))
    sentence, status = "", 200
    if request.method == "POST":
        try:
            told = _done(at, item, ended=phase == "closed" or data.get("do") == REOPEN, data=data.dict())
        except (BadInput, Conflict) as failure:
            sentence, status = str(failure), failure.status
        else:
            messages.success(request, told)
            return redirect(at.to("collection-request", public_id))
    page = ChangePage(
        item=item,
        ended=phase == "closed",
        title=data.get("title", item.title),
        instructions=data.get("instructions", str(item.data.get(spec.instructions) or "")),
        document=data.get("document", str(item.data.get(spec.document or "") or "")),
        reason=data.get("reason", ""),
        version=str(item.version),
        key=str(uuid4()),
        href=at.to("collection-change", public_id),
        back=at.to("collection-request", public_id),
        sentence=sentence,
    )
    return show(request, at, PAGE, page, menu=MENU, status=status)


def _done(at: Here, item: Item, *, ended: bool, data: dict[str, str]) -> str:
    """What the form did, in a sentence."""
    said = {
        "campaign": at.campaign,
        "request": item.pk,
        "reason": data.get("reason", "")[:500],
        "version": typed_number(data.get("version", "")),
        "idempotency_key": data.get("key", "")[:60] or None,
    }
    if ended:
        reopen_request(at.actor, **said)
        return _("{number} 已重新开放。").format(number=item.number)
    reword_request(
        at.actor,
        title=data.get("title", "")[:300],
        instructions=data.get("instructions", ""),
        document=data.get("document", "")[:300],
        **said,
    )
    return _("报送要求已改，已告知名单上的单位。")
