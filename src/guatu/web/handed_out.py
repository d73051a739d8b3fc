"""An export as an answer: the file at once, or the way to the job that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch
from django.utils.translation import gettext as _

from guatu.exchange.exporters import HandedOut, export
from guatu.web.here import Here


def hand_out(
    request: HttpRequest, at: Here, *, kind: str, form: str, params: Mapping[str, Any], back: str
) -> HttpResponse:
    """The export of `kind` in the format `form`; a long one goes to its job, `back` where there is no page of jobs."""
    made = export(at.actor, kind=kind, form=form, params=params, campaign=at.campaign, day=at.as_of)
    if isinstance(made, HandedOut):
        answer = HttpResponse(made.content, content_type=made.content_type)
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return answer
    try:
        return redirect(at.to("job", made.public_id))
    except NoReverseMatch:
        messages.success(request, _("数据较多，已转到后台生成，完成后可在“导出记录”下载。"))
        return redirect(back)
