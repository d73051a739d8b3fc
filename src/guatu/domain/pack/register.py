"""A register (清单): what its items are called, which fields they carry, who fills them, how they are listed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field as Rule
from pydantic import StringConstraints, field_validator

from guatu.domain.pack.base import Choice, Key, Label, PackModel
from guatu.domain.pack.collection import CHAIN, Held, Judge

FieldType = Literal[
    "text",
    "long_text",
    "integer",
    "decimal",
    "money",
    "percent",
    "date",
    "choice",
    "multi_choice",
    "yes_no",
    "unit",
    "units",
    "person",
    "item",
    "file",
]
FIELD_TYPES: tuple[str, ...] = get_args(FieldType)
NUMERIC_TYPES = frozenset({"integer", "decimal", "money", "percent"})
CHOICE_TYPES = frozenset({"choice", "multi_choice"})

Role = Literal[
    "leader",
    "office",
    "working_group",
    "team_leader",
    "team_member",
    "liaison",
    "head",
    "filler",
    "observer",
    "auditor",
    "system_admin",
    "security_admin",
    "audit_admin",
]
"""The roles of the access layer; a pack gives them names but cannot add to them."""
ROLES: tuple[str, ...] = get_args(Role)

DueKind = Literal["date", "at_once", "staged", "multi_year", "long_term"]
"""定期, 立行立改, 分阶段, 跨年度, 长期坚持; the last three need approval (model.md, due kinds)."""

STANDARD_ATTRIBUTES: tuple[str, ...] = (
    "number",
    "title",
    "unit",
    "parent",
    "task",
    "state",
    "phase",
    "round",
    "start",
    "due",
    "base_due",
    "due_kind",
)
"""What every item has without declaring it; columns, searches and figures may name them beside fields."""


class Field(PackModel):
    """One field of a register.

    `dated`: past values matter, the value holds from a day on (history 4). `private`: bodies keep only its salted
    hash. `required_in`: states in which it may not be empty; `required_when` narrows that to items whose choice fields
    have one of the named values (grade: [major]). `unit` is printed after a number (人). `register` says
    what an `item` field points at. `minimum` is the least number taken (0 unless said; None lifts the bound).
    `within` names the choice field on whose value this field's choices depend (`Choice.within`). `held` says where the
    value is already held, so that a request does not ask for it again. `jump` is the change against the period before, in
    per cent, from which a number is questioned when it is handed in.
    """

    key: Key
    label: Label
    type: FieldType
    choices: tuple[Choice, ...] = ()
    dated: bool = False
    private: bool = False
    required_in: tuple[Key, ...] = ()
    required_when: dict[Key, tuple[Key, ...]] = Rule(default_factory=dict)
    unit: str = ""
    register_key: Key | None = Rule(default=None, alias="register")
    minimum: int | None = 0
    within: Key | None = None
    held: Held | None = None
    jump: Annotated[int, Rule(ge=1, le=10_000)] | None = None
    help: str = ""

    def is_required(self, state: str, data: Mapping[str, object]) -> bool:
        """Whether the field may not be empty in a state, given the item's other values."""
        return state in self.required_in and all(
            data.get(key) in values for key, values in self.required_when.items()
        )

    def choice_label(self, key: str) -> str:
        """The name of a choice; the key itself when an older pack's choice is gone."""
        return next((option.label for option in self.choices if option.key == key), key)


class Register(PackModel):
    """A list of items of one kind.

    `noun` and `measure` are how its items are counted in a sentence (个问题). `done_word` is how closing is called
    (销号 is said of problems only; tasks are 完成). `title_label` is what an item's title is called (慰问对象), the noun
    unless said. `flow_day` names the date field on which a logged fact happened.
    `lead_levels` are the unit levels that may lead an item; `fills` the roles that create and edit.
    `shared` registers (key tasks, guidance) are read by everyone with a post in the campaign. Items of a register with
    `milestones` are the milestones of the item above: its plan goes by them instead of growing day by day. `due_kinds`
    are the kinds of deadline that its items may have. `aspect` is the aspect of the plan that the register belongs to
    as a whole, for working groups that look after one aspect.
    `rows: one` says that a unit has one item, or one per `period`, as a monthly report has. `review` is who looks at what
    units hand in when it is asked for, in this order: the unit's head, the second tier, the office.
    """

    key: Key
    label: Label
    noun: Label
    measure: Label
    prefix: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,4}$")]
    section: Label
    done_word: Label = "完成"
    parent: Key | None = None
    lead_levels: tuple[Key, ...]
    workflow: Key
    due: Literal["required", "optional", "none"] = "none"
    due_kinds: tuple[DueKind, ...] = ("date",)
    due_needs: dict[DueKind, tuple[Key, ...]] = Rule(default_factory=dict)
    start: bool = False
    flow_day: Key | None = None
    fills: tuple[Role, ...]
    fields: tuple[Field, ...]
    columns: tuple[Key, ...]
    search: tuple[Key, ...] = ()
    light: Literal["task", "due", "none"] = "none"
    shared: bool = False
    milestones: bool = False
    aspect: Key | None = None
    rows: Literal["many", "one"] = "many"
    period: Literal["", "week", "month", "quarter", "year"] = ""
    review: Annotated[tuple[Judge, ...], Rule(min_length=1)] = ("second", "office")
    help: str = ""
    title_label: str = ""

    def field(self, key: str) -> Field | None:
        """The field `key`, or None."""
        return next((field for field in self.fields if field.key == key), None)

    @property
    def titled(self) -> str:
        """What an item's title is called in lists, forms and sheets."""
        return self.title_label or self.noun[:1].upper() + self.noun[1:]

    @property
    def field_keys(self) -> tuple[str, ...]:
        """The keys of the fields in their order."""
        return tuple(field.key for field in self.fields)

    @field_validator("review")
    @classmethod
    def _in_order(cls, given: tuple[Judge, ...]) -> tuple[Judge, ...]:
        """The chain in its one order, without repetition."""
        return tuple(judge for judge in CHAIN if judge in given)
