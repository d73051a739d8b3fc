"""Who can be mentioned beside an item: a page to read, and the same as JSON for the small list behind “@”."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse

from guatu.access import require
from guatu.queries.mentions import Mentionable, mentionable
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The people, and the way back to the item."""

    people: tuple[Mentionable, ...]
    back: str


@policy("see_items")
def people(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Those who stand around the item and may see it; only for somebody who may leave a remark."""
    found = mentionable(at.actor, at.campaign, public_id, q=request.GET.get("q", "")[:30])
    require(at.actor, "comment", campaign=at.campaign)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"people": [asdict(one) for one in found]})
    page = PeoplePage(found, at.to("item", public_id) + "#comments")
    return show(request, at, "pages/item_people.html", page, menu="registers")
