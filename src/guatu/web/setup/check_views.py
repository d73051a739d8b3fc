"""Steps 5 and 6 of the set-up: what is still missing, and the way into the campaign."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from guatu.access import may
from guatu.domain.pack.register import Register
from guatu.exchange.fonts import FaceState, check_fonts
from guatu.exchange.fonts import fonts as found_fonts
from guatu.queries.startup_check import Finding, StartupCheck, startup_check
from guatu.records.models import Campaign
from guatu.records.packs import pack_of
from guatu.web.here import CAMPAIGN
from guatu.web.setup.campaign import chosen_campaign
from guatu.web.setup.door import Desk, for_set_up, show_set_up

FEW = 60
"""How many names a finding lists on the page; the command lists all."""


@dataclass(frozen=True, slots=True)
class CheckPage:
    """The check of one campaign. `others` are the campaigns to choose among."""

    check: StartupCheck
    findings: tuple[tuple[Finding, int], ...]
    campaign: Campaign
    choices: tuple[tuple[str, str, bool], ...]
    fonts: str
    faces: tuple[FaceState, ...]
    next: str
    asleep: int


@dataclass(frozen=True, slots=True)
class StartPage:
    """The way in: links for whoever may look, and the list of key tasks to begin with."""

    campaign: Campaign
    choices: tuple[tuple[str, str, bool], ...]
    may_look: bool
    columns: Register | None
    tasks: Register | None
    asked: str


@for_set_up("GET")
def check(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Step 5. Nothing blocks; everything that is missing is named."""
    campaign, choices = chosen_campaign(desk.house, request.GET.get(CAMPAIGN, ""))
    found = startup_check(desk.actor, campaign)
    page = CheckPage(
        check=found,
        findings=tuple((finding, max(0, finding.count - FEW)) for finding in found.findings),
        campaign=campaign,
        choices=choices,
        fonts=check_fonts(),
        faces=found_fonts().faces,
        next=f"{reverse('setup-start')}?{CAMPAIGN}={campaign.key}",
        asleep=_asleep(found) if may(desk.actor, "reset_password") else 0,
    )
    return show_set_up(request, desk, "setup/check.html", page, step="setup-check")


def _asleep(found: StartupCheck) -> int:
    """How many accounts without a password the check has found."""
    return sum(finding.count for finding in found.findings if finding.key == "accounts_without_password")


@for_set_up("GET")
def start(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Step 6. Into the campaign, or for an administrator: who goes on."""
    campaign, choices = chosen_campaign(desk.house, request.GET.get(CAMPAIGN, ""))
    pack = pack_of(campaign)
    wall = pack.wall
    page = StartPage(
        campaign=campaign,
        choices=choices,
        may_look=may(desk.actor, "see_items", campaign=campaign),
        columns=pack.register(wall.columns) if wall else None,
        tasks=pack.register(wall.register_key) if wall else None,
        asked=f"?{CAMPAIGN}={campaign.key}" if len(choices) > 1 else "",
    )
    return show_set_up(request, desk, "setup/start.html", page, step="setup-start")
