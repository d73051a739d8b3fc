"""The page of a return: filled in while it is with the unit, read afterwards; drafts, signing, taking back to amend."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guatu.actions.return_drafts import TwoHands, save_draft
from guatu.actions.returns import amend as amend_return
from guatu.actions.returns import hand_in as hand_in_return
from guatu.actions.returns import sign as sign_return
from guatu.actions.returns import was_handed_in
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.queries.return_form import ReturnForm, return_form
from guatu.records.models import FillDraft
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy
from guatu.web.returns.page import fill_page, saved_line
from guatu.web.returns.papers import box_of
from guatu.web.returns.reading import read_page
from guatu.web.returns.typed import (
    RowTyped,
    Typed,
    doubts_of,
    filled_of,
    minutes_of,
    read_typed,
    without_paper,
)

FILL, READ, SAVED = "pages/return_fill.html", "pages/return_read.html", "fragments/return_saved.html"
BOX = "fragments/return_box.html"
MENU = "collection"


def _found(at: Here, public_id: UUID, *, shown: bool = True) -> ReturnForm:
    return return_form(at.actor, at.campaign, public_id, day=at.as_of, past=at.past, shown=shown)


@policy("see_items", "GET", "POST")
def one(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The return: its form for whoever fills it in now, else what was handed in. POST: one of the form's buttons."""
    found = _found(at, public_id, shown=request.method != "POST")
    if request.method != "POST":
        return _form(request, at, found) if found.way.fill is not None else _read(request, at, found)
    if found.way.fill is None:
        if was_handed_in(at.actor, return_=found.item.pk, key=request.POST.get("key", "")[:40]):
            return redirect(at.to("return", public_id))  # the button was pressed twice
        said = _("{number} 现为“{state}”，不能再填报。").format(
            number=found.item.number, state=found.state_label
        )
        return _read(request, at, found, said, status=409 if found.way.amend else 403)
    typed = read_typed(at, found, request.POST, request.FILES)
    do = request.POST.get("do", "")
    if do == "add" or do.startswith(("remove-", "drop-")):
        return _form(request, at, found, _with_rows(at, typed, do))
    if do == "save":
        return _save(request, at, found, typed)
    return _hand_in(request, at, found, typed, do)


def _form(
    request: HttpRequest,
    at: Here,
    found: ReturnForm,
    typed: Typed | None = None,
    theirs: FillDraft | None = None,
    status: int = 200,
) -> HttpResponse:
    whole = found if found.stations else _found(at, found.item.public_id)
    return show(request, at, FILL, fill_page(at, whole, typed, theirs), menu=MENU, status=status)


def _read(
    request: HttpRequest, at: Here, found: ReturnForm, sentence: str = "", reason: str = "", status: int = 200
) -> HttpResponse:
    whole = found if found.stations else _found(at, found.item.public_id)
    return show(request, at, READ, read_page(at, whole, sentence, reason), menu=MENU, status=status)


def _with_rows(at: Here, typed: Typed, do: str) -> Typed:
    """One row more, or one less, or a file less; nothing is saved by it."""
    if do == "add":
        typed.rows.append(RowTyped(max((row.place for row in typed.rows), default=-1) + 1))
        return typed
    if do.startswith("drop-"):
        return without_paper(at, typed, do.removeprefix("drop-"))
    gone = typed_number(do.removeprefix("remove-"), 4)
    typed.rows = [row for row in typed.rows if row.place != gone]
    return typed


def _save(request: HttpRequest, at: Here, found: ReturnForm, typed: Typed) -> HttpResponse:
    """暂存 by the button: the whole page comes back."""
    try:
        _keep(at, found, typed)
    except TwoHands as met:
        typed.sentence = str(met)
        return _form(request, at, found, typed, met.draft, status=met.status)
    except (BadInput, Conflict) as failure:
        typed.sentence = str(failure)
        return _form(request, at, found, typed, status=failure.status)
    messages.success(request, _("已暂存。还没有报送。"), extra_tags="saved")
    return redirect(at.to("return", found.item.public_id))


def _keep(at: Here, found: ReturnForm, typed: Typed) -> FillDraft:
    return save_draft(
        at.actor,
        campaign=at.campaign,
        return_=found.item.pk,
        cells=typed.cells(),
        seconds=typed.seconds,
        version=typed.draft,
    )


