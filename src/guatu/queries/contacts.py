"""The liaison list (联络员名单): who stands for a unit, under which telephone. Numbers are masked for those outside.

One sees the people of the units in one's reach, and those above one's own units: the way up is part of one's own line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from guatu.access import Actor, covers, may, require
from guatu.access.policy import scope
from guatu.domain.capabilities import roles_with
from guatu.domain.telephones import masked
from guatu.queries.telephones import beside, read, telephones
from guatu.queries.unit_tree import Node, UnitTree, unit_tree
from guatu.records.models import Campaign, Post, Unit
from guatu.records.packs import pack_of

LISTED = ("office", "liaison", "head", "filler", "team_leader", "team_member")
"""Roles that somebody would call; the order in which they stand within a unit."""


@dataclass(frozen=True, slots=True)
class Contact:
    """One post of one person. `telephone` is as this reader may see it, `full` whether it is whole.

    `unit` is empty for the post of a team (`place` names it then); `may_edit` whether this reader keeps the entry.
    """

    person: int
    username: str
    name: str
    role: str
    role_label: str
    unit: str
    place: str
    level: str
    company: str
    telephone: str
    full: bool
    may_edit: bool
    since: date


@dataclass(frozen=True, slots=True)
class Company:
    """A choice of the list: a unit directly below the root that the reader sees."""

    code: str
    name: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ContactList:
    """The list on a day. `without` counts the listed people who have no telephone noted."""

    contacts: tuple[Contact, ...]
    companies: tuple[Company, ...]
    roles: tuple[tuple[str, str, bool], ...]
    without: int
    masked: bool
    may_manage: bool


@dataclass(frozen=True, slots=True)
class UnitPerson:
    """Who stands for a unit: on the unit itself, or above it (`place` names that unit then)."""

    name: str
    role_label: str
    place: str
    telephone: str
    since: date


def people_of_unit(actor: Actor, campaign: Campaign, unit: Node, *, day: date) -> tuple[UnitPerson, ...]:
    """The unit's own people, then the liaisons above it, as far as the reader may know them. One statement."""
    if not may(actor, "see_contacts", campaign=campaign):
        return ()
    pack = pack_of(campaign)
    whole = roles_with("see_telephones")
    posts: QuerySet[Any] = _posts(actor, campaign, day).filter(unit__in=unit.line)
    rows = [
        row for row in posts.annotate(telephone=beside()) if row.unit_id == unit.id or row.role == "liaison"
    ]
    rows.sort(key=lambda row: (-unit.line.index(row.unit_id or 0), LISTED.index(row.role), row.pk))
    return tuple(
        UnitPerson(
            name=row.person.name,
            role_label=pack.role_label(row.role),
            place=row.unit.short_name if row.unit is not None and row.unit_id != unit.id else "",
            telephone=_shown(read(row.telephone), full=_may_read(actor, row, campaign, whole)),
            since=row.from_day,
        )
        for row in rows
    )


def _shown(telephone: str, *, full: bool) -> str:
    return telephone if full else masked(telephone)


def contact_list(
    actor: Actor, campaign: Campaign, *, day: date, company: str = "", role: str = "", q: str = ""
) -> ContactList:
    """The posts that hold on `day`, in the tree's order. Seven statements for any number of units.

    `company`: the code of a unit, whose subtree is listed; `role`: only that role; `q`: part of a name or a unit.
    """
    require(actor, "see_contacts", campaign=campaign)
    tree = unit_tree(campaign, day)
    pack = pack_of(campaign)
    places = {unit: at for at, unit in enumerate(_in_order(tree))}
    within = _below(actor, campaign, tree, company) if company else None
    rows = list(_posts(actor, campaign, day))
    if within is not None:
        rows = [row for row in rows if row.unit_id in within]
    if role:
        rows = [row for row in rows if row.role == role]
    if q.strip():
        rows = [row for row in rows if q.strip() in f"{row.person.name} {_place(row)}"]
    rows.sort(
        key=lambda row: (
            places.get(row.unit_id or 0, len(places)),
            row.team.name if row.team else "",
            LISTED.index(row.role),
            row.pk,
        )
    )
    phones = telephones({row.person_id for row in rows})
    whole = roles_with("see_telephones")
    keeps = may(actor, "manage_people", campaign=campaign)
    contacts = tuple(
        _contact(
            row,
            tree,
            pack.role_label(row.role),
            {level.key: level.label for level in pack.head.levels},
            phones.get(row.person_id, ""),
            full=_may_read(actor, row, campaign, whole),
            keeps=keeps and covers(actor, roles_with("manage_people"), _line(row), campaign),
        )
        for row in rows
    )
    return ContactList(
        contacts,
        _companies(actor, campaign, tree, company),
        tuple((key, pack.role_label(key), key == role) for key in LISTED),
        len({one.person for one in contacts if not one.telephone}),
        any(one.telephone and not one.full for one in contacts),
        keeps,
    )


