"""The page on which a document is written, as its template sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.writing.body import Body
from guatu.domain.writing.body_json import body_of
from guatu.domain.writing.merging import Clash
from guatu.queries.document_page import own_draft
from guatu.queries.documents import Written, body_in, documents_of, written
from guatu.queries.moments import zone_of
from guatu.records.models import Item
from guatu.records.models.desk import BodyDraft
from guatu.web.documents.bar import Bar, bar_of
from guatu.web.documents.computed import KINDS, said_in
from guatu.web.documents.names import PlaceNames, names_of
from guatu.web.documents.pieces import PieceShown, Saying, saying
from guatu.web.documents.remarks import RemarksShown, remarks_shown
from guatu.web.documents.shape import Told, shown_body, stored_body
from guatu.web.documents.shares import ShareMark, share_marks
from guatu.web.documents.typed import LISTED, blank, cells_out
from guatu.web.documents.unit_names import below, unit_names, with_units
from guatu.web.here import Here
from guatu.web.report.pages import Panel

Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BlockShown:
    """One block. `told` is what its inputs hold; `pieces` its text with chips; `style` p, 1, 2 or 3.

    `other`: it stands beside another writer's version; `error` says what is wrong in it; `said` is what a block that is worked
    out of records, or a table, prints; `share` whose section it heads.
    """

    id: str
    kind: str
    label: str
    style: str
    told: Told
    pieces: tuple[PieceShown, ...]
    inside: str = ""
    other: bool = False
    error: str = ""
    cells: str = ""
    lines: Mapping[str, str] = field(default_factory=dict)
    said: SafeString | str = ""
    share: ShareMark | None = None


@dataclass(frozen=True, slots=True)
class AnnexShown:
    """An annex with its blocks; `beside` and `source` as the body keeps them, `error` says what is wrong in its title."""

    id: str
    title: str
    blocks: tuple[BlockShown, ...]
    place: int
    beside: str
    source: str
    error: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A place that cannot be said, and where it stands."""

    label: str
    why: str
    block: str


@dataclass(frozen=True, slots=True)
class EditPage:
    """`base` is the version that the writing began with; `saved` the quiet line; `drafted`: what is shown is one's own
    draft; `since`: somebody else has saved meanwhile. `draft` tells one draft from another, `who` is the writer.
    """

    bar: Bar
    base: int
    blocks: tuple[BlockShown, ...]
    annexes: tuple[AnnexShown, ...]
    salutation: str
    salutation_pieces: tuple[PieceShown, ...]
    signature_pieces: tuple[PieceShown, ...]
    signature: str
    head: Mapping[str, str]
    seal: bool
    saved: str
    drafted: bool
    since: bool
    sentence: str
    go_to: str
    missing: tuple[Missing, ...]
    unsettled: int
    count: int
    save: str
    palette: str
    materials: str
    drop: str
    blanks: tuple[BlockShown, ...]
    panel: Panel | None
    levels: Choices
    units: tuple[str, ...]
    remarks: RemarksShown
    draft: str
    who: int | None
    acts: bool = True


def edit_page(
    at: Here,
    item: Item,
    *,
    told: Told | None = None,
    base: int | None = None,
    errors: Mapping[str, str] | None = None,
    sentence: str = "",
    go_to: str = "",
    panel: Panel | None = None,
    remark: str = "",
) -> EditPage:
    """What was typed, else one's own draft, else the text as it stands. `remark`: the part that the form of remarks is about."""
    names = names_of(at.campaign, body_in(item))
    kept = own_draft(at.actor, item)
    draft = kept if told is None else None
    body = body_of(draft.body) if draft is not None else body_in(item)
    names = with_units(at, item, names, body if told is None else told)
    if told is not None:
        made, wrong = stored_body(names, told)
        errors = {**wrong, **(errors or {})}
        body = _readable(made) or body
    shown = told if told is not None else shown_body(names, body)
    said, why = _written(at, item, body)
    chips = saying(at, item, body, said, names)
    marks = share_marks(at, item, body)
    blocks = tuple(
        _block(one, names, chips, errors or {}, said, body, share=marks.get(one["id"]))
        for one in shown["blocks"]
    )
    return EditPage(
        bar=bar_of(at, item, "edit", steps=False),
        base=base if base is not None else draft.base_version if draft is not None else item.version,
        blocks=blocks,
        annexes=tuple(
            AnnexShown(
                one["id"],
                one["title"],
                tuple(
                    _block(block, names, chips, errors or {}, said, body, one["id"])
                    for block in one["blocks"]
                ),
                place,
                one.get("beside", ""),
                one.get("source", ""),
                (errors or {}).get(one["id"], ""),
            )
            for place, one in enumerate(shown["annexes"], start=1)
        ),
        salutation=shown["salutation"],
        salutation_pieces=_pieces(shown["salutation"], names, chips),
        signature_pieces=_pieces(shown["signature"], names, chips),
        signature=shown["signature"],
        head=_head(shown["head"]),
        seal=bool(shown["head"].get("seal")),
        saved=saved_line(at, draft),
        drafted=draft is not None,
        since=draft is not None and draft.base_version != item.version,
        sentence=sentence or why or (errors or {}).get("", ""),
        go_to=go_to,
        missing=tuple(Missing(gap.label, gap.why, gap.block) for gap in said.unsaid) if said else (),
        unsettled=len(body.unsettled),
        count=len(said.printed) if said else 0,
        save=at.to("document-draft", item.public_id),
        palette=at.to("document-palette", item.public_id),
        materials=at.to("materials", document=item.public_id) if documents_of(at.pack).materials else "",
        drop=at.to("document-drop", item.public_id),
        blanks=tuple(_blank(kind) for kind in ("text", "figures", "units", "chart", "table")),
        panel=panel,
        units=tuple(unit_names([one for one in below(at, item) if one.parent == item.unit_id]).values()),
        levels=tuple((level.key, level.label) for level in at.pack.head.levels),
        remarks=remarks_shown(at, item, body, said, current="edit", chosen=remark),
        draft=draft_mark(kept),
        who=at.actor.person,
    )


