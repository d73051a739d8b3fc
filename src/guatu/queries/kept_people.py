"""The people whom one keeps: found by name, account or unit, each with the posts they hold and have held."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from guatu.access import Actor, require
from guatu.access.kept_people import kept_people, kept_person
from guatu.access.policy import covers
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.domain.capabilities import ADMINISTRATORS, roles_with
from guatu.records.models import Campaign, Delegation, Person, Post

SIZE = 50


@dataclass(frozen=True, slots=True)
class PostHeld:
    """A post of a person. `state`: coming, now or over; `last` is its last day, None while it has no end.

    `may_end`: the reader may end it. `campaign` is the key of its campaign, empty for a post of the house.
    """

    id: int
    label: str
    role: str
    aspect: str
    campaign: str
    campaign_name: str
    first: date
    last: date | None
    state: str
    may_end: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """One person of the list."""

    username: str
    name: str
    unit: str
    posts: tuple[str, ...]
    active: bool


@dataclass(frozen=True, slots=True)
class PeopleList:
    """One page of the people in reach."""

    lines: tuple[PersonLine, ...]
    count: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A person with all posts that the reader may know of, the running first; `hidden` posts lie outside the reach."""

    username: str
    name: str
    unit: str
    unit_code: str
    active: bool
    posts: tuple[PostHeld, ...]
    hidden: int
    delegations: tuple[tuple[str, str, date, date], ...]

    @property
    def held(self) -> tuple[PostHeld, ...]:
        """Those that hold or will hold."""
        return tuple(post for post in self.posts if post.state != "over")

    @property
    def past(self) -> tuple[PostHeld, ...]:
        """Those that have ended."""
        return tuple(post for post in self.posts if post.state == "over")


def people_list(actor: Actor, campaign: Campaign, *, q: str = "", page: int = 1) -> PeopleList:
    """The people in reach by account, name or unit. Three statements."""
    require(actor, "manage_people", campaign=campaign)
    rows = kept_people(actor, campaign)
    for word in q.split()[:5]:
        unit = Q(home_unit__name__icontains=word) | Q(home_unit__short_name__icontains=word)
        rows = rows.filter(
            Q(name__icontains=word) | Q(username__icontains=word) | unit | Q(home_unit__code=word)
        )
    count = rows.count()
    pages = max(1, -(-count // SIZE))
    page = min(max(page, 1), pages)
    ordered = rows.select_related("home_unit").order_by("home_unit__order", "home_unit__code", "name", "pk")
    found = list(ordered[(page - 1) * SIZE : page * SIZE])
    labels: dict[int, list[str]] = defaultdict(list)
    for post in _posts(campaign, [person.pk for person in found]).filter(_running(actor.day)):
        labels[post.person_id].append(_label(post))
    lines = tuple(
        PersonLine(
            person.username,
            person.name,
            person.home_unit.short_name if person.home_unit else "",
            tuple(labels[person.pk]),
            person.is_active,
        )
        for person in found
    )
    return PeopleList(lines, count, page, pages)


def person_page(actor: Actor, campaign: Campaign, username: str) -> PersonPage:
    """One person in reach with their posts in this campaign and in the house. Raises NotFound out of reach."""
    require(actor, "manage_people", campaign=campaign)
    return page_of(actor, campaign, kept_person(actor, campaign, username))


def page_of(actor: Actor, campaign: Campaign, person: Person) -> PersonPage:
    """The same of a person who was found already. Two statements."""
    rows = (
        Post.objects.filter(person=person)
        .select_related(*NAMED_WITH)
        .defer(UNREAD)
        .order_by("from_day", "id")
    )
    every = list(rows)
    here = [row for row in every if row.campaign_id in (None, campaign.pk)]
    posts = sorted(
        (_held(actor, campaign, row) for row in here), key=lambda post: (post.state == "over", post.first)
    )
    return PersonPage(
        username=person.username,
        name=person.name,
        unit=person.home_unit.short_name if person.home_unit else "",
        unit_code=person.home_unit.code if person.home_unit else "",
        active=person.is_active,
        posts=tuple(posts),
        hidden=len(every) - len(posts),
        delegations=_delegations(person, actor.day),
    )


def _posts(campaign: Campaign, people: list[int]) -> QuerySet[Post]:
    here = Q(campaign=campaign) | Q(campaign=None)
    rows = Post.objects.filter(here, person__in=people).select_related(*NAMED_WITH).defer(UNREAD)
    return rows.order_by("from_day", "id")


def _running(day: date) -> Q:
    return Q(from_day__lte=day) & (Q(to_day=None) | Q(to_day__gt=day))


def _held(actor: Actor, campaign: Campaign, row: Post) -> PostHeld:
    day = actor.day
    over = row.to_day is not None and row.to_day <= day
    return PostHeld(
        id=row.pk,
        label=_label(row),
        role=row.role,
        aspect=row.aspect,
        campaign=row.campaign.key if row.campaign else "",
        campaign_name=row.campaign.short_name if row.campaign else "",
        first=row.from_day,
        last=row.to_day - timedelta(days=1) if row.to_day else None,
        state="over" if over else "coming" if row.from_day > day else "now",
        may_end=not over and _may_end(actor, campaign, row),
    )


def _may_end(actor: Actor, campaign: Campaign, row: Post) -> bool:
    """As the action asks: over the post's unit, over the whole house for a post of the house, an administrator's apart."""
    keeper = actor if row.campaign is not None else actor.everywhere()
    if row.role in ADMINISTRATORS and not covers(
        keeper, roles_with("keep_administrators"), campaign.root.line, None
    ):
        return False
    line = row.unit.line if row.unit is not None else campaign.root.line
    return covers(keeper, roles_with("manage_people"), line, campaign)


def _delegations(person: Person, day: date) -> tuple[tuple[str, str, date, date], ...]:
    rows = (
        Delegation.objects.filter(Q(giver=person) | Q(taker=person), to_day__gt=day)
        .select_related("giver", "taker")
        .order_by("from_day")
    )
    return tuple(
        (row.giver.name, row.taker.name, row.from_day, (row.to_day or date.max) - timedelta(days=1))
        for row in rows
    )


def _label(row: Post) -> str:
    return post_label(row, row.unit.short_name if row.unit else row.team.name if row.team else "")
