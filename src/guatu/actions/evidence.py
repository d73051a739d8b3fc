"""Evidence hung on an item outside a move: files from the file store, or papers kept elsewhere (线下备查)."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.actions.history import answered
from guatu.actions.reach import items_of, load_items, require_reach
from guatu.actions.sign_off import require_unsigned
from guatu.actions.writing import Draft, NewEvidence, load_past, write
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of

ACTION = "items.evidence"


def add_evidence(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    evidence: Sequence[NewEvidence],
    idempotency_key: str | None = None,
) -> Item:
    """Hang evidence on an item in one batch. Needs a post that fills its register for its lead unit.

    What the head has signed stays what was signed: from then on only the office adds to it, as with fields. Raises BadInput
    for nothing at all, for a paper without title, place and keeper, and for an item that is void.
    """
    request = [item, list(evidence)]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        return items_of(batch)[0]
    found = load_items(campaign, [item])[item]
    actor = require_reach(actor, pack_of(campaign).register(found.register).fills, found, campaign)
    if found.phase == "void":
        raise BadInput(_("{number} 已撤销，不能再添加佐证材料。"), number=found.number)
    require_unsigned(actor, campaign, found)
    if not evidence:
        raise BadInput(_("没有选择文件。请选择文件，或填写线下备查的材料名称、存放处、保管人。"))
    kinds = pack_of(campaign).workflow_of(found.register).evidence_kinds
    for each in evidence:
        require_told(each, found.number)
        if each.kind and each.kind not in {option.key for option in kinds}:
            raise BadInput(
                _("{number}：没有“{kind}”这一种佐证材料。可用：{known}。"),
                number=found.number,
                kind=each.kind[:40],
                known=listed(option.label for option in kinds) or _("不分种类"),
            )
    draft = Draft(found, today(ZoneInfo(campaign.zone)), {}, evidence=tuple(evidence))
    load_past([draft])
    write(
        actor,
        action=ACTION,
        campaign=campaign,
        drafts=[draft],
        idempotency_key=idempotency_key,
        request=request,
    )
    return draft.item


def require_told(evidence: NewEvidence, number: str) -> None:
    """Refuse a paper kept elsewhere of which nobody could find the place. `number`: of the item, for the sentence."""
    told = evidence.title.strip() and evidence.place.strip() and evidence.keeper.strip()
    if not evidence.sha256 and not told:
        raise BadInput(_("{number}：线下备查材料须写明名称、存放处、保管人。请补充后再提交。"), number=number)
