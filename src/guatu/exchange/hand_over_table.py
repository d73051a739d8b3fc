"""The hand-over list of somebody who leaves as sheets: posts, and the items that somebody else has to take over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from guatu.access import Actor
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.hand_over import HandOverItem, hand_over
from guatu.records.models import Campaign


def hand_over_sheets(actor: Actor, campaign: Campaign, day: date, *, username: str) -> tuple[Sheet, ...]:
    """A sheet of posts, and for those who see items one of what is to be done and one of what names the person."""
    found = hand_over(actor, campaign, username)
    person = found.person
    notes = headlines(
        actor, campaign, scope=_("移交清单"), filters=[f"{person.name} {person.unit}".strip()], day=day
    )
    posts = [(post.label, post.campaign_name, post.first, post.last) for post in person.held]
    sheets = [
        Sheet(
            name=_("身份"),
            title=_("移交清单"),
            notes=notes,
            heads=(
                Head("post", _("身份"), "text", 20),
                Head("campaign", _("专项工作"), "text", 16),
                Head("first", _("开始日"), "day", 10),
                Head("last", _("最后一天"), "day", 10),
            ),
            rows=posts,
            count=len(posts),
        )
    ]
    if found.business:
        sheets.append(_items(_("待办事项"), notes, found.waiting))
        sheets.append(_items(_("填有本人姓名的事项"), notes, found.named))
        sheets.append(_items(_("待批的申请"), notes, found.proposed))
    return tuple(sheets)


def _items(name: str, notes: Sequence[str], rows: Sequence[HandOverItem]) -> Sheet:
    return Sheet(
        name=name,
        title=name,
        notes=tuple(notes),
        heads=(
            Head("register", _("清单"), "text", 10),
            Head("number", _("编号"), "text", 10),
            Head("title", _("名称"), "text", 36),
            Head("unit", _("单位"), "unit", 14),
            Head("state", _("状态"), "state", 10),
            Head("due", _("时限"), "day", 10),
        ),
        rows=[(row.register, row.number, row.title, row.unit, row.state, row.due) for row in rows],
        count=len(rows),
    )
