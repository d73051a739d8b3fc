"""An export as an answer: the file at once, or the way to the job that makes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect

from guatu.exchange.exporters import HandedOut, export
from guatu.web.here import Here


def hand_out(at: Here, *, kind: str, form: str, params: Mapping[str, Any]) -> HttpResponse:
    """The export of `kind` in the format `form`; a long one goes to its job."""
    made = export(at.actor, kind=kind, form=form, params=params, campaign=at.campaign, day=at.as_of)
    if isinstance(made, HandedOut):
        answer = HttpResponse(made.content, content_type=made.content_type)
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return answer
    return redirect(at.to("job", made.public_id))
