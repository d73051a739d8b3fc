"""A workbook between “upload” and “apply”: kept beside the visitor's session, read again each time it is shown."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Workbook
from guatu.exchange.kept_uploads import drop_upload, keep_upload, kept_upload
from guatu.exchange.workbooks_in import MAX_FILE_BYTES, read_workbook


@dataclass(frozen=True, slots=True)
class Kept:
    """What the session remembers of an upload; `words` is the pack whose words the sheet uses, if one was chosen."""

    token: str
    name: str
    words: str


def take_upload(request: HttpRequest, kind: str, *, words: str = "") -> None:
    """Keep the uploaded file under `kind` in place of an earlier one; BadInput when there is none."""
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        raise BadInput(_("没有选择文件。请选一个 .xlsx 文件后再上传。"))
    token = keep_upload(given.name, given.chunks(), most=MAX_FILE_BYTES)
    drop_kept(request, kind)
    request.session[kind] = {"token": token, "name": given.name[:200], "words": words[:60]}


def kept_in(request: HttpRequest, kind: str) -> Kept | None:
    """The upload of this visitor that waits to be applied."""
    known = request.session.get(kind)
    return Kept(known["token"], known["name"], known["words"]) if known else None


def read_with(request: HttpRequest, kind: str, words: str) -> None:
    """Read the upload that waits with the words of another pack from now on."""
    known = request.session.get(kind)
    if known:
        request.session[kind] = {**known, "words": words[:60]}


def book_of(kept: Kept) -> Workbook:
    """The workbook anew; NotFound when it has gone, BadInput when it is none."""
    return read_workbook(kept_upload(kept.token), kept.name)


def drop_kept(request: HttpRequest, kind: str) -> None:
    """Forget the upload."""
    known = request.session.pop(kind, None)
    if known:
        drop_upload(known["token"])
