"""The pages of reminders as their templates see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from guatu.domain.reminding.stages import Stage
from guatu.exchange.notifiers.table import NOTIFIERS, label_of
from guatu.queries.channels import Choice, channels_or_none, choice_of, house_quiet
from guatu.queries.installation import installation
from guatu.queries.reminded import DayTold, reminded_log, stage_said, state_said
from guatu.web.here import Here

TONES = {Stage.TODAY: "y", Stage.LATE: "r", Stage.UP: "r"}
"""The colour of a stage's mark; the words beside it say the same."""
NAMED = 6
"""People of one line that are named; of more, how many they are."""


@dataclass(frozen=True, slots=True)
class ChoicePage:
    """How one wants to be told. `typed` stands in the form; `mail`: whether a mail server is configured."""

    typed: Choice
    mail: bool
    domains: tuple[str, ...]
    quiet: tuple[str, str]
    demo: bool
    sentence: str = ""


def choice_page(person: int, *, typed: Choice | None = None, sentence: str = "") -> ChoicePage:
    """The page, with what was typed where it was refused."""
    mail, quiet = channels_or_none().mail, house_quiet()
    return ChoicePage(
        typed=typed or choice_of(person),
        mail=mail is not None,
        domains=mail.domains if mail is not None else (),
        quiet=(f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}"),
        demo=installation().demo,
        sentence=sentence,
    )


@dataclass(frozen=True, slots=True)
class Way:
    """By which channel a fact reached whom. `more`: how many people beside those named."""

    channel: str
    names: tuple[str, ...]
    more: int
    state: str


@dataclass(frozen=True, slots=True)
class Line:
    """One fact with where it leads; `number` is empty for an item out of the reader's sight."""

    at: datetime
    number: str
    title: str
    unit: str
    href: str
    stage: str
    tone: str
    due: date | None
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True)
class LogPage:
    """What was reminded of, page by page."""

    lines: tuple[Line, ...]
    days: tuple[DayTold, ...]
    quiet: tuple[str, str]
    newer: str
    older: str


def log_page(at: Here, page: int) -> LogPage:
    """One page of the campaign's reminders."""
    log, quiet = reminded_log(at.actor, at.campaign, page=page), house_quiet()
    lines = tuple(
        Line(
            told.at,
            told.number,
            told.title,
            told.unit,
            at.to("item", told.public_id) if told.public_id else "",
            stage_said(told.stage),
            TONES.get(told.stage, ""),
            told.due,
            tuple(
                Way(
                    label_of(channel) if channel.partition(":")[0] in NOTIFIERS else "",
                    names[:NAMED],
                    max(len(names) - NAMED, 0),
                    state_said(state) if state else "",
                )
                for channel, names, state in told.ways
            ),
        )
        for told in log.told
    )
    return LogPage(
        lines,
        log.days,
        (f"{quiet.begins:%H:%M}", f"{quiet.ends:%H:%M}"),
        at.to("reminders", page=page - 1) if page > 1 else "",
        at.to("reminders", page=page + 1) if log.more else "",
    )
