"""A superior's form as a file: its parts, its sheets and styles; what cannot be taken as a form is refused with a sentence."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, field

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.sheet_source import NotReadable, SheetSource, TooMuch, read_source, spans_of
from guatu.exchange.workbooks_in import MAX_FILE_BYTES, MAX_PARTS, MAX_UNPACKED_BYTES

MAX_SHEET_BYTES = 20 * 1024 * 1024
WORKBOOK = "xl/workbook.xml"
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_FORMULA = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?f[\s>/]")
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_BUILT_IN_DAYS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_BUILT_IN_SHARES = frozenset({9, 10})


@dataclass(slots=True)
class FormFile:
    """The form's parts in their order, and what has to be known to write into it.

    `sheets`: the part of each visible sheet by its name. `days`, `shares`: the styles (by number) that show a number as
    a date, as a percentage. `areas`: the last row (from 1) that a sheet prints, where it says so.
    """

    name: str
    members: list[tuple[zipfile.ZipInfo, bytes]]
    sheets: dict[str, str]
    from_1904: bool
    formulas: bool
    days: frozenset[str]
    shares: frozenset[str]
    areas: dict[str, int]
    _sources: dict[str, SheetSource] = field(default_factory=dict)

    def part(self, name: str) -> bytes:
        """The content of a part."""
        return next(content for info, content in self.members if info.filename == name)

    def source(self, sheet: str) -> SheetSource:
        """The sheet taken apart. BadInput for one that the form does not have."""
        if sheet not in self.sheets:
            raise BadInput(
                _("“{name}”中没有工作表“{sheet}”。请重新建立对应关系。"), name=self.name, sheet=sheet
            )
        if sheet not in self._sources:
            content = self.part(self.sheets[sheet])
            try:
                if len(content) > MAX_SHEET_BYTES:
                    raise TooMuch("bytes")
                self._sources[sheet] = read_source(content)
            except TooMuch:
                raise BadInput(
                    _("“{name}”的工作表“{sheet}”过大，不像表样。请删去多余的行后重新上传。"),
                    name=self.name,
                    sheet=sheet,
                ) from None
            except NotReadable:
                raise _broken(self.name) from None
        return self._sources[sheet]


def open_form(content: bytes, name: str) -> FormFile:
    """The form in its parts. Raises BadInput with one sentence for what is no .xlsx, has a password, a macro or a DTD,
    unfolds beyond measure, or is broken.
    """
    _refuse_others(content, name)
    members = _members(content, name)
    by_name = {info.filename: part for info, part in members}
    _refuse_active(by_name, name)
    if WORKBOOK not in by_name:
        raise BadInput(_("“{name}”不是 .xlsx 工作簿。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。"), name=name)
    try:
        sheets, from_1904, areas = _workbook(by_name)
        days, shares = _styles(by_name.get("xl/styles.xml", b""))
    except (NotReadable, KeyError, ValueError):
        raise _broken(name) from None
    if not sheets:
        raise BadInput(_("“{name}”没有可见的工作表。请取消隐藏后重新上传。"), name=name)
    formulas = any(_FORMULA.search(part) for key, part in by_name.items() if key.startswith("xl/worksheets/"))
    return FormFile(name, members, sheets, from_1904, formulas, days, shares, areas)


def _refuse_others(content: bytes, name: str) -> None:
    if not content:
        raise BadInput(_("“{name}”是空文件。请选择上级下发的 .xlsx 表样。"), name=name)
    if len(content) > MAX_FILE_BYTES:
        raise BadInput(
            _("“{name}”有 {size} MB，表样最大 {limit} MB。请删去图片或多余的内容后重新上传。"),
            name=name,
            size=-(-len(content) // (1 << 20)),
            limit=MAX_FILE_BYTES >> 20,
        )
    if content.startswith(_COMPOUND_FILE):
        if _ENCRYPTED_STREAM in content:
            raise BadInput(_("文件设有打开密码，无法读取。请去除密码后重新上传。"))
        raise BadInput(
            _("“{name}”是旧格式（.xls），无法原样填写。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。"),
            name=name,
        )
    if not content.startswith(b"PK"):
        raise BadInput(_("“{name}”不是 Excel 文件（内容不符，与文件名无关）。请上传 .xlsx 表样。"), name=name)


def _members(content: bytes, name: str) -> list[tuple[zipfile.ZipInfo, bytes]]:
    """Every part, unpacked; no more than is declared is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            if any(info.flag_bits & 0x1 for info in infos):
                raise BadInput(_("文件设有打开密码，无法读取。请去除密码后重新上传。"))
            if len(infos) > MAX_PARTS or sum(info.file_size for info in infos) > MAX_UNPACKED_BYTES:
                raise BadInput(
                    _("“{name}”解压后超过 {limit} MB，不像正常的表样，未予接收。请检查文件来源。"),
                    name=name,
                    limit=MAX_UNPACKED_BYTES >> 20,
                )
            if len({info.filename for info in infos}) != len(infos):
                raise _broken(name)
            return [(info, _unpacked(archive, info)) for info in infos]
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError, EOFError):
        raise _broken(name) from None


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """One part. `archive.read` unpacks a part whole before it looks at what size was declared; a read of so many bytes
    does not, and a part that holds more than it says fails its checksum.
    """
    with archive.open(info) as part:
        return part.read(info.file_size + 1)


