"""Drafts of returns (暂存): what was typed and not handed in. They belong to the desk, no batch is written (decision 0050).

One draft a return, whoever of the unit types: `version` tells two hands apart, and neither loses what it typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from guatu.access import Actor, seen_among
from guatu.access.transitions import may_move
from guatu.actions.returns import step_of
from guatu.domain.clock import now
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.queries.returns import collection_of
from guatu.records.models import Campaign, FillDraft, Item
from guatu.records.packs import pack_of

LONGEST = 1_000_000
"""Characters of a draft."""
MOST_SECONDS = 24 * 3600


class TwoHands(Conflict):
    """Somebody else has saved another draft of the same return in between. `draft` is theirs."""

    def __init__(self, draft: FillDraft, who: str) -> None:
        self.draft = draft
        super().__init__(
            _(
                "{who}刚存过这份报送的草稿，与您填的不一致。不一致的格子下面列出了对方填的内容，请核对后再存。"
            ),
            who=who,
        )


@transaction.atomic
def save_draft(
    actor: Actor,
    *,
    campaign: Campaign,
    return_: int,
    cells: Mapping[str, Any],
    seconds: int = 0,
    version: int = 0,
) -> FillDraft:
    """Keep what was typed. `version`: of the draft that was seen, 0 for none; `seconds`: how long it has taken in all.

    Raises TwoHands if another hand has saved something else since, BadInput for a return that is handed in or a draft that
    is too long, NotAllowed for whoever may not hand it in.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    rows = Item.objects.filter(campaign=campaign, pk=return_, register=spec.returns)
    # whoever hands it in comes before or after
    item = next(iter(seen_among(actor, rows.select_for_update(), campaign)), None)
    if item is None:
        raise NotFound()
    way = step_of(pack, item, spec.hand_in)
    if way is None:
        raise BadInput(
            _("{number} 现为“{state}”，不用再填。要改的，请先撤回修改。"),
            number=item.number,
            state=pack.workflow_of(item.register).states[item.state].label,
        )
    if not may_move(actor, way, item, campaign):
        raise NotAllowed(
            _("{number} 由{unit}的填报员报送，或由上级联络员代填。"),
            number=item.number,
            unit=item.unit.short_name,
        )
    if len(json.dumps(cells, ensure_ascii=False)) > LONGEST:
        raise BadInput(_("填写的内容太多，草稿存不下。请改用填报表填写后上传。"))
    spent = max(0, min(seconds, MOST_SECONDS))
    kept = FillDraft.objects.select_for_update().filter(item=return_).first()
    if kept is None:
        return FillDraft.objects.create(
            item_id=return_, person_id=actor.person, cells=dict(cells), seconds=spent, saved_at=now()
        )
    if kept.version != version and kept.cells != cells:
        who = kept.person.name if kept.person is not None else _("他人")
        raise TwoHands(kept, who)
    if kept.cells != cells:
        kept.cells, kept.person_id, kept.version = dict(cells), actor.person, kept.version + 1
    kept.seconds, kept.saved_at = max(kept.seconds, spent), now()
    kept.save(update_fields=["cells", "person", "version", "seconds", "saved_at"])
    return kept
