"""A body made from a pack's report template: its sentences decided once, on a day, and from then on the writer's own.

Each sentence becomes its first case that can be said on that day; the figures in it stay places. A sentence that cannot be
said yet is left out, and taken in when the template is taken again (`taken_again`); one that a writer struck out is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from guatu.domain.report import TakenText
from guatu.domain.writing.body import Block, Body, BodyHead, HeadingBlock, ParagraphBlock, with_ids


def body_from(key: str, texts: Sequence[TakenText], *, salutation: str, signature: str) -> Body:
    """The body of the template `key` with these texts; a heading without text below it is left out."""
    blocks = [_block(key, text) for text in _with_text(texts)]
    body = Body(tuple(blocks), BodyHead(template=key), salutation, signature)
    return with_ids(body)


@dataclass(frozen=True, slots=True)
class TakenAgain:
    """The body with its template said anew; `left` are the template's blocks that a writer had struck out and that stay out."""

    body: Body
    left: tuple[Block, ...] = ()


def struck_out(before: Body, now: Body) -> tuple[str, ...]:
    """The sources of the template's blocks that stood in `before`, or were struck out by then, and do not stand in `now`."""
    own = f"{before.head.template}/"
    stood = {block.source for block in before.blocks if before.head.template and block.source.startswith(own)}
    return tuple(sorted((stood | set(before.dropped)) - {block.source for block in now.blocks}))


def taken_again(
    body: Body,
    fresh: Body,
    chosen: Iterable[str] | None = None,
    *,
    dropped: Collection[str] = (),
) -> TakenAgain:
    """The body with its template's blocks said anew, as `fresh` has them; what was written beside them stays.

    `chosen`: ids of blocks to take anew, None for all; a block that the template says now and did not say before comes in
    after its neighbour (only when all are taken). What the template says no longer stays as it was: to delete is the
    writer's. So is a block of `dropped` (sources): it stays out, with all that stands below it where it is a heading.
    """
    wanted = None if chosen is None else set(chosen)
    by_source = {block.source: block for block in fresh.blocks}
    blocks: list[Block] = []
    for block in body.blocks:
        anew = by_source.get(block.source) if block.source else None
        if anew is not None and (wanted is None or block.id in wanted):
            block = replace(anew, id=block.id, beside=block.beside)
        blocks.append(block)
    left: list[Block] = []
    if wanted is None:
        here = [block.source for block in blocks]
        below = 0  # the level of the heading that was struck out, while what stands below it is passed
        for place, block in enumerate(fresh.blocks):
            if isinstance(block, HeadingBlock) and block.level <= below:
                below = 0
            if block.source in here:
                continue
            if below or block.source in dropped:
                left.append(block)
                if not below and isinstance(block, HeadingBlock):
                    below = block.level
                continue
            before = next((one.source for one in reversed(fresh.blocks[:place]) if one.source in here), None)
            at = here.index(before) + 1 if before is not None else 0
            blocks.insert(at, replace(block, id=""))
            here.insert(at, block.source)
    return TakenAgain(with_ids(replace(body, blocks=tuple(blocks))), tuple(left))


def _block(key: str, text: TakenText) -> Block:
    source = f"{key}/{text.place}"
    if text.level:
        return HeadingBlock(id="", source=source, text=text.text, level=text.level)
    return ParagraphBlock(id="", source=source, text=text.text)


def _with_text(texts: Sequence[TakenText]) -> list[TakenText]:
    kept: list[TakenText] = []
    for text in reversed(texts):
        if text.level == 0:
            if text.text:
                kept.append(text)
            continue
        below = kept[-1] if kept else None
        if below is not None and (below.level == 0 or below.level > text.level):
            kept.append(text)
    return kept[::-1]
