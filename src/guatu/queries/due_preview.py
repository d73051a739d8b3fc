"""What a common change of due days would do, item by item, before anything is done: changed, or refused and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from guatu.access import Actor
from guatu.access.proposals import stands_over
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import ROW_FIELDS, list_row
from guatu.queries.pages import ItemFilters, ListRow
from guatu.queries.registers import listing
from guatu.records.models import ANCESTORS, Campaign

_FIELDS = (*ROW_FIELDS, *ANCESTORS)
MOST = 500
"""Items of one bulk change."""


@dataclass(frozen=True, slots=True)
class DueLine:
    """One chosen item: its row, its due day now, and why it cannot be changed (empty: it will be)."""

    item: int
    row: ListRow
    before: date | None
    why_not: str


def due_preview(
    actor: Actor, campaign: Campaign, register: str, numbers: Sequence[str], *, day: date, due: date | None
) -> tuple[DueLine, ...]:
    """The chosen items as they stand on `day`, in the list's order; those out of sight are not among them.

    Raises BadInput for no item, for more than `MOST`, and for what the list raises.
    """
    if not numbers:
        raise BadInput(_("没有选中事项。请回到清单勾选后再办理。"))
    if len(numbers) > MOST:
        raise BadInput(_("一次最多调整 {most} 项，选中了 {n} 项。请分几次办理。"), most=MOST, n=len(numbers))
    phases = ("draft", "open", "review", "closed", "void")
    found = listing(actor, campaign, register, ItemFilters(numbers=tuple(numbers), phases=phases), day=day)
    lines = []
    for row in found.mine.order_by("item__number").values(*_FIELDS):
        line = tuple(row[name] for name in ANCESTORS if row[name] is not None)
        shown = list_row(found.pack, found.spec, row, (), day, found.names)
        lines.append(DueLine(row["item_id"], shown, row["due"], _why_not(actor, campaign, row, line, due)))
    return tuple(lines)


def _why_not(
    actor: Actor, campaign: Campaign, row: dict[str, object], line: tuple[int, ...], due: date | None
) -> str:
    if not stands_over(actor, roles_with("change_due"), line, campaign):
        return _("不在您可以调整时限的范围内。")
    if row["phase"] == "closed":
        return _("已完成，不再调整时限。")
    if row["phase"] == "void":
        return _("已撤销或并案，不再调整时限。")
    if due is not None and row["due"] == due:
        return _("时限已是这一天。")
    return ""
