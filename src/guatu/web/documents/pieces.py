"""A text of a body as the page shows it: words, figures with their value, places that cannot be said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.domain.pack.template import NAMES, Joined, Place, Words, parse
from guatu.domain.report import FigureSpan, times
from guatu.domain.writing.body import Body
from guatu.queries.documents import Written
from guatu.queries.reports import names_of as names_in_texts
from guatu.records.models import Item
from guatu.web.documents.names import PlaceNames
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class PieceShown:
    """Words, or a chip: `raw` is how it is written, `name` what it is called, `href` where the panel tells of it."""

    text: str
    raw: str = ""
    name: str = ""
    key: str = ""
    href: str = ""
    gap: bool = False


@dataclass(frozen=True)
class Saying:
    """What the chips of a document say. `values`: key → text; what cannot be said is not in it."""

    names: PlaceNames
    values: Mapping[str, str]
    hrefs: Mapping[str, str]

    def pieces(self, text: str) -> tuple[PieceShown, ...]:
        """The text of a block as stored, in pieces."""
        try:
            tokens = parse(text)
        except ValueError:
            return (PieceShown(text),)
        found: list[PieceShown] = []
        for token in tokens:
            if isinstance(token, Words):
                found.append(PieceShown(token.text))
            elif isinstance(token, Place):
                found.append(self._place(token))
            else:
                found.append(self._joined(token))
        return tuple(found)

    def _place(self, place: Place) -> PieceShown:
        name = self.names.name(place.key)
        wording = f":{place.wording}" if place.wording else ""
        said = self.values.get(place.key)
        text = place.wording or said if said is not None else name
        raw = "{" + name + wording + "}"
        return PieceShown(text or name, raw, name, place.key, self.hrefs.get(place.key, ""), said is None)

    def _joined(self, joined: Joined) -> PieceShown:
        parts = []
        raw = []
        for part in joined.parts:
            pieces = [PieceShown(one.text) if isinstance(one, Words) else self._place(one) for one in part]
            raw.append("".join(piece.raw or piece.text for piece in pieces))
            if not any(piece.gap for piece in pieces):
                parts.append("".join(piece.text for piece in pieces))
        written = f"<{joined.joiner}{'|'.join(raw)}>"
        return PieceShown(joined.joiner.join(parts) or written, written, written, gap=not parts)


def saying(at: Here, item: Item, body: Body, written: Written | None, names: PlaceNames) -> Saying:
    """What the chips say as of the document's day; without `written` nothing but their names."""
    values: dict[str, str] = {}
    if written is not None:
        for span in printed_keys(written, item):
            values[span.key] = span.statement.text or span.text
        values |= {**names_in_texts(at.campaign, item.unit), **times(written.day)}
    keys = figures_in(body)
    hrefs = {key: at.to("document-edit", item.public_id, figure=key) for key in keys}
    return Saying(names, values, hrefs)


def figures_in(body: Body) -> frozenset[str]:
    """The figures of a body's texts; names are none."""
    return frozenset(key for key in body.keys if key not in NAMES)


def printed_keys(written: Written, item: Item) -> tuple[FigureSpan, ...]:
    """Each figure once, in reading order, as it is for the document's own unit and day: a table has those of others, too."""
    own = (one.span for one in written.printed if (one.unit, one.day) == (item.unit.code, written.day))
    found: dict[str, FigureSpan] = {}
    for span in own:
        found.setdefault(span.key, span)
    return tuple(found.values())
