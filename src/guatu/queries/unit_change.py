"""What a merger, an ending or a move of a unit would take along: counts and names, never the items themselves.

Whoever keeps the units need not see business data, so the items are counted by register and not shown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from guatu.access import Actor, covers
from guatu.access.post_names import NAMED_WITH, UNREAD, role_of
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import NotFound
from guatu.domain.tree import last_line, line_in
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_now
from guatu.records.models import ANCESTORS, Campaign, Item, Post, TeamUnit, Unit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Counted:
    """The items of one register that the unit itself leads."""

    label: str
    running: int
    closed: int
    void: int


@dataclass(frozen=True, slots=True)
class PostThere:
    """One post on the unit that holds today or later."""

    pk: int
    person: str
    role: str


@dataclass(frozen=True, slots=True)
class Belongings:
    """All that hangs on a unit. `below` counts the units under it, `below_items` their items; `children` are named.

    `above` names the unit directly above. `standing`: it stands in the tree today.
    """

    pk: int
    code: str
    name: str
    short_name: str
    above: str
    standing: bool
    registers: tuple[Counted, ...]
    children: tuple[str, ...]
    below: int
    below_items: int
    posts: tuple[PostThere, ...]
    teams: tuple[str, ...]
    parts: int

    @property
    def running(self) -> int:
        """Items that are neither closed nor void."""
        return sum(one.running for one in self.registers)

    @property
    def closed(self) -> int:
        """Items that are closed."""
        return sum(one.closed for one in self.registers)

    @property
    def items(self) -> int:
        """All items that the unit leads."""
        return sum(one.running + one.closed + one.void for one in self.registers)


def belongings(
    actor: Actor, campaign: Campaign, campaigns: Sequence[Campaign], code: str, *, day: date
) -> Belongings:
    """What hangs on the unit with this code as of today. Raises NotFound out of the reach of whoever manages units."""
    beside = Count("beside", filter=Q(beside__item__campaign__in=campaigns))
    unit = Unit.objects.filter(code=code).annotate(parts=beside).first()
    stretches = histories_now(campaign.tree_id).get(unit.pk, ()) if unit is not None else ()
    if unit is None or not covers(actor, roles_with("manage_units"), last_line(stretches), None):
        raise NotFound(_("没有代码为“{code}”的单位，或不在您的管理范围内。请核对单位代码。"), code=code[:40])
    line = line_in(stretches, day)
    near = Q(**{f"a{len(line)}": unit.pk}) | Q(pk__in=line[-2:-1]) if line else Q(pk__in=[])
    rows = Unit.objects.filter(near).only("short_name", *ANCESTORS).order_by("order", "code")
    names = {one.pk: one.short_name for one in rows}
    under = [one for one in rows if unit.pk in one.line and one.pk != unit.pk]
    registers, below_items = _registers(campaigns, unit, line)
    return Belongings(
        pk=unit.pk,
        code=unit.code,
        name=unit.name,
        short_name=unit.short_name,
        above=next((names[one] for one in line[-2:-1] if one in names), ""),
        standing=bool(line),
        registers=registers,
        children=tuple(one.short_name for one in under if one.line[-2:-1] == (unit.pk,)),
        below=len(under),
        below_items=below_items,
        posts=_posts(unit, day),
        teams=tuple(
            TeamUnit.objects.filter(Q(to_day=None) | Q(to_day__gt=day), unit=unit)
            .order_by("team__key")
            .values_list("team__name", flat=True)
        ),
        parts=unit.parts,
    )


def _registers(
    campaigns: Sequence[Campaign], unit: Unit, line: tuple[int, ...]
) -> tuple[tuple[Counted, ...], int]:
    """The unit's own items by register, and how many items lie below it. One statement."""
    closed, void = Q(phase="closed"), Q(phase="void")
    here = Q(unit=unit) | (Q(**{f"a{len(line)}": unit.pk}) if line else Q(pk__in=[]))
    rows = (
        Item.objects.filter(here, campaign__in=campaigns)
        .annotate(own=ExpressionWrapper(Q(unit=unit), output_field=BooleanField()))
        .values("campaign", "register", "own")
        .annotate(done=Count("pk", filter=closed), gone=Count("pk", filter=void), n=Count("pk"))
        .order_by()
    )
    found = {}
    below = 0
    for row in rows:
        if row["own"]:
            found[row["campaign"], row["register"]] = row
        else:
            below += row["n"]
    counted = []
    for campaign in campaigns:
        for register in pack_of(campaign).registers.values():
            own = found.get((campaign.pk, register.key))
            if own is not None:
                running = own["n"] - own["done"] - own["gone"]
                counted.append(Counted(register.label, running, own["done"], own["gone"]))
    return tuple(counted), below


def _posts(unit: Unit, day: date) -> tuple[PostThere, ...]:
    rows = (
        Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), unit=unit)
        .select_related(*NAMED_WITH, "person")
        .defer(UNREAD)
        .order_by("pk")
    )
    return tuple(PostThere(row.pk, row.person.name, role_of(row)) for row in rows)


def short_names(codes: Sequence[str]) -> dict[str, str]:
    """The short names of units that a form has named, by code."""
    return dict(Unit.objects.filter(code__in=codes).values_list("code", "short_name"))
