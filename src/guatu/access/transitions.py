"""Whether a transition's roles and level fit one of the actor's posts (the pack says which)."""

from __future__ import annotations

from guatu.access.actor import Actor, Grant
from guatu.domain.pack.workflow import Transition
from guatu.records.models import Campaign, Item


def fits(grant: Grant, way: Transition, line: tuple[int, ...], root: int) -> bool:
    """Whether this post may make the transition on an item whose lead unit has this line.

    own: reaches the lead unit. above: stands on a proper ancestor of it. outside: a team assigned to it, or a post on
    a proper ancestor. root: stands on the campaign's root. any: reaches it. Ways with a decision are for the root
    unit's own items only, and the root's own items are closed by no other four-eyes way.
    """
    if grant.role not in way.roles or not grant.covers(line):
        return False
    of_root = line[-1] == root
    if (way.decision and not of_root) or (way.four_eyes and not way.decision and of_root):
        return False
    if way.level in ("own", "any"):
        return True
    if way.level == "root":
        return grant.unit == root
    if grant.team is not None:
        return way.level == "outside"
    return grant.unit in line[:-1]


def may_move(actor: Actor, way: Transition, item: Item, campaign: Campaign) -> bool:
    """Whether any of the actor's posts in the campaign may make this transition on the item."""
    return any(
        fits(grant, way, item.line, campaign.root_id)
        for grant in actor.grants
        if grant.campaign in (None, campaign.pk)
    )
