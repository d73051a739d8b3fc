"""`evaluate`: the one function behind every number on screens, in exports, reports and answers.

    table = evaluate(campaign, ["figure_key"], days=[day], actor=actor)
    table.result("figure_key").value

The statements are few and their number depends on the subjects asked for, never on how many units, figures or days.
A table shows totals of the whole organisation; which records stand behind them is a matter of `figure_drill`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from guatu.access import Actor, require
from guatu.domain.errors import BadInput
from guatu.domain.figures import phrasing
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.references import exists, key_of, with_references
from guatu.domain.figures.results import Gathered, Result, Tally, printed, settle, statement
from guatu.domain.figures.rows import Organisation, Placing, Row
from guatu.domain.pack import Pack
from guatu.domain.statements import Number, Statement
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.figure_involved import added, contributed
from guatu.queries.figure_items import ItemFigures
from guatu.queries.figure_units import Units
from guatu.records.models import ANCESTORS, Campaign, Unit
from guatu.records.packs import pack_of

LEAVES = ("count", "sum", "distinct", "all", "union", "yoy")


@dataclass(frozen=True, slots=True)
class Table:
    """Results by row, day and figure. The first row and the last day are meant where none is named.

    `placing` says which of the rows a line counts for on the last day; `units` has what was read of units.
    """

    figures: Mapping[str, Figure]
    rows: tuple[Row, ...]
    days: tuple[date, ...]
    cells: Mapping[tuple[str, date, str], Result]
    placing: Placing | None = None
    units: Units | None = None

    def result(self, key: str, row: str | None = None, day: date | None = None) -> Result:
        """The result of figure `key` in the row with this key on this day."""
        return self.cells[row if row is not None else self.rows[0].key, day or self.days[-1], key]

    def printed(self, key: str, row: str | None = None, day: date | None = None) -> phrasing.Printed:
        """The result in words, with the interval that they allow."""
        return printed(self.figures[key], self.result(key, row, day))

    def statement(self, key: str, row: str | None = None, day: date | None = None) -> Statement:
        """The result as reports print it and the checker compares with it."""
        return statement(self.figures[key], self.result(key, row, day), day or self.days[-1])


@dataclass(frozen=True, slots=True)
class Change:
    """较上期: a figure now and on an earlier day. `difference` is None where one of them has no number."""

    key: str
    day: date
    earlier: date
    now: Result
    then: Result
    difference: Number | None
    text: str


def whole(campaign: Campaign) -> Row:
    """The row of the campaign's root unit."""
    return row_of(campaign.root)


def row_of(unit: Unit) -> Row:
    """The row of a unit with its subtree."""
    return Row(unit.code, unit.short_name, unit=unit.pk)


def known_keys(pack: Pack, keys: Iterable[str] | None) -> tuple[str, ...]:
    """`keys` checked against the pack, in the order asked for; without any, all that are shown, in the pack's order.

    A key may say what the figure is looked at with (`domain.figures.references`).
    """
    if keys is None:
        return tuple(key for key, figure in pack.figures.items() if not figure.internal)
    wanted = tuple(dict.fromkeys(keys))
    for key in wanted:
        if not exists(pack.figures, key):
            raise BadInput(
                _("没有标识为“{key}”的统计项。可用的有：{known}。请改用其中之一。"),
                key=key,
                known=listed(known_keys(pack, None)),
            )
    return wanted


def seen_with(pack: Pack, keys: Sequence[str]) -> Pack:
    """The pack with the figures that `keys` ask for at another basis or in a variant, under these references."""
    if all(key in pack.figures for key in keys):
        return pack
    return pack.model_copy(update={"figures": with_references(pack.figures, keys)})


