"""Evidence as its pages see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.file_kinds import ending_of
from guatu.exchange.pdf_pages import MOST_PAGES, page_count
from guatu.exchange.uploads import handed_out, is_picture
from guatu.queries.items import item_page
from guatu.queries.pages import EvidenceShown, ItemPage
from guatu.web.here import Here

FIRST_PAGES = 20
"""Pages of a PDF that are shown at once; browsers fetch the rest when asked for."""


@dataclass(frozen=True, slots=True)
class PieceShown:
    """One of an item's pieces of evidence, the `place`-th of `count`. `pictures` are the addresses of what is shown, empty for what can only be downloaded.

    `readable`: the page shows all there is to see of it.
    """

    evidence: EvidenceShown
    pictures: tuple[str, ...]
    pages: int
    readable: bool
    why_not: str
    download: str
    place: int
    count: int


@dataclass(frozen=True, slots=True)
class LookShown:
    """The page of one piece of evidence. `before` and `after` lead to its neighbours."""

    item: ItemPage
    piece: PieceShown
    before: str
    after: str
    back: str
    withdraw: str


@dataclass(frozen=True, slots=True)
class WithdrawShown:
    """The form by which evidence is withdrawn."""

    item: ItemPage
    evidence: EvidenceShown
    reason: str
    key: str
    sentence: str
    back: str


def look_shown(at: Here, public_id: UUID, pk: int) -> LookShown:
    """The page of one piece; NotFound for evidence that is not in force."""
    item = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    piece = piece_shown(at, public_id, item.evidence, pk)
    ids = [each.id for each in item.evidence]

    def to(index: int) -> str:
        return at.to("evidence-view", public_id, ids[index]) if 0 <= index < len(ids) else ""

    return LookShown(
        item=item,
        piece=piece,
        before=to(piece.place - 2),
        after=to(piece.place),
        back=at.to("item", public_id) + "#evidence",
        withdraw=at.to("evidence-withdraw", public_id, pk) if item.editable and not at.past else "",
    )


def piece_shown(at: Here, public_id: UUID, evidence: Sequence[EvidenceShown], pk: int) -> PieceShown:
    """One of these pieces with what there is to see of it; NotFound for evidence that is not among them."""
    one = _one(evidence, pk)
    pictures: tuple[str, ...] = ()
    pages, why_not = 0, ""
    if one.offline:
        why_not = _("这份材料在线下备查，没有电子文件。")
    elif is_picture(one.title):
        pictures, pages = (at.to("evidence_image", public_id, pk),), 1
    elif ending_of(one.title) == "pdf":
        try:
            with handed_out(one.sha256, one.title).content as source:
                pages = page_count(source.read())
        except BadInput as failure:
            why_not = str(failure)
        shown = min(pages, FIRST_PAGES, MOST_PAGES)
        pictures = tuple(at.to("evidence-page", public_id, pk, number + 1) for number in range(shown))
    else:
        why_not = _("这种文件不能在页面上看，请下载后打开。")
    return PieceShown(
        evidence=one,
        pictures=pictures,
        pages=pages,
        readable=bool(pictures) and pages <= len(pictures),
        why_not=why_not,
        download="" if one.offline else at.to("evidence_file", public_id, pk),
        place=[each.id for each in evidence].index(pk) + 1,
        count=len(evidence),
    )


def withdraw_shown(
    at: Here, public_id: UUID, pk: int, data: Mapping[str, str], *, sentence: str
) -> WithdrawShown:
    """The form, with what was typed if it was refused."""
    item = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    return WithdrawShown(
        item,
        _one(item.evidence, pk),
        data.get("reason", "")[:300],
        data.get("key", "")[:60] or str(uuid4()),
        sentence,
        at.to("evidence-view", public_id, pk),
    )


def _one(evidence: Sequence[EvidenceShown], pk: int) -> EvidenceShown:
    found = next((each for each in evidence if each.id == pk), None)
    if found is None:
        raise NotFound(_("没有这份材料，或不在您的查看范围内。"))
    return found
