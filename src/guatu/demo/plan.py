"""What a demo story consists of: plain values, told in the order in which the story was recorded.

Nothing here knows a database or a clock. `day` is the day from which a fact holds, `recorded` the day on which
somebody entered it; `by` is a username of the story's people.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from guatu.demo.papers import Drawing

Value = str | int | bool | None


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit as it is first entered; `parent` is the code of the unit above at that time."""

    code: str
    name: str
    short: str
    level: str
    parent: str | None
    sector: str | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """A unit stands below `parent` from `day` on."""

    unit: str
    parent: str
    day: date
    recorded: date


@dataclass(frozen=True, slots=True)
class Merger:
    """`unit` is merged into `into` as of `day`; its branches and items go with it."""

    unit: str
    into: str
    branches: tuple[str, ...]
    day: date
    recorded: date


@dataclass(frozen=True, slots=True)
class HeadCountPlan:
    unit: str
    kind: str
    number: int
    day: date
    recorded: date


@dataclass(frozen=True, slots=True)
class PersonPlan:
    username: str
    name: str
    home: str


@dataclass(frozen=True, slots=True)
class TeamPlan:
    key: str
    name: str
    units: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PostPlan:
    """A role on a unit, or of a team; `aspect` narrows a working group; `until` ends a time-limited post."""

    username: str
    role: str
    unit: str | None = None
    team: str | None = None
    aspect: str | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A file handed in as evidence of a kind; `content` is the file, or what it is drawn from when it is needed."""

    kind: str
    name: str
    content: bytes | Drawing = field(repr=False)


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item as it is first entered. `key` names it inside the story; `kin` are other items it belongs to."""

    key: str
    register: str
    unit: str
    title: str
    state: str
    phase: str
    day: date
    recorded: date
    by: str
    data: Mapping[str, Value] = field(default_factory=dict)
    start: date | None = None
    due: date | None = None
    parent: str | None = None
    task: str | None = None
    pictures: tuple[Picture, ...] = ()
    contributing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """线下备查: where the proof lies, who keeps it, under which number."""

    place: str
    keeper: str
    number: str


@dataclass(frozen=True, slots=True)
class Step:
    """An item takes a transition of its workflow and stands in `state` from `day` on."""

    item: str
    transition: str
    state: str
    phase: str
    day: date
    recorded: date
    by: str
    reason: str = ""
    data: Mapping[str, Value] = field(default_factory=dict)
    evidence: Evidence | None = None
    decision: str = ""
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """The due day of an item becomes `due`; the base due day stays."""

    item: str
    due: date
    day: date
    recorded: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Edit:
    """Plain values of an item are put right, for all days."""

    item: str
    data: Mapping[str, Value]
    recorded: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Correction:
    """The last state entry of an item is withdrawn and entered again with another day."""

    item: str
    state: str
    phase: str
    day: date
    recorded: date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Tie:
    """An item is linked to another one; `kind` as the product names its links."""

    item: str
    to: str
    kind: str
    recorded: date
    by: str


Event = NewItem | Step | Extension | Edit | Correction | Tie


@dataclass(frozen=True, slots=True)
class Story:
    """A whole story. `events` are in the order of recording; an item's own events keep their order.

    `founded` is the day from when the units stand where they stand, `set_up` the day on which the office enters them,
    `starts` the campaign's first day, `ends` the last day told: the demo's clock stands there. `wave` is the
    campaign's 批次, `office` the username of whoever enters changes of the tree. A field that names another item holds
    that item's key in the story.
    """

    seed: int
    founded: date
    set_up: date
    starts: date
    ends: date
    wave: str
    office: str
    units: tuple[UnitPlan, ...]
    head_counts: tuple[HeadCountPlan, ...]
    moves: tuple[Move, ...]
    mergers: tuple[Merger, ...]
    people: tuple[PersonPlan, ...]
    teams: tuple[TeamPlan, ...]
    posts: tuple[PostPlan, ...]
    events: tuple[Event, ...]
