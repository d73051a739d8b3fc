"""What a figure that is being made would count: its value, its parts, its first records, its definition in words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from guatu.domain.figures.grammar import Figure
from guatu.domain.pack.figure_growing import with_changed_figure, with_figure
from guatu.domain.pack.figure_words import Clause, clauses
from guatu.queries.drill_columns import DrillColumn
from guatu.queries.figure_drill import Cut, drill
from guatu.queries.figures import evaluate, whole
from guatu.web.figures.breakdown import Breakdown, cut_rows, cuts
from guatu.web.figures.pages import headline
from guatu.web.here import Here

FIRST = 10


@dataclass(frozen=True, slots=True)
class Preview:
    """One figure on the day that is shown, although it does not exist yet."""

    label: str
    value: str
    measure: str
    printed: str
    clauses: tuple[Clause, ...]
    tiers: Breakdown | None
    columns: tuple[DrillColumn, ...]
    rows: tuple[tuple[tuple[str, ...], str], ...]
    count: int
    hidden: int


def preview(at: Here, figure: Figure) -> Preview:
    """What the figure would count today. Raises BadInput for the first mistake that it would make in the pack."""
    grow = with_changed_figure if figure.key in at.pack.figures else with_figure
    pack = grow(at.pack, figure) if at.pack.figures.get(figure.key) != figure else at.pack
    inside = replace(at, pack=pack)
    key = figure.key
    rows = cut_rows(inside, key, tiers=True)
    table = evaluate(
        at.campaign,
        [key],
        rows=[whole(at.campaign)],
        days=[at.as_of],
        actor=at.actor,
        cuts=rows.all,
        pack=pack,
    )
    parts = cuts(inside, table, key, rows)
    found = drill(
        at.campaign, key, day=at.as_of, actor=at.actor, cut=Cut("", 0, FIRST), table=table, pack=pack
    )
    words = table.printed(key).text
    value, measure = headline(figure, table.result(key), words)
    listed = found.listings[0]
    return Preview(
        label=figure.label,
        value=value,
        measure=measure,
        printed=words,
        clauses=clauses(pack, figure),
        tiers=replace(parts.tiers, parts=tuple(replace(one, href="") for one in parts.tiers.parts))
        if parts.tiers
        else None,
        columns=found.columns,
        rows=tuple((row.cells, at.to("item", row.item) if row.item else "") for row in listed.rows),
        count=listed.count,
        hidden=found.hidden,
    )