def _hand_in(request: HttpRequest, at: Here, found: ReturnForm, typed: Typed, answer: str) -> HttpResponse:
    """报送, 零报告 or 不涉及. Whatever is refused comes back with everything that was typed."""
    typed.answer = answer
    if answer == "data":
        _look_over(found, typed)
    if typed.errors.get("minutes") and not typed.sentence:
        typed.sentence = typed.errors["minutes"]
    if typed.sentence:
        return _form(request, at, found, typed, status=422)
    try:
        if found.draft is not None and found.draft.version != typed.draft:
            _keep(
                at, found, typed
            )  # another hand has saved meanwhile: both are shown before anything goes out
        moved = hand_in_return(
            at.actor,
            campaign=at.campaign,
            return_=found.item.pk,
            answer=answer,
            rows=filled_of(found, typed.rows) if answer == "data" else (),
            explanation=typed.explanation,
            minutes=minutes_of(typed),
            prefilled=_prefilled(at, found, typed),
            version=typed.version,
            evidence=typed.handed.evidence,
            idempotency_key=typed.key or None,
        )
    except TwoHands as met:
        typed.sentence = str(met)
        return _form(request, at, found, typed, met.draft, status=met.status)
    except (BadInput, Conflict, NotAllowed) as failure:
        typed.sentence = str(failure)
        now = _found(at, found.item.public_id)
        if now.way.fill is None:
            return _read(request, at, now, typed.sentence, status=failure.status)
        shown = fill_page(at, now, typed)
        typed.version = now.item.version
        return show(request, at, FILL, shown, menu=MENU, status=failure.status)
    state = at.pack.workflow_of(moved.register).states[moved.state].label
    messages.success(
        request,
        _("{title} 已报送，现为“{state}”。").format(title=moved.title, state=state),
        extra_tags="saved",
    )
    return redirect(at.to("return", found.item.public_id))


def _look_over(found: ReturnForm, typed: Typed) -> None:
    """Say what is wrong in the cells, and ask about doubtful numbers, before anything is written."""
    wrong = sum(len(row.values.errors) for row in typed.rows)
    if found.form.rows == "many":
        for row in typed.rows:
            if not row.title:
                row.title_error = _("没有填写。请填写后再报送。")
                wrong += 1
    if wrong:
        typed.sentence = ngettext(
            "有 {n} 格需要改正，填写的都还在。请改正后再报送。",
            "有 {n} 格需要改正，填写的都还在。请改正后再报送。",
            wrong,
        ).format(n=wrong)
        return
    doubtful = sum(len(doubts_of(found, row)) for row in typed.rows)
    if doubtful:
        typed.sentence = ngettext(
            "有 {n} 个数与上期相差较大。请核对；确实如此的，勾选“核对无误”后再报送。",
            "有 {n} 个数与上期相差较大。请核对；确实如此的，勾选“核对无误”后再报送。",
            doubtful,
        ).format(n=doubtful)


def _prefilled(at: Here, found: ReturnForm, typed: Typed) -> int:
    """How many cells stand as they were found."""
    return sum(bool(cell.source) for row in fill_page(at, found, typed).rows for cell in row.cells)


@policy("see_items", "POST")
def save(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """自动暂存: a line that says when the draft was kept, with the version to go on from."""
    found = _found(at, public_id, shown=False)
    typed = read_typed(at, found, request.POST, request.FILES)
    said, version, clash = "", typed.draft, False
    try:
        kept = _keep(at, found, typed)
    except (BadInput, Conflict, NotAllowed) as failure:
        said, clash = str(failure), True
    else:
        version = kept.version
        said = saved_line(at, kept)
    told = {"said": said, "draft": version, "clash": clash}
    return render(request, SAVED, told)


@policy("see_items", "POST")
def paper(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """A file as soon as it is chosen (`box`: where): taken in, and shown in its place. The draft keeps it with the rest."""
    found = _found(at, public_id)
    if found.way.fill is None:
        raise NotAllowed(
            _("{number} 现为“{state}”，不能再填报。").format(
                number=found.item.number, state=found.state_label
            )
        )
    shown = box_of(at, found, request.POST, request.FILES)
    return render(request, BOX, {"box": shown})


@policy("see_items", "POST")
def sign(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """审签 by the unit's head."""
    found = _found(at, public_id)
    try:
        moved = sign_return(
            at.actor,
            campaign=at.campaign,
            return_=found.item.pk,
            version=typed_number(request.POST.get("version", ""), 9),
            idempotency_key=request.POST.get("key", "")[:40] or None,
        )
    except (BadInput, Conflict) as failure:
        return _read(request, at, _found(at, public_id), str(failure), status=failure.status)
    state = at.pack.workflow_of(moved.register).states[moved.state].label
    messages.success(request, _("{title} 已审签，现为“{state}”。").format(title=moved.title, state=state))
    return redirect(at.to("return", public_id))


@policy("see_items", "POST")
def amend(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """撤回修改: open again, with a reason; the form is shown."""
    found = _found(at, public_id)
    reason = request.POST.get("reason", "").strip()[:1000]
    try:
        amend_return(
            at.actor,
            campaign=at.campaign,
            return_=found.item.pk,
            reason=reason,
            version=typed_number(request.POST.get("version", ""), 9),
            idempotency_key=request.POST.get("key", "")[:40] or None,
        )
    except (BadInput, Conflict) as failure:
        return _read(request, at, _found(at, public_id), str(failure), reason, status=failure.status)
    messages.success(request, _("已撤回。改好后请再报送，截止时间不变。"))
    return redirect(at.to("return", public_id))
