"""An official document as one self-contained web page that looks like the paper: the same model as the Word file and PDF.

Semantic and without script: headings, tables with heads, figures with their words, a footer. Every printed figure can lead to
its records; a list of sources at the end says what each number is. Printed from a browser it has the margins of the standard.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files

from django.utils.translation import override

from guatu.domain.document import (
    Annex,
    Block,
    BriefingHead,
    Drawing,
    Head,
    Heading,
    Official,
    PageBreak,
    Paragraph,
    Picture,
    Run,
    Table,
)
from guatu.domain.document.placing import (
    EDITORS_NOTE,
    annex_heads,
    annex_note,
    foot_lines,
    issue_number,
    mark_size,
)
from guatu.domain.document.signing import signed_lines
from guatu.domain.words import gettext as _
from guatu.exchange.files import printable
from guatu.exchange.official_pdf import WRITTEN

_LONG = 40.0
"""A mark that is set smaller than this on paper is smaller on the screen too."""
Anchors = tuple[Sequence[str], Sequence[Sequence[str]]]
Address = Callable[[Run], str | None]
"""Where a figure's records are, None for one without a place to lead to."""


@dataclass(frozen=True, slots=True)
class Source:
    """What one figure of the text is: `key` as in its runs, its name, what it counts and its records in whole sentences, and
    where these are.
    """

    key: str
    label: str
    definition: str
    records: str = ""
    address: str = ""


def render(
    document: Official,
    addresses: Mapping[str, str] | Address | None = None,
    *,
    sources: Sequence[Source] = (),
    titles: Mapping[str, str] | None = None,
) -> bytes:
    """The whole page; the same document gives the same bytes.

    `addresses` (key of a figure → address, or a function of its run) make figures links. `sources` are listed at the end, and
    a figure without an address leads there. `titles`: key → what the figure counts, where there are no sources.
    """
    page = (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_told(document.title)}</title>\n<style>\n{style()}</style>\n</head>\n<body>\n"
        f"{fragment(document, addresses, sources=sources, titles=titles)}</body>\n</html>\n"
    )
    return page.encode()


def style() -> str:
    """The style sheet of the page."""
    return files("guatu.exchange").joinpath("official.css").read_text(encoding="utf-8")


def fragment(
    document: Official,
    addresses: Mapping[str, str] | Address | None = None,
    *,
    sources: Sequence[Source] = (),
    titles: Mapping[str, str] | None = None,
    anchors: Anchors = ((), ()),
) -> str:
    """The article alone, for a page that brings its own frame and style.

    `anchors`: for every part of the text, and of each annex, what it is part of (`data-block`); the first of each is `at-…`.
    """
    page = _Page(addresses, {one.key: one for one in sources}, titles or {})
    inside, in_annexes = anchors
    lines = [
        f'<article class="official {document.kind}">',
        *_head(document),
        *([] if document.kind == "order" else [f"<h1>{_told(document.title)}</h1>"]),
        *_line("salutation", document.salutation),
        *_editors_note(document),
        *page.blocks(document.blocks, inside),
        *_annex_note(document),
        *_signature(document),
        *_line("remark", f"（{document.remark}）" if document.remark else ""),
        *_present(document),
        *(f'<p class="note">{_told(note)}</p>' for note in document.notes),
        *page.annexes(document.annexes, in_annexes),
        *_foot(document),
        *_sources(sources),
        "</article>",
    ]
    return "".join(f"{line}\n" for line in lines)


def inner(blocks: Sequence[Block]) -> str:
    """Some parts of a document alone, as they stand in the article; page breaks are left out."""
    page = _Page(None, {}, {})
    return "\n".join(page.block(block) for block in blocks if not isinstance(block, PageBreak))


def _told(text: str) -> str:
    return escape(printable(text))


def _line(kind: str, text: str) -> Iterator[str]:
    if text:
        yield f'<p class="{kind}">{_told(text)}</p>'