def saved_line(at: Here, draft: BodyDraft | None) -> str:
    """已自动保存 9:38: said of what is typed and not yet saved; empty without it."""
    if draft is None:
        return ""
    moment = draft.saved_at.astimezone(zone_of(at.campaign))
    return _("已自动保存 {time}").format(time=f"{moment.hour}:{moment:%M}")


def draft_mark(draft: BodyDraft | None) -> str:
    """What tells one state of a draft from another; empty without any."""
    return "" if draft is None else draft.saved_at.isoformat()


def _readable(made: Told) -> Body | None:
    try:
        return body_of(made)
    except BadInput:
        return None


def _written(at: Here, item: Item, body: Body) -> tuple[Written | None, str]:
    try:
        return written(at.campaign, item, actor=at.actor, body=body), ""
    except BadInput as failure:
        return None, str(failure)


def _head(head: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: "、".join(value) if name in LISTED else "" if value is None else str(value)
        for name, value in head.items()
    }


LABELS = {
    "figures": lambda: _("统计表"),
    "units": lambda: _("单位名单"),
    "chart": lambda: _("图"),
    "table": lambda: _("表格"),
}


def kind_label(kind: str) -> str:
    """What a kind of block is called."""
    return LABELS[kind]() if kind in LABELS else _("正文")


def _block(
    told: Told,
    names: PlaceNames,
    chips: Saying,
    errors: Mapping[str, str],
    said: Written | None,
    body: Body,
    inside: str = "",
    share: ShareMark | None = None,
) -> BlockShown:
    kind = told["kind"]
    text = told.get("text", "") if kind in ("heading", "paragraph") else ""
    pieces = _pieces(text, names, chips)
    return BlockShown(
        id=told["id"],
        kind="text" if kind in ("heading", "paragraph") else kind,
        label=kind_label(kind),
        style=str(told.get("level", 1)) if kind == "heading" else "p",
        told=told,
        pieces=pieces,
        inside=inside,
        other=bool(told.get("beside")),
        error=errors.get(told["id"], ""),
        cells=cells_out(told) if kind == "table" else "",
        lines=_lines(told),
        said=said_in(said, told["id"], body) if said is not None and kind in KINDS else "",
        share=share,
    )


def _pieces(text: str, names: PlaceNames, chips: Saying) -> tuple[PieceShown, ...]:
    try:
        return chips.pieces(names.stored(text)) if text else ()
    except BadInput:
        return (PieceShown(text),)


def _lines(told: Told) -> dict[str, str]:
    return {
        "figures": "\n".join(told.get("figures", ())),
        "units": "、".join(told.get("units", ())),
        "days": "、".join(told["days"]) if isinstance(told.get("days"), list | tuple) else "",
    }


def _blank(kind: str) -> BlockShown:
    told = blank(kind, "NEWID")
    return BlockShown("NEWID", kind, kind_label(kind), "p", told, (), lines=_lines(told))


AROUND = {
    "salutation": lambda: _("称谓"),
    "signature": lambda: _("署名"),
    "mark": lambda: _("发文机关标志"),
    "urgency": lambda: _("紧急程度"),
    "signers": lambda: _("签发人（上行文）"),
    "editors_note": lambda: _("编者按（简报）"),
    "remark": lambda: _("附注"),
    "seal": lambda: _("加盖印章"),
    "copies_to": lambda: _("抄送"),
    "printer": lambda: _("印发机关"),
    "reported": lambda: _("报（简报）"),
    "sent": lambda: _("送（简报）"),
    "issued": lambda: _("发（简报）"),
    "copies": lambda: _("共印份数"),
    "total": lambda: _("总期数"),
}


def clash_sentences(names: PlaceNames, clashes: Sequence[Clash]) -> tuple[str, ...]:
    """What two writers met at and the page does not show by itself: blocks that stand in two versions stand below."""
    found = []
    if kept := sum(one.what in ("deleted_here", "deleted_there") for one in clashes):
        found.append(_("有 {n} 段一人删去、一人改写，已经留下。请看是否还要。").format(n=kept))
    found += [
        _("“{name}”别人也改了，保留了别人的。您写的是：{text}").format(
            name=AROUND[one.block](), text=_around(names, one)
        )
        for one in clashes
        if one.what == "head" and one.block in AROUND
    ]
    found += [
        _("有一个附件的标题别人也改了，保留了别人的。您写的是：{text}").format(text=_around(names, one))
        for one in clashes
        if one.what == "title"
    ]
    return tuple(found)


def _around(names: PlaceNames, one: Clash) -> str:
    """What was not taken, as the page writes it."""
    if one.block == "seal":
        return _("是") if one.text == str(True) else _("否")
    return "—" if one.text in ("", str(None)) else names.shown(one.text)
