"""The page of one figure: value, definition, trend, cuts, and the records behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from guatu.access import get_unit, may
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.basis import BASES
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import Reference, looked_at
from guatu.domain.pack.figure_words import Clause, clauses
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.figure_drill import Cut, Drill, DrillRow, drill
from guatu.queries.figures import evaluate, involved_beside, row_of, whole
from guatu.queries.outside_rows import OutsideLine
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.queries.unreported import unreported, unreported_words
from guatu.records.models import Unit
from guatu.web.figures.breakdown import Breakdown, CutRows, cut_rows, cuts
from guatu.web.figures.list_link import list_link
from guatu.web.figures.pages import FigureShown, figure_shown, has_trend, month_before, week_days
from guatu.web.figures.places import UseShown, uses_shown
from guatu.web.figures.spark import Spark, spark
from guatu.web.figures.ways import Ways, all_listed, other_ways, ways
from guatu.web.here import Here
from guatu.web.registers.addresses import changed

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
    ways: Ways
    outside: tuple[OutsideLine, ...]
    outside_hidden: str
    unreported: str
    send_href: str
    clauses: tuple[Clause, ...]
    uses: tuple[UseShown, ...]
    made: bool
    retired: bool
    copy_href: str
    change_href: str
    about_href: str
    variant: str
    basis: str


def asked_for(at: Here, key: str, variant: str, basis: str) -> Reference:
    """The figure with what it is looked at. Raises NotFound for an unknown figure, BadInput for a variant or a basis."""
    figure = at.pack.figures.get(key)
    if figure is None or (figure.internal and not figure.retired):
        raise NotFound(_("没有标识为“{key}”的统计项。请从统计项目录中选一项。"), key=key)
    if variant and variant not in figure.ways:
        raise BadInput(_("“{label}”没有“{variant}”口径。请从页面上选。"), label=figure.label, variant=variant)
    if basis and (basis not in BASES or figure.of not in at.pack.registers):
        raise BadInput(_("“{label}”不能按“{basis}”统计。请从页面上选。"), label=figure.label, basis=basis)
    own = looked_at(at.pack.figures, Reference(key, variant)).basis
    return Reference(key, variant, basis if basis != own else "")


def figure_page(at: Here, asked: Reference, unit_code: str, side: str, page: int) -> FigurePage:
    """The page of a figure, as it is asked for, below a unit. Raises BadInput for a page or a side."""
    figure, key = looked_at(at.pack.figures, asked), str(asked)
    unit = get_unit(at.actor, unit_code, at.campaign) if unit_code else None
    row = row_of(unit) if unit else whole(at.campaign)
    earlier, weeks = month_before(at.as_of), week_days(at.as_of, at.campaign.starts_on)
    days = sorted({earlier, *weeks})
    units = unit_choices(at.campaign, at.actor)
    rows = cut_rows(at, key, tiers=True, units=units) if unit is None else CutRows()
    choices = other_ways(at, asked)
    table = evaluate(at.campaign, [key], rows=[row], days=days, actor=at.actor, cuts=rows.all, beside=choices)
    beside = involved_beside(
        at.campaign, key, rows=rows.all, day=at.as_of, actor=at.actor, placing=table.placing
    )
    parts = cuts(at, table, key, rows, beside)
    shapes = not at.past and may(at.actor, "shape_campaign", at.campaign.root, at.campaign)
    cut = Cut(side, (page - 1) * PER_PAGE, PER_PAGE)
    found = drill(at.campaign, key, day=at.as_of, unit=unit, actor=at.actor, cut=cut, table=table)
    sides = sides_of(at, found, side, cut.first)
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
        units=units,
        sectors=parts.sectors,
        tiers=parts.tiers,
        columns=found.columns,
        sides=sides,
        sums=any(one.amount is not None for one in found.listings),
        total=found.total,
        hidden=found.hidden - found.restricted,
        restricted=found.restricted,
        noun=noun_of(at, found, figure.of),
        side_links=side_links_of(at, found, side),
        previous=changed(at, page=str(page - 1)) if page > 1 else "",
        next=changed(at, page=str(page + 1)) if page < pages else "",
        page=page,
        pages=pages,
        list_href=list_link(at, figure, unit_code, side) if all_listed(at, asked, table) else "",
        ways=ways(at, asked, table, unit_code),
        outside=found.outside,
        outside_hidden=plain(found.outside_hidden) if found.outside_hidden else "",
        unreported=_unreported(at, figure, unit),
        send_href=_send_href(at, asked, unit_code, figure.is_claim),
        clauses=clauses(at.pack, figure),
        uses=uses_shown(at, asked.key),
        made=figure.made,
        retired=figure.retired,
        copy_href=at.to("figure-new", copy=asked.key) if shapes and not asked.variant else "",
        change_href=at.to("figure-change", asked.key)
        if shapes and figure.made and not figure.retired
        else "",
        about_href=at.to("figure-about", asked.key),
        variant=asked.variant,
        basis=asked.basis,
    )


def _unreported(at: Here, figure: Figure, unit: Unit | None) -> str:
    top = unit.pk if unit is not None else None
    found = unreported(at.campaign, at.pack, [figure], at.as_of, top=top)
    return unreported_words(found.get(figure.key, ()))


def _send_href(at: Here, asked: Reference, unit_code: str, is_claim: bool) -> str:
    """Where it is written down that the figure was reported, for those who may."""
    if is_claim or at.past or not may(at.actor, "send_figures", at.campaign.root, at.campaign):
        return ""
    return at.to("sent-new", figure=asked.key, variant=asked.variant, basis=asked.basis, unit=unit_code)


def sides_of(at: Here, found: Drill, wanted: str, first: int) -> tuple[Side, ...]:
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


def side_links_of(at: Here, found: Drill, wanted: str) -> tuple[tuple[str, str, bool], ...]:
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


def noun_of(at: Here, found: Drill, of: str) -> str:
    if found.kind == "const":
        return _("出处")
    if of in at.pack.registers and found.kind != "distinct":
        return at.pack.register(of).label
    return _("去重后的对象") if found.kind == "distinct" else _("单位")
