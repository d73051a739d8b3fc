"""What a list page and an item page show: frozen answers of the queries, ready for a template, a workbook or an API.

Everything a page prints is here as text in the reader's language; everything a page links to is here as a key
(a unit code, an item number, a public id), because addresses are the web's business. Days are `date`, never text.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from guatu.domain.lights import Distribution, Light
from guatu.queries.item_stations import Branch, Detour, Step
from guatu.records.models import Item

REACH = "reach"
"""As `own` filter: only what the units in the reader's own reach lead, not what they merely contribute to."""

INVOLVED = "involved"
"""As `role` filter: what the units lead (牵头) and what they contribute to (配合) together: 涉及."""


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """Which items of a register to list. Empty means no restriction.

    `unit` is a code and stands for its subtree; `own` is a level key and narrows the subtree to what the unit holds
    itself (本级): items whose nearest unit of that level or a higher one is `unit`. `sector` is a sector key, `task`
    the number of a root task, `parent` the number of a parent item. `fields` are pairs of a choice field and one of
    its choices. `q` is looked for in number and title. Days are inclusive at both ends.

    `role` “involved” widens `unit` to what its units contribute to; else what they lead is meant. `late`: overdue
    only; `review_overdue`: only what the reviewer has kept for too long. `changed_from`: changed in the records on
    that day or later. `numbers`: these items and no others.
    """

    unit: str = ""
    own: str = ""
    sector: str = ""
    task: str = ""
    parent: str = ""
    states: tuple[str, ...] = ()
    phases: tuple[str, ...] = ()
    lights: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    due_from: date | None = None
    due_to: date | None = None
    q: str = ""
    role: str = ""
    late: bool = False
    review_overdue: bool = False
    changed_from: date | None = None
    numbers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of a filter. `chosen`: it is part of the filters in force."""

    key: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """One filter that the register offers: its name in the address, its label, its choices.

    `unset` says what no choice means, empty where it means everything.
    """

    name: str
    label: str
    options: tuple[Option, ...]
    unset: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, as a sentence part (“单位：华岳医疗”), with the name and value to take out of the address."""

    name: str
    label: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class UnitRef:
    """A unit as it was called; `code` leads to its page."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class LightShown:
    """A light with its word and its sentence. `glyph` is the letter of the mark: r y w g b n."""

    light: Light
    glyph: str
    word: str
    sentence: str


@dataclass(frozen=True, slots=True)
class StateShown:
    """A state with its word; `tone` is the mark it gets: plain, done, back, stopped, void."""

    key: str
    label: str
    phase: str
    tone: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list. `kind` says how it is set: text, number, day, unit, light, state; `sort` if sortable."""

    key: str
    label: str
    kind: str
    sort: str = ""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One item of the list. `cells` follow the columns (text as printed); `due_words` is “3 天后” or “逾期 5 天”."""

    public_id: UUID
    number: str
    title: str
    unit: UnitRef
    light: LightShown | None
    state: StateShown
    due: date | None
    due_words: str
    due_tone: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """One page of a register's list as of (`day`, known at).

    `count` is exact and equals the sum of `lights`; `restricted` says how many more
    items are kept from the reader though they lie in their reach, `outside` how many meet the filters but lie outside
    the reader's scope. `pages` ≥ 1; `first`–`last` are the ranks shown (0–0 when empty). `column_options`: every column
    that the register can show, the chosen ones first and in their order.
    """

    register: str
    label: str
    noun: str
    measure: str
    help: str
    day: date
    filters: ItemFilters
    sort: str
    columns: tuple[Column, ...]
    rows: tuple[ListRow, ...]
    count: int
    outside: int
    restricted: int
    page: int
    pages: int
    first: int
    last: int
    lights: Distribution
    has_lights: bool
    reviewed: bool
    groups: tuple[FilterGroup, ...]
    chips: tuple[Chip, ...]
    sorts: tuple[Option, ...]
    may_create: bool
    empty: str
    column_options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One register in the menu of lists: its items on that day inside the reader's scope, and how many are red."""

    key: str
    label: str
    section: str
    measure: str
    count: int


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of an item: label and value as printed. `wide`: needs the full width. `item`: leads to another item."""

    key: str
    label: str
    text: str
    type: str
    wide: bool
    note: str = ""
    item: UUID | None = None


@dataclass(frozen=True, slots=True)
class NextMove:
    """What can happen next: a button if `may`, else who may and why not you.

    `asks` says in one sentence what must be filled. `needs` are field keys still empty; `reason`, `evidence`,
    `decision` say what the form has to ask for, `kinds` which kinds of evidence are still missing (key and name). `notice`: how the close-out may be made
    known, the usual way first. `who` are roles in words, `people` those who are asked to by name, `others` the
    roles of those who may too; `why_not` is empty when `may`;
    `of_the_post`: the reader's post has nothing to do with the step; `again`: what `reason` asks for is what was done
    since the item was sent back.
    """

    key: str
    label: str
    to: str
    may: bool
    who: str
    why_not: str
    asks: str
    needs: tuple[str, ...]
    reason: bool
    evidence: bool
    decision: bool
    primary: bool
    kinds: tuple[Option, ...] = ()
    people: str = ""
    others: str = ""
    of_the_post: bool = False
    notice: tuple[Option, ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """Evidence in force: a file (`sha256`, `size` in bytes) or a paper kept elsewhere (place, keeper, number).

    `kind` in words (整改后照片), empty where none is told. `opened`: the reader has looked at it.
    """

    id: int
    kind: str
    title: str
    offline: bool
    place: str
    keeper: str
    number: str
    size: int | None
    sha256: str
    by: str
    recorded: datetime | None
    opened: bool = False


@dataclass(frozen=True, slots=True)
class LinkShown:
    """Another item that this one is linked with; `kind` in words (来自走访).

    `row` is the link's key where it may be taken back, None for what splitting and merging made.
    """

    kind: str
    public_id: UUID
    number: str
    title: str
    state: str
    note: str = ""
    row: int | None = None


@dataclass(frozen=True, slots=True)
class CommentShown:
    """A remark, under the writer's name as it was. `urge`: it asks whoever the item waits for to act."""

    person: str
    text: str
    recorded: datetime | None
    urge: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value that a revision changed, as printed then and now. Empty text means that nothing was there."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Event:
    """One revision of the item: who, in which post, did what, when it was recorded and from when it holds.

    `late` marks a late entry (补录): it holds from a day before the day of recording. `withdrawn` marks an entry that
    a later correction has withdrawn. `tone`: plain, now, done, back, void.
    """

    version: int
    recorded: datetime
    effective: date
    who: str
    post: str
    what: str
    reason: str
    changes: tuple[FieldChange, ...]
    late: bool
    withdrawn: bool
    tone: str
    batch: int
    moved: bool = False


