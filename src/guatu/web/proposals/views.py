"""Asking for what needs approval, the list of what waits, and the decision in place."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.proposals import approve, consent, decline, propose, withdraw
from guatu.actions.restructuring import merge_items, void_items
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.domain.proposals import MERGE
from guatu.queries.proposal_preview import Preview
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.proposals.pages import FormShown, form_shown, list_shown, one_shown
from guatu.web.proposals.typed import Typed, read_typed

MENU = "registers"


@policy("see_items")
def proposals(request: HttpRequest, at: Here) -> HttpResponse:
    """What waits for the reader, what they asked for, what is open, what was decided."""
    page = list_shown(at, request.GET.get("tab", ""))
    return show(request, at, "pages/proposals.html", page, menu=MENU)


@policy("see_items", "GET", "POST")
def proposal(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One proposal; POST consents, approves, declines or withdraws."""
    if request.method != "POST":
        return show(request, at, "pages/proposal.html", one_shown(at, public_id), menu=MENU)
    page = one_shown(at, public_id)
    answer = request.POST.get("answer", "").strip()[:2000]
    seen = typed_number(request.POST.get("version", ""), 8)
    try:
        said = _decide(at, page.found.pk, request.POST.get("do", ""), answer, seen)
    except (BadInput, Conflict, NotAllowed) as failure:
        page = one_shown(at, public_id, answer=answer, sentence=str(failure))
        return show(request, at, "pages/proposal.html", page, menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("proposal", public_id))


@policy("see_items", "GET", "POST")
def new_proposal(request: HttpRequest, at: Here, kind: str) -> HttpResponse:
    """GET: what it would do to the chosen items; POST asks for it, or does it where the reader may do it at once."""
    if at.past and request.method != "POST":
        raise Conflict(_("当前显示 {day} 的数据，只能查看。请返回今天后再办理。"), day=at.as_of)
    given = request.POST if request.method == "POST" else request.GET
    typed = read_typed(given, kind)
    page, found, wanted = form_shown(at, kind, typed)
    if request.method != "POST" or "more" in given:
        return show(request, at, "pages/propose.html", page, menu=MENU)
    try:
        if wanted is None:
            raise BadInput(page.sentence)
        items = [line.item.pk for line in found.possible]
        if not items:
            raise BadInput(_("选中的事项都不能办理。请看每一项后面的说明。"))
        if found.direct and given.get("how") == "direct":
            return _at_once(request, at, page, found, typed, wanted.into)
        row = propose(
            at.actor,
            campaign=at.campaign,
            items=items,
            wanted=wanted,
            reason=typed.reason,
            idempotency_key=typed.key,
        )
    except (BadInput, Conflict) as failure:
        page, _found, _wanted = form_shown(at, kind, typed, str(failure))
        return show(request, at, "pages/propose.html", page, menu=MENU, status=failure.status)
    messages.success(request, _("申请已提出，等待批准。有结果会在消息中告知您。"))
    return redirect(at.to("proposal", row.public_id))


def _at_once(
    request: HttpRequest, at: Here, page: FormShown, found: Preview, typed: Typed, into: int | None
) -> HttpResponse:
    """Do it without asking: the pack lets the reader make this step."""
    items = [line.item.pk for line in found.possible]
    if not typed.reason:
        raise BadInput(_("“{kind}”须写明原因。请填写后再提交。"), kind=page.label)
    if page.kind == MERGE:
        if into is None:
            raise BadInput(_("没有填写并入哪一项。请填写事项编号。"))
        merge_items(at.actor, campaign=at.campaign, items=items, into=into, reason=typed.reason)
    else:
        void_items(at.actor, campaign=at.campaign, items=items, reason=typed.reason)
    messages.success(request, _("已办理“{kind}”：{n} 项。").format(kind=page.label, n=len(items)))
    return redirect(page.back)


def _decide(at: Here, pk: int, do: str, answer: str, version: int | None) -> str:
    if do == "consent":
        consent(at.actor, campaign=at.campaign, proposal=pk, version=version)
        return _("已同意接收，等待批准。")
    if do == "approve":
        approve(at.actor, campaign=at.campaign, proposal=pk, answer=answer, version=version)
        return _("已批准，并已办理。")
    if do == "decline":
        decline(at.actor, campaign=at.campaign, proposal=pk, answer=answer, version=version)
        return _("未予批准，已告知申请人。")
    if do == "withdraw":
        withdraw(at.actor, campaign=at.campaign, proposal=pk, version=version)
        return _("申请已撤回。")
    raise BadInput(_("没有选定怎样办理。请选“批准”或“不予批准”。"))
