"""The pages of the check: the form, one marked text, several texts beside each other."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.urls import reverse

from guatu.domain.checker.between import contradictions
from guatu.domain.checker.binding import measures_alike
from guatu.domain.clock import today
from guatu.domain.errors import GuatuError
from guatu.domain.figures.references import key_of
from guatu.exchange.check_remarks import KINDS, RARE, Remark, words_of
from guatu.exchange.kept_checks import Edit, KeptCheck, kept_check
from guatu.exchange.text_shape import Block
from guatu.queries.phrases import may_decide
from guatu.queries.statements_now import Stated
from guatu.web.check.basis import Judged, judged
from guatu.web.check.forms import shown_name
from guatu.web.check.marking import Line, lines_of
from guatu.web.figures.addresses import figure_href
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class FormPage:
    """Where texts are handed in. `sentence` says why what came could not be read; `text` is what was typed."""

    day: date
    today: date
    action: str
    text: str = ""
    sentence: str = ""
    phrases: str = ""


@dataclass(frozen=True, slots=True)
class VerdictCount:
    """One verdict with how often it was given."""

    kind: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A figure that a phrase can be said to mean."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Correction:
    """What can be written at a place, there or elsewhere; `kept`: it stands corrected so.

    `old`: what is written there, where that is not what the remark is about. `which`: its number among the remark's.
    """

    which: int
    old: str
    new: str
    kept: bool


@dataclass(frozen=True, slots=True)
class Found:
    """One remark of the side list: in which part of the text, where its records are, what can be written instead."""

    remark: Remark
    part: str
    href: str
    corrections: tuple[Correction, ...]
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """One of several texts: its verdicts, or the sentence why it was not read."""

    name: str
    href: str
    sentence: str
    verdicts: tuple[VerdictCount, ...]
    wanting: int
    current: bool


@dataclass(frozen=True, slots=True)
class TextPage:
    """One text, marked. `settled`: how many remarks of the version before are gone; None without one.

    `at` is the moment when it was handed in; `compared` whether there was anything to compare with.
    """

    day: date
    today: date
    name: str
    at: str
    found: int
    lines: tuple[Line, ...]
    remarks: tuple[Found, ...]
    style: tuple[Found, ...]
    verdicts: tuple[VerdictCount, ...]
    beside: tuple[Beside, ...]
    compared: bool
    settled: int | None
    edits: int
    may_decide: bool
    here: str
    action: str
    word: str
    decide: str
    change: str
    overview: str
    phrases: str
    token: str

    @property
    def wanting(self) -> int:
        """How many places want a look."""
        return len(self.remarks) + len(self.style)


@dataclass(frozen=True, slots=True)
class Saying:
    """What one of several texts says of a figure."""

    name: str
    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Differing:
    """A figure of which the texts say different things; `ours` what the records say."""

    label: str
    ours: str
    sayings: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class SetPage:
    """Several texts beside each other, and what they say differently."""

    day: date
    today: date
    at: str
    texts: tuple[Beside, ...]
    differing: tuple[Differing, ...]
    compared: bool
    here: str
    action: str
    token: str

    @property
    def names(self) -> int:
        """How many texts there are."""
        return len(self.texts)


def to(at: Here | None, name: str, *args: object, **query: object) -> str:
    """An address of the check, in the campaign's frame or outside any."""
    if at is not None:
        return at.to(name, *args, **query)
    pairs = "&".join(f"{key}={value}" for key, value in query.items() if value not in (None, ""))
    return reverse(name, args=args) + (f"?{pairs}" if pairs else "")


def form_page(at: Here | None, *, text: str = "", sentence: str = "", day: date | None = None) -> FormPage:
    """The form, as empty as it can be."""
    return FormPage(
        day=day or (at.as_of if at else today()),
        today=today(),
        action=to(at, "check"),
        text=text,
        sentence=sentence,
        phrases=at.to("phrases") if at else "",
    )


def text_page(at: Here | None, kept: KeptCheck, place: int, basis: Stated) -> tuple[TextPage, Judged]:
    """The text at `place` (from 0) of the set, and how it was judged."""
    one = judged(kept.texts[place], basis)
    blocks = one.blocks()
    edits = one.kept.edits
    found = _found(at, one, basis, blocks)
    spoken = _spoken(at, basis)
    address = (kept.token, place + 1)
    page = TextPage(
        day=basis.day,
        today=today(),
        name=shown_name(one.kept.name),
        at=kept.at,
        found=len(one.checked.figures) + len(one.checked.claims),
        lines=lines_of(one.text, blocks, one.remarks, edits),
        remarks=tuple(row for row in found if row.remark.kind != "sty"),
        style=tuple(row for row in found if row.remark.kind == "sty"),
        verdicts=_verdicts(one.remarks),
        beside=_others(at, kept, place, spoken),
        compared=bool(basis.statements),
        settled=_settled(kept, one, basis),
        edits=len(edits),
        may_decide=at is not None and not at.past and may_decide(at.actor, at.campaign),
        here=to(at, "check-text", *address),
        action=to(at, "check"),
        word=to(at, "check-word", *address, **spoken),
        decide=to(at, "check-decide", *address, **spoken),
        change=to(at, "check-change", *address, **spoken),
        overview=to(at, "check-set", kept.token, **spoken) if len(kept.texts) > 1 else "",
        phrases=at.to("phrases") if at else "",
        token=kept.token,
    )
    return page, one


