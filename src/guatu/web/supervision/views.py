"""督导: the overview, recording a visit with its findings, planning one, filing a finding."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.findings import file_finding, plan_visit
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.supervision import finding_to_file, planned_visit, supervision_page
from guatu.web.days import needed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.policy import policy
from guatu.web.supervision.pages import file_page, overview, plan_page, planned_fields, warnings
from guatu.web.supervision.record import page_of, read, save

MENU = "supervision"


@policy("see_supervision")
def supervision(request: HttpRequest, at: Here) -> HttpResponse:
    """Units and plans for the teams; the findings that have been fed back for the units."""
    team, only = request.GET.get("team", "")[:60], request.GET.get("only", "")
    found = supervision_page(at.actor, at.campaign, day=at.as_of, past=at.past, team=team)
    page = overview(at, found, only if only == "unseen" else "")
    return show(request, at, "pages/supervision.html", page, menu=MENU)


@policy("record_visits", "GET", "POST")
def record(request: HttpRequest, at: Here) -> HttpResponse:
    """Record a visit with what was found on it, in one go."""
    template = "pages/supervision_record.html"
    if request.method != "POST":
        if at.past:
            return redirect(at.to("supervision"))
        return show(request, at, template, page_of(at, request.GET.dict()), menu=MENU)
    typed = read(at, request.POST, request.FILES)
    given = request.GET.get("planned", "")
    # What comes a second time is answered by its key, though the plan is recorded by then.
    planned = planned_visit(at.actor, at.campaign, given, recorded=True) if given else None
    try:
        done = save(at, typed, planned)
    except (BadInput, Conflict) as failure:
        typed.sentence = str(failure)
        page = page_of(at, request.GET.dict(), typed)
        return show(request, at, template, page, menu=MENU, status=failure.status)
    messages.success(
        request,
        _("{number} 已登记：组内底稿 {notes} 条，当场整改 {closed} 条。").format(
            number=done.visit.number, notes=len(done.notes), closed=len(done.at_once)
        ),
    )
    return redirect(at.to("supervision"))


@policy("record_visits", "GET", "POST")
def plan(request: HttpRequest, at: Here) -> HttpResponse:
    """Plan a visit; one that is not announced stays with the team and the office until it is recorded."""
    template = "pages/supervision_plan.html"
    if request.method != "POST":
        if at.past:
            return redirect(at.to("supervision"))
        return show(request, at, template, plan_page(at, request.GET.dict()), menu=MENU)
    try:
        on = needed_day(request.POST.get("planned_on", ""), _("计划日期"))
        made = plan_visit(
            at.actor,
            campaign=at.campaign,
            unit=request.POST.get("unit", ""),
            title=request.POST.get("title", ""),
            planned_on=on,
            fields=planned_fields(at, request.POST),
            idempotency_key=read_key(request.POST) or None,
        )
    except (BadInput, Conflict) as failure:
        page = plan_page(at, request.POST.dict(), sentence=str(failure))
        return show(request, at, template, page, menu=MENU, status=failure.status)
    messages.success(request, _("{number} 已列入计划。").format(number=made.number))
    for sentence in warnings(at, made, on):
        messages.warning(request, sentence)
    return redirect(at.to("supervision"))


@policy("file_findings", "GET", "POST")
def file(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """File a finding: open the problem that it is about."""
    template = "pages/finding_file.html"
    finding = finding_to_file(at.actor, at.campaign, public_id)
    if request.method != "POST":
        return show(request, at, template, file_page(at, finding, {}), menu=MENU)
    page = file_page(at, finding, request.POST.dict(), request.POST)
    try:
        opened = file_finding(
            at.actor,
            campaign=at.campaign,
            item=finding.pk,
            due=page.due_on,
            title=page.title,
            fields=page.values,
            version=page.version,
            idempotency_key=read_key(request.POST) or None,
        )
    except (BadInput, Conflict) as failure:
        page.sentence = str(failure)
        return show(request, at, template, page, menu=MENU, status=failure.status)
    messages.success(request, _("已立项为 {number}。").format(number=opened.number))
    return redirect(at.to("item", opened.public_id))
