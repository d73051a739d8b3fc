"""What a file is, told by its content: the kinds that are taken as evidence, and what is refused with a sentence.

The name of a file is only looked at where the content cannot tell (old Office files are one container).
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import BinaryIO

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class FileKind:
    """A kind of file: the ending of its name without the dot, its media type, whether it can be shown as a picture."""

    ending: str
    media: str
    picture: bool = False


KINDS: Mapping[str, FileKind] = MappingProxyType(
    {
        kind.ending: kind
        for kind in (
            FileKind("pdf", "application/pdf"),
            FileKind("jpg", "image/jpeg", picture=True),
            FileKind("png", "image/png", picture=True),
            FileKind("heic", "image/heic"),
            FileKind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            FileKind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            FileKind("doc", "application/msword"),
            FileKind("xls", "application/vnd.ms-excel"),
            FileKind("zip", "application/zip"),
            FileKind("txt", "text/plain"),
        )
    }
)
_MAGIC = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_PROGRAM = (
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xfe\xed\xfa",
    b"\xca\xfe\xba\xbe",
    b"\xcf\xfa\xed\xfe",
    b"\xce\xfa\xed\xfe",
)
_PROGRAM_PARTS = ("META-INF/MANIFEST.MF", "classes.dex", "AndroidManifest.xml")
_MARKUP = (b"<!doctype", b"<html", b"<script", b"<svg", b"<?xml", b"<body", b"<iframe")
_OLD_OFFICE = frozenset({"doc", "xls"})
_NEW_OFFICE = frozenset({"docx", "xlsx", "pptx"})


def ending_of(name: str) -> str:
    """The ending of a file's name in small letters, without the dot; jpeg counts as jpg."""
    ending = PurePath(name).suffix.lower().lstrip(".")
    return "jpg" if ending == "jpeg" else ending


def kind_of(name: str, content: BinaryIO) -> FileKind:
    """The kind of the file, by its content. Raises BadInput for programs, web pages and kinds that are not taken."""
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if not head:
        raise BadInput(_("文件“{name}”是空的。请核对后重新选择。"), name=_short(name))
    _refuse_active(name, head)
    for magic, ending in _MAGIC:
        if head.startswith(magic):
            return KINDS[ending]
    if head[4:8] == b"ftyp" and head[8:12] in _HEIC:
        return KINDS["heic"]
    if head.startswith(_OLE):
        return _old_office(name)
    if head.startswith(_ZIP):
        return _zipped(name, content)
    if _is_text(head) and b"<script" not in head.lower():
        return KINDS["txt"]
    raise _not_taken(name)


def _refuse_active(name: str, head: bytes) -> None:
    if head.startswith(_PROGRAM):
        raise _program(name)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:512].lower()
    if start.startswith(_MARKUP):
        raise BadInput(
            _("文件“{name}”的内容是网页，不能作为佐证材料。请打印成 PDF 或截图后上传。"), name=_short(name)
        )


def _old_office(name: str) -> FileKind:
    ending = ending_of(name)
    if ending in _NEW_OFFICE:
        raise BadInput(_("文件“{name}”设有打开密码，无法读取。请去除密码后重新上传。"), name=_short(name))
    if ending not in _OLD_OFFICE:
        raise _not_taken(name)
    return KINDS[ending]


def _zipped(name: str, content: BinaryIO) -> FileKind:
    """A zip archive, or the Word or Excel file that it is the container of."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            parts = set(archive.namelist())
    except (zipfile.BadZipFile, RuntimeError, ValueError, OSError):  # RuntimeError: a zip of a later version
        raise BadInput(_("文件“{name}”已损坏，无法打开。请重新生成后上传。"), name=_short(name)) from None
    if not parts.isdisjoint(_PROGRAM_PARTS):
        raise _program(name)
    if any(part.endswith("vbaProject.bin") for part in parts):
        raise BadInput(_("文件“{name}”带有宏，不能上传。请另存为不带宏的文件。"), name=_short(name))
    if "word/document.xml" in parts:
        return KINDS["docx"]
    if "xl/workbook.xml" in parts:
        return KINDS["xlsx"]
    return KINDS["zip"]


def _is_text(head: bytes) -> bool:
    if any(byte < 9 or 13 < byte < 32 for byte in head):
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head[:-4].decode(encoding) if len(head) == HEAD_BYTES else head.decode(encoding)
        except UnicodeDecodeError as failure:
            if len(head) == HEAD_BYTES and failure.start > len(head) - 9:
                return True  # a character cut in two by the end of what was read
            continue
        return True
    return False


def _program(name: str) -> BadInput:
    return BadInput(_("文件“{name}”是可以运行的程序，不能上传。请上传文档或图片。"), name=_short(name))


def _not_taken(name: str) -> BadInput:
    return BadInput(
        _("文件“{name}”的类型不能识别。可以上传：{kinds}。请转换后重新上传，或选“线下备查”。"),
        name=_short(name),
        kinds=listed(KINDS),
    )


def _short(name: str) -> str:
    return name if len(name) <= 40 else f"{name[:30]}…{name[-9:]}"
