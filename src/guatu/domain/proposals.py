"""Who may propose, consent to and decide what (model.md, actions with approval), as one table; pure.

A post stands on the item's *own side* if it reaches the lead unit, and *above* it if it stands on one of the units over
it. The root unit has nobody above: what concerns its own items is decided by its office, by somebody else than who asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from guatu.domain.words import gettext as _
from guatu.domain.words import gettext_noop

EXTENSION, DUE_KIND, TRANSFER, SPLIT, MERGE, VOID = (
    "extension",
    "due_kind",
    "transfer",
    "split",
    "merge",
    "void",
)
WAITING, CONSENTED, APPROVED, DECLINED, WITHDRAWN = (
    "waiting",
    "consented",
    "approved",
    "declined",
    "withdrawn",
)
OPEN_STATES: Final = (WAITING, CONSENTED)
OFFICE: Final = "office"


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of proposal.

    `proposes`: roles that may ask for it on the lead unit's own side. `consents`: roles at the receiving unit whose yes
    comes first, none where no other unit is concerned. `decides`: roles that may grant it from above; without an entry
    for it the office alone. `watches`: what must not have changed since it was asked for. `several`: several items at
    once.
    """

    key: str
    label: str
    proposes: tuple[str, ...]
    decides: tuple[str, ...]
    watches: tuple[str, ...]
    consents: tuple[str, ...] = ()
    several: bool = False


_UNIT_SIDE = ("filler", "head")
_WITH_LIAISON = ("filler", "head", "liaison")
_ALL = ("filler", "head", "liaison", OFFICE)

RULES: Final[dict[str, Rule]] = {
    rule.key: rule
    for rule in (
        Rule(EXTENSION, gettext_noop("申请延期"), _UNIT_SIDE, ("liaison", OFFICE), ("unit", "due")),
        Rule(
            DUE_KIND,
            gettext_noop("变更时限类型"),
            _ALL,
            ("liaison", OFFICE),
            ("unit", "due", "due_kind"),
        ),
        Rule(
            TRANSFER,
            gettext_noop("移交"),
            _ALL,
            (OFFICE,),
            ("unit",),
            consents=("head", "filler", "liaison"),
            several=True,
        ),
        Rule(SPLIT, gettext_noop("拆分"), _ALL, ("liaison", OFFICE), ("unit", "due", "title")),
        Rule(MERGE, gettext_noop("并案"), _ALL, ("liaison", OFFICE), ("unit", "state"), several=True),
        Rule(VOID, gettext_noop("撤销"), _WITH_LIAISON, (OFFICE,), ("unit", "state"), several=True),
    )
}
"""An extension is the unit's own wish; who stands above changes deadlines without asking (统一调整时限)."""

APPROVED_DUE_KINDS: Final = ("staged", "multi_year", "long_term")
"""Kinds of deadline that need approval (model.md, due kinds)."""
OFFICE_DUE_KINDS: Final = frozenset({"long_term"})
"""Kinds of deadline that the office alone grants: what is kept up without an end leaves the completion rate."""


def kind_label(kind: str) -> str:
    """What a kind of proposal is called."""
    return _(RULES[kind].label)


def state_label(state: str, kind: str) -> str:
    """How far a proposal is, in words."""
    if state == WAITING and RULES[kind].consents:
        return _("待承接单位同意")
    return {
        WAITING: _("待批准"),
        CONSENTED: _("承接单位已同意，待批准"),
        APPROVED: _("已批准"),
        DECLINED: _("未批准"),
        WITHDRAWN: _("已撤回"),
    }[state]


def reaches_from_above(unit: int | None, line: tuple[int, ...], root: int, role: str) -> bool:
    """Whether a post on `unit` stands above the unit with this line; for the root's own items the root's office does."""
    if unit is None or not line:
        return False
    return unit in line[:-1] or (line[-1] == root and unit == root and role == OFFICE)
