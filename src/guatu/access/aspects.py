"""A post that looks after one aspect of the plan (工作组): which items belong to the aspect.

The pack says it (docs/packs.md, aspect): the items of the wall's columns whose group is the aspect, the items that hang
below them, and the registers that belong to the aspect as a whole. Where the pack or the campaign is not known, or has
no such aspect, there is nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from guatu.access.actor import Actor, Grant
from guatu.access.reaching import NOTHING
from guatu.domain.pack import Pack
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


def of_aspect(grant: Grant, campaign: Campaign | None, to_item: str = "") -> Q:
    """Of the rows that the post reaches those of its aspect; an empty Q for a post without one.

    The rows have the columns register, task and data of an item, at the end of the path `to_item` (`item__`). Without
    `campaign` that of the post is asked for: one statement more.
    """
    if not grant.aspect:
        return Q()
    if campaign is None and grant.campaign is not None:
        campaign = Campaign.objects.select_related("pack").defer("pack__body").get(pk=grant.campaign)
    if campaign is None:
        return NOTHING
    pack = pack_of(campaign)
    found = Q(**{f"{to_item}register__in": pack.registers_of_aspect(grant.aspect)})
    if pack.wall is not None:
        group = {f"data__{pack.wall.group}": grant.aspect}
        columns = Item.objects.filter(campaign=campaign, register=pack.wall.columns, **group)
        found |= Q(**{f"{to_item}task__in": columns.values("pk")})
        own = {f"{to_item}{name}": value for name, value in group.items()}
        found |= Q(**{f"{to_item}register": pack.wall.columns, **own})
    return found


def aspects_of(actor: Actor, campaign: Campaign, roles: Iterable[str]) -> frozenset[str] | None:
    """The aspects to which everything that the actor sees in the campaign is limited; None without such a limit."""
    wanted = frozenset(roles)
    grants = [g for g in actor.grants if g.role in wanted and g.campaign in (None, campaign.pk)]
    if not grants or any(not grant.aspect for grant in grants):
        return None
    return frozenset(grant.aspect for grant in grants)


def known_aspects(pack: Pack) -> dict[str, str]:
    """The aspects that a post may be limited to: key → name."""
    return {option.key: option.label for option in pack.head.aspects}
