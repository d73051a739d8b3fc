"""The one policy: “which rows?” as one predicate, “may I?” from the same grants. Fails closed.

Outside a person's reach an object does not exist (NotFound); inside, without the right, NotAllowed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from guatu.access.actor import Actor, Grant
from guatu.access.aspects import of_aspect
from guatu.access.reaching import NOTHING as NOTHING
from guatu.access.reaching import reached_by as reached_by
from guatu.access.secrecy import shown, withheld_among
from guatu.domain.capabilities import BUSINESS, OPERATOR, roles_with
from guatu.domain.errors import NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, ItemReader, ItemUnit, Spell, Unit
from guatu.records.packs import pack_of

Row = TypeVar("Row", bound=Model)


def _grants(actor: Actor, roles: Iterable[str], campaign: Campaign | None) -> list[Grant]:
    wanted = frozenset(roles)
    return [
        grant
        for grant in actor.grants
        if grant.role in wanted
        and (grant.campaign is None or campaign is None or grant.campaign == campaign.pk)
    ]


def scope(
    actor: Actor,
    capability: str = "see_items",
    campaign: Campaign | None = None,
    *,
    of_campaigns: bool = False,
) -> Q:
    """The rows with columns a1…a8 that the actor reaches with `capability`; an empty Q is everything.

    `of_campaigns`: the rows are items or their spells; a post in one campaign reaches none of another, and one that
    looks after one aspect only what belongs to it.
    """
    return _scope(actor, capability, campaign, "campaign" if of_campaigns else "")


def _scope(actor: Actor, capability: str, campaign: Campaign | None, column: str) -> Q:
    """As `scope`; `column` leads from the rows to their campaign, empty if they belong to none."""
    found = NOTHING
    for grant in _grants(actor, roles_with(capability), campaign):
        if grant.everywhere:
            return Q()
        reach = reached_by(grant)
        if column and grant.campaign is not None:
            reach &= Q(**{column: grant.campaign})
        if column and grant.aspect:
            reach &= of_aspect(grant, campaign, column.removesuffix("campaign"))
        found |= reach
    return found


def visible(
    actor: Actor,
    queryset: QuerySet[Row],
    campaign: Campaign | None = None,
    capability: str = "see_items",
    *,
    shared: bool = True,
) -> QuerySet[Row]:
    """`queryset` (of Unit, Item or Spell) cut down to what the actor may see.

    Items and their spells are also seen by their contributing units; with `campaign`, the registers that its pack
    shares are seen by everyone with a post in it, unless `shared` leaves them out. Restricted items are seen by their
    readers, what a team keeps to itself by the team and the office (`secrecy`).
    """
    reached = countable(actor, queryset, campaign, capability, shared=shared)
    if queryset.model is Unit:
        return reached
    return reached.filter(shown(actor, campaign, queryset.model))


def seen_among(actor: Actor, items: Iterable[Item], campaign: Campaign) -> list[Item]:
    """Those of the items that the actor may see, in their order: what `visible` answers, told from the items themselves.

    Items of the campaign below a unit of the actor's posts cost no statement, where some are restricted one; the others
    are asked for.
    """
    found = list(items)
    grants = [
        grant
        for grant in _grants(actor, roles_with("see_items"), campaign)
        if not grant.aspect and grant.team is None and (grant.everywhere or grant.line)
    ]
    below = [
        item
        for item in found
        if item.campaign_id == campaign.pk and any(grant.covers(item.line) for grant in grants)
    ]
    sure = {item.pk for item in below}
    asked = [item.pk for item in found if item.pk not in sure]
    sure -= withheld_among(actor, below, campaign)
    for chunk in in_chunks(asked):
        sure.update(visible(actor, Item.objects.filter(pk__in=chunk), campaign).values_list("pk", flat=True))
    return [item for item in found if item.pk in sure]


def countable(
    actor: Actor,
    queryset: QuerySet[Row],
    campaign: Campaign | None = None,
    capability: str = "see_items",
    *,
    shared: bool = True,
) -> QuerySet[Row]:
    """`queryset` cut down to the actor's reach, restricted items among it: to be counted, never to be shown.

    What a team keeps to itself is in it too, but in none of the phases that count.
    """
    model = queryset.model
    if model is Unit:
        return queryset.filter(scope(actor, capability, campaign))
    if model in (Item, Spell):
        reach = scope(actor, capability, campaign, of_campaigns=True)
        if reach == Q():
            return queryset
        beside = ItemUnit.objects.filter(_scope(actor, capability, campaign, "item__campaign")).values("item")
        key = "pk__in" if model is Item else "item__in"
        reach |= Q(**{key: beside})
        return queryset.filter(reach | _shared(actor, capability, campaign) if shared else reach)
    raise TypeError(f"no policy for {model.__name__}")  # a table without a declared policy fails closed


def restricted_rows(actor: Actor, queryset: QuerySet[Spell], campaign: Campaign) -> QuerySet[Spell]:
    """Of spells in the actor's reach, those of restricted items that are kept from them: to be counted."""
    closed = queryset.filter(item__in=Item.objects.filter(campaign=campaign, restricted=True).values("pk"))
    if actor.person is not None:
        mine = ItemReader.objects.filter(person=actor.person, ended_batch=None)
        closed = closed.exclude(item__in=mine.values("item"))
    return countable(actor, closed, campaign)


