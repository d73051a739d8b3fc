"""The public notice of a close-out: see it, print it, note an objection, answer one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.notice import answer_objection, raise_objection
from guatu.domain.errors import BadInput, Conflict
from guatu.exchange.pdf_notice import render
from guatu.queries.notice_sheet import notice_sheet
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.notice.pages import Typed, notice_page
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

TEMPLATE, MENU = "pages/notice.html", "registers"


@policy("see_items", "GET", "POST")
def notice(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """GET: the notice. POST: an objection, noted on behalf of whoever objected."""
    if request.method != "POST":
        return show(request, at, TEMPLATE, notice_page(at, public_id), menu=MENU)
    typed = Typed(text=request.POST.get("text", "")[:4000], raised_by=request.POST.get("raised_by", "")[:100])
    item = get_item(at.actor, public_id, at.campaign)
    try:
        raise_objection(
            at.actor,
            campaign=at.campaign,
            item=item.pk,
            text=typed.text,
            raised_by=typed.raised_by,
            idempotency_key=read_key(request.POST) or None,
        )
    except BadInput as failure:
        page = notice_page(at, public_id, typed=typed, sentence=str(failure))
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    messages.success(request, _("{number} 的异议已登记，答复以前不会销号。").format(number=item.number))
    return redirect(at.to("notice", public_id))


@policy("see_items", "POST")
def answer(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Answer an objection: not upheld in writing, upheld by sending the item back."""
    item = get_item(at.actor, public_id, at.campaign)
    row, said = typed_number(request.POST.get("objection", "")), request.POST.get("upheld", "")
    typed = Typed(answer=request.POST.get("answer", "")[:4000])
    try:
        if row is None:
            raise BadInput(_("没有选定异议。请刷新后重试。"))
        typed = replace(typed, answering=row)
        if said not in ("yes", "no"):
            raise BadInput(_("没有选定异议是否成立。请选定后再提交。"))
        answer_objection(
            at.actor,
            campaign=at.campaign,
            objection=row,
            upheld=said == "yes",
            answer=typed.answer,
        )
    except (BadInput, Conflict) as failure:
        page = notice_page(at, public_id, typed=typed, sentence=str(failure))
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    told = (
        _("{number} 的异议成立，已退回整改。") if said == "yes" else _("{number} 的异议不成立，已书面答复。")
    )
    messages.success(request, told.format(number=item.number))
    return redirect(at.to("item" if said == "yes" else "notice", public_id))


@policy("see_items")
def sheet(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The sheet to put up (公示单) as a PDF."""
    item = get_item(at.actor, public_id, at.campaign)
    made = render(notice_sheet(at.campaign, item))
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{item.number}-notice.pdf"'
    return response