def _below(actor: Actor, campaign: Campaign, tree: UnitTree, code: str) -> frozenset[int]:
    """The subtree of a unit in reach; one out of reach is refused as one that is not there."""
    node = tree.by_code(code)
    if not covers(actor, roles_with("see_contacts"), node.line, campaign):
        raise tree.unknown(code)
    return frozenset(tree.below(node.id))


def _posts(actor: Actor, campaign: Campaign, day: date) -> QuerySet[Post]:
    """The posts of the listed roles in reach: on units below, on units above one's own, and on teams for the office."""
    holds = Q(from_day__lte=day) & (Q(to_day=None) | Q(to_day__gt=day))
    own = {unit for grant in actor.grants for unit in grant.line}
    below = Unit.objects.filter(scope(actor, "see_contacts", campaign)).values("pk")
    seen = Q(unit__in=below) | Q(unit__in=own)
    teams = {grant.team for grant in actor.grants if grant.team is not None}
    root = may(actor, "see_contacts", campaign.root, campaign)
    seen |= Q(team__campaign=campaign) if root else Q(team__in=teams)
    here = Q(campaign=campaign) | Q(campaign=None)
    found = Post.objects.filter(holds, here, seen, role__in=LISTED, person__is_active=True)
    return found.select_related("person", "unit", "team")


def _may_read(actor: Actor, row: Post, campaign: Campaign, roles: frozenset[str]) -> bool:
    """Whether the number is whole for this reader: one's own, one's line downwards and upwards, one's own team."""
    if row.person_id == actor.person or covers(actor, roles, _line(row), campaign):
        return True
    return any(
        grant.role in roles
        and grant.campaign in (None, campaign.pk)
        and (
            grant.everywhere
            or (row.unit_id is not None and row.unit_id in grant.line)
            or (row.team_id is not None and (row.team_id == grant.team or len(grant.line) == 1))
        )
        for grant in actor.grants
    )


def _line(row: Post) -> tuple[int, ...]:
    return row.unit.line if row.unit is not None else ()


def _place(row: Post) -> str:
    if row.unit is not None:
        return f"{row.unit.short_name} {row.unit.name}"
    return row.team.name if row.team is not None else ""


def _contact(
    row: Post,
    tree: UnitTree,
    role_label: str,
    levels: dict[str, str],
    telephone: str,
    *,
    full: bool,
    keeps: bool,
) -> Contact:
    node = tree.nodes.get(row.unit_id or 0)
    company = _company(tree, node)
    return Contact(
        person=row.person_id,
        username=row.person.username,
        name=row.person.name,
        role=row.role,
        role_label=role_label,
        unit=row.unit.code if row.unit else "",
        place=row.unit.short_name if row.unit else row.team.name if row.team else "",
        level=levels.get(node.level, "") if node else "",
        company=company.short_name if company is not None and company is not node else "",
        telephone=telephone if full else masked(telephone),
        full=full,
        may_edit=keeps,
        since=row.from_day,
    )


def _company(tree: UnitTree, node: Node | None) -> Node | None:
    """The unit directly below the root that the unit belongs to."""
    if node is None or tree.root not in node.line:
        return None
    below = node.line[node.line.index(tree.root) + 1 :]
    return tree.nodes.get(below[0]) if below else None


def _companies(actor: Actor, campaign: Campaign, tree: UnitTree, chosen: str) -> tuple[Company, ...]:
    roles = roles_with("see_contacts")
    rows = [tree.nodes[unit] for unit in tree.children.get(tree.root, ())]
    return tuple(
        Company(node.code, node.short_name, node.code == chosen)
        for node in sorted(rows, key=lambda node: (node.order, node.code))
        if covers(actor, roles, node.line, campaign)
    )


def _in_order(tree: UnitTree) -> Sequence[int]:
    """Depth first, as people read a tree."""
    found: list[int] = []
    waiting = [tree.root]
    while waiting:
        unit = waiting.pop()
        found.append(unit)
        below = sorted(
            tree.children.get(unit, ()), key=lambda child: (tree.nodes[child].order, tree.nodes[child].code)
        )
        waiting.extend(reversed(below))
    return found
