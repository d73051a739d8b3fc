"""Re-inspection: the samples, drawing one, one sample, recording what was found."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.reinspection import draw_sample, record_reinspection
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.reinspection.pages import (
    draw_shown,
    look_shown,
    read_ask,
    read_looked,
    sample_shown,
    samples_shown,
)

MENU = "supervision"


@policy("see_samples")
def samples(request: HttpRequest, at: Here) -> HttpResponse:
    """The samples, and closing and rebounding by unit."""
    return show(request, at, "pages/reinspection.html", samples_shown(at), menu=MENU)


@policy("draw_sample", "GET", "POST")
def draw(request: HttpRequest, at: Here) -> HttpResponse:
    """GET shows what the rule in the address comes to; POST draws."""
    template = "pages/reinspection_draw.html"
    if request.method != "POST":
        return show(request, at, template, draw_shown(at, request.GET), menu=MENU)
    try:
        made = draw_sample(
            at.actor,
            campaign=at.campaign,
            ask=read_ask(request.POST),
            title=request.POST.get("title", ""),
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict) as failure:
        page = draw_shown(at, request.POST, sentence=str(failure))
        return show(request, at, template, page, menu=MENU, status=failure.status)
    messages.success(request, _("已抽取“{title}”。").format(title=made.title))
    return redirect(at.to("sample", made.public_id))


@policy("see_samples")
def sample(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One sample with what was found so far."""
    page = sample_shown(at, public_id, request.GET.get("team", ""))
    return show(request, at, "pages/sample.html", page, menu=MENU)


@policy("look_again", "GET", "POST")
def look(request: HttpRequest, at: Here, public_id: UUID, item_id: UUID) -> HttpResponse:
    """Record what was found at one item of a sample."""
    page = look_shown(at, public_id, item_id, request.POST)
    if request.method == "POST":
        try:
            record_reinspection(
                at.actor,
                campaign=at.campaign,
                item=page.item.pk,
                looked=read_looked(request.POST),
                idempotency_key=request.POST.get("key", "")[:60] or None,
            )
        except (BadInput, Conflict, NotAllowed) as failure:
            page = look_shown(at, public_id, item_id, request.POST, sentence=str(failure))
        else:
            messages.success(request, _("已登记 {number} 的回头看。").format(number=page.item.number))
            return redirect(at.to("sample", public_id))
    status = 422 if page.sentence else 200
    return show(request, at, "pages/sample_item.html", page, menu=MENU, status=status)
