"""Whose section it is, said beside its heading: while it is written and on the paper."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from guatu.domain.writing.body import Body
from guatu.queries.document_drafters import lead_of
from guatu.queries.document_page import sections_shared
from guatu.records.models import Item
from guatu.web.documents.bar import may_write
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class ShareMark:
    """Who writes a section, in words; `mine`: the reader may say that it is written, or not yet."""

    words: str
    done: bool
    mine: bool


def share_marks(at: Here, item: Item, body: Body) -> dict[str, ShareMark]:
    """By the id of its heading, every section that is given to somebody. Two statements at most; none where none is given."""
    given = [one for one in sections_shared(item, body) if one.person is not None]
    lead = lead_of(item) if given and may_write(at, item) else None
    return {
        one.heading: ShareMark(
            words=(_("{name} 写完了") if one.done else _("{name} 在写")).format(name=one.name),
            done=one.done,
            mine=may_write(at, item) and at.actor.person in (one.person, lead),
        )
        for one in given
    }


def beside_headings(paper: str, marks: Mapping[str, ShareMark]) -> str:
    """The article with whose section it is at each heading, for the style sheet to show in the margin."""

    def told(place: re.Match[str]) -> str:
        mark = marks.get(place[1])
        return place[0] if mark is None else f'{place[0]} data-who="{escape(mark.words)}"'

    return re.sub(r'<h2 id="at-([^"]+)"', told, paper) if marks else paper
