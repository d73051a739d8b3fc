"""Single-figure errors planted in related figures of the corpus, and what the checker makes of them.

A planted error changes one digit of one figure so that at least one labelled relation no longer holds, even with the
intervals of rounded figures. It is found when a finding stands at a member of a relation that it broke; every other
finding, and every finding in the text as it was written, is a false alarm.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from guatu.domain.checker import check, extract
from guatu.domain.checker.readings import Finding

ARITHMETIC = ("sum", "percentage", "growth", "difference", "mean")
Span = tuple[Decimal, Decimal]
FAR = Decimal(10) ** 15


def span(figure: Mapping[str, Any]) -> Span:
    """The closed interval; an open end is put far away."""
    low, high = figure["low"], figure["high"]
    return (
        Decimal(str(low)) if low is not None else Decimal(0),
        Decimal(str(high)) if high is not None else FAR,
    )


def _over(a: Span, b: Span) -> Span:
    return a[0] / b[1], a[1] / b[0]


def _times(a: Span, factor: int) -> Span:
    return a[0] * factor, a[1] * factor


def _less(a: Span, b: Span) -> Span:
    return a[0] - b[1], a[1] - b[0]


_WHOLE = (Decimal(100), Decimal(100))


def computed(relation: Mapping[str, Any], spans: Mapping[int, Span]) -> Span:
    """What the terms of a relation give, as an interval; `spans` are the figures' by offset."""
    kind = relation["type"]
    terms = [
        spans[term] if isinstance(term, int) else (Decimal(str(term)), Decimal(str(term)))
        for term in relation.get("parts", relation.get("terms"))
    ]
    if kind == "part_whole":
        return sum((t[0] for t in terms), Decimal(0)), sum((t[1] for t in terms), Decimal(0))
    if kind == "difference":
        return _less(terms[0], terms[1])
    if kind == "share":
        return _times(_over(*terms), 100)
    if kind == "growth":
        return _less(_times(_over(*terms), 100), _WHOLE)
    if kind == "decline":
        return _less(_WHOLE, _times(_over(*terms), 100))
    if kind == "growth_by":
        return _times(_over(terms[0], _less(terms[1], terms[0])), 100)
    if kind in ("mean", "ratio"):
        return _over(*terms)
    if kind == "subset":
        return Decimal(0), terms[0][1]
    assert kind == "same", kind
    return terms[0]


def result_of(relation: Mapping[str, Any]) -> int:
    """The offset of the figure that the terms give."""
    return int(relation.get("whole", relation.get("result")))


def members(relation: Mapping[str, Any]) -> list[int]:
    """The offsets of a relation's figures."""
    terms = relation.get("parts", relation.get("terms"))
    return [result_of(relation), *(t for t in terms if isinstance(t, int))]


def holds(relation: Mapping[str, Any], spans: Mapping[int, Span], exact: frozenset[int]) -> bool:
    """Whether a relation is true of these intervals; a mean printed whole may be rounded."""
    low, high = spans[result_of(relation)]
    if relation["type"] == "mean" and result_of(relation) in exact:
        low, high = low - Decimal("0.5"), high + Decimal("0.5")
    least, most = computed(relation, spans)
    return least <= high and low <= most


@dataclass(frozen=True, slots=True)
class Planted:
    """A text with one digit changed: where, and the members of the relations that this broke."""

    name: str
    text: str
    at: int
    was: str
    now: str
    broken: frozenset[int]
    kinds: tuple[str, ...]


def plant(
    name: str, text: str, data: Mapping[str, Any], dice: random.Random, told: bool = True
) -> Planted | None:
    """One error at a random figure of a random relation that the text tells (`told` or any); None when nothing breaks."""
    figures = {item["offset"]: item for item in data["items"] if item["class"] == "figure"}
    exact = frozenset(offset for offset, item in figures.items() if item["kind"] == "exact")
    spans = {offset: span(item) for offset, item in figures.items()}
    relation = dice.choice(
        [r for r in data["relations"] if r["type"] not in ("same", "subset") and (r["told"] or not told)]
    )
    offset = dice.choice(members(relation))
    item = figures[offset]
    places = [i for i, c in enumerate(item["phrase"]) if c.isdigit() and c.isascii()]
    if not places:
        return None
    place = dice.choice(places)
    digit = dice.choice([d for d in "0123456789" if d != item["phrase"][place] and (place or d != "0")])
    phrase = item["phrase"][:place] + digit + item["phrase"][place + 1 :]
    changed = text[:offset] + phrase + text[item["end"] :]
    read = next((n for n in extract(changed) if n.start == offset), None)
    if read is None or read.text != phrase:
        return None
    spans[offset] = (
        Decimal(str(read.low)) if read.low is not None else Decimal(0),
        Decimal(str(read.high)) if read.high is not None else FAR,
    )
    broken = [r for r in data["relations"] if offset in members(r) and not holds(r, spans, exact)]
    if not broken or (told and not any(r["told"] for r in broken)):
        return None
    touched = frozenset(member for r in broken for member in members(r))
    return Planted(name, changed, offset, item["phrase"], phrase, touched, tuple(r["type"] for r in broken))


def planted(
    texts: Mapping[str, tuple[str, dict[str, Any]]], count: int, seed: int, told: bool = True
) -> Iterator[Planted]:
    """`count` errors spread over the texts, always the same for a seed."""
    dice = random.Random(seed)
    names = sorted(texts)
    made = 0
    while made < count:
        name = names[made % len(names)]
        if (one := plant(name, *texts[name], dice, told)) is not None:
            made += 1
            yield one


@dataclass(slots=True)
class Outcome:
    """`found` of `planted` errors; `right` of `flags`; the errors missed and the false alarms themselves."""

    planted: int = 0
    found: int = 0
    flags: int = 0
    right: int = 0
    missed: list[Planted] = field(default_factory=list)
    false: list[tuple[str, Finding]] = field(default_factory=list)


def arithmetic(text: str) -> list[Finding]:
    """What the checker says about sums, shares and changes, knowing none of our figures."""
    return [f for f in check(text).findings if f.kind in ARITHMETIC]


def outcome(texts: Mapping[str, tuple[str, dict[str, Any]]], errors: Sequence[Planted]) -> Outcome:
    """Check every planted text, and every text as it was written."""
    out = Outcome(planted=len(errors))
    for name, (text, _data) in texts.items():
        for finding in arithmetic(text):
            out.flags += 1
            out.false.append((name, finding))
    alarms = {(name, finding.start) for name, finding in out.false}
    for error in errors:
        hit = False
        shift = len(error.now) - len(error.was)
        for finding in arithmetic(error.text):
            if (error.name, finding.start - (shift if finding.start > error.at else 0)) in alarms:
                continue  # counted once, in the text as it was written
            out.flags += 1
            if any(finding.start <= member < finding.end for member in error.broken):
                out.right += 1
                hit = True
            else:
                out.false.append((error.name, finding))
        out.found += hit
        if not hit:
            out.missed.append(error)
    return out
