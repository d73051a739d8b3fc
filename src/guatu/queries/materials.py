"""The pool of good practice (素材库): entries by aspect and unit, in which documents each was told, which units have none.

An entry is an item of the register that the pack names. That a document tells it stands in the document: a paragraph taken
from entry DX-0001 keeps `source_mark("DX-0001")` as its `source`. So nothing has to be ticked, and a paragraph that is struck
out takes its mark with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Subquery, TextField
from django.db.models.functions import Cast, Coalesce

from guatu.access import Actor, visible
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import BODY
from guatu.domain.pack import Pack
from guatu.domain.pack.documents import Documents, Materials
from guatu.domain.words import gettext as _
from guatu.domain.writing.body import Body, ParagraphBlock
from guatu.domain.writing.body_json import body_of
from guatu.queries.figure_conditions import holding
from guatu.queries.unit_tree import below_root
from guatu.records.models import Campaign, Evidence, Item
from guatu.records.packs import pack_of

MARK: Final = "material:"
"""How the `source` of a paragraph begins that was taken from the pool; behind it stands the entry's number."""
MOST = 300
_PLAIN = str.maketrans("{}<>|", "｛｝〈〉｜")


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """A document that tells an entry: `said` is how people refer to it (工作简报第12期), `issued` whether it is signed."""

    document: UUID
    title: str
    said: str
    issued: bool


@dataclass(frozen=True, slots=True)
class Material:
    """One entry. `source` is the number of the item it came from, `files` how many papers and pictures it has."""

    item: Item
    aspect: str
    aspect_label: str
    text: str
    source: str
    source_item: UUID | None
    files: int
    uses: tuple[MaterialUse, ...]


@dataclass(frozen=True, slots=True)
class Pool:
    """The entries in the reader's sight. `aspects` and `units` count them all; `without` are units that have none."""

    materials: tuple[Material, ...]
    aspects: tuple[tuple[str, str, int], ...]
    units: tuple[tuple[str, str, int], ...]
    without: tuple[str, ...]
    total: int


def materials_of(pack: Pack) -> Materials:
    """What the pack says of its pool; NotFound in a campaign without one."""
    spec = pack.loop.documents
    if spec is None or spec.materials is None:
        raise NotFound(_("本专项工作没有设素材库。"))
    return spec.materials


def source_mark(number: str) -> str:
    """The `source` of a paragraph that tells the entry with this number."""
    return MARK + number


def paragraph_of(actor: Actor, campaign: Campaign, number: str) -> ParagraphBlock:
    """The entry as a paragraph for a document, without an id yet. NotFound for one out of sight.

    What would be read as a place of the template grammar is written with full-width signs.
    """
    spec = materials_of(pack_of(campaign))
    rows = Item.objects.filter(campaign=campaign, register=spec.register_key, number=number[:40])
    found = visible(actor, rows.exclude(phase="void"), campaign).first()
    if found is None:
        raise NotFound(_("没有编号为“{number}”的典型做法。请从素材库中选一条。"), number=number[:40])
    text = " ".join(str(found.data.get(spec.text) or found.title).split())
    return ParagraphBlock(id="", source=source_mark(found.number), text=text.translate(_PLAIN))


def numbers_in(body: Body) -> frozenset[str]:
    """The numbers of the entries that a text tells."""
    blocks = body.every_block
    return frozenset(one.source.removeprefix(MARK) for one in blocks if one.source.startswith(MARK))


