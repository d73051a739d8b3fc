"""Accounts as those who keep them see them: who has taken theirs up, whose is shut, who holds a code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet

from guatu.access import Actor, require, visible
from guatu.access.keepers import held_posts, keeps_account
from guatu.access.lock_out import shut_accounts
from guatu.access.post_names import role_of
from guatu.access.second_factor import people_with_second_factor
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import real_now
from guatu.records.models import AccessCode, Campaign, Person, Post, Unit

PAGE = 50
KEEP = "keep_accounts"
IN_ORDER = (F("home_unit__code").asc(nulls_last=True), F("username").asc())
UNITS = 40  # units that one word may mean before it means too little


@dataclass(frozen=True, slots=True)
class AccountLine:
    """One account. `state`: asleep (nobody can log in yet), awake, shut; `minutes` until a shut one opens again.

    `code_until`: a code has been given and not used yet. `mine`: this reader may give it a code and open it again.
    """

    username: str
    name: str
    unit: str
    posts: tuple[str, ...]
    state: str
    minutes: int
    code_until: datetime | None
    factor: bool
    last_login: datetime | None
    mine: bool


@dataclass(frozen=True, slots=True)
class AccountList:
    """One page of the accounts in reach; `asleep` counts all those without a password that the filter leaves."""

    lines: tuple[AccountLine, ...]
    total: int
    page: int
    pages: int
    asleep: int


def account_list(
    actor: Actor, campaign: Campaign, *, q: str = "", unit: str = "", state: str = "", page: int = 1
) -> AccountList:
    """By unit and account. `q`: part of a name or account; `unit`: part of a unit's name, or its code, with all that
    stands below it; `state`: asleep, awake or empty for all. Eight statements at most.
    """
    require(actor, KEEP, campaign=campaign)
    found = _matching(actor, campaign, q, unit)
    asleep = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    sleeping = found.filter(asleep).count()
    if state:
        found = found.filter(asleep) if state == "asleep" else found.exclude(asleep)
    book = Paginator(found.select_related("home_unit").order_by(*IN_ORDER), PAGE)
    here = book.get_page(page)
    people = list(here.object_list)
    posts = _posts_of(person.pk for person in people)
    shut = shut_accounts([person.username for person in people])
    factors = people_with_second_factor([person.pk for person in people])
    codes = _codes([person.pk for person in people])
    lines = tuple(
        AccountLine(
            person.username,
            person.name,
            person.home_unit.short_name if person.home_unit else "",
            tuple(dict.fromkeys(role_of(post) for post in posts[person.pk])),
            "shut" if person.username in shut else "awake" if person.has_usable_password() else "asleep",
            shut.get(person.username, 0),
            codes.get(person.pk),
            person.pk in factors,
            person.last_login,
            keeps_account(actor, person, posts[person.pk]),
        )
        for person in people
    )
    return AccountList(lines, book.count, here.number, book.num_pages, sleeping)


def accounts_to_wake(actor: Actor, campaign: Campaign, *, q: str = "", unit: str = "") -> list[str]:
    """All accounts without a password that the filter leaves and the actor keeps. Three statements."""
    require(actor, KEEP, campaign=campaign)
    found = _matching(actor, campaign, q, unit).filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people = list(found.select_related("home_unit").order_by(*IN_ORDER))
    posts = _posts_of(person.pk for person in people)
    return [
        person.username
        for person in people
        if posts[person.pk] and keeps_account(actor, person, posts[person.pk])
    ]


def _matching(actor: Actor, campaign: Campaign, q: str, unit: str) -> QuerySet[Person]:
    """The active people in reach: by a post that holds, or by their home."""
    found = Person.objects.filter(is_active=True)
    roles = roles_with(KEEP)
    grants = [grant for grant in actor.grants if grant.role in roles]
    if not any(grant.everywhere or len(grant.line) == 1 for grant in grants):
        found = found.filter(_standing(visible(actor, Unit.objects.all(), campaign, KEEP)))
    if unit.strip():
        named = visible(actor, Unit.objects.exclude(a1=None), campaign, KEEP)
        word = unit.strip()
        tops = list(
            named.filter(Q(code=word) | Q(name__icontains=word) | Q(short_name__icontains=word))[:UNITS]
        )
        below = Q(pk__in=[])
        for top in tops:
            below |= Q(**{f"a{len(top.line)}": top.pk})
        found = found.filter(_standing(Unit.objects.filter(below)))
    if q.strip():
        found = found.filter(Q(name__icontains=q.strip()) | Q(username__icontains=q.strip()))
    return found


def _standing(units: QuerySet[Unit]) -> Q:
    held = Post.objects.filter(to_day=None, unit__in=units.values("pk"))
    return Q(home_unit__in=units.values("pk")) | Q(pk__in=held.values("person"))


def _posts_of(people: Iterable[int]) -> defaultdict[int, list[Post]]:
    posts: defaultdict[int, list[Post]] = defaultdict(list)
    rows = held_posts(list(people)).select_related("unit", "campaign__pack").defer("campaign__pack__body")
    for post in rows.order_by("pk"):
        posts[post.person_id].append(post)
    return posts


def _codes(people: list[int]) -> dict[int, datetime]:
    rows = AccessCode.objects.filter(person__in=people, used_at=None, expires_at__gt=real_now())
    return dict(rows.values_list("person", "expires_at"))
