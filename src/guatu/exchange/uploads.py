"""Files that people hand in: looked at, kept in the file store under their hash, and turned into evidence.

Of a picture a second copy is kept that is shown: turned upright, without where and with which device it was taken. The
hash in the record is that of the original.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO, Protocol

from django.conf import settings
from PIL import Image, ImageOps

from guatu.actions.writing import NewEvidence
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.file_kinds import KINDS, FileKind, ending_of, kind_of
from guatu.records.files import keep, keep_copy, opened, opened_copy

LONGEST_TITLE = 200
SHOWN_EDGE = 2400  # pixels of the longer edge of the copy that is shown
MOST_PIXELS = 120_000_000
_FORMATS = {"jpg": "JPEG", "png": "PNG"}


class Upload(Protocol):
    """A file as a form hands it in."""

    @property
    def name(self) -> str | None:
        """The name that it had where it came from."""

    @property
    def size(self) -> int | None:
        """Its size in bytes."""

    @property
    def file(self) -> BinaryIO:
        """Its content."""


@dataclass(frozen=True, slots=True)
class Download:
    """A file on its way out: its name, media type, whether it is a picture, and its content open for reading."""

    name: str
    media: str
    picture: bool
    content: BinaryIO


def take_in(files: Sequence[Upload], *, already: int = 0) -> tuple[NewEvidence, ...]:
    """Keep the files and name them as evidence, in their order; nothing is kept of an act with a file that is refused.

    `already`: how many files were kept for the same act before. Raises BadInput, with the file's name, for too many or
    too large files, for what is no document or picture, and for a picture that cannot be opened.
    """
    most = settings.GUATU_FILES_PER_ACT
    if len(files) + already > most:
        raise BadInput(
            _("一次最多上传 {most} 个文件，现在选了 {count} 个。请分次上传。"),
            most=most,
            count=len(files) + already,
        )
    looked_at = [(each, _name_of(each), _kind(each)) for each in files]
    copies = [_shown_copy(name, each.file, kind) if kind.picture else b"" for each, name, kind in looked_at]
    found = []
    for (each, name, kind), copy in zip(looked_at, copies, strict=True):
        sha256, size = keep(_chunks(each.file))
        if copy:
            keep_copy(sha256, copy)
        found.append(NewEvidence(title=titled(name, kind), sha256=sha256, size=size))
    return tuple(found)


def titled(name: str, kind: FileKind) -> str:
    """The evidence's title: the file's name with the ending that its content has."""
    text = name if ending_of(name) == kind.ending else f"{name}.{kind.ending}"
    if len(text) <= LONGEST_TITLE:
        return text
    return f"{text[: LONGEST_TITLE - len(kind.ending) - 2]}….{kind.ending}"[-LONGEST_TITLE:]


def handed_out(sha256: str, title: str) -> Download:
    """The kept file for reading: of a picture the copy without its place. NotFound if it is gone."""
    kind = KINDS.get(ending_of(title))
    if kind is None:
        with opened(sha256) as content:
            kind = kind_of(title, content)
        title = titled(title, kind)
    if not kind.picture:
        return Download(title, kind.media, False, opened(sha256))
    copy = opened_copy(sha256)
    if copy is None:  # restored from a backup without the copies
        with opened(sha256) as original:
            keep_copy(sha256, _shown_copy(title, original, kind))
        copy = opened_copy(sha256)
    return Download(title, kind.media, True, copy or opened(sha256))


def is_picture(title: str) -> bool:
    """Whether evidence with this title can be shown as a picture."""
    kind = KINDS.get(ending_of(title))
    return kind is not None and kind.picture


def _name_of(each: Upload) -> str:
    """The bare name, without a folder and without characters that no eye sees."""
    name = PurePath((each.name or "").replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable()).strip() or _("未命名")


def _kind(each: Upload) -> FileKind:
    name, most = _name_of(each), settings.GUATU_FILE_MOST_BYTES
    if (each.size or 0) > most:
        raise BadInput(
            _("文件“{name}”有 {size} MB，最大 {most} MB。请压缩或分开后再上传。"),
            name=name,
            size=-(-(each.size or 0) // (1 << 20)),
            most=most // (1 << 20),
        )
    return kind_of(name, each.file)


def _chunks(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    return iter(lambda: content.read(1 << 20), b"")


def _shown_copy(name: str, content: BinaryIO, kind: FileKind) -> bytes:
    """The picture anew: upright, no larger than a screen needs, with nothing but its points."""
    content.seek(0)
    try:
        with Image.open(content, formats=[_FORMATS[kind.ending]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise BadInput(_("图片“{name}”的尺寸过大，无法显示。请缩小后再上传。"), name=name)
            picture.draft("RGB", (SHOWN_EDGE, SHOWN_EDGE))  # a large photograph is never unfolded whole
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((SHOWN_EDGE, SHOWN_EDGE))
            bare = upright.convert(
                "RGB" if kind.ending == "jpg" or upright.mode not in ("L", "RGBA", "P") else upright.mode
            )
            bare.info.clear()
            out = io.BytesIO()
            bare.save(out, _FORMATS[kind.ending], quality=88)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise BadInput(_("图片“{name}”打不开，可能已损坏。请重新拍摄或导出后上传。"), name=name) from None
    return out.getvalue()
