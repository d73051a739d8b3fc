"""Claiming what was referred upward, and the office's coordination list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item, require
from guatu.access.transitions import may_move
from guatu.actions.referral import Above, answer_referral, assign_referral, claim_referral, claiming_unit
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import BadInput, Conflict, GuatuError
from guatu.queries.coordination import ClaimPage, Listed, claim_page, coordination_list
from guatu.queries.lookups import units_meant
from guatu.queries.unit_choices import unit_choices
from guatu.web.days import typed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

CLAIM, LIST, MENU = "pages/claim.html", "pages/coordination.html", "registers"
NEW = "new"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stood in the form."""

    above: str = NEW
    title: str = ""
    due: str = ""
    reason: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class ClaimShown:
    """The matter with the form; `why_not` says why this reader may not answer."""

    found: ClaimPage
    typed: Typed
    lead: str
    href: str
    item_href: str
    why_not: str
    sentence: str = ""


@policy("see_items", "GET", "POST")
def claim(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """GET: what a unit below asks for. POST: claim it, with an item of one's own, or decline with a reason."""
    if request.method != "POST":
        return show(request, at, CLAIM, _claim(at, public_id, Typed()), menu=MENU)
    post = request.POST
    typed = Typed(
        above=post.get("above", NEW)[:20],
        title=post.get("title", "").strip()[:300],
        due=post.get("due", "").strip()[:20],
        reason=post.get("reason", "").strip()[:2000],
    )
    found = get_item(at.actor, public_id, at.campaign)
    spec = at.pack.loop.referral
    version = typed_number(post.get("version", ""), 9) or found.version
    try:
        if spec is not None and post.get("do") == "decline":
            step = Move(found.pk, reason=typed.reason, version=version)
            move_items(at.actor, campaign=at.campaign, transition=spec.decline, moves=[step])
            messages.success(request, _("{number} 已退回提请单位，计时恢复。").format(number=found.number))
        else:
            named = typed_number(typed.above)
            above = Above(title=typed.title, due=typed_day(typed.due)) if named is None else Above(item=named)
            claim_referral(
                at.actor,
                campaign=at.campaign,
                item=found.pk,
                above=above,
                reason=typed.reason,
                version=version,
            )
            messages.success(request, _("{number} 已认领。").format(number=found.number))
    except (BadInput, Conflict) as failure:
        page = _claim(at, public_id, typed, str(failure))
        return show(request, at, CLAIM, page, menu=MENU, status=failure.status)
    return redirect(at.to("item", public_id))


def _claim(at: Here, public_id: UUID, typed: Typed, sentence: str = "") -> ClaimShown:
    spec, problems = at.pack.loop.referral, at.pack.loop.problems
    item = get_item(at.actor, public_id, at.campaign)
    way = at.pack.workflow_of(problems).transition(spec.claim) if spec and problems else None
    lead = claiming_unit(at.actor, at.campaign, way, item)
    found = claim_page(at.actor, at.campaign, public_id, lead)
    why_not = ""
    if not found.waiting:
        why_not = _("{number} 现为“{state}”，不在等待认领。").format(number=item.number, state=found.state)
    elif at.past:
        why_not = _("当前显示 {day} 的数据，只能查看。请返回今天后再办理。").format(day=at.as_of)
    elif way is None or not may_move(at.actor, way, item, at.campaign):
        why_not = _("由{unit}或其上级单位认领。").format(unit=found.asked_unit or item.unit.short_name)
    if not typed.due and spec is not None:
        due = (at.today + timedelta(days=spec.days)).isoformat()
        typed = Typed(typed.above, typed.title, due, typed.reason)
    return ClaimShown(
        found=found,
        typed=typed,
        lead=lead.short_name if lead is not None else "",
        href=at.to("claim", public_id),
        item_href=at.to("item", public_id),
        why_not=why_not,
        sentence=sentence,
    )


@dataclass(frozen=True, slots=True)
class ListShown:
    """The office's list. `tried`: the number of the item whose form was refused, with what was typed and why."""

    rows: tuple[tuple[Listed, str, str], ...]
    read_only: bool
    units: tuple[str, ...]
    due: str
    tried: str = ""
    typed: Typed = Typed()
    sentence: str = ""


@policy("coordinate")
def coordination(request: HttpRequest, at: Here) -> HttpResponse:
    """What nobody above has taken on."""
    return show(request, at, LIST, _list(at), menu=MENU)


@policy("coordinate", "GET", "POST")
def coordinate(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Assign a unit with a day, or answer the unit that asked. Its address, opened anew, is the list."""
    if request.method != "POST":
        return redirect(at.to("coordination"))
    require(at.actor, "coordinate", campaign=at.campaign)
    post = request.POST
    typed = Typed(
        unit=post.get("unit", "").strip()[:120],
        due=post.get("due", "").strip()[:20],
        reason=post.get("reason", "").strip()[:2000],
    )
    found = get_item(at.actor, public_id, at.campaign)
    version = typed_number(post.get("version", ""), 9) or found.version
    try:
        if post.get("do") == "answer":
            answer_referral(
                at.actor, campaign=at.campaign, item=found.pk, reason=typed.reason, version=version
            )
            said = _("{number} 已答复，由{unit}继续办理。")
        else:
            assign_referral(
                at.actor,
                campaign=at.campaign,
                item=found.pk,
                unit=_unit(at, typed.unit),
                due=typed_day(typed.due),
                reason=typed.reason,
                version=version,
            )
            said = _("{number} 已指定解决单位，{unit}计时暂停。")
    except (BadInput, Conflict) as failure:
        page = _list(at, found.number, typed, failure)
        return show(request, at, LIST, page, menu=MENU, status=failure.status)
    messages.success(request, said.format(number=found.number, unit=found.unit.short_name))
    return redirect(at.to("coordination"))


def _unit(at: Here, text: str) -> str:
    """The code of the unit that was typed."""
    if not text:
        raise BadInput(_("没有填写解决单位。请填写单位名称或代码。"))
    meant = units_meant(at.campaign, [text])
    if text in meant.troubles:
        raise BadInput(meant.troubles[text])
    return meant.units[text]


def _list(
    at: Here, tried: str = "", typed: Typed | None = None, failure: GuatuError | None = None
) -> ListShown:
    rows = coordination_list(at.actor, at.campaign, at.as_of)
    spec = at.pack.loop.referral
    days = spec.days if spec is not None else 0
    return ListShown(
        rows=tuple((row, at.to("item", row.public_id), at.to("coordinate", row.public_id)) for row in rows),
        read_only=at.past,
        units=tuple(choice.short_name for choice in unit_choices(at.campaign, at.actor)) if rows else (),
        due=(at.today + timedelta(days=days)).isoformat(),
        tried=tried,
        typed=typed or Typed(),
        sentence=str(failure) if failure is not None else "",
    )
