"""Acting under one of one's posts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.web.here import POSTS, Here
from guatu.web.policy import policy


@policy("see_items", "POST", writes=False)
def switch(request: HttpRequest, at: Here) -> HttpResponse:
    """Act under one post from now on, or under all of them again; kept in the session, for this campaign."""
    wanted = request.POST.get("post", "")
    found = next((one for one in at.posts if str(one.post) == wanted), None)
    if wanted and found is None:
        raise BadInput(_("没有这个身份，或已经结束。请在右上角的身份菜单中重新选择。"))
    kept = dict(request.session.get(POSTS, {}))
    kept.pop(str(at.campaign.pk), None)
    if found is not None:
        kept[str(at.campaign.pk)] = found.post
    request.session[POSTS] = kept
    if found is None:
        messages.success(request, _("现在以全部身份办理。"))
    else:
        messages.success(request, _("现在以“{post}”的身份办理。").format(post=found.named))
    return redirect(at.to("todo"))
