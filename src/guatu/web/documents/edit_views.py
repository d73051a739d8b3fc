"""Writing a document: the page, saving of itself, the palette."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guatu.actions.document_drafts import drop_body_draft, keep_body_draft
from guatu.actions.document_sections import finish_section
from guatu.actions.documents import save_body
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.figures.references import key_of
from guatu.domain.writing.body_json import body_of
from guatu.queries.document_bodies import body_taken_again
from guatu.queries.documents import body_in
from guatu.records.models import Item
from guatu.web.documents.bar import MENU, document_shown, may_write
from guatu.web.documents.computed import looked_at
from guatu.web.documents.editing import clash_sentences, draft_mark, edit_page, saved_line
from guatu.web.documents.left_out import left_out
from guatu.web.documents.names import names_of
from guatu.web.documents.palette import as_json, palette_page, places_for, ways_of
from guatu.web.documents.paper import figure_panel
from guatu.web.documents.shape import Told, shown_body, stored_body
from guatu.web.documents.typed import done, read_form
from guatu.web.documents.unit_names import with_units
from guatu.web.frame import frame, show
from guatu.web.here import Here
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

EDIT, PALETTE = "pages/document_edit.html", "pages/document_palette.html"
PANEL = "fragments/report_panel.html"


@policy("see_items", "GET", "POST")
def edit(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """编辑: the text in blocks. POST: one of the form's buttons; whoever may only read is shown the paper."""
    item = document_shown(at, public_id)
    chosen = request.GET.get("figure", "")[:90]
    panel = figure_panel(at, item, chosen, at.to("document-edit", public_id)) if chosen else None
    if request.htmx and panel is not None:
        ways = ways_of(at, item, chosen)
        claim = at.pack.figures[key_of(chosen)].is_claim
        told = {
            "page": {"panel": panel, "acts": True, "ways": ways, "claim": claim},
            "frame": frame(at, MENU),
        }
        return render(request, PANEL, told)
    if not may_write(at, item) and request.method != "POST":
        return redirect(at.to("document", public_id))
    if request.method != "POST":
        page = edit_page(at, item, panel=panel, remark=request.GET.get("remark", "")[:40])
        return show(request, at, EDIT, page, menu=MENU)
    return _saved(request, at, item)


def _saved(request: HttpRequest, at: Here, item: Item) -> HttpResponse:
    told = read_form(request.POST)
    base = typed_number(request.POST.get("base", ""), 9) or item.version
    do = request.POST.get("do", "save")
    if do.startswith("look:"):
        block = do.removeprefix("look:")
        if request.htmx:
            return HttpResponse(looked_at(at, item, told, block))
        return show(request, at, EDIT, edit_page(at, item, told=told, base=base, go_to=block), menu=MENU)
    changed = done(told, do)
    if changed is not None:
        page = edit_page(at, item, told=changed[0], base=base, go_to=changed[1])
        return show(request, at, EDIT, page, menu=MENU)
    made, errors = stored_body(with_units(at, item, names_of(at.campaign, body_in(item)), told), told)
    if errors:
        sentence = errors.get("") or _("有内容需要改正，填写的都还在。请改正后再保存。")
        page = edit_page(at, item, told=told, base=base, errors=errors, sentence=sentence)
        return show(request, at, EDIT, page, menu=MENU, status=422)
    if do in ("again", "again-all"):
        return _again(request, at, item, told, made, base, struck_too=do == "again-all")
    try:
        saved = save_body(
            at.actor,
            campaign=at.campaign,
            document=item.pk,
            body=body_of(made),
            base_version=base,
            idempotency_key=request.POST.get("key", "")[:40] or None,
        )
    except (BadInput, Conflict, NotAllowed) as failure:
        page = edit_page(at, item, told=told, base=base, sentence=str(failure))
        return show(request, at, EDIT, page, menu=MENU, status=failure.status)
    messages.success(request, _("已保存。"))
    _said_done(request, at, item, do)
    for sentence in clash_sentences(names_of(at.campaign), saved.clashes):
        messages.warning(request, sentence)
    leads = {"paper": "document", "check": "document-check"}
    return redirect(at.to(leads.get(do, "document-edit"), item.public_id))


def _said_done(request: HttpRequest, at: Here, item: Item, do: str) -> None:
    """写完了, 还要改 beside a heading: said after what was typed is saved."""
    said, _colon, heading = do.partition(":")
    if said not in ("done", "undone"):
        return
    try:
        finish_section(
            at.actor, campaign=at.campaign, document=item.pk, heading=heading[:40], done=said == "done"
        )
    except (BadInput, Conflict, NotAllowed) as failure:
        messages.warning(request, str(failure))
    else:
        messages.success(request, _("已记为写完。") if said == "done" else _("已记为还没写完。"))


def _again(
    request: HttpRequest, at: Here, item: Item, typed: Told, made: Told, base: int, *, struck_too: bool
) -> HttpResponse:
    """重取模板内容: the template's paragraphs said anew as of the document's day; nothing is saved by it.

    `typed` is what the page sent, `made` the same as it is stored. What was struck out stays out and is told, unless
    `struck_too`.
    """
    try:
        again = body_taken_again(at.campaign, item, actor=at.actor, body=body_of(made), struck_too=struck_too)
    except (BadInput, NotFound) as failure:
        page = edit_page(at, item, told=typed, base=base, sentence=str(failure))
        return show(request, at, EDIT, page, menu=MENU, status=failure.status)
    names = names_of(at.campaign)
    if again.left:
        messages.info(request, left_out(names, again.left))
    told = shown_body(with_units(at, item, names, again.body), again.body)
    return show(request, at, EDIT, edit_page(at, item, told=told, base=base), menu=MENU)


@policy("see_items", "POST")
def draft(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """自动保存: what stands in the form is kept for its writer, and when that was is said."""
    item = document_shown(at, public_id)
    base = typed_number(request.POST.get("base", ""), 9) or item.version
    try:
        told = read_form(request.POST)
        names = with_units(at, item, names_of(at.campaign, body_in(item)), told)
        made, errors = stored_body(names, told)
        if errors:
            return _told(next(iter(errors.values())), kept=False)
        kept = keep_body_draft(
            at.actor,
            campaign=at.campaign,
            document=item.pk,
            body=body_of(made),
            base_version=base,
            save_key=request.POST.get("key", "")[:40],
        )
    except Conflict as failure:
        return _told(str(failure), kept=False, spent=True)
    except (BadInput, NotAllowed) as failure:
        return _told(str(failure), kept=False)
    return _told(saved_line(at, kept), kept=True, draft=draft_mark(kept))


def _told(said: str, *, kept: bool, spent: bool = False, draft: str = "") -> JsonResponse:
    """`spent`: it has been saved already; `draft` tells which draft there is now."""
    told: Told = {"said": said, "kept": kept, "spent": spent, "draft": draft}
    return JsonResponse(told)


@policy("see_items", "GET", "POST")
def drop(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Let one's own draft go: the text as it was saved last is shown."""
    item = document_shown(at, public_id)
    if request.method == "POST":
        drop_body_draft(at.actor, campaign=at.campaign, document=item.pk)
        messages.success(request, _("草稿已放弃，现为上次保存的内容。"))
    return redirect(at.to("document-edit", public_id))


@policy("see_items")
def palette(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Every figure with what it prints on the document's day: for the script, or a page to look them up."""
    item = document_shown(at, public_id)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"places": as_json(places_for(at, item))})
    return show(request, at, PALETTE, palette_page(at, item, request.GET.get("q", "")), menu=MENU)
