"""The steps that an item's page offers for what needs approval: each leads to the form that asks for it."""

from __future__ import annotations

from guatu.access.proposals import proposing
from guatu.access.transitions import may_move
from guatu.domain.pack.workflow import Workflow
from guatu.domain.proposals import DUE_KIND, EXTENSION, MERGE, VOID, kind_label
from guatu.queries.proposal_checks import Wanted, way_to, why_not, wished
from guatu.records.models import Item
from guatu.web.here import Here


def approval_step(at: Here, item: Item, kind: str) -> tuple[str, str, str] | None:
    """(words, address, why not now) of 申请延期, 移交, 拆分 …; None where it concerns neither item nor reader.

    Reads nothing from the database.
    """
    flow = at.pack.workflow_of(item.register)
    if not (_makes_sense(at, item, kind, flow) and _open_to(at, item, kind, flow)):
        return None
    item.campaign = at.campaign
    refusal = why_not(at.campaign, item, Wanted(kind), at.today)
    return kind_label(kind), at.to("propose", kind, item=item.number), refusal


def _makes_sense(at: Here, item: Item, kind: str, flow: Workflow) -> bool:
    """Whether the step concerns such an item at all."""
    if kind in (MERGE, VOID):
        return way_to(kind, flow, item.state) is not None
    if item.phase not in ("draft", "open", "review"):
        return False
    if kind == EXTENSION:
        return item.due is not None
    return kind != DUE_KIND or bool(wished(at.pack, item.register))


def _open_to(at: Here, item: Item, kind: str, flow: Workflow) -> bool:
    """Whether the reader may ask for it, or do it at once where the pack lets them."""
    if proposing(at.actor, kind, [item.line], at.campaign) is not None:
        return True
    way = way_to(kind, flow, item.state) if kind in (MERGE, VOID) else None
    return way is not None and may_move(at.actor, way, item, at.campaign)
