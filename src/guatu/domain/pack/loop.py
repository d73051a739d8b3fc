"""What a pack says about its closed loop beside the workflow itself: which registers play which part in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Rule

from guatu.domain.pack.base import Key, PackModel
from guatu.domain.pack.collection import Collection
from guatu.domain.pack.documents import Documents

Values = dict[Key, tuple[Key, ...]]
"""Choice fields and their values (source: [public]): an item meets it if one of the fields has one of its values."""

NoticeKind = Literal["public", "within", "none"]
"""How a close-out is made known: 公示, 一定范围内通报, or 不公示 (with a reason)."""


class Notice(PackModel):
    """How the close-outs of a workflow are made known.

    `days` working days on notice; `field` is the choice field by whose value `kinds` tells the kind, `default` the kind
    of every other item. `shows` are the fields that the printed notice (公示单) tells beside title and unit; none
    that names a person.
    """

    days: Annotated[int, Rule(ge=1, le=60)] = 5
    field: Key | None = None
    kinds: dict[Key, NoticeKind] = Rule(default_factory=dict)
    default: NoticeKind = "public"
    shows: tuple[Key, ...] = ()


class Reinspection(PackModel):
    """Re-inspection (回头看): of which register, recorded in which, and by which rule the sample is drawn.

    `item` is the field that points at the item looked at again, `result` the choice field of the finding, `rebound` its
    value for a rebound. Drawn are: every item that meets `always` (民生, 群众反映), at least `per_unit` of each unit with
    closures, and `share` per cent of the rest, capped by the team-days at hand times `per_day`. `figures` stand by unit
    beside the samples (累计销号, 有效销号, 反弹率).
    """

    of: Key
    register_key: Key = Rule(alias="register")
    item: Key
    result: Key
    rebound: Key
    always: Values = Rule(default_factory=dict)
    per_unit: Annotated[int, Rule(ge=0, le=20)] = 1
    share: Annotated[int, Rule(ge=0, le=100)] = 30
    per_day: Annotated[int, Rule(ge=1, le=50)] = 4
    figures: Annotated[tuple[Key, ...], Rule(max_length=6)] = ()


class Referral(PackModel):
    """Referral upward (提请上级解决 → 认领): the steps that it consists of, and where the unit above works on it.

    Whoever claims opens an item of `register`, whose text field `asked` takes what was asked for, due `days` later
    unless another day is given; or names an open item of its own in that register or among the problems. `ask`, `claim`,
    `decline` are steps of the problems' workflow; `assign` and `answer` are those of the office from its coordination
    list (协调清单). The worker's own steps are marked in the workflow (`auto: unanswered`, `auto: solved_above`).
    """

    register_key: Key = Rule(alias="register")
    asked: Key
    ask: Key
    claim: Key
    decline: Key
    assign: Key
    answer: Key
    days: Annotated[int, Rule(ge=1, le=366)] = 30

    @property
    def claiming(self) -> frozenset[str]:
        """The steps by which a unit above takes the matter on."""
        return frozenset({self.claim, self.assign})


class SelfCheck(PackModel):
    """Self-check (举一反三): the register of answers, the field that points at the case, the yes/no field of the answer.

    `cases` are the registers from whose items one may be sent out; 有 opens an item of `opens`. `question` is the text
    field that takes what is asked, `explanation` the one for the reason, `answers` the step by which a unit answers.
    `sets` are choice fields of the opened item that are filled without asking.
    """

    register_key: Key = Rule(alias="register")
    cases: tuple[Key, ...] = Rule(min_length=1)
    item: Key
    question: Key
    answer: Key
    explanation: Key
    answers: Key
    opens: Key
    sets: dict[Key, Key] = Rule(default_factory=dict)


class Satisfaction(PackModel):
    """Satisfaction of those concerned: a log with counts of sent, returned, satisfied and unsatisfied answers.

    Below `least` returns no rate is given.
    """

    register_key: Key = Rule(alias="register")
    item: Key
    sent: Key
    returned: Key
    satisfied: Key
    unsatisfied: Key
    least: Annotated[int, Rule(ge=1, le=1000)] = 10


class Findings(PackModel):
    """What a team finds (组内底稿 → 组长审定 → 反馈 → 单位签收 → 立项): its register, and the register it is filed in.

    `visits` is the log of visits, `visit` the field of a finding that points at the one it was found on, `planned_on` the
    day of a visit that is only planned and `record` the step that records it. `files` is the step of a finding that opens
    an item of `opens`: fields with the same key are carried over, `sets` are choices filled without asking. `at_once` is
    the step of `opens` for what was put right on the spot. `apart`: for how many days after a visit a unit is left alone;
    whoever plans one within them is warned.
    """

    register_key: Key = Rule(alias="register")
    visits: Key
    visit: Key
    planned_on: Key
    record: Key
    opens: Key
    files: Key
    at_once: Key | None = None
    sets: dict[Key, Key] = Rule(default_factory=dict)
    apart: int = Rule(default=3, ge=1, le=60)


class Loop(PackModel):
    """The parts of the loop. Each may be left out: a campaign without it does not show its pages.

    `problems` is the register that the loop is about (referral upward, common causes, queue). `people_reported` says
    which items were reported by people: they are never verified in bulk. `collection` and `documents` come with `includes`.
    """

    problems: Key | None = None
    referral: Referral | None = None
    people_reported: Values = Rule(default_factory=dict)
    reinspection: Reinspection | None = None
    self_check: SelfCheck | None = None
    satisfaction: Satisfaction | None = None
    findings: Findings | None = None
    collection: Collection | None = None
    documents: Documents | None = None

    @property
    def by_steps(self) -> frozenset[str]:
        """The registers whose items come about by steps of the loop or are written: units are not asked to hand them in."""
        parts = (self.referral, self.self_check, self.reinspection, self.findings, self.documents)
        return frozenset(part.register_key for part in parts if part is not None)
