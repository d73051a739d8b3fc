"""Read a .docx or a text file into plain text, with a map from text offsets back to the document's runs.

Word files are read as raw runs: insertions that are being tracked count, deletions do not; tables (cells parted by tabs,
rows by line ends), text boxes once, footnotes and endnotes after the body. Macros and pictures are left alone.
"""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.exchange.windows_text import as_gbk

MAX_FILE_BYTES = 50 * 1024 * 1024
MAX_PART_BYTES = 40 * 1024 * 1024
MAX_PARTS = 5_000
MAX_CHARACTERS = 1_000_000
_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_WORD_NAMESPACES = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_SKIPPED = frozenset(
    "del moveFrom rPr pPr tblPr trPr tcPr sectPr instrText delText delInstrText fldData Fallback rt annotationRef "
    "footnoteRef endnoteRef footnoteReference endnoteReference commentReference".split()
)
_NOTES = ("word/footnotes.xml", "word/endnotes.xml")
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,  # an unknown compression
)
"""What reading a member of a zip raises when its bytes are not what they promise."""
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of the text that one run of the document holds: `part` and the number of the w:r in it, from 0."""

    start: int
    end: int
    part: str
    number: int


@dataclass(frozen=True, slots=True)
class Document:
    """A document's text (offsets are its code points) and, for .docx, the runs that it came from."""

    name: str
    text: str
    runs: tuple[Run, ...] = ()

    def __str__(self) -> str:
        return self.text

    def runs_of(self, start: int, end: int) -> tuple[Run, ...]:
        """The runs that hold any of the characters from `start` to `end`."""
        return tuple(run for run in self.runs if run.start < end and start < run.end)


@dataclass(slots=True)
class _Writer:
    """Collects text in order; text boxes wait until their paragraph has ended."""

    part: str
    length: int = 0
    pieces: list[str] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    waiting: list[etree._Element] = field(default_factory=list)

    def write(self, text: str, number: int | None = None) -> None:
        if not text:
            return
        if number is not None:
            self.runs.append(Run(self.length, self.length + len(text), self.part, number))
        self.pieces.append(text)
        self.length += len(text)


def read_document(path: str | Path) -> Document:
    """The text of the file at `path`. Raises BadInput with one sentence when it cannot be read as text or .docx."""
    place = Path(path)
    try:
        if place.is_dir():
            raise BadInput(_("“{name}”是一个目录。请给出一份 .docx 或 .txt 文件。"), name=place.name)
        size = place.stat().st_size
        if size > MAX_FILE_BYTES:
            raise _too_big(place.name, size)
        data = place.read_bytes()
    except FileNotFoundError:
        raise BadInput(_("没有找到文件“{name}”。请检查路径和文件名。"), name=str(path)) from None
    except PermissionError:
        raise BadInput(_("没有读取“{name}”的权限。请检查文件权限。"), name=str(path)) from None
    return read_bytes(data, place.name)


def read_bytes(data: bytes, name: str) -> Document:
    """The text of an uploaded file, told apart by its content and not by its name."""
    if len(data) > MAX_FILE_BYTES:
        raise _too_big(name, len(data))
    document = _read(data, name)
    if len(document.text) > MAX_CHARACTERS:
        raise BadInput(
            _("“{name}”有 {count} 万字，超过 {limit} 万字的上限。请拆分后再试。"),
            name=name,
            count=len(document.text) // 10_000,
            limit=MAX_CHARACTERS // 10_000,
        )
    return document


