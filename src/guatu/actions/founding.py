"""The first day of a house: its uppermost unit and the four people who begin, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.people import Appointment, NewPerson, appoint, enter_people
from guatu.actions.setup import create_tree
from guatu.actions.units import NewUnit, enter_units
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.records.models import LedgerHead, Person, Tree, Unit

FIRST_ROLES = ("system_admin", "security_admin", "audit_admin", "office")
"""Who must be there before anything else is done: the three administrators and one person of the office."""


@dataclass(frozen=True, slots=True)
class FirstPerson:
    """One of the first people: a role of `FIRST_ROLES`, an account, a name, a password."""

    role: str
    username: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class House:
    """The uppermost unit and the tree it stands in; `level` and `tree` are keys that the packs use."""

    name: str
    short_name: str
    code: str
    level: str
    tree: str
    tree_name: str


def house_as(pack: Pack, *, name: str, short_name: str, code: str) -> House:
    """A house whose uppermost unit and tree are named by the keys of `pack`: its first level, its first tree."""
    level, tree = pack.head.levels[0], pack.head.trees[0]
    return House(
        name.strip(), short_name.strip() or name.strip(), code.strip(), level.key, tree.key, tree.label
    )


def found_house(actor: Actor, *, house: House, people: Sequence[FirstPerson]) -> Unit:
    """Enter the uppermost unit and the first people with their posts, which hold in every campaign.

    Refused where anybody stands already, where one of the roles is missing or held twice, and where one account is
    to hold two of them: the three administrators and the office are four different persons.
    """
    require(actor, "set_up")
    _refuse_crowding(people)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two founders at once: the second finds the first
        if Person.objects.exists() or Tree.objects.exists():
            raise Conflict(_("系统已经开始使用，不能再次初始化。请用账号登录后办理。"))
        tree = create_tree(actor, key=house.tree, name=house.tree_name)
        unit = NewUnit(house.code, house.name, house.short_name, house.level)
        [root] = enter_units(actor, tree=tree, rows=[unit])
        enter_people(
            actor, people=[NewPerson(one.username, one.name, house.code, one.password) for one in people]
        )
        appoint(
            actor,
            campaign=None,
            appointments=[Appointment(one.username, one.role, unit=house.code) for one in people],
        )
    return root


def _refuse_crowding(people: Sequence[FirstPerson]) -> None:
    held = [one.role for one in people]
    if sorted(held) != sorted(FIRST_ROLES):
        raise BadInput(_("系统管理员、安全管理员、审计管理员和办公室人员各须一人。请补齐后再提交。"))
    accounts: dict[str, FirstPerson] = {}
    names: dict[str, FirstPerson] = {}
    for one in people:
        for known, said in ((accounts, one.username), (names, one.name)):
            other = known.setdefault(said.strip().casefold(), one)
            both = {one.role, other.role}
            if other is not one and both & ADMINISTRATORS:
                raise BadInput(
                    _("“{person}”填了两次：三类管理员互斥，且不兼业务身份，须由四个人分别担任。请换一个人。"),
                    person=said,
                )
