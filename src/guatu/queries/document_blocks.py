"""The blocks of a document that are worked out of records: tables of figures, lists of units, charts.

What all of them need of figures is read at once: one evaluation for the document's day, with a row for every unit that
some block names, and one more where blocks look back over days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from django.utils.translation import override

from guatu.access import Actor
from guatu.domain.document.charts import drawn
from guatu.domain.document.model import Block, PageBreak, Paragraph, Run
from guatu.domain.figures.references import exists
from guatu.domain.figures.rows import Row
from guatu.domain.lights import Light, word
from guatu.domain.pack import Pack
from guatu.domain.report import FigureSpan, chinese_day
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _
from guatu.domain.writing import body as parts
from guatu.domain.writing.charts import Bar, Chart, Lights, LightsRow, Line, Point, Poster, Ranking, Trend
from guatu.domain.writing.figure_blocks import (
    OfUnit,
    one_by_one,
    ranked,
    ranked_table,
    side_by_side,
)
from guatu.domain.writing.saying import Unsaid
from guatu.queries.document_wall import wall_poster
from guatu.queries.figures import Table, evaluate
from guatu.queries.unit_lights import UnitLights, unit_lights
from guatu.queries.unit_tree import Node, UnitTree, reach, unit_tree
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of

ByUnits = parts.FiguresBlock | parts.UnitsBlock | parts.ChartBlock


@dataclass(frozen=True, slots=True)
class CellFigure:
    """A figure printed in a block: of which unit (code), as of which day."""

    span: FigureSpan
    unit: str
    day: date


@dataclass(slots=True)
class Computed:
    """A block worked out: its parts, the figures printed in it, what it cannot say; `chart` where it is one."""

    parts: tuple[Block, ...] = ()
    cells: tuple[CellFigure, ...] = ()
    unsaid: tuple[Unsaid, ...] = ()
    chart: Chart | None = None


@dataclass(slots=True)
class Blocks:
    """What the blocks of one body need, and what they become once the figures of the document's day are there."""

    campaign: Campaign
    unit: Unit
    day: date
    known_at: int | None
    actor: Actor
    blocks: tuple[parts.Block, ...]
    reader: str
    tree: UnitTree | None = None
    units: dict[str, tuple[Node, ...]] = field(default_factory=dict)
    lamps: list[UnitLights | None] = field(default_factory=list)
    posters: list[Poster | None] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        campaign: Campaign,
        unit: Unit,
        day: date,
        known_at: int | None,
        actor: Actor,
        blocks: Iterable[parts.Block],
        reader: str,
    ) -> Blocks:
        """Which units the blocks name. No statement without a block that names any.

        `reader`: the language of what is said to the writer; the document itself is Chinese.
        """
        found = cls(campaign, unit, day, known_at, actor, tuple(blocks), reader)
        wanted = [block for block in found.blocks if _names_units(block)]
        if wanted or any(isinstance(b, parts.ChartBlock) and b.chart == "lights" for b in found.blocks):
            found.tree = unit_tree(campaign, day, known_at)
        for block in wanted:
            found.units[block.id] = found._nodes(block)
        return found

    @property
    def cuts(self) -> tuple[Row, ...]:
        """The rows of the units that blocks name, beside the document's own."""
        nodes = {node.code: node for found in self.units.values() for node in found}
        nodes.pop(self.unit.code, None)
        return tuple(Row(node.code, node.short_name, unit=node.id) for node in nodes.values())

    def computed(self, table: Table) -> dict[str, Computed]:
        """Block id → what it becomes; blocks of words are left out. `table` is that of the document's day."""
        pack = pack_of(self.campaign)
        found: dict[str, Computed] = {}
        back = self._looking_back(pack)
        for block in self.blocks:
            missing = [key for key in parts.figures_of([block]) if key not in table.figures]
            match block:
                case parts.FiguresBlock() | parts.UnitsBlock() | parts.ChartBlock() if missing:
                    found[block.id] = self._missing(block.id, missing)
                case parts.FiguresBlock():
                    found[block.id] = self._figures(block, back if block.by == "days" else table)
                case parts.UnitsBlock():
                    found[block.id] = self._units(block, table)
                case parts.ChartBlock(chart="trend"):
                    found[block.id] = self._trend(block, back)
                case parts.ChartBlock(chart="ranking"):
                    found[block.id] = self._ranking(block, table)
                case parts.ChartBlock(chart="wall"):
                    found[block.id] = self._wall(block)
                case parts.ChartBlock():
                    found[block.id] = self._lights(block)
        return found

    def _looking_back(self, pack: Pack) -> Table | None:
        """The figures over all the days that some block looks at."""
        days: set[date] = set()
        keys: dict[str, None] = {}
        for block in self.blocks:
            own = self._days(block)
            if own:
                days.update(own)
                keys |= dict.fromkeys(key for key in parts.figures_of([block]) if exists(pack.figures, key))
        if not days:
            return None
        row = Row(self.unit.code, self.unit.short_name, unit=self.unit.pk)
        return evaluate(
            self.campaign,
            list(keys),
            rows=[row],
            days=tuple(sorted(days)),
            known_at=self.known_at,
            actor=self.actor,
        )

    def _days(self, block: parts.Block) -> tuple[date, ...]:
        """The days that a block looks at, none after the document's and none before the campaign."""
        first = self.campaign.starts_on
        if isinstance(block, parts.FiguresBlock) and block.by == "days":
            given = sorted({date.fromisoformat(day) for day in block.days} or {self.day})
            return tuple(day for day in given if first <= day <= self.day)
        if isinstance(block, parts.ChartBlock) and block.chart == "trend":
            back = range(0, block.days + 1, block.step)
            days = [self.day - timedelta(days=ago) for ago in back]
            return tuple(sorted(day for day in days if day >= first))
        return ()

    def _nodes(self, block: parts.Block) -> tuple[Node, ...]:
        """The units that a block names, in the order of the tree: only such as stand below the document's own."""
        tree = self.tree
        if tree is None or self.unit.pk not in tree.nodes:
            return ()
        below = [tree.nodes[pk] for pk in tree.below(self.unit.pk) if pk != self.unit.pk]
        if isinstance(block, parts.FiguresBlock):
            if block.units:
                return tuple(node for node in below if node.code in block.units)
            level = ""
        elif isinstance(block, (parts.UnitsBlock, parts.ChartBlock)):
            level = block.level
        else:
            return ()
        if level:
            return tuple(node for node in below if node.level == level)
        return tuple(node for node in below if node.parent == self.unit.pk)

    def _figures(self, block: parts.FiguresBlock, table: Table | None) -> Computed:
        caption = block.caption
        if table is None:
            return Computed()
        if block.by == "total":
            own = [table.statement(key, self.unit.code) for key in block.figures]
            made = one_by_one(own, _("统计项"), _("数"), caption)
            return Computed((made,), tuple(self._cell(one) for one in own))
        lines: list[tuple[str, Sequence[Statement]]] = []
        cells: list[CellFigure] = []
        if block.by == "days":
            for day in self._days(block):
                values = [table.statement(key, self.unit.code, day) for key in block.figures]
                lines.append((chinese_day(day), values))
                cells += [self._cell(one, day=day) for one in values]
            return Computed((side_by_side(_("日期"), lines, caption),), tuple(cells))
        rows = [(node.code, node.short_name) for node in self.units.get(block.id, ())]
        for code, label in (*rows, (self.unit.code, self.unit.short_name)):
            values = [table.statement(key, code) for key in block.figures]
            lines.append((label, values))
            cells += [self._cell(one, unit=code) for one in values]
        return Computed((side_by_side(_("单位"), lines, caption),), tuple(cells))

    def _units(self, block: parts.UnitsBlock, table: Table) -> Computed:
        every = self._of_units(block.id, block.figure, table)
        found = ranked(every, block.order, block.count)
        cells = tuple(self._cell(one.statement, unit=one.code) for one in found)
        unknown = [one for one in every if one.value is None]
        note = _("{n} 家没有数，未列入。").format(n=len(unknown)) if unknown else ""
        if block.order == "none":
            label = table.figures[block.figure].label
            said = _("没有“{label}”为零的单位。").format(label=label)
            if found:
                names = "、".join(one.label for one in found)
                said = _("“{label}”为零的有{n}家：{units}。").format(label=label, n=len(found), units=names)
            return Computed((Paragraph((Run(said),)),), cells)
        if not found:
            with override(self.reader):
                why = _("没有可列的单位：这一级没有单位，或都没有数。请改选层级或统计项。")
            label = table.figures[block.figure].label
            return Computed(unsaid=(Unsaid(block.id, block.figure, label, why),))
        return Computed((ranked_table(found, _("序号"), _("单位"), block.caption, note),), cells)

    def _trend(self, block: parts.ChartBlock, table: Table | None) -> Computed:
        days = self._days(block)
        if table is None or not days:
            return Computed()
        lines = []
        cells: list[CellFigure] = []
        for key in block.figures:
            points = []
            for day in days:
                number = table.result(key, self.unit.code, day).number
                said = table.statement(key, self.unit.code, day)
                points.append(Point(day, number, said.text))
            cells.append(self._cell(table.statement(key, self.unit.code, days[-1]), day=days[-1]))
            lines.append(Line(key, table.figures[key].label, _measure(table, key), tuple(points)))
        return _charted(Trend(days, tuple(lines), block.caption), cells)

    def _ranking(self, block: parts.ChartBlock, table: Table) -> Computed:
        key = block.figures[0]
        every = self._of_units(block.id, key, table)
        found = ranked(every, "most", block.count)
        bars = tuple(Bar(one.code, one.label, one.value, one.statement.text) for one in found)
        if not bars:
            with override(self.reader):
                why = _("没有可列的单位：这一级没有单位，或都没有数。请改选层级或统计项。")
            return Computed(unsaid=(Unsaid(block.id, key, table.figures[key].label, why),))
        cells = [self._cell(one.statement, unit=one.code) for one in found]
        made = Ranking(
            key,
            table.figures[key].label,
            _measure(table, key),
            bars,
            sum(one.value is not None for one in every) - len(bars),
            block.caption,
        )
        return _charted(made, cells)

    def _lights(self, block: parts.ChartBlock) -> Computed:
        tree = self.tree
        if tree is None or self.unit.pk not in tree.nodes:
            return Computed()
        if not self.lamps:  # the same for every block
            self.lamps.append(
                unit_lights(
                    self.actor,
                    self.campaign,
                    tree.nodes[self.unit.pk],
                    tree,
                    reach(self.actor, self.campaign, tree),
                    day=self.day,
                    known_at=self.known_at,
                )
            )
        [shown] = self.lamps
        if shown is None:
            with override(self.reader):
                why = _("本专项工作没有作战图，不能插入亮灯图。请删去这一段。")
            return Computed(unsaid=(Unsaid(block.id, "", block.caption or _("亮灯图"), why),))
        rows = tuple(
            LightsRow(row.key, row.label, {light: getattr(row.lights, light.value) for light in Light})
            for row in (shown.row, *shown.below)
        )
        return _charted(Lights(rows, {light: word(light) for light in Light}, block.caption), [])

    def _wall(self, block: parts.ChartBlock) -> Computed:
        """The whole wall chart between two page breaks: only in a document of the root, whose wall it is."""
        found = None
        if pack_of(self.campaign).wall is not None and self.unit.pk == self.campaign.root_id:
            if not self.posters:  # the same for every block
                self.posters.append(
                    wall_poster(
                        self.campaign, day=self.day, known_at=self.known_at, actor=self.actor, caption=""
                    )
                )
            [found] = self.posters
        if found is None:
            with override(self.reader):
                why = _(
                    "这里没有可以插入的作战图：要有作战图和当日的重点任务，并且是本级的文稿。请删去这一段。"
                )
            return Computed(unsaid=(Unsaid(block.id, "", block.caption or _("作战图"), why),))
        found = replace(found, caption=block.caption)
        return Computed((PageBreak(), drawn(found), PageBreak()), chart=found)

    def _missing(self, block: str, keys: Sequence[str]) -> Computed:
        with override(self.reader):
            why = _("没有标识为“{label}”的统计项，可能已从专项模板中删去。请改选统计项，或删去这一段。")
        return Computed(unsaid=tuple(Unsaid(block, key, key, why.format(label=key)) for key in keys))

    def _of_units(self, block: str, key: str, table: Table) -> list[OfUnit]:
        return [
            OfUnit(
                node.code,
                node.short_name,
                table.result(key, node.code).number,
                table.statement(key, node.code),
            )
            for node in self.units.get(block, ())
        ]

    def _cell(self, statement: Statement, *, unit: str = "", day: date | None = None) -> CellFigure:
        span = FigureSpan(statement.key, statement.text, statement)
        return CellFigure(span, unit or self.unit.code, day or self.day)


def _names_units(block: parts.Block) -> bool:
    if isinstance(block, parts.FiguresBlock):
        return block.by == "units"
    if isinstance(block, parts.ChartBlock):
        return block.chart == "ranking"
    return isinstance(block, parts.UnitsBlock)


def _measure(table: Table, key: str) -> str:
    figure = table.figures[key]
    return "%" if figure.agg.kind in ("ratio", "yoy") else figure.measure


def _charted(chart: Chart, cells: Iterable[CellFigure]) -> Computed:
    return Computed((drawn(chart),), tuple(cells), chart=chart)


def charts_in(computed: Mapping[str, Computed]) -> dict[str, Chart]:
    """Block id → its chart as values, for a page that draws it otherwise or tells it in words."""
    return {key: one.chart for key, one in computed.items() if one.chart is not None}
