"""Word files that are being rolled forward: kept beside the visitor's session with what was ticked and chosen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.documents_in import MAX_FILE_BYTES
from guatu.exchange.kept_uploads import drop_upload, keep_upload, kept_upload
from guatu.exchange.word_parts import open_word

SLOT = "rolling"
MOST = 4
"""So many files of one visitor wait at once; the oldest goes."""
MAX_TEXT = 60_000
"""Characters: a hundred printed pages. The text is read three times whenever the page is shown."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that waits. `chosen`: place → figure; `taken`: places ticked when it was told from the day `old` to the
    day `new` (ISO), None before anybody ticked."""

    token: str
    name: str
    chosen: Mapping[int, str]
    taken: tuple[int, ...] | None
    old: str
    new: str
    comments: bool

    @property
    def data(self) -> bytes:
        """The file. Raises NotFound when it has gone since."""
        return kept_upload(self.token)


def take_word(request: HttpRequest) -> str:
    """Keep what was uploaded if it is a Word file that can be written back; its token. BadInput with the reason."""
    several = request.FILES.getlist("file")
    if len(several) > 1:
        raise BadInput(_("一次更新一份稿子，这里选了 {n} 份。请分别上传。"), n=len(several))
    given = several[0] if several else None
    if not isinstance(given, UploadedFile) or not given.name:
        raise BadInput(_("没有选择文件。请选上期的 .docx 文件后再上传。"))
    name = PurePath(given.name.replace("\\", "/")).name[:200]
    if (given.size or 0) > MAX_FILE_BYTES:
        raise BadInput(
            _("“{name}”超过 {limit} MB 的上限。请删去图片或拆分后再试。"),
            name=name,
            limit=MAX_FILE_BYTES // 1024 // 1024,
        )
    data = given.read()
    text = open_word(data, name).document.text
    if len(text) > MAX_TEXT:
        raise BadInput(
            _("“{name}”有 {length} 个字，换期更新一次最多 {limit} 个字。请拆分后再试。"),
            name=name,
            length=len(text),
            limit=MAX_TEXT,
        )
    waiting = dict(request.session.get(SLOT, {}))
    while len(waiting) >= MOST:
        oldest = next(iter(waiting))
        waiting.pop(oldest)
        drop_upload(oldest)
    token = keep_upload(name, [data], most=MAX_FILE_BYTES)
    waiting[token] = {"name": name}
    request.session[SLOT] = waiting
    return token


def waiting_called(request: HttpRequest, token: str) -> Waiting:
    """One of the visitor's own uploads. Raises NotFound for another's, and for one that has gone."""
    one = request.session.get(SLOT, {}).get(token)
    if one is None:
        raise NotFound(_("上传的文件已过期或已删除。请重新上传。"))
    taken = one.get("taken")
    return Waiting(
        token,
        one["name"],
        {int(mark): key for mark, key in one.get("chosen", {}).items()},
        None if taken is None else tuple(taken),
        one.get("old", ""),
        one.get("new", ""),
        one.get("comments", True),
    )


def keep_said(
    request: HttpRequest,
    token: str,
    *,
    chosen: Mapping[int, str],
    taken: tuple[int, ...],
    old: str,
    new: str,
    comments: bool,
) -> None:
    """Keep what the visitor ticked and chose."""
    kept = dict(request.session.get(SLOT, {}))
    if token in kept:
        said = {str(mark): key for mark, key in chosen.items()}
        days = {"old": old, "new": new}
        kept[token] = {**kept[token], **days, "chosen": said, "taken": taken, "comments": comments}
        request.session[SLOT] = kept


def forget(request: HttpRequest, token: str) -> None:
    """The visitor does not want it any more."""
    kept = dict(request.session.get(SLOT, {}))
    if kept.pop(token, None) is not None:
        drop_upload(token)
        request.session[SLOT] = kept
