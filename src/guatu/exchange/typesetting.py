"""Typst: a template of this folder and plain data to a PDF. Data is never markup: it arrives as strings and stays so."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

from guatu.exchange.files import printable
from guatu.exchange.fonts import require_fonts

TEMPLATES = Path(__file__).parent / "typst"
FIXED_TIME = 946684800  # 2000-01-01: the same document gives the same bytes
log = logging.getLogger("guatu.exchange")


def typeset(template: str, data: Mapping[str, Any], *, archival: bool = False) -> bytes:
    """The PDF of `template` (a file of the folder typst/) filled with `data` (what JSON can hold).

    Set with the fonts of `fonts`, never with what the system happens to offer. `archival`: PDF/A-2b.
    Raises BadInput when the fonts are not there.
    """
    found = require_fonts()
    told = json.dumps(_clean({**data, "fonts": dict(found.families)}), ensure_ascii=False)
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


def _clean(value: Any) -> Any:
    """Every text without control characters."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {key: _clean(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in value]
    return value
