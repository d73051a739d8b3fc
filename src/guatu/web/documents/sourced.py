"""A document as a file with 数据来源说明, or as a web page whose numbers lead to their records."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from guatu.domain.errors import NotFound
from guatu.exchange.exporters import FORMATS
from guatu.exchange.sourced_files import FORMS, Wanted, document_file
from guatu.queries.documents import stage_of
from guatu.web.documents.bar import document_shown, stage_name
from guatu.web.documents.settled import final_shown
from guatu.web.here import Here
from guatu.web.issued.pages import safe_name
from guatu.web.policy import policy


@policy("see_items")
def sourced(request: HttpRequest, at: Here, public_id: UUID, form: str) -> HttpResponse:
    """The file, as of the document's own day. It counts what stands behind its figures, so it asks for their right too."""
    item = document_shown(at, public_id)
    if form not in FORMS:
        raise NotFound(_("文稿没有“{form}”这种格式。可用：docx、pdf、html。"), form=form[:20])
    if final := final_shown(at, item):
        return redirect(final.files[form])
    wanted = Wanted(form, bool(request.GET.get("sources")), request.build_absolute_uri("/"))
    content = document_file(at.actor, at.campaign, item, wanted)
    stage = stage_name(stage_of(at.pack, item))
    stem = safe_name(item.title)[:80] or item.number
    name = f"{stem}（{stage}）.{form}" if stage else f"{stem}.{form}"
    answer = HttpResponse(content, content_type=FORMATS[form].content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
