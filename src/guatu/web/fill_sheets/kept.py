"""What was uploaded and waits to be applied: kept beside the visitor's session, for a day at most."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.kept_uploads import drop_upload, keep_upload
from guatu.exchange.returned_drop import MOST_BYTES, MOST_FILES
from guatu.exchange.workbooks_in import refuse_too_large

SLOT = "fill_sheets"
MOST = 6
"""So many uploads of one visitor wait at once; the oldest goes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that waits: its token, the file's name, the register it was uploaded for."""

    token: str
    name: str
    register: str


def given_files(request: HttpRequest) -> list[UploadedFile]:
    """What was uploaded; BadInput for nothing or too many."""
    files = [one for one in request.FILES.getlist("file") if isinstance(one, UploadedFile) and one.name]
    if not files:
        raise BadInput(_("没有选择文件。请选填好的 Excel 文件，或一个压缩包。"))
    if len(files) > MOST_FILES:
        raise BadInput(_("一次最多上传 {most} 份文件。请打成一个 zip 压缩包上传。").format(most=MOST_FILES))
    return files


def is_drop(files: Sequence[UploadedFile]) -> bool:
    """Whether it is many files, or a zip of them, and so work for the background."""
    return len(files) > 1 or bare_name(files[0]).lower().endswith(".zip")


def bare_name(file: UploadedFile) -> str:
    """The file's name without a folder."""
    return PurePath(str(file.name).replace("\\", "/")).name[:200]


def keep_one(request: HttpRequest, register: str, file: UploadedFile) -> Waiting:
    """Keep a single workbook until it is applied."""
    name = bare_name(file)
    refuse_too_large(file.size or 0, name)
    token = keep_upload(name, file.chunks(), most=MOST_BYTES)
    waiting = dict(request.session.get(SLOT, {}))
    while len(waiting) >= MOST:
        oldest = next(iter(waiting))
        waiting.pop(oldest)
        drop_upload(oldest)
    waiting[token] = {"name": name, "register": register}
    request.session[SLOT] = waiting
    return Waiting(token, name, register)


def keep_drop(files: Sequence[UploadedFile]) -> str:
    """Keep a zip as it is, or many files as one; its token."""
    if len(files) == 1:
        return keep_upload(bare_name(files[0]), files[0].chunks(), most=MOST_BYTES)
    packed, size = BytesIO(), 0
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as folder:
        for place, file in enumerate(files, start=1):
            size += file.size or 0
            if size > MOST_BYTES:
                raise BadInput(
                    _("这些文件合计超过 {most} MB。请分几次上传。").format(most=MOST_BYTES // 1024 // 1024)
                )
            name = bare_name(file)
            known = name in folder.namelist()
            folder.writestr(f"{place}/{name}" if known else name, b"".join(file.chunks()))
    return keep_upload("drop.zip", [packed.getvalue()], most=MOST_BYTES + 1024 * 1024)


def waiting_called(request: HttpRequest, token: str, register: str) -> Waiting:
    """One of the visitor's own uploads. Raises NotFound for another's, and for one that has gone."""
    one = request.session.get(SLOT, {}).get(token)
    if one is None or one["register"] != register:
        raise NotFound(_("上传的文件已过期或已导入。请重新上传。"))
    return Waiting(token, one["name"], register)


def forget(request: HttpRequest, token: str) -> None:
    """It has been applied, or is not wanted any more."""
    kept = dict(request.session.get(SLOT, {}))
    if kept.pop(token, None) is not None:
        drop_upload(token)
        request.session[SLOT] = kept
