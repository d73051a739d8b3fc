"""The wall chart: units down, tasks across, a light in every cell, as of any day.

Five statements for the whole chart, however many units it has: the tree and its sectors, the columns, the counts, and
how many items lie outside the reader's scope. An opened cell costs two more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.translation import get_language

from guatu.access import Actor, countable
from guatu.access.aspects import aspects_of
from guatu.domain.capabilities import roles_with
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.light_sentences import percent_done
from guatu.domain.lights import Light, word
from guatu.domain.pack.schema import LightRule, Pack, Wall
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.milestones import plans_on
from guatu.queries.pages import Option
from guatu.queries.standing import (
    COUNTED,
    Groups,
    Listed,
    light_rule,
    mark_of,
    spells_on,
    wording,
)
from guatu.queries.unit_tree import UnitTree, reach, unit_tree
from guatu.queries.wall_counts import FactsOf, Frame
from guatu.queries.wall_page import WallAspect, WallColumn, WallPage, WallRow
from guatu.queries.wall_panel import opened_cell
from guatu.queries.wall_rows import (
    SECTOR,
    Painter,
    Shape,
    banded,
    cell_level,
    zoom_keys,
)
from guatu.records.models import Campaign
from guatu.records.packs import pack_of


def wall(
    campaign: Campaign,
    *,
    day: date,
    actor: Actor,
    known_at: int | None = None,
    zoom: str = "",
    sector: str = "",
    aspect: str = "",
    light: str = "",
    opened: Sequence[str] = (),
    cell: str = "",
) -> WallPage:
    """The chart at (`day`, batch `known_at`), as far as `actor` may see it.

    `zoom` is “sector” or a level key (default: the level under the root's). `sector`, `aspect` and `light` filter
    bands, columns and rows. `opened` are codes of units whose children are shown in place;
    `cell` is the cell to open (“row key:task number”). Raises BadInput for an
    unknown zoom, sector, aspect or light, NotFound for an unknown unit and for a pack without a wall.
    """
    pack = pack_of(campaign)
    spec = pack.wall
    rule = light_rule(pack, spec.register_key) if spec else None
    if spec is None or rule is None:
        raise NotFound(_("“{campaign}”没有作战图。请从清单查看事项。"), campaign=campaign.name)
    if zoom:
        _require_known(zoom, _zoom_labels(pack), _("层级"))
    _require_known(sector, {option.key: option.label for option in pack.head.sectors}, _("板块"))
    _require_known(light, {one.value: word(one) for one in Light}, _("灯"))
    tree = unit_tree(campaign, day, known_at)
    all_columns = columns_on(campaign, pack, spec, day, known_at, actor)
    labels = aspect_labels(pack, spec)
    _require_known(aspect, {c.aspect: labels.get(c.aspect, c.aspect) for c in all_columns}, _("方面"))
    columns = _filtered(all_columns, aspect)
    seen = reach(actor, campaign, tree)
    counts = _zoom_counts(pack, tree, seen)
    zoom = zoom or _default_zoom(counts)
    partial = tree.root not in seen
    kept = frozenset(u for u in seen if not sector or tree.nodes[u].sector == sector)
    facts, inside = facts_on(campaign, pack, spec, rule, day, known_at, actor, kept)
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    frame = Frame(
        tasks=tuple(column.task for column in columns),
        day=day,
        rule=rule,
        say=wording(pack, spec.register_key),
        language=get_language() or "",
        ranks=ranks,
        cell_rank=ranks[cell_level(pack)],
    )
    open_units = [tree.by_code(code).id for code in opened]
    shape = Shape(tree, kept, ranks, zoom, [unit for unit in open_units if unit in kept])
    top = shape.root(_root_label(campaign, pack, tree, partial, sector))
    if not sector or zoom == SECTOR:
        top = banded(top, shape, pack)
    rows = Painter(frame, tree, kept, facts).paint(top)
    shown = _lit(rows, light)
    register = pack.register(spec.register_key)
    shown_zooms = [key for key in counts if counts[key] or key == zoom]
    page = WallPage(
        campaign=campaign.key,
        register=register.key,
        measure=register.measure,
        done=register.done_word,
        day=day,
        zoom=zoom,
        sector=sector,
        aspect=aspect,
        light=light,
        opened=tuple(opened),
        zooms=tuple(
            Option(key, label, key == zoom) for key, label in _zoom_labels(pack).items() if key in shown_zooms
        ),
        zoom_counts=tuple(counts[key] for key in shown_zooms),
        sectors=_sectors(pack, tree, seen, sector),
        aspect_options=_aspect_options(pack, spec, all_columns, aspect),
        aspects=_aspects(pack, spec, columns, rows[0]),
        columns=columns,
        rows=tuple(shown),
        lights=rows[0].lights,
        counted_by=next(o.label for o in pack.head.levels if o.key == cell_level(pack)),
        outside=_outside(campaign, spec, day, known_at, inside) if partial else 0,
        hidden=len(rows) - len(shown),
        partial=partial,
    )
    return page if not cell else replace(page, panel=opened_cell(page, cell, campaign, actor, tree, known_at))


def _default_zoom(counts: Mapping[str, int]) -> str:
    """The uppermost level of which the reader sees a unit."""
    levels = [key for key in counts if key != SECTOR]
    return next((key for key in levels if counts[key]), levels[0])


def _require_known(given: str, known: Mapping[str, str], what: str) -> None:
    """Refuse a choice that is not offered, naming those that are as the page names them; none is fine."""
    if given and given not in known:
        raise BadInput(
            _("没有“{given}”这个{what}。请改用其中之一：{known}。"),
            given=given,
            what=what,
            known=listed(known.values()),
        )


def _root_label(campaign: Campaign, pack: Pack, tree: UnitTree, partial: bool, sector: str) -> str:
    if partial:
        return _("查看范围合计")
    if sector:
        return next(option.label for option in pack.head.sectors if option.key == sector)
    return tree.nodes[tree.root].short_name


def columns_on(
    campaign: Campaign, pack: Pack, spec: Wall, day: date, known_at: int | None, actor: Actor
) -> tuple[WallColumn, ...]:
    """The key tasks that stand on the day, in the pack's order of aspects, then in their own order.

    Whoever looks after some aspects only has the columns of these: the others would look as if nothing were in them.
    """
    limit = aspects_of(actor, campaign, roles_with("see_items"))
    rows = (
        spells_on(campaign, spec.columns, day, known_at)
        .filter(phase__in=COUNTED)
        .values_list("item_id", "item__number", "item__title", "due", "data")
    )
    field = pack.register(spec.columns).field(spec.group)
    order = {choice.key: place for place, choice in enumerate(field.choices if field else ())}
    found = sorted(
        (
            order.get(str(data.get(spec.group, "")), len(order)),
            _rank(data.get(spec.order)),
            number,
            item,
            title,
            due,
            data,
        )
        for item, number, title, due, data in rows
    )
    columns: list[WallColumn] = []
    for _place, rank, number, item, title, due, data in found:
        aspect = str(data.get(spec.group, ""))
        if limit is not None and aspect not in limit:
            continue
        columns.append(
            WallColumn(
                task=item,
                number=number,
                rank=str(rank or len(columns) + 1),
                short=str(data.get(spec.short) or title),
                title=title,
                aspect=aspect,
                due=due,
                first=not columns or columns[-1].aspect != aspect,
            )
        )
    return tuple(columns)


def _rank(value: object) -> int:
    return int(value) if isinstance(value, int | str) and str(value).isdigit() else 0


def _filtered(columns: tuple[WallColumn, ...], aspect: str) -> tuple[WallColumn, ...]:
    kept = [column for column in columns if not aspect or column.aspect == aspect]
    return tuple(replace(column, first=place == 0 or column.first) for place, column in enumerate(kept))


def facts_on(
    campaign: Campaign,
    pack: Pack,
    spec: Wall,
    rule: LightRule,
    day: date,
    known_at: int | None,
    actor: Actor,
    kept: frozenset[int],
) -> tuple[FactsOf, int]:
    """What the units in `kept` lead, and how many items the reader sees of the register."""
    workflow = pack.workflow_of(spec.register_key)
    counted = spells_on(campaign, spec.register_key, day, known_at).filter(phase__in=COUNTED)
    rows = (
        countable(actor, counted, campaign)
        .order_by()
        .values("task_id", "state", "start", "due", mark=mark_of(workflow, day, rule))
        .annotate(units=Listed("unit_id"))
        .values_list("task_id", "start", "due", "state", "mark", "units")
    )
    found, groups = FactsOf(kept), Groups(workflow)
    inside = 0
    for task, start, due, state, mark, units in rows:
        leads = Counter(map(int, units.split(",")))  # few groups, many units: counted at once, not row by row
        inside += leads.total()
        if task is not None:
            for n in set(leads.values()):
                leading = [unit for unit, times in leads.items() if times == n]
                found.lead(task, groups.facts(start, due, state, mark, n), leading)
    for task, unit, correction in plans_on(campaign, pack, spec.register_key, day, known_at):
        found.lead(task, correction, [unit])
    return found, inside


def _outside(campaign: Campaign, spec: Wall, day: date, known_at: int | None, inside: int) -> int:
    counted = spells_on(campaign, spec.register_key, day, known_at).filter(phase__in=COUNTED)
    return counted.count() - inside


def _lit(rows: list[WallRow], light: str) -> list[WallRow]:
    """Rows that have a cell of this light under them; the root stays."""
    if not light:
        return rows
    wanted = Light(light)
    return [row for row in rows if row.kind == "root" or row.lights.count(wanted)]


def _zoom_labels(pack: Pack) -> dict[str, str]:
    labels = {SECTOR: _("板块"), **{option.key: option.label for option in pack.head.levels}}
    return {key: labels[key] for key in zoom_keys(pack)}


def _sectors(pack: Pack, tree: UnitTree, seen: frozenset[int], chosen: str) -> tuple[Option, ...]:
    """The sectors in sight, if there is anything to choose."""
    there = {tree.nodes[unit].sector for unit in seen}
    found = tuple(Option(o.key, o.label, o.key == chosen) for o in pack.head.sectors if o.key in there)
    return found if len(found) > 1 or chosen else ()


def _zoom_counts(pack: Pack, tree: UnitTree, seen: frozenset[int]) -> dict[str, int]:
    """Per zoom how many of its units, or sectors, the reader sees."""
    levels = [tree.nodes[unit].level for unit in seen]
    sectors = {tree.nodes[unit].sector for unit in seen} - {""}
    return {key: len(sectors) if key == SECTOR else levels.count(key) for key in zoom_keys(pack)}


def aspect_labels(pack: Pack, spec: Wall) -> Mapping[str, str]:
    field = pack.register(spec.columns).field(spec.group)
    return {choice.key: choice.label for choice in (field.choices if field else ())}


def _aspect_options(
    pack: Pack, spec: Wall, columns: tuple[WallColumn, ...], chosen: str
) -> tuple[Option, ...]:
    labels = aspect_labels(pack, spec)
    keys = dict.fromkeys(column.aspect for column in columns)
    return tuple(Option(key, labels.get(key, key), key == chosen) for key in keys)


def _aspects(pack: Pack, spec: Wall, columns: tuple[WallColumn, ...], top: WallRow) -> tuple[WallAspect, ...]:
    labels = aspect_labels(pack, spec)
    found = []
    for key in dict.fromkeys(column.aspect for column in columns):
        cells = [cell for cell, column in zip(top.cells, columns, strict=True) if column.aspect == key]
        n, closed = sum(cell.n for cell in cells), sum(cell.closed for cell in cells)
        found.append(WallAspect(key, labels.get(key, key), len(cells), n, closed, percent_done(closed, n)))
    return tuple(found)
