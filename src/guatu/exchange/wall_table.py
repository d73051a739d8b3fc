"""The wall chart as sheets: the chart at its present zoom, a sentence for every red and yellow cell, the legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from guatu.access import Actor
from guatu.domain.lights import Light, word
from guatu.domain.pack.schema import LightRule
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, LightCell, Sheet
from guatu.queries.pages import Option
from guatu.queries.standing import light_rule
from guatu.queries.wall import wall
from guatu.queries.wall_page import WallCell, WallColumn, WallPage, WallRow
from guatu.records.models import Campaign
from guatu.records.packs import pack_of

INDENT = "　"
WORST_FIRST = (Light.RED, Light.YELLOW)
ORDER = (Light.RED, Light.YELLOW, Light.GREEN, Light.BLUE, Light.GREY, Light.WHITE)


def wall_sheets(
    actor: Actor,
    campaign: Campaign,
    *,
    day: date,
    zoom: str = "",
    sector: str = "",
    aspect: str = "",
    light: str = "",
    opened: Sequence[str] = (),
    known_at: int | None = None,
) -> tuple[Sheet, ...]:
    """Three sheets: 作战图, 红黄灯说明, 图例. The arguments are those of `wall`, which is asked once."""
    page = wall(
        campaign,
        day=day,
        actor=actor,
        known_at=known_at,
        zoom=zoom,
        sector=sector,
        aspect=aspect,
        light=light,
        opened=opened,
    )
    rule = light_rule(pack_of(campaign), page.register)
    assert rule is not None  # a chart without lights is refused by `wall`
    notes = headlines(
        actor,
        campaign,
        scope=_("作战图（层级：{zoom}）").format(zoom=_chosen(page.zooms)),
        filters=_filters(page),
        day=day,
        known_at=known_at,
        outside=page.outside,
    )
    return (_chart(page, notes), _told(page, notes), _legend(page, rule, notes))


def _chosen(options: Sequence[Option]) -> str:
    return next((option.label for option in options if option.chosen), "")


def _filters(page: WallPage) -> list[str]:
    pairs = (
        (_("板块"), _chosen(page.sectors)),
        (_("方面"), _chosen(page.aspect_options)),
        (_("灯"), word(Light(page.light)) if page.light else ""),
    )
    return [_("{label}：{text}").format(label=label, text=text) for label, text in pairs if text]


def _chart(page: WallPage, notes: tuple[str, ...]) -> Sheet:
    aspects = {aspect.key: aspect.label for aspect in page.aspects}
    heads = [
        Head("unit", _("单位"), "unit", 16),
        *(Head(column.number, _column_label(column, aspects), "light", 8) for column in page.columns),
        Head("n", _("应办"), "integer", 5),
        Head("closed", _("已完成"), "integer", 5),
        Head("percent", _("总完成率"), "percent", 6),
        Head("red", _("红灯格数"), "integer", 5),
        Head("yellow", _("黄灯格数"), "integer", 5),
    ]
    return Sheet(
        name=_("作战图"),
        title=_("作战图（截至 {day}）").format(day=page.day),
        notes=notes,
        heads=tuple(heads),
        rows=(_row(row) for row in page.rows),
        count=len(page.rows),
    )


def _column_label(column: WallColumn, aspects: dict[str, str]) -> str:
    lines = [aspects.get(column.aspect, column.aspect), f"{column.rank} {column.short}"]
    return "\n".join([*lines, f"{column.due:%m-%d}"] if column.due else lines)


def _row(row: WallRow) -> tuple[object, ...]:
    share = row.closed / row.n if row.n else None
    return (
        INDENT * _depth(row) + row.label,
        *(_cell(cell) for cell in row.cells),
        row.n,
        row.closed,
        share,
        row.lights.red,
        row.lights.yellow,
    )


def _depth(row: WallRow) -> int:
    return 0 if row.kind == "root" else 1 if row.kind == "sector" else 2 + row.indent


def _cell(cell: WallCell) -> object:
    if not cell.n:
        return LightCell(Light.GREY, name=_("无事项"))
    return LightCell(cell.light, f"{cell.closed}/{cell.n} {cell.percent}%", cell.word)


def _told(page: WallPage, notes: tuple[str, ...]) -> Sheet:
    aspects = {aspect.key: aspect.label for aspect in page.aspects}
    cells = list(_worst(page))
    names = {row.code: row.label for row in page.rows if row.kind in ("root", "unit")}
    return Sheet(
        name=_("红黄灯说明"),
        title=_("红灯和黄灯的说明（截至 {day}）").format(day=page.day),
        notes=notes,
        heads=(
            Head("unit", _("单位"), "unit", 16),
            Head("aspect", _("方面"), "text", 10),
            Head("task", _("重点任务"), "text", 16),
            Head("light", _("灯"), "light", 10),
            Head("n", _("应办"), "integer", 5),
            Head("closed", _("已完成"), "integer", 5),
            Head("percent", _("总完成率"), "percent", 6),
            Head("sentence", _("说明"), "text", 60),
        ),
        rows=(
            (
                _name(row, names),
                aspects.get(column.aspect, column.aspect),
                column.title,
                LightCell(cell.light, name=cell.word),
                cell.n,
                cell.closed,
                cell.closed / cell.n if cell.n else None,
                cell.sentence,
            )
            for row, column, cell in cells
        ),
        count=len(cells),
    )


def _name(row: WallRow, names: Mapping[str, str]) -> str:
    """A row's name where it stands alone: what a unit holds itself needs the unit's name before it."""
    if row.kind != "own" or row.code not in names:
        return row.label
    return _("{unit}（{own}）").format(unit=names[row.code], own=row.label)


def _worst(page: WallPage) -> Iterator[tuple[WallRow, WallColumn, WallCell]]:
    """The red cells, then the yellow ones, each in the chart's order."""
    for light in WORST_FIRST:
        for row in page.rows:
            for column, cell in zip(page.columns, row.cells, strict=True):
                if cell.light is light:
                    yield row, column, cell


def _legend(page: WallPage, rule: LightRule, notes: tuple[str, ...]) -> Sheet:
    meanings = {
        Light.RED: _("有事项逾期，或（两项及以上）比计划低超过 {points} 个百分点").format(
            points=rule.red_behind
        ),
        Light.YELLOW: _(
            "{days} 天内到期，或被退回，或（两项及以上）比计划低 {from_} 至 {to} 个百分点"
        ).format(days=rule.due_soon_days, from_=rule.yellow_behind, to=rule.red_behind),
        Light.GREEN: _("按计划推进"),
        Light.BLUE: _("全部已完成"),
        Light.GREY: _("没有事项，或尚未开始"),
        Light.WHITE: _("下达超过 {days} 天仍未签收").format(days=rule.unanswered_days),
    }
    return Sheet(
        name=_("图例"),
        title=_("图例（截至 {day}）").format(day=page.day),
        notes=(
            *notes,
            _(
                "各格为灯、已完成数/应办数、总完成率。上级的灯按下级各格的灯计：红灯占 {red}% 及以上为红，红黄合占 {yellow}% 及以上为黄。"
            ).format(red=rule.parent_red_share, yellow=rule.parent_yellow_share)
            if rule.parent == "share"
            else _("各格为灯、已完成数/应办数、总完成率。上级的灯取下级各格中最差的一种。"),
        ),
        heads=(
            Head("light", _("灯"), "light", 12),
            Head("meaning", _("含义"), "text", 48),
            Head("count", _("{level}格数").format(level=page.counted_by), "integer", 8),
        ),
        rows=((light, meanings[light], page.lights.count(light)) for light in ORDER),
        count=len(ORDER),
    )
