"""Common causes (共性问题): people put items that say the same into a group, take one out again, or say that it is not so.

A group is a head item with links `same_as` from its members, within a campaign and across; the links are taken back by
`links.unlink_items`. A suggestion that is no group is remembered as links `unlike`.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from guatu.access import Actor, require, visible
from guatu.actions.history import answered, answered_meanwhile
from guatu.actions.links import LINK, NewLink, unlink_items, write_links
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Item, LedgerHead, Link
from guatu.records.packs import pack_of

SAME, UNLIKE = Link.Kind.SAME_AS, Link.Kind.UNLIKE
MOST = 200


def group_items(
    actor: Actor,
    *,
    campaign: Campaign,
    items: Sequence[int],
    title: str = "",
    head: int | None = None,
    idempotency_key: str | None = None,
) -> list[Link]:
    """Put the items into one group below a head (default: the head of a group that one of them is in, else the first).

    Items of other campaigns may be among them. What belongs to the group already stays; whole groups are joined by
    naming their heads. Raises NotAllowed without the right, NotFound for an item out of sight, BadInput for fewer than
    two, for another register than that of problems, and for items of two groups.
    """
    request = [list(items), title, head]
    if batch := answered(actor, LINK, campaign, idempotency_key, request):
        return list(Link.objects.filter(batch_seq=batch.seq, kind=SAME).order_by("pk"))
    found = _problems(actor, campaign, items)
    with transaction.atomic():
        # Two at once: the second finds the first one's group, and joins it.
        if batch := answered_meanwhile(actor, LINK, campaign, idempotency_key, request):
            return list(Link.objects.filter(batch_seq=batch.seq, kind=SAME).order_by("pk"))
        pks = [item.pk for item in found]
        above = dict(
            Link.objects.filter(kind=SAME, source__in=pks, ended_batch=None).values_list("source", "target")
        )
        heads = set(above.values()) | set(
            Link.objects.filter(kind=SAME, target__in=pks, ended_batch=None).values_list("target", flat=True)
        )
        if len(heads) > 1:
            raise BadInput(_("选中的事项已分属两组。请先从其中一组移出，再归并。"))
        top = next(iter(heads), head if head in pks else pks[0])
        new = [NewLink(SAME, pk, top, title.strip()[:200]) for pk in pks if pk != top and pk not in above]
        if not new:
            raise BadInput(_("选中的事项已在同一组。请选定还没有归并的事项。"))
        _lift_verdicts(actor, campaign, pks)
        return write_links(
            actor, campaign=campaign, links=new, idempotency_key=idempotency_key, request=request
        )


def dismiss_suggestion(actor: Actor, *, campaign: Campaign, head: int, members: Sequence[int]) -> list[Link]:
    """Remember that these items are not the same as the head, so that they are not suggested with it again.

    Grouping them by hand stays possible and takes this back. Raises as `group_items`.
    """
    found = _problems(actor, campaign, [head, *(pk for pk in members if pk != head)])
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)
        known = set(
            Link.objects.filter(kind=UNLIKE, source=head, ended_batch=None).values_list("target", flat=True)
        )
        new = [NewLink(UNLIKE, head, item.pk) for item in found if item.pk not in known | {head}]
        return write_links(actor, campaign=campaign, links=new) if new else []


def _problems(actor: Actor, campaign: Campaign, items: Sequence[int]) -> list[Item]:
    """The items, in their order: those of problems that the actor sees; one of them at least is of this campaign."""
    require(actor, "group_causes", campaign=campaign)
    wanted = list(dict.fromkeys(items))
    if not 2 <= len(wanted) <= MOST:
        raise BadInput(_("归并须选 2 至 {most} 项，现选了 {n} 项。请重新选定。"), most=MOST, n=len(wanted))
    rows = Item.objects.filter(pk__in=wanted).select_related("campaign", "campaign__pack")
    rows = rows.defer("campaign__pack__body")
    found = {item.pk: item for item in rows}
    for one in {item.campaign for item in found.values()}:
        pks = [pk for pk, item in found.items() if item.campaign_id == one.pk]
        seen = set(visible(actor, Item.objects.filter(pk__in=pks), one).values_list("pk", flat=True))
        for pk in set(pks) - seen:
            del found[pk]
    if len(found) != len(wanted) or all(item.campaign_id != campaign.pk for item in found.values()):
        raise NotFound()
    for item in found.values():
        pack = pack_of(item.campaign)
        if item.register != pack.loop.problems:
            raise BadInput(
                _("{number} 属于“{register}”，不能归并为共性问题。请只选问题事项。"),
                number=item.number,
                register=pack.register(item.register).label,
            )
    return [found[pk] for pk in wanted]


def _lift_verdicts(actor: Actor, campaign: Campaign, pks: Sequence[int]) -> None:
    """Whoever groups items takes back what somebody has said against it."""

    said = Link.objects.filter(kind=UNLIKE, source__in=pks, target__in=pks, ended_batch=None)
    links = list(said.values_list("pk", flat=True))
    if links:
        unlink_items(actor, campaign=campaign, links=links)
