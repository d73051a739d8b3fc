"""A composed report as one self-contained web page: an official document without a red head (`official_html`)."""

from __future__ import annotations

from collections.abc import Callable

from guatu.domain.document import Run
from guatu.domain.document.from_report import official_of
from guatu.domain.report import Document, FigureSpan
from guatu.exchange import official_html
from guatu.exchange.official_html import Address

Href = Callable[[FigureSpan], str | None]


def render(document: Document, href: Href | None = None) -> bytes:
    """The whole page. `href` gives the address of a figure's records, or None for one without."""
    return official_html.render(official_of(document), _address(document, href), titles=_titles(document))


def fragment(document: Document, href: Href | None = None) -> str:
    """The article alone, for a page that brings its own frame and style."""
    return official_html.fragment(official_of(document), _address(document, href), titles=_titles(document))


def _titles(document: Document) -> dict[str, str]:
    return {span.key: span.statement.definition for span in document.figures}


def _address(document: Document, href: Href | None) -> Address | None:
    if href is None:
        return None
    spans = {span.key: span for span in document.figures}

    def address(run: Run) -> str | None:
        return href(spans[run.key])

    return address
