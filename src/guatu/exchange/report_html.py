"""A composed report as one self-contained web page that looks like the paper; each figure can be a link."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from guatu.domain.report import Document, FigureSpan, Heading, Paragraph, Span
from guatu.exchange.files import printable

Href = Callable[[FigureSpan], str | None]

STYLE = """\
@page { size: A4; margin: 37mm 26mm 35mm 28mm; }
body { margin: 0; background: #edeae3; color: #1f2328; }
article { box-sizing: border-box; max-width: 210mm; margin: 24px auto; padding: 37mm 26mm 35mm 28mm;
  background: #fff; font: 16pt/28.95pt "仿宋_GB2312", "FangSong", "STFangsong", "Noto Serif CJK SC", serif; }
h1 { margin: 0 0 28.95pt; text-align: center; font: 22pt/36pt "方正小标宋简体", "STSong", "Noto Serif CJK SC", serif; }
h2, h3, p { margin: 0; text-indent: 2em; font-size: 16pt; line-height: 28.95pt; font-weight: normal;
  text-align: justify; }
h2 { font-family: "黑体", "SimHei", "Noto Sans CJK SC", sans-serif; }
h3 { font-family: "楷体_GB2312", "KaiTi", "STKaiti", serif; }
p.salutation { text-indent: 0; }
p.signature { margin-top: 28.95pt; padding-right: 2em; text-align: right; text-indent: 0; }
p.date { padding-right: 4em; text-align: right; text-indent: 0; }
p.note { margin-top: 28.95pt; }
.figure { color: inherit; text-decoration: underline dotted #9a948a; text-underline-offset: .25em; }
@media print { body { background: none; } article { margin: 0; padding: 0; max-width: none; }
  .figure { text-decoration: none; } }
@media (max-width: 760px) { article { margin: 0; padding: 24px 20px; } }
"""


def render(document: Document, href: Href | None = None) -> bytes:
    """The whole page. `href` gives the address of a figure's records, or None for one without."""
    title = escape(printable(document.title))
    page = (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{fragment(document, href)}</body>\n</html>\n"
    )
    return page.encode()


def fragment(document: Document, href: Href | None = None) -> str:
    """The article alone, for a page that brings its own frame and style."""
    lines = [
        "<article>",
        f"<h1>{escape(printable(document.title))}</h1>",
        f'<p class="salutation">{escape(printable(document.salutation))}</p>',
        *(_block(block, href) for block in document.blocks),
        f'<p class="signature">{escape(printable(document.signature))}</p>',
        f'<p class="date">{escape(document.date)}</p>',
        *(f'<p class="note">{escape(printable(note))}</p>' for note in document.notes),
        "</article>",
    ]
    return "".join(f"{line}\n" for line in lines)


def _block(block: Heading | Paragraph, href: Href | None) -> str:
    if isinstance(block, Heading):
        tag = "h2" if block.level == 1 else "h3"
        return f"<{tag}>{escape(printable(block.text))}</{tag}>"
    return f"<p>{''.join(_span(span, href) for span in block.spans)}</p>"


def _span(span: Span, href: Href | None) -> str:
    text = escape(printable(span.text))
    if not isinstance(span, FigureSpan):
        return text
    marks = (
        f'class="figure" data-key="{escape(span.key)}" title="{escape(printable(span.statement.definition))}"'
    )
    address = href(span) if href is not None else None
    if address is None:
        return f"<span {marks}>{text}</span>"
    return f'<a {marks} href="{escape(address)}">{text}</a>'
