"""Two writers, one body: what both changed since the version they began with, block by block, and nothing lost.

A block that one of them changed is taken from that one; a block that both changed stands twice, the stored one first and
the other right below it, marked `beside`, until somebody chooses. A block that one deleted and the other changed stays.
An annex is merged within, block by block; annexes that both began under one title are one annex.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal, TypeVar

from guatu.domain.writing.body import AnnexPart, Block, Body, BodyHead, next_id, with_ids

Part = TypeVar("Part", Block, AnnexPart)
What = Literal["both", "deleted_here", "deleted_there", "head", "title"]


@dataclass(frozen=True, slots=True)
class Clash:
    """Where two writers met.

    `block` is the id of the stored block, `other` that of the second version beside it. `what`: both changed it; deleted
    by the one who saves and changed by somebody else; the other way round; or a line of the head (then `block` is its name
    and `text` what was not taken).
    """

    what: What
    block: str
    other: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Merged:
    """What both have written, and where they met."""

    body: Body
    clashes: tuple[Clash, ...] = ()


def merge(base: Body, theirs: Body, mine: Body) -> Merged:
    """`mine` and `theirs` (what is stored) were both made from `base`.

    One that changed nothing changes nothing: merge(b, t, b) is t, merge(b, b, m) is m.
    """
    if mine in (base, theirs):
        return Merged(theirs)
    if theirs == base:
        return Merged(mine)
    taken = set(base.ids | theirs.ids | mine.ids)
    clashes: list[Clash] = []

    def fresh() -> str:
        made = next_id(taken)
        taken.add(made)
        return made

    blocks = _sequence(base.blocks, theirs.blocks, mine.blocks, clashes, fresh)
    annexes = _sequence(base.annexes, theirs.annexes, mine.annexes, clashes, fresh)
    head, lines = _head(base.head, theirs.head, mine.head)
    texts: dict[str, str] = {}
    for name in ("salutation", "signature"):
        was, now, own = (str(getattr(body, name)) for body in (base, theirs, mine))
        texts[name] = now if own == was else own if now == was else now
        if own not in (was, now) and now != was:
            lines.append(Clash("head", name, text=own))
    body = Body(blocks, head, texts["salutation"], texts["signature"], annexes)
    return Merged(with_ids(_once(body, base.ids)), (*clashes, *lines))


def _sequence(
    base: Sequence[Part],
    theirs: Sequence[Part],
    mine: Sequence[Part],
    clashes: list[Clash],
    fresh: Callable[[], str],
) -> tuple[Part, ...]:
    was: dict[str, Part] = _by_id(base)
    now: dict[str, Part] = _by_id(theirs)
    own: dict[str, Part] = _by_id(mine)
    renamed: dict[str, str] = _same_annexes(was, now, own)
    for key in own:  # two new blocks that happen to have the same id are two blocks
        if key not in was and key not in renamed and key in now and own[key] != now[key]:
            renamed[key] = fresh()
    own = {renamed.get(key, key): replace(part, id=renamed.get(key, key)) for key, part in own.items()}
    kept: dict[str, tuple[Part, ...]] = {}
    for key in dict.fromkeys((*was, *now, *own)):
        kept[key] = _one(key, was, now, own, clashes, fresh)
    order = _order([part.id for part in base], [part.id for part in theirs], list(own))
    return tuple(part for key in order for part in kept[key])


def _by_id(side: Sequence[Part]) -> dict[str, Part]:
    return {part.id: part for part in side}


def _one(
    key: str,
    was: Mapping[str, Part],
    now: Mapping[str, Part],
    own: Mapping[str, Part],
    clashes: list[Clash],
    fresh: Callable[[], str],
) -> tuple[Part, ...]:
    """What becomes of one id: nothing, one part, or two."""
    before, stored, written = was.get(key), now.get(key), own.get(key)
    if stored is None and written is None:
        return ()
    if stored is None and written is not None:
        if before is None:
            return (written,)
        if written == before:
            return ()
        clashes.append(Clash("deleted_there", key))
        return (written,)
    if written is None and stored is not None:
        if before is None:
            return (stored,)
        if stored == before:
            return ()
        clashes.append(Clash("deleted_here", key))
        return (stored,)
    assert stored is not None and written is not None
    if written in (before, stored):
        return (stored,)
    if stored == before:
        return (written,)
    if replace(written, beside=stored.beside) == stored:  # the same words: whoever chose, chose
        return (written,)
    if isinstance(stored, AnnexPart) and isinstance(written, AnnexPart):
        return (_annex(before, stored, written, clashes, fresh),)
    copy = replace(written, id=fresh(), beside=key)
    clashes.append(Clash("both", key, copy.id))
    return (stored, copy)


def _annex(
    before: AnnexPart | None,
    stored: AnnexPart,
    written: AnnexPart,
    clashes: list[Clash],
    fresh: Callable[[], str],
) -> AnnexPart:
    """One annex that both changed: its blocks are merged as those of the text, of two new titles the stored one stays.

    Without a `before` both made it under one title; what both put in with the same words is one block.
    """
    mine = written.blocks
    if before is None:
        before = AnnexPart(id=stored.id, title=stored.title)
        mine = _without_twins(stored.blocks, mine)
    title = written.title if stored.title == before.title else stored.title
    if written.title not in (before.title, title):
        clashes.append(Clash("title", stored.id, text=written.title))
    return replace(
        stored,
        title=title,
        beside=stored.beside if written.beside == before.beside else written.beside,
        blocks=_sequence(before.blocks, stored.blocks, mine, clashes, fresh),
    )


def _without_twins(stored: Sequence[Block], written: Sequence[Block]) -> tuple[Block, ...]:
    """The written blocks, those that say what a stored one says under its id: each stored one is met once."""
    left = list(stored)
    found: list[Block] = []
    for block in written:
        twin = next((one for one in left if replace(block, id=one.id) == one), None)
        if twin is not None:
            left.remove(twin)
        found.append(block if twin is None else twin)
    return tuple(found)


def _same_annexes(
    was: Mapping[str, Block | AnnexPart],
    now: Mapping[str, Block | AnnexPart],
    own: Mapping[str, Block | AnnexPart],
) -> dict[str, str]:
    """Annexes that both made since under one title: the id of the one who saves → that of the stored one."""
    mine, theirs = _new_titles(was, own), _new_titles(was, now)
    found = {key: key for key, title in mine.items() if theirs.get(key) == title}
    for key, title in mine.items():
        same = (other for other, its in theirs.items() if its == title and other not in found.values())
        if title and key not in found and (other := next(same, "")):
            found[key] = other
    return found


def _new_titles(
    was: Mapping[str, Block | AnnexPart], side: Mapping[str, Block | AnnexPart]
) -> dict[str, str]:
    return {key: part.title for key, part in side.items() if isinstance(part, AnnexPart) and key not in was}


def _once(body: Body, known: Collection[str]) -> Body:
    """The body without what two moved to two places: of blocks that say the same under one of the `known` ids, the first."""
    met: set[Block] = set()

    def first(block: Block) -> bool:
        again = block.id in known and block in met
        met.add(block)
        return not again

    blocks = tuple(block for block in body.blocks if first(block))
    annexes = tuple(
        replace(annex, blocks=tuple(block for block in annex.blocks if first(block)))
        for annex in body.annexes
    )
    return replace(body, blocks=blocks, annexes=annexes)


def _order(was: list[str], now: list[str], own: list[str]) -> list[str]:
    """The order of whoever moved blocks, what the other put in after its neighbour there; of both, the one who saves."""
    moved = [key for key in own if key in was] != [key for key in was if key in own]
    first, second = (own, now) if moved or now == was else (now, own)
    order = list(first)
    for place, key in enumerate(second):
        if key in order:
            continue
        before = next((one for one in reversed(second[:place]) if one in order), None)
        order.insert(order.index(before) + 1 if before is not None else 0, key)
    return order


def _head(base: BodyHead, theirs: BodyHead, mine: BodyHead) -> tuple[BodyHead, list[Clash]]:
    changed: dict[str, object] = {}
    clashes = []
    for each in fields(BodyHead):
        was, now, own = (getattr(head, each.name) for head in (base, theirs, mine))
        if own in (was, now):
            continue
        if now == was:
            changed[each.name] = own
        else:
            text = "、".join(own) if isinstance(own, tuple) else str(own)
            clashes.append(Clash("head", each.name, text=text))
    return replace(theirs, **changed), clashes  # type: ignore[arg-type]
