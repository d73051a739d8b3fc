"""The pack (专项模板): everything that makes one kind of campaign, as validated data.

A pack is read from a folder of YAML once (`load.py`), checked as a whole, and stored with the campaign as canonical
JSON. From then on the stored text is the pack: `Pack.model_validate_json(body)` gives an equal pack back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, StringConstraints
from pydantic import Field as Rule

from guatu.domain.figures.grammar import Figure, parse_relation
from guatu.domain.pack.base import Key, Label, Option, PackModel
from guatu.domain.pack.desk import Desk
from guatu.domain.pack.letterhead import Letterhead
from guatu.domain.pack.loop import Loop
from guatu.domain.pack.register import Register, Role
from guatu.domain.pack.template import ReportTemplate
from guatu.domain.pack.workflow import State, Workflow
from guatu.domain.statements import Relation


class Words(PackModel):
    """What this campaign calls itself in running text.

    `campaign` is the thing (安全生产专项行动), `office` its office, `leading_group` its leading group, `team` a supervising
    team. `also` are other names under which texts speak of the campaign. `stages` says whether the campaign is officially divided into stages.
    """

    campaign: Label
    office: Label
    leading_group: Label
    team: Label
    also: tuple[Label, ...] = ()
    stages: bool = False

    @property
    def campaign_names(self) -> tuple[str, ...]:
        """How texts call the campaign, longest first."""
        return tuple(sorted({self.campaign, *self.also}, key=lambda name: (-len(name), name)))


class HeadCountKind(PackModel):
    """One kind of head-count that units report for their own level (本级)."""

    key: Key
    label: Label
    measure: Label


class LightRule(PackModel):
    """The numbers of one light rule (model.md, Lights); percentages in points, days as civil days.

    A cell of two tasks or more is yellow from `yellow_behind` points behind, red above `red_behind`; yellow within
    `due_soon_days` of the due day; white when not acknowledged after `unanswered_days`. A parent is red from
    `parent_red_share` per cent red cells, yellow from `parent_yellow_share` per cent red or yellow ones.
    """

    label: Label
    due_soon_days: Annotated[int, Rule(ge=0, le=366)] = 7
    yellow_behind: Annotated[int, Rule(ge=0, le=100)] = 10
    red_behind: Annotated[int, Rule(ge=0, le=100)] = 30
    unanswered_days: Annotated[int, Rule(ge=0, le=366)] = 3
    parent: Literal["share", "worst"] = "share"
    parent_red_share: Annotated[int, Rule(ge=0, le=100)] = 20
    parent_yellow_share: Annotated[int, Rule(ge=0, le=100)] = 30


class Wall(PackModel):
    """The wall chart (作战图): whose items fill the cells, and whose items are the columns.

    Cells count the items of `register` under each root task; the columns are the items of `columns`, grouped by its
    choice field `group`, headed by its text field `short`, ordered by its field or attribute `order`.
    """

    register_key: Key = Rule(alias="register")
    by: Literal["task"] = "task"
    columns: Key
    group: Key
    short: Key
    order: Key = "number"


class PackHead(PackModel):
    """What `pack.yaml` says: the campaign's name, its words, and the order of its registers."""

    key: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Label
    version: Annotated[str, StringConstraints(pattern=r"^\d+\.\d+(\+\d+)?$")]
    label: Label
    words: Words
    levels: tuple[Option, ...] = Rule(min_length=1)
    sectors: tuple[Option, ...] = ()
    head_counts: tuple[HeadCountKind, ...] = ()
    trees: tuple[Option, ...] = Rule(min_length=1)
    aspects: tuple[Option, ...] = ()
    roles: dict[Role, Label]
    lights: dict[Key, LightRule]
    registers: tuple[Key, ...] = Rule(min_length=1)
    wall: Wall | None = None
    desk: Desk = Desk()
    loop: Loop = Loop()
    includes: tuple[Key, ...] = ()
    letterhead: Letterhead = Letterhead()


FigureDef = Figure
"""The name under which a pack speaks of one declared figure."""


def _keyed(given: Any) -> Any:
    """Figures with their key inside: in the file the key is written once, as the mapping's own."""
    if not isinstance(given, dict):
        return given
    return {key: {"key": key, **body} if isinstance(body, dict) else body for key, body in given.items()}


def _relation(text: str) -> str:
    parse_relation(text)
    return text


RelationText = Annotated[str, AfterValidator(_relation)]
"""`plans_closed + plans_open == plans_total`: sums of figure keys around one of == <= >=."""

FigureDefs = Annotated[dict[Key, FigureDef], BeforeValidator(_keyed)]


