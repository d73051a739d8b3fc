"""Handing a key task down to units: choose, see how many, hand down."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.hand_down import hand_down
from guatu.domain.errors import BadInput, Conflict
from guatu.web.frame import show
from guatu.web.hand_down.coverage import coverage_shown
from guatu.web.hand_down.pages import day_in, read_typed, shown
from guatu.web.here import Here
from guatu.web.policy import policy

TEMPLATE, MENU = "pages/hand_down.html", "registers"


@policy("hand_down", "GET", "POST")
def hand_down_to_units(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """GET shows what the choice in the address comes to; POST makes the unit tasks."""
    if request.method != "POST":
        typed = read_typed(at, request.GET)
        looked = "codes" in request.GET and not typed.asked
        said = _("没有选单位。请勾选层级，或填写单位代码，再看名单。") if looked else ""
        return show(request, at, TEMPLATE, shown(at, public_id, typed, sentence=said), menu=MENU)
    typed = read_typed(at, request.POST)
    page = shown(at, public_id, typed)
    if not page.sentence:
        try:
            done = hand_down(
                at.actor,
                campaign=at.campaign,
                task=page.choice.item.pk,
                units=[node.code for node in page.choice.units],
                title=typed.title,
                start=day_in(typed.start, _("开始日")),
                due=day_in(typed.due, _("时限")),
                idempotency_key=typed.key,
            )
        except (BadInput, Conflict) as failure:
            page = shown(at, public_id, typed, sentence=str(failure))
        else:
            told = _("{number} 已分解下达到 {count} 家单位。")
            count = f"{len(done.items):,}"
            messages.success(request, told.format(number=page.choice.item.number, count=count))
            return redirect(at.to("item", public_id))
    return show(request, at, TEMPLATE, page, menu=MENU, status=422)


@policy("see_items")
def acknowledged(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Who has acknowledged the task and who has not, with the way to urge those."""
    page = coverage_shown(at, public_id)
    return show(request, at, "pages/acknowledged.html", page, menu=MENU)
