"""What stands beside an item: its evidence, comments and contributing units; other items that it names or is linked to.

One statement for each of the two, a union of rows of one shape.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import (
    BigIntegerField,
    CharField,
    DateTimeField,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Cast, Coalesce

from guatu.access import Actor, visible
from guatu.domain.proposals import OPEN_STATES
from guatu.queries.addressees import Holder, held
from guatu.queries.four_eyes import RESPONSIBLE
from guatu.records.models import (
    Batch,
    Campaign,
    Comment,
    Evidence,
    EvidenceOpened,
    Item,
    ItemUnit,
    Link,
    Proposal,
)

EVIDENCE, COMMENT, UNIT, HOLDER, ASKED = "evidence", "comment", "unit", "holder", "asked"
OUT, IN, NAMED = "out", "in", "named"


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment or an urge with the moment of its batch."""

    comment: Comment
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A proposal on the item that waits for a yes: its kind, how far it is, who asked, and its public id."""

    kind: str
    state: str
    who: str
    public_id: UUID


@dataclass(slots=True)
class Attached:
    """Evidence in force and comments in the order of their entry; units that answer for the item beside its lead; who
    holds the roles asked for along the line of its lead unit; what is asked for and not decided.
    """

    evidence: list[Evidence] = field(default_factory=list)
    comments: list[Remark] = field(default_factory=list)
    units: set[int] = field(default_factory=set)
    holders: list[Holder] = field(default_factory=list)
    opened: set[int] = field(default_factory=set)
    asked: list[Asked] = field(default_factory=list)

    @classmethod
    def to(
        cls,
        item: Item,
        campaign: Campaign | None = None,
        *,
        line: Sequence[int] = (),
        roles: Collection[str] = (),
        day: date | None = None,
        reader: int | None = None,
    ) -> Attached:
        """Read what is attached to the item; with `roles`, who holds them on `line` on `day`. One statement.

        `reader`: the person whose opening of the evidence is told.
        """
        nobody, empty = Cast(Value(None), BigIntegerField()), [_text("")] * 6
        never = Cast(Value(None), DateTimeField())
        looked = EvidenceOpened.objects.filter(evidence=OuterRef("pk"), person=reader or 0)
        opened = Subquery(looked.values("at")[:1], output_field=DateTimeField())
        papers = Evidence.objects.filter(item=item, withdrawn_batch=None).values_list(
            _text(EVIDENCE),
            "id",
            "batch_seq",
            "size",
            opened,
            "title",
            "sha256",
            "place",
            "keeper",
            "number",
            "kind",
        )
        recorded = Subquery(Batch.objects.filter(seq=OuterRef("batch_seq")).values("recorded_on")[:1])
        remarks = Comment.objects.filter(item=item).values_list(
            _text(COMMENT), "id", "batch_seq", nobody, recorded, "person_name", "text", "kind", *empty[3:]
        )
        beside = ItemUnit.objects.filter(item=item, role__in=RESPONSIBLE).values_list(
            _text(UNIT), "id", "unit_id", nobody, never, *empty
        )
        waiting = Proposal.objects.filter(
            campaign=item.campaign_id, state__in=OPEN_STATES, payload__facts__has_key=str(item.pk)
        ).values_list(
            _text(ASKED),
            "id",
            "batch_seq",
            nobody,
            never,
            "kind",
            "state",
            "proposer_name",
            Cast("public_id", CharField()),
            *empty[4:],
        )
        rows: list[QuerySet[Any, Any]] = [remarks, beside, waiting]
        if roles and campaign is not None and day is not None:
            posts = held(campaign, line, roles, day)
            rows.append(
                posts.values_list(
                    _text(HOLDER),
                    "id",
                    Coalesce("unit_id", "at"),
                    "person_id",
                    never,
                    "person__name",
                    "role",
                    Coalesce("unit__short_name", _text("")),
                    Coalesce("team__name", _text("")),
                    Coalesce("taker_name", _text("")),
                    _text(""),
                )
            )
        found = cls()
        for what, pk, other, number, at, *words in sorted(
            papers.union(*rows, all=True), key=lambda row: (row[0], row[1])
        ):
            if what == EVIDENCE:
                found.evidence.append(_paper(pk, other, number, words))
                if at is not None:
                    found.opened.add(pk)
            elif what == COMMENT:
                comment = Comment(id=pk, batch_seq=other, person_name=words[0], text=words[1], kind=words[2])
                found.comments.append(Remark(comment, at))
            elif what == ASKED:
                found.asked.append(Asked(words[0], words[1], words[2], UUID(words[3])))
            elif what == HOLDER:
                found.holders.append(_holder(pk, other, number, words))
            else:
                found.units.add(other)
        return found


def _paper(pk: int, batch: int, size: int | None, words: Sequence[str]) -> Evidence:
    title, sha256, place, keeper, number, kind = words
    return Evidence(
        id=pk,
        batch_seq=batch,
        size=size,
        title=title,
        sha256=sha256,
        place=place,
        keeper=keeper,
        number=number,
        kind=kind,
    )


def _holder(pk: int, at: int, person: int, words: Sequence[str]) -> Holder:
    name, role, unit, team, taker, _none = words
    return Holder(
        post=pk,
        person=person,
        name=name,
        role=role,
        label="",
        place=unit or team,
        unit=None if team else at,
        team=0 if team else None,
        at=at,
        stand_in_name=taker,
    )


@dataclass(frozen=True, slots=True)
class OtherItem:
    """Another item that the reader may see.

    `link`: the kind of the link, `outgoing` whether it goes out from this item, `row` its key, `note` why it was made.
    """

    public_id: UUID
    number: str
    title: str
    register: str
    state: str
    link: str = ""
    outgoing: bool = False
    row: int = 0
    note: str = ""


@dataclass(slots=True)
class Others:
    """Items linked with this one, in the order of the links, and by public id those that its fields name."""

    linked: list[OtherItem] = field(default_factory=list)
    named: dict[str, OtherItem] = field(default_factory=dict)

    @classmethod
    def of(cls, actor: Actor, campaign: Campaign, item: Item, named: Sequence[str]) -> Others:
        """Read the items linked with `item` and those with the public ids `named`, as far as the reader sees them.

        One statement.
        """
        seen = visible(actor, Item.objects.all(), campaign).values("pk")
        queries: list[QuerySet[Any, Any]] = [
            Link.objects.exclude(kind=Link.Kind.UNLIKE)
            .filter(**{own: item, f"{other}__in": seen}, ended_batch=None)
            .values_list(_text(way), "id", "kind", "note", *(F(f"{other}__{name}") for name in _SHOWN))
            for way, own, other in ((OUT, "source", "target"), (IN, "target", "source"))
        ]
        if named:
            items = visible(actor, Item.objects.filter(public_id__in=named), campaign)
            queries.append(items.values_list(_text(NAMED), "id", _text(""), _text(""), *_SHOWN))
        found = cls()
        for way, row, kind, note, *shown in sorted(
            queries[0].union(*queries[1:], all=True), key=lambda row: (row[1], row[0])
        ):
            words: dict[str, Any] = dict(zip(_SHOWN, shown, strict=True))
            other = OtherItem(**words, link=kind, outgoing=way == OUT, row=row, note=note)
            if way == NAMED:
                found.named[str(other.public_id)] = other
            else:
                found.linked.append(other)
        return found


_SHOWN = ("public_id", "number", "title", "register", "state")


def _text(word: str) -> Value:
    return Value(word, output_field=CharField())
