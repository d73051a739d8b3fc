"""Who acts under whose post (委托代办): what a person gave and took, what they may give, and who could take it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q, QuerySet

from guatu.access import Actor, covers
from guatu.access.policy import scope
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Delegation, Person, Post, Unit

MOST = 200
"""Delegations listed, and people offered."""


@dataclass(frozen=True, slots=True)
class Given:
    """One delegation. `state`: coming, now or over; `mine`: the reader gave it, `taken`: the reader took it."""

    id: int
    post: str
    giver: str
    taker: str
    first: date
    last: date
    reason: str
    state: str
    mine: bool
    taken: bool
    of_campaign: bool

    @property
    def running(self) -> bool:
        """Whether it can still be ended."""
        return self.state != "over"


@dataclass(frozen=True, slots=True)
class StandIn:
    """For whom somebody acts now, under which post, and until which day."""

    giver: str
    post: str
    last: date


@dataclass(frozen=True, slots=True)
class Giveable:
    """A post that can be given away for a time; `line` is where it stands, empty for a team's."""

    post: int
    label: str
    line: tuple[int, ...]
    of_campaign: bool


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody at home near the post: the account to be written, the name beside it."""

    username: str
    name: str
    unit: str


def delegations(actor: Actor, campaign: Campaign, *, day: date) -> tuple[Given, ...]:
    """What the person gave or took, and what they may end as reviewer or office, the last to begin first. One statement."""
    mine = Q(giver=actor.person) | Q(taker=actor.person)
    offices = {g.unit for g in actor.grants if g.role == "office" and len(g.line) == 1}
    below = Unit.objects.filter(scope(actor, "see_contacts", campaign)).values("pk")
    reviewing = any(grant.role in ("office", "liaison") for grant in actor.grants)
    seen = mine
    if reviewing:
        seen |= Q(post__unit__in=below)
    if offices:
        seen |= Q(post__team__campaign=campaign)
    rows: QuerySet[Delegation] = (
        Delegation.objects.filter(
            seen, Q(post__campaign=campaign) | Q(post__campaign=None), from_day__lt=F("to_day")
        )
        .select_related("giver", "taker", *(f"post__{name}" for name in NAMED_WITH))
        .defer(f"post__{UNREAD}")
        .order_by("-from_day", "-id")
    )
    return tuple(_given(row, actor, day) for row in rows[:MOST])


def _given(row: Delegation, actor: Actor, day: date) -> Given:
    ends = row.to_day or date.max
    return Given(
        id=row.pk,
        post=named(row.post),
        giver=row.giver.name,
        taker=row.taker.name,
        first=row.from_day,
        last=ends - timedelta(days=1),
        reason=row.reason,
        state="over" if ends <= day else "coming" if row.from_day > day else "now",
        mine=row.giver_id == actor.person,
        taken=row.taker_id == actor.person,
        of_campaign=row.post.campaign_id is not None,
    )


def standing_in(person: Actor) -> tuple[StandIn, ...]:
    """For whom the person acts today. One statement, none for somebody who stands in for nobody."""
    posts = [grant.post for grant in person.grants if grant.giver is not None]
    if not posts:
        return ()
    labels = {grant.post: grant.label for grant in person.grants}
    rows = (
        Delegation.objects.filter(
            taker=person.person, post__in=posts, from_day__lte=person.day, to_day__gt=person.day
        )
        .select_related("giver")
        .order_by("to_day")
    )
    return tuple(
        StandIn(row.giver.name, labels[row.post_id], (row.to_day or date.max) - timedelta(days=1))
        for row in rows
    )


def giveable(
    actor: Actor, campaign: Campaign, refused: frozenset[str], *, of: str = ""
) -> tuple[Giveable, ...]:
    """One's own posts that may be given away; with `of` those of the person with this user name, to a reviewer or the office.

    `refused`: roles that nobody gives away. Raises NotFound for a person none of whose posts is in reach.
    """
    rows = (
        Post.objects.filter(Q(campaign=campaign) | Q(campaign=None), Q(to_day=None) | Q(to_day__gt=actor.day))
        .exclude(role__in=refused)
        .select_related(*NAMED_WITH)
        .defer(UNREAD)
        .order_by("id")
    )
    if not of:
        return tuple(_giveable(row) for row in rows.filter(person=actor.person))
    found = [
        row
        for row in rows.filter(person__username=of)
        if covers(actor, {"office"}, row.unit.line if row.unit else campaign.root.line, campaign)
        or (row.unit is not None and covers(actor, {"liaison"}, row.unit.line[:-1], campaign))
    ]
    if not found:
        raise NotFound(
            _("没有账号为“{account}”的人员，或其身份不在您的审核范围内。请核对账号。"), account=of[:60]
        )
    return tuple(_giveable(row) for row in found)


def _giveable(row: Post) -> Giveable:
    return Giveable(row.pk, named(row), row.unit.line if row.unit else (), row.campaign_id is not None)


def near(posts: tuple[Giveable, ...], *, besides: str) -> tuple[Near, ...]:
    """People at home on the posts' units or above them, to be offered; anybody of the same company may be typed."""
    units = {unit for post in posts for unit in post.line}
    rows = (
        Person.objects.filter(home_unit__in=units, is_active=True)
        .exclude(username=besides)
        .select_related("home_unit")
        .order_by("-home_unit__level", "home_unit__order", "name")
    )
    return tuple(Near(p.username, p.name, p.home_unit.short_name if p.home_unit else "") for p in rows[:MOST])


def named(row: Post) -> str:
    """Role and place of a post in words; its unit, team and campaign at hand."""
    return post_label(row, row.unit.short_name if row.unit else row.team.name if row.team else "")
