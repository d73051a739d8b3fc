"""The body of a document: its head, blocks in order, annexes. What a writer edits and the track `@body` keeps, as values.

Texts are in the grammar of `domain.pack.template`: {key} is a figure and stays one, {as_of} a name, <、a|b> a joined list.
Every block has an id of its own that it keeps, so that two writers' changes can be told apart. A section begins at each
heading of level 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from guatu.domain.pack.template import places

MOST_BLOCKS, LONGEST_TEXT, LONGEST = 600, 20_000, 400_000
"""Blocks of a body, characters of one text, and of the whole."""

By = Literal["total", "units", "days"]
Order = Literal["most", "least", "none"]
ChartKind = Literal["trend", "ranking", "lights", "wall"]
Align = Literal["left", "centre", "right"]
Level = Literal[1, 2, 3]
Urgency = Literal["", "加急", "特急"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """`beside`: the id of the block that this one is another writer's version of; empty once somebody has chosen.

    `source`: which block of the template it was taken from (`Templated`), empty for what was written here.
    """

    id: str
    beside: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingBlock(_Kept):
    """A heading of level 1 to 3, without its number: that is given when the document is laid out."""

    text: str
    level: Level = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphBlock(_Kept):
    """Running text with its figures as places. `indent`: the first line stands two characters in."""

    text: str
    indent: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FiguresBlock(_Kept):
    """A table of figures: against the whole (total), against units, or against days.

    `figures` are references (`key`, `key@upward`). `units` are codes; without any, those right below the document's unit.
    `days` are ISO days; without any, the document's day alone.
    """

    figures: tuple[str, ...]
    by: By = "total"
    units: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsBlock(_Kept):
    """A list of units by one figure: the `count` with most or least of it, or all that have none. `level`: of which level."""

    figure: str
    order: Order = "most"
    count: int = 5
    level: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartBlock(_Kept):
    """A chart: figures over days (trend), one figure by unit (ranking), the lights of the wall by unit (lights), or the whole wall
    on a page of its own (wall).

    `days`: how many days back the trend begins, `step` every how many days it has a point.
    """

    chart: ChartKind
    figures: tuple[str, ...] = ()
    days: int = 30
    step: int = 1
    count: int = 10
    level: str = ""
    caption: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBlock(_Kept):
    """A table typed by hand; its cells may hold figures like any text. `align`: one for each column, or none."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...] = ()
    align: tuple[Align, ...] = ()
    caption: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        """Whether nothing is typed in any of its cells."""
        return not any(cell.strip() for row in (self.columns, *self.rows) for cell in row)


