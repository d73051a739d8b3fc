"""Workbooks between upload and confirmation: kept beside the visitor's session with everything that was said of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, NotFound
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.understanding.answers import as_answers, as_kept
from guatu.domain.imports.understanding.proposal import Answers
from guatu.exchange.kept_uploads import drop_upload, keep_upload, kept_upload
from guatu.exchange.tables_in import read_tables
from guatu.exchange.workbooks_in import MAX_FILE_BYTES, refuse_too_large

SLOT = "workbooks"
MOST = 6
"""So many uploads of one visitor wait at once; the oldest goes."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """An upload that waits: its token, its name, and which of its tables have been made into registers (by place)."""

    token: str
    name: str
    made: Mapping[str, Mapping[str, Any]]


def take_workbook(request: HttpRequest) -> str:
    """Keep what was uploaded, if a table can be read from it; its token. BadInput with the reason otherwise."""
    given = request.FILES.get("file")
    if not isinstance(given, UploadedFile) or not given.name:
        raise BadInput(_("没有选择文件。请选一个 .xlsx、.xls 或 .csv 文件后再上传。"))
    name = PurePath(given.name.replace("\\", "/")).name[:200]
    refuse_too_large(given.size or 0, name)
    token = keep_upload(name, given.chunks(), most=MAX_FILE_BYTES)
    try:
        read_tables(kept_upload(token), name)
    except BaseException:
        drop_upload(token)
        raise
    waiting = dict(request.session.get(SLOT, {}))
    while len(waiting) >= MOST:
        oldest = next(iter(waiting))
        waiting.pop(oldest)
        drop_upload(oldest)
    waiting[token] = {"name": name, "answers": {}, "made": {}}
    request.session[SLOT] = waiting
    return token


def waiting_in(request: HttpRequest) -> tuple[Waiting, ...]:
    """The visitor's uploads that wait, the latest first."""
    kept = request.session.get(SLOT, {})
    return tuple(Waiting(token, one["name"], one["made"]) for token, one in reversed(kept.items()))


def waiting_called(request: HttpRequest, token: str) -> Waiting:
    """One of the visitor's own uploads. Raises NotFound for another's, and for one that has gone."""
    one = request.session.get(SLOT, {}).get(token)
    if one is None:
        raise NotFound(_("上传的文件已过期或已导入。请重新上传。"))
    return Waiting(token, one["name"], one["made"])


def book_of(waiting: Waiting) -> Workbook:
    """The workbook anew; NotFound when it has gone since."""
    return read_tables(kept_upload(waiting.token), waiting.name)


def answers_of(request: HttpRequest, token: str, table: int) -> Answers:
    """What the visitor has said of a table so far."""
    kept = request.session.get(SLOT, {}).get(token, {}).get("answers", {}).get(str(table))
    return as_answers(kept) if kept else Answers()


def keep_answers(request: HttpRequest, token: str, table: int, answers: Answers) -> None:
    """Keep what the visitor says of a table, so that nothing is lost on the way."""
    _change(request, token, "answers", table, as_kept(answers))


def note_made(request: HttpRequest, token: str, table: int, made: Mapping[str, Any]) -> None:
    """Keep what came of a table."""
    _change(request, token, "made", table, made)


def _change(request: HttpRequest, token: str, part: str, table: int, value: Mapping[str, Any]) -> None:
    kept = dict(request.session.get(SLOT, {}))
    if token in kept:
        kept[token] = {**kept[token], part: {**kept[token][part], str(table): dict(value)}}
        request.session[SLOT] = kept


def forget(request: HttpRequest, token: str) -> None:
    """The visitor does not want it any more."""
    kept = dict(request.session.get(SLOT, {}))
    if kept.pop(token, None) is not None:
        drop_upload(token)
        request.session[SLOT] = kept
