"""First passwords for all accounts without one: made, handed out once as a workbook, forgotten."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from guatu.actions.first_passwords import give_first_passwords
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.password_list import password_list
from guatu.web.setup.door import Desk, for_set_up
from guatu.web.setup.unit_views import workbook_answer


@for_set_up("POST", capability="reset_password")
def first_passwords(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The workbook is the only answer that holds them; a second press takes only those still without."""
    try:
        told = give_first_passwords(desk.actor)
    except BadInput as failure:
        messages.warning(request, str(failure))
        return redirect("setup-house")
    day = today().isoformat()
    return workbook_answer(password_list(told, made_on=day), _("初始密码 {day}.xlsx").format(day=day))
