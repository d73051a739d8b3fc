"""Lists: any register, any day, filtered, sorted and paged by the database.

At most six statements a page, however many items there are: the tree and its sectors, the counts by light, how many
lie outside, the rows of the page. A filter by a cell of the wall lists exactly the items that the cell counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, OrderBy, Q, QuerySet, TextField, Value, When, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Length, RowNumber

from guatu.access import Actor, covers, scope, visible
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.lights import Distribution, Light, word
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.queries.item_rows import ROW_FIELDS, columns_of, list_row
from guatu.queries.list_filters import chips_of, groups_of, phase_labels
from guatu.queries.pages import REACH, ItemFilters, ListPage, ListRow, Option, RegisterEntry
from guatu.queries.standing import COUNTED, light_case, light_rule, spells_on
from guatu.queries.unit_tree import Node, UnitTree, as_known, reach, unit_tree
from guatu.queries.wall_rows import SELF
from guatu.records.models import Campaign, Spell
from guatu.records.packs import pack_of

PAGE = 50
NO_SECTOR = "-"


def list_page(
    actor: Actor,
    campaign: Campaign,
    register: str,
    filters: ItemFilters,
    *,
    day: date,
    known_at: int | None = None,
    sort: str = "",
    page: int = 1,
) -> ListPage:
    """One page of a register's items as of (`day`, batch `known_at`), as far as `actor` may see them.

    Drafts and void items are listed only when the filters ask for their phase. Raises NotFound for an unknown
    register or unit, BadInput for an unknown state, phase, light, field, choice, sector, sort or page.
    """
    pack = pack_of(campaign)
    spec = _register(pack, register)
    tree = unit_tree(campaign, day, known_at)
    seen = reach(actor, campaign, tree)
    _check(pack, spec, filters)
    listed = met(actor, campaign, filters, register=spec.key, day=day, known_at=known_at, tree=tree)
    mine = visible(actor, listed, campaign)
    lights = _lights(mine)
    count = lights.total
    if filters.unit and not count:
        _refuse_out_of_reach(tree, filters.unit, seen)
    outside = 0 if tree.root in seen or not _place_only(filters) else listed.count() - count
    pages = max(1, -(-count // PAGE))
    if page > pages:
        raise BadInput(_("没有第 {page} 页，共 {pages} 页。请从第 1 页查看。"), page=page, pages=pages)
    sort = _chosen_sort(spec, sort)
    found = mine.order_by(*order_of(pack, spec, sort)).values(*ROW_FIELDS)[(page - 1) * PAGE : page * PAGE]
    columns = columns_of(spec)
    units = {node.code: node.short_name for node in tree.nodes.values()}
    rows = tuple(list_row(pack, spec, row, columns, day, units) for row in found)
    return ListPage(
        register=spec.key,
        label=spec.label,
        noun=spec.noun,
        measure=spec.measure,
        help=spec.help,
        day=day,
        filters=filters,
        sort=sort,
        columns=columns,
        rows=rows,
        count=count,
        outside=outside,
        page=page,
        pages=pages,
        first=(page - 1) * PAGE + 1 if rows else 0,
        last=(page - 1) * PAGE + len(rows),
        lights=lights,
        has_lights=light_rule(pack, spec.key) is not None,
        groups=groups_of(pack, spec, filters, tree, seen),
        chips=chips_of(pack, spec, filters, tree),
        sorts=tuple(Option(key, label, key == sort) for key, label in _sorts(spec).items()),
        may_create=any(covers(actor, spec.fills, node.line, campaign) for node in tree.nodes.values()),
        empty=_empty(spec, filters),
    )


def register_entries(
    actor: Actor, campaign: Campaign, *, day: date, known_at: int | None = None
) -> tuple[RegisterEntry, ...]:
    """All registers in the pack's order, each with its items as of the day inside the reader's scope. One statement."""
    pack = pack_of(campaign)
    rows = Spell.objects.filter(campaign=campaign, phase__in=COUNTED, valid_from__lte=day, valid_to__gt=day)
    counted = visible(actor, as_known(rows, known_at), campaign).order_by().values("register")
    counts = dict(counted.annotate(n=Count("id")).values_list("register", "n"))
    return tuple(
        RegisterEntry(spec.key, spec.label, spec.section, spec.measure, counts.get(spec.key, 0))
        for spec in pack.registers.values()
    )


@dataclass(frozen=True, slots=True)
class Found:
    """The hits of a search in one register: how many, and the first of them."""

    entry: RegisterEntry
    rows: tuple[ListRow, ...]


def find_items(
    actor: Actor, campaign: Campaign, q: str, *, day: date, known_at: int | None = None, limit: int = 5
) -> tuple[Found, ...]:
    """Items whose number or title holds `q`, by register, the first `limit` of each. Two statements."""
    text = q.strip()
    if not text:
        return ()
    pack = pack_of(campaign)
    rows = Spell.objects.filter(
        Q(item__number__icontains=text) | Q(item__title__icontains=text),
        campaign=campaign,
        phase__in=COUNTED,
        valid_from__lte=day,
        valid_to__gt=day,
    )
    hits = visible(actor, as_known(rows, known_at), campaign).order_by()
    counts = dict(hits.values("register").annotate(n=Count("id")).values_list("register", "n"))
    if not counts:
        return ()
    ranked = hits.annotate(
        rank=Window(RowNumber(), partition_by="register", order_by=[Length("item__number"), "item__number"])
    )
    first: dict[str, list[ListRow]] = {}
    for row in ranked.filter(rank__lte=limit).order_by("register", "rank").values("register", *ROW_FIELDS):
        spec = pack.register(row["register"])
        first.setdefault(spec.key, []).append(list_row(pack, spec, row, (), day, {}))
    return tuple(
        Found(
            RegisterEntry(spec.key, spec.label, spec.section, spec.measure, counts[spec.key]),
            tuple(first.get(spec.key, ())),
        )
        for spec in pack.registers.values()
        if spec.key in counts
    )


def _register(pack: Pack, key: str) -> Register:
    spec = pack.registers.get(key)
    if spec is None:
        raise NotFound(
            _("没有“{key}”这个清单。请改用其中之一：{known}。"),
            key=key,
            known="、".join(register.label for register in pack.registers.values()),
        )
    return spec


def _refuse_out_of_reach(tree: UnitTree, code: str, seen: frozenset[int]) -> None:
    """Raise NotFound for a unit that is neither in the reader's reach nor above it: not even its name is told."""
    unit = tree.by_code(code).id
    if unit not in seen and not any(unit in tree.nodes[one].line for one in seen):
        raise tree.unknown(code)


