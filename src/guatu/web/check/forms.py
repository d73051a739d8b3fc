"""What was handed in to be checked: files or a pasted text; each is read at once, so that a bad one says so."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import override

from guatu.domain.errors import BadInput
from guatu.exchange.documents_in import MAX_FILE_BYTES, Document, read_bytes
from guatu.exchange.kept_checks import KeptText, keep_text

MAX_TEXT = 200_000  # characters: about three hundred printed pages, some ten seconds of work
MOST_FILES = 12
MOST_TOGETHER = 400_000
"""Characters of all texts of a set: its page reads them all."""


def handed_in(request: HttpRequest) -> tuple[KeptText, ...]:
    """The files if any came, else the pasted text; kept, or with the sentence why one cannot be read.

    Raises BadInput for nothing at all, for too many files, and when none can be read.
    """
    files = [one for one in request.FILES.getlist("file") if isinstance(one, UploadedFile) and one.name]
    if not files:
        return (_pasted(request),)
    if len(files) > MOST_FILES:
        raise BadInput(
            _("一次选了 {n} 份文件，最多校核 {most} 份。请分几次交来。"), n=len(files), most=MOST_FILES
        )
    texts = _within(files)
    if not any(one.token for one in texts):
        raise BadInput("{said}", said=" ".join(one.sentence for one in texts))
    return texts


def shown_name(name: str) -> str:
    """The name of a text as its reader reads it: a pasted one has our own words for a name, in the language of then."""
    for code, _name in settings.LANGUAGES:
        with override(code):
            pasted = name == _("粘贴的文字")
        if pasted:
            return _("粘贴的文字")
    return name


def read_kept(data: bytes, name: str) -> Document:
    """A text as the checker reads it. Raises BadInput with the sentence why it cannot."""
    document = read_bytes(data, name)
    if len(document.text) > MAX_TEXT:
        raise BadInput(
            _("“{name}”有 {length} 个字，网页上一次最多校核 {limit} 个字。请分段校核，或改用 guatu check。"),
            name=name,
            length=len(document.text),
            limit=MAX_TEXT,
        )
    return document


def _within(files: Sequence[UploadedFile]) -> tuple[KeptText, ...]:
    """The files as far as they may be checked together."""
    room = MOST_TOGETHER
    out = []
    for file in files:
        kept, length = _kept(file, room)
        room -= length
        out.append(kept)
    return tuple(out)


def _kept(file: UploadedFile, room: int) -> tuple[KeptText, int]:
    """One file and how many characters it has; `room`: how many it may have beside those before it."""
    name = PurePath(str(file.name).replace("\\", "/")).name[:200]
    try:
        if (file.size or 0) > MAX_FILE_BYTES:
            raise BadInput(
                _("“{name}”超过 {limit} MB 的上限。请删去图片或拆分后再试。"),
                name=name,
                limit=MAX_FILE_BYTES // 1024 // 1024,
            )
        data = file.read()
        length = len(read_kept(data, name).text)
        if length > room:
            raise BadInput(
                _("加上“{name}”，这一次超过 {limit} 个字，没有校核这一份。请把它单独交来。"),
                name=name,
                limit=MOST_TOGETHER,
            )
    except BadInput as failure:
        return KeptText(name, sentence=str(failure)), 0
    return keep_text(name, data), length


def _pasted(request: HttpRequest) -> KeptText:
    text = request.POST.get("text", "").replace("\r\n", "\n").strip("\ufeff")
    if not text.strip():
        raise BadInput(_("还没有内容。请选择一份 .docx 或 .txt 文件，或把文字粘贴进来。"))
    name = request.POST.get("name", "").strip()[:120] or _("粘贴的文字")
    data = text.encode()
    read_kept(data, name)
    return keep_text(name, data)
