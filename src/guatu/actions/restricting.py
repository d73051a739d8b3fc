"""Restricted items (受限事项): only their named readers may open them; all others meet them as a number.

What stands below a restricted item (its measures, its concrete findings) is restricted with it and has the same readers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet

from guatu.access import Actor, covers, resolve, visible
from guatu.actions.history import Change, answered, body_text, heads, record
from guatu.actions.reach import items_of, load_items, require_reach
from guatu.actions.writing import Draft, load_past, plain_of, refuse_seen, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.history import timeline
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import insert_returning
from guatu.records.models import Campaign, Item, ItemReader, Person
from guatu.records.packs import pack_of

RESTRICT = "items.restrict"
READERS = "items.readers"
LIFT = "items.unrestrict"


def restrict_item(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    readers: Collection[int],
    reason: str,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Let nobody but `readers` (people, by primary key) and whoever restricts it open the item and what stands below it.

    Needs the office or the head of the lead unit, and a reason. A reader is somebody who could see the item anyway:
    to be named opens no door. Raises BadInput for an item that everybody reads (a key task) or that is restricted.
    """
    request = [item, sorted(readers), reason, version]
    if batch := answered(actor, RESTRICT, campaign, idempotency_key, request):
        return items_of(batch)[0]
    found = load_items(campaign, [item])[item]
    _require_right(actor, campaign, found, reason)
    refuse_seen(found, version)
    if found.restricted:
        raise BadInput(_("{number} 已是受限事项。请直接调整知悉人。"), number=found.number)
    if pack_of(campaign).register(found.register).shared:
        raise BadInput(_("{number} 由全体人员查看，不能设为受限事项。请核对。"), number=found.number)
    named = _named(campaign, found, {*readers, _person(actor)})
    items = [found, *_below(found)]
    with transaction.atomic():
        open_to(actor, campaign, items, named, reason)
        _write(actor, campaign, items, RESTRICT, reason, idempotency_key, request, restricted=True)
    return Item.objects.get(pk=found.pk)


def set_readers(
    actor: Actor, *, campaign: Campaign, item: int, readers: Collection[int], reason: str
) -> frozenset[int]:
    """Say anew who may read a restricted item; at least one reader stays. Writes nothing if nothing changes.

    Needs one of its readers with the right to restrict it.
    """
    found = load_items(campaign, [item])[item]
    _require_right(actor, campaign, found, reason)
    if not found.restricted:
        raise BadInput(_("{number} 不是受限事项，无须指定知悉人。请先设为受限事项。"), number=found.number)
    if not readers:
        raise BadInput(_("{number} 至少要有一名知悉人。请选定后再提交。"), number=found.number)
    named = _named(campaign, found, set(readers))
    with transaction.atomic():
        open_to(actor, campaign, [found, *_below(found)], named, reason)
    return frozenset(named)


def lift_restriction(
    actor: Actor, *, campaign: Campaign, item: int, reason: str, version: int | None = None
) -> Item:
    """Let everybody in whose reach the item lies see it again. Needs one of its readers with the right."""
    found = load_items(campaign, [item])[item]
    _require_right(actor, campaign, found, reason)
    refuse_seen(found, version)
    if not found.restricted:
        raise BadInput(_("{number} 不是受限事项，无须取消。请刷新后查看。"), number=found.number)
    items = [found, *_below(found)]
    with transaction.atomic():
        _write(actor, campaign, items, LIFT, reason, None, None, restricted=False)
        open_to(actor, campaign, items, set(), reason)
    return Item.objects.get(pk=found.pk)


def restrict_alike(items: Sequence[tuple[Item, int]], *, actor: Actor, campaign: Campaign) -> None:
    """New items get the readers of the restricted one named with each; their own rows say already that they are so."""
    for item, source in items:
        readers = set(_rows([source]).values_list("person_id", flat=True))
        open_to(actor, campaign, [item], readers, "")


def _require_right(actor: Actor, campaign: Campaign, item: Item, reason: str) -> None:
    require_reach(actor, roles_with("restrict"), item, campaign)
    if not reason.strip():
        raise BadInput(_("{number} 还缺原因。请写明后再提交。"), number=item.number)


