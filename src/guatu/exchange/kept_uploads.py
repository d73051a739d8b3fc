"""A file that was handed in and waits to be applied: kept under a name that nobody can guess, for a day at most.

A liaison list holds telephone numbers: it is dropped as soon as it has been applied, and never enters the file store.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings

from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _

FOLDER = "uploads"
KEPT_SECONDS = 24 * 3600
_LETTERS = frozenset("0123456789abcdef")


def keep_upload(name: str, chunks: Iterable[bytes], *, most: int) -> str:
    """Keep what was handed in; its token. BadInput when it has more than `most` bytes. Old ones go."""
    folder = Path(settings.GUATU_HOME) / FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _drop_old(folder)
    token = secrets.token_hex(16)
    size = 0
    path = folder / token
    path.touch(mode=0o600)
    try:
        with path.open("wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > most:
                    raise BadInput(
                        _("文件“{name}”超过 {most} MB。请分成几个文件，或删去无关的工作表后再上传。"),
                        name=name,
                        most=most // (1024 * 1024),
                    )
                out.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return token


def kept_upload(token: str) -> bytes:
    """What was handed in; NotFound when it was applied or dropped since."""
    try:
        return _path(token).read_bytes()
    except FileNotFoundError:
        raise NotFound(_("上传的文件已过期或已导入。请重新上传。")) from None


def kept_path(token: str) -> Path:
    """Where it is kept, for what is too large to be read at once; NotFound when it was applied or dropped since."""
    path = _path(token)
    if not path.is_file():
        raise NotFound(_("上传的文件已过期或已导入。请重新上传。"))
    return path


def drop_upload(token: str) -> None:
    """It has been applied, or is not wanted any more."""
    if token:
        _path(token).unlink(missing_ok=True)


def _path(token: str) -> Path:
    if len(token) != 32 or not set(token) <= _LETTERS:
        raise NotFound(_("上传的文件已过期或已导入。请重新上传。"))
    return Path(settings.GUATU_HOME) / FOLDER / token


def _drop_old(folder: Path) -> None:
    before = time.time() - KEPT_SECONDS
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < before:
                path.unlink()
        except FileNotFoundError:
            continue  # another process was quicker
