"""Typst: a template of this folder and plain data to a PDF. Data is never markup: it arrives as strings and stays so."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from guatu.domain.document import Drawing
from guatu.exchange.files import printable
from guatu.exchange.fonts import Fonts, require_fonts

TEMPLATES = Path(__file__).parent / "typst"
FIXED_TIME = 946684800  # 2000-01-01: the same document gives the same bytes
log = logging.getLogger("guatu.exchange")


def typeset(template: str, data: Mapping[str, Any], *, archival: bool = False) -> bytes:
    """The PDF of `template` (a file of the folder typst/) filled with `data` (what JSON can hold).

    Set with the fonts of `fonts`, never with what the system happens to offer. `archival`: PDF/A-2b.
    A character that no font has is printed as 〓. Raises BadInput when the fonts are not there.
    """
    found = require_fonts()
    told = json.dumps(_clean({**data, "fonts": dict(found.families)}), ensure_ascii=False)
    for _attempt in range(_MOST_WITHOUT_GLYPH):
        try:
            return _compiled(template, told, found, archival)
        except typst.TypstError as error:
            # PDF/A takes no character that none of the fonts has: a rare one is printed as 〓, as printers do.
            unknown = _NOT_SHOWN.search(str(error))
            if unknown is None:
                raise
            text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), unknown[1])
            log.warning("typst, %s: no font has %r", template, text)
            told = told.translate({ord(character): "〓" for character in text})
    return _compiled(template, told, found, False)


_NOT_SHOWN = re.compile(r'the text `"(.+?)"` could not be displayed')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
_MOST_WITHOUT_GLYPH = 20


def _compiled(template: str, told: str, found: Fonts, archival: bool) -> bytes:
    content, warnings = typst.compile_with_warnings(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=list(found.folders),
        ignore_system_fonts=True,
        sys_inputs={"data": told},
        pdf_standards=["a-2b"] if archival else [],
        timestamp=FIXED_TIME,
    )
    for warning in warnings:
        log.warning("typst, %s: %s", template, warning)
    assert isinstance(content, bytes)
    return content


def drawn(drawing: Drawing) -> bytes:
    """A drawing as a PNG of 300 points an inch, for what cannot show lines. Raises BadInput when the fonts are not there."""
    found = require_fonts()
    told = {"svg": drawing.svg, "width": drawing.width, "height": drawing.height}
    content = typst.compile(
        str(TEMPLATES / "drawing.typ"),
        root=str(TEMPLATES),
        font_paths=list(found.folders),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        format="png",
        ppi=300,
        timestamp=FIXED_TIME,
    )
    assert isinstance(content, bytes)
    return content


def _clean(value: Any) -> Any:
    """Every text without control characters."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value