@dataclass(frozen=True, slots=True)
class _Page:
    """What figures lead to and what they count."""

    addresses: Mapping[str, str] | Address | None
    sources: Mapping[str, Source]
    titles: Mapping[str, str]

    def run(self, run: Run) -> str:
        text = f"<strong>{_told(run.text)}</strong>" if run.bold else _told(run.text)
        if not run.key:
            return text
        source = self.sources.get(run.key)
        definition = source.definition if source else self.titles.get(run.key, "")
        title = f' title="{_told(definition)}"' if definition else ""
        marks = f'class="figure" data-key="{escape(run.key)}"{title}'
        address = self._address(run)
        if not address and source is not None:
            address = source.address or f"#source-{run.key}"
        if not address:
            return f"<span {marks}>{text}</span>"
        return f'<a {marks} href="{escape(address)}">{text}</a>'

    def _address(self, run: Run) -> str | None:
        if self.addresses is None:
            return None
        return self.addresses(run) if callable(self.addresses) else self.addresses.get(run.key)

    def block(self, block: Block) -> str:
        if isinstance(block, Heading):
            return f"<h{block.level + 1}>{_told(block.text)}</h{block.level + 1}>"
        if isinstance(block, Paragraph):
            kind = "" if block.indent else ' class="flush"'
            return f"<p{kind}>{''.join(self.run(run) for run in block.runs)}</p>"
        if isinstance(block, Table):
            return _table(block)
        if isinstance(block, Picture):
            return _picture(block)
        if isinstance(block, Drawing):
            return _drawing(block)
        assert isinstance(block, PageBreak)
        return '<hr class="page">'

    def blocks(self, blocks: Sequence[Block], anchors: Sequence[str]) -> Iterator[str]:
        """The parts below each other, each marked with what it is part of where `anchors` says so."""
        before = ""
        for at, block in enumerate(blocks):
            told = self.block(block)
            anchor = anchors[at] if len(anchors) == len(blocks) else ""
            if anchor:
                own = f' id="at-{escape(anchor)}"' if anchor != before else ""
                told = re.sub(r"^<\w+", rf'\g<0>{own} data-block="{escape(anchor)}"', told)
            before = anchor
            yield told

    def annexes(self, annexes: Sequence[Annex], anchors: Sequence[Sequence[str]]) -> Iterator[str]:
        for at, (head, annex) in enumerate(zip(annex_heads(annexes), annexes, strict=True)):
            across = " across" if annex.landscape else ""
            yield f'<section class="annex{across}">\n<p class="annex-head">{_told(head)}</p>'
            yield f'<h2 class="title">{_told(annex.title)}</h2>'
            yield from self.blocks(annex.blocks, anchors[at] if len(anchors) == len(annexes) else ())
            yield "</section>"


def _head(document: Official) -> Iterator[str]:
    head = document.head
    if head is None:
        return
    yield '<header class="head">'
    if isinstance(head, BriefingHead):
        yield _mark(head.name)
        yield f'<p class="number">{_told(issue_number(head))}</p>'
        yield f'<p class="ends"><span>{_told(head.editor)}</span> <span>{_told(head.day)}</span></p>'
    elif isinstance(head, Head):
        yield from _line("urgency", head.urgency)
        yield _mark(head.mark)
        if document.kind == "upward":
            signers = _told("　".join(head.signers))
            yield (
                f'<p class="ends"><span>{_told(head.number)}</span> '
                f'<span>签发人：<span class="signer">{signers}</span></span></p>'
            )
        else:
            yield f'<p class="number">{_told(head.number)}</p>'
    yield "</header>"


def _mark(text: str) -> str:
    kind = "mark" if mark_size(text) > _LONG else "mark long"
    return f'<p class="{kind}">{_told(text)}</p>'


def _editors_note(document: Official) -> Iterator[str]:
    if document.editors_note:
        yield f'<p class="editors-note"><strong>{EDITORS_NOTE}</strong>{_told(document.editors_note)}</p>'


