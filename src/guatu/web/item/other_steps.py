"""What can be done with an item beside moving it on: a quiet row of buttons, each leading to a page of its own.

Whoever adds such a page adds a function to `STEPS`. It says under which words the step stands and where it leads, why
it is not open to this reader now (told beside the button), or None where it does not concern the item or the reader at
all. It reads what is at hand: a statement of its own would be one more on every item page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from guatu.domain.proposals import RULES
from guatu.domain.words import gettext as _
from guatu.queries.hand_down import may_hand_down
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.proposals.steps import approval_step


@dataclass(frozen=True, slots=True)
class Step:
    """One button: its words, its address, and why not now; with `why_not` it is shown but does not lead anywhere."""

    label: str
    href: str
    why_not: str = ""


StepOf = Callable[[Here, Item], Step | None]


def other_steps(at: Here, item: Item) -> tuple[Step, ...]:
    """The steps open to the reader today, in the order of `STEPS`; none while a past day is shown."""
    if at.past:
        return ()
    return tuple(step for make in STEPS if (step := make(at, item)) is not None)


def hand_down(at: Here, item: Item) -> Step | None:
    """分解下达: from a key task to units."""
    if not may_hand_down(at.actor, at.campaign, item):
        return None
    return Step(_("分解下达"), at.to("hand-down", item.public_id))


def approval(kind: str) -> StepOf:
    """What needs somebody else's yes: 申请延期, 变更时限类型, 移交, 拆分, 并案, 撤销."""

    def step(at: Here, item: Item) -> Step | None:
        found = approval_step(at, item, kind)
        return Step(*found) if found is not None else None

    return step


def dossier(at: Here, item: Item) -> Step | None:
    """一问题一档: the item with its way and its papers as one PDF."""
    return Step(_("一问题一档"), at.to("dossier", item.public_id))


STEPS: tuple[StepOf, ...] = (hand_down, *(approval(kind) for kind in RULES), dossier)
