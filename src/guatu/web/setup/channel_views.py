"""通知通道: how what leaves the house fares; a test message, and sending again what did not go out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.channels import retry_deliveries, send_test
from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.notifiers.table import label_of
from guatu.web.numbers import typed_number
from guatu.web.setup import channels as pages
from guatu.web.setup.door import Desk, for_set_up, show_set_up

TEMPLATE = "setup/channels.html"


@for_set_up("GET", capability=pages.CAPABILITY)
def channels(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The channels and what did not go out."""
    return show_set_up(request, desk, TEMPLATE, pages.channels_page(), step=pages.STEP)


@for_set_up("POST", capability=pages.CAPABILITY)
def test(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A test message into the outbox; the worker sends it within seconds."""
    channel = request.POST.get("channel", "")[:60]
    try:
        send_test(desk.actor, channel=channel)
        said = _("测试消息已排队，几秒后由后台任务进程发出。请到“{channel}”查看，并刷新本页看结果。")
        messages.success(request, said.format(channel=label_of(channel)))
    except (BadInput, NotFound) as refused:
        messages.error(request, str(refused))
    return redirect(pages.STEP)


@for_set_up("POST", capability=pages.CAPABILITY)
def again(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Send again: one, or all of a channel."""
    one, channel = request.POST.get("delivery", ""), request.POST.get("channel", "")[:60]
    try:
        count = retry_deliveries(
            desk.actor, delivery=typed_number(one) or 0 if one else None, channel=channel
        )
        messages.success(request, _("已有 {n} 条重新排队。").format(n=count))
    except (BadInput, NotFound) as refused:
        messages.error(request, str(refused))
    return redirect(pages.STEP)
