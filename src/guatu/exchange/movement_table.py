"""The movement statement as a sheet: a row per unit, the total at the end, every number that the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from guatu.access import Actor
from guatu.domain.movement import COLUMNS
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.movement import MovementPage, column_labels, movement_page
from guatu.records.models import Campaign


def movement_sheets(
    actor: Actor,
    campaign: Campaign,
    register: str,
    *,
    unit: str,
    first: date,
    last: date,
    known_at: int | None = None,
) -> tuple[Sheet, ...]:
    """One sheet; the arguments are those of `movement_page`, which is asked once."""
    page = movement_page(actor, campaign, register, unit=unit, first=first, last=last, known_at=known_at)
    notes = [
        *headlines(
            actor,
            campaign,
            scope=_("{register}变动表").format(register=page.label),
            filters=[
                _("单位：{unit}").format(unit=page.unit_name),
                _("期间：{first} 至 {last}").format(first=first, last=last),
            ],
            day=last,
            known_at=known_at,
        ),
        equation(),
    ]
    if page.within:
        notes.append(within_said(page))
    return (
        Sheet(
            name=_("变动表"),
            title=_("{register}变动表（{first} 至 {last}）").format(
                register=page.label, first=first, last=last
            ),
            notes=tuple(notes),
            heads=(
                Head("unit", _("单位"), "unit", 18),
                *(Head(key, label, "integer", 7) for key, label in column_labels().items()),
            ),
            rows=_rows(page),
            count=len(page.rows) + 1,
        ),
    )


def equation() -> str:
    """The equation that every row keeps, in words."""
    return _("期初 + 新增 + 拆分 − 并案 − 撤销 + 划入 − 划出 = 期末")


def within_said(page: MovementPage) -> str:
    """Why the transfers of the rows do not add up to those of the total."""
    return _("下级之间划转 {n} 项次，计入各行的划入、划出，不计入合计。").format(n=page.within)


def _rows(page: MovementPage) -> Iterator[tuple[object, ...]]:
    for row in (*page.rows, page.total):
        yield (row.label, *(getattr(row.counts, name) for name in COLUMNS))
