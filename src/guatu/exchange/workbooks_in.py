"""Read a workbook (.xlsx, .xls, .xlsb, .ods) into sheets of cells, by its content and not by its name.

Size is checked before anything is parsed; parsing happens in a bounded process (`workbook_process`). Macros, pictures
and formulas are left alone: of a formula its last computed value is read.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import subprocess
import sys
import threading
import zipfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from guatu.domain.errors import BadInput
from guatu.domain.imports.grid import Grid, Merged, Workbook
from guatu.domain.words import gettext as _
from guatu.exchange.workbook_process import (
    HIDDEN,
    LENGTH,
    LONG,
    MANY,
    MARKS,
    MAX_CELLS,
    MAX_COLUMNS,
    MAX_LONG,
    MAX_ROWS,
    MAX_SHEETS,
)

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_PARTS = 5_000
SECONDS = 90
FILES_OF_ONE = 200
"""So many files are read by one process: its bound of computing time holds for all of them together."""
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")


def read_workbook(
    source: Path | bytes,
    name: str = "",
    *,
    marks: bool = False,
    returned: bool = False,
    reader: Reader | None = None,
) -> Workbook:
    """The workbook at `source` (a path, or its bytes with the `name` it was uploaded under).

    `marks`: tell also what is hidden, which cells show percentages and which hold errors (of an .xlsx). `returned`: a
    workbook that we gave out and that comes back filled: its hidden sheets are read as well, and it may be long.
    `reader`: a process that reads many of these one after the other. Raises BadInput with one sentence when it is no workbook, has a password, or is too large (checked before it is parsed).
    """
    if isinstance(source, Path):
        return read_workbook(
            read_bytes(source), name or source.name, marks=marks, returned=returned, reader=reader
        )
    refuse_too_large(len(source), name)
    _refuse_what_is_none(source, name)
    asked = [*([MARKS] if marks else []), *([HIDDEN, LONG] if returned else [])]
    answer = reader.taken_apart(source) if reader else _taken_apart(source, asked)
    if "error" in answer:
        raise _refusal(answer, name, MAX_LONG if returned else MAX_ROWS)
    sheets = tuple(
        Grid(
            sheet,
            tuple(tuple(row) for row in rows),
            tuple(Merged(top, left, bottom, right) for (top, left), (bottom, right) in merged),
            **_marked(answer["marks"].get(sheet, {})),
        )
        for sheet, rows, merged in answer["sheets"]
    )
    return Workbook(name, hashlib.sha256(source).hexdigest(), sheets, tuple(answer["hidden"]))


def _marked(marks: dict[str, Any]) -> dict[str, Any]:
    """The marks of a sheet as a grid holds them."""
    kinds = {"hidden_rows": frozenset, "hidden_columns": frozenset, "percents": frozenset, "errors": tuple}
    return {name: kinds[name](value) for name, value in marks.items()}


def read_bytes(path: Path) -> bytes:
    """The content of a file that is not too large to be read; BadInput with the reason otherwise."""
    try:
        if path.is_dir():
            raise BadInput(_("“{name}”是一个目录。请给出一份 Excel 文件。"), name=path.name)
        refuse_too_large(path.stat().st_size, path.name)
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(_("没有找到文件“{name}”。请检查路径和文件名。"), name=str(path)) from None
    except PermissionError:
        raise BadInput(_("没有读取“{name}”的权限。请检查文件权限。"), name=str(path)) from None


def refuse_too_large(size: int, name: str) -> None:
    """Refuse a file of more than 20 MB before anything is read of it."""
    if size > MAX_FILE_BYTES:
        raise BadInput(
            _("“{name}”有 {size} MB，超过 {limit} MB 的上限，未予读取。请删去图片或拆分后再试。"),
            name=name,
            size=f"{size / 1024 / 1024:.0f}",
            limit=MAX_FILE_BYTES // 1024 // 1024,
        )


def _refuse_what_is_none(data: bytes, name: str) -> None:
    """What is certainly no workbook, or would unfold beyond all measure, is not given to the reader at all."""
    if not data:
        raise BadInput(_("“{name}”是空文件。请选择有内容的 Excel 文件。"), name=name)
    if data.startswith(_COMPOUND_FILE):
        if _ENCRYPTED_STREAM in data:
            raise _secret()
        return
    if not data.startswith(b"PK"):
        raise _no_workbook(name)
    try:
        members = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        raise _broken(name) from None
    if any(member.flag_bits & 0x1 for member in members):
        raise _secret()
    if len(members) > MAX_PARTS or sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise BadInput(
            _("“{name}”解压后超过 {limit} MB，不像正常的 Excel 文件，未予读取。请检查文件来源。"),
            name=name,
            limit=MAX_UNPACKED_BYTES // 1024 // 1024,
        )


def _taken_apart(data: bytes, asked: Sequence[str]) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "guatu.exchange.workbook_process", *asked],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": "memory"}
    if done.returncode != 0:  # it met its bound
        return {"error": "memory"}
    answer: dict[str, Any] = pickle.loads(done.stdout)  # noqa: S301  # written by our own process
    return answer


class Reader:
    """A process that takes returned workbooks apart one after the other: starting one for each would take longer than
    reading it. A file that breaks it costs no other file: the next one gets a new process. Use it in a `with`.
    """

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._taken = 0

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_told: object) -> None:
        self._end()

    def taken_apart(self, data: bytes) -> dict[str, Any]:
        """What the file holds, or the key of what hinders."""
        if self._process is None or self._taken >= FILES_OF_ONE:
            self._begin()
        process = self._process
        assert process is not None and process.stdin is not None
        watch = threading.Timer(SECONDS, process.kill)
        watch.start()
        try:
            process.stdin.write(len(data).to_bytes(LENGTH, "big") + data)
            process.stdin.flush()
            answer = self._answer(process)
        except (BrokenPipeError, EOFError, pickle.UnpicklingError):
            self._end()
            return {"error": "memory"}  # it met its bound
        finally:
            watch.cancel()
        self._taken += 1
        return answer

    @staticmethod
    def _answer(process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        head = process.stdout.read(LENGTH)
        if len(head) < LENGTH:
            raise EOFError
        found: dict[str, Any] = pickle.loads(process.stdout.read(int.from_bytes(head, "big")))  # noqa: S301
        return found

    def _begin(self) -> None:
        self._end()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "guatu.exchange.workbook_process", MANY, HIDDEN, LONG],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._taken = 0

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):
                    pipe.close() if pipe else None


def _refusal(answer: dict[str, Any], name: str, most: int) -> BadInput:
    match answer["error"]:
        case "password":
            return _secret()
        case "sheets":
            return BadInput(
                _("“{name}”有 {count} 张工作表，最多 {most} 张。请只留下要导入的那一张。"),
                name=name,
                count=answer["count"],
                most=MAX_SHEETS,
            )
        case "size":
            return BadInput(
                _(
                    "“{name}”的工作表“{sheet}”有 {rows} 行，最多 {most} 行、{columns} 列。"
                    "请删去空行空列，或拆分后分次导入。"
                ),
                name=name,
                sheet=answer["sheet"],
                rows=answer["rows"],
                most=most,
                columns=MAX_COLUMNS,
            )
        case "cells":
            return too_many_cells(name, answer["sheet"], answer["rows"], answer["columns"])
        case "memory":
            return BadInput(
                _("“{name}”展开后过大，未予读取。请新建一张工作表，只粘贴需要导入的内容后再试。"), name=name
            )
        case _:
            return _broken(name)


def too_many_cells(name: str, sheet: str, rows: int, columns: int) -> BadInput:
    """The refusal of a sheet whose cells are too many, though neither its rows nor its columns are."""
    return BadInput(
        _(
            "“{name}”的工作表“{sheet}”有 {rows} 行、{columns} 列，最多 {most} 格。"
            "请删去不用导入的列，或拆分后分次导入。"
        ),
        name=name,
        sheet=sheet,
        rows=rows,
        columns=columns,
        most=f"{MAX_CELLS:,}",
    )


def _secret() -> BadInput:
    return BadInput(_("文件设有打开密码，无法读取。请去除密码后重新上传。"))


def _no_workbook(name: str) -> BadInput:
    return BadInput(
        _("“{name}”不是 Excel 文件（内容不符，与文件名无关）。请用 Excel 或 WPS 另存为 .xlsx 后再试。"),
        name=name,
    )


def _broken(name: str) -> BadInput:
    return BadInput(
        _("“{name}”已损坏，或不是 Excel 文件。请用 Excel 或 WPS 打开后另存为 .xlsx 再试。"), name=name
    )
