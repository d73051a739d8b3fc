"""One new due day for the chosen items: first what it would do, then all at once in one batch."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.standing import DueChange, change_due
from guatu.domain.errors import BadInput
from guatu.queries.due_preview import DueLine, due_preview
from guatu.queries.registers import register_of
from guatu.web.days import typed_day
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.policy import policy


@dataclass(frozen=True, slots=True)
class DuePage:
    """The form and what it would do. `ready`: a day is chosen, so that there is something to see.

    `complete`: document and reason are there too, so that it can be applied. `already_late`: the day has passed.
    """

    key: str
    label: str
    measure: str
    numbers: tuple[str, ...]
    lines: tuple[tuple[DueLine, str], ...]
    due: str
    document: str
    reason: str
    error: str
    ready: bool
    complete: bool
    already_late: bool
    changed: int
    refused: int
    list_href: str


@policy("see_items", "GET", "POST")
def due(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """GET: the preview; POST: the same day, document and reason for every item that may be changed."""
    require(at.actor, "change_due", campaign=at.campaign)
    given = request.POST if request.method == "POST" else request.GET
    try:
        page = _page(at, key, given)
        if request.method != "POST":
            return show(request, at, "pages/due.html", page, menu="registers")
        day = typed_day(page.due)
        if day is None:
            raise BadInput(_("还没有填新的时限。请填成 2023-12-31 的样子。"))
        if not page.reason:
            raise BadInput(_("统一调整时限须写明原因。请填写后再提交。"))
        if not page.changed:
            raise BadInput(_("选中的事项都不能调整。请看每一项后面的说明。"))
        change_due(
            at.actor,
            campaign=at.campaign,
            changes=[DueChange(line.item, day) for line, _href in page.lines if not line.why_not],
            kind="adjustment",
            reason=page.reason,
            document=page.document,
        )
    except BadInput as failure:
        page = _page(at, key, given, str(failure))
        return show(request, at, "pages/due.html", page, menu="registers", status=422)
    messages.success(
        request,
        _("已把 {n} 项的时限调整为 {day}，另有 {rest} 项未调整。").format(
            n=page.changed, day=day, rest=page.refused
        )
        if page.refused
        else _("已把 {n} 项的时限调整为 {day}。").format(n=page.changed, day=day),
    )
    return redirect(page.list_href)


def _page(at: Here, key: str, given: QueryDict, error: str = "") -> DuePage:
    spec = register_of(at.pack, key)
    numbers = tuple(dict.fromkeys(value for value in given.getlist("item") if value))
    wanted = given.get("due", "").strip()
    try:
        day = typed_day(wanted)
    except BadInput as failure:
        day, error = None, error or str(failure)
    try:
        lines = due_preview(at.actor, at.campaign, key, numbers, day=at.as_of, due=day)
    except BadInput as failure:
        lines, error = (), error or str(failure)
    document, reason = given.get("document", "").strip()[:200], given.get("reason", "").strip()[:500]
    return DuePage(
        key=key,
        label=spec.label,
        measure=spec.measure,
        numbers=numbers,
        lines=tuple((line, at.to("item", line.row.public_id)) for line in lines),
        due=wanted,
        document=document,
        reason=reason,
        error=error,
        ready=day is not None,
        complete=bool(document and reason),
        already_late=day is not None and day < at.today,
        changed=sum(not line.why_not for line in lines),
        refused=sum(bool(line.why_not) for line in lines),
        list_href=at.to("list", key),
    )
