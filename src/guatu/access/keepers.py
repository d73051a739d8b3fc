"""Whose account one may keep: whoever sets a password or gives a code could act in that person's name."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from guatu.access.actor import Actor, Grant
from guatu.domain.capabilities import ADMINISTRATORS, OPERATOR, roles_with
from guatu.domain.clock import today
from guatu.records.models import Person, Post

LIAISON = "liaison"


def reaches_all(actor: Actor, posts: Iterable[Post]) -> bool:
    """Whether none of the posts (each with its unit) reaches further than those by which the actor sets passwords."""
    roles = roles_with("reset_password")
    grants = [grant for grant in actor.grants if grant.role in roles]
    for post in posts:
        within = [grant for grant in grants if grant.campaign in (None, post.campaign_id)]
        if not any(_as_far(grant, post) for grant in within):
            return False
    return True


def keeps_account(actor: Actor, person: Person, posts: Collection[Post]) -> bool:
    """Whether the actor may give this person a code or open their account again, whose posts (with units) these are.

    A liaison keeps the accounts of the units below, never one of the own unit or with a post elsewhere or higher; the
    office's and the security administrator's reach is that of setting passwords. An administrator's account is kept by
    the security administrator alone, one's own by nobody.
    """
    if person.pk == actor.person:
        return False
    roles = roles_with("keep_accounts")
    grants = [grant for grant in actor.grants if grant.role in roles]
    if any(post.role in ADMINISTRATORS for post in posts):
        grants = [grant for grant in grants if grant.role in ("security_admin", OPERATOR)]
    home = person.home_unit.line if person.home_unit is not None else ()
    if not posts:
        return any(grant.role != LIAISON and _high(grant) for grant in grants)
    for post in posts:
        within = [grant for grant in grants if grant.campaign in (None, post.campaign_id)]
        if not any(
            _below(grant, post, home) if grant.role == LIAISON else _as_far(grant, post) for grant in within
        ):
            return False
    return True


def held_posts(people: Collection[int]) -> QuerySet[Post]:
    """The posts that these people hold today or will hold, with their units."""
    held = Q(to_day=None) | Q(to_day__gt=today())
    return Post.objects.filter(held, person__in=people).select_related("unit")


def _as_far(grant: Grant, post: Post) -> bool:
    line = post.unit.line if post.unit is not None else ()
    return _high(grant) or bool(line and grant.covers(line))


def _high(grant: Grant) -> bool:
    return grant.everywhere or len(grant.line) == 1


def _below(grant: Grant, post: Post, home: tuple[int, ...]) -> bool:
    """Whether post and home stand truly below the liaison's unit."""
    line = post.unit.line if post.unit is not None else ()
    return all(grant.unit in each and each[-1] != grant.unit for each in (line, home or line))