def _read(data: bytes, name: str) -> Document:
    if not data:
        raise BadInput(_("“{name}”是空文件。请选择有内容的 .docx 或 .txt 文件。"), name=name)
    if data.startswith(_COMPOUND_FILE):
        if _ENCRYPTED_STREAM in data:
            raise BadInput(_("“{name}”设有打开密码，无法读取。请去除密码后重新提供。"), name=name)
        raise BadInput(_("“{name}”是旧版 Word（.doc）或其他旧格式。请另存为 .docx 后重新提供。"), name=name)
    if data.startswith(b"PK"):
        return _read_docx(data, name)
    if name.lower().endswith((".docx", ".docm")):
        raise BadInput(
            _("“{name}”不是完整的 Word 文件，无法打开。请用 Word 或 WPS 重新保存后再试。"), name=name
        )
    if data.startswith((b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff")):
        raise BadInput(_("“{name}”不是 .docx 或文本文件。请提供 .docx 或 .txt 文件。"), name=name)
    return _read_text(data, name)


def _too_big(name: str, size: int) -> BadInput:
    return BadInput(
        _("“{name}”有 {size} MB，超过 {limit} MB 的上限。请删去图片或拆分后再试。"),
        name=name,
        size=f"{size / 1024 / 1024:.1f}",
        limit=MAX_FILE_BYTES // 1024 // 1024,
    )


def _read_text(data: bytes, name: str) -> Document:
    if data.startswith(_UTF16_MARKS):
        raise BadInput(_("“{name}”是 UTF-16 编码。请另存为 UTF-8 编码的文本文件。"), name=name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        in_gbk = as_gbk(data)
        if in_gbk is None:
            # utf-8-sig counts from after the mark; the offset told is the file's own
            offset = error.start + (3 if data.startswith(b"\xef\xbb\xbf") else 0)
            raise BadInput(
                _(
                    "“{name}”第 {offset} 字节（0x{byte}）不是 UTF-8 编码，也不是 GBK。请另存为 UTF-8 编码后再试。"
                ),
                name=name,
                offset=offset,
                byte=f"{data[offset]:02X}",
            ) from None
        text = in_gbk
    if "\x00" in text:
        raise BadInput(_("“{name}”含有二进制内容，不是文本文件。请提供 .docx 或 .txt 文件。"), name=name)
    if not text.strip():
        raise BadInput(_("“{name}”没有文字。请选择有内容的文件。"), name=name)
    return Document(name, text)


def _read_docx(data: bytes, name: str) -> Document:
    broken = BadInput(_("“{name}”已损坏，不是完整的 Word 文件。请用 Word 或 WPS 重新保存后再试。"), name=name)
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):  # RuntimeError: a zip of a later version
        raise broken from None
    names = {member.filename for member in members}
    if len(members) > MAX_PARTS:
        raise BadInput(
            _("“{name}”内含 {count} 个部件，不像正常的 Word 文件。请检查文件来源。"),
            name=name,
            count=len(members),
        )
    if "word/document.xml" not in names:
        raise BadInput(_("“{name}”不是 Word 文件（.docx）。请选择 .docx 或 .txt 文件。"), name=name)
    text = ""
    runs: list[Run] = []
    for part in ("word/document.xml", *_NOTES):
        if part not in names:
            continue
        root = _parse(_part(archive, part, name, broken), name, part, broken)
        writer = _Writer(part, length=len(text))
        _walk_part(root, writer)
        text += "".join(writer.pieces)
        runs.extend(writer.runs)
    if not text.strip():
        raise BadInput(_("“{name}”没有文字。请选择有内容的文件。"), name=name)
    return Document(name, text, tuple(runs))


def _part(archive: zipfile.ZipFile, part: str, name: str, broken: BadInput) -> bytes:
    """The bytes of one part, never more than the limit whatever its header promises."""
    member = archive.getinfo(part)
    if member.flag_bits & 0x1:
        raise BadInput(_("“{name}”设有打开密码，无法读取。请去除密码后重新提供。"), name=name)
    try:
        with archive.open(member) as stream:
            content = stream.read(MAX_PART_BYTES + 1)
    except BROKEN_ARCHIVE:
        raise broken from None
    if len(content) > MAX_PART_BYTES:
        raise BadInput(
            _("“{name}”解压后的正文超过 {limit} MB，未予读取。请删去多余内容或拆分后再试。"),
            name=name,
            limit=MAX_PART_BYTES // 1024 // 1024,
        )
    return content


def _parse(content: bytes, name: str, part: str, broken: BadInput) -> etree._Element:
    """The part's tree. A document type is refused: Word writes none, and entities are how files are smuggled."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or "<!DOCTYPE".encode("utf-16-le") in content:
        raise BadInput(
            _("“{name}”的部件 {part} 含有外部实体声明，未予读取。请检查文件来源。"), name=name, part=part
        )
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise broken from None
    if etree.QName(root).namespace not in _WORD_NAMESPACES:
        raise broken
    return root


def local_name(element: etree._Element) -> str:
    """The name without its namespace; empty for comments and processing instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _flag(element: etree._Element | None) -> bool:
    """A switch such as w:vanish: on when present, unless its value says otherwise."""
    if element is None:
        return False
    value = next((v for k, v in element.attrib.items() if str(k).endswith("}val")), "true")
    return str(value).lower() not in ("0", "false", "off", "none")


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if local_name(child) == name), None)


def _walk_part(root: etree._Element, writer: _Writer) -> None:
    _walk(root, writer, {run: i for i, run in enumerate(runs_in(root))})


def runs_in(root: etree._Element) -> list[etree._Element]:
    """All runs of a part in the order of the file: what `Run.number` counts."""
    return [element for element in root.iter() if local_name(element) == "r"]


