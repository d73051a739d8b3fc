"""The file store: content-addressed files in the home, each kept once under its SHA-256.

A file is written beside its place and renamed into it, so that a reader never meets half of one.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _


def path_of(sha256: str) -> Path:
    """Where the file with this hash lies, whether it is there or not. ValueError for what is no SHA-256."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError(sha256)
    return Path(settings.GUATU_HOME) / "files" / sha256[:2] / sha256[2:]


def keep(chunks: Iterable[bytes]) -> tuple[str, int]:
    """Keep the content; its SHA-256 in hex and its size in bytes. The same content is kept once."""
    folder = Path(settings.GUATU_HOME) / "files"
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f".{os.getpid()}-{os.urandom(8).hex()}"
    digest, size = hashlib.sha256(), 0
    try:
        with fresh.open("wb") as out:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
        place = path_of(digest.hexdigest())
        place.parent.mkdir(exist_ok=True)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)
    return digest.hexdigest(), size


def keep_file(path: Path) -> tuple[str, int]:
    """Keep a copy of the file at `path`."""
    with path.open("rb") as source:
        return keep(iter(lambda: source.read(1 << 20), b""))


def opened(sha256: str) -> BinaryIO:
    """The file with this hash, open for reading. NotFound when it is not in the store."""
    try:
        return path_of(sha256).open("rb")
    except (FileNotFoundError, ValueError):
        raise NotFound(_("文件已不在系统中。请联系系统管理员从备份恢复。")) from None


def _copy_path(sha256: str) -> Path:
    place = path_of(sha256)
    return place.with_name(f"{place.name}.shown")


def keep_copy(sha256: str, content: bytes) -> None:
    """Keep beside the file with this hash the copy that is shown in its stead (a picture without its place)."""
    place = _copy_path(sha256)
    fresh = place.with_name(f".{os.getpid()}-{os.urandom(8).hex()}")
    place.parent.mkdir(parents=True, exist_ok=True)
    try:
        fresh.write_bytes(content)
        fresh.replace(place)
    finally:
        fresh.unlink(missing_ok=True)


def opened_copy(sha256: str) -> BinaryIO | None:
    """The copy that is shown in the file's stead, open for reading; None if it has none."""
    try:
        return _copy_path(sha256).open("rb")
    except (FileNotFoundError, ValueError):
        return None


def hash_of(sha256: str) -> str | None:
    """The SHA-256 of what lies at this file's place now, None if nothing does."""
    try:
        with path_of(sha256).open("rb") as source:
            return hashlib.file_digest(source, "sha256").hexdigest()
    except (FileNotFoundError, ValueError):
        return None


def discard(sha256: str, *, older_than: timedelta) -> bool:
    """Take the file with this hash off the disk, unless it was kept (again) within `older_than`; whether it is gone.

    Only for content that no record refers to any more: the caller has made sure.
    """
    place = path_of(sha256)
    try:
        age = time.time() - place.stat().st_mtime
    except FileNotFoundError:
        return True
    if age < older_than.total_seconds():
        return False
    place.unlink(missing_ok=True)
    return True
