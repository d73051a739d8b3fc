"""减负反馈: the form that every page leads to, what became of one's own reports, and the office's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import may
from guatu.actions.burdens import LONGEST, answer_burden, report_burden
from guatu.domain.errors import BadInput
from guatu.queries.burdens import Received, Report, own_reports, received
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.forms import page_number


@dataclass(frozen=True, slots=True)
class BurdenPage:
    """The form and one's own reports. `about` is the page that it is about, `unit` what the office will see of one."""

    rows: tuple[Report, ...]
    office: str
    about: str
    text: str
    named: bool
    most: int
    received: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class ReceivedPage:
    """What the office received, with the addresses of its pages. `wrong`: the report whose answer was refused."""

    found: Received
    only_waiting: bool
    most: int
    previous: str
    next: str
    wrong: int = 0
    typed: str = ""
    sentence: str = ""


@policy("report_burden", "GET", "POST")
def burden(request: HttpRequest, at: Here) -> HttpResponse:
    """Write one; what is refused stays in the form."""
    if request.method != "POST":
        return show(request, at, "pages/burden.html", _page(at, dict(at.params).get("about", "")))
    text, about = request.POST.get("text", ""), request.POST.get("about", "")[:300]
    named = request.POST.get("named") == "1"
    try:
        report_burden(at.actor, campaign=at.campaign, text=text, page=about, named=named)
    except BadInput as failure:
        page = _page(at, about, text=text, named=named, sentence=str(failure))
        return show(request, at, "pages/burden.html", page, status=failure.status)
    messages.success(
        request, _("已送{office}。有答复会发到您的消息，也列在本页。").format(office=at.pack.words.office)
    )
    return redirect(at.to("burden"))


def _page(at: Here, about: str, *, text: str = "", named: bool = False, sentence: str = "") -> BurdenPage:
    return BurdenPage(
        rows=own_reports(at.actor, at.campaign),
        office=at.pack.words.office,
        about=about[:300] if about.startswith("/") else "",
        text=text,
        named=named,
        most=LONGEST,
        received=at.to("burden-received") if _answers(at) else "",
        sentence=sentence,
    )


def _answers(at: Here) -> bool:
    return may(at.actor, "answer_burdens", at.campaign.root, at.campaign)


@policy("answer_burdens")
def received_reports(request: HttpRequest, at: Here) -> HttpResponse:
    """All reports of the campaign, for its office only."""
    return show(request, at, "pages/burden_received.html", _received(request, at))


@policy("answer_burdens", "POST")
def answer(request: HttpRequest, at: Here, report: int) -> HttpResponse:
    """Answer one; an answer that is refused stays in its form."""
    typed = request.POST.get("answer", "")
    try:
        answer_burden(at.actor, campaign=at.campaign, report=report, answer=typed)
    except BadInput as failure:
        page = _received(request, at, wrong=report, typed=typed, sentence=str(failure))
        return show(request, at, "pages/burden_received.html", page, status=failure.status)
    messages.success(request, _("答复已发给反馈人。"))
    return redirect(at.to("burden-received"))


def _received(
    request: HttpRequest, at: Here, *, wrong: int = 0, typed: str = "", sentence: str = ""
) -> ReceivedPage:
    waiting = request.GET.get("show", "") == "waiting"
    number = page_number(request.GET.get("page", ""))
    found = received(at.actor, at.campaign, only_waiting=waiting, page=number)
    show_ = "waiting" if waiting else ""
    return ReceivedPage(
        found=found,
        only_waiting=waiting,
        most=LONGEST,
        previous=at.to("burden-received", show=show_, page=found.page - 1) if found.page > 1 else "",
        next=at.to("burden-received", show=show_, page=found.page + 1) if found.page < found.pages else "",
        wrong=wrong,
        typed=typed,
        sentence=sentence,
    )
