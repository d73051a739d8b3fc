"""What people are told: lines in their inbox, made in the transaction of the act they tell of (decision 0050)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from guatu.access import Actor
from guatu.access.secrecy import readers_among
from guatu.actions.outbox import note_at_once
from guatu.domain.clock import now
from guatu.domain.errors import BadInput
from guatu.domain.message_kinds import KINDS
from guatu.domain.spells import canonical
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks, insert
from guatu.records.models import Campaign, Item, Message


@dataclass(frozen=True, slots=True)
class Telling:
    """One fact for some people. `params` fill the kind's sentence; an item's number and title need not be among them."""

    people: Collection[int]
    kind: str
    item: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Settled:
    """What messages of these kinds asked of these items has been done: nobody has to read them any more."""

    items: Collection[int]
    kinds: Collection[str]


def tell(
    people: Iterable[int],
    *,
    kind: str,
    campaign: Campaign | None,
    item: Item | int | None = None,
    params: Mapping[str, Any] | None = None,
    by: Actor | None = None,
    batch: int | None = None,
) -> None:
    """Put one line into the inbox of each of `people` except `by`. Call it inside the act's transaction.

    A fact that somebody has not read yet is not told twice: the line they have is brought up to date instead. Three
    statements, whoever is told. Raises KeyError for a kind that `domain/message_kinds.py` does not know.
    """
    pk = item.pk if isinstance(item, Item) else item
    told = Telling(frozenset(people), kind, pk, dict(params or {}))
    tell_all([told], campaign=campaign, by=by, batch=batch)


def tell_all(
    tellings: Sequence[Telling],
    *,
    campaign: Campaign | None,
    by: Actor | None = None,
    batch: int | None = None,
) -> None:
    """The same for many facts of one act, in three statements for a thousand people.

    Of an item that is kept from somebody (restricted, a team's own) they are told nothing at all.
    """
    wanted: dict[tuple[Any, ...], Message] = {}
    moment = now()
    kept = _kept_back({told.item for told in tellings if told.item is not None})
    for told in tellings:
        KINDS[told.kind]  # an unknown kind has no sentence
        people = told.people
        if campaign is not None and told.item in kept:
            people = readers_among(kept[told.item], campaign, people)
        for person in people:
            if by is not None and person == by.person:
                continue
            row = Message(
                person_id=person,
                campaign=campaign,
                item_id=told.item,
                kind=told.kind,
                params=dict(told.params),
                by_name=by.signed if by is not None else "",
                batch_seq=batch,
                made_at=moment,
            )
            wanted[_fact(row)] = row
    if not wanted:
        return
    unread: list[int] = []
    for chunk in in_chunks(sorted({row.person_id for row in wanted.values()})):
        rows = Message.objects.filter(
            person__in=chunk, read_at=None, kind__in={told.kind for told in tellings}, campaign=campaign
        )
        unread += [row.pk for row in rows if _fact(row) in wanted]
    for chunk in in_chunks(unread):
        Message.objects.filter(pk__in=chunk).delete()
    insert(list(wanted.values()))
    note_at_once(wanted.values(), campaign)


def _kept_back(items: Collection[int]) -> dict[int, Item]:
    """Those of the items that may be kept from people in whose reach they lie."""
    found: dict[int, Item] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Item.objects.filter(Q(restricted=True) | Q(phase__in=("draft", "void")), pk__in=chunk)
        found.update({item.pk: item for item in rows})
    return found


def _fact(row: Message) -> tuple[Any, ...]:
    """What makes two lines tell the same: to whom, of which item, what."""
    return row.person_id, row.campaign_id, row.item_id, row.kind, canonical(row.params)


def settle_all(settled: Sequence[Settled]) -> None:
    """Mark read what asked for what has just been done. One statement for each of `settled`."""
    moment = now()
    for done in settled:
        for chunk in in_chunks(sorted(done.items)):
            Message.objects.filter(item__in=chunk, kind__in=done.kinds, read_at=None).update(read_at=moment)


def mark_read(actor: Actor, *, messages: Collection[int] | None = None, item: int | None = None) -> int:
    """Mark the person's own messages read: these, or those of an item, or all of them; how many were unread."""
    if actor.person is None:
        raise BadInput(_("只有登录的人有消息。请先登录。"))
    rows = Message.objects.filter(person=actor.person, read_at=None)
    if messages is not None:
        rows = rows.filter(pk__in=list(messages))
    if item is not None:
        rows = rows.filter(item=item)
    return rows.update(read_at=now())