def _place_only(filters: ItemFilters) -> bool:
    """Whether the filters say only where and for which task, as a cell of the wall does.

    How many items lie outside is told for these alone: a count of hidden items by their words, fields, states or days
    would give away, question by question, what is in them.
    """
    return filters == ItemFilters(
        unit=filters.unit, own=filters.own, sector=filters.sector, task=filters.task
    )


def _check(pack: Pack, spec: Register, filters: ItemFilters) -> None:
    """Refuse what the register does not know, with what it knows."""
    states = pack.workflow_of(spec.key).states
    _known(filters.states, {key: state.label for key, state in states.items()}, _("状态"))
    _known(filters.phases, phase_labels(), _("办理进度"))
    _known(filters.lights, {light.value: word(light) for light in Light}, _("灯"))
    sectors = {option.key: option.label for option in pack.head.sectors} | {NO_SECTOR: _("本级及直属")}
    _known([filters.sector] if filters.sector else [], sectors, _("板块"))
    levels = {option.key: option.label for option in pack.head.levels}
    scopes = {SELF: _("本单位"), REACH: _("我的查看范围")} | levels
    _known([filters.own] if filters.own else [], scopes, _("本级范围"))
    for key, value in filters.fields:
        field = spec.field(key)
        if field is None or field.type not in ("choice", "yes_no"):
            choices = {each.key: each.label for each in spec.fields if each.type in ("choice", "yes_no")}
            _known([key], choices, _("筛选字段"))
        elif field.type == "choice":
            _known([value], {choice.key: choice.label for choice in field.choices}, field.label)
        else:
            _known([value], {"yes": _("是"), "no": _("否")}, field.label)


