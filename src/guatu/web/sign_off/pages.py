"""The page of the signed sheet as its template sees it, and what was typed on it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.access.transitions import may_move
from guatu.actions.sign_off import SignedOther
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import listed
from guatu.exchange.sign_sheet import render
from guatu.exchange.uploads import Download
from guatu.queries.items import item_page
from guatu.queries.signed_versions import current_code
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.item.handed_in import FILES, HandedIn, Slot, hand_in
from guatu.web.item.typed import Files
from guatu.web.numbers import typed_number


@dataclass(frozen=True, slots=True)
class Paper:
    """An item that waits to be signed, the step that the scan makes, and whether this reader may make it."""

    item: Item
    way: Transition
    may: bool


@dataclass(frozen=True, slots=True)
class Signed:
    """What was sent: the code as typed, the version that the sender saw, the scan."""

    code: str = ""
    version: int | None = None
    handed: HandedIn = field(default_factory=HandedIn)


@dataclass(frozen=True, slots=True)
class Shown:
    """The page. `other`: the sheet was signed for another content; `restorable`: the signed version, 0 if it cannot be."""

    item: Item
    code: str
    who: str
    may: bool
    sheet_href: str
    item_href: str
    slots: tuple[Slot, ...]
    typed: Signed
    sentence: str = ""
    restorable: int = 0
    places: tuple[str, ...] = ()


def paper_of_item(at: Here, public_id: UUID) -> Paper:
    """The item, where its workflow knows a sign-off on paper and it waits for it; BadInput if it does not now."""
    item = get_item(at.actor, public_id, at.campaign)
    flow = at.pack.workflow_of(item.register)
    way = next((one for one in flow.transitions if one.on_paper), None)
    if way is None:
        raise BadInput(
            _("“{register}”不用纸质签字。请在事项页办理。"), register=at.pack.register(item.register).label
        )
    if item.state not in way.origins:
        raise BadInput(
            _("{number} 现为“{state}”，不在审签环节。请先报审签，再打印签字版。"),
            number=item.number,
            state=flow.states[item.state].label,
        )
    return Paper(item, way, may_move(at.actor, way, item, at.campaign))


def sheet_of(at: Here, public_id: UUID) -> Download:
    """The sheet as a PDF, for those who sign or hand it in, and for their reviewers."""
    paper = paper_of_item(at, public_id)
    if at.past:
        raise BadInput(_("签字版只能打印今天的内容。请返回今天后再打印。"))
    page = item_page(at.actor, at.campaign, public_id, day=at.as_of)
    code = current_code(paper.item)
    verdicts = at.pack.workflow_of(paper.item.register).verdicts
    content = render(
        page, code, at.actor, at.pack.words.campaign, at.pack.role_label("head"), without=verdicts
    )
    name = _("{number} 签字版 第{version}版.pdf").format(number=code.number, version=code.version)
    return Download(name, "application/pdf", picture=False, content=io.BytesIO(content))


def read_signed(at: Here, paper: Paper, post: QueryDict, files: Files) -> Signed:
    """What was sent; the scan is kept although the rest may be refused."""
    flow = at.pack.workflow_of(paper.item.register)
    handed = hand_in(
        at, post, files, [kind for kind in flow.evidence_kinds if kind.key in paper.way.evidence_kinds]
    )
    return Signed(post.get("code", "").strip()[:60], typed_number(post.get("version", ""), 9), handed)


def sign(at: Here, paper: Paper, typed: Signed) -> str:
    """Make the step; the scan counts as the kind of evidence that it asks for."""
    if typed.handed.errors:
        raise BadInput(typed.handed.error)
    if typed.version is None:
        raise BadInput(_("没有收到您看到的是第几版，未予保存。请刷新后核对，再提交一次。"))
    kind = next(iter(paper.way.evidence_kinds), "")
    scans = tuple(replace(each, kind=kind) for each in typed.handed.evidence)
    if not scans and paper.may:
        raise BadInput(_("没有选择签章件。请上传签字盖章后的扫描件或照片。"))
    move = Move(paper.item.pk, evidence=scans, sheet=typed.code, version=typed.version)
    [moved] = move_items(at.actor, campaign=at.campaign, transition=paper.way.key, moves=[move])
    state = at.pack.workflow_of(moved.register).states[moved.state].label
    return _("{number} 的签章件已上传，现为“{state}”。").format(number=moved.number, state=state)


def shown(
    at: Here,
    paper: Paper,
    typed: Signed | None = None,
    *,
    sentence: str = "",
    other: SignedOther | None = None,
) -> Shown:
    """The page with what was typed. NotAllowed for somebody who neither uploads nor signs there."""
    signs = [way for way in at.pack.workflow_of(paper.item.register).transitions if way.signs]
    if not any(may_move(at.actor, way, paper.item, at.campaign) for way in signs):
        raise NotAllowed(
            _("您的身份（{post}）不办理 {number} 的审签。请由{roles}办理。"),
            post=at.actor.post_label or _("无"),
            number=paper.item.number,
            roles=listed(dict.fromkeys(at.pack.role_label(role) for way in signs for role in way.roles)),
        )
    return Shown(
        item=paper.item,
        code=str(current_code(paper.item)),
        who=listed(at.pack.role_label(role) for role in paper.way.roles),
        may=paper.may,
        sheet_href=at.to("sign-sheet", paper.item.public_id),
        item_href=at.to("item", paper.item.public_id),
        slots=(Slot(FILES, _("签章件"), "image/*,.pdf"),),
        typed=typed or Signed(),
        sentence=sentence,
        restorable=other.signed if other is not None and other.restorable else 0,
        places=other.labels if other is not None else (),
    )
