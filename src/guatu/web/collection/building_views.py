"""Building a request and sending it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.requests import draft_from_figures, draft_request, send_request
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.queries.request_check import request_check, with_choices
from guatu.queries.returns import collection_of, form_of_request
from guatu.records.models import Item
from guatu.web.collection.building import (
    BuildPage,
    Typed,
    build_page,
    choose_page,
    form_typed,
    read_typed,
    typed_of,
)
from guatu.web.collection.checking import check_page, chosen_in, drawn_request, dropped_in, units_of
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

MENU = "collection"
CHOOSE, BUILD, CHECK = (f"pages/collection_{name}.html" for name in ("choose", "build", "check"))


@policy("collect", "GET", "POST")
def new(request: HttpRequest, at: Here) -> HttpResponse:
    """GET without a register or figures: choose what to ask for; else the form. POST: draw it up, or look at the roster."""
    data = request.POST if request.method == "POST" else request.GET
    typed = read_typed(at, data)
    if not typed.register and not typed.figures:
        said = _("没有选清单或统计项。请选择后再继续。") if request.method == "POST" else ""
        return show(request, at, CHOOSE, choose_page(at, said), menu=MENU, status=422 if said else 200)
    if request.method != "POST":
        return show(request, at, BUILD, build_page(at, typed), menu=MENU)
    return _drawn_up(request, at, typed, None)


@policy("collect", "GET", "POST")
def edit(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The form of a request that has been drawn up and not yet sent."""
    item = drawn_request(at, public_id)
    if at.pack.workflow_of(item.register).phase_of(item.state) != "draft":
        return redirect(at.to("collection-request", public_id))
    if request.method != "POST":
        return show(request, at, BUILD, build_page(at, typed_of(at, item), item=item), menu=MENU)
    form = form_of_request(item)
    return _drawn_up(request, at, read_typed(at, request.POST, form.register), item)


def _drawn_up(request: HttpRequest, at: Here, typed: Typed, item: Item | None) -> HttpResponse:
    page: BuildPage = build_page(at, typed, item=item)
    if "look" in request.POST or page.sentence:
        return show(request, at, BUILD, page, menu=MENU, status=422 if page.sentence else 200)
    codes = [node.code for node in page.choice.units]
    try:
        form = form_typed(at, page.typed, form_of_request(item) if item is not None else None)
        if not codes:
            raise BadInput(_("没有选报送单位。请按板块、层级或单位选择，再看名单。"))
        said = {
            "campaign": at.campaign,
            "unit": page.typed.asker,
            "title": typed.title,
            "form": form,
            "units": codes,
            "instructions": typed.instructions,
            "document": typed.document,
        }
        if item is not None:
            drawn = draft_request(at.actor, request=item.pk, version=typed_number(typed.version), **said)
        elif typed.figures:
            drawn = draft_from_figures(
                at.actor, figures=typed.figures, idempotency_key=typed.key or None, **said
            )
        else:
            drawn = draft_request(at.actor, idempotency_key=typed.key or None, **said)
    except (BadInput, Conflict, NotAllowed) as failure:
        page = build_page(at, typed, str(failure), item)
        return show(request, at, BUILD, page, menu=MENU, status=failure.status)
    return redirect(at.to("collection-send", drawn.public_id))


@policy("collect", "GET", "POST")
def send(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The last look before sending. POST: change how held fields are treated, or send."""
    item = drawn_request(at, public_id)
    if at.pack.workflow_of(item.register).phase_of(item.state) != "draft":
        return redirect(at.to("collection-request", public_id))
    if request.method != "POST":
        return show(request, at, CHECK, check_page(at, item), menu=MENU)
    form = form_of_request(item)
    codes = [node.code for node in units_of(at, form)]
    chosen = chosen_in(form, request.POST)
    if request.POST.get("do") == "fill":
        chosen = dropped_in(form, request_check(at.campaign, item, form, codes, at.today))
    fields = with_choices(form, chosen)
    spec = collection_of(at.pack)
    try:
        if fields != form.fields:
            item = draft_request(
                at.actor,
                campaign=at.campaign,
                unit=item.unit.code,
                title=item.title,
                form=replace(form, fields=fields),
                units=codes,
                instructions=str(item.data.get(spec.instructions) or ""),
                document=str(item.data.get(spec.document or "") or ""),
                request=item.pk,
                version=typed_number(request.POST.get("version", "")),
            )
        if request.POST.get("do") != "send":
            return redirect(at.to("collection-send", public_id))
        made = send_request(
            at.actor,
            campaign=at.campaign,
            request=item.pk,
            units=codes,
            idempotency_key=request.POST.get("key", "")[:60] or None,
        )
    except (BadInput, Conflict) as failure:
        page = check_page(at, drawn_request(at, public_id), str(failure))
        return show(request, at, CHECK, page, menu=MENU, status=failure.status)
    messages.success(
        request, _("{number} 已发给 {n} 家单位。").format(number=item.number, n=f"{len(made):,}")
    )
    return redirect(at.to("collection-request", public_id))
