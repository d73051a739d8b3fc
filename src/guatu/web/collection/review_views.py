"""Reviewing what was handed in to a request."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.return_review import Flaw, accept, draw_return_sample, forward, pass_rest, send_back
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.queries.request_list import request_for
from guatu.queries.request_review import review as reviewed
from guatu.records.models import Item
from guatu.web.collection.reviewing import judge_of, one_page, review_page
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

REVIEW, ONE = "pages/collection_review.html", "pages/collection_review_one.html"
MENU = "collection"


@policy("collect", "GET", "POST")
def review(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """What is doubtful, then the rest. POST: send a cell back, let the rest pass, draw a sample."""
    said, judge = "", request.GET.get("judge", "")
    if request.method == "POST":
        try:
            told = _done(request, at, public_id, judge_of(at, judge))
        except (BadInput, Conflict, NotAllowed) as failure:
            said, status = str(failure), failure.status
        else:
            messages.success(request, told)
            return redirect(at.to("collection-review", public_id, judge=judge))
    page = review_page(at, public_id, judge=judge, sentence=said)
    return show(request, at, REVIEW, page, menu=MENU, status=status if said else 200)


def _done(request: HttpRequest, at: Here, public_id: UUID, judge: str) -> str:
    """What a button on the page did, in a sentence."""
    data = request.POST
    item, _mine = request_for(at.actor, at.campaign, public_id)
    if data.get("do") == "sample":
        percent = typed_number(data.get("percent", ""), 3)
        sample = draw_return_sample(
            at.actor, campaign=at.campaign, request=item.pk, percent=percent if percent is not None else 0
        )
        return _("已抽中 {n} 家，请逐家看过。").format(n=len(sample.returns))
    if data.get("do") == "cell":
        returned = _return_of(at, item, data.get("return", ""))
        number = typed_number(data.get("item", ""))
        flaw = Flaw(data.get("reason", "")[:500], number, data.get("field", "")[:60])
        send_back(at.actor, campaign=at.campaign, return_=returned.pk, flaws=[flaw])
        return _("{number} 已退回一格。").format(number=returned.number)
    found = reviewed(at.actor, at.campaign, item, at.today, judge)
    passed = pass_rest(
        at.actor,
        campaign=at.campaign,
        request=item.pk,
        judge=judge,
        without=sorted(found.doubtful),
        below=typed_number(data.get("company", "")),
        idempotency_key=data.get("key", "")[:60] or None,
    )
    done = _("已接收 {n} 家。") if judge == "office" else _("已审核通过 {n} 家。")
    left = len(passed.left_out)
    if left:
        return _("{done}另有 {left} 家没有一并办理。").format(
            done=done.format(n=f"{len(passed.items):,}"), left=f"{left:,}"
        )
    return done.format(n=f"{len(passed.items):,}")


@policy("collect", "GET", "POST")
def one(request: HttpRequest, at: Here, public_id: UUID, return_id: UUID) -> HttpResponse:
    """One return closely. POST: let it pass, or send it back, all of it or the cells that were marked."""
    if request.method != "POST":
        return show(request, at, ONE, one_page(at, public_id, return_id), menu=MENU)
    page = one_page(at, public_id, return_id)
    data, item = request.POST, page.item
    seen = typed_number(data.get("version", ""))
    versions = {item.pk: seen} if seen is not None else {}
    try:
        if data.get("do") == "pass":
            step = accept if page.row.judge == "office" else forward
            step(at.actor, campaign=at.campaign, returns=[item.pk], versions=versions)
            told = _("{number} 已办理。").format(number=item.number)
        else:
            reason = data.get("reason", "").strip()[:500]
            flaws = _flaws(data) if data.get("do") == "cells" else []
            told_already = any(flaw.reason == reason for flaw in flaws)
            send_back(
                at.actor,
                campaign=at.campaign,
                return_=item.pk,
                reason="" if told_already else reason,
                flaws=flaws,
                version=seen,
            )
            told = _("{number} 已退回。").format(number=item.number)
    except (BadInput, Conflict, NotAllowed) as failure:
        page = one_page(at, public_id, return_id, reason=data.get("reason", "")[:500], sentence=str(failure))
        return show(request, at, ONE, page, menu=MENU, status=failure.status)
    messages.success(request, told)
    return redirect(at.to("collection-review", public_id))


def _flaws(data: QueryDict) -> list[Flaw]:
    """The cells that were marked, each with its own reason or the one for all."""
    found = []
    for name in data.getlist("cell"):
        row, _dot, field = name.partition(".")
        number = typed_number(row)
        if number is not None:
            reason = data.get(f"why-{name}", "").strip() or data.get("reason", "").strip()
            found.append(Flaw(reason[:500], number, field[:60]))
    if not found:
        raise BadInput(_("没有勾选要退回的格子。请勾选，或退回整份。"))
    return found


def _return_of(at: Here, request: Item, public_id: str) -> Item:
    """The return of this request that the form names."""
    item = get_item(at.actor, public_id, at.campaign)
    if item.parent_id != request.pk:
        raise NotFound()
    return item
