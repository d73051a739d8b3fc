"""Step 4 of the set-up: people, and the teams that visit units."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.access.house_language import house_language
from guatu.actions.people_import import apply_people_import
from guatu.domain.errors import BadInput, Conflict, GuatuError
from guatu.exchange.people_workbook import people_workbook as workbook_of
from guatu.queries.people_import import plan_people_import
from guatu.records.models import Campaign
from guatu.web.here import CAMPAIGN
from guatu.web.setup import people as people_pages
from guatu.web.setup.campaign import chosen_campaign
from guatu.web.setup.door import Desk, for_set_up, show_set_up
from guatu.web.setup.kept import book_of, drop_kept, kept_in, take_upload
from guatu.web.setup.plans import shown_people
from guatu.web.setup.unit_views import workbook_answer

STEP, TEMPLATE = "setup-people", "setup/people.html"
CAPABILITY = "manage_people"


def _campaign(request: HttpRequest, desk: Desk) -> tuple[Campaign, tuple[tuple[str, str, bool], ...]]:
    """The campaign of the address, in which the person may keep people, and those to choose among."""
    wanted = request.POST.get(CAMPAIGN, "") or request.GET.get(CAMPAIGN, "")
    campaign, choices = chosen_campaign(desk.house, wanted)
    require(desk.actor, CAPABILITY, campaign=campaign)
    return campaign, choices


def _back(campaign: Campaign, place: str = "") -> HttpResponse:
    return redirect(f"{reverse(STEP)}?{CAMPAIGN}={campaign.key}{place}")


@for_set_up("GET", "POST", capability=CAPABILITY)
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Upload a list and see what it would change; “apply” is another address."""
    campaign, choices = _campaign(request, desk)
    sentence, status = "", 200
    if request.method == "POST":
        try:
            take_upload(request, people_pages.SLOT, words=campaign.key)
            return _back(campaign, "#plan")
        except BadInput as failure:
            sentence, status = str(failure), 422
    page = people_pages.people_page(
        desk.actor,
        desk.house,
        campaign,
        choices,
        kept=kept_in(request, people_pages.SLOT),
        sentence=sentence,
    )
    return show_set_up(request, desk, TEMPLATE, page, step=STEP, status=status)


@for_set_up("POST", capability=CAPABILITY)
def apply_people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Write what was shown, or forget it. The file holds telephone numbers: it is dropped either way."""
    campaign, choices = _campaign(request, desk)
    kept = kept_in(request, people_pages.SLOT)
    if kept is None or "forget" in request.POST:
        drop_kept(request, people_pages.SLOT)
        return _back(campaign)
    try:
        plan = plan_people_import(desk.actor, campaign=campaign, book=book_of(kept))
        done = apply_people_import(
            desk.actor, campaign=campaign, plan=plan, seen=request.POST.get("token", ""), reason=kept.name
        )
    except (BadInput, Conflict) as failure:
        page = people_pages.people_page(
            desk.actor, desk.house, campaign, choices, kept=kept, sentence=str(failure)
        )
        return show_set_up(request, desk, TEMPLATE, page, step=STEP, status=failure.status)
    drop_kept(request, people_pages.SLOT)
    messages.success(
        request, _("已导入 {count} 条（{file}）。").format(count=f"{done.units:,}", file=kept.name)
    )
    return _back(campaign)


@for_set_up("POST", capability=CAPABILITY)
def type_people(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One person typed by hand: written at once when nothing is wrong."""
    campaign, choices = _campaign(request, desk)
    typed, shown, sentence = people_pages.read_typed(request.POST), None, ""
    try:
        plan = plan_people_import(desk.actor, campaign=campaign, book=people_pages.typed_book(typed))
        if plan.ready:
            with house_language():
                reason = _("手工填写")
            apply_people_import(desk.actor, campaign=campaign, plan=plan, reason=reason)
            messages.success(request, _("“{name}”已写入。").format(name=typed["name"]))
            return _back(campaign)
        shown = shown_people(plan)
    except (BadInput, Conflict) as failure:
        sentence = str(failure)
    page = people_pages.people_page(
        desk.actor, desk.house, campaign, choices, typed=typed, typed_plan=shown, typed_sentence=sentence
    )
    return show_set_up(request, desk, TEMPLATE, page, step=STEP, status=422)


@for_set_up("POST", capability="manage_teams")
def team(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A team and its assigned units."""
    campaign, choices = _campaign(request, desk)
    try:
        messages.success(request, people_pages.make_team(request.POST, desk.actor, campaign))
    except GuatuError as failure:
        page = people_pages.people_page(
            desk.actor,
            desk.house,
            campaign,
            choices,
            team={"team": request.POST.get("team", "")[:60], "codes": request.POST.get("codes", "")[:20000]},
            team_sentence=str(failure),
        )
        return show_set_up(request, desk, TEMPLATE, page, step=STEP, status=failure.status)
    return _back(campaign)


@for_set_up("GET", capability=CAPABILITY)
def people_workbook(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The workbook to fill in."""
    campaign, _choices = _campaign(request, desk)
    return workbook_answer(workbook_of(campaign), _("联络员与填报员模板.xlsx"))