class FigureFile(PackModel):
    """What `figures.yaml` says."""

    figures: FigureDefs = Rule(default_factory=dict)
    relations: tuple[RelationText, ...] = ()


class Pack(PackModel):
    """One version of a campaign's pack. Order is meaning: registers, figures and states keep theirs.

    `translations`: for a language (en) what each text of the pack is called in it; see `spoken.spoken`.
    """

    head: PackHead
    registers: dict[Key, Register]
    workflows: dict[Key, Workflow]
    figures: FigureDefs
    relation_texts: tuple[RelationText, ...] = Rule(default=(), alias="relations")
    reports: dict[Key, ReportTemplate]
    translations: dict[Key, dict[str, str]] = Rule(default_factory=dict)

    @property
    def key(self) -> str:
        """The pack's own key (safety-drive)."""
        return self.head.key

    @property
    def name(self) -> str:
        """The pack's name in words (安全生产专项行动)."""
        return self.head.name

    @property
    def version(self) -> str:
        """The version, immutable once a campaign has used it."""
        return self.head.version

    @property
    def words(self) -> Words:
        """What the campaign calls itself."""
        return self.head.words

    @property
    def wall(self) -> Wall | None:
        """The wall chart, or None for a campaign without one."""
        return self.head.wall

    @property
    def loop(self) -> Loop:
        """Which registers play which part in the closed loop."""
        return self.head.loop

    @property
    def relations(self) -> tuple[Relation, ...]:
        """The declared relations between figures, parsed."""
        return tuple(parse_relation(text) for text in self.relation_texts)

    def register(self, key: str) -> Register:
        """The register `key`; KeyError when the pack has none."""
        return self.registers[key]

    def workflow(self, key: str) -> Workflow:
        """The workflow `key`; KeyError when the pack has none."""
        return self.workflows[key]

    def registers_of_aspect(self, aspect: str) -> tuple[str, ...]:
        """The registers that belong to an aspect as a whole; one that says nothing goes with the register above it.

        Documents belong to every aspect: a working group drafts and countersigns them. So does the pool of good practice.
        """
        common = self.loop.documents.registers if self.loop.documents is not None else ()
        return tuple(key for key in self.registers if key in common or self._aspect_of(key) == aspect)

    def _aspect_of(self, key: str) -> str | None:
        met: set[str] = set()
        while key in self.registers and key not in met:
            register = self.registers[key]
            if register.aspect is not None or register.parent is None:
                return register.aspect
            met.add(key)
            key = register.parent
        return None

    def workflow_of(self, register: str) -> Workflow:
        """The workflow that the items of a register follow."""
        return self.workflows[self.registers[register].workflow]

    @cached_property
    def own_steps(self) -> tuple[str, ...]:
        """Keys of the steps that the responsible side makes, of all workflows: whoever made one does not verify."""
        return tuple(
            dict.fromkeys(
                way.key for flow in self.workflows.values() for way in flow.transitions if way.level == "own"
            )
        )

    def figure(self, key: str) -> FigureDef:
        """The figure `key`; KeyError when the pack has none."""
        return self.figures[key]

    def report(self, key: str) -> ReportTemplate:
        """The report template `key`; KeyError when the pack has none."""
        return self.reports[key]

    def role_label(self, role: str) -> str:
        """What this campaign calls a role."""
        return next((label for key, label in self.head.roles.items() if key == role), role)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """A copy, which may say something else: what was worked out of this content is not taken along."""
        copy = super().model_copy(update=update, deep=deep)
        for worked_out in ("canonical", "sha256", "own_steps", "kept_to_teams", "kept_to_roles"):
            copy.__dict__.pop(worked_out, None)
        return copy

    @cached_property
    def kept_to_teams(self) -> dict[str, dict[str, State]]:
        """Register → those of its states in which items may be a team's own; registers without one are left out."""
        return self._with_states(lambda state: state.team_only)

    @cached_property
    def kept_to_roles(self) -> dict[str, dict[str, State]]:
        """Register → those of its states that are shown to some roles only; registers without one are left out."""
        return self._with_states(lambda state: bool(state.shown_to))

    def _with_states(self, wanted: Callable[[State], bool]) -> dict[str, dict[str, State]]:
        found: dict[str, dict[str, State]] = {}
        for register in self.registers.values():
            states = self.workflows[register.workflow].states.items()
            if chosen := {key: state for key, state in states if wanted(state)}:
                found[register.key] = chosen
        return found

    @cached_property
    def canonical(self) -> str:
        """The whole pack as one JSON text, the same for the same content; stored with the campaign as text."""
        content = self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the canonical text: the identity of this content."""
        return hashlib.sha256(self.canonical.encode()).hexdigest()
