"""What waits for somebody, as 待办 shows it: single items, what falls due together, what waits on a desk of one kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from guatu.queries.pages import LightShown, NextMove, StateShown, UnitRef
from guatu.queries.todo_back import SentBack

OVERDUE, TODAY, WEEK, LATER, OPEN_ENDED = range(5)
"""When own work falls due: the keys of its buckets, in the order of the page."""


@dataclass(frozen=True, slots=True)
class Work:
    """One item that waits for the reader, with the steps that they may make (the first one is the next).

    `waiting`: days since it came into this state; `waits`: somebody else has handed it on and waits for the step, so
    that this counts and not the due day. `moves` is empty on a past day. `more`: another step has to be
    looked at with the item open (four eyes, or words are asked for). `bucket` tells when it is due. `objected`: it is on
    notice and somebody's objection waits for an answer. `back`: why it came back, if it did. `note`: what else has to be known of it,
    as what a return takes. `writes`: the sections of a document that the reader has been asked to write.
    """

    campaign: str
    campaign_label: str
    register: str
    register_label: str
    public_id: str
    item: int
    number: str
    title: str
    version: int
    unit: UnitRef
    state: StateShown
    light: LightShown | None
    since: date
    waiting: int
    waits: bool
    overdue: bool
    due: date | None
    due_words: str
    due_tone: str
    bucket: int
    returned: bool
    step: str
    moves: tuple[NextMove, ...]
    four_eyes: bool
    data: Mapping[str, Any]
    objected: bool = False
    back: SentBack | None = None
    note: str = ""
    writes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Bucket:
    """Own work that falls due together: all of it counted, the first of it shown."""

    key: int
    count: int
    rows: tuple[Work, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What waits on the desk in one state of one register: the step it waits for, the whole count, the first rows.

    `others`: roles, in words, that may make the step too.
    """

    campaign: str
    campaign_label: str
    register: str
    register_label: str
    state: str
    state_label: str
    step: str
    others: str
    count: int
    rows: tuple[Work, ...]
