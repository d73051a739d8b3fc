"""Word files written by hand, element by element: split runs, tables, notes, text boxes, tracked changes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
WPS = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
A = "http://schemas.openxmlformats.org/drawingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
KIND = f"{R}/"
MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_SPACES = (
    f'xmlns:w="{W}" xmlns:mc="{MC}" xmlns:wps="{WPS}" xmlns:wp="{WP}" xmlns:a="{A}" xmlns:r="{R}" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
BOLD = "<w:rPr><w:b/></w:rPr>"


def run(text: str, properties: str = "") -> str:
    """A run with one w:t."""
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str) -> str:
    """A paragraph of the runs."""
    return f"<w:p>{''.join(runs)}</w:p>"


def inserted(*runs: str, number: int = 900) -> str:
    """What somebody has inserted with tracking on."""
    return f'<w:ins w:id="{number}" w:author="李四" w:date="2023-12-01T08:00:00Z">{"".join(runs)}</w:ins>'


def deleted(text: str, number: int = 901) -> str:
    """What somebody has deleted with tracking on."""
    return (
        f'<w:del w:id="{number}" w:author="李四" w:date="2023-12-01T08:00:00Z">'
        f'<w:r><w:delText xml:space="preserve">{text}</w:delText></w:r></w:del>'
    )


def table(*rows: Sequence[str]) -> str:
    """A table with borders; each cell is given by the runs of its one paragraph."""
    sides = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join('<w:gridCol w:w="2800"/>' for _ in rows[0])
    made = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:tcW w:w="2800" w:type="dxa"/></w:tcPr>{paragraph(cell)}</w:tc>' for cell in row
        )
        + "</w:tr>"
        for row in rows
    )
    return f"<w:tbl><w:tblPr><w:tblBorders>{sides}</w:tblBorders></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{made}</w:tbl>"


def note_mark(number: int = 1, kind: str = "footnote") -> str:
    """The mark of a note in the body."""
    return f'<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:{kind}Reference w:id="{number}"/></w:r>'


def box(*paragraphs: str) -> str:
    """A run that holds a text box, as Word writes it: for itself, and again for old readers."""
    inside = f"<w:txbxContent>{''.join(paragraphs)}</w:txbxContent>"
    shape = (
        '<wp:inline><wp:extent cx="3600000" cy="720000"/><wp:docPr id="7" name="文本框"/><a:graphic>'
        f'<a:graphicData uri="{WPS}"><wps:wsp><wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="3600000" cy="720000"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom>'
        '<a:ln w="9525"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></wps:spPr>'
        f"<wps:txbx>{inside}</wps:txbx><wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline>"
    )
    old = (
        f'<w:pict><v:shape style="width:283pt;height:57pt"><v:textbox>{inside}</v:textbox></v:shape></w:pict>'
    )
    return (
        f'<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing>{shape}</w:drawing></mc:Choice>'
        f"<mc:Fallback>{old}</mc:Fallback></mc:AlternateContent></w:r>"
    )


def notes(kind: str, *texts: str) -> str:
    """The part of footnotes or endnotes; each text is given by the runs of its one paragraph."""
    made = "".join(
        f'<w:{kind} w:id="{number}"><w:p><w:r><w:{kind}Ref/></w:r>{text}</w:p></w:{kind}>'
        for number, text in enumerate(texts, 1)
    )
    lines = "".join(
        f'<w:{kind} w:type="{line}" w:id="{number}"><w:p><w:r><w:{line}/></w:r></w:p></w:{kind}>'
        for number, line in ((-1, "separator"), (0, "continuationSeparator"))
    )
    return f"{HEAD}<w:{kind}s {_SPACES}>{lines}{made}</w:{kind}s>"


def word_file(
    *blocks: str,
    footnotes: Sequence[str] = (),
    endnotes: Sequence[str] = (),
    more: Mapping[str, bytes] | None = None,
    relations: str = "",
    types: str = "",
) -> bytes:
    """A whole .docx. `more` are further parts, with what `relations` and `types` say about them."""
    parts: dict[str, bytes] = {}
    kinds = [("footnote", footnotes), ("endnote", endnotes)]
    said = "".join(
        f'<Override PartName="/word/{kind}s.xml" ContentType="{MAIN}.{kind}s+xml"/>'
        for kind, texts in kinds
        if texts
    )
    parts["[Content_Types].xml"] = (
        f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{MAIN}.document.main+xml"/>{said}{types}</Types>'
    ).encode()
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    parts["_rels/.rels"] = (
        f'{HEAD}<Relationships xmlns="{package}">'
        f'<Relationship Id="rId1" Type="{KIND}officeDocument" Target="word/document.xml"/></Relationships>'
    ).encode()
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{KIND}{kind}s" Target="{kind}s.xml"/>'
        for number, (kind, texts) in enumerate(kinds, 1)
        if texts
    )
    parts["word/_rels/document.xml.rels"] = (
        f'{HEAD}<Relationships xmlns="{package}">{links}{relations}</Relationships>'
    ).encode()
    end = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    parts["word/document.xml"] = (
        f"{HEAD}<w:document {_SPACES}><w:body>{''.join(blocks)}{end}</w:body></w:document>"
    ).encode()
    for kind, texts in kinds:
        if texts:
            parts[f"word/{kind}s.xml"] = notes(kind, *texts).encode()
    parts |= more or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a file, in their order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def full_report() -> bytes:
    """A report with all that makes reading hard: every figure of it is spoken of in the tests."""
    return word_file(
        paragraph(run("关于专项整治情况的报告", BOLD)),
        paragraph(
            run("截至"), run("11月", BOLD), run("30日，各单位共排查问题"), run("1,"), run("7", BOLD), run("40"),
            run("个，已销号问题"), deleted("231"), inserted(run("258"), number=902), run("个。"),
            run("走访基层"), note_mark(), run("，惠及群众", "<w:rPr><w:i/></w:rPr>"), run("２５０名。"),
        ),
        table((run("单位", BOLD), run("问题数（个）", BOLD)), (run("甲厂"), run("3") + run("5")), (run("乙厂"), run("42"))),
        paragraph(run("另见图示："), box(paragraph(run("召开推进会"), run("1"), run("2次。")))),
        paragraph(run("特此报告。"), note_mark(1, "endnote")),
        footnotes=(run("走访为") + run("1829家次。", BOLD),),
        endnotes=(run("数据共") + run("6类。"),),
        more={"word/media/image1.png": b"\x89PNG\r\n\x1a\n", "docProps/custom.xml": b"<a/>"},
    )  # fmt: skip