def set_page(at: Here | None, kept: KeptCheck, basis: Stated) -> SetPage:
    """All texts of the set."""
    read = {place: judged(one, basis) for place, one in enumerate(kept.texts) if one.token}
    spoken = _spoken(at, basis)
    known = {one.key: one for one in basis.statements}
    places = list(read)
    differing = []
    for one in contradictions([(read[place].text, read[place].checked) for place in places]):
        statement = known.get(one.key)
        sayings = tuple(
            Saying(
                shown_name(kept.texts[places[said.text]].name),
                said.numeral.text,
                to(at, "check-text", kept.token, places[said.text] + 1, **spoken)
                + _anchor(read[places[said.text]], said.numeral.start),
            )
            for said in one.sayings
        )
        differing.append(
            Differing(
                statement.label if statement else one.phrase, statement.text if statement else "", sayings
            )
        )
    texts = tuple(
        replace(
            row,
            verdicts=_verdicts(read[place].remarks) if place in read else (),
            wanting=len(read[place].wanting) if place in read else 0,
        )
        for place, row in enumerate(_others(at, kept, -1, spoken))
    )
    return SetPage(
        day=basis.day,
        today=today(),
        at=kept.at,
        texts=texts,
        differing=tuple(differing),
        compared=bool(basis.statements),
        here=to(at, "check-set", kept.token),
        action=to(at, "check"),
        token=kept.token,
    )


def _spoken(at: Here | None, basis: Stated) -> dict[str, str]:
    """The day in an address, where it is not the one that the frame shows."""
    shown = at.as_of if at else today()
    return {} if basis.day == shown else {"day": basis.day.isoformat()}


def _anchor(one: Judged, start: int) -> str:
    number = next((row.number for row in one.remarks if row.start == start and row.number), 0)
    return f"#f{number}" if number else ""


def _verdicts(remarks: Sequence[Remark]) -> tuple[VerdictCount, ...]:
    counts = Counter(remark.kind for remark in remarks)
    return tuple(
        VerdictCount(kind, words_of(kind), counts[kind]) for kind in KINDS if counts[kind] or kind not in RARE
    )


def _others(at: Here | None, kept: KeptCheck, place: int, spoken: dict[str, str]) -> tuple[Beside, ...]:
    if len(kept.texts) < 2:
        return ()
    return tuple(
        Beside(
            shown_name(one.name),
            to(at, "check-text", kept.token, index + 1, **spoken) if one.token else "",
            one.sentence,
            (),
            0,
            index == place,
        )
        for index, one in enumerate(kept.texts)
    )


def _found(at: Here | None, one: Judged, basis: Stated, blocks: Sequence[Block]) -> list[Found]:
    heads = [(block.start, one.text[block.start : block.end]) for block in blocks if block.kind == "heading"]
    there = replace(at, as_of=basis.day) if at is not None else None
    edits = frozenset(one.kept.edits)
    rows = []
    for remark in one.wanting:
        part = next((words for start, words in reversed(heads) if start <= remark.start), "")
        rows.append(
            Found(
                remark,
                re.sub(r"\s+", " ", part.strip())[:12],
                figure_href(there, remark.key) if there is not None and remark.key else "",
                _corrections(remark, one.text, edits),
                _choices(remark, basis) if remark.undecided else (),
            )
        )
    return rows


def _corrections(remark: Remark, text: str, edits: Collection[Edit]) -> tuple[Correction, ...]:
    """What the remark's buttons do; a word that is to be left out has none, as before."""
    return tuple(
        Correction(
            which,
            "" if (one.start, one.end) == (remark.start, remark.end) else text[one.start : one.end],
            one.new,
            Edit(one.start, one.end, one.new) in edits,
        )
        for which, one in enumerate(remark.corrections)
        if one.new
    )


def _choices(remark: Remark, basis: Stated) -> tuple[Choice, ...]:
    """Every figure that counts in the number's measure, besides the candidates that have a button of their own."""
    offered = {one.key for one in remark.candidates}
    return tuple(
        Choice(one.key, one.label)
        for one in basis.statements
        if one.kind == "figure"
        and one.key not in offered
        and key_of(one.key) == one.key
        and measures_alike(remark.measure, one.say.measures)
    )


def _settled(kept: KeptCheck, one: Judged, basis: Stated) -> int | None:
    """How many remarks of the version before have gone."""
    if not kept.before:
        return None
    try:
        earlier = kept_check(kept.owner, kept.before)
        named = [text for text in earlier.texts if text.token and text.name == one.kept.name]
        texts = named or [text for text in earlier.texts if text.token]
        if not texts:
            return None
        old = judged(texts[0], basis)
    except GuatuError:
        return None
    gone = Counter(map(_signature, old.wanting)) - Counter(map(_signature, one.wanting))
    return sum(gone.values())


def _signature(remark: Remark) -> tuple[str, str, str]:
    return remark.kind, remark.head, remark.label or remark.text


def edits_with(edits: Sequence[Edit], remark: Remark, which: int, *, keep: bool) -> tuple[Edit, ...]:
    """The edits with one of the remark's corrections among them, or without it; what overlaps it goes, and so do the
    remark's others: one of them is enough."""
    places = [(one.start, one.end) for one in remark.corrections] or [(remark.start, remark.end)]
    others = [one for one in edits if all(one.end <= start or one.start >= end for start, end in places)]
    if keep and 0 <= which < len(remark.corrections):
        chosen = remark.corrections[which]
        others.append(Edit(chosen.start, chosen.end, chosen.new))
    return tuple(sorted(others))
