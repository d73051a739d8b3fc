"""Merging, ending or moving a unit: first what it comes to, then all at once."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.unit_correcting import correct_ending
from guatu.actions.units import Placing, end_unit, merge_unit, place_units
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.queries.lookups import units_meant
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.unit_change.pages import (
    END,
    MERGE,
    ChangeShown,
    campaigns_of_tree,
    change_shown,
    read_typed,
)

TEMPLATE, MENU = "pages/unit_change.html", "units"


@policy("manage_units")
def choose_unit(request: HttpRequest, at: Here) -> HttpResponse:
    """Name the unit that is to be merged, ended or moved; the one found leads to its page."""
    text, sentence = request.GET.get("q", "").strip()[:120], ""
    if text:
        meant = units_meant(at.campaign, [text])
        if text in meant.units:
            return redirect(at.to("unit-change", meant.units[text]))
        sentence = meant.troubles[text]
    page = {"q": text, "sentence": sentence}
    return show(request, at, "pages/unit_changes.html", page, menu=MENU, status=422 if sentence else 200)


@policy("manage_units", "GET", "POST")
def change_unit(request: HttpRequest, at: Here, code: str) -> HttpResponse:
    """GET: the unit's belongings and what the choice in the address comes to; POST does it."""
    given = request.POST if request.method == "POST" else request.GET
    typed = read_typed(at, given)
    page = change_shown(at, code, typed)
    if request.method != "POST":
        return show(request, at, TEMPLATE, page, menu=MENU)
    try:
        said = _correct(at, page) if "correct" in given else _do(at, page)
    except (BadInput, Conflict, NotFound) as failure:
        page = change_shown(at, code, typed, sentence=str(failure))
        return show(request, at, TEMPLATE, page, menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("unit-changes"))


def _correct(at: Here, page: ChangeShown) -> str:
    """Let a unit that ended by mistake stand again."""
    correct_ending(
        at.actor,
        campaigns=campaigns_of_tree(at),
        tree=at.campaign.tree,
        unit=page.unit.code,
        reason=page.typed.reason,
    )
    return _("{unit}已恢复，隶属和事项回到变动之前。人员身份请重新任命。").format(unit=page.unit.short_name)


def _do(at: Here, page: ChangeShown) -> str:
    plan, unit, reason = page.plan, page.unit, page.typed.reason
    if plan is None:
        raise BadInput(page.sentence or _("没有选定怎样办理。请选“并入”“撤销”或“改变隶属”。"))
    if not reason:
        raise BadInput(_("须写明原因或文件。请填写后再提交。"))
    tree = at.campaign.tree
    if plan.way == MERGE:
        merge_unit(
            at.actor,
            campaigns=campaigns_of_tree(at),
            tree=tree,
            unit=unit.code,
            into=plan.other,
            day=plan.day,
            reason=reason,
            moving=page.typed.moving,
        )
        return _("{unit}已自 {day} 起并入{into}。").format(
            unit=unit.short_name, day=plan.day, into=plan.other_name
        )
    if plan.way == END:
        end_unit(at.actor, tree=tree, unit=unit.code, day=plan.day, reason=reason)
        return _("{unit}已自 {day} 起撤销，不再计入。").format(unit=unit.short_name, day=plan.day)
    placing = Placing(unit.code, plan.day, "under", plan.other)
    place_units(at.actor, tree=tree, placings=[placing], reason=reason)
    return _("{unit}已自 {day} 起改由{parent}管理。").format(
        unit=unit.short_name, day=plan.day, parent=plan.other_name
    )
