"""人员离任: what hangs on the person, a successor for each post, and the one button that does it all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.leaving import leave
from guatu.domain.errors import BadInput, GuatuError
from guatu.queries.hand_over import HandOver, hand_over
from guatu.web.days import typed_day
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.setup.door import show_beside

MENU, TEMPLATE = "manage", "pages/leaving.html"


@dataclass(frozen=True, slots=True)
class LeavingPage:
    """The list and the form. `successors` is what was typed beside each post."""

    found: HandOver
    successors: tuple[tuple[int, str, str], ...]
    day: str
    reason: str
    file: str
    sentence: str = ""


def _page(
    at: Here,
    username: str,
    *,
    typed: Mapping[int, str] | None = None,
    day: str = "",
    reason: str = "",
    sentence: str = "",
) -> LeavingPage:
    found = hand_over(at.actor, at.campaign, username)
    return LeavingPage(
        found=found,
        successors=tuple((post.id, post.label, (typed or {}).get(post.id, "")) for post in found.person.held),
        day=day or at.today.isoformat(),
        reason=reason,
        file=at.to("person-leaving-file", username),
        sentence=sentence,
    )


@policy("manage_people", "GET", "POST")
def leaving(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """The list, to be read and printed; then everything in one batch."""
    if request.method != "POST":
        return show_beside(request, at, TEMPLATE, _page(at, username), menu=MENU)
    typed = {
        int(name.removeprefix("successor-")): value.strip()[:60]
        for name, value in request.POST.items()
        if name.startswith("successor-") and name.removeprefix("successor-").isdecimal() and len(name) < 30
    }
    given, reason = request.POST.get("day", ""), request.POST.get("reason", "")[:200]
    try:
        day = typed_day(given, _("离任日"))
        if day is None:
            raise BadInput(_("没有填离任日。请填写从哪一天起不再任职。"))
        done = leave(
            at.actor, campaign=at.campaign, username=username, day=day, successors=typed, reason=reason
        )
    except GuatuError as failure:
        page = _page(at, username, typed=typed, day=given[:20], reason=reason, sentence=str(failure))
        return show_beside(request, at, TEMPLATE, page, status=failure.status, menu=MENU)
    said = _("已办理离任：结束 {ended} 个身份，{taken} 个有接任人。").format(
        ended=done.ended, taken=done.taken
    )
    messages.success(request, said)
    if done.off:
        messages.success(request, _("账号已停用。"))
    return redirect(at.to("person", username))


@policy("manage_people")
def file(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """The list as a workbook."""
    hand_over(at.actor, at.campaign, username)  # out of reach there is nothing to hand out
    return hand_out(at, kind="hand_over", form="xlsx", params={"username": username})