def evaluate(
    campaign: Campaign,
    keys: Iterable[str] | None,
    *,
    rows: Sequence[Row] | None = None,
    days: Sequence[date],
    known_at: int | None = None,
    actor: Actor,
    cuts: Sequence[Row] = (),
    beside: Iterable[str] = (),
    pack: Pack | None = None,
) -> Table:
    """The figures `keys` (None: all that are shown) for `rows` (None: the whole) as of each of `days`.

    A key may be a reference: `key@variant`, `key@basis` (`domain.figures.references`). `cuts` are more rows and `beside`
    more figures, as of the last of the days only. `known_at` is a batch number, None for now. `pack`: another version of the
    campaign's pack, for a figure that is being made. Raises BadInput for an unknown key, NotAllowed without a post.
    """
    require(actor, "see_figures", campaign=campaign)
    pack = pack or pack_of(campaign)
    wanted, more = known_keys(pack, keys), known_keys(pack, beside)
    pack = seen_with(pack, (*wanted, *more))
    table_rows = tuple(rows) if rows is not None else (whole(campaign),)
    rows_on = dict.fromkeys((day for day in days if day != days[-1]), table_rows)
    rows_on[days[-1]] = (*table_rows, *cuts)
    figures = _with_parts(pack, (*wanted, *more))
    latest = figures.keys() - _with_parts(pack, wanted).keys()
    leaves = [figure for figure in figures.values() if figure.agg.kind in LEAVES]
    units = Units(campaign, pack, known_at)
    gathered, placing = _gather(campaign, pack, leaves, rows_on, known_at, latest, units)
    cells: dict[tuple[str, date, str], Result] = {}
    for day, its_rows in rows_on.items():
        for row in its_rows:
            results: dict[str, Result] = {}
            for key in _parts_first(figures):
                found = gathered.get((row.key, day, key)) or Gathered()
                results[key] = settle(figures[key], found, day, results)
            told = (*wanted, *more) if day == days[-1] else wanted
            cells.update({(row.key, day, key): results[key] for key in told})
    every = (*wanted, *more)
    return Table(
        {key: figures[key] for key in every},
        (*table_rows, *cuts),
        tuple(days),
        cells,
        placing[days[-1]],
        units,
    )


def change(
    campaign: Campaign,
    keys: Iterable[str] | None,
    *,
    day: date,
    earlier: date,
    row: Row | None = None,
    known_at: int | None = None,
    actor: Actor,
) -> dict[str, Change]:
    """Each figure on `day` against `earlier`: for a stock the change, for a flow what is new since (本期新增)."""
    rows = (row,) if row is not None else None
    table = evaluate(campaign, keys, rows=rows, days=(earlier, day), known_at=known_at, actor=actor)
    return {key: _change(table, key, day, earlier) for key in table.figures}


def trend(
    campaign: Campaign,
    keys: Iterable[str] | None,
    days: Sequence[date],
    *,
    row: Row | None = None,
    known_at: int | None = None,
    actor: Actor,
) -> dict[str, tuple[Result, ...]]:
    """Each figure on each of `days`, in their order."""
    rows = (row,) if row is not None else None
    table = evaluate(campaign, keys, rows=rows, days=tuple(days), known_at=known_at, actor=actor)
    return {key: tuple(table.result(key, day=day) for day in days) for key in table.figures}


def _change(table: Table, key: str, day: date, earlier: date) -> Change:
    now, then = table.result(key, day=day), table.result(key, day=earlier)
    figure = table.figures[key]
    if figure.is_claim or now.number is None or then.number is None:
        return Change(key, day, earlier, now, then, None, "")
    difference = now.number - then.number
    if figure.agg.kind in ("ratio", "yoy"):
        text = phrasing.share_difference(now.number, then.number)
    elif difference == 0:
        text = _("持平")
    else:
        sign = _("增加{number}") if difference > 0 else _("减少{number}")
        text = sign.format(number=phrasing.plain(difference if difference > 0 else -difference))
    return Change(key, day, earlier, now, then, difference, text)


def _with_parts(pack: Pack, keys: Iterable[str]) -> dict[str, Figure]:
    """The figures and, through and through, those that they are made of."""
    found: dict[str, Figure] = {}
    waiting = list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = pack.figures[key]
            if found[key].agg.kind in ("ratio", "every"):  # a union and a comparison are read in one go
                waiting += found[key].parts
    return found


def _parts_first(figures: Mapping[str, Figure]) -> Iterator[str]:
    done: set[str] = set()

    def visit(key: str) -> Iterator[str]:
        if key in done:
            return
        done.add(key)
        for part in figures[key].parts:
            if part in figures:
                yield from visit(part)
        yield key

    for key in figures:
        yield from visit(key)