def _known(given: Iterable[str], known: Mapping[str, str], what: str) -> None:
    """BadInput for a key that is none of `known` (key → label), with the labels that people know."""
    for value in given:
        if value not in known:
            raise BadInput(
                _("没有“{value}”这个{what}。请改用其中之一：{known}。"),
                value=value,
                what=what,
                known="、".join(known.values()),
            )


def met(
    actor: Actor,
    campaign: Campaign,
    filters: ItemFilters,
    *,
    register: str,
    day: date,
    known_at: int | None,
    tree: UnitTree,
) -> QuerySet[Spell]:
    """All items that meet the filters, whoever may see them, with their light as `light`."""
    pack = pack_of(campaign)
    spec = pack.register(register)
    rows = spells_on(campaign, spec.key, day, known_at)
    rule = light_rule(pack, spec.key)
    none = Value("", output_field=CharField())
    rows = rows.annotate(light=light_case(pack.workflow_of(spec.key), day, rule) if rule else none)
    rows = rows.filter(
        phase__in=filters.phases or (COUNTED if not filters.states else (*COUNTED, "draft", "void"))
    )
    if filters.states:
        rows = rows.filter(state__in=filters.states)
    if filters.lights:
        rows = rows.filter(light__in=filters.lights)
    rows = rows.filter(place_of(actor, campaign, filters, tree))
    if filters.task:
        rows = rows.filter(task__number=filters.task)
    if filters.parent:
        rows = rows.filter(parent__number=filters.parent)
    for key, value in filters.fields:
        stored: object = value == "yes" if (field := spec.field(key)) and field.type == "yes_no" else value
        rows = rows.filter(**{f"data__{key}": stored})
    if filters.due_from:
        rows = rows.filter(due__gte=filters.due_from)
    if filters.due_to:
        rows = rows.filter(due__lte=filters.due_to)
    if filters.q.strip():
        rows = rows.filter(_worded(spec, filters.q.strip()))
    return rows


def place_of(actor: Actor, campaign: Campaign, filters: ItemFilters, tree: UnitTree) -> Q:
    """Where the filters look: a predicate over the unit and the ancestor columns."""
    where = Q()
    if filters.unit:
        where &= _within_unit(pack_of(campaign), tree, tree.by_code(filters.unit), filters.own)
    if filters.own == REACH:
        where &= scope(actor, "see_items", campaign)
    if filters.sector:
        where &= _within_sector(tree, filters.sector)
    return where


def _column(node: Node) -> str:
    return f"a{len(node.line)}"


def _within_unit(pack: Pack, tree: UnitTree, node: Node, own: str) -> Q:
    """The unit's subtree, or what it holds itself beside its units down to the level `own`."""
    if not own or own == REACH:
        return Q(**{_column(node): node.id})
    if own == SELF:
        return Q(unit=node.id)
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    members = [node.id]
    for unit in members:
        for child in tree.children.get(unit, ()):
            if ranks.get(tree.nodes[child].level, len(ranks)) > ranks[own]:
                members.append(child)
    return Q(unit__in=members)


def _within_sector(tree: UnitTree, sector: str) -> Q:
    """The subtrees of the sector's uppermost units; “-”: the units of no sector."""
    if sector == NO_SECTOR:
        return Q(unit__in=[unit for unit, node in tree.nodes.items() if not node.sector])
    found: dict[str, list[int]] = {}
    for unit, node in tree.nodes.items():
        above = tree.nodes.get(node.parent) if node.parent is not None else None
        if node.sector == sector and (above is None or above.sector != sector):
            found.setdefault(_column(node), []).append(unit)
    met = Q(pk__in=[])
    for column, units in found.items():
        met |= Q(**{f"{column}__in": units})
    return met


