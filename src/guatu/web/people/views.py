"""People and posts: search, appoint, end, home unit. For the office and two of the administrators; no business data."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.homes import set_home_unit
from guatu.actions.leaving import switch_on
from guatu.actions.people import Appointment, appoint, end_post
from guatu.domain.errors import BadInput, GuatuError, NotFound
from guatu.queries.kept_people import person_page
from guatu.web.days import typed_day
from guatu.web.here import Here
from guatu.web.people.pages import TEAM, list_shown, one_shown
from guatu.web.policy import policy
from guatu.web.registers.forms import page_number
from guatu.web.setup.door import show_beside

MENU, ONE = "manage", "pages/person.html"
FORM = ("role", "unit", "team", "aspect", "first", "last")


@policy("manage_people")
def people(request: HttpRequest, at: Here) -> HttpResponse:
    """Everybody in reach, by name, account or unit."""
    page = list_shown(at, page_number(request.GET.get("page", "")))
    return show_beside(request, at, "pages/people.html", page, menu=MENU)


@policy("manage_people")
def person(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """One person: home, posts with their history, delegations."""
    return show_beside(request, at, ONE, one_shown(at, username), menu=MENU)


@policy("manage_people", "POST")
def appoint_person(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """Give the person a post in this campaign."""
    typed = {name: request.POST.get(name, "").strip()[:60] for name in FORM}
    person_page(at.actor, at.campaign, username)  # out of reach the person does not exist
    try:
        of_team = typed["role"] in TEAM
        if not of_team and not typed["unit"]:
            raise BadInput(_("没有填单位代码。请填写这个身份在哪个单位。"))
        if of_team and not typed["team"]:
            raise BadInput(_("没有填督导组代码。请填写这个身份在哪个督导组。"))
        given = Appointment(
            username,
            typed["role"],
            unit=None if of_team else typed["unit"],
            team=typed["team"] if of_team else None,
            aspect=typed["aspect"] if typed["role"] == "working_group" else "",
            from_day=typed_day(typed["first"], _("开始日")),
            last_day=typed_day(typed["last"], _("最后一天")),
        )
        appoint(at.actor, campaign=at.campaign, appointments=[given])
    except GuatuError as failure:
        page = one_shown(at, username, typed=typed, failed="appoint", sentence=str(failure))
        return show_beside(request, at, ONE, page, status=failure.status, menu=MENU)
    messages.success(request, _("已任命。"))
    return redirect(at.to("person", username))


@policy("manage_people", "POST")
def end(request: HttpRequest, at: Here, username: str, post: int) -> HttpResponse:
    """End one post as of a day; without one, today."""
    found = next((one for one in person_page(at.actor, at.campaign, username).posts if one.id == post), None)
    try:
        if found is None:
            raise NotFound(_("没有这个身份，或不在您的管理范围内。请刷新后查看。"))
        day = typed_day(request.POST.get("day", ""), _("结束日")) or at.today
        campaign = at.campaign if found.campaign else None
        end_post(at.actor, campaign=campaign, post=post, day=day, reason=request.POST.get("reason", "")[:200])
    except GuatuError as failure:
        page = one_shown(at, username, failed="end", sentence=str(failure))
        return show_beside(request, at, ONE, page, status=failure.status, menu=MENU)
    messages.success(request, _("“{post}”自 {day} 起结束。").format(post=found.label, day=day.isoformat()))
    return redirect(at.to("person", username))


@policy("manage_people", "POST")
def home_unit(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """Move the person's home."""
    unit = request.POST.get("unit", "").strip()[:40]
    try:
        set_home_unit(
            at.actor,
            campaign=at.campaign,
            username=username,
            unit=unit,
            reason=request.POST.get("reason", "")[:200],
        )
    except GuatuError as failure:
        page = one_shown(at, username, typed={"home": unit}, failed="home", sentence=str(failure))
        return show_beside(request, at, ONE, page, status=failure.status, menu=MENU)
    messages.success(request, _("原单位已更改。"))
    return redirect(at.to("person", username))


@policy("manage_people", "POST")
def switch_person_on(request: HttpRequest, at: Here, username: str) -> HttpResponse:
    """Let somebody who had left log in again."""
    switch_on(at.actor, campaign=at.campaign, username=username)
    messages.success(request, _("账号已启用。请另行任命身份。"))
    return redirect(at.to("person", username))
