"""A request as sheets: who has answered what, and the rows that were handed in, as the page shows this reader."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from guatu.access import Actor
from guatu.domain.collection import ANSWERS
from guatu.domain.loop_tracks import BASIS, RETURN
from guatu.domain.pack.register import NUMERIC_TYPES
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.item_rows import value_shown
from guatu.queries.request_list import request_for
from guatu.queries.returns import collection_of, form_of_request, roster, rows_of, seen
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


def answers() -> dict[str, str]:
    """The five answers in words."""
    return dict(
        zip(ANSWERS, (_("已报送"), _("零报告"), _("不涉及"), _("未到期"), _("应报未报")), strict=True)
    )


def roster_sheets(actor: Actor, campaign: Campaign, request: str, day: date) -> tuple[Sheet, ...]:
    """One sheet, a row for each unit of the roster in the reader's part. Raises NotFound out of sight."""
    item, _mine = request_for(actor, campaign, request)
    rows = [row for row in seen(actor, campaign, roster(campaign, item, day)) if not row.kept]
    pack = pack_of(campaign)
    flow, words = pack.workflow_of(collection_of(pack).returns), answers()
    nodes, depth = unit_tree(campaign, day).nodes, len(campaign.root.line)
    title = _("报送情况")
    return (
        Sheet(
            name=title,
            title=item.title,
            notes=headlines(actor, campaign, scope=f"{item.number} {item.title}", filters=(), day=day),
            heads=(
                Head("company", _("二级公司"), "unit", 14),
                Head("code", _("单位代码"), "text", 10),
                Head("unit", _("单位"), "unit", 16),
                Head("answer", _("回答"), "text", 8),
                Head("state", _("状态"), "text", 10),
                Head("handed", _("报送时间"), "text", 14),
                Head("late", _("补报"), "text", 6),
                Head("behalf", _("代填"), "text", 8),
                Head("returned", _("退回次数"), "integer", 8),
                Head("number", _("编号"), "text", 10),
            ),
            rows=(
                (
                    nodes[row.line[depth]].short_name
                    if len(row.line) > depth and row.line[depth] in nodes
                    else "",
                    row.code,
                    row.name,
                    words[row.answer],
                    flow.states[row.state].label if row.state in flow.states else row.state,
                    f"{row.handed_at:%Y-%m-%d %H:%M}" if row.handed_at else "",
                    _("补报") if row.late else "",
                    row.on_behalf,
                    row.returned or None,
                    row.number,
                )
                for row in rows
            ),
            count=len(rows),
        ),
    )


def row_sheets(actor: Actor, campaign: Campaign, request: str, day: date) -> tuple[Sheet, ...]:
    """One sheet, a row for each item that the returns in the reader's part carry, with the fields that were asked."""
    item, _mine = request_for(actor, campaign, request)
    form, pack = form_of_request(item), pack_of(campaign)
    register = pack.register(form.register)
    mine = seen(actor, campaign, roster(campaign, item, day))
    rows = {row.pk: row for row in mine if row.handed and not row.kept}
    carried = rows_of(campaign, [Item(pk=pk) for pk in rows], actor)
    fields = [
        field
        for one in form.fields
        if not one.left_out and (field := register.field(one.field)) is not None and not field.private
    ]
    levels = basis_labels()
    return (
        Sheet(
            name=_("收上来的数据"),
            title=item.title,
            notes=headlines(actor, campaign, scope=f"{item.number} {item.title}", filters=(), day=day),
            heads=(
                Head("code", _("单位代码"), "text", 10),
                Head("unit", _("单位"), "unit", 16),
                *(
                    Head(field.key, field.label, "decimal" if field.type in NUMERIC_TYPES else "text", 12)
                    for field in fields
                ),
                Head("basis", _("认定层级"), "text", 10),
                Head("number", _("编号"), "text", 10),
            ),
            rows=(
                (
                    rows[one.data[RETURN]].code,
                    rows[one.data[RETURN]].name,
                    *(_cell(field.type, one.data.get(field.key), field) for field in fields),
                    levels.get(str(one.data.get(BASIS) or "office"), ""),
                    one.number,
                )
                for one in carried
            ),
            count=len(carried),
        ),
    )


def basis_labels() -> dict[str, str]:
    """How far a row has been recognised, in words."""
    return {
        "reported": _("单位已报"),
        "signed": _("负责人审签"),
        "second_tier": _("二级公司审核"),
        "office": _("已接收"),
        "draft": _("未报出"),
    }


def _cell(kind: str, value: Any, field: Any) -> Any:
    """A number as a number, everything else as people read it."""
    if kind in NUMERIC_TYPES and value not in (None, ""):
        return Decimal(str(value))
    return value_shown(field, value, {})
