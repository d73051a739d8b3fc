"""Whether a transition's roles and level fit one of the actor's posts (the pack says which)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce

from guatu.access.actor import Actor, Grant
from guatu.access.aspects import of_aspect
from guatu.access.reaching import NOTHING, reached_by
from guatu.access.secrecy import withheld
from guatu.access.system import SYSTEM
from guatu.domain.pack.workflow import Transition
from guatu.records.models import ANCESTORS, Campaign, Item, Post

TEAM = frozenset({"team_leader", "team_member"})
"""The roles of a team share one desk: what waits for one of them waits for all."""


def fits(grant: Grant, way: Transition, line: tuple[int, ...], root: int) -> bool:
    """Whether this post may make the transition on an item whose lead unit has this line.

    own: reaches the lead unit. above: stands on a proper ancestor of it. outside: a team assigned to it, or a post on
    a proper ancestor. root: stands on the campaign's root. any: reaches it. Ways with a decision are for the root
    unit's own items only, and the root's own items are closed by no other four-eyes way.
    """
    if grant.role == SYSTEM:
        return bool(way.auto)
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
    ) and not withheld(actor, item, campaign)


def acting(actor: Actor, steps: Sequence[tuple[Transition, Item]], campaign: Campaign) -> Actor | None:
    """The actor under the first of their posts that may make all of these steps; None if no single one may.

    It is the post that history names. One's own posts stand before those one holds for somebody else.
    """
    root = campaign.root_id
    for grant in actor.grants:
        if grant.campaign in (None, campaign.pk) and all(
            fits(grant, way, item.line, root) for way, item in steps
        ):
            return actor.under(grant)
    return None


def rows_to_move(actor: Actor, way: Transition, campaign: Campaign, *, desk: bool = False) -> Q:
    """`may_move` as a predicate over spells; what is kept from the actor is left to `shown`. A post that looks after one
    aspect is asked for nothing of another, which it does not see.

    `desk`: only what lies on the actor's own desk. Among those who may, it is the business of the first role that the
    way names and somebody holds there, of the post nearest to the unit; the others may step in, but are not asked to. Nor
    is a verifier asked for what four eyes would refuse because of the unit that leads it (`four_eyes` knows all grounds).
    """
    found = NOTHING
    own = own_side(actor) if desk and way.four_eyes and not way.decision else frozenset()
    for grant in actor.grants:
        if grant.role in way.roles and grant.campaign in (None, campaign.pk):
            rows = _rows(grant, way, campaign.root_id) & of_aspect(grant, campaign)
            found |= rows & ~_taken_by_others(grant, way, campaign, actor) if desk else rows
    return found & ~Q(unit__in=own) if own else found


def own_side(actor: Actor) -> frozenset[int]:
    """The units whose items the actor does not verify for a post or a home: those units and all above them."""
    lines = [actor.home_line, *(line for grant in actor.grants for line in (grant.line, grant.giver_home))]
    return frozenset(unit for line in lines for unit in line)


def _rows(grant: Grant, way: Transition, root: int) -> Q:
    """`fits` in the language of the database."""
    rows = reached_by(grant)
    if way.decision:
        rows &= Q(unit=root)
    elif way.four_eyes:
        rows &= ~Q(unit=root)
    if way.level in ("own", "any"):
        return rows
    if way.level == "root":
        return rows if grant.unit == root else NOTHING
    if grant.team is not None:
        return rows if way.level == "outside" else NOTHING
    return rows & ~Q(unit=grant.unit)


def _taken_by_others(grant: Grant, way: Transition, campaign: Campaign, actor: Actor) -> Q:
    """Whether somebody nearer holds the grant's role there, or anybody a role that the way names before it."""
    before = way.roles[: way.roles.index(grant.role)]
    earlier = frozenset(before) - (TEAM if grant.role in TEAM else frozenset())
    held = Post.objects.annotate(
        within=Coalesce("campaign_id", campaign.pk)
    ).filter(
        Q(to_day=None) | Q(to_day__gt=actor.day),
        from_day__lte=actor.day,
        within=campaign.pk,  # of this campaign or of all; said so that the database looks posts up by their unit
    )
    found = NOTHING
    if way.level == "root":
        return found | Q(Exists(held.filter(role__in=sorted(earlier), unit=campaign.root_id)))
    on_line = held.filter(_at_one_of(ANCESTORS), role__in=sorted(earlier)) if earlier else None
    below = ANCESTORS[len(grant.line) :] if grant.line else ()
    nearer = held.filter(_at_one_of(below), role=grant.role) if below else None
    for posts in (on_line, nearer):
        if posts is not None:
            if way.level in ("above", "outside"):
                posts = posts.exclude(unit=OuterRef("unit_id"))
            found |= Q(Exists(posts))
    if way.level != "above" and earlier & TEAM:
        of_team = reduce(or_, (Q(team__assigned__unit=OuterRef(name)) for name in ANCESTORS))
        current = Q(team__assigned__to_day=None) | Q(team__assigned__to_day__gt=actor.day)
        posts = held.filter(
            of_team & current, role__in=sorted(earlier), team__assigned__from_day__lte=actor.day
        )
        found |= Q(Exists(posts))
    return found


def _at_one_of(columns: Sequence[str]) -> Q:
    """A post on one of the outer row's units in these columns."""
    return reduce(or_, (Q(unit=OuterRef(name)) for name in columns))