def _refuse_active(parts: dict[str, bytes], name: str) -> None:
    if any(key.lower().endswith("vbaproject.bin") for key in parts) or (
        b"macroEnabled" in parts.get("[Content_Types].xml", b"")
    ):
        raise BadInput(_("“{name}”带有宏，不能作表样。请另存为不带宏的 .xlsx 后重新上传。"), name=name)
    for key, part in parts.items():
        if key.endswith((".xml", ".rels")) and any(mark in part for mark in _DOCTYPES):
            raise BadInput(
                _("“{name}”含有不应出现的内部声明（DTD），未予接收。请用 Excel 或 WPS 打开后另存为 .xlsx。"),
                name=name,
            )


def _workbook(parts: dict[str, bytes]) -> tuple[dict[str, str], bool, dict[str, int]]:
    """The parts of the visible sheets by name, whether days count from 1904, and how far sheets are printed."""
    targets = {
        attributes["Id"]: attributes["Target"]
        for tag, _span, attributes in spans_of(parts["xl/_rels/workbook.xml.rels"])
        if _local(tag) == "Relationship"
    }
    sheets: dict[str, str] = {}
    order: list[str] = []
    from_1904, areas = False, {}
    for tag, span, attributes in spans_of(parts[WORKBOOK]):
        match _local(tag):
            case "sheet":
                order.append(attributes["name"])
                relation = next(value for key, value in attributes.items() if _local(key) == "id")
                target = targets[relation]
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
                if attributes.get("state", "visible") == "visible" and part.startswith("xl/worksheets/"):
                    if part not in parts:
                        raise NotReadable(part)
                    sheets[attributes["name"]] = part
            case "workbookPr":
                from_1904 = attributes.get("date1904") in ("1", "true")
            case "definedName" if attributes.get("name") == "_xlnm.Print_Area":
                said = parts[WORKBOOK][span.opened : span.closed].decode()
                rows = [int(row) for row in re.findall(r"\$?[A-Z]{1,3}\$(\d+)(?=,|$)", said)]
                at = int(attributes.get("localSheetId", "-1"))
                if rows and 0 <= at < len(order):
                    areas[order[at]] = max(rows)
    return sheets, from_1904, areas


def _styles(part: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The numbers of the cell styles that show days, and of those that show percentages."""
    if not part:
        return frozenset(), frozenset()
    formats: dict[int, str] = {}
    used: list[int] = []
    within = _cell_styles(part)
    for tag, span, attributes in spans_of(part):
        match _local(tag):
            case "numFmt" if "numFmtId" in attributes:
                formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
            case "xf" if within[0] <= span.start < within[1]:
                used.append(int(attributes.get("numFmtId", "0")))
    days = frozenset(str(at) for at, one in enumerate(used) if _shows_day(one, formats))
    shares = frozenset(
        str(at)
        for at, one in enumerate(used)
        if (one in _BUILT_IN_SHARES if one not in formats else "%" in _QUOTED.sub("", formats[one]))
    )
    return days, shares


def _cell_styles(part: bytes) -> tuple[int, int]:
    for tag, span, _attributes in spans_of(part):
        if _local(tag) == "cellXfs":
            return span.start, span.end
    return 0, 0


def _shows_day(number: int, formats: dict[int, str]) -> bool:
    if number not in formats:
        return number in _BUILT_IN_DAYS
    code = _QUOTED.sub("", formats[number].split(";")[0]).lower()
    return (
        "y" in code or "d" in code or "e" in code.replace("general", "").replace("e+", "").replace("e-", "")
    )


def _local(tag: str) -> str:
    return tag.rpartition(":")[2]


def _broken(name: str) -> BadInput:
    return BadInput(
        _("“{name}”已损坏，或不是完整的 .xlsx 文件。请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"), name=name
    )
