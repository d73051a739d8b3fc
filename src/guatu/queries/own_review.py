"""Who may not review a return (回避): what is known of a reviewer and of returns, for four eyes."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor
from guatu.domain.errors import NotAllowed
from guatu.domain.loop_tracks import FILLED_BY, RETURN
from guatu.domain.pack import Pack
from guatu.queries.four_eyes import Standing, refuse_own_review, touched
from guatu.queries.returns import collection_of, rows_of
from guatu.records.models import Campaign, Item


def standing_of_review(actor: Actor, campaign: Campaign, pack: Pack, returns: Sequence[Item]) -> Standing:
    """What four eyes look at: the reviewer's posts and home, and whether they handed one of these returns in, ever, or
    wrote in a row that it carries, by whatever door.

    Only the steps of returns that the unit makes count, not those of other lists that are called the same.
    """
    flow = pack.workflow_of(collection_of(pack).returns)
    own = [way.key for way in flow.transitions if way.level == "own"]
    standing = Standing.of(actor, campaign, returns, own)
    for item in returns:
        filled_by = item.data.get(FILLED_BY) or {}
        if filled_by.get("person") in standing.sides.persons:
            standing.acted.add(item.pk)
    rows = rows_of(campaign, returns)
    written = touched(standing.sides, rows)
    standing.acted.update(row.data[RETURN] for row in rows if row.pk in written)
    return standing


def own_among(actor: Actor, campaign: Campaign, pack: Pack, returns: Sequence[Item]) -> dict[int, str]:
    """The returns that this person may not review, each with the sentence why."""
    standing = standing_of_review(actor, campaign, pack, returns)
    found: dict[int, str] = {}
    for item in returns:
        try:
            refuse_own_review(standing, item)
        except NotAllowed as refusal:
            found[item.pk] = str(refusal)
    return found
