"""What a pack says about its closed loop beside the workflow itself: which registers play which part in it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field as Rule

from guatu.domain.pack.base import Key, PackModel

Values = dict[Key, tuple[Key, ...]]
"""Choice fields and their values (source: [public]): an item meets it if one of the fields has one of its values."""

NoticeKind = Literal["public", "within", "none"]
"""How a close-out is made known: 公示, 一定范围内通报, or 不公示 (with a reason)."""


class Notice(PackModel):
    """How the close-outs of a workflow are made known.

    `days` working days on notice; `field` is the choice field by whose value `kinds` tells the kind, `default` the kind
    of every other item.
    """

    days: Annotated[int, Rule(ge=1, le=60)] = 5
    field: Key | None = None
    kinds: dict[Key, NoticeKind] = Rule(default_factory=dict)
    default: NoticeKind = "public"


class Reinspection(PackModel):
    """Re-inspection (回头看): of which register, recorded in which, and by which rule the sample is drawn.

    `item` is the field that points at the item looked at again, `result` the choice field of the finding, `rebound` its
    value for a rebound. Drawn are: every item that meets `always` (民生, 群众反映), at least `per_unit` of each unit with
    closures, and `share` per cent of the rest, capped by the team-days at hand times `per_day`.
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


class SelfCheck(PackModel):
    """Self-check (举一反三): the register of answers, the field that points at the case, the yes/no field of the answer.

    `cases` are the registers from whose items one may be sent out; 有 opens an item of `opens`.
    """

    register_key: Key = Rule(alias="register")
    cases: tuple[Key, ...] = Rule(min_length=1)
    item: Key
    answer: Key
    explanation: Key
    opens: Key


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
    """What a team finds (组内底稿 → 组长审定 → 反馈 → 单位签收 → 立项): its register, and the register it is filed in."""

    register_key: Key = Rule(alias="register")
    opens: Key


class Loop(PackModel):
    """The parts of the loop. Each may be left out: a campaign without it does not show its pages.

    `problems` is the register that the loop is about (referral upward, common causes, queue). `people_reported` says
    which items were reported by people: they are never verified in bulk.
    """

    problems: Key | None = None
    people_reported: Values = Rule(default_factory=dict)
    reinspection: Reinspection | None = None
    self_check: SelfCheck | None = None
    satisfaction: Satisfaction | None = None
    findings: Findings | None = None