def pool(actor: Actor, campaign: Campaign, *, day: date, aspect: str = "", unit: str = "") -> Pool:
    """The entries taken in by `day` that the reader sees, of one aspect or unit if asked; told in which documents of today.

    `unit`: code of a unit right below the root, or of the root. Four statements.
    """
    pack = pack_of(campaign)
    spec = materials_of(pack)
    field = pack.register(spec.register_key).field(spec.aspect)
    labels = {one.key: one.label for one in field.choices} if field is not None else {}
    stands = holding(campaign, day, None).filter(item=OuterRef("pk"))
    rows = Item.objects.filter(Exists(stands), campaign=campaign, register=spec.register_key)
    papers = Evidence.objects.filter(item=OuterRef("pk"), withdrawn_batch=None).order_by().values("item")
    files = Coalesce(Subquery(papers.annotate(n=Count("pk")).values("n")), 0)
    seen = visible(actor, rows.exclude(phase="void"), campaign).select_related("unit")
    every: list[Any] = list(seen.annotate(files=files).order_by("-pk")[:MOST])
    tiers = [(node.id, node.code, node.short_name) for node in below_root(campaign, day)]
    root = campaign.root
    kept = [item for item in every if not aspect or item.data.get(spec.aspect) == aspect]
    if unit:
        wanted = {code: pk for pk, code, _name in tiers}.get(unit)
        kept = [item for item in kept if (wanted in item.line if wanted else item.unit_id == root.pk)]
    uses = _uses(actor, campaign, {item.number for item in kept}) if kept else {}
    sources = _sources(actor, campaign, {str(item.data.get(spec.source) or "") for item in kept})
    return Pool(
        materials=tuple(
            Material(
                item=item,
                aspect=str(item.data.get(spec.aspect) or ""),
                aspect_label=labels.get(str(item.data.get(spec.aspect) or ""), ""),
                text=str(item.data.get(spec.text) or ""),
                source=str(item.data.get(spec.source) or ""),
                source_item=sources.get(str(item.data.get(spec.source) or "")),
                files=item.files,
                uses=uses.get(item.number, ()),
            )
            for item in kept
        ),
        aspects=tuple(
            (key, label, sum(item.data.get(spec.aspect) == key for item in every))
            for key, label in labels.items()
        ),
        units=tuple(_counted(every, tiers, (root.pk, root.code, root.short_name))),
        without=tuple(name for pk, _code, name in tiers if not any(pk in item.line for item in every)),
        total=len(every),
    )


def _counted(
    items: Iterable[Item], tiers: Iterable[tuple[int, str, str]], root: tuple[int, str, str]
) -> Iterator[tuple[str, str, int]]:
    """Code, name and number of entries of each unit that has any: the root itself first."""
    own = sum(item.unit_id == root[0] for item in items)
    if own:
        yield root[1], root[2], own
    for pk, code, name in tiers:
        if number := sum(pk in item.line for item in items):
            yield code, name, number


def _uses(actor: Actor, campaign: Campaign, numbers: set[str]) -> Mapping[str, tuple[MaterialUse, ...]]:
    """Number → the documents in the reader's sight that tell it, the newest first. One statement."""
    spec = pack_of(campaign).loop.documents
    assert spec is not None
    rows = visible(actor, Item.objects.filter(campaign=campaign, register=spec.register_key), campaign)
    rows = rows.exclude(phase="void").alias(words=Cast("data", TextField())).filter(words__contains=MARK)
    found: dict[str, list[MaterialUse]] = {}
    for document in rows.order_by("-pk")[:MOST]:
        told = numbers_in(body_of(document.data.get(BODY) or {})) & numbers
        for number in told:
            found.setdefault(number, []).append(_use(spec, document))
    return {number: tuple(uses) for number, uses in found.items()}


def _use(spec: Documents, document: Item) -> MaterialUse:
    series = str(document.data.get(spec.series) or "") if spec.series else ""
    issue = document.data.get(spec.issue) if spec.issue else None
    signed = document.phase == "closed"
    said = document.title
    if series and issue:
        said = _("{series}第{issue}期").format(series=series, issue=issue)
    return MaterialUse(document.public_id, document.title, said, signed)


def _sources(actor: Actor, campaign: Campaign, numbers: set[str]) -> Mapping[str, UUID]:
    """Number → the item it names, where the reader sees it. One statement, none without numbers."""
    wanted = numbers - {""}
    if not wanted:
        return {}
    rows = visible(actor, Item.objects.filter(campaign=campaign, number__in=wanted), campaign)
    return dict(rows.values_list("number", "public_id"))
