"""The item page and what can be done on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.evidence_opened import note_opened
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.exchange.uploads import Download, handed_out
from guatu.queries.item_files import evidence_file, field_file
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item import changes
from guatu.web.item.forms import conflict_sentence, edit_form, read_edit, read_move, read_remark
from guatu.web.item.pages import Shown, Tried, shown
from guatu.web.policy import policy

TEMPLATE, MENU = "pages/item.html", "registers"
SAVED = "saved"
"""Marks the notice of what was written: the draft that the browser kept of it is thrown away."""


def _page(request: HttpRequest, at: Here, found: Shown, status: int = 200) -> HttpResponse:
    """The item with a form, at an address below its own: another day is chosen for the item itself."""
    own = replace(at, path=reverse("item", args=[found.item.public_id]), params=())
    return show(request, own, TEMPLATE, found, menu=MENU, status=status)


def _done(request: HttpRequest, at: Here, public_id: UUID, said: str, anchor: str = "") -> HttpResponse:
    messages.success(request, said, extra_tags=SAVED)
    return redirect(at.to("item", public_id) + anchor)


@policy("see_items")
def item(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """One item: its way, what can happen next, its fields, evidence and history."""
    return show(request, at, TEMPLATE, shown(at, public_id), menu=MENU)


@policy("see_items", "GET", "POST")
def edit(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Change fields. What is wrong stays beside its field; a conflict shows both values.

    On a past day there is nothing to edit: the item is shown.
    """
    if at.past and request.method != "POST":
        return redirect(at.to("item", public_id))
    page = changes.to_edit(at, public_id)
    register = at.pack.register(page.register)
    if request.method != "POST":
        return _page(request, at, shown(at, public_id, page=page, form=edit_form(at, register, page)))
    typed = read_edit(at, request.POST, request.FILES, register, page)
    sentence, conflict = "", False
    if not typed.errors:
        try:
            said = changes.edit(at, page, typed)
            if changes.writes_text(at, register.key):
                messages.success(request, said, extra_tags=SAVED)
                return redirect(at.to("document", public_id))
            return _done(request, at, public_id, said)
        except Conflict as failure:
            conflict = True
            sentence = conflict_sentence(edit_form(at, register, page, typed, conflict=True), failure)
        except BadInput as failure:
            sentence = str(failure)
    form = edit_form(at, register, page, typed, sentence=sentence, conflict=conflict)
    found = shown(at, public_id, page=page, form=form)
    return _page(request, at, found, status=409 if conflict else 422)


@policy("see_items", "GET", "POST")
def move(request: HttpRequest, at: Here, public_id: UUID, transition: str) -> HttpResponse:
    """Move the item by one transition. Its address, opened anew, is the item."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    typed = read_move(request.POST, transition, request.FILES)
    try:
        said = changes.move(at, public_id, typed)
    except changes.WrongFields as failure:
        page = shown(at, public_id, refused=failure.form)
        return _page(request, at, page, status=failure.status)
    except (BadInput, Conflict) as failure:
        page = shown(at, public_id, refused=replace(typed, sentence=str(failure)))
        return _page(request, at, page, status=failure.status)
    return _done(request, at, public_id, said)


@policy("see_items", "GET", "POST")
def comment(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Leave a remark. Its address, opened anew, is the item."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    require(at.actor, "comment", campaign=at.campaign)
    text, key = read_remark(request.POST)
    try:
        changes.comment(at, public_id, text, key)
    except BadInput as failure:
        page = shown(at, public_id, remark=text, remark_error=str(failure))
        return _page(request, at, page, status=422)
    messages.success(request, _("评论已发出。"))
    return redirect(at.to("item", public_id))


@policy("see_items", "GET", "POST")
def evidence(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Hang files, or papers kept elsewhere, on the item. Its address, opened anew, is the item."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    try:
        said = changes.hang_evidence(at, public_id, request.POST, request.FILES)
    except changes.WrongFiles as failure:
        tried = Tried("evidence", str(failure), request.POST.dict(), failure.handed)
        return _page(request, at, shown(at, public_id, tried=tried), status=failure.status)
    return _done(request, at, public_id, said, "#evidence")


@policy("see_items", "GET", "POST")
def beside(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Put a unit beside the lead unit or take one away. Its address, opened anew, is the item."""
    return _small(request, at, public_id, changes.set_beside, Tried("beside"), "#beside")


@policy("see_items", "GET", "POST")
def link(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Link the item with another. Its address, opened anew, is the item."""
    return _small(request, at, public_id, changes.link, Tried("link"), "#links")


@policy("see_items", "GET", "POST")
def unlink(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Take a link back. Its address, opened anew, is the item."""
    return _small(request, at, public_id, changes.unlink, Tried("link"), "#links", shows_typed=False)


def _small(
    request: HttpRequest,
    at: Here,
    public_id: UUID,
    change: Callable[[Here, UUID, QueryDict], str],
    tried: Tried,
    anchor: str,
    *,
    shows_typed: bool = True,
) -> HttpResponse:
    """A small form of the item page: done, or the page again with the sentence in the form and what was typed."""
    if request.method != "POST":
        return redirect(at.to("item", public_id))
    try:
        said = change(at, public_id, request.POST)
    except (BadInput, Conflict) as failure:
        typed = request.POST.dict() if shows_typed else {}
        again = replace(tried, sentence=str(failure), typed=typed)
        return _page(request, at, shown(at, public_id, tried=again), status=failure.status)
    return _done(request, at, public_id, said, anchor)


@policy("see_items")
def evidence_download(request: HttpRequest, at: Here, public_id: UUID, pk: int) -> FileResponse:
    """A file of the item's evidence, to be saved; a photograph without the place where it was taken."""
    found = handed_out(*evidence_file(at.actor, at.campaign, public_id, pk))
    note_opened(at.actor, campaign=at.campaign, evidence=[pk])
    return _handed_out(found, as_attachment=True)


@policy("see_items")
def evidence_image(request: HttpRequest, at: Here, public_id: UUID, pk: int) -> FileResponse:
    """A photograph of the item's evidence, to be shown on its page."""
    found = handed_out(*evidence_file(at.actor, at.campaign, public_id, pk))
    if not found.picture:
        found.content.close()
        raise NotFound(_("这份文件不是图片。请下载后查看。"))
    return _handed_out(found, as_attachment=False)


@policy("see_items")
def field_download(request: HttpRequest, at: Here, public_id: UUID, field: str) -> FileResponse:
    """The file that a field of the item holds, to be saved."""
    return _handed_out(handed_out(*field_file(at.actor, at.campaign, public_id, field)), as_attachment=True)


def _handed_out(found: Download, *, as_attachment: bool) -> FileResponse:
    answer = FileResponse(
        found.content, as_attachment=as_attachment, filename=found.name, content_type=found.media
    )
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
