"""Who writes which section of a document, and what a text changed of which section."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from guatu.domain.loop_tracks import SECTIONS, WRITERS
from guatu.domain.writing.body import Body, sections_of

AROUND = ""
"""What belongs to no section: head, salutation, signature, annexes, what stands before the first heading, the order."""


@dataclass(frozen=True, slots=True)
class Share:
    """One section given to a person; `heading` is the id of the block that begins it."""

    heading: str
    person: int
    done: bool = False

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {"heading": self.heading, "person": self.person, "done": self.done}


def shares_of(plain: Iterable[Mapping[str, Any]] | None) -> tuple[Share, ...]:
    """The shares that `Share.plain` wrote."""
    return tuple(Share(one["heading"], one["person"], one["done"]) for one in plain or ())


def notes_of(shares: Iterable[Share]) -> dict[str, Any]:
    """What is noted on the document when its sections are given out like this."""
    kept = list(shares)
    undone = sorted({share.person for share in kept if share.person and not share.done})
    writers = f",{','.join(map(str, undone))}," if undone else ""
    return {SECTIONS: [share.plain() for share in kept], WRITERS: writers}


def still_there(shares: Sequence[Share], body: Body) -> tuple[Share, ...]:
    """The shares whose section the body still has."""
    headings = {section.heading for section in sections_of(body)}
    return tuple(share for share in shares if share.heading in headings)


def touched(before: Body, after: Body) -> frozenset[str]:
    """The headings of the sections that differ, new and deleted ones too; `AROUND` for whatever is in none."""
    old = {section.heading: section.blocks for section in sections_of(before)}
    new = {section.heading: section.blocks for section in sections_of(after)}
    found = {heading for heading in old.keys() | new.keys() if old.get(heading) != new.get(heading)}
    around = [
        (
            body.head,
            body.salutation,
            body.signature,
            body.annexes,
            [h for h in sections if h in old and h in new],
        )
        for body, sections in ((before, list(old)), (after, list(new)))
    ]
    if around[0] != around[1]:
        found.add(AROUND)
    return frozenset(found)


def not_ones_own(
    changed: Iterable[str], shares: Sequence[Share], person: int | None, *, anywhere: bool, leads: bool
) -> tuple[str, ...]:
    """The sections among `changed` that the person may not write.

    `leads`: they began the document and may write all of it. `anywhere`: they may write what is given to nobody; who may
    not writes what is given to them alone.
    """
    if leads:
        return ()
    given = {share.heading: share.person for share in shares}
    return tuple(
        heading
        for heading in sorted(changed)
        if (person is None or given.get(heading) != person) and (not anywhere or heading in given)
    )
