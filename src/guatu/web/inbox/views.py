"""消息: what concerns the reader, and marking it read. Nothing of it is a fact of a campaign."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from guatu.actions.messages import mark_read
from guatu.domain.errors import BadInput
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.inbox.pages import shown
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

MOST_PAGES = 1000


@policy("read_messages", "GET", "POST", writes=False)
def inbox(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: the messages, the newest first. POST: mark these, or all, as read; `next` leads on to what they tell of."""
    if request.method == "POST":
        wanted = _messages(request)
        read = mark_read(at.person, messages=wanted)
        onward = request.POST.get("next", "")
        if onward and url_has_allowed_host_and_scheme(onward, allowed_hosts=None):
            return redirect(onward)
        if wanted is None:
            messages.success(request, _("已把 {n} 条消息标为已读。").format(n=read))
        return redirect(at.to("inbox"))
    given = request.GET.get("page", "1")
    page = typed_number(given)
    if page is None or not 1 <= page <= MOST_PAGES:
        raise BadInput(_("页码“{page}”不对。请从消息的第一页看起。"), page=given[:20])
    only_unread = request.GET.get("show") == "unread"
    return show(request, at, "pages/inbox.html", shown(at, page=page, only_unread=only_unread))


def _messages(request: HttpRequest) -> list[int] | None:
    """The messages that are meant; None for all of them."""
    if "all" in request.POST:
        return None
    given = [typed_number(one) for one in request.POST.getlist("message")]
    if None in given:
        raise BadInput(_("没有认出要标为已读的消息。请刷新后再试。"))
    return [one for one in given if one is not None]
