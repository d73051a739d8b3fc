"""A workflow: states with their phase, and the transitions between them, as data."""

from __future__ import annotations

from typing import Any, Literal, get_args

from pydantic import Field as Rule
from pydantic import field_validator

from guatu.domain.pack.base import Key, Label, Option, PackModel
from guatu.domain.pack.collection import Judge
from guatu.domain.pack.loop import Notice
from guatu.domain.pack.register import Role

Phase = Literal["draft", "open", "review", "closed", "void"]
PHASES: tuple[str, ...] = get_args(Phase)
Level = Literal["own", "above", "outside", "root", "any"]
Decision = Literal["", "meeting", "superior"]
"""Who recognised an item of the root unit: a meeting (会议认定) or the superior (上级认定)."""


class State(PackModel):
    """One state: its name, its phase (what figures count), whether the unit's clock runs in it.

    `merged` says of a void state that the item lives on in another one (并案): the movement statement counts it apart.
    `answer_within`: working days within which whoever it waits for has to act; in a state of review that is the
    reviewer's own clock (审核超时). `on_notice`: the item is made known (公示) until a day. `long_term`: kept up without an
    end, checked every `check_every` days, left out of the completion rate. `team_only`: invisible to the unit and those
    above it until it has left this state, for items that meet `team_only_when` (unannounced: [true]) or for all. `shown_to`:
    the roles to which an item in this state exists, in their reach; empty = everybody (a request being drawn up). `judge`:
    who judges a return in this state; a step of an item with a review chain leads to the next judge of its chain only.
    """

    label: Label
    phase: Phase
    clock: Literal["runs", "stops"] = "runs"
    merged: bool = False
    answer_within: int | None = Rule(default=None, ge=1, le=366)
    on_notice: bool = False
    long_term: bool = False
    check_every: int | None = Rule(default=None, ge=1, le=3660)
    team_only: bool = False
    team_only_when: dict[Key, tuple[bool, ...]] = Rule(default_factory=dict)
    shown_to: tuple[Role, ...] = ()
    judge: Literal["", Judge] = ""


class Transition(PackModel):
    """One way from state to state.

    `label` is the button. `roles` and `level` say who may: `own` = the post covers the lead unit, `above` = a proper
    ancestor of it, `outside` = the post covers it from outside every lead and contributing unit's subtree (a team
    assigned to it, or the office at the root), `root` = a post at the root unit, `any` = any scope over it.
    `needs` are fields that may not be empty; `sets` are choice fields that the step itself fills (handling: on_spot);
    `evidence` asks for a file or 线下备查; `reason` for words;
    `evidence_kinds` names which kinds there must be, handed in with this step or earlier in the same round;
    `four_eyes` bars the applicant and whoever filled; `new_round` begins another round; `decision` is
    the way for the root unit's own items: it asks for the document of a meeting (`meeting`, 会议认定) or of the superior
    (`superior`, 上级认定), and the item is counted apart under that kind.
    `applies`: the application that stops the unit's clock, if its round passes. `signs`: the sign-off of the unit's
    head; `on_paper`: made by whoever uploads the scan of the signed sheet, matched by its version code, and as good as the
    head's own. `returns`: sends back, so that the next submission has
    to say what was done (`Workflow.submits`). `auto`: the worker makes this step by itself when the notice is over
    without an objection, when the addressee has not answered in time, when what it was referred to is solved above, when
    the periodic check of a long-term item is due, or when a merger of units has left a unit with two returns (`merged`).
    """

    key: Key
    label: Label
    origins: tuple[Key, ...] = Rule(alias="from", min_length=1)
    to: Key
    roles: tuple[Role, ...] = Rule(min_length=1)
    level: Level
    needs: tuple[Key, ...] = ()
    sets: dict[Key, Key] = Rule(default_factory=dict)
    evidence: bool = False
    evidence_kinds: tuple[Key, ...] = ()
    reason: bool = False
    four_eyes: bool = False
    new_round: bool = False
    decision: Decision = ""
    applies: bool = False
    signs: bool = False
    on_paper: bool = False
    returns: bool = False
    auto: Literal["", "notice_over", "unanswered", "solved_above", "check_due", "merged"] = ""

    @field_validator("decision", mode="before")
    @classmethod
    def _by_a_meeting(cls, given: Any) -> Any:
        """A yes or no of an earlier pack: until there were two kinds, a decision was a meeting's."""
        if isinstance(given, bool):
            return "meeting" if given else ""
        return given

    @property
    def proves(self) -> bool:
        """Whether the step asks for evidence, of any kind or of certain kinds."""
        return self.evidence or bool(self.evidence_kinds)


class Workflow(PackModel):
    """The states an item may be in, those it may be created in, and the ways between.

    `evidence_kinds` are the kinds of evidence that its steps tell apart (整改前照片, 整改后照片).
    """

    key: Key
    label: Label
    evidence_kinds: tuple[Option, ...] = ()
    states: dict[Key, State]
    initial: tuple[Key, ...] = Rule(min_length=1)
    transitions: tuple[Transition, ...] = ()
    notice: Notice | None = None

    def transition(self, key: str) -> Transition | None:
        """The transition `key`, or None."""
        return next((way for way in self.transitions if way.key == key), None)

    @property
    def verdicts(self) -> frozenset[str]:
        """Fields that are the verifier's own words: needed by steps under four eyes or by a meeting's decision only.

        They are written in these steps and nowhere else, or whoever filled could write her own verification.
        """
        judged = {key for way in self.transitions if way.four_eyes or way.decision for key in way.needs}
        others = {key for way in self.transitions if not (way.four_eyes or way.decision) for key in way.needs}
        return frozenset(judged - others)

    def submits(self, way: Transition) -> bool:
        """Whether the step hands the unit's work in: made by the responsible side, from work into review or to the close.

        It is the step after a return that has to say what was done, whatever lies between (整改中 after 退回整改).
        """
        handed_in = self.states[way.to].phase in ("review", "closed")
        return (
            way.level == "own" and handed_in and any(self.states[one].phase == "open" for one in way.origins)
        )

    def proof_of(self, way: Transition) -> tuple[bool, frozenset[str]]:
        """What the step to the close finds proved: whether there has to be evidence, and of which kinds.

        It is what the submissions of the workflow ask for; a step from elsewhere than review says for itself what it needs.
        """
        from_review = all(self.states[one].phase == "review" for one in way.origins)
        if not from_review or self.states[way.to].phase != "closed":
            return False, frozenset()
        handed_in = [one for one in self.transitions if self.submits(one)]
        kinds = [frozenset(one.evidence_kinds) for one in handed_in]
        return any(one.proves for one in handed_in), frozenset.intersection(*kinds) if kinds else frozenset()

    def is_signed(self, state: str) -> bool:
        """Whether an item in this state has been signed off and is being judged, or is closed: its words stand."""
        signing = [way for way in self.transitions if way.signs]
        waits = {one for way in signing for one in way.origins}
        return bool(signing) and self.states[state].phase in ("review", "closed") and state not in waits

    def kind_label(self, kind: str) -> str:
        """What a kind of evidence is called; nothing for evidence without a kind, the key for an older pack's kind."""
        return next((option.label for option in self.evidence_kinds if option.key == kind), kind)

    def phase_of(self, state: str) -> Phase:
        """The phase of a state of this workflow; KeyError for another workflow's state."""
        return self.states[state].phase

    def ways_from(self, state: str) -> tuple[Transition, ...]:
        """The transitions that leave `state`, in the pack's order."""
        return tuple(way for way in self.transitions if state in way.origins)
