"""Who may write in a document as it stands."""

from __future__ import annotations

from guatu.access import Actor, covers
from guatu.domain.loop_tracks import SECTIONS
from guatu.domain.writing.assigning import shares_of
from guatu.queries.documents import documents_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


def writes_in(actor: Actor, campaign: Campaign, document: Item) -> bool:
    """Whether the actor may change anything of its text in this state: as one who writes documents of its unit, or a
    section that is given to them, while it is being drafted. No statement.

    Which sections, `actions.document_rules.writing_as` says of what was changed.
    """
    pack = pack_of(campaign)
    spec = documents_of(pack)
    if document.state not in spec.written_in:
        return False
    if covers(actor, pack.register(spec.register_key).fills, document.line, campaign):
        return True
    way = pack.workflow_of(spec.register_key).transition(spec.hand_in)
    if way is None or document.state not in way.origins or actor.person is None:
        return False
    return any(share.person == actor.person for share in shares_of(document.data.get(SECTIONS)))