def runs_below(element: etree._Element, numbers: dict[etree._Element, int], part: str) -> list[Run]:
    """The runs that hold text below `element`, read as the body is; offsets from 0. `numbers`: of the part's `runs_in`."""
    writer = _Writer(part)
    _walk(element, writer, numbers)
    while writer.waiting:
        waiting, writer.waiting = writer.waiting, []
        for box in waiting:
            _walk(box, writer, numbers)
    return writer.runs


def _walk(element: etree._Element, writer: _Writer, numbers: dict[etree._Element, int]) -> None:
    """Write the text below `element` in reading order."""
    for child in element:
        kind = local_name(child)
        if kind in _SKIPPED or not kind:
            continue
        if kind in ("footnote", "endnote") and _is_separator(child):
            continue
        if kind == "p":
            _paragraph(child, writer, numbers)
        elif kind == "tbl":
            _table(child, writer, numbers)
        elif kind == "r":
            _run(child, writer, numbers)
        elif kind == "AlternateContent":
            # The same text box stands in Choice and, for old readers, again in Fallback.
            choice = _child(child, "Choice")
            _walk(choice if choice is not None else child, writer, numbers)
        elif kind == "txbxContent":
            writer.waiting.append(child)
        else:
            _walk(child, writer, numbers)


def _is_separator(note: etree._Element) -> bool:
    return any(
        str(k).endswith("}type") and v in ("separator", "continuationSeparator")
        for k, v in note.attrib.items()
    )


def _paragraph(paragraph: etree._Element, writer: _Writer, numbers: dict[etree._Element, int]) -> None:
    _walk(paragraph, writer, numbers)
    properties = _child(paragraph, "pPr")
    mark = _child(properties, "rPr") if properties is not None else None
    joined = mark is not None and (_child(mark, "del") is not None or _child(mark, "moveFrom") is not None)
    if not joined:
        writer.write("\n")
    waiting, writer.waiting = writer.waiting, []
    for box in waiting:
        _walk(box, writer, numbers)


def _table(table: etree._Element, writer: _Writer, numbers: dict[etree._Element, int]) -> None:
    """Rows as lines, cells parted by tabs; a cell's own paragraphs are joined by blanks."""
    for row in (e for e in _unwrapped(table) if local_name(e) == "tr"):
        properties = _child(row, "trPr")
        if properties is not None and _child(properties, "del") is not None:
            continue
        first = True
        for cell in (e for e in _unwrapped(row) if local_name(e) == "tc"):
            if not first:
                writer.write("\t")
            first = False
            before = len(writer.pieces)
            boxes, writer.waiting = writer.waiting, []
            _walk(cell, writer, numbers)
            while len(writer.pieces) > before and writer.pieces[-1] == "\n":
                writer.pieces.pop()
                writer.length -= 1
                if writer.runs and writer.runs[-1].end > writer.length:  # a line break that ended the cell
                    writer.runs.pop()
            writer.pieces[before:] = [" " if piece == "\n" else piece for piece in writer.pieces[before:]]
            writer.waiting = boxes + writer.waiting
        writer.write("\n")


def _unwrapped(element: etree._Element) -> list[etree._Element]:
    """Children, seen through content controls and tracked insertions."""
    out: list[etree._Element] = []
    for child in element:
        if local_name(child) in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            out.extend(_unwrapped(child))
        else:
            out.append(child)
    return out


def _run(run: etree._Element, writer: _Writer, numbers: dict[etree._Element, int]) -> None:
    properties = _child(run, "rPr")
    if properties is not None and _flag(_child(properties, "vanish")):
        return
    number = numbers[run]
    for child in run:
        kind = local_name(child)
        if kind == "t":
            writer.write(child.text or "", number)
        elif kind in ("tab", "ptab"):
            writer.write("\t", number)
        elif kind in ("br", "cr"):
            writer.write("\n", number)
        elif kind == "noBreakHyphen":
            writer.write("-", number)
        elif kind and kind not in _SKIPPED:
            _walk_inside_run(child, kind, writer, numbers)


def _walk_inside_run(
    child: etree._Element, kind: str, writer: _Writer, numbers: dict[etree._Element, int]
) -> None:
    """Drawings, pictures with text boxes, ruby text."""
    if kind == "AlternateContent":
        choice = _child(child, "Choice")
        _walk(choice if choice is not None else child, writer, numbers)
    elif kind == "txbxContent":
        writer.waiting.append(child)
    elif kind not in ("sym", "softHyphen", "lastRenderedPageBreak", "fldChar"):
        _walk(child, writer, numbers)
