"""The check's form: a file or a pasted text, and the day to check against."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.exchange.documents_in import MAX_FILE_BYTES, read_bytes
from guatu.web.here import day_in

MAX_TEXT = 200_000  # characters: about three hundred printed pages, some ten seconds of work


@dataclass(frozen=True, slots=True)
class Given:
    """What was handed in: its name and text, and the day it is checked against."""

    name: str
    text: str
    day: date


def read_given(request: HttpRequest, today: date) -> Given:
    """The file if one came, else the pasted text. Raises BadInput with the sentence why it cannot be read."""
    day = day_in(request.POST.get("day", ""), today)
    upload = request.FILES.get("file")
    if upload is not None:
        if upload.size is not None and upload.size > MAX_FILE_BYTES:
            raise BadInput(
                _("“{name}”超过 {limit} MB 的上限。请删去图片或拆分后再试。"),
                name=upload.name,
                limit=MAX_FILE_BYTES // 1024 // 1024,
            )
        text = str(read_bytes(upload.read(), str(upload.name)))
        return Given(str(upload.name), _not_too_long(text, str(upload.name)), day)
    text = request.POST.get("text", "").replace("\r\n", "\n").strip("\ufeff")
    if not text.strip():
        raise BadInput(_("还没有内容。请选择一份 .docx 或 .txt 文件，或把文字粘贴进来。"))
    name = request.POST.get("name", "").strip()[:120] or _("粘贴的文字")
    return Given(name, _not_too_long(text, name), day)


def _not_too_long(text: str, name: str) -> str:
    if len(text) > MAX_TEXT:
        raise BadInput(
            _("“{name}”有 {length} 个字，网页上一次最多校核 {limit} 个字。请分段校核，或改用 guatu check。"),
            name=name,
            length=len(text),
            limit=MAX_TEXT,
        )
    return text
