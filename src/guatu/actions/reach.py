"""Fetching what an action works on, and refusing what lies outside the actor's reach or rights."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor, covers
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Unit


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


def require_reach(
    actor: Actor, roles: Sequence[str] | frozenset[str], item: Item, campaign: Campaign
) -> None:
    """NotFound outside the actor's reach, NotAllowed inside it without one of `roles`."""
    line = item.line
    if covers(actor, roles, line, campaign):
        return
    if covers(actor, roles_with("see_items"), line, campaign):
        raise NotAllowed(
            _("您的身份（{post}）不能办理 {number} 的这项操作。请联系该单位填报员或集团办公室。"),
            post=actor.post_label,
            number=item.number,
        )
    raise NotFound()


def units_by_code(codes: set[str]) -> dict[str, Unit]:
    """The units by code; an unknown code is named."""
    found: dict[str, Unit] = {}
    for chunk in in_chunks(sorted(codes)):
        found.update({unit.code: unit for unit in Unit.objects.filter(code__in=chunk)})
    for code in sorted(codes):
        if code not in found:
            raise BadInput(_("没有代码为“{code}”的单位。请核对单位代码。"), code=code)
    return found
