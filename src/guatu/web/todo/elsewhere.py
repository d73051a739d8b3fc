"""Steps of the desk that have a page of their own: they lead there instead of being made in the row."""

from __future__ import annotations

from guatu.queries.referrals import referral_of
from guatu.queries.todo_work import Work
from guatu.records.packs import pack_of
from guatu.web.here import Here


def own_page(there: Here, work: Work) -> str:
    """The page on which the first step of this work is made; empty where the row itself will do."""
    if not work.moves:
        return ""
    pack, step = pack_of(there.campaign), work.moves[0].key
    check, spec = pack.loop.self_check, referral_of(pack, work.register)
    if check is not None and work.register == check.register_key and step == check.answers:
        return there.to("self-check-answer", work.public_id)
    if spec is not None and step == spec.claim:
        return there.to("claim", work.public_id)
    asked = pack.loop.collection
    if asked is not None and work.register == asked.returns and step in (*asked.hand_in, *asked.sign):
        return there.to("return", work.public_id)
    if (
        asked is not None and work.register == asked.requests
    ):  # who has not answered is seen before it is ended
        return there.to("collection-request", work.public_id)
    documents = pack.loop.documents
    if (
        documents is not None and work.register == documents.register_key
    ):  # nobody passes on what they have not read
        return there.to("document", work.public_id)
    return ""
