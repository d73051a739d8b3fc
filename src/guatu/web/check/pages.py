"""The check page: the form, or the marked text with its findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guatu.domain.checker import check
from guatu.queries.statements import campaign_names, own_names, relations, statements
from guatu.web.check.forms import Given
from guatu.web.check.marking import KINDS, Line, Remark, lines_of, remarks_of, words_of
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """One verdict with how often it was given; `shown` at first."""

    kind: str
    words: str
    count: int
    shown: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """`lines` is empty until something was handed in; `sentence` says why it could not be read."""

    day: date
    name: str = ""
    text: str = ""
    sentence: str = ""
    lines: tuple[Line, ...] = ()
    remarks: tuple[tuple[Remark, str], ...] = ()
    verdicts: tuple[VerdictCount, ...] = ()
    found: int = 0


def checked_page(at: Here, given: Given) -> CheckPage:
    """Check the text against the figures of its day and against itself."""
    ours = statements(at.campaign, day=given.day, actor=at.actor)
    answer = check(
        given.text,
        ours,
        relations(at.campaign),
        given.day,
        own_names(at.campaign),
        campaign_names(at.campaign),
    )
    remarks = remarks_of(given.text, answer, ours)
    wanting = tuple(
        (remark, at.to("figure", remark.key) if remark.key else "") for remark in remarks if remark.number
    )
    counts = {kind: sum(remark.kind == kind for remark in remarks) for kind in KINDS}
    return CheckPage(
        day=given.day,
        name=given.name,
        text=given.text,
        lines=lines_of(given.text, remarks),
        remarks=wanting,
        verdicts=tuple(VerdictCount(kind, words_of(kind), counts[kind], True) for kind in KINDS),
        found=len(answer.figures) + len(answer.claims),
    )
