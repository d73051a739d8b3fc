"""共性问题: suggestions of what is near, groups that people have made."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.causes import dismiss_suggestion, group_items
from guatu.actions.jobs import start_job
from guatu.actions.links import unlink_items
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.said import Said
from guatu.domain.words import gettext_noop
from guatu.queries.common_causes import JOB
from guatu.web.causes.pages import numbers, shown
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.policy import policy

TEMPLATE, MENU = "pages/causes.html", "registers"


@policy("see_items", "GET", "POST")
def causes(request: HttpRequest, at: Here) -> HttpResponse:
    """GET: the page. POST: group what was ticked, dismiss a suggestion, take an item out, or compare anew."""
    if request.method != "POST":
        return show(request, at, TEMPLATE, shown(at), menu=MENU)
    require(at.actor, "group_causes", campaign=at.campaign)
    post, do = request.POST, request.POST.get("do", "")
    head = next(iter(numbers([post.get("head", "")])), 0)
    items = numbers(post.getlist("item"))
    try:
        if do == "group":
            made = group_items(
                at.person,
                campaign=at.campaign,
                items=items,
                title=post.get("title", ""),
                head=head,
                idempotency_key=read_key(post) or None,
            )
            said = _("已归并 {n} 项，可随时移出。").format(n=len(made) + 1)
        elif do == "dismiss":
            dismiss_suggestion(
                at.person, campaign=at.campaign, head=head, members=numbers(post.getlist("all"))
            )
            said = _("已记为不是同类，不再提示。")
        elif do == "remove":
            unlink_items(at.person, campaign=at.campaign, links=numbers(post.getlist("link")))
            said = _("已移出这一组。")
        elif do == "compare":
            job = start_job(
                at.actor,
                kind=JOB,
                title=Said(gettext_noop("共性问题比对")),
                params={"campaigns": [one.key for one in at.campaigns]},
                campaign=at.campaign,
            )
            return redirect(at.to("job", job.public_id))
        else:
            raise BadInput(_("没有这一种操作。请用页面上的按钮。"))
    except (BadInput, Conflict) as failure:
        return show(request, at, TEMPLATE, shown(at, str(failure)), menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("causes"))
