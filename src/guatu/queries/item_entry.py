"""What a form for a new item offers: the units that may lead it, the items it may stand below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from guatu.access import Actor, covers, visible
from guatu.access.filling import fills_on_behalf, reach_of
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import NotAllowed, NotFound
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.models import ANCESTORS, Campaign, Item, Unit
from guatu.records.packs import pack_of

MOST_PARENTS = 200
"""Up to so many items above are offered by name; of more the number is typed."""


@dataclass(frozen=True, slots=True)
class LeadOption:
    """A unit that may lead the new item. `on_behalf`: filled in by this person in the unit's stead."""

    code: str
    name: str
    on_behalf: bool


@dataclass(frozen=True, slots=True)
class LeadGroup:
    """Units below one unit of the second tier; no label for those above."""

    label: str
    units: tuple[LeadOption, ...]


@dataclass(frozen=True, slots=True)
class Above:
    """An item that the new one stands below."""

    pk: int
    number: str
    title: str
    unit: str
    task: int | None
    due: date | None


@dataclass(frozen=True, slots=True)
class Entry:
    """What the form offers. `parents` is None where there are too many to be offered, or none are needed."""

    register: Register
    leads: tuple[LeadGroup, ...]
    parents: tuple[Above, ...] | None
    above: Above | None

    @property
    def units(self) -> tuple[LeadOption, ...]:
        """Every unit offered, in order."""
        return tuple(unit for group in self.leads for unit in group.units)


def entry(actor: Actor, campaign: Campaign, register: str, *, above: str = "") -> Entry:
    """What the person may enter a new item of `register` with. Two statements, three with an item above.

    `above`: the number of the item that it stands below. Raises NotFound for an unknown register and an item out of
    sight, NotAllowed where the person fills it for no unit.
    """
    pack = pack_of(campaign)
    if register not in pack.registers:
        raise NotFound(_("没有“{register}”这个清单。请从清单目录进入。"), register=register)
    spec = pack.register(register)
    leads = _leads(actor, campaign, spec)
    if not leads:
        roles = listed(pack.role_label(role) for role in spec.fills)
        raise NotAllowed(
            _("您的身份（{post}）不能新建“{register}”的事项。可由{roles}填写。"),
            post=actor.post_label,
            register=spec.label,
            roles=roles,
        )
    if spec.parent is None:
        return Entry(spec, leads, None, None)
    found = above_called(actor, campaign, spec.parent, above) if above else None
    if above and found is None:
        raise NotFound()
    return Entry(spec, leads, None if found else _parents(actor, campaign, spec.parent), found)


def _leads(actor: Actor, campaign: Campaign, spec: Register) -> tuple[LeadGroup, ...]:
    """The units of the levels that may lead, in the tree's order, grouped below the second tier."""
    depth = len(campaign.root.line)
    rows = Unit.objects.filter(reach_of(actor, spec.fills, campaign), **{f"a{depth}": campaign.root_id})
    columns = ("pk", "code", "short_name", "level", *ANCESTORS)
    units = list(rows.order_by("order", "code").values_list(*columns))
    names = {unit[0]: unit[2] for unit in units}
    options = []
    for _pk, code, short_name, level, *above in units:
        if level not in spec.lead_levels:
            continue
        line = tuple(ancestor for ancestor in above if ancestor is not None)
        label = names.get(line[depth], "") if len(line) > depth else ""
        behalf = fills_on_behalf(actor, spec.fills, line, campaign)
        options.append((label, LeadOption(code, short_name, behalf)))
    places: dict[str, int] = {}
    for label, _option in options:
        places.setdefault(label, len(places))
    options.sort(key=lambda pair: places[pair[0]])
    return tuple(
        LeadGroup(label, tuple(option for _label, option in pairs))
        for label, pairs in groupby(options, key=lambda pair: pair[0])
    )


_ABOVE = ("pk", "number", "title", "unit__code", "task_id", "due")


def above_called(actor: Actor, campaign: Campaign, register: str, number: str) -> Above | None:
    """The item of the register with this number, None out of the actor's sight."""
    rows = Item.objects.filter(campaign=campaign, register=register, number=number.strip().upper())
    found = visible(actor, rows, campaign).values_list(*_ABOVE).first()
    return Above(*found) if found is not None else None


def _parents(actor: Actor, campaign: Campaign, register: str) -> tuple[Above, ...] | None:
    rows = visible(
        actor, Item.objects.filter(campaign=campaign, register=register).exclude(phase="void"), campaign
    )
    parents = tuple(Above(*row) for row in rows.order_by("id").values_list(*_ABOVE)[: MOST_PARENTS + 1])
    return parents if len(parents) <= MOST_PARENTS else None


def may_set_beside(actor: Actor, campaign: Campaign, line: tuple[int, ...]) -> bool:
    """Whether the person may say which units stand beside a lead unit with this line."""
    return covers(actor, roles_with("set_beside"), line, campaign)
