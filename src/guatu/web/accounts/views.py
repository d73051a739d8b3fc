"""The accounts that one keeps for others: slips with codes, opening a shut one, resetting a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from guatu.access import may
from guatu.actions.access_codes import give_access_codes
from guatu.actions.doors import reset_second_factor, unlock_account
from guatu.actions.jobs import note_export
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.said import Said
from guatu.exchange.slips_pdf import slips_pdf
from guatu.queries.accounts import AccountList, account_list, accounts_to_wake
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.setup.door import show_beside

TEMPLATE = "pages/accounts.html"
ASKED = ("q", "unit", "state")
STATES = ("asleep", "awake")


@dataclass(frozen=True, slots=True)
class AccountsPage:
    """The list with what was asked; `before` and `after` lead to the pages beside this one, empty where there is none."""

    found: AccountList
    asked: dict[str, str]
    before: str
    after: str
    may_reset: bool
    log_ins: str
    sentence: str


def _asked(given: dict[str, str]) -> dict[str, str]:
    asked = {name: given.get(name, "").strip()[:60] for name in ASKED}
    return {**asked, "state": asked["state"] if asked["state"] in STATES else ""}


def _page(at: Here, given: dict[str, str], *, sentence: str = "") -> AccountsPage:
    asked = _asked(given)
    wanted = typed_number(given.get("page", ""), 5)
    found = account_list(at.actor, at.campaign, page=1 if wanted is None else wanted, **asked)
    return AccountsPage(
        found,
        asked,
        at.to("accounts", **asked, page=found.page - 1) if found.page > 1 else "",
        at.to("accounts", **asked, page=found.page + 1) if found.page < found.pages else "",
        may(at.actor, "reset_second_factor", campaign=at.campaign),
        at.to("log-ins") if may(at.actor, "see_log_ins", campaign=at.campaign) else "",
        sentence,
    )


@policy("keep_accounts")
def accounts(request: HttpRequest, at: Here) -> HttpResponse:
    """The accounts in reach, narrowed by the address."""
    return show_beside(request, at, TEMPLATE, _page(at, dict(at.params)))


@policy("keep_accounts", "POST")
def slips(request: HttpRequest, at: Here) -> HttpResponse:
    """Slips for those chosen, or for all that the filter leaves without a password: the only answer that holds codes."""
    asked = _asked({name: request.POST.get(name, "") for name in ASKED})
    if request.POST.get("whom") == "asleep":
        chosen = accounts_to_wake(at.actor, at.campaign, q=asked["q"], unit=asked["unit"])
    else:
        chosen = [name[:60] for name in request.POST.getlist("account")]
    try:
        made = give_access_codes(at.actor, usernames=chosen)
    except (BadInput, NotAllowed, NotFound) as failure:
        return _refused(request, at, failure, asked)
    day = today().isoformat()
    content = slips_pdf(made, address=request.build_absolute_uri(reverse("activate")), made_on=day)
    name = _("启用单 {day}.pdf").format(day=day)
    note_export(
        at.actor,
        title=Said(gettext_noop("打印启用单 {count} 张"), {"count": len(made)}),
        params={"kind": "slips", "form": "pdf", "count": len(made)},
        campaign=at.campaign,
        as_of=at.as_of,
        file_name=name,
        size=len(content),
    )
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@policy("keep_accounts", "POST")
def unlock(request: HttpRequest, at: Here) -> HttpResponse:
    """Open an account again before its time."""
    username = request.POST.get("unlock", "")[:60]
    try:
        unlock_account(at.actor, username=username)
    except (BadInput, NotAllowed, NotFound) as failure:
        return _refused(request, at, failure, {"q": username})
    messages.success(request, _("“{account}”已解锁，可以登录。").format(account=username))
    return redirect(at.to("accounts", q=username))


@policy("reset_second_factor", "POST")
def factor(request: HttpRequest, at: Here) -> HttpResponse:
    """Reset somebody's second factor, with a reason."""
    username = request.POST.get("account", "")[:60].strip()
    try:
        reset_second_factor(at.actor, username=username, reason=request.POST.get("reason", "")[:200])
    except (BadInput, NotAllowed, NotFound) as failure:
        return _refused(request, at, failure, {"q": username})
    messages.success(request, _("“{account}”的两步验证已重置，下次登录时重新设置。").format(account=username))
    return redirect(at.to("accounts", q=username))


def _refused(
    request: HttpRequest,
    at: Here,
    failure: BadInput | NotAllowed | NotFound,
    asked: dict[str, str],
) -> HttpResponse:
    page = _page(at, asked, sentence=str(failure))
    return show_beside(request, at, TEMPLATE, page, status=failure.status)
