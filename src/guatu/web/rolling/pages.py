"""Rolling a text forward, as pages: where it is handed in, and what changes, what is left and what no longer holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guatu.domain.rolling import Choice, Left, Own, Plan, Swap, guess_day
from guatu.exchange.documents_in import read_bytes
from guatu.exchange.rolled_word import broken_words, plan_for_word
from guatu.queries.phrases import may_decide
from guatu.queries.rolling import asked, own_issue
from guatu.web.here import Here
from guatu.web.rolling.kept import Waiting

_AROUND = 16


@dataclass(frozen=True, slots=True)
class HandIn:
    """Where last period's file is handed in; `sentence` says why it could not be read."""

    day: date
    action: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Words of the text with a little of what stands around them on their line."""

    before: str
    words: str
    behind: str


@dataclass(frozen=True, slots=True)
class SwapLine:
    """A change that can be ticked. `href`: its figure."""

    swap: Swap
    place: Place
    ticked: bool
    href: str


@dataclass(frozen=True, slots=True)
class LeftLine:
    """What stays, with the figures that it may be."""

    left: Left
    place: Place
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """What does not hold in the new text."""

    place: Place
    told: str
    arisen: bool


@dataclass(frozen=True, slots=True)
class RollPage:
    """The whole plan. `old` None: the text does not say its day, and somebody has to. `kept`: of the frame's address.
    `own`: which text that we issued it is; `aside`: its annexes of sources are not told for the new day."""

    name: str
    action: str
    back: str
    old: date | None
    new: date
    guessed: bool
    sentence: str = ""
    swaps: tuple[SwapLine, ...] = ()
    left: tuple[LeftLine, ...] = ()
    unbacked: tuple[LeftLine, ...] = ()
    troubles: tuple[TroubleLine, ...] = ()
    same: int = 0
    ticked: int = 0
    own: str = ""
    aside: bool = False
    comments: bool = True
    chosen: tuple[tuple[int, str], ...] = ()
    may_remember: bool = False
    kept: tuple[tuple[str, str], ...] = ()


def hand_in(at: Here, sentence: str = "") -> HandIn:
    """The form."""
    return HandIn(at.as_of, at.to("roll"), sentence)


def day_of(at: Here, waiting: Waiting) -> date | None:
    """The day that the file speaks of: that of our own issue, else as far as its words tell."""
    text = read_bytes(waiting.data, waiting.name).text
    own = own_issue(at.campaign, text, waiting.data, actor=at.actor)
    return own.as_of if own is not None else guess_day(text, at.today)


def planned(at: Here, waiting: Waiting, old: date) -> tuple[Plan, Own | None]:
    """What becomes of the file's text between `old` and the day that is shown, and which text of ours it is."""
    data = waiting.data
    text = read_bytes(data, waiting.name).text
    own = own_issue(at.campaign, text, data, actor=at.actor)
    own = own if own is not None and own.as_of == old else None
    question = asked(at.campaign, text, old=old, new=at.as_of, own=own, actor=at.actor)
    told = (waiting.old, waiting.new) == (old.isoformat(), at.as_of.isoformat())
    taken = waiting.taken if told else None
    return plan_for_word(question, data, name=waiting.name, chosen=waiting.chosen, taken=taken), own


def roll_page(at: Here, waiting: Waiting, old: date | None, *, guessed: bool, sentence: str = "") -> RollPage:
    """The page of one file."""
    action = at.to("rolled", waiting.token, old=old.isoformat() if old else None)
    back = at.to("roll")
    if old is None or old == at.as_of or sentence:
        if not sentence and old is not None:
            sentence = _(
                "文中的截至日与现在看的日期都是 {day}，没有可更新的。请改正文中的截至日，或在页面上方换一天。"
            )
            sentence = sentence.format(day=old)
        return RollPage(waiting.name, action, back, old, at.as_of, guessed, sentence, kept=at.kept)
    made, own = planned(at, waiting, old)
    ticked = {one.mark for one in made.taken}
    left = [LeftLine(one, _place(made.text, one.start, one.end), one.choices) for one in made.left]
    return RollPage(
        name=waiting.name,
        action=action,
        back=back,
        old=old,
        new=at.as_of,
        guessed=guessed,
        swaps=tuple(
            SwapLine(
                one,
                _place(made.text, one.start, one.end),
                one.mark in ticked,
                at.to("figure", one.key) if one.key else "",
            )
            for one in made.swaps
        ),
        left=tuple(line for line in left if line.left.kind != "unbacked"),
        unbacked=tuple(line for line in left if line.left.kind == "unbacked"),
        troubles=_troubles(made),
        same=made.same,
        ticked=len(ticked),
        own=own.name if own is not None else "",
        aside=own is not None and bool(own.apart),
        comments=waiting.comments,
        chosen=tuple((one.mark, one.key) for one in made.swaps if one.chosen),
        may_remember=not at.past and may_decide(at.actor, at.campaign),
        kept=at.kept,
    )


def _troubles(made: Plan) -> tuple[TroubleLine, ...]:
    claims = [
        TroubleLine(_place(made.after, one.start, one.end), broken_words(one.label, one.held), one.held)
        for one in made.broken
    ]
    sums = [
        TroubleLine(_place(made.after, one.finding.start, one.finding.end), one.finding.message, one.arisen)
        for one in made.rechecks
    ]
    return (*claims, *sums)


def _place(text: str, start: int, end: int) -> Place:
    line = text.rfind("\n", 0, start) + 1
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    before, behind = text[max(line, start - _AROUND) : start], text[end : min(stop, end + _AROUND)]
    return Place(
        ("…" if start - _AROUND > line else "") + before.replace("\t", "｜"),
        text[start:end].replace("\n", " "),
        behind.replace("\t", "｜") + ("…" if end + _AROUND < stop else ""),
    )
