"""The movement statement of a register: any unit, any period, from spells, as known now or then (docs/movement.md).

Four statements: the tree, its sectors, what stood still, what changed. What stood still through the whole period is
counted by the database; only items of which something changed are read one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Length

from guatu.access import Actor, visible
from guatu.domain.errors import BadInput
from guatu.domain.movement import OUTSIDE, Event, Movement, Place, Stand, Why, counted, events, total
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import ROW_FIELDS, list_row
from guatu.queries.list_filters import unit_options
from guatu.queries.pages import ListRow, Option
from guatu.queries.registers import register_of
from guatu.queries.standing import COUNTED
from guatu.queries.unit_tree import Node, UnitTree, as_known, reach, unit_tree
from guatu.records.models import ANCESTORS, Campaign, Link, Spell, Unit
from guatu.records.packs import pack_of

OWN = "own"
"""The key of the row of what the unit holds itself (本级)."""
TOTAL = "total"
MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One row: a unit directly below, what the unit holds itself (`OWN`), or `TOTAL`."""

    key: str
    label: str
    counts: Movement


@dataclass(frozen=True, slots=True)
class MovementPage:
    """The statement of `unit` from `first` to `last`, both days included.

    `within` is how many times an item went from one row to another: it is in the rows' transfers, not in the total's.
    `holds`: the equation holds in every row and in the total. `units` are those a statement can be had of; `top` is
    the unit's key in the tree.
    """

    register: str
    label: str
    noun: str
    measure: str
    unit: str
    unit_name: str
    first: date
    last: date
    rows: tuple[MovementRow, ...]
    total: MovementRow
    within: int
    holds: bool
    events: tuple[Event, ...]
    units: tuple[Option, ...]
    top: int


def column_labels() -> dict[str, str]:
    """The columns of the statement in words, in their order."""
    return {
        "opening": _("期初"),
        "new": _("新增"),
        "split": _("拆分"),
        "merged": _("并案"),
        "void": _("撤销"),
        "moved_in": _("划入"),
        "moved_out": _("划出"),
        "closing": _("期末"),
    }


def movement_page(
    actor: Actor,
    campaign: Campaign,
    register: str,
    *,
    unit: str = "",
    first: date,
    last: date,
    known_at: int | None = None,
) -> MovementPage:
    """The statement of a unit's whole subtree (default: the uppermost unit that the reader sees).

    In the book is whatever is neither a draft nor void. Raises NotFound for an unknown register or a unit out of
    reach, BadInput for a period that ends before it begins.
    """
    if last < first:
        raise BadInput(_("起始日 {first} 晚于截止日 {last}。请对调或另选日期。"), first=first, last=last)
    pack = pack_of(campaign)
    spec = register_of(pack, register)
    tree = unit_tree(campaign, last, known_at)
    seen = reach(actor, campaign, tree)
    top = _unit(tree, seen, unit)
    rows = {str(child): tree.nodes[child].short_name for child in tree.children.get(top.id, ())}
    within_unit = Q()
    for name in ANCESTORS:
        within_unit |= Q(**{name: top.id})
    spells = as_known(Spell.objects.filter(campaign=campaign, register=spec.key), known_at)
    spells = spells.filter(valid_from__lte=last, valid_to__gt=first - timedelta(days=1)).filter(
        valid_from__lt=F("valid_to")
    )
    through = Q(valid_from__lt=first, valid_to__gt=last)
    still = _still(spells.filter(through, within_unit, phase__in=COUNTED), top.id)
    workflow = pack.workflow_of(spec.key)
    found = tuple(_events(spells.exclude(through), within_unit, top.id, workflow, first, last))
    table = counted(found, (OWN, *rows))
    for key, n in still.items():
        table.setdefault(key, Movement()).add("opening", n)
        table[key].add("closing", n)
    within = _within(found)
    names = rows | _names([key for key in table if key != OWN and key not in rows])
    shown = [MovementRow(OWN, _("{unit}本级").format(unit=top.short_name), table[OWN])]
    shown += [MovementRow(key, names.get(key, key), table[key]) for key in names if key in table]
    whole = total(table, within)
    return MovementPage(
        register=spec.key,
        label=spec.label,
        noun=spec.noun,
        measure=spec.measure,
        unit=top.code,
        unit_name=top.short_name,
        first=first,
        last=last,
        rows=tuple(row for row in shown if row.key in rows or row.counts != Movement()),
        total=MovementRow(TOTAL, _("合计"), whole),
        within=within,
        holds=whole.holds and all(row.counts.holds for row in shown),
        events=found,
        units=unit_options(pack, tree, seen, top.code),
        top=top.id,
    )


