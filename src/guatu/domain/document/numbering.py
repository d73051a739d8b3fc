"""The numbers of headings: 一、（一）1.（1）(GB/T 9704—2012 7.3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from guatu.domain.document.model import Block, Heading
from guatu.domain.style.headings import written as outline_mark


def numbered(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """The blocks with their headings numbered in turn; each level begins anew below a higher one."""
    counts = [0, 0, 0, 0]
    out: list[Block] = []
    for block in blocks:
        if not isinstance(block, Heading):
            out.append(block)
            continue
        counts[block.level - 1] += 1
        counts[block.level :] = [0] * (4 - block.level)
        out.append(replace(block, text=outline_mark(block.level, counts[block.level - 1]) + block.text))
    return tuple(out)


__all__ = ["numbered", "outline_mark"]
