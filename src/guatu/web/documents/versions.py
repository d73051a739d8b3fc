"""The versions of a document's text, and what changed from one to another, word by word."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from guatu.domain.errors import NotFound
from guatu.domain.writing.body import AnnexPart, HeadingBlock, ParagraphBlock, figures_of
from guatu.domain.writing.differences import Difference, differences
from guatu.queries.document_page import BodyVersion, last_saved, versions_of
from guatu.queries.moments import zone_of
from guatu.records.models import Item
from guatu.web.documents.bar import Bar, bar_of
from guatu.web.documents.names import PlaceNames, names_of
from guatu.web.documents.remarks import part_words
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with how it is called, where it is compared with the one before, and whether it is compared here."""

    version: BodyVersion
    number: int
    at: str
    href: str
    later: bool
    earlier: bool


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """What changed in one part, in words."""

    what: str
    kind: str
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class VersionsPage:
    """Every version, and what changed from `old` to `new`. `same`: both are one version."""

    bar: Bar
    versions: tuple[VersionLine, ...]
    old: VersionLine | None
    new: VersionLine | None
    changes: tuple[ChangeShown, ...]
    same: bool = False


def versions_page(at: Here, item: Item, old: int | None, new: int | None) -> VersionsPage:
    """The versions of the text, two of them compared: those asked for, the earlier one first.

    Without any asked for, the text as it was handed in last with the text as it stands, or the last two where it has not
    changed since or was never handed in. NotFound for a version that there is none of.
    """
    zone = zone_of(at.campaign)
    found = tuple(one for one in versions_of(item, at.pack) if one.at.astimezone(zone).date() <= at.as_of)
    for asked in (old, new):
        if asked is not None and last_saved(found, asked) is None:
            raise NotFound(
                _("{number} 没有第 {version} 版。请从版本列表中选。"), number=item.number, version=asked
            )
    later = last_saved(found, new) if new is not None else (found[0] if found else None)
    earlier = None
    if later is not None and old is not None:
        earlier = last_saved(found, old)
    elif later is not None:
        before = [one for one in found if one.version < later.version]
        handed = [one for one in before if one.handed] if new is None else []
        earlier = next(iter(handed or before), None)
    if earlier is not None and later is not None and earlier.version > later.version:
        earlier, later = later, earlier
    lines = tuple(
        VersionLine(
            one,
            len(found) - place,
            one.at.astimezone(zone).strftime("%Y-%m-%d %H:%M"),
            at.to("document-versions", item.public_id, new=one.version),
            one is later,
            one is earlier,
        )
        for place, one in enumerate(found)
    )
    names = names_of(at.campaign)
    changes = differences(earlier.body, later.body) if earlier is not None and later is not None else ()
    return VersionsPage(
        bar=bar_of(at, item, "versions", steps=False),
        versions=lines,
        old=next((line for line in lines if line.earlier), None),
        new=next((line for line in lines if line.later), None),
        changes=tuple(_change(names, one) for one in changes),
        same=earlier is not None and earlier is later,
    )


def _change(names: PlaceNames, one: Difference) -> ChangeShown:
    words = {
        "changed": _("改写"),
        "new": _("新增"),
        "gone": _("删去"),
        "moved": _("移动"),
        "options": _("改设置"),
    }
    pieces = tuple((piece.mark, names.shown(piece.text)) for piece in one.pieces if piece.text)
    if not isinstance(one.part, HeadingBlock | ParagraphBlock | AnnexPart):
        figures = "、".join(names.name(key) for key in figures_of([one.part]))
        made = part_words(one.part, figures)
        mark = one.what if one.what in ("new", "gone") else "same"
        pieces = ((mark, f"{made} " if pieces else made), *pieces)
    elif not pieces:
        pieces = ((one.what if one.what in ("new", "gone") else "same", part_words(one.part, "")),)
    return ChangeShown(words[one.what], one.what, pieces)
