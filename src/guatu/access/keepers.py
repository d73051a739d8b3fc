"""Whose password one may set: whoever sets it could act in that person's name."""

from __future__ import annotations

from collections.abc import Iterable

from guatu.access.actor import Actor
from guatu.domain.capabilities import roles_with
from guatu.records.models import Post


def reaches_all(actor: Actor, posts: Iterable[Post]) -> bool:
    """Whether none of the posts (each with its unit) reaches further than those by which the actor sets passwords."""
    roles = roles_with("reset_password")
    grants = [grant for grant in actor.grants if grant.role in roles]
    for post in posts:
        within = [grant for grant in grants if grant.campaign in (None, post.campaign_id)]
        line = post.unit.line if post.unit is not None else ()
        if not any(
            grant.everywhere or len(grant.line) == 1 or (line and grant.covers(line)) for grant in within
        ):
            return False
    return True
