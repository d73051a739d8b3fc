"""The filters that a list offers, and those in force as words that can be taken away again."""

from __future__ import annotations

from guatu.domain.lights import Light, word
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.queries.list_columns import phase_labels
from guatu.queries.pages import INVOLVED, REACH, Chip, FilterGroup, ItemFilters, Option
from guatu.queries.unit_tree import UnitTree
from guatu.queries.wall_rows import SELF

FIELD = "f_"
LEAD = "lead"


def role_labels() -> dict[str, str]:
    """By which role a unit is meant: as lead (the usual), or as taking part in any way (涉及)."""
    return {LEAD: _("牵头"), INVOLVED: _("涉及（牵头或配合）")}


def groups_of(
    pack: Pack, spec: Register, filters: ItemFilters, tree: UnitTree, seen: frozenset[int]
) -> tuple[FilterGroup, ...]:
    """The filters offered in the list's sheet: unit, state, phase, and every choice field of the register."""
    workflow = pack.workflow_of(spec.key)
    groups = [FilterGroup("unit", _("牵头单位"), unit_options(pack, tree, seen, filters.unit))]
    groups.append(FilterGroup("own", _("本级范围"), own_options(pack, filters), _("含下级")))
    labels = role_labels()
    roles = (Option(INVOLVED, labels[INVOLVED], filters.role == INVOLVED),)
    groups.append(FilterGroup("role", _("按角色"), roles, labels[LEAD]))
    if len(workflow.states) > 2:
        states = tuple(Option(k, s.label, k in filters.states) for k, s in workflow.states.items())
        groups.append(FilterGroup("state", _("状态"), states))
        phases = {state.phase for state in workflow.states.values()}
        offered = tuple(Option(k, v, k in filters.phases) for k, v in phase_labels().items() if k in phases)
        groups.append(FilterGroup("phase", _("办理进度"), offered))
    chosen = dict(filters.fields)
    for field in spec.fields:
        if field.type == "choice":
            options = tuple(Option(c.key, c.label, chosen.get(field.key) == c.key) for c in field.choices)
            groups.append(FilterGroup(FIELD + field.key, field.label, options))
        elif field.type == "yes_no":
            pairs = (("yes", _("是")), ("no", _("否")))
            options = tuple(Option(key, label, chosen.get(field.key) == key) for key, label in pairs)
            groups.append(FilterGroup(FIELD + field.key, field.label, options))
    return tuple(groups)


def own_options(pack: Pack, filters: ItemFilters) -> tuple[Option, ...]:
    """How far down a unit's list reaches: itself alone, or beside its units of one of the levels below it."""
    options = {SELF: _("只看本单位"), REACH: _("我的查看范围")}
    if filters.own and filters.own not in options:
        labels = {option.key: option.label for option in pack.head.levels}
        options[filters.own] = _("不含{level}及以下").format(level=labels.get(filters.own, filters.own))
    return tuple(Option(key, label, filters.own == key) for key, label in options.items())


def unit_options(pack: Pack, tree: UnitTree, seen: frozenset[int], chosen: str = "") -> tuple[Option, ...]:
    """Units in sight down to the level above the finest, indented under one another; a chosen finer one too."""
    finest = pack.head.levels[-1].key
    found = []
    stack = [tree.root] if tree.root in tree.nodes else []
    while stack:
        unit = stack.pop()
        node, below = tree.nodes[unit], tree.children.get(unit, ())
        if unit in seen and (node.level != finest or node.code == chosen):
            indent = "　" * (len(node.line) - 1)
            found.append(Option(node.code, indent + node.short_name, node.code == chosen))
        stack.extend(reversed(below))
    return tuple(found)


def chips_of(pack: Pack, spec: Register, filters: ItemFilters, tree: UnitTree) -> tuple[Chip, ...]:
    """Every filter in force, with the name and value by which the address holds it."""
    chips: list[Chip] = []

    def add(name: str, value: str, label: str, text: str) -> None:
        chips.append(Chip(name, label, _("{label}：{text}").format(label=label, text=text), value))

    if filters.unit:
        add("unit", filters.unit, _("单位"), tree.by_code(filters.unit).short_name)
    if filters.own:
        add("own", filters.own, _("范围"), _("本级/直属") if filters.own != REACH else _("我的查看范围"))
    if filters.role:
        add("role", filters.role, _("角色"), role_labels()[filters.role])
    if filters.sector:
        labels = {option.key: option.label for option in pack.head.sectors}
        add("sector", filters.sector, _("板块"), labels.get(filters.sector, _("本级及直属")))
    for name, value, label in (
        ("task", filters.task, _("重点任务")),
        ("parent", filters.parent, _("上级事项")),
        ("q", filters.q, _("含有")),
    ):
        if value:
            add(name, value, label, value)
    states = pack.workflow_of(spec.key).states
    for state in filters.states:
        add("state", state, _("状态"), states[state].label)
    for phase in filters.phases:
        add("phase", phase, _("办理进度"), phase_labels()[phase])
    for number in filters.numbers:
        add("item", number, _("编号"), number)
    if filters.late:
        chips.append(Chip("late", _("逾期"), _("只看逾期"), "1"))
    if filters.review_overdue:
        chips.append(Chip("review_overdue", _("审核超时"), _("只看审核超时"), "1"))
    for light in filters.lights:
        add("light", light, _("灯"), word(Light(light)))
    for key, value in filters.fields:
        field = spec.field(key)
        shown = {"yes": _("是"), "no": _("否")}.get(value, value)
        if field is not None:
            add(FIELD + key, value, field.label, field.choice_label(value) if field.choices else shown)
    for name, day, label in (
        ("due_from", filters.due_from, _("时限不早于")),
        ("due_to", filters.due_to, _("时限不晚于")),
        ("changed_from", filters.changed_from, _("此日以来有变化")),
    ):
        if day:
            add(name, day.isoformat(), label, day.isoformat())
    return tuple(chips)
