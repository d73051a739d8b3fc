"""核验队列: what waits for the reader's review, one by one in place or several together."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guatu.access import get_item
from guatu.actions.evidence_opened import note_opened
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import BadInput, Conflict
from guatu.queries.lookups import items_meant
from guatu.records.models import Item
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item import changes
from guatu.web.item.forms import MOST_DIGITS, no_version, read_key, read_move
from guatu.web.item.typed import read_values
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.queue.pages import queue_shown, review_shown
from guatu.web.queue.place import onward, place_of, rows_at
from guatu.web.queue.viewer import viewer_shown

MENU = "todo"
MOST_PAGES = 100
MOST_TOGETHER = 50


@policy("see_items")
def queue(request: HttpRequest, at: Here) -> HttpResponse:
    """What waits, the reviewer's clock first; `kind` narrows it, scope=all shows what others are asked to do, too."""
    return show(request, at, "pages/queue.html", _queue(at, request.GET), menu=MENU)


def _queue(at: Here, given: QueryDict, **more: object) -> object:
    text = given.get("page", "1")
    page = typed_number(text)
    if page is None or not 1 <= page <= MOST_PAGES:
        raise BadInput(_("页码“{page}”不对。请从核验队列的第一页看起。"), page=text[:20])
    return queue_shown(
        at,
        kind=given.get("kind", "")[:80],
        everything=given.get("scope") == "all",
        page=page,
        opened=given.get("open", "")[:40],
        **more,  # type: ignore[arg-type]
    )


@policy("see_items")
def review(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One item beside the queue, with its evidence and the steps to be made here."""
    return show(
        request, at, "pages/queue_item.html", review_shown(at, public_id, place_of(request)), menu=MENU
    )


@policy("see_items")
def paper(request: HttpRequest, at: Here, public_id: UUID, pk: int) -> HttpResponse:
    """One piece of evidence for the panel's viewer; on its own page for everybody else. To look at it is noted."""
    if not request.htmx:  # type: ignore[attr-defined]
        return redirect(at.to("evidence-view", public_id, pk))
    page = viewer_shown(at, public_id, pk)
    if page.piece.readable and not page.piece.evidence.opened:
        note_opened(at.actor, campaign=at.campaign, evidence=[pk])
    return render(request, "fragments/queue_viewer.html", {"page": page})


@policy("see_items", "GET", "POST")
def move(request: HttpRequest, at: Here, public_id: UUID, transition: str) -> HttpResponse:
    """Make the step and open what is next; what is wrong stays beside its field."""
    place = place_of(request)
    if request.method != "POST":
        return redirect(at.to("queue-item", public_id, **place.query()))
    typed = read_move(request.POST, transition, request.FILES)
    before = rows_at(at, place)
    try:
        said = changes.move(at, public_id, typed)
    except (BadInput, Conflict) as failure:
        form = failure.form if isinstance(failure, changes.WrongFields) else typed
        if not form.sentence and not form.errors:
            form = replace(form, sentence=str(failure))
        page = review_shown(at, public_id, place, refused=form)
        return show(request, at, "pages/queue_item.html", page, menu=MENU, status=failure.status)
    following = onward(at, place, before, str(public_id))
    messages.success(request, said)
    if following.left:
        text = ngettext("还有 {n} 项等核验。", "还有 {n} 项等核验。", following.left)
        messages.info(request, text.format(n=following.left))
    return redirect(following.href)


@policy("see_items", "GET", "POST")
def seen(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Say that papers kept elsewhere, or files that no page can show, have been read."""
    if request.method != "POST":
        return redirect(at.to("queue-item", public_id))
    given = [typed_number(one) for one in request.POST.getlist("evidence")]
    papers = [one for one in given if one is not None]
    if not given or None in given:
        raise BadInput(_("没有认出是哪份材料。请刷新后再点“已查阅”。"))
    note_opened(at.actor, campaign=at.campaign, evidence=papers)
    if request.htmx:  # type: ignore[attr-defined]
        page = viewer_shown(at, public_id, papers[-1])
        return render(request, "fragments/queue_viewer.html", {"page": page})
    return redirect(at.to("queue-item", public_id))


@policy("see_items", "GET", "POST")
def together(request: HttpRequest, at: Here) -> HttpResponse:
    """The same step for several items whose evidence the reader has opened: all of them or none."""
    if request.method != "POST":
        return redirect(at.to("queue"))
    numbers = [one for one in dict.fromkeys(request.POST.getlist("item")) if one][: MOST_TOGETHER + 1]
    typed = {
        name.removeprefix("field-"): value.strip()
        for name, value in request.POST.items()
        if name.startswith("field-") and isinstance(value, str)
    }
    try:
        count, label = _move_together(request, at, numbers)
    except (BadInput, Conflict) as failure:
        page = _queue(at, request.GET, sentence=str(failure), chosen=numbers, typed=typed)
        return show(request, at, "pages/queue.html", page, menu=MENU, status=failure.status)
    messages.success(request, _("已对 {n} 项办理“{step}”。").format(n=count, step=label))
    return redirect(at.to("queue"))


def _seen_version(request: HttpRequest, item: Item) -> int:
    """The version of the item that the reader had on the screen."""
    seen = typed_number(request.POST.get(f"version-{item.number}", ""), MOST_DIGITS)
    if seen is None:
        raise no_version()
    return seen


def _move_together(request: HttpRequest, at: Here, numbers: list[str]) -> tuple[int, str]:
    register, _colon, key = request.POST.get("step", "").partition(":")
    if register not in at.pack.registers or at.pack.workflow_of(register).transition(key) is None:
        raise BadInput(_("没有选定办理哪一步。请点一个批量办理的按钮。"))
    way = at.pack.workflow_of(register).transition(key)
    assert way is not None
    if not numbers:
        raise BadInput(_("没有勾选事项。请勾选材料已全部查阅的事项。"))
    if len(numbers) > MOST_TOGETHER:
        raise BadInput(_("一次最多批量办理 {most} 项。请分批办理。"), most=MOST_TOGETHER)
    meant = items_meant(at.actor, at.campaign, dict.fromkeys(numbers, ""))
    for trouble in meant.troubles.values():
        raise BadInput("{said}", said=trouble)
    items = [get_item(at.actor, meant.items[number], at.campaign) for number in numbers]
    others = [item.number for item in items if item.register != register]
    if others:
        raise BadInput(
            _("{number} 不办理“{step}”这一步。请只勾选等这一步的事项。"), number=others[0], step=way.label
        )
    spec = at.pack.register(register)
    fields = [one for name in way.needs if (one := spec.field(name)) is not None]
    read = read_values(at, fields, request.POST, None, prefix="field-")
    for error in read.errors.values():
        raise BadInput("{said}", said=error)
    given = {name: value for name, value in read.values.items() if value not in (None, "", [])}
    moves = [Move(item.pk, fields=given, version=_seen_version(request, item)) for item in items]
    moved = move_items(
        at.actor,
        campaign=at.campaign,
        transition=key,
        moves=moves,
        idempotency_key=read_key(request.POST) or None,
    )
    return len(moved), way.label
