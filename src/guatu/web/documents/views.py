"""The list of documents, a new one, and one as it is read: paper, check, versions, files, steps, remarks."""

from __future__ import annotations

import re
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from guatu.access import require
from guatu.actions.documents import create_document
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.exchange import official_docx, official_pdf
from guatu.exchange.exporters import FORMATS
from guatu.queries.document_page import document_seen
from guatu.queries.documents import documents_of, stage_of, written
from guatu.web.days import needed_day
from guatu.web.documents.bar import MENU, StepShown, document_shown, may_begin, stage_name
from guatu.web.documents.listing import blank_new, documents_page, new_page, read_new, unchosen
from guatu.web.documents.paper import figure_panel, paper_page
from guatu.web.documents.reading import checked_document
from guatu.web.documents.remarks import remarks_beside
from guatu.web.documents.settled import final_shown
from guatu.web.documents.versions import versions_page
from guatu.web.frame import frame, show
from guatu.web.here import Here
from guatu.web.item import changes
from guatu.web.item.forms import read_move, read_remark
from guatu.web.numbers import typed_number
from guatu.web.policy import policy

LIST, NEW, PAPER = "pages/documents.html", "pages/document_new.html", "pages/document.html"
REMARKS = "fragments/document_remarks.html"
CHECK, VERSIONS = "pages/document_check.html", "pages/document_versions.html"
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@policy("see_figures")
def documents(request: HttpRequest, at: Here) -> HttpResponse:
    """Documents under way, documents that were signed, templates."""
    return show(request, at, LIST, documents_page(at), menu=MENU)


@policy("see_items", "GET", "POST")
def new(request: HttpRequest, at: Here) -> HttpResponse:
    """Begin a document: from a template, from an earlier one, or empty. What is wrong stays beside its input."""
    if not may_begin(at):
        documents_of(at.pack)
        raise NotAllowed(
            _("您的身份（{post}）不拟写文稿。请联系拟稿单位。"), post=at.actor.post_label or _("无")
        )
    if request.method != "POST":
        typed = blank_new(at, request.GET.get("template", ""), request.GET.get("copy", ""))
        return show(request, at, NEW, new_page(at, typed), menu=MENU)
    typed = read_new(at, request.POST)
    if typed.errors:
        return show(request, at, NEW, new_page(at, typed), menu=MENU, status=422)
    kind, _colon, start = typed.start.partition(":")
    try:
        copied = document_seen(at.actor, at.campaign, start).pk if kind == "copy" else None
        unit, of_kind = (typed.unit, typed.kind) if copied is not None else unchosen(at, typed)
        made = create_document(
            at.actor,
            campaign=at.campaign,
            unit=unit,
            kind=of_kind,
            as_of=needed_day(typed.as_of, _("数据截至日")),
            title=typed.title,
            template=start if kind == "template" else "",
            copy_of=copied,
            idempotency_key=typed.key,
        )
    except (BadInput, Conflict, NotAllowed, NotFound) as failure:
        typed.sentence = str(failure)
        return show(request, at, NEW, new_page(at, typed), menu=MENU, status=failure.status)
    messages.success(request, _("{number} 已建立，可以开始写了。").format(number=made.number))
    return redirect(at.to("document-edit", made.public_id))


@policy("see_items")
def document(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """成文: the document on its paper; a click on a number changes only the panel."""
    item = document_shown(at, public_id)
    chosen = request.GET.get("figure", "")[:90]
    panel = figure_panel(at, item, chosen, at.to("document", public_id)) if chosen else None
    if request.htmx and panel is not None:
        told = {"page": {"panel": panel}, "frame": frame(at, MENU)}
        return render(request, "fragments/report_panel.html", told)
    page = paper_page(at, item, panel=panel, chosen=request.GET.get("remark", "")[:40])
    return show(request, at, PAPER, page, menu=MENU)


@policy("see_items")
def check(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """校核: the text as printed, with its marks."""
    item = document_shown(at, public_id)
    return show(request, at, CHECK, checked_document(at, item), menu=MENU)


@policy("see_items")
def versions(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """The versions of the text, and what changed between two of them (`old`, `new`)."""
    item = document_shown(at, public_id)
    old, new_one = (typed_number(request.GET.get(name, ""), 9) for name in ("old", "new"))
    return show(request, at, VERSIONS, versions_page(at, item, old, new_one), menu=MENU)


@policy("see_items")
def file(request: HttpRequest, at: Here, public_id: UUID, form: str) -> HttpResponse:
    """The document as Word or PDF, with what it is called in its stage (征求意见稿, 送审稿) in the name; once issued, as issued."""
    item = document_shown(at, public_id)
    if form not in ("docx", "pdf"):
        raise NotFound(_("文稿没有“{form}”这种格式。可用：docx、pdf。"), form=form[:20])
    if final := final_shown(at, item):
        return redirect(final.files[form])
    said = written(at.campaign, item, actor=at.actor)
    content = (official_docx if form == "docx" else official_pdf).render(said.official)
    stage = stage_name(stage_of(at.pack, item))
    stem = _UNSAFE.sub("", item.title)[:80] or item.number
    name = f"{stem}（{stage}）.{form}" if stage else f"{stem}.{form}"
    answer = HttpResponse(content, content_type=FORMATS[form].content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return answer


@policy("see_items", "GET", "POST")
def step(request: HttpRequest, at: Here, public_id: UUID, transition: str) -> HttpResponse:
    """送核稿, 会签, 签发, 退回 … Its address, opened anew, is the document."""
    item = document_shown(at, public_id)
    if request.method != "POST":
        return redirect(at.to("document", public_id))
    form = read_move(request.POST, transition)
    try:
        said = changes.move(at, public_id, form)
    except (BadInput, Conflict, NotAllowed) as failure:
        way = at.pack.workflow_of(item.register).transition(transition)
        if way is None:
            raise
        told = StepShown(way.key, way.label, "", way.reason, False, refused=str(failure), typed=form.reason)
        page = paper_page(at, item, refused=told)
        return show(request, at, PAPER, page, menu=MENU, status=failure.status)
    messages.success(request, said)
    return redirect(at.to("document", public_id))


@policy("see_items", "GET", "POST")
def comment(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """Leave a remark on the document or on a part of it (`anchor`). Its address, opened anew, is the document.

    A script gets the remarks alone and stays where it is.
    """
    item = document_shown(at, public_id)
    if request.method != "POST":
        return redirect(at.to("document", public_id))
    require(at.actor, "comment", campaign=at.campaign)
    text, key = read_remark(request.POST)
    anchor = request.POST.get("anchor", "")[:40]
    current = "edit" if request.POST.get("current") == "edit" else "paper"
    refused = ""
    try:
        changes.comment(at, public_id, text, key, anchor)
    except BadInput as failure:
        refused = str(failure)
    if request.htmx:
        shown = remarks_beside(at, item, current, chosen=anchor, text=text if refused else "", error=refused)
        return render(request, REMARKS, {"remarks": shown, "frame": frame(at, MENU)})
    if refused:
        page = paper_page(at, item, chosen=anchor, remark=text, remark_error=refused)
        return show(request, at, PAPER, page, menu=MENU, status=422)
    messages.success(request, _("评论已发出。"))
    return redirect(at.to("document-edit" if current == "edit" else "document", public_id) + "#remarks")
