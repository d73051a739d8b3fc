"""The page of one figure: value, definition, trend, cuts, and the records behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guatu.access import get_unit
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.figure_drill import Cut, Drill, DrillRow, drill
from guatu.queries.figures import evaluate, involved_beside, row_of, whole
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.web.figures.breakdown import Breakdown, CutRows, cut_rows, cuts
from guatu.web.figures.list_link import list_link
from guatu.web.figures.pages import FigureShown, figure_shown, has_trend, month_before, week_days
from guatu.web.figures.spark import Spark, spark
from guatu.web.here import Here
from guatu.web.registers.pages import changed

PER_PAGE = 100


@dataclass(frozen=True, slots=True)
class RecordShown:
    """One record behind the figure; `href` leads to the item."""

    cells: tuple[tuple[DrillColumn, str], ...]
    href: str
    amount: str


@dataclass(frozen=True, slots=True)
class Side:
    """The records of one side of a share (or all of them), with what they add up to."""

    key: str
    label: str
    count: int
    amount: str
    rows: tuple[RecordShown, ...]
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class FigurePage:
    """One figure. `hidden` records are counted but lie outside the person's scope."""

    figure: FigureShown
    big: Spark | None
    trend: tuple[tuple[date, str], ...]
    section: str
    scope: str
    unit: str
    units: tuple[UnitChoice, ...]
    sectors: Breakdown | None
    tiers: Breakdown | None
    columns: tuple[DrillColumn, ...]
    sides: tuple[Side, ...]
    sums: bool
    total: int
    hidden: int
    restricted: int
    noun: str
    side_links: tuple[tuple[str, str, bool], ...]
    previous: str
    next: str
    page: int
    pages: int
    list_href: str


def figure_page(at: Here, key: str, unit_code: str, side: str, page: int) -> FigurePage:
    """The page of figure `key` below a unit. Raises NotFound for an unknown figure, BadInput for a page or a side."""
    figure = at.pack.figures.get(key)
    if figure is None or figure.internal:
        raise NotFound(_("没有标识为“{key}”的统计项。请从统计项目录中选一项。"), key=key)
    unit = get_unit(at.actor, unit_code, at.campaign) if unit_code else None
    row = row_of(unit) if unit else whole(at.campaign)
    earlier, weeks = month_before(at.as_of), week_days(at.as_of, at.campaign.starts_on)
    days = sorted({earlier, *weeks})
    rows = cut_rows(at, key, tiers=True) if unit is None else CutRows()
    table = evaluate(at.campaign, [key], rows=[row], days=days, actor=at.actor, cuts=rows.all)
    beside = involved_beside(at.campaign, key, rows=rows.all, day=at.as_of, actor=at.actor)
    parts = cuts(at, table, key, rows, beside)
    cut = Cut(side, (page - 1) * PER_PAGE, PER_PAGE)
    found = drill(at.campaign, key, day=at.as_of, unit=unit, actor=at.actor, cut=cut)
    sides = _sides(at, found, side, cut.first)
    pages = max(-(-max((one.count for one in sides), default=0) // PER_PAGE), 1)
    if page > pages:
        raise BadInput(_("共 {pages} 页，没有第 {page} 页。请重新选页。"), pages=pages, page=page)
    return FigurePage(
        figure=figure_shown(at, table, key, earlier, unit_code),
        big=spark([table.result(key, day=day).number for day in weeks], width=800, height=96)
        if has_trend(figure)
        else None,
        trend=tuple((day, table.printed(key, day=day).text) for day in weeks),
        section=figure.section,
        scope=row.label,
        unit=unit_code,
        units=unit_choices(at.campaign, at.actor),
        sectors=parts.sectors,
        tiers=parts.tiers,
        columns=found.columns,
        sides=sides,
        sums=any(one.amount is not None for one in found.listings),
        total=found.total,
        hidden=found.hidden - found.restricted,
        restricted=found.restricted,
        noun=_noun(at, found, figure.of),
        side_links=_side_links(at, found, side),
        previous=changed(at, page=str(page - 1)) if page > 1 else "",
        next=changed(at, page=str(page + 1)) if page < pages else "",
        page=page,
        pages=pages,
        list_href=list_link(at, figure, unit_code, side),
    )


def _sides(at: Here, found: Drill, wanted: str, first: int) -> tuple[Side, ...]:
    labels = {
        "part": _("符合条件的"),
        "whole": _("全部"),
        "this_year": _("本年"),
        "last_year": _("上年同期"),
        "": _("记录"),
    }
    if wanted and wanted not in found.sides:
        raise BadInput(_("没有“{side}”这一侧的记录。请从页面上选。"), side=wanted)
    shown = wanted or (found.sides[0] if found.sides else "")
    return tuple(
        Side(
            key=one.side,
            label=at.pack.figures[one.part].label if one.part else labels[one.side],
            count=one.count,
            amount=f"{one.amount:,}" if one.amount is not None else "",
            rows=tuple(_record(at, found, row) for row in one.rows),
            first=first + 1 if one.rows else 0,
            last=first + len(one.rows),
        )
        for one in found.listings
        if one.side == shown and one.count
    )


def _record(at: Here, found: Drill, row: DrillRow) -> RecordShown:
    href = at.to("item", row.item) if row.item else ""
    amount = f"{row.amount:,}" if row.amount is not None else ""
    return RecordShown(tuple(zip(found.columns, row.cells, strict=True)), href, amount)


def _side_links(at: Here, found: Drill, wanted: str) -> tuple[tuple[str, str, bool], ...]:
    labels = {
        "part": _("符合条件的 {n}"),
        "whole": _("全部 {n}"),
        "this_year": _("本年 {n}"),
        "last_year": _("上年同期 {n}"),
    }
    shown = wanted or (found.sides[0] if found.sides else "")
    counts = {side: sum(one.count for one in found.listings if one.side == side) for side in found.sides}
    return tuple(
        (labels[side].format(n=counts[side]), changed(at, side=side, page=""), side == shown)
        for side in found.sides
    )


def _noun(at: Here, found: Drill, of: str) -> str:
    if found.kind == "const":
        return _("出处")
    if of in at.pack.registers and found.kind != "distinct":
        return at.pack.register(of).label
    return _("去重后的对象") if found.kind == "distinct" else _("单位")
