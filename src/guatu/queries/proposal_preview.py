"""What a proposal on chosen items would do, item by item, before anything is asked for; and what may be done at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.access import Actor, visible
from guatu.access.proposals import proposing, stands_over
from guatu.access.transitions import may_move
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.proposals import MERGE, RULES, VOID, kind_label
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.proposal_checks import MOST_ITEMS, Wanted, way_to, why_not
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Chosen:
    """One chosen item and why it is not possible for it (empty: it is)."""

    item: Item
    state: str
    why_not: str


@dataclass(frozen=True, slots=True)
class Preview:
    """The chosen items. `direct`: the reader may do it at once, without asking; `may_ask`: or else ask for it."""

    kind: str
    lines: tuple[Chosen, ...]
    direct: bool
    may_ask: bool

    @property
    def possible(self) -> tuple[Chosen, ...]:
        """Those for which it is possible."""
        return tuple(line for line in self.lines if not line.why_not)


def preview(
    actor: Actor, campaign: Campaign, kind: str, numbers: Sequence[str], wanted: Wanted, *, day: date
) -> Preview:
    """The items with these numbers as they are now, in the order of their numbers. Three statements at most.

    Raises NotFound for an unknown kind or items out of sight, NotAllowed for whoever may neither ask nor do it.
    """
    if kind not in RULES:
        raise NotFound(_("没有“{kind}”这种申请。请从事项页或清单进入。"), kind=kind[:20])
    if not numbers:
        raise BadInput(_("没有选中事项。请回到清单勾选后再办理。"))
    if len(numbers) > MOST_ITEMS:
        raise BadInput(
            _("一次最多申请 {most} 项，选中了 {n} 项。请分几次办理。"), most=MOST_ITEMS, n=len(numbers)
        )
    rows = Item.objects.filter(campaign=campaign, number__in=list(numbers)).select_related("unit")
    items = list(visible(actor, rows, campaign).order_by("number"))
    if not items:
        raise NotFound()
    for item in items:
        item.campaign = campaign
    if len(items) > 1 and not RULES[kind].several:
        raise BadInput(_("“{kind}”一次只能申请一项。请逐项办理。"), kind=kind_label(kind))
    lines = []
    asks = does = False
    for item in items:
        asking = proposing(actor, kind, [item.line], campaign) is not None
        doing = _may_do(actor, campaign, item, kind)
        asks, does = asks or asking, does or doing
        refusal = why_not(campaign, item, wanted, day)
        if not refusal and not asking and not doing:
            refusal = _("不在您可以申请的范围内。")
        lines.append(Chosen(item, _state(campaign, item), refusal))
    if not asks and not does:
        raise NotAllowed(
            _("您的身份（{post}）不能提出“{kind}”。请由该单位的{roles}提出。"),
            post=actor.post_label or _("无"),
            kind=kind_label(kind),
            roles=listed(pack_of(campaign).role_label(role) for role in RULES[kind].proposes),
        )
    possible = [line.item for line in lines if not line.why_not]
    direct = bool(possible) and all(_may_do(actor, campaign, item, kind) for item in possible)
    lead = [item.line for item in possible]
    return Preview(
        kind, tuple(lines), direct, bool(lead) and proposing(actor, kind, lead, campaign) is not None
    )


def _may_do(actor: Actor, campaign: Campaign, item: Item, kind: str) -> bool:
    """Whether the pack lets the reader make the step at once: merging and annulling by whom it names for them."""
    if kind not in (MERGE, VOID):
        return False
    way = way_to(kind, pack_of(campaign).workflow_of(item.register), item.state)
    if way is None or not may_move(actor, way, item, campaign):
        return False
    return kind == VOID or stands_over(actor, way.roles, item.line, campaign)


def _state(campaign: Campaign, item: Item) -> str:
    flow = pack_of(campaign).workflow_of(item.register)
    return flow.states[item.state].label if item.state in flow.states else item.state