def _annex_note(document: Official) -> Iterator[str]:
    if not document.annexes:
        return
    yield '<div class="annex-note">'
    for place, line in enumerate(annex_note(document.annexes)):
        more = ' class="more"' if place else ""
        yield f"<p{more}>{_told(line.text)}</p>"
    yield "</div>"


def _signature(document: Official) -> Iterator[str]:
    signature = document.signature
    if signature is None:
        return
    yield f'<div class="signed {signature.seal}">'
    *bodies, day = signed_lines(signature)
    for line in bodies:
        pieces = [
            f'<span class="stamp">{_told(piece.text)}</span>'
            if line.stamped and at == len(line.pieces) - 1
            else f"<span>{_told(piece.text)}</span>"
            for at, piece in enumerate(line.pieces)
        ]
        yield f'<p class="signature">{" ".join(pieces)}</p>'
    yield f'<p class="date">{_told(day.pieces[0].text)}</p>'
    yield "</div>"


def _present(document: Official) -> Iterator[str]:
    if not document.present:
        return
    yield '<dl class="present">'
    for one in document.present:
        yield f"<div><dt>{_told(one.label)}：</dt><dd>{_told('、'.join(one.names))}</dd></div>"
    yield "</dl>"


def _table(table: Table) -> str:
    lines = ['<div class="table" tabindex="0"><table>']
    if table.caption:
        lines.append(f"<caption>{_told(table.caption)}</caption>")
    heads = "".join(f'<th scope="col">{_told(column.label)}</th>' for column in table.columns)
    lines.append(f"<thead><tr>{heads}</tr></thead>\n<tbody>")
    for place, row in enumerate(table.rows):
        link = table.links[place] if table.links else ""
        cells = []
        for at, (column, text) in enumerate(zip(table.columns, row, strict=True)):
            told = _told(text)
            if link and at == len(row) - 1:
                told = f'<a href="{escape(link)}">{told}</a>'
            cells.append(f'<td class="{column.align}">{told}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    lines.append("</tbody></table>")
    if table.note:
        lines.append(f'<p class="table-note">{_told(table.note)}</p>')
    return "\n".join([*lines, "</div>"])


def _picture(picture: Picture) -> str:
    data = base64.b64encode(picture.png).decode()
    return (
        f'<figure><img alt="{_told(picture.alt)}" src="data:image/png;base64,{data}">'
        f"{_caption(picture.caption)}</figure>"
    )


def _drawing(drawing: Drawing) -> str:
    svg = drawing.svg.replace(
        '<svg xmlns="http://www.w3.org/2000/svg"', f'<svg role="img" aria-label="{_told(drawing.alt)}"', 1
    )
    words = f'\n<p class="table-note">{_told(drawing.words)}</p>' if drawing.words else ""
    return f"<figure>{svg}{_caption(drawing.caption)}</figure>{words}"


def _caption(text: str) -> str:
    return f"<figcaption>{_told(text)}</figcaption>" if text else ""


def _foot(document: Official) -> Iterator[str]:
    lines = foot_lines(document)
    if not lines:
        return
    yield '<footer class="imprint">'
    for line in lines:
        yield f"<p><span>{_told(''.join(line.rows))}</span> <span>{_told(line.right)}</span></p>"
    yield "</footer>"


def _sources(sources: Sequence[Source]) -> Iterator[str]:
    if not sources:
        return
    with override(WRITTEN):  # whoever reads the page: the document is Chinese throughout
        heading, see = _("数据来源"), _("查看记录")
    yield f'<section class="sources">\n<h2>{_told(heading)}</h2>\n<ol>'
    for one in sources:
        told = f"<strong>{_told(one.label)}</strong> {_told(one.definition)}"
        if one.records:
            told += f" {_told(one.records)}"
        if one.address:
            told += f' <a href="{escape(one.address)}">{_told(see)}</a>'
        yield f'<li id="source-{escape(one.key)}">{told}</li>'
    yield "</ol>\n</section>"
