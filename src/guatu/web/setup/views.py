"""The set-up, page by page. Each view parses, calls one action, and shows what stands."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from guatu.access import setup_code
from guatu.access.sessions import keep_listed
from guatu.access.sign_in import is_anybody_here, person_called
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.queries.house import house_state
from guatu.web.entry.session import open_session
from guatu.web.policy import open_to_all
from guatu.web.setup.campaign import campaign_page, read_campaign
from guatu.web.setup.door import SESSION_MARK, Desk, for_set_up, show_set_up
from guatu.web.setup.house import Account, correct_account, first_office, house_page, read_house
from guatu.web.setup.steps import next_step


@open_to_all("GET", "POST")
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """The way in: the set-up code while nobody is here yet, else on to the step that is next."""
    if is_anybody_here():
        return redirect(next_step(house_state()))
    if setup_code.holds(settings.GUATU_HOME, request.session.get(SESSION_MARK, "")):
        return redirect("setup-house")
    if request.method != "POST":
        return render(request, "setup/code.html", {"sentence": ""})
    try:
        mark = setup_code.redeem(settings.GUATU_HOME, request.POST.get("code", "")[:60])
    except NotAllowed as failure:
        return render(request, "setup/code.html", {"sentence": str(failure)}, status=failure.status)
    request.session.cycle_key()
    request.session[SESSION_MARK] = mark
    return redirect("setup-house")


@for_set_up("GET", "POST", capability="manage_people")
def house(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Step 1. Once the house is founded its office goes on under its own name, and the code is void."""
    if request.method != "POST" or not desk.empty:
        page = house_page(desk.actor, desk.house, empty=desk.empty)
        return show_set_up(request, desk, "setup/house.html", page, step="setup-house")
    root, page = read_house(request.POST, desk.house, desk.actor)
    if root is None:
        return show_set_up(request, desk, "setup/house.html", page, step="setup-house", status=422)
    setup_code.withdraw(settings.GUATU_HOME)
    person = person_called(first_office(page.parts))
    open_session(request, person, by_password=False)  # the console's code was the second factor
    told = _("“{unit}”和四个账号已建好，设置码已作废。现在由{name}（办公室）继续。")
    messages.success(request, told.format(unit=root.name, name=person.name if person else ""))
    return redirect("setup-units")


@for_set_up("GET", "POST")
def campaign(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Step 3."""
    if request.method != "POST":
        page = campaign_page(desk.house, wanted=request.GET.get("pack", ""))
        return show_set_up(request, desk, "setup/campaign.html", page, step="setup-campaign")
    made, page = read_campaign(request.POST, desk.house, desk.actor)
    if made is None:
        return show_set_up(request, desk, "setup/campaign.html", page, step="setup-campaign", status=422)
    messages.success(request, _("“{name}”已建立。接着导入联络员与填报员。").format(name=made.name))
    return redirect("setup-people")


@for_set_up("POST", capability="manage_people")
def keepers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Correct a name or set a password anew; one's own leaves one logged in."""
    try:
        told = correct_account(request.POST, desk.actor)
    except (BadInput, NotAllowed, NotFound) as failure:
        typed = Account(request.POST.get("username", "")[:60], request.POST.get("name", "")[:60])
        page = replace(
            house_page(desk.actor, desk.house, empty=False), account=typed, account_sentence=str(failure)
        )
        return show_set_up(request, desk, "setup/house.html", page, step="setup-house", status=failure.status)
    if request.user.is_authenticated:
        request.user.refresh_from_db()
        before = request.session.session_key or ""
        update_session_auth_hash(request, request.user)
        keep_listed(request, before=before)
    messages.success(request, told)
    return redirect("setup-house")