def _shared(actor: Actor, capability: str, campaign: Campaign | None) -> Q:
    """The registers that everyone with a post in the campaign reads (key tasks, guidance)."""
    if campaign is None or not _grants(actor, roles_with(capability), campaign):
        return NOTHING
    keys = [register.key for register in pack_of(campaign).registers.values() if register.shared]
    return Q(campaign=campaign, register__in=keys) if keys else NOTHING


def covers(actor: Actor, roles: Iterable[str], line: tuple[int, ...], campaign: Campaign | None) -> bool:
    """Whether one of the actor's posts with one of `roles` reaches the unit with this line."""
    return any(grant.covers(line) for grant in _grants(actor, roles, campaign))


def acting_over(
    actor: Actor, roles: Iterable[str], lines: Iterable[tuple[int, ...]], campaign: Campaign | None
) -> Actor:
    """The actor under the first of their posts with one of `roles` that reaches all these lines: history names it.

    One's own posts stand before those held for somebody else. Without such a post the actor as they are.
    """
    wanted = list(lines)
    found = (g for g in _grants(actor, roles, campaign) if all(g.covers(line) for line in wanted))
    grant = next(found, None)
    return actor if grant is None else actor.under(grant)


def covering(
    actor: Actor, roles: Iterable[str], campaign: Campaign | None
) -> Callable[[tuple[int, ...]], bool]:
    """The same question for many lines: the posts are looked through once."""
    grants = _grants(actor, roles, campaign)
    return lambda line: any(grant.covers(line) for grant in grants)


def may(actor: Actor, capability: str, unit: Unit | None = None, campaign: Campaign | None = None) -> bool:
    """Whether the actor has `capability` on `unit`; without a unit, on anything at all."""
    grants = _grants(actor, roles_with(capability), campaign)
    return any(unit is None or grant.covers(unit.line) for grant in grants)


def require(
    actor: Actor, capability: str, unit: Unit | None = None, campaign: Campaign | None = None
) -> None:
    """Raise NotFound outside the actor's reach, NotAllowed inside it without the right."""
    if may(actor, capability, unit, campaign):
        return
    if unit is not None and not covers(actor, BUSINESS | {OPERATOR}, unit.line, campaign):
        raise NotFound()
    office = pack_of(campaign).words.office if campaign is not None else _("专项工作办公室")
    raise NotAllowed(
        _("您的身份（{post}）不能办理这项操作。请联系{office}。"),
        post=actor.post_label or _("无"),
        office=office,
    )


def get_item(
    actor: Actor,
    public_id: UUID | str,
    campaign: Campaign | None = None,
    *,
    among: QuerySet[Item] | None = None,
) -> Item:
    """The item with this public id, if the actor may see it; else NotFound, too for one of another campaign.

    `among`: where to look, with what the caller wants to read along with it.
    """
    try:
        wanted = UUID(str(public_id))
    except ValueError:
        raise NotFound() from None
    rows = among if among is not None else Item.objects.all()
    items = rows.select_related("unit", "campaign", "campaign__pack", "parent", "task")
    items = items.defer("campaign__pack__body")
    if campaign is not None:  # whose pack says what the item's fields and steps are
        items = items.filter(campaign=campaign)
    found = items.filter(public_id=wanted)
    if campaign is None or any(grant.team is not None or grant.aspect for grant in actor.grants):
        item = visible(actor, found, campaign).first()  # such a post asks the database, once
    else:
        item = next(iter(seen_among(actor, found, campaign)), None)
    if item is None:
        raise NotFound()
    return item


def get_unit(actor: Actor, code: str, campaign: Campaign | None = None) -> Unit:
    """The unit with this code, if the actor may see it; else NotFound with a sentence that names the code."""
    unit = visible(actor, Unit.objects.filter(code=code), campaign).first()
    if unit is None:
        raise NotFound(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)
    return unit
