"""Fetching what an action works on, and refusing what lies outside the actor's reach or rights."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from guatu.access import Actor, covering, covers, require, visible
from guatu.access.policy import acting_over
from guatu.access.secrecy import withheld, withheld_among
from guatu.domain.capabilities import BUSINESS, roles_with
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.tree import last_line
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_now
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, Revision, Unit
from guatu.records.packs import pack_of


def load_items(campaign: Campaign, pks: Sequence[int]) -> dict[int, Item]:
    """The items by primary key; a missing one is NotFound, one named twice is refused."""
    if len(set(pks)) != len(pks):
        raise BadInput(_("同一事项在一次提交中出现了两次。请去掉重复后再提交。"))
    found: dict[int, Item] = {}
    for chunk in in_chunks(list(pks)):
        found.update({item.pk: item for item in Item.objects.filter(campaign=campaign, pk__in=chunk)})
    if len(found) != len(pks):
        raise NotFound()
    return found


def items_of(batch: Batch) -> list[Item]:
    """The items that a batch wrote, in its order, as they are now."""
    revisions = Revision.objects.filter(batch=batch, subject_kind="item")
    pks = [pk for _id, pk in sorted(revisions.values_list("id", "subject_id"))]
    found: dict[int, Item] = {}
    for chunk in in_chunks(pks):
        found.update({item.pk: item for item in Item.objects.filter(pk__in=chunk)})
    return [found[pk] for pk in pks]


def require_reach(
    actor: Actor,
    roles: Sequence[str] | frozenset[str],
    item: Item,
    campaign: Campaign,
    *,
    beside: bool = False,
) -> Actor:
    """The actor under the post that allows it; NotFound if they do not see the item, NotAllowed without one of `roles`
    over its lead unit.

    `beside`: over one of the units beside the lead unit does as well.
    """
    if any(grant.aspect for grant in actor.grants) and not sees(actor, item, campaign):
        raise NotFound()  # within the units of a post, but not of its aspect
    if withheld(actor, item, campaign):
        raise NotFound()
    if covers(actor, roles, item.line, campaign):
        return acting_over(actor, roles, [item.line], campaign)
    if beside:
        for row in item.units.all():
            if covers(actor, roles, row.line, campaign):
                return acting_over(actor, roles, [row.line], campaign)
    if sees(actor, item, campaign):
        raise NotAllowed(
            _("您的身份（{post}）不能办理 {number} 的这项操作。请联系该单位填报员或{office}。"),
            post=actor.post_label,
            number=item.number,
            office=pack_of(campaign).words.office,
        )
    raise NotFound()


def require_reach_all(
    actor: Actor, roles: Sequence[str] | frozenset[str], items: Collection[Item], campaign: Campaign
) -> Actor:
    """As `require_reach` for many items at once: a few statements however many there are.

    The actor under the post that allows it for all of them, if a single one does. Which item is refused first is said
    by `require_reach` itself.
    """
    reached = covering(actor, roles, campaign)
    lines: dict[tuple[int, ...], bool] = {}
    kept = withheld_among(actor, items, campaign)
    for item in items:
        line = item.line
        if line not in lines:
            lines[line] = reached(line)
        if not lines[line] or item.pk in kept:
            require_reach(actor, roles, item, campaign)
    if any(grant.aspect for grant in actor.grants):
        for chunk in in_chunks(sorted(item.pk for item in items)):
            seen = visible(actor, Item.objects.filter(pk__in=chunk), campaign)
            if seen.count() != len(chunk):
                raise NotFound()  # within the units of a post, but not of its aspect
    return acting_over(actor, roles, list(lines), campaign)


def sees(actor: Actor, item: Item, campaign: Campaign) -> bool:
    """Whether the item exists for the actor."""
    return visible(actor, Item.objects.filter(pk=item.pk), campaign).exists()


def require_units(actor: Actor, capability: str, tree: int | None, units: Iterable[int]) -> None:
    """NotFound for a unit out of the actor's reach, NotAllowed without `capability` over it.

    A unit that has ended is reached where it stood last.
    """
    histories = histories_now(tree) if tree is not None else {}
    for unit in units:
        line = last_line(histories.get(unit, ()))
        if not covers(actor, roles_with(capability), line, None):
            if not covers(actor, BUSINESS, line, None):
                raise NotFound()
            require(actor, "set_up")


def units_by_code(codes: set[str]) -> dict[str, Unit]:
    """The units by code; an unknown code is named."""
    found: dict[str, Unit] = {}
    for chunk in in_chunks(sorted(codes)):
        found.update({unit.code: unit for unit in Unit.objects.filter(code__in=chunk)})
    for code in sorted(codes):
        if code not in found:
            raise BadInput(_("没有代码为“{code}”的单位。请核对单位代码。"), code=code)
    return found
