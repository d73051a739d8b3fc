"""What a house has come to on its way from empty to running: what each step of the set-up has brought about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q, QuerySet, Subquery, Value

from guatu.access import Actor, visible
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.clock import today
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Person, Placement, Post, Team, Tree, Unit
from guatu.records.models.units import STILL_KNOWN

FIRST = (*sorted(ADMINISTRATORS, reverse=True), "office")


@dataclass(frozen=True, slots=True)
class KeyHolder:
    """One of those who run the house: an administrator or somebody of its office."""

    username: str
    name: str
    role: str
    role_label: str
    last_login: datetime | None


@dataclass(frozen=True, slots=True)
class LevelCount:
    """So many units of a level; `known` is whether the words that were given know it."""

    key: str
    label: str
    count: int
    known: bool


@dataclass(frozen=True, slots=True)
class TeamBrief:
    """A team and how many units it visits."""

    key: str
    name: str
    units: int


@dataclass(frozen=True, slots=True)
class CampaignBrief:
    """A campaign in one line; `pack` is the pack's key and version, `posts` how many hold in it alone."""

    key: str
    name: str
    short_name: str
    wave: str
    pack: str
    root: str
    starts_on: date
    ends_on: date | None
    posts: int
    row: Campaign


@dataclass(frozen=True, slots=True)
class TreeBrief:
    """A tree with its uppermost unit; `units` counts those of the main tree that stand today."""

    row: Tree
    root: Unit
    units: int

    @property
    def key(self) -> str:
        """The tree's key."""
        return self.row.key

    @property
    def name(self) -> str:
        """What the tree is called."""
        return self.row.name


@dataclass(frozen=True, slots=True)
class HouseState:
    """Everything that the set-up has brought about so far. `people` counts the accounts, the first four included."""

    trees: tuple[TreeBrief, ...]
    campaigns: tuple[CampaignBrief, ...]
    people: int
    appointed: int

    @property
    def tree(self) -> TreeBrief | None:
        """The main tree: the first one."""
        return self.trees[0] if self.trees else None

    @property
    def main(self) -> Tree:
        """The main tree itself; NotFound before the house is founded."""
        if not self.trees:
            raise NotFound(_("这里还没有单位。请先办第 1 步。"))
        return self.trees[0].row

    @property
    def units(self) -> int:
        """How many units stand in the main tree today."""
        return self.trees[0].units if self.trees else 0


def house_state(actor: Actor | None = None) -> HouseState:
    """Three statements, however large the house is. A campaign in which the actor has no post does not exist for them.

    Without an actor it is the whole house: for what says nothing of it to anybody.
    """
    day = today()
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), from_day__lte=day)
    posts = list(held.values_list("campaign", "role").annotate(Count("pk")).order_by())
    per_campaign: Counter[int | None] = Counter()
    for campaign, _role, count in posts:
        per_campaign[campaign] += count
    trees, people = _trees(day)
    rows = Campaign.objects.select_related("root", "pack", "tree").defer("pack__body").order_by("pk")
    if actor is not None:
        rows = rows.filter(_within(actor, "pk"))
    return HouseState(
        trees=trees,
        campaigns=tuple(_brief(row, per_campaign[row.pk]) for row in rows),
        people=people,
        appointed=sum(count for _campaign, role, count in posts if role not in FIRST),
    )


def _within(actor: Actor, column: str) -> Q:
    """The rows of campaigns in which the actor has a post, and those of every campaign."""
    held = {grant.campaign for grant in actor.grants}
    return Q() if None in held else Q(**{f"{column}__in": held}) | Q(**{column: None})


def key_holders(actor: Actor) -> tuple[KeyHolder, ...]:
    """The administrators and the people of the office, in this order, of the actor's campaigns. One statement."""
    day = today()
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), from_day__lte=day, role__in=FIRST)
    held = held.filter(_within(actor, "campaign"))
    rows = sorted(held.select_related("person").order_by("pk"), key=lambda post: FIRST.index(post.role))
    return tuple(
        KeyHolder(
            post.person.username, post.person.name, post.role, role_word(post.role), post.person.last_login
        )
        for post in rows
    )


