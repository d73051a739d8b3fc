"""What a template taken again leaves out, in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from guatu.domain.words import listed
from guatu.domain.writing.body import Block, HeadingBlock, texts_of
from guatu.web.documents.names import PlaceNames

NAMED, SHORT = 6, 16
"""How many are named, and how many characters of a paragraph."""


def left_out(names: PlaceNames, left: Sequence[Block]) -> str:
    """Which parts stay struck out: headings by their words, paragraphs by their beginning; what stands below a heading goes
    with it.
    """
    said: list[str] = []
    below = 0
    for block in left:
        if isinstance(block, HeadingBlock):
            below = below if below and block.level > below else block.level
            if below == block.level:
                said.append(names.shown(block.text))
        elif not below:
            words = names.shown(texts_of(block)[0])
            said.append(words if len(words) <= SHORT else f"{words[:SHORT]}…")
    told = listed(said[:NAMED])
    if len(said) > NAMED:
        return _("{parts}等 {n} 处以前删去了，没有放回。要放回的，请按“重取，删去的也放回”。").format(
            parts=told, n=len(said)
        )
    return _("{parts}以前删去了，没有放回。要放回的，请按“重取，删去的也放回”。").format(parts=told)
