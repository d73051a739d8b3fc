"""Keeping, renaming, sharing and deleting saved views."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.actions.views import change_view, delete_view, save_view
from guatu.domain.errors import BadInput
from guatu.queries.registers import listing
from guatu.web.here import OF_THE_FRAME, Here
from guatu.web.policy import policy
from guatu.web.registers.forms import OF_THE_PAGE, read_query
from guatu.web.registers.saved import encoded, view_address


@policy("see_items", "GET", "POST", writes=False)
def save(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """Keep the address that the form holds under a name. Opened anew, the address is the list."""
    if request.method != "POST":
        return redirect(at.to("list", key))
    query = _query(request.POST.get("query", ""))
    try:
        _refuse_unknown(at, key, query)
        view = save_view(
            at.actor,
            campaign=at.campaign,
            register=key,
            name=request.POST.get("name", ""),
            query=query,
            shared="shared" in request.POST,
            usual="usual" in request.POST,
        )
    except BadInput as failure:
        messages.error(request, str(failure))
    else:
        messages.success(request, _("视图“{name}”已保存。").format(name=view.name))
    return redirect(view_address(at, key, query))


@policy("see_items", "GET", "POST", writes=False)
def change(request: HttpRequest, at: Here, key: str, view: int) -> HttpResponse:
    """Rename, share, make usual or delete one's own view, as the button says. Opened anew, the address is the list."""
    if request.method != "POST":
        return redirect(at.to("list", key))
    if "delete" in request.POST:
        gone = delete_view(at.actor, campaign=at.campaign, view=view)
        messages.success(request, _("视图“{name}”已删除。").format(name=gone.name))
        return redirect(at.to("list", key, view="all"))
    try:
        changed = change_view(
            at.actor,
            campaign=at.campaign,
            view=view,
            name=request.POST.get("name", ""),
            shared="shared" in request.POST,
            usual="usual" in request.POST,
        )
    except BadInput as failure:
        messages.error(request, str(failure))
        return redirect(at.to("list", key, view="all"))
    messages.success(request, _("视图“{name}”已保存。").format(name=changed.name))
    return redirect(view_address(at, key, changed.query))


def _query(text: str) -> str:
    """The query part in the form in which views keep it."""
    pairs = [(name, value) for name, values in QueryDict(text).lists() for value in values if value]
    return encoded(sorted(pair for pair in pairs if pair[0] not in OF_THE_PAGE | OF_THE_FRAME))


def _refuse_unknown(at: Here, key: str, query: str) -> None:
    """A view of filters that the register does not know would open with an error each time."""
    asked = read_query(QueryDict(query))
    listing(
        at.actor,
        at.campaign,
        key,
        asked.filters,
        day=at.as_of,
        sort=asked.sort,
        columns=asked.columns,
    )