def movement_items(
    actor: Actor,
    campaign: Campaign,
    page: MovementPage,
    *,
    row: str,
    column: str,
    known_at: int | None = None,
) -> tuple[int, tuple[ListRow, ...]]:
    """The items behind one number: how many the statement counts, and the first `MOST_LISTED` in sight.

    An item stands here as it did on the last day. Those that have gone out of the reader's sight are counted, not
    listed. Raises BadInput for a row or column that the statement does not have.
    """
    if column not in column_labels() or row not in {TOTAL, *(one.key for one in page.rows)}:
        raise BadInput(_("变动表中没有这一格。请从表中的数字打开。"))
    counts = page.total.counts if row == TOTAL else next(one.counts for one in page.rows if one.key == row)
    pack = pack_of(campaign)
    spec = pack.register(page.register)
    chosen = {event.item for event in page.events if event.column == column and row in (TOTAL, event.row)} - (
        _crossing(page) if row == TOTAL and column in ("moved_in", "moved_out") else set()
    )
    spells = as_known(Spell.objects.filter(campaign=campaign, register=spec.key), known_at).filter(
        valid_from__lte=page.last, valid_to__gt=page.last
    )
    met = Q(item__in=chosen)
    if column in ("opening", "closing"):
        met |= _stood_still(page, row)
    found = (
        visible(actor, spells.filter(met), campaign)
        .order_by(Length("item__number"), "item__number")
        .values(*ROW_FIELDS)[:MOST_LISTED]
    )
    return getattr(counts, column), tuple(list_row(pack, spec, each, (), page.last, {}) for each in found)


def _crossing(page: MovementPage) -> set[int]:
    """The items that went from row to row and so cross no border of the whole."""
    days: dict[tuple[int, date], set[str]] = {}
    for event in page.events:
        if event.column in ("moved_in", "moved_out"):
            days.setdefault((event.item, event.day), set()).add(event.column)
    inside = {item for (item, _day), seen in days.items() if len(seen) == 2}
    across = {item for (item, _day), seen in days.items() if len(seen) == 1}
    return inside - across


def _stood_still(page: MovementPage, row: str) -> Q:
    """Items that were in the row's book before the first day and to the end of the last without any change."""
    top = page.top
    here = Q()
    for depth, name in enumerate(ANCESTORS):
        below = ANCESTORS[depth + 1] if depth + 1 < len(ANCESTORS) else None
        if row == TOTAL:
            here |= Q(**{name: top})
        elif row == OWN:
            here |= Q(**{name: top, "unit": top})
        elif below is not None:
            here |= Q(**{name: top, below: int(row)})
    return here & Q(valid_from__lt=page.first, valid_to__gt=page.last, phase__in=COUNTED)


def _unit(tree: UnitTree, seen: frozenset[int], code: str) -> Node:
    if code:
        node = tree.by_code(code)
        if node.id not in seen:
            raise tree.unknown(code)
        return node
    for unit, node in tree.nodes.items():
        if unit in seen:
            return node
    raise tree.unknown(code)


def _still(spells: QuerySet[Spell], top: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for *line, n in spells.order_by().values(*ANCESTORS).annotate(n=Count("pk")).values_list(*ANCESTORS, "n"):
        place = _row_of(line, top)
        found[place] = found.get(place, 0) + n
    return found


def _events(
    changing: QuerySet[Spell],
    within: Q,
    top: int,
    workflow: Workflow,
    first: date,
    last: date,
) -> Iterable[Event]:
    """The events of all items that changed and were at some time in the unit's subtree."""
    touched = changing.filter(within).order_by().values("item")
    rows: list[tuple[Any, ...]] = list(
        changing.filter(item__in=touched)
        .order_by("item", "valid_from")
        .values_list("item", "valid_from", "phase", "state", *ANCESTORS)
    )
    links = Link.objects.filter(kind=Link.Kind.SPLIT_FROM, source__in=touched, ended_batch=None)
    split = set(links.values_list("source", flat=True))
    for item, spells in groupby(rows, key=itemgetter(0)):
        stands = [
            Stand(begin, _place(workflow, phase, state, line, top))
            for _item, begin, phase, state, *line in spells
        ]
        yield from events(item, stands, first, last, split=item in split)


def _place(workflow: Workflow, phase: str, state: str, line: list[int | None], top: int) -> Place:
    if phase == "void":
        known = workflow.states.get(state)
        return Why.MERGED if known is not None and known.merged else Why.VOID
    return Why.DRAFT if phase == "draft" else _row_of(line, top)


def _row_of(line: list[int | None], top: int) -> str:
    """The row in whose book an item with this line stands."""
    if top not in line:
        return OUTSIDE
    place = line.index(top) + 1
    below = line[place] if place < len(line) else None
    return OWN if below is None else str(below)


def _within(found: Iterable[Event]) -> int:
    """How many times an item went from one row to another of the same statement."""
    seen = {(event.item, event.day) for event in found if event.column == "moved_out"}
    return sum(event.column == "moved_in" and (event.item, event.day) in seen for event in found)


def _names(keys: list[str]) -> dict[str, str]:
    """Units that stood below during the period but no longer do on its last day."""
    if not keys:
        return {}
    rows = Unit.objects.filter(pk__in=[int(key) for key in keys]).order_by("order", "code")
    return {str(unit): name for unit, name in rows.values_list("pk", "short_name")}
