"""Units as their templates see them: the query's answer with addresses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from guatu.access import may
from guatu.domain.lights import GLYPHS, Distribution, Light, word
from guatu.queries.unit_page import RegisterCount, UnitPage, Visit, unit_page
from guatu.queries.units import UnitFound, UnitLine, find_units, unit_lines
from guatu.queries.wall_page import WallCell, WallColumn, WallRow
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class TaskShown:
    """One task of the unit: its light, and on the right what matters of it (due day, percentage)."""

    glyph: str
    word: str
    label: str
    title: str
    right: str
    sentence: str
    href: str


@dataclass(frozen=True, slots=True)
class AspectShown:
    """The tasks of one aspect."""

    label: str
    tasks: tuple[TaskShown, ...]


@dataclass(frozen=True, slots=True)
class BelowShown:
    """A unit directly below: its lights and its completion. `href` is empty for the unit's own row (本级)."""

    label: str
    href: str
    units: int
    percent: int
    n: int
    lights: Distribution
    red: str


@dataclass(frozen=True, slots=True)
class UnitShown:
    """A unit with everything that can be clicked; `change` is for those who manage the units, `meter`
    the card of what requests cost it, fetched by itself."""

    found: UnitPage
    crumbs: tuple[tuple[str, str], ...]
    aspects: tuple[AspectShown, ...]
    legend: tuple[tuple[str, str, int], ...]
    below: tuple[BelowShown, ...]
    registers: tuple[tuple[RegisterCount, str, str, str], ...]
    visits: tuple[tuple[Visit, str], ...]
    all_visits: str
    wall: str
    change: str = ""
    meter: str = ""


@dataclass(frozen=True, slots=True)
class UnitsShown:
    """The tree in reach, or what a search found (`q`)."""

    q: str
    lines: tuple[tuple[UnitLine, str], ...]
    found: tuple[tuple[UnitFound, str], ...]
    count: int


def units_shown(at: Here, q: str) -> UnitsShown:
    """The units in reach, or those that the words find."""
    if q:
        hits = find_units(at.actor, at.campaign, q, day=at.as_of)
        return UnitsShown(q, (), tuple((hit, at.to("unit", hit.code)) for hit in hits), len(hits))
    lines = unit_lines(at.actor, at.campaign, day=at.as_of)
    return UnitsShown(q, tuple((line, at.to("unit", line.code)) for line in lines), (), len(lines))


def unit_shown(at: Here, code: str) -> UnitShown:
    """One unit as of the day shown."""
    found = unit_page(at.actor, at.campaign, code, day=at.as_of)
    lights = found.lights
    return UnitShown(
        found=found,
        crumbs=tuple((one.name, at.to("unit", one.code) if one.code else "") for one in found.above),
        aspects=_aspects(at, found) if lights else (),
        legend=_legend(lights.row.cells) if lights else (),
        below=tuple(_below(at, row, code) for row in lights.below) if lights else (),
        registers=tuple(
            (
                one,
                at.to("list", one.key, unit=code),
                at.to("list", one.key, unit=code, phase="closed"),
                at.to("list", one.key, unit=code, light="red"),
            )
            for one in found.registers
        ),
        visits=tuple((visit, at.to("item", visit.public_id)) for visit in found.visits),
        all_visits=at.to("list", found.visits_register, unit=code) if found.visits_register else "",
        wall=at.to("wall", zoom=found.unit.level, open=code) if found.unit.parent else at.to("wall"),
        change=at.to("unit-change", code) if may(at.actor, "manage_units") and not at.past else "",
        meter=at.to("meter-unit", code) if at.pack.loop.collection is not None else "",
    )


def _aspects(at: Here, found: UnitPage) -> tuple[AspectShown, ...]:
    lights = found.lights
    if lights is None:
        return ()
    pairs = list(zip(lights.columns, lights.row.cells, strict=True))
    return tuple(
        AspectShown(
            lights.aspects.get(key, key), tuple(_task(at, found.unit.code, c, cell) for c, cell in group)
        )
        for key, group in groupby(pairs, key=lambda pair: pair[0].aspect)
    )


def _task(at: Here, code: str, column: WallColumn, cell: WallCell) -> TaskShown:
    if cell.n and cell.light in (Light.RED, Light.YELLOW, Light.GREEN) and cell.n > 1:
        right = f"{cell.percent}%"
    else:
        right = f"{column.due:%m-%d}" if column.due else ""
    register = at.pack.wall.register_key if at.pack.wall else ""
    return TaskShown(
        glyph=GLYPHS[cell.light],
        word=cell.word,
        label=column.short,
        title=column.title,
        right=right,
        sentence=cell.sentence,
        href=at.to("list", register, unit=code, task=column.number) if cell.n else "",
    )


def _legend(cells: tuple[WallCell, ...]) -> tuple[tuple[str, str, int], ...]:
    """How many tasks show each light, the worst first; those that none shows are left out."""
    counts = Distribution.of(cell.light for cell in cells)
    return tuple((GLYPHS[light], word(light), counts.count(light)) for light in Light if counts.count(light))


def _below(at: Here, row: WallRow, code: str) -> BelowShown:
    own = row.kind == "own"
    return BelowShown(
        label=row.label,
        href="" if own else at.to("unit", row.code),
        units=row.units,
        percent=row.percent,
        n=row.n,
        lights=row.lights,
        red=at.to("wall", open=row.code, light="red") if row.lights.red and not own else "",
    )
