"""委托代办 as a page: what is given and taken, and a form to give."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.delegations import LONGEST, NOT_DELEGATED, delegate, end_delegation
from guatu.domain.errors import BadInput, GuatuError, NotFound
from guatu.queries.delegations import Giveable, Given, Near, delegations, giveable, near
from guatu.records.models import Campaign
from guatu.web.days import needed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy

TEMPLATE = "pages/delegations.html"
FIELDS = ("post", "taker", "first", "last", "reason")


@dataclass(frozen=True, slots=True)
class DelegationsPage:
    """The page. `of`: whose posts the form gives away, empty for one's own; `typed` is what stood in the form."""

    rows: tuple[Given, ...]
    posts: tuple[Giveable, ...]
    people: tuple[Near, ...]
    of: str
    may_give_for: bool
    typed: Mapping[str, str]
    longest: int
    sentence: str = ""


def _page(
    at: Here, *, of: str = "", typed: Mapping[str, str] | None = None, sentence: str = ""
) -> DelegationsPage:
    posts: tuple[Giveable, ...] = ()
    try:
        posts = giveable(at.actor, at.campaign, NOT_DELEGATED, of=of)
    except NotFound as failure:
        of, sentence = "", sentence or str(failure)
        posts = giveable(at.actor, at.campaign, NOT_DELEGATED)
    fresh = {"first": at.today.isoformat(), "last": (at.today + timedelta(days=6)).isoformat()}
    return DelegationsPage(
        rows=delegations(at.actor, at.campaign, day=at.as_of),
        posts=posts,
        people=near(posts, besides=of or at.actor.username),
        of=of,
        may_give_for=at.actor.has_role("office", "liaison"),
        typed=typed or fresh,
        longest=LONGEST,
        sentence=sentence,
    )


def _campaign(at: Here, of_campaign: bool) -> Campaign | None:
    """A post of the house is in no campaign."""
    return at.campaign if of_campaign else None


@policy("see_items", "GET", "POST")
def page(request: HttpRequest, at: Here) -> HttpResponse:
    """List, and give a post away for some days."""
    if request.method != "POST":
        return show(request, at, TEMPLATE, _page(at, of=dict(at.params).get("of", "").strip()))
    of = request.POST.get("of", "").strip()
    typed = {name: request.POST.get(name, "")[:500] for name in FIELDS}
    try:
        known = {str(one.post): one for one in giveable(at.actor, at.campaign, NOT_DELEGATED, of=of)}
        if typed["post"] not in known:
            raise BadInput(_("没有选择要委托的身份。请选择后再提交。"))
        post = known[typed["post"]]
        row = delegate(
            at.actor,
            campaign=_campaign(at, post.of_campaign),
            post=post.post,
            taker=typed["taker"],
            first_day=needed_day(typed["first"], _("开始日")),
            last_day=needed_day(typed["last"], _("最后一天")),
            reason=typed["reason"],
        )
    except GuatuError as failure:
        shown = _page(at, of=of, typed=typed, sentence=str(failure))
        return show(request, at, TEMPLATE, shown, status=failure.status)
    messages.success(
        request,
        _("“{post}”已委托{name}代办，至 {last}。").format(
            post=post.label, name=row.taker.name, last=typed["last"].strip()
        ),
    )
    return redirect(at.to("delegations"))


@policy("see_items", "POST")
def end(request: HttpRequest, at: Here, delegation: int) -> HttpResponse:
    """End a delegation today."""
    given = next(
        (row for row in delegations(at.actor, at.campaign, day=at.as_of) if row.id == delegation), None
    )
    if given is None:
        raise NotFound(_("没有这项委托，或不在您的查看范围内。请刷新后查看。"))
    end_delegation(at.actor, campaign=_campaign(at, given.of_campaign), delegation=delegation)
    messages.success(
        request, _("{taker}代{giver}办理的委托已结束。").format(taker=given.taker, giver=given.giver)
    )
    return redirect(at.to("delegations"))
