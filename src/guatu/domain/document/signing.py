"""Where the bodies, the stamps and the day stand below a document (GB/T 9704—2012 7.3.5), in characters of body text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from guatu.domain.document.model import Signature
from guatu.domain.document.placing import CHARACTERS, Placed, width

SEALS_IN_A_ROW = 3
SEAL_LINES = 5
"""From one row of seals to the next: a seal of 42 mm and what keeps it from its neighbour (5 × 28.95 pt = 51 mm)."""
STAMP = 4
"""Characters that are left for a stamp whose name is not printed."""
FROM_THE_RIGHT = 4


@dataclass(frozen=True, slots=True)
class SignedLine:
    """One line below the text: so many blank lines before it, and what stands in it. `held`: what of a piece stays where it is
    when a font's digits are wider than half a character. `stamped`: its last piece is a person's stamp (red).
    """

    pieces: tuple[Placed, ...]
    blank: int = 0
    held: Literal["left", "centre", "right"] = "left"
    stamped: bool = False


def signed_lines(signature: Signature) -> tuple[SignedLine, ...]:
    """Everything below the text, from above; the last line is that of the day.

    Without a seal (7.3.5.2) one blank line, the first body ends two characters from the right, the others below it, and the
    day begins two after the first; a longer day takes the right edge itself. With a seal (7.3.5.1) two blank lines, the day ends
    four characters from the right and the body is centred upon it; several bodies with seals stand side by side, at most three
    in a row, the last above the day. With the stamp of whoever signs (7.3.5.3) two blank lines, the stamp four characters from
    the right, the post two before it, and the day below after a blank line.
    """
    if signature.seal == "name_seal" and signature.signatories:
        return _stamped(signature)
    if signature.seal == "seal":
        return _sealed(signature)
    day = width(signature.day)
    widest = max((width(body) for body in signature.bodies), default=0.0)
    begins = max(0.0, CHARACTERS - 2 - (day + 2 if day > widest else widest))
    lines = [*(Placed(body, begins) for body in signature.bodies), Placed(signature.day, begins + 2)]
    return tuple(SignedLine((line,), 1 if place == 0 else 0) for place, line in enumerate(lines))


def _sealed(signature: Signature) -> tuple[SignedLine, ...]:
    day = width(signature.day)
    bodies = signature.bodies
    columns = _columns(bodies)
    if columns <= 1:
        widest = max((width(body) for body in bodies), default=0.0)
        begins = CHARACTERS - FROM_THE_RIGHT - day
        middle = min(begins + day / 2, CHARACTERS - widest / 2)
        lines = [
            SignedLine((_centred(body, middle),), SEAL_LINES - 1 if place else 2, "centre")
            for place, body in enumerate(bodies)
        ]
        last = SignedLine((_centred(signature.day, middle),), 0 if lines else 2, "centre")
        return (*lines, last)
    wide = CHARACTERS / columns
    rows = [bodies[begin : begin + columns] for begin in range(0, len(bodies), columns)]
    lines = []
    for place, row in enumerate(rows):
        # The last row stands right, so that the last seal covers its body and the day.
        skipped = columns - len(row)
        pieces = tuple(_centred(body, (skipped + at + 0.5) * wide) for at, body in enumerate(row))
        lines.append(SignedLine(pieces, SEAL_LINES - 1 if place else 2, "centre"))
    return (*lines, SignedLine((_centred(signature.day, CHARACTERS - wide / 2),), 0, "centre"))


def _columns(bodies: Sequence[str]) -> int:
    """How many bodies stand in a row, so that none is wider than its place."""
    most = min(len(bodies), SEALS_IN_A_ROW)
    widest = max((width(body) for body in bodies), default=0.0)
    return next((count for count in range(most, 1, -1) if widest + 1 <= CHARACTERS / count), 1)


def _centred(text: str, middle: float) -> Placed:
    return Placed(text, max(0.0, middle - width(text) / 2))


def _stamped(signature: Signature) -> tuple[SignedLine, ...]:
    room = max(width(one.name) or STAMP for one in signature.signatories)
    begins = CHARACTERS - FROM_THE_RIGHT - room
    post = max(0.0, begins - 2 - max(width(one.post) for one in signature.signatories))
    lines = []
    for place, one in enumerate(signature.signatories):
        stamp = (Placed(one.name, begins),) if one.name else ()
        lines.append(SignedLine((Placed(one.post, post), *stamp), 1 if place else 2, "left", bool(stamp)))
    day = CHARACTERS - FROM_THE_RIGHT - width(signature.day)
    return (*lines, SignedLine((Placed(signature.day, max(0.0, day)),), 1, "right"))
