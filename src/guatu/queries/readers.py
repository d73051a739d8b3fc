"""The readers of a restricted item, and who could be named one."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from guatu.access import Actor, covers, get_item
from guatu.domain.capabilities import BUSINESS, roles_with
from guatu.domain.errors import NotAllowed
from guatu.domain.words import gettext as _
from guatu.queries.addressees import along, holders
from guatu.records.models import Campaign, Item, ItemReader, ItemUnit
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is a reader, or could be: under which post they stand around the item."""

    person: int
    name: str
    label: str
    named: bool


@dataclass(frozen=True, slots=True)
class Readers:
    """The item, and everybody around it, the nearest first."""

    item: Item
    people: tuple[Reader, ...]


def readers_of(actor: Actor, campaign: Campaign, public_id: UUID) -> Readers:
    """Who may be named. NotFound for an item out of sight, NotAllowed without the right to restrict it. Four statements."""
    item = get_item(actor, public_id, campaign)
    if not covers(actor, roles_with("restrict"), item.line, campaign):
        raise NotAllowed(
            _("您的身份（{post}）不能设置受限。请由{office}或单位负责人办理。"),
            post=actor.post_label,
            office=pack_of(campaign).words.office,
        )
    named = dict(
        ItemReader.objects.filter(item=item, ended_batch=None).values_list("person_id", "person__name")
    )
    lines = [item.line, *(row.line for row in ItemUnit.objects.filter(item=item))]
    every = holders(campaign, sorted({unit for line in lines for unit in line}), BUSINESS)
    found: dict[int, Reader] = {}
    for holder in (row for line in lines for row in along(line, every)):
        if holder.person not in found:
            found[holder.person] = Reader(holder.person, holder.name, holder.label, holder.person in named)
    gone = [Reader(person, name, "", True) for person, name in named.items() if person not in found]
    return Readers(item, (*found.values(), *gone))