def _person(actor: Actor) -> int:
    assert actor.person is not None  # only people have a role that may restrict
    return actor.person


def _named(campaign: Campaign, item: Item, people: set[int]) -> set[int]:
    """The people, if each of them could see the item without its being restricted."""
    known = {person.pk: person for person in Person.objects.filter(pk__in=people)}
    if len(known) != len(people):
        raise BadInput(_("{number}：有知悉人不在册。请重新选定。"), number=item.number)
    mine = set(_rows([item.pk]).values_list("person_id", flat=True))
    blind = [
        person.name
        for person in known.values()
        if person.pk not in mine and not _could_see(resolve(person, campaign), campaign, item)
    ]
    if blind:
        raise BadInput(
            _("{number} 不在{names}的查看范围内，不能列为知悉人。请另选。"),
            number=item.number,
            names=listed(blind),
        )
    return people


def _could_see(person: Actor, campaign: Campaign, item: Item) -> bool:
    if not item.restricted:
        return visible(person, Item.objects.filter(pk=item.pk), campaign).exists()
    return covers(person, roles_with("see_items"), item.line, campaign) or any(
        covers(person, roles_with("see_items"), row.line, campaign) for row in item.units.all()
    )


def _below(item: Item) -> list[Item]:
    """Everything that stands below the item, however deep."""
    found: list[Item] = []
    level = [item.pk]
    while level:
        children = list(Item.objects.filter(parent__in=level).order_by("pk"))
        found += children
        level = [child.pk for child in children]
    return found


def _write(
    actor: Actor,
    campaign: Campaign,
    items: Sequence[Item],
    action: str,
    reason: str,
    idempotency_key: str | None,
    request: object,
    *,
    restricted: bool,
) -> None:
    """The items' own rows and revisions."""
    drafts = [Draft(item, _day(campaign), {}) for item in items]
    load_past(drafts)
    for draft in drafts:
        draft.item.restricted = restricted
        draft.plain = plain_of(draft.item, timeline(draft.past.entries).plain.get("data", {}))
    write(
        actor,
        action=action,
        campaign=campaign,
        drafts=drafts,
        reason=reason.strip(),
        idempotency_key=idempotency_key,
        request=request,
    )


def open_to(actor: Actor, campaign: Campaign, items: Sequence[Item], people: set[int], reason: str) -> None:
    """Make `people` the readers of all these items, each change as a revision of its own. The transaction is open."""
    now = {(row.item_id, row.person_id): row for row in _rows([item.pk for item in items])}
    wanted = {(item.pk, person) for item in items for person in people}
    new = [
        ItemReader(item_id=item, person_id=person, batch_seq=0)
        for item, person in sorted(wanted - now.keys())
    ]
    gone = [now[key] for key in sorted(now.keys() - wanted)]
    if not new and not gone:
        return
    insert_returning(new)
    before = heads("reader", [row.pk for row in gone])
    day = _day(campaign)
    changes = [Change("reader", row.pk, 0, "", day, body_text({}, _said(row))) for row in new]
    changes += [
        Change(
            "reader",
            row.pk,
            before[row.pk].version,
            before[row.pk].hash,
            day,
            body_text({}, {**_said(row), "ended": True}),
        )
        for row in gone
    ]
    seq = record(actor, action=READERS, campaign=campaign, changes=changes, reason=reason.strip()).seq
    ItemReader.objects.filter(pk__in=[row.pk for row in new]).update(batch_seq=seq)
    ItemReader.objects.filter(pk__in=[row.pk for row in gone]).update(ended_batch=seq)


def _said(row: ItemReader) -> Mapping[str, int]:
    return {"item": row.item_id, "person": row.person_id}


def _rows(items: Sequence[int]) -> QuerySet[ItemReader]:
    """The readers whose naming holds."""
    return ItemReader.objects.filter(item__in=items, ended_batch=None)


def _day(campaign: Campaign) -> date:
    return today(ZoneInfo(campaign.zone))