@dataclass(frozen=True, slots=True)
class UnitBeside:
    """A unit beside the lead unit, with its role: contributing, supervising or lead."""

    unit: UnitRef
    role: str


@dataclass(frozen=True, slots=True)
class ChildGroup:
    """The child items of one register: the first of them, how many count, how many of those are done.

    `may_add`: the reader may enter another one for the item's lead unit.
    """

    register: str
    rows: tuple[ListRow, ...]
    count: int
    done: int
    may_add: bool


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What was asked for of the item and waits for a yes (申请延期, 待批准), and who asked."""

    label: str
    state: str
    who: str
    public_id: UUID


@dataclass(frozen=True, slots=True)
class ItemPage:
    """One item as of (`day`, known at), with its way, its next moves and its whole history up to there.

    `children` has a group for every register whose items may stand below this one. `values` are the stored field
    values by key, for forms. `now` says in sentences where the item is; `took_part` names those who may not verify it
    because they took part, `judged`: the next step is under four eyes; `extensions`: how often it was extended.
    `row` is the item's row as it stands today, for what can be done with it.
    """

    public_id: UUID
    campaign: str
    register: str
    register_label: str
    number: str
    title: str
    version: int
    day: date
    past: bool
    unit: UnitRef
    line: tuple[UnitRef, ...]
    state: StateShown
    since: date
    round: int
    light: LightShown | None
    due: date | None
    base_due: date | None
    due_words: str
    late_entry: bool
    on_behalf: bool
    fields: tuple[FieldShown, ...]
    editable: tuple[str, ...]
    why_not_edit: str
    path: tuple[Step, ...]
    detours: tuple[Detour, ...]
    moves: tuple[NextMove, ...]
    evidence: tuple[EvidenceShown, ...]
    links: tuple[LinkShown, ...]
    children: tuple[ChildGroup, ...]
    comments: tuple[CommentShown, ...]
    timeline: tuple[Event, ...]
    chain_ok: bool
    values: dict[str, object] = field(default_factory=dict)
    beside: tuple[UnitBeside, ...] = ()
    may_set_beside: bool = False
    branch: Branch | None = None
    now: tuple[str, ...] = ()
    took_part: str = ""
    judged: bool = False
    extensions: int = 0
    asked: tuple[AskedFor, ...] = ()
    row: Item | None = field(default=None, compare=False, repr=False)
