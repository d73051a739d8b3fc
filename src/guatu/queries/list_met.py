"""Which items meet the filters of a list, in SQL: the words of an address as predicates over the columns of Spell."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import CharField, Q, QuerySet, Value

from guatu.access import Actor, scope
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.queries.figure_conditions import review_overdue_on
from guatu.queries.pages import INVOLVED, REACH, ItemFilters
from guatu.queries.standing import COUNTED, late_on, light_case, light_rule, spells_on
from guatu.queries.unit_tree import Node, UnitTree
from guatu.queries.wall_rows import SELF
from guatu.records.models import ANCESTORS, Campaign, ItemUnit, Revision, Spell
from guatu.records.packs import pack_of

NO_SECTOR = "-"
TAKING_PART = (ItemUnit.Role.LEAD, ItemUnit.Role.CONTRIBUTING)
"""Roles beside the lead unit by which a unit is involved (涉及); a supervising department is not."""


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
    if filters.late:
        rows = rows.filter(late_on(pack.workflow_of(spec.key), day) if rule else Q(pk__in=[]))
    if filters.review_overdue:
        rows = rows.filter(review_overdue_on(day))
    if filters.changed_from:
        rows = rows.filter(item__in=_changed(campaign, filters.changed_from, known_at))
    if filters.numbers:
        rows = rows.filter(item__number__in=filters.numbers)
    if filters.q.strip():
        rows = rows.filter(_worded(spec, filters.q.strip()))
    return rows


def _changed(campaign: Campaign, day: date, known_at: int | None) -> QuerySet[Revision, Any]:
    """The items of which a revision was recorded on `day` (in the campaign's zone) or later."""
    begin = datetime.combine(day, time(), ZoneInfo(campaign.zone))
    found = Revision.objects.filter(subject_kind="item", batch__recorded_on__gte=begin)
    if known_at is not None:
        found = found.filter(batch__lte=known_at)
    return found.values("subject_id")


def place_of(actor: Actor, campaign: Campaign, filters: ItemFilters, tree: UnitTree) -> Q:
    """Where the filters look: a predicate over the unit and the ancestor columns."""
    where = Q()
    involved = filters.role == INVOLVED
    if filters.unit:
        where &= _within_unit(pack_of(campaign), tree, tree.by_code(filters.unit), filters.own, involved)
    if filters.own == REACH and not involved:
        where &= scope(actor, "see_items", campaign)
    if filters.sector:
        where &= _within_sector(tree, filters.sector)
    return where


def _column(node: Node) -> str:
    return f"a{len(node.line)}"


def _within_unit(pack: Pack, tree: UnitTree, node: Node, own: str, involved: bool) -> Q:
    """The unit's subtree, or what it holds itself beside its units down to the level `own`.

    `involved`: items which these units lead or to which they contribute.
    """
    whole = not own or own == REACH
    members = [] if whole else _members(pack, tree, node, own)
    lead = Q(**{_column(node): node.id}) if whole else Q(unit__in=members)
    if not involved:
        return lead
    anywhere = Q()
    for column in ANCESTORS:  # units beside an item carry no dates: they stand where they stand now
        anywhere |= Q(**{column: node.id})
    beside = ItemUnit.objects.filter(anywhere if whole else Q(unit__in=members), role__in=TAKING_PART)
    return lead | Q(item__in=beside.values("item"))


def _members(pack: Pack, tree: UnitTree, node: Node, own: str) -> list[int]:
    """What a unit holds itself: the unit alone, or with the units below it that are finer than the level `own`."""
    if own == SELF:
        return [node.id]
    ranks = {option.key: rank for rank, option in enumerate(pack.head.levels)}
    members = [node.id]
    for unit in members:
        for child in tree.children.get(unit, ()):
            if ranks.get(tree.nodes[child].level, len(ranks)) > ranks[own]:
                members.append(child)
    return members


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
