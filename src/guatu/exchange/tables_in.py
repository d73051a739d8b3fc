"""Any file that holds a table, as grids: workbooks of all makes, and CSV in the encodings that offices use.

What a file is, is told by its content; a name that says something else is refused with what the file really is. Macros
are refused, passwords, files that unfold beyond measure: with a sentence that says what to do instead.
"""

from __future__ import annotations

import csv
import hashlib
import io
import zipfile
from itertools import islice
from pathlib import Path, PurePath

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Grid, Workbook
from guatu.domain.words import gettext as _
from guatu.exchange.offline_return import is_offline, read_offline
from guatu.exchange.workbook_process import MAX_CELLS, MAX_COLUMNS, MAX_ROWS
from guatu.exchange.workbooks_in import Reader, read_bytes, read_workbook, refuse_too_large, too_many_cells

ENDINGS = (".xlsx", ".xls", ".xlsb", ".ods", ".et", ".csv", ".txt", ".json")
TEXT_ENDINGS = frozenset({".csv", ".txt", ".tsv"})
_ENCODINGS = ("utf-8-sig", "gb18030")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SIGNS = ",\t;，"
_LONGEST_CELL = 40_000
_MACROS = ("vbaproject.bin", "xl/macrosheets/")
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK"
_MARKUP = (b"<!doctype", b"<html", b"<table", b"<?xml", b"<script", b"<meta", b"<svg", b"mime-version:")


def read_tables(
    source: Path | bytes, name: str = "", *, returned: bool = False, reader: Reader | None = None
) -> Workbook:
    """The grids of the file; BadInput with one sentence for everything that holds none, or that is not taken.

    `returned`: a workbook that we gave out comes back; it is read with its hidden sheets, and it may be long,
    by `reader` if there is one.
    """
    if isinstance(source, Path):
        return read_tables(read_bytes(source), name or source.name, returned=returned, reader=reader)
    refuse_too_large(len(source), name)
    if not source.strip():
        raise BadInput(_("“{name}”是空文件。请选择有内容的 Excel 文件。"), name=name)
    if source.startswith(_ZIP):
        _refuse_zipped(source, name)
        return read_workbook(source, name, marks=not returned, returned=returned, reader=reader)
    if source.startswith(_OLE):
        _refuse_old(source, name)
        return read_workbook(source, name, returned=returned, reader=reader)
    if is_offline(source):
        return _offline(source, name, returned=returned)
    return _text(source, name)


def _offline(data: bytes, name: str, *, returned: bool) -> Workbook:
    """What the offline form has saved: it comes back where filled workbooks do, and nowhere else."""
    if not returned:
        raise BadInput(_("“{name}”是离线采集包存下的文件。请在该清单的“上传填好的表”中上传。"), name=name)
    try:
        return read_offline(data, name, hashlib.sha256(data).hexdigest())
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(
            _("“{name}”不完整，可能在传送中损坏。请在离线采集包中重新存一次，再上传。"), name=name
        ) from None


def _refuse_zipped(data: bytes, name: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = [part.lower() for part in archive.namelist()]
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return  # the reader of workbooks says what is wrong with it
    if any(macro in part for part in parts for macro in _MACROS):
        raise _macros(name)
    for part, kind in (("word/", _("Word 文档")), ("ppt/", _("演示文稿"))):
        if any(each.startswith(part) for each in parts):
            raise _is_other(name, kind)
    book = any(part.startswith("xl/workbook.") or part == "content.xml" for part in parts)
    if not book and not any(part.endswith("encryptedpackage") for part in parts):
        raise _is_other(name, _("压缩包"))


def _refuse_old(data: bytes, name: str) -> None:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return  # the reader says so
    if _OLD_MACROS in data:
        raise _macros(name)
    if "WordDocument".encode("utf-16-le") in data:
        raise _is_other(name, _("Word 文档"))
    if "PowerPoint Document".encode("utf-16-le") in data:
        raise _is_other(name, _("演示文稿"))


def _text(data: bytes, name: str) -> Workbook:
    """CSV, if both its name and its content say so."""
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith(b"%pdf-"):
        raise _is_other(name, "PDF")
    if head.startswith((b"\x89png", b"\xff\xd8\xff", b"gif8", b"bm")) and b"\0" in data[:4096]:
        raise _is_other(name, _("图片"))
    if head.startswith(_MARKUP):
        raise _is_other(name, _("网页"))
    text = _decoded(data)
    if text is None:
        raise BadInput(
            _("“{name}”不是 Excel 文件（内容不符，与文件名无关）。请用 Excel 或 WPS 另存为 .xlsx 后再试。"),
            name=name,
        )
    if PurePath(name).suffix.lower() not in TEXT_ENDINGS:
        raise BadInput(
            _(
                "“{name}”的内容是文本（CSV），不是 Excel 文件。请把文件名改成 .csv，或用 Excel 另存为 .xlsx 后再试。"
            ),
            name=name,
        )
    return Workbook(name, hashlib.sha256(data).hexdigest(), (_grid(text, name),))


def _decoded(data: bytes) -> str | None:
    """The text, in UTF-8, GB18030 or marked UTF-16; None for what is none."""
    encodings = ("utf-16",) if data.startswith(_UTF16) else _ENCODINGS
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if any(ord(sign) < 32 and sign not in "\t\r\n\f\v\x1a" for sign in text):
            return None
        return text.replace("\x1a", "")
    return None


def _grid(text: str, name: str) -> Grid:
    first = [line for line in islice(io.StringIO(text, newline=""), 20) if line.strip()]
    sign = max(_SIGNS, key=lambda each: sum(line.count(each) for line in first))
    csv.field_size_limit(_LONGEST_CELL)
    rows: list[tuple[str, ...]] = []
    count = wide = 0
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            count, wide = count + 1, max(wide, len(row))
            if count <= MAX_ROWS and wide <= MAX_COLUMNS:  # of what is too long only the length is wanted
                rows.append(tuple(row))
    except csv.Error:
        raise BadInput(
            _("“{name}”的引号不成对，或有一格过长，无法分出各列。请用 Excel 打开后另存为 .xlsx 再试。"),
            name=name,
        ) from None
    if count > MAX_ROWS or wide > MAX_COLUMNS:
        raise BadInput(
            _("“{name}”有 {rows} 行 {wide} 列，最多 {most} 行、{columns} 列。请拆分后分次导入。"),
            name=name,
            rows=count,
            wide=wide,
            most=MAX_ROWS,
            columns=MAX_COLUMNS,
        )
    if count * wide > MAX_CELLS:
        raise too_many_cells(name, PurePath(name).stem, count, wide)
    return Grid(PurePath(name).stem, tuple((*row, *("",) * (wide - len(row))) for row in rows))


def _macros(name: str) -> BadInput:
    return BadInput(
        _("“{name}”带有宏，不能上传。请在 Excel 或 WPS 中另存为不带宏的 .xlsx 后再试。"), name=name
    )


def _is_other(name: str, kind: str) -> BadInput:
    return BadInput(
        _("“{name}”其实是{kind}，不是 Excel 文件（内容不符，与文件名无关）。请把表格另存为 .xlsx 后再试。"),
        name=name,
        kind=kind,
    )
