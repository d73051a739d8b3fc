"""Places as a writer reads them: {已销号问题} on the page, {issues_closed} in the body. Pure.

A figure goes by its Chinese label, in a variant or at another basis as `references.looked_at` calls it; where two go by the
same label, each has its key behind it. What a page sends back is read the same way; a key is understood, too.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.utils.translation import override

from guatu.domain.errors import BadInput
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import Reference, exists, looked_at, read
from guatu.domain.pack.template import NAMES, parse
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body
from guatu.queries.documents import name_labels
from guatu.queries.reports import WRITTEN
from guatu.records.models import Campaign
from guatu.records.packs import written_pack

_SHOWN = re.compile(r"\{([^{}]*)\}")
_ALONE = str.maketrans({"<": "＜", ">": "＞", "|": "｜", "{": "｛", "}": "｝"})


@dataclass(frozen=True)
class PlaceNames:
    """Both ways between a place's key and what it is called. `figures` are the pack's, in the language of documents.

    `standing` are the keys of the text that is written: one that has left the pack since goes by its key and may stay.
    `units`: code → name of those that a table may be about, where it was asked for.
    """

    figures: Mapping[str, Figure]
    by_key: Mapping[str, str]
    by_name: Mapping[str, str]
    standing: frozenset[str] = frozenset()
    units: Mapping[str, str] = field(default_factory=dict)

    def name(self, key: str) -> str:
        """What the page calls the place; the key itself for one that nobody knows."""
        found = self.by_key.get(key)
        if found is None and exists(self.figures, key):
            with override(WRITTEN):
                label = looked_at(self.figures, read(key)).label
            return (
                label if self.by_name.get(label) == key else key
            )  # an internal one is not chosen by its name
        return found or key

    def key(self, name: str) -> str | None:
        """The key behind what somebody wrote between braces; None if nothing goes by it."""
        name = name.strip()
        if name in self.by_name:
            return self.by_name[name]
        return name if name in NAMES or name in self.standing or exists(self.figures, name) else None

    def unit(self, code: str) -> str:
        """What the page calls a unit; the code itself for one that is not among them."""
        return self.units.get(code, code)

    def unit_code(self, name: str) -> str:
        """The code behind a unit's name. Raises BadInput for a name that none goes by."""
        name = name.strip()
        found = next((code for code, called in self.units.items() if name in (called, code)), None)
        if found is None and self.units:
            raise BadInput(
                _("没有名为“{name}”的下级单位。请写单位简称，几家之间用顿号隔开。"), name=name[:40]
            )
        return found or name

    def shown(self, text: str) -> str:
        """A text of the body as it stands on the page."""
        return _SHOWN.sub(lambda place: self._shown(place[1]), text)

    def _shown(self, inside: str) -> str:
        key, colon, wording = inside.partition(":")
        return "{" + self.name(key) + colon + wording + "}"

    def stored(self, text: str) -> str:
        """What was typed as a text of the body. Raises BadInput for a name that no figure goes by.

        Signs of the grammar that stand alone are taken for the signs that Chinese texts write (＜ ＞ ｜ ｛ ｝).
        """
        made = _SHOWN.sub(lambda place: self._stored(place[1]), text)
        try:
            parse(made)
        except ValueError:
            made = "".join(
                part if _SHOWN.fullmatch(part) else part.translate(_ALONE)
                for part in re.split(r"(\{[^{}]*\})", made)
            )
        return made

    def _stored(self, inside: str) -> str:
        name, colon, wording = inside.partition(":")
        key = self.key(name)
        if key is None:
            raise BadInput(
                _("没有名为“{name}”的统计项。请从统计项中选一个，或写成普通文字。"), name=name[:40] or "{}"
            )
        return "{" + key + colon + wording + "}"


def names_of(campaign: Campaign, text: Body | None = None) -> PlaceNames:
    """The names of the campaign's figures, as documents call them; `text`: the document's own, as it is stored."""
    found = names_in(written_pack(campaign).figures)
    return found if text is None else replace(found, standing=text.keys)


def names_in(figures: Mapping[str, Figure]) -> PlaceNames:
    """The names of a pack's figures and of what else a text may name."""
    labels: dict[str, str] = {}
    with override(WRITTEN):
        labels.update(name_labels())
        for key, figure in figures.items():
            if figure.internal:
                continue
            labels[key] = figure.label
            for way in figure.ways:
                labels[str(Reference(key, way))] = looked_at(figures, Reference(key, way)).label
    twice = {label for label, times in Counter(labels.values()).items() if times > 1}
    by_key = {key: f"{label}（{key}）" if label in twice else label for key, label in labels.items()}
    return PlaceNames(figures, by_key, {label: key for key, label in by_key.items()})
