"""The pages of the pool: the entries with where they were told, and the form by which an item is taken in."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from guatu.access import covers
from guatu.domain.errors import NotFound
from guatu.queries.document_page import documents_seen
from guatu.queries.materials import Material, materials_of, pool
from guatu.records.models import Item
from guatu.web.documents.bar import may_write
from guatu.web.here import Here

SHORT = 60
"""Characters of a subject that is taken over from an item."""


@dataclass(frozen=True, slots=True)
class Link:
    """One choice of a filter."""

    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class UseShown:
    """A document that tells the entry."""

    said: str
    href: str
    issued: bool


@dataclass(frozen=True, slots=True)
class MaterialShown:
    """One entry. `into` is where it is put into a document, empty where the reader writes none; `key` is that of its form."""

    number: str
    title: str
    unit: str
    aspect: str
    text: str
    href: str
    files: int
    source: str
    source_href: str
    uses: tuple[UseShown, ...]
    into: str
    key: str


@dataclass(frozen=True, slots=True)
class PoolPage:
    """The entries. `documents` are those that the reader may write, `chosen` the one that entries are put into."""

    materials: tuple[MaterialShown, ...]
    aspects: tuple[Link, ...]
    units: tuple[Link, ...]
    without: tuple[str, ...]
    total: int
    begin: str
    documents: tuple[tuple[UUID, str, bool], ...]
    chosen: str
    list_href: str


@dataclass(frozen=True, slots=True)
class TakePage:
    """The form: what is taken over from the item, to be shortened and corrected."""

    number: str
    item_title: str
    href: str
    unit: str
    title: str
    text: str
    aspect: str
    aspects: tuple[tuple[str, str], ...]
    key: str
    sentence: str


def pool_page(at: Here, aspect: str, unit: str, document: str) -> PoolPage:
    """The pool, of one aspect or one unit if asked."""
    spec = materials_of(at.pack)
    found = pool(at.actor, at.campaign, day=at.as_of, aspect=aspect, unit=unit)
    writable = tuple(
        (row.item.public_id, row.item.title, str(row.item.public_id) == document)
        for row in (documents_seen(at.actor, at.campaign) if found.materials and not at.past else ())
        if may_write(at, row.item)
    )
    every = (("", "", found.total),)

    def links(name: str, now: str, pairs: tuple[tuple[str, str, int], ...], **more: str) -> tuple[Link, ...]:
        return tuple(
            Link(label, count, at.to("materials", **{**more, name: key}, document=document), key == now)
            for key, label, count in (*every, *pairs)
        )

    return PoolPage(
        materials=tuple(_shown(at, one, bool(writable)) for one in found.materials),
        aspects=links("aspect", aspect, found.aspects, unit=unit),
        units=links("unit", unit, found.units, aspect=aspect),
        without=found.without,
        total=found.total,
        begin=at.to("new", spec.register_key) if may_take(at, ()) else "",
        documents=writable,
        chosen=document,
        list_href=at.to("list", spec.register_key),
    )


def may_take(at: Here, line: tuple[int, ...]) -> bool:
    """Whether the reader may keep an entry of the unit at the end of `line`; of any unit without one."""
    pool_of = at.pack.loop.documents.materials if at.pack.loop.documents is not None else None
    if at.past or pool_of is None:
        return False
    fills = at.pack.register(pool_of.register_key).fills
    if not line:
        return any(grant.role in fills for grant in at.actor.grants)
    return covers(at.actor, fills, line, at.campaign)


def _shown(at: Here, one: Material, writes: bool) -> MaterialShown:
    item = one.item
    return MaterialShown(
        number=item.number,
        title=item.title,
        unit=item.unit.short_name,
        aspect=one.aspect_label,
        text=one.text,
        href=at.to("item", item.public_id),
        files=one.files,
        source=one.source,
        source_href=at.to("item", one.source_item) if one.source_item else "",
        uses=tuple(UseShown(use.said, at.to("document", use.document), use.issued) for use in one.uses),
        into=at.to("material-into", item.number) if writes else "",
        key=str(uuid4()),
    )


def take_page(at: Here, item: Item, typed: dict[str, str], key: str, sentence: str = "") -> TakePage:
    """The form for an item. NotFound where the reader may not keep an entry of its unit."""
    spec = materials_of(at.pack)
    if not may_take(at, item.line):
        raise NotFound()
    field = at.pack.register(spec.register_key).field(spec.aspect)
    return TakePage(
        number=item.number,
        item_title=item.title,
        href=at.to("item", item.public_id),
        unit=item.unit.short_name,
        title=typed.get("title", item.title[:SHORT]),
        text=typed.get("text", _told(at, item)),
        aspect=typed.get("aspect", at.pack.register(item.register).aspect or ""),
        aspects=tuple((one.key, one.label) for one in field.choices) if field is not None else (),
        key=key,
        sentence=sentence,
    )


def _told(at: Here, item: Item) -> str:
    """The long texts of the item one below the other; nothing private."""
    fields = [
        one for one in at.pack.register(item.register).fields if one.type == "long_text" and not one.private
    ]
    return "\n".join(text for one in fields if (text := str(item.data.get(one.key) or "").strip()))
