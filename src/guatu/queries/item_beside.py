"""What stands beside an item: its evidence, comments and contributing units; other items that it names or is linked to.

One statement for each of the two, a union of rows of one shape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, CharField, F, QuerySet, Value
from django.db.models.functions import Cast

from guatu.access import Actor, visible
from guatu.queries.four_eyes import RESPONSIBLE
from guatu.records.models import Campaign, Comment, Evidence, Item, ItemUnit, Link

EVIDENCE, COMMENT, UNIT = "evidence", "comment", "unit"
OUT, IN, NAMED = "out", "in", "named"


@dataclass(slots=True)
class Attached:
    """Evidence in force and comments in the order of their entry; units that answer for the item beside its lead."""

    evidence: list[Evidence] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    units: set[int] = field(default_factory=set)

    @classmethod
    def to(cls, item: Item) -> Attached:
        """Read what is attached to the item. One statement."""
        no_number, empty = Cast(Value(None), BigIntegerField()), [_text("")] * 6
        papers = Evidence.objects.filter(item=item, withdrawn_batch=None).values_list(
            _text(EVIDENCE), "id", "batch_seq", "size", "title", "sha256", "place", "keeper", "number", "kind"
        )
        remarks = Comment.objects.filter(item=item).values_list(
            _text(COMMENT), "id", "batch_seq", no_number, "person_name", "text", *empty[2:]
        )
        beside = ItemUnit.objects.filter(item=item, role__in=RESPONSIBLE).values_list(
            _text(UNIT), "id", "unit_id", no_number, *empty
        )
        found = cls()
        for what, pk, other, size, *words in sorted(papers.union(remarks, beside, all=True)):
            if what == EVIDENCE:
                title, sha256, place, keeper, number, kind = words
                found.evidence.append(
                    Evidence(
                        id=pk,
                        batch_seq=other,
                        size=size,
                        title=title,
                        sha256=sha256,
                        place=place,
                        keeper=keeper,
                        number=number,
                        kind=kind,
                    )
                )
            elif what == COMMENT:
                found.comments.append(Comment(id=pk, batch_seq=other, person_name=words[0], text=words[1]))
            else:
                found.units.add(other)
        return found


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
