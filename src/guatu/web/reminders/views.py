"""How one wants to be told (通知方式), and what a campaign's people were reminded of (提醒记录)."""

from __future__ import annotations

from datetime import time

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guatu.access import resolve
from guatu.actions.channels import choose_notices, note_mail_address
from guatu.domain.errors import BadInput
from guatu.queries.channels import Choice
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import for_oneself, policy
from guatu.web.reminders.pages import choice_page, log_page

MOST_PAGES = 1000


@for_oneself("GET", "POST")
def choice(request: HttpRequest) -> HttpResponse:
    """“通知方式”."""
    person, sentence, typed = request.user, "", None
    if request.method == "POST":
        typed = _typed(request)
        try:
            with transaction.atomic():
                note_mail_address(resolve(person), address=typed.address)
                choose_notices(
                    resolve(person),
                    email=typed.email,
                    at_once=typed.at_once,
                    quiet_from=_time(typed.quiet_from),
                    quiet_to=_time(typed.quiet_to),
                )
                if typed.email and not typed.address:
                    raise BadInput(_("选了电子邮件，还没有填写邮箱。请填写邮箱，或去掉勾选。"))
            messages.success(request, _("通知方式已保存。"))
            return redirect("account-notices")
        except BadInput as refused:
            sentence = str(refused)
    page = choice_page(person.pk, typed=typed, sentence=sentence)
    told = {"page": page, "messages": messages.get_messages(request)}
    return render(request, "door/notices.html", told, status=BadInput.status if sentence else 200)


def _typed(request: HttpRequest) -> Choice:
    given = request.POST
    return Choice(
        email=given.get("email") == "yes",
        at_once=given.get("at_once") == "yes",
        quiet_from=given.get("quiet_from", "").strip()[:10],
        quiet_to=given.get("quiet_to", "").strip()[:10],
        address=given.get("address", "").strip()[:250],
    )


def _time(text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        raise BadInput(_("“{value}”不是时间。请填成 21:00 的样子。"), value=text) from None


@policy("see_reminders", "GET")
def reminders(request: HttpRequest, at: Here) -> HttpResponse:
    """“提醒记录”."""
    given = request.GET.get("page", "1")
    page = typed_number(given)
    if page is None or not 1 <= page <= MOST_PAGES:
        raise BadInput(_("页码“{page}”不对。请从提醒记录的第一页看起。"), page=given[:20])
    return show(request, at, "pages/reminders.html", log_page(at, page))
