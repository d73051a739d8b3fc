"""The values of the tables and charts of a document: as they are issued, and counted again for whoever verifies or compares."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.utils.translation import override

from guatu.access import operator
from guatu.domain.document.model import Table
from guatu.domain.figures.phrasing import plain
from guatu.domain.figures.references import exists
from guatu.domain.issued_shown import (
    LEFT_OUT,
    NOTE,
    ROW_MARK,
    WHOLE,
    Kind,
    Shown,
    ShownBlock,
    ShownValue,
)
from guatu.domain.issuing import ref_of
from guatu.domain.lights import word
from guatu.domain.report import chinese_day
from guatu.domain.statements import Statement
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.writing import body as parts
from guatu.domain.writing.body import Body
from guatu.domain.writing.charts import Lights, Poster, Ranking, Trend
from guatu.domain.writing.figure_blocks import NO_VALUE
from guatu.queries.document_blocks import Blocks, Computed
from guatu.queries.figures import evaluate, row_of
from guatu.queries.reports import WRITTEN
from guatu.records.models import Campaign, Unit
from guatu.records.packs import pack_of


def shown_in(body: Body, computed: Mapping[str, Computed], unit: Unit, day: date) -> Shown:
    """Every value of the blocks that were worked out, in reading order; `day` is the document's own."""
    blocks = [
        (block, kind) for block in body.every_block if (kind := kind_of(block)) and block.id in computed
    ]
    codes = {cell.unit for block, _kind in blocks for cell in computed[block.id].cells}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "short_name")) if codes else {}
    said = _Naming(unit.code, day, names)
    with override(WRITTEN):
        return Shown(
            unit.code,
            tuple(
                ShownBlock(
                    block.id,
                    kind,
                    getattr(block, "caption", ""),
                    tuple(_values(computed[block.id], said)),
                )
                for block, kind in blocks
            ),
        )


def recounted(
    campaign: Campaign,
    unit: Unit,
    body: Body,
    day: date,
    known_at: int,
    kinds: Iterable[Kind] | None = None,
) -> Shown:
    """The same as of (`day`, `known_at`) by the campaign's pack, whoever asks; only the blocks of `kinds` where those are given."""
    wanted = None if kinds is None else frozenset(kinds)
    blocks = tuple(
        block for block in body.every_block if (kind := kind_of(block)) and (wanted is None or kind in wanted)
    )
    if not blocks:
        return Shown(unit.code, ())
    actor = operator()
    with override(WRITTEN):
        figures = pack_of(campaign).figures
        keys = sorted({key for key in parts.figures_of(blocks) if exists(figures, key)})
        made = Blocks.of(campaign, unit, day, known_at, actor, blocks, WRITTEN)
        table = evaluate(
            campaign,
            keys,
            rows=[row_of(unit)],
            days=(day,),
            known_at=known_at,
            actor=actor,
            cuts=made.cuts,
        )
        computed = made.computed(table)
    return shown_in(Body(blocks=blocks), computed, unit, day)


def kind_of(block: parts.Block) -> Kind | None:
    """What kind of values a block shows; None for one of words."""
    if isinstance(block, parts.FiguresBlock):
        return "figures"
    if isinstance(block, parts.UnitsBlock):
        return "units"
    return block.chart if isinstance(block, parts.ChartBlock) else None


class _Naming:
    """What a value is called where its unit or its day are not the document's."""

    def __init__(self, unit: str, day: date, names: Mapping[str, str]) -> None:
        self.unit, self.day, self._names = unit, day, names

    def figure(self, statement: Statement, unit: str, day: date, text: str, value: str) -> ShownValue:
        beside = [self._names.get(unit, unit)] if unit != self.unit else []
        if day != self.day:
            beside.append(chinese_day(day))
        label = statement.label
        if beside:
            label = _("{label}（{words}）").format(label=label, words=listed(beside))
        return ShownValue(ref_of(statement.key, unit, day.isoformat()), label, text, value)


def _values(computed: Computed, named: _Naming) -> Iterator[ShownValue]:
    chart = computed.chart
    if isinstance(chart, Trend):
        yield from _points(chart, named)
        return
    if isinstance(chart, Lights):
        for row in chart.rows:
            for light, count in row.counts.items():
                label = _("{row} {light}").format(row=row.label, light=chart.words[light])
                yield ShownValue(f"{row.code}{ROW_MARK}{light.value}", label, str(count))
            yield ShownValue(f"{row.code}{ROW_MARK}{WHOLE}", row.label, str(row.total))
        return
    if isinstance(chart, Poster):
        yield from _cells(chart)
        return
    for cell in computed.cells:
        one = cell.span.statement
        exact = ""
        if one.value is not None:
            exact = str(one.value).lower() if isinstance(one.value, bool) else plain(one.value)
        yield named.figure(one, cell.unit, cell.day, one.text if exact else NO_VALUE, exact)
    if isinstance(chart, Ranking) and chart.left_out:
        yield ShownValue(LEFT_OUT, _("未列的单位"), str(chart.left_out))
    for part in computed.parts:
        if isinstance(part, Table) and part.note:
            yield ShownValue(NOTE, _("表注"), part.note)


def _points(trend: Trend, named: _Naming) -> Iterator[ShownValue]:
    for line in trend.lines:
        for point in line.points:
            label = _("{label}（{words}）").format(label=line.label, words=chinese_day(point.day))
            exact = plain(point.value) if point.value is not None else ""
            ref = ref_of(line.key, named.unit, point.day.isoformat())
            yield ShownValue(ref, label, point.text if exact else NO_VALUE, exact)


def _cells(poster: Poster) -> Iterator[ShownValue]:
    for row in poster.rows:
        for task, head, light in zip(poster.tasks, poster.heads, row.cells, strict=True):
            label = _("{row} {head}").format(row=row.label, head=head)
            yield ShownValue(
                f"{row.code}{ROW_MARK}{task}", label, word(light) if light is not None else NO_VALUE
            )
        yield ShownValue(f"{row.code}{ROW_MARK}{WHOLE}", row.label, row.share or NO_VALUE)
