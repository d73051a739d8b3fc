"""素材库: good practice by aspect and unit; an item taken in; an entry put into a document."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.document_drafts import keep_body_draft
from guatu.actions.documents import save_body
from guatu.actions.items import NewItem, create_items
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.writing.body import with_ids
from guatu.domain.writing.body_json import body_of
from guatu.queries.document_page import document_seen, own_draft
from guatu.queries.documents import body_in
from guatu.queries.materials import materials_of, paragraph_of
from guatu.web.frame import show
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.materials.pages import pool_page, take_page
from guatu.web.policy import policy

MENU = "documents"


@policy("see_items")
def materials(request: HttpRequest, at: Here) -> HttpResponse:
    """The entries with the documents that tell them, and the units that have none."""
    get = request.GET
    page = pool_page(at, get.get("aspect", ""), get.get("unit", ""), get.get("document", ""))
    return show(request, at, "pages/materials.html", page, menu=MENU)


@policy("see_items", "GET", "POST")
def take(request: HttpRequest, at: Here, public_id: UUID) -> HttpResponse:
    """收入素材库: keep what an item tells as an entry of the pool."""
    item = get_item(at.actor, str(public_id), at.campaign)
    spec = materials_of(at.pack)
    post = request.POST
    typed = {name: post[name].strip() for name in ("title", "text", "aspect") if name in post}
    key = post.get("key", "")[:40] or uuid4().hex
    page = take_page(at, item, typed, key)
    if item.restricted:
        raise BadInput(_("{number} 是受限事项，不能收入素材库。"), number=item.number)
    if request.method != "POST":
        return show(request, at, "pages/material_take.html", page, menu=MENU)
    row = NewItem(
        register=spec.register_key,
        unit=item.unit.code,
        title=typed.get("title", ""),
        fields={
            spec.aspect: typed.get("aspect", ""),
            spec.text: typed.get("text", ""),
            spec.source: item.number,
        },
    )
    try:
        (made,) = create_items(at.actor, campaign=at.campaign, rows=[row], idempotency_key=key)
    except (BadInput, Conflict) as failure:
        anew = (
            uuid4().hex if isinstance(failure, Conflict) else key
        )  # the key is spent: under it nothing else is taken
        told = replace(page, sentence=str(failure), key=anew)
        return show(request, at, "pages/material_take.html", told, menu=MENU, status=failure.status)
    messages.success(request, _("已收入素材库，编号 {number}。").format(number=made.number))
    return redirect(at.to("materials"))


@policy("see_items", "POST")
def into(request: HttpRequest, at: Here, number: str) -> HttpResponse:
    """写入文稿: put an entry behind the last paragraph of a document, and go on writing there.

    Whoever has written without saving gets it behind that: a save would be of what they have not looked over.
    """
    paragraph = paragraph_of(at.actor, at.campaign, number)
    document = document_seen(at.actor, at.campaign, request.POST.get("document", ""))
    draft = own_draft(at.actor, document)
    body = body_of(draft.body) if draft is not None else body_in(document)
    given = read_key(request.POST)
    key = str(uuid5(UUID(given), str(document.public_id))) if given else ""
    own = f"m{key.replace('-', '')}" if key else ""
    if own and own in body.ids:  # the same form once more: it stands there
        return redirect(at.to("document-edit", document.public_id))
    longer = with_ids(replace(body, blocks=(*body.blocks, replace(paragraph, id=own))))
    if draft is not None:
        keep_body_draft(
            at.actor,
            campaign=at.campaign,
            document=document.pk,
            body=longer,
            base_version=draft.base_version,
        )
        said = _("已加在《{title}》草稿的末尾。请看过再保存。")
    else:
        save_body(
            at.actor,
            campaign=at.campaign,
            document=document.pk,
            body=longer,
            base_version=document.version,
            idempotency_key=key or None,
        )
        said = _("已写入《{title}》末尾。")
    messages.success(request, said.format(title=document.title))
    return redirect(at.to("document-edit", document.public_id))