def _gather(
    campaign: Campaign,
    pack: Pack,
    leaves: Sequence[Figure],
    rows_on: Mapping[date, Sequence[Row]],
    known_at: int | None,
    latest: Set[str],
    units: Units,
) -> tuple[dict[tuple[str, date, str], Gathered], Mapping[date, Placing]]:
    days = tuple(rows_on)
    scopes = {figure.key: figure.scope for figure in leaves}
    of_units = [figure for figure in leaves if figure.of not in pack.registers]
    by_level = any(figure.scope.kind == "level" for figure in leaves)
    needs_tree = {day for day in days if by_level or any(row.unit is None for row in rows_on[day])}
    beyond = [figure for figure in leaves if figure.outside]
    asked = {key_of(figure.key) for figure in beyond}
    units.prepare(of_units, days, tree=bool(needs_tree), outside=asked)
    if units.has_outside:
        needs_tree = set(days)
    placing = {
        day: Placing(rows_on[day], units.on(day) if day in needs_tree else Organisation()) for day in days
    }
    depths = {day: _depth(campaign, rows_on[day], leaves) for day in days}
    found: dict[tuple[str, date, str], Gathered] = {}
    items = ItemFigures(campaign, pack, leaves, depths, known_at, latest)
    for day, key, line, what in chain(units.found(of_units, depths), items.found()):
        for row in placing[day].rows_of(line, scopes[key]):
            _take(found.setdefault((row.key, day, key), Gathered()), what)
    for figure in beyond if units.has_outside else ():
        for day in days:
            for line, outer in units.from_outside(key_of(figure.key), day):
                for row in placing[day].rows_of(line, scopes[figure.key]):
                    of_row = found.setdefault((row.key, day, figure.key), Gathered())
                    of_row.tally += Tally(outside=outer.value)
                    of_row.outside.append(outer.pk)
    involved = {figure.key: figure for figure in leaves if figure.role == "involved"}
    beside = contributed(campaign, tuple(involved.values()), pack.figures, days, known_at)
    for row_key, on, figure_key, one in added(beside, placing, involved):
        _take(found.setdefault((row_key, on, figure_key), Gathered()), one)
    return found, placing


def involved_beside(
    campaign: Campaign,
    key: str,
    *,
    rows: Sequence[Row],
    day: date,
    known_at: int | None = None,
    actor: Actor,
    placing: Placing | None = None,
) -> dict[str, int]:
    """For a counting figure, how many items of each row are only contributed to there: 涉及 is 牵头 and these.

    Empty where no item has a unit beside its lead, and for figures that do not count items. One statement with the
    `placing` of a table that has these rows; else one more where an item has such a unit.
    """
    require(actor, "see_figures", campaign=campaign)
    pack = seen_with(pack_of(campaign), [key])
    figure = pack.figures[key]
    if not can_be_involved(pack, figure) or not rows:
        return {}
    taking_part = list(contributed(campaign, (figure,), pack.figures, (day,), known_at))
    if not taking_part:
        return {}
    if placing is None:
        units = Units(campaign, pack, known_at)
        by_level = figure.scope.kind == "level" or any(row.unit is None for row in rows)
        units.prepare((), (day,), tree=by_level)
        placing = Placing(rows, units.on(day) if by_level else Organisation())
    found: dict[str, int] = dict.fromkeys((row.key for row in rows), 0)
    for row, _day, _key, one in added(taking_part, {day: placing}, {figure.key: figure}):
        if row in found:
            found[row] += one.items
    return {row: number for row, number in found.items() if number}


def can_be_involved(pack: Pack, figure: Figure) -> bool:
    """Whether the figure counts items that a unit may lead or take part in, so that it has both numbers."""
    return (
        figure.of in pack.registers
        and figure.agg.kind == "count"
        and figure.time.kind != "entered"
        and figure.role == "lead"
        and figure.outside is None  # nobody takes part in a number without a record
        and not figure.is_claim
    )


def _take(gathered: Gathered, what: Any) -> None:
    if isinstance(what, Tally):
        gathered.tally += what
    elif isinstance(what[0], tuple):
        (month, amount) = what
        gathered.months[month] = gathered.months.get(month, 0) + amount
    else:
        gathered.groups.add(what)


def _depth(campaign: Campaign, rows: Sequence[Row], leaves: Sequence[Figure]) -> int:
    """How far down lines have to be told apart: when only the whole is asked for, to the root unit.

    One step more tells what the root unit holds itself from what stands below it (scope self). Units that stand in another
    tree than the first carry no line of their own: there every line is told apart to its end.
    """
    only_root = bool(campaign.root.line) and all(row.unit == campaign.root_id and not row.own for row in rows)
    scopes = {figure.scope.kind for figure in leaves}
    if only_root and scopes <= {"subtree", "self"}:
        return min(len(campaign.root.line) + ("self" in scopes), len(ANCESTORS))
    return len(ANCESTORS)