def role_word(role: str) -> str:
    """What a role is called before any campaign gives it a name of its own."""
    return str(Post.Role(role).label)


def _brief(row: Campaign, posts: int) -> CampaignBrief:
    return CampaignBrief(
        row.key,
        row.name,
        row.short_name,
        row.wave,
        f"{row.pack.key} {row.pack.version}",
        row.root.short_name,
        row.starts_on,
        row.ends_on,
        posts,
        row,
    )


def _trees(day: date) -> tuple[tuple[TreeBrief, ...], int]:
    """The trees that have an uppermost unit, and how many accounts there are; the main tree's units are counted."""
    roots: Any = Placement.objects.filter(kind="root", rec_to=STILL_KNOWN, from_day__lte=day)
    rows = roots.select_related("tree", "unit").annotate(
        people=_counted(Person.objects.all()), units=_counted(Unit.objects.exclude(a1=None))
    )
    last: dict[int, Any] = {row.tree_id: row for row in rows.order_by("tree", "from_day", "version")}
    found = [TreeBrief(row.tree, row.unit, row.units) for row in last.values()]
    return tuple(found), next((row.people for row in last.values()), 0)


def _counted(rows: QuerySet[Any]) -> Subquery:
    """How many rows there are, as a part of another statement."""
    return Subquery(rows.order_by().values(one=Value(1)).annotate(count=Count("pk")).values("count")[:1])


def level_counts(tree: Tree, labels: Mapping[str, str]) -> tuple[LevelCount, ...]:
    """How many units of each level stand in the tree today, in the order of `labels`; unknown levels come last."""
    rows = Placement.objects.filter(tree=tree, rec_to=STILL_KNOWN, from_day__lte=today())
    last = {
        unit: (kind, level)
        for unit, kind, level in rows.order_by("from_day", "version").values_list(
            "unit_id", "kind", "unit__level"
        )
    }
    counted = Counter(level for kind, level in last.values() if kind != "ended")
    order = [*labels, *sorted(counted.keys() - labels.keys())]
    return tuple(
        LevelCount(key, labels.get(key, key), counted[key], key in labels) for key in order if counted[key]
    )


def role_counts(campaign: Campaign) -> tuple[tuple[str, int], ...]:
    """How many posts of each role hold in the campaign today, those of the whole house left out."""
    day = today()
    rows = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), campaign=campaign, from_day__lte=day)
    counted = dict(rows.values_list("role").annotate(Count("pk")).order_by())
    return tuple((role, counted[role]) for role in Post.Role.values if role in counted)


def team_briefs(campaign: Campaign) -> tuple[TeamBrief, ...]:
    """The campaign's teams and how many units are assigned to each today."""
    day = today()
    holds = Q(assigned__from_day__lte=day) & (Q(assigned__to_day=None) | Q(assigned__to_day__gt=day))
    rows = Team.objects.filter(campaign=campaign).annotate(units=Count("assigned", filter=holds))
    return tuple(TeamBrief(row.key, row.name, row.units) for row in rows.order_by("key"))


def tree_called(key: str) -> Tree:
    """The tree with this key; NotFound with a sentence that names it."""
    tree = Tree.objects.filter(key=key).first()
    if tree is None:
        raise NotFound(_("没有代码为“{key}”的隶属关系。请从列出的中选一个。"), key=key)
    return tree


def managed_unit(actor: Actor, code: str, *, capability: str = "manage_units") -> Unit:
    """The unit with this code in the actor's reach with `capability`; NotFound with a sentence that names the code."""
    unit = visible(actor, Unit.objects.filter(code=code), capability=capability).first()
    if unit is None:
        raise NotFound(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)
    return unit
