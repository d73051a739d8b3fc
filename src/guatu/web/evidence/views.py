"""Looking at evidence in place, withdrawing it, and the dossier of an item (一问题一档)."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.evidence_opened import note_opened
from guatu.actions.evidence_withdrawing import withdraw_evidence
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.exchange.pdf_pages import page_picture as pdf_page
from guatu.exchange.uploads import handed_out
from guatu.queries.item_files import evidence_file
from guatu.web.evidence.pages import look_shown, withdraw_shown
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy

MENU = "registers"


@policy("see_items")
def look(request: HttpRequest, at: Here, public_id: UUID, pk: int) -> HttpResponse:
    """One piece of evidence, shown in place, with the one before and the one after. To look at it is noted."""
    page = look_shown(at, public_id, pk)
    if page.piece.readable:
        note_opened(at.actor, campaign=at.campaign, evidence=[pk])
    return show(request, at, "pages/evidence.html", page, menu=MENU)


@policy("see_items")
def page_picture(request: HttpRequest, at: Here, public_id: UUID, pk: int, page: int) -> HttpResponse:
    """A page of a PDF as a picture."""
    with handed_out(*evidence_file(at.actor, at.campaign, public_id, pk)).content as source:
        answer = HttpResponse(pdf_page(source.read(), page), content_type="image/png")
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


@policy("see_items", "GET", "POST")
def withdraw(request: HttpRequest, at: Here, public_id: UUID, pk: int) -> HttpResponse:
    """Withdraw a piece of evidence, with a reason."""
    sentence = ""
    if request.method == "POST":
        try:
            withdraw_evidence(
                at.actor,
                campaign=at.campaign,
                item=get_item(at.actor, public_id, at.campaign).pk,
                evidence=pk,
                reason=request.POST.get("reason", ""),
                idempotency_key=request.POST.get("key", "")[:60] or None,
            )
        except (BadInput, Conflict, NotAllowed) as failure:
            sentence = str(failure)
        else:
            messages.success(request, _("已撤回。原件和撤回的原因仍在经过中可查。"))
            return redirect(at.to("item", public_id) + "#evidence")
    page = withdraw_shown(at, public_id, pk, request.POST, sentence=sentence)
    return show(request, at, "pages/evidence_withdraw.html", page, menu=MENU, status=422 if sentence else 200)


@policy("see_items")
def dossier(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The whole item as one PDF, its papers behind."""
    return hand_out(at, kind="dossier", form="pdf", params={"item": str(public_id)})
