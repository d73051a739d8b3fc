"""What a house has come to on its way from empty to running: what each step of the set-up has brought about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q

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

    id: int
    key: str
    name: str
    short_name: str
    wave: str
    pack: str
    root: str
    starts_on: date
    ends_on: date | None
    posts: int


@dataclass(frozen=True, slots=True)
class TreeBrief:
    """A tree with its uppermost unit and how many units stand in it today."""

    id: int
    key: str
    name: str
    root: int | None
    root_code: str
    root_name: str
    root_short: str
    units: int


@dataclass(frozen=True, slots=True)
class HouseState:
    """Everything that the set-up has brought about so far. `people` counts the accounts, the first four included."""

    trees: tuple[TreeBrief, ...]
    keepers: tuple[KeyHolder, ...]
    campaigns: tuple[CampaignBrief, ...]
    people: int
    appointed: int

    @property
    def tree(self) -> TreeBrief | None:
        """The main tree: the first one."""
        return self.trees[0] if self.trees else None

    @property
    def units(self) -> int:
        """How many units stand in the main tree today."""
        return self.trees[0].units if self.trees else 0


def house_state() -> HouseState:
    """Six statements, however large the house is."""
    day = today()
    holds = Q(from_day__lte=day) & (Q(to_day=None) | Q(to_day__gt=day))
    posts = Post.objects.filter(holds)
    keepers = posts.filter(role__in=FIRST).select_related("person").order_by("pk")
    campaigns = Campaign.objects.select_related("root", "pack").defer("pack__body").order_by("pk")
    return HouseState(
        trees=_trees(day),
        keepers=tuple(
            KeyHolder(
                post.person.username,
                post.person.name,
                post.role,
                role_word(post.role),
                post.person.last_login,
            )
            for post in sorted(keepers, key=lambda post: (FIRST.index(post.role), post.pk))
        ),
        campaigns=_briefs(list(campaigns), holds),
        people=Person.objects.count(),
        appointed=posts.exclude(role__in=FIRST).count(),
    )


def role_word(role: str) -> str:
    """What a role is called before any campaign gives it a name of its own."""
    return str(Post.Role(role).label)


def _briefs(rows: list[Campaign], holds: Q) -> tuple[CampaignBrief, ...]:
    counted = Post.objects.filter(holds).exclude(campaign=None).values_list("campaign").annotate(Count("pk"))
    posts = dict(counted.order_by())
    return tuple(
        CampaignBrief(
            row.pk,
            row.key,
            row.name,
            row.short_name,
            row.wave,
            f"{row.pack.key} {row.pack.version}",
            row.root.short_name,
            row.starts_on,
            row.ends_on,
            posts.get(row.pk, 0),
        )
        for row in rows
    )


def _trees(day: date) -> tuple[TreeBrief, ...]:
    """Where a unit stands today is its last row up to today."""
    rows = Placement.objects.filter(rec_to=STILL_KNOWN, from_day__lte=day).order_by("from_day", "version")
    last: dict[tuple[int, int], str] = {
        (tree, unit): kind for tree, unit, kind in rows.values_list("tree_id", "unit_id", "kind")
    }
    standing = Counter(tree for (tree, _unit), kind in last.items() if kind != "ended")
    roots = {tree: unit for (tree, unit), kind in last.items() if kind == "root"}
    named = Unit.objects.in_bulk(set(roots.values()))
    found = []
    for tree in Tree.objects.order_by("pk"):
        root = named.get(roots.get(tree.pk, 0))
        found.append(
            TreeBrief(
                tree.pk,
                tree.key,
                tree.name,
                root.pk if root else None,
                root.code if root else "",
                root.name if root else "",
                root.short_name if root else "",
                standing.get(tree.pk, 0),
            )
        )
    return tuple(found)


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


def main_tree() -> Tree:
    """The tree whose lines stand on units: the first one. NotFound before the house is founded."""
    tree = Tree.objects.order_by("pk").first()
    if tree is None:
        raise NotFound(_("这里还没有单位。请先办第 1 步。"))
    return tree


def managed_unit(actor: Actor, code: str, *, capability: str = "manage_units") -> Unit:
    """The unit with this code in the actor's reach with `capability`; NotFound with a sentence that names the code."""
    unit = visible(actor, Unit.objects.filter(code=code), capability=capability).first()
    if unit is None:
        raise NotFound(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)
    return unit