def _worded(spec: Register, text: str) -> Q:
    """Items whose number, title or searched fields hold `text`."""
    met = Q(item__number__icontains=text) | Q(item__title__icontains=text)
    for key in spec.search:
        if spec.field(key) is not None:
            met |= Q(**{f"data__{key}__icontains": text})
    return met


def _lights(rows: QuerySet[Spell]) -> Distribution:
    """The rows by light; without lights all stand under grey, so that the total is still the count."""
    shown: QuerySet[Any] = rows.order_by()
    counts = dict(shown.values("light").annotate(n=Count("id")).values_list("light", "n"))
    return Distribution(**{light.value: counts.get(light.value, 0) for light in Light} | _unlit(counts))


def _unlit(counts: dict[str, int]) -> dict[str, int]:
    return {Light.GREY.value: counts[""]} if "" in counts else {}


def _sorts(spec: Register) -> dict[str, str]:
    kept = {
        "light": _("灯，再按时限"),
        "due": _("时限"),
        "-due": _("时限（晚的在前）"),
        "number": _("编号"),
        "-number": _("编号（新的在前）"),
        "unit": _("单位"),
        "state": _("状态"),
    }
    if spec.light == "none":
        kept.pop("light")
    if spec.due == "none":
        kept.pop("due")
        kept.pop("-due")
    if spec.flow_day and (field := spec.field(spec.flow_day)):
        kept = {
            f"-{spec.flow_day}": _("{field}（新的在前）").format(field=field.label),
            spec.flow_day: field.label,
            **kept,
        }
    return kept


def _chosen_sort(spec: Register, sort: str) -> str:
    offered = _sorts(spec)
    known = {*offered, "title", "-title", "-unit", "-state", "start", "-start", "task", "-task"}
    if not sort:
        return next(iter(offered))
    if sort not in known:
        raise BadInput(
            _("没有“{sort}”这种排序。请改用其中之一：{known}。"), sort=sort, known="、".join(offered)
        )
    return sort


def order_of(pack: Pack, spec: Register, sort: str) -> list[OrderBy]:
    """The order in SQL, always complete: the number decides at last."""
    key, down = sort.removeprefix("-"), sort.startswith("-")
    last = [OrderBy(Length("item__number")), OrderBy(F("item__number"))]
    if key == "number":
        return [OrderBy(Length("item__number"), descending=down), OrderBy(F("item__number"), descending=down)]
    if key == "light":
        rank = Case(*(When(light=light.value, then=Value(place)) for place, light in enumerate(Light)))
        return [OrderBy(rank), OrderBy(F("due"), nulls_last=True), *last]
    if key == "state":
        states = list(pack.workflow_of(spec.key).states)
        place = Case(
            *(When(state=state, then=Value(at)) for at, state in enumerate(states)), default=Value(99)
        )
        return [OrderBy(place, descending=down), *last]
    if key == spec.flow_day:
        text = Cast(KeyTextTransform(key, "data"), TextField())
        return [OrderBy(text, descending=down, nulls_last=True), *last]
    column = {"title": "item__title", "unit": "unit__order", "task": "task__number"}.get(key, key)
    more = [OrderBy(F("unit__code"), descending=down)] if key == "unit" else []
    return [OrderBy(F(column), descending=down, nulls_last=True), *more, *last]


def _empty(spec: Register, filters: ItemFilters) -> str:
    """What an empty list says: why, and what to do."""
    if filters == ItemFilters():
        return _("截至该日没有{noun}。请选较晚的日期查看。").format(noun=spec.noun)
    return _("没有符合筛选条件的{noun}。请减少筛选条件。").format(noun=spec.noun)
