"""How far the rows of a return have been recognised (认定层级): written with every step of the return.

The rows say so themselves, in their track `@basis`, so that a figure by basis needs no look at returns.
"""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor
from guatu.access.secrecy import withheld_among
from guatu.access.system import system_actor
from guatu.actions.noting import note_items
from guatu.domain.collection import UNREPORTED, basis_in
from guatu.domain.loop_tracks import BASIS, CHAIN, RETURN
from guatu.queries.returns import rows_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

ACTION = "returns.basis"


def lift_rows(actor: Actor, *, campaign: Campaign, returns: Sequence[Item], reason: str = "") -> list[Item]:
    """Write on the rows of these returns what the returns' present states make of them; the rows that changed.

    Call it in the transaction of the step, with the returns as they are after it. Taken off the roster, a return leaves
    its rows unreported. A row that is kept from the actor follows as well. Three statements and the writing, however many returns.
    """
    if not returns:
        return []
    pack = pack_of(campaign)
    flow = pack.workflow_of(returns[0].register)
    wanted = {
        item.pk: basis_in(flow, item.state, item.data.get(CHAIN) or ()) or UNREPORTED for item in returns
    }
    rows = [
        row for row in rows_of(campaign, list(returns)) if row.data.get(BASIS) != wanted[row.data[RETURN]]
    ]
    kept = withheld_among(actor, rows, campaign)
    noted: list[Item] = []
    for who, mine in (
        (actor, [row for row in rows if row.pk not in kept]),
        (system_actor(), [row for row in rows if row.pk in kept]),  # it follows, whoever may read it
    ):
        notes = {row.pk: {BASIS: wanted[row.data[RETURN]]} for row in mine}
        if notes:
            noted += note_items(who, campaign=campaign, action=ACTION, notes=notes, reason=reason)
    return noted
