"""The same figure in another definition (口径), at another basis (认定层级) or without what comes from outside the system:
a text may print either, and all are ours.

A way is a statement whose key is a reference, `key@variant` or `key@basis`. It is never found by its words, which are the
figure's own: first the figure is found, then the text says by name which way it means, or else the value tells. A number
that is right only in a way that the text does not name agrees, and the answer says which way it was.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from guatu.domain.checker.binding import Bound, meets, ours_of
from guatu.domain.figures.references import key_of, read
from guatu.domain.statements import Statement

WITHOUT_OUTSIDE = "without_outside"
"""The way of a figure that leaves out what comes from outside the system; no page of its own stands behind it."""

Ways = Mapping[str, tuple[Statement, ...]]
_CALLED = re.compile(r"[（(]([^（）()]{2,12})[）)]$")


def split_ways(statements: Sequence[Statement]) -> tuple[list[Statement], Ways]:
    """The figures themselves, and their other ways by key; a way without its figure stands for itself."""
    own = {s.key for s in statements if key_of(s.key) == s.key}
    plain = [s for s in statements if s.key in own or key_of(s.key) not in own]
    ways: dict[str, tuple[Statement, ...]] = {}
    for statement in statements:
        base = key_of(statement.key)
        if base != statement.key and base in own:
            ways[base] = (*ways.get(base, ()), statement)
    return plain, ways


def called(statement: Statement) -> str:
    """What the way is called: 上报口径 of 问题总数（上报口径）."""
    if statement.way:
        return statement.way
    found = _CALLED.search(statement.label)
    return found[1] if found else ""


def _named_in(sentence: str, way: Statement) -> bool:
    """Whether the sentence says that it counts this way; the words of a basis alone (各单位报送) are no such saying."""
    name = called(way)
    if not name or name not in sentence:
        return False
    return not read(way.key).basis or any(
        f"按{name}" in sentence or name + word in sentence for word in ("口径", "数", "的数")
    )


def _shown_key(way: Statement) -> str:
    """The reference under which the way can be looked up."""
    return key_of(way.key) if read(way.key).variant == WITHOUT_OUTSIDE else way.key


def in_ways(bound: Bound, ways: Ways, sentence: str) -> Bound:
    """The verdict with the figure's other ways looked at; `sentence` is what names one of them, if any.

    Named, that way alone counts. Not named, the figure itself goes first; a value that is not the figure's but a way's is
    the first such way's, and the verdict names it. Where none fits, all are told beside ours.
    """
    stated = bound.statement
    if stated is None or stated.key not in ways or bound.figure.verdict not in ("agrees", "disagrees"):
        return bound
    others, numeral = ways[stated.key], bound.figure.numeral
    named = [way for way in others if _named_in(sentence, way)]
    if len(named) == 1 and named[0].value is not None:
        way = named[0]
        figure = replace(
            bound.figure,
            verdict="agrees" if meets(numeral, way) else "disagrees",
            key=_shown_key(way),
            ours=f"{way.label} {ours_of(way)}",
        )
        return replace(bound, figure=figure, statement=way)
    if bound.figure.verdict == "agrees":
        return bound
    fitting = [way for way in others if way.value is not None and meets(numeral, way)]
    if fitting:
        way = fitting[0]
        figure = replace(
            bound.figure,
            verdict="agrees",
            key=_shown_key(way),
            ours=f"{way.label} {ours_of(way)}",
            way=called(way),
        )
        return replace(bound, figure=figure, statement=way)
    apart = [way for way in others if way.value not in (None, stated.value)]
    if not apart:
        return bound
    told = "；".join([str(bound.figure.ours), *(f"{way.label} {ours_of(way)}" for way in apart)])
    return replace(bound, figure=replace(bound.figure, ours=told, beside=tuple(way.key for way in apart)))