Block = HeadingBlock | ParagraphBlock | FiguresBlock | UnitsBlock | ChartBlock | TableBlock
KINDS: dict[str, type[Block]] = {
    "heading": HeadingBlock,
    "paragraph": ParagraphBlock,
    "figures": FiguresBlock,
    "units": UnitsBlock,
    "chart": ChartBlock,
    "table": TableBlock,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexPart(_Kept):
    """An annex: its title and its own blocks."""

    title: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class BodyHead:
    """What stands around the text and is in no field of the register (`domain.document.model` says where it is printed).

    `template`: the key of the pack's report that the body was taken from.
    """

    template: str = ""
    mark: str = ""
    urgency: Urgency = ""
    signers: tuple[str, ...] = ()
    editors_note: str = ""
    remark: str = ""
    seal: bool = False
    copies_to: tuple[str, ...] = ()
    printer: str = ""
    reported: tuple[str, ...] = ()
    sent: tuple[str, ...] = ()
    issued: tuple[str, ...] = ()
    copies: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Body:
    """The whole body. `salutation` and `signature` are texts like any other; several bodies sign in lines of their own.

    `dropped`: the `source` of each block of the template that a writer has struck out; two bodies that read the same are the
    same, whatever was struck out on the way.
    """

    blocks: tuple[Block, ...] = ()
    head: BodyHead = field(default_factory=BodyHead)
    salutation: str = ""
    signature: str = ""
    annexes: tuple[AnnexPart, ...] = ()
    dropped: tuple[str, ...] = field(default=(), compare=False)

    @property
    def ids(self) -> frozenset[str]:
        """Every id in use."""
        return frozenset(part.id for part in self.parts)

    @property
    def parts(self) -> tuple[Block | AnnexPart, ...]:
        """Blocks, annexes and the blocks of annexes, in reading order."""
        inside = [part for annex in self.annexes for part in (annex, *annex.blocks)]
        return (*self.blocks, *inside)

    @property
    def every_block(self) -> tuple[Block, ...]:
        """The blocks of the text and of its annexes, in reading order."""
        return (*self.blocks, *(block for annex in self.annexes for block in annex.blocks))

    @property
    def unsettled(self) -> tuple[Block | AnnexPart, ...]:
        """What stands here in two versions because two wrote at once, and nobody has chosen yet."""
        return tuple(part for part in self.parts if part.beside)

    @property
    def keys(self) -> frozenset[str]:
        """Every figure, claim or name that the body asks for in its texts and its blocks."""
        texts = (self.salutation, self.signature, self.head.editors_note)
        in_texts = {place.key for text in (*texts, *_texts(self.parts)) for place in places(text)}
        return frozenset(in_texts.union(figures_of(self.every_block)))


@dataclass(frozen=True, slots=True)
class Section:
    """The part of a text that one level-1 heading begins; `heading` is its id, "" for what stands before the first."""

    heading: str
    title: str
    blocks: tuple[Block, ...]


def sections_of(body: Body) -> tuple[Section, ...]:
    """The sections in their order; what stands before the first heading only where there is something."""
    found: list[Section] = []
    heading, title, inside = "", "", []  # type: str, str, list[Block]
    for block in body.blocks:
        if isinstance(block, HeadingBlock) and block.level == 1:
            if heading or inside:
                found.append(Section(heading, title, tuple(inside)))
            heading, title, inside = block.id, block.text, []
        inside.append(block)
    if heading or inside:
        found.append(Section(heading, title, tuple(inside)))
    return tuple(found)


def texts_of(part: Block | AnnexPart) -> tuple[str, ...]:
    """The texts of one part that may hold figures."""
    if isinstance(part, (HeadingBlock, ParagraphBlock)):
        return (part.text,)
    if isinstance(part, AnnexPart):
        return (part.title,)
    if isinstance(part, TableBlock):
        cells = (cell for row in part.rows for cell in row)
        return (part.caption, *part.columns, *cells, part.note)
    return (part.caption,)


def figures_of(blocks: Iterable[Block]) -> Iterator[str]:
    """The figures that blocks are made of."""
    for block in blocks:
        if isinstance(block, (FiguresBlock, ChartBlock)):
            yield from block.figures
        elif isinstance(block, UnitsBlock) and block.figure:
            yield block.figure


def next_id(taken: Iterable[str], prefix: str = "b") -> str:
    """An id that none of `taken` is: b1, b2 …"""
    known = set(taken)
    number = len(known) + 1
    while f"{prefix}{number}" in known:
        number += 1
    return f"{prefix}{number}"


def with_ids(body: Body) -> Body:
    """The body with every part under an id of its own: the first keeps one that stands twice, what has none gets one."""
    taken: set[str] = {part.id for part in body.parts if part.id}
    met: set[str] = set()

    def own(part_id: str) -> str:
        if not part_id or part_id in met:
            part_id = next_id(taken)
        taken.add(part_id)
        met.add(part_id)
        return part_id

    blocks = tuple(replace(block, id=own(block.id)) for block in body.blocks)
    annexes = tuple(
        replace(
            annex,
            id=own(annex.id),
            blocks=tuple(replace(block, id=own(block.id)) for block in annex.blocks),
        )
        for annex in body.annexes
    )
    return replace(body, blocks=blocks, annexes=annexes)


def _texts(parts: Iterable[Block | AnnexPart]) -> Iterator[str]:
    for part in parts:
        yield from texts_of(part)
