"""An item's public notice as its page shows it: the days, the sheet to put up, objections and their answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import NOTICE_KIND, NOTICE_UNTIL
from guatu.domain.spells import day_or_none
from guatu.queries.notices import may_object, objections_of
from guatu.records.models import Item, Objection
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed, to be shown again when it was refused. `answering`: the objection whose answer it is."""

    text: str = ""
    raised_by: str = ""
    answer: str = ""
    answering: int | None = None


@dataclass(frozen=True, slots=True)
class NoticePage:
    """The notice. Objections with their words and names stand there for those who handle them, for others as a count."""

    item: Item
    kind: str
    since: date
    until: date | None
    over: bool
    handles: bool
    objections: tuple[Objection, ...]
    unanswered: int
    total: int
    key: str
    href: str
    answer_href: str
    sheet_href: str
    item_href: str
    typed: Typed
    sentence: str = ""


def notice_page(at: Here, public_id: UUID, *, typed: Typed | None = None, sentence: str = "") -> NoticePage:
    """The page of an item that is on notice or was in its present round. Raises NotFound for any other item."""
    item = get_item(at.actor, public_id, at.campaign)
    flow = at.pack.workflow_of(item.register)
    rows = objections_of(item)
    if flow.notice is None or not (flow.states[item.state].on_notice or rows):
        raise NotFound(_("这个事项不在公示期，也没有公示异议。"))
    handles = not at.past and may_object(at.actor, at.campaign, item)
    until = day_or_none(item.data.get(NOTICE_UNTIL))
    sees = handles or any(at.actor.has_role(role) for role in ("office", "team_leader", "team_member"))
    return NoticePage(
        item=item,
        kind=kind_said(item.data.get(NOTICE_KIND)),
        since=item.state_since,
        until=until if flow.states[item.state].on_notice else None,
        over=until is not None and until < at.today,
        handles=handles,
        objections=rows if sees else (),
        unanswered=sum(row.upheld is None for row in rows),
        total=len(rows),
        key=str(uuid4()),
        href=at.to("notice", public_id),
        answer_href=at.to("notice-answer", public_id),
        sheet_href=at.to("notice-sheet", public_id),
        item_href=at.to("item", public_id),
        typed=typed or Typed(),
        sentence=sentence,
    )


def kind_said(kind: str | None) -> str:
    """A kind of notice in words."""
    return {"public": _("公示"), "within": _("一定范围内通报"), "none": _("不公示")}.get(kind or "", "")
