"""Noting that a person has opened evidence: what bulk verification asks for. The desk's, no fact of the campaign.

Which of it was seen by a verifier is written into the revision of the verification itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor, visible
from guatu.domain import clock
from guatu.domain.errors import NotFound
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Evidence, EvidenceOpened, Item


def note_opened(actor: Actor, *, campaign: Campaign, evidence: Sequence[int]) -> None:
    """Note that the person has opened these pieces of evidence, each once. NotFound outside their reach.

    Called where a file or its preview is handed out, and where somebody says that they have read a paper kept elsewhere.
    """
    if actor.person is None:
        return
    for chunk in in_chunks(sorted(set(evidence))):
        rows = dict(
            Evidence.objects.filter(pk__in=chunk, item__campaign=campaign).values_list("pk", "item_id")
        )
        seen = set(
            visible(actor, Item.objects.filter(pk__in=set(rows.values())), campaign).values_list(
                "pk", flat=True
            )
        )
        if len(rows) < len(chunk) or not seen.issuperset(rows.values()):
            raise NotFound()
        known = EvidenceOpened.objects.filter(person=actor.person, evidence__in=chunk)
        new = rows.keys() - set(known.values_list("evidence_id", flat=True))
        EvidenceOpened.objects.bulk_create(
            [EvidenceOpened(person_id=actor.person, evidence_id=pk, at=clock.now()) for pk in sorted(new)],
            ignore_conflicts=True,
        )
