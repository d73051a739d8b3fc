"""新建统计项: choose what is counted, click the conditions, see the number, save; the same page changes one that stands."""

from __future__ import annotations

import hashlib

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from uuid6 import uuid7

from guatu.actions.pack_changes import add_figure, change_figure, retire_figure
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack import Pack
from guatu.domain.pack.figure_growing import figure_labelled
from guatu.records.packs import pack_of, written_pack
from guatu.web.figure_making.pages import choose_page, making_page, of_label
from guatu.web.figure_making.preview import Preview, preview
from guatu.web.figure_making.typed import figure_of, values_of
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy

MENU = "figures"
CAPABILITY = "shape_campaign"
UNNAMED = "–"  # stands for a measure word that has not been typed yet


@policy(CAPABILITY, "GET", "POST")
def new(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: what to count, then the form. POST: look at what it would count, or save it."""
    if request.method == "POST":
        return _posted(request, at)
    given = request.GET.copy()
    if copied := request.GET.get("copy", ""):
        figure = _standing(at, copied)
        given = values_of(written_pack(at.campaign), figure)
        given["label"], given["meaning"] = _("{label}（副本）").format(label=figure.label)[:60], ""
        return _form(request, at, given)
    if not request.GET.get("of"):
        return show(request, at, "pages/figure_choose.html", choose_page(at), menu=MENU)
    return _form(request, at, begun(at.pack, given), look=False)


def begun(pack: Pack, given: QueryDict) -> QueryDict:
    """The empty form of a register: its own measure word, noun and section to begin with."""
    register = pack.registers.get(given.get("of", ""))
    if register is not None:
        given["measure"], given["noun"], given["section"] = register.measure, register.noun, register.section
    return given


@policy(CAPABILITY, "GET", "POST")
def change(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """The same form filled with a figure that was made by clicks."""
    figure = _standing(at, key)
    if not figure.made:
        raise BadInput(
            _("“{label}”是专项模板自带的，不能修改或停用。请复制它，另建一项。"), label=figure.label
        )
    if request.method == "POST":
        return _posted(request, at, figure)
    return _form(request, at, values_of(written_pack(at.campaign), figure), changes=figure)


@policy(CAPABILITY, "POST")
def retire(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """Offer a figure no longer."""
    figure = _standing(at, key)
    reason = request.POST.get("reason", "")
    try:
        retire_figure(
            at.actor,
            campaign=at.campaign,
            key=key,
            reason=reason,
            idempotency_key=request.POST.get("key") or None,
        )
    except BadInput as failure:
        given = values_of(written_pack(at.campaign), figure)
        return _form(request, at, given, changes=figure, sentence=str(failure))
    return redirect(at.to("figure", key))


def _standing(at: Here, key: str) -> Figure:
    figure = written_pack(at.campaign).figures.get(key)
    if figure is None or (figure.internal and not figure.retired):
        raise NotFound(_("没有标识为“{key}”的统计项。请从统计项目录中选一项。"), key=key)
    return figure


def _posted(request: HttpRequest, at: Here, changes: Figure | None = None) -> HttpResponse:
    given = request.POST
    if request.POST.get("do") != "save":
        return _form(request, at, given, changes=changes)
    pack = written_pack(at.campaign)
    try:
        figure = figure_of(pack, given)
        token = given.get("key") or None
        if changes is None:
            campaign = add_figure(at.actor, campaign=at.campaign, figure=figure, idempotency_key=token)
            return redirect(at.to("figure", figure_labelled(pack_of(campaign), figure.label).key))
        if given.get("base", "") != mark_of(changes):
            raise Conflict(_("“{label}”刚才已被别人改过。请重新打开后再改。"), label=changes.label)
        change_figure(
            at.actor,
            campaign=at.campaign,
            figure=figure.model_copy(update={"key": changes.key}),
            base=changes,
            reason=given.get("reason", ""),
            idempotency_key=token,
        )
        return redirect(at.to("figure", changes.key))
    except (BadInput, Conflict) as failure:
        return _form(request, at, given, changes=changes, sentence=str(failure))


def _form(
    request: HttpRequest,
    at: Here,
    given: QueryDict,
    *,
    changes: Figure | None = None,
    look: bool = True,
    sentence: str = "",
) -> HttpResponse:
    """The form, with what it would count as far as it is filled in."""
    if not of_label(at.pack, given.get("of", "")):
        raise NotFound(_("没有标识为“{key}”的清单。请从页面上选。"), key=given.get("of", "")[:40])
    found: Preview | None = None
    told = ""
    if look:
        try:
            found = preview(at, _candidate(at, given, changes))
        except BadInput as failure:
            told = str(failure)
    page = making_page(
        at,
        given,
        preview=found,
        key=given.get("key") or uuid7().hex,
        base=given.get("base") or (mark_of(changes) if changes else ""),
        changes=changes.key if changes else "",
        sentence=sentence or told,
    )
    return show(request, at, "pages/figure_making.html", page, menu=MENU, status=422 if sentence else 200)


def mark_of(figure: Figure) -> str:
    """What tells whether a declaration is still the one that a form was filled with."""
    return hashlib.sha256(figure.model_dump_json().encode()).hexdigest()[:16]


def _candidate(at: Here, given: QueryDict, changes: Figure | None) -> Figure:
    """The figure as far as the form says it: without a name yet it is looked at all the same."""
    filled = given.copy()
    filled["label"] = given.get("label", "").strip() or _("未命名的统计项")
    filled["measure"] = given.get("measure", "").strip() or UNNAMED
    figure = figure_of(at.pack, filled)
    return figure.model_copy(update={"key": changes.key, "made": True}) if changes else figure
