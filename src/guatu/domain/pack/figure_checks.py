"""The checks of figures against the rest of the pack: registers, fields, states, levels, other figures."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from guatu.domain.figures.conditions import OF_UNITS, PHASES, STANDARD, Where
from guatu.domain.figures.grammar import All, Distinct, Figure, Sum
from guatu.domain.pack.mistake import Mistake, unknown
from guatu.domain.pack.register import CHOICE_TYPES, NUMERIC_TYPES, ROLES, STANDARD_ATTRIBUTES, Register
from guatu.domain.pack.schema import Pack
from guatu.domain.pack.source import KeyPath
from guatu.domain.statements import Relation
from guatu.domain.words import gettext as _

FILE = "figures.yaml"

_MADE_OF_PARTS = frozenset({"ratio", "yoy", "every", "union"})
_DERIVED = ("closed_on", "late", "amount", "phase_since", "evidence")


def figure_mistakes(pack: Pack) -> Iterator[Mistake]:
    """Every figure that names what does not exist, and every relation over unknown figures."""
    for key, figure in pack.figures.items():
        yield from _figure(pack, ("figures", key), figure)
    yield from _circles(pack)
    for place, relation in enumerate(pack.relations):
        yield from _relation(pack, ("relations", place), relation)


def _relation(pack: Pack, at: KeyPath, relation: Relation) -> Iterator[Mistake]:
    for key in (*relation.left, *relation.right):
        if key not in pack.figures:
            yield unknown(FILE, at, key, pack.figures)
        elif pack.figures[key].is_claim:
            yield Mistake(FILE, at, _("“{key}”是论断，没有数值，不能写进关系式。请删去。").format(key=key))


def _figure(pack: Pack, at: KeyPath, figure: Figure) -> Iterator[Mistake]:
    sources = (*pack.registers, "units", "headcounts")
    if figure.of not in sources:
        yield unknown(FILE, (*at, "of"), figure.of, sources)
        return
    levels = [level.key for level in pack.head.levels]
    if figure.scope.level is not None and figure.scope.level not in levels:
        yield unknown(FILE, (*at, "scope"), figure.scope.level, levels)
    for place, part in enumerate(figure.parts):
        if part not in pack.figures:
            yield unknown(FILE, (*at, "agg"), part, pack.figures)
    register = pack.registers.get(figure.of)
    if register is not None:
        yield from _of_register(pack, at, figure, register)
    elif figure.of == "headcounts":
        yield from _of_headcounts(pack, at, figure)
    else:
        yield from _where_units(pack, (*at, "where"), figure.where)
    if not figure.is_claim and not figure.internal and not figure.say.measures and figure.agg.kind != "ratio":
        yield Mistake(FILE, (*at, "say"), _("没有量词。请在 say 的 measures 中至少写一个。"))
    if not figure.internal and not figure.section:
        yield Mistake(FILE, at, _("没有写 section。请写明它归入哪一部分。"))


def _of_register(pack: Pack, at: KeyPath, figure: Figure, register: Register) -> Iterator[Mistake]:
    fields = {field.key: field for field in register.fields}
    agg = figure.agg
    if isinstance(agg, Sum):
        numeric = [key for key, field in fields.items() if field.type in NUMERIC_TYPES]
        if agg.field not in numeric:
            yield unknown(FILE, (*at, "agg"), agg.field, numeric)
    names = (*fields, *STANDARD_ATTRIBUTES)
    if isinstance(agg, Distinct):
        for key in agg.fields:
            if key not in names:
                yield unknown(FILE, (*at, "agg"), key, names)
    if figure.time.kind == "flow":
        days = [key for key, field in fields.items() if field.type == "date"]
        if figure.time.field not in days:
            yield unknown(FILE, (*at, "time"), str(figure.time.field), days)
    yield from where_mistakes(pack, (*at, "where"), figure.where, register)
    if isinstance(agg, All):
        yield from where_mistakes(pack, (*at, "agg"), agg.where, register)
    for place, key in enumerate(figure.drill):
        if key not in (*names, *_DERIVED):
            yield unknown(FILE, (*at, "drill", place), key, (*names, *_DERIVED))


def _of_headcounts(pack: Pack, at: KeyPath, figure: Figure) -> Iterator[Mistake]:
    kinds = [kind.key for kind in pack.head.head_counts]
    if isinstance(figure.agg, Sum):
        if figure.agg.field not in kinds:
            yield unknown(FILE, (*at, "agg"), figure.agg.field, kinds)
    elif figure.agg.kind not in _MADE_OF_PARTS:
        yield Mistake(FILE, (*at, "agg"), _("人数只能求和。请写成 {sum: 人数种类}。"))
    yield from _where_units(pack, (*at, "where"), figure.where)


def where_mistakes(pack: Pack, at: KeyPath, where: Where, register: Register) -> Iterator[Mistake]:
    """What a condition on a register's items names without its being there."""
    fields = {field.key: field for field in register.fields}
    workflow = pack.workflows.get(register.workflow)
    states = tuple(workflow.states) if workflow is not None else ()
    for test in where.tests:
        path = (*at, test.name)
        allowed: Collection[str] | None = None
        if test.name not in STANDARD and test.name not in fields:
            yield unknown(FILE, path, test.name, (*fields, *STANDARD))
            continue
        if test.name == "phase":
            allowed = PHASES
        elif test.name == "state":
            allowed = states
        elif test.name in fields and fields[test.name].type in CHOICE_TYPES:
            allowed = [option.key for option in fields[test.name].choices]
        if allowed is not None:
            for value in (*test.any_of, *test.none_of):
                if value not in allowed:
                    yield unknown(FILE, path, str(value), allowed)
    if where.of_units:
        yield Mistake(FILE, at, _("has_team、has_posts、has_items 只用于单位。请把 of 改为 units，或删去。"))


def _where_units(pack: Pack, at: KeyPath, where: Where) -> Iterator[Mistake]:
    levels = [level.key for level in pack.head.levels]
    sectors = [sector.key for sector in pack.head.sectors]
    for test in where.tests:
        if test.name not in OF_UNITS:
            yield unknown(FILE, (*at, test.name), test.name, OF_UNITS)
            continue
        allowed = levels if test.name == "level" else sectors
        for value in (*test.any_of, *test.none_of):
            if value not in allowed:
                yield unknown(FILE, (*at, test.name), str(value), allowed)
    if where.has_posts is not None:
        for role in (*where.has_posts.own, *where.has_posts.above):
            if role not in ROLES:
                yield unknown(FILE, (*at, "has_posts"), role, ROLES)
    if where.has_items is not None:
        key = where.has_items.register_key
        register = pack.registers.get(key)
        if register is None:
            yield unknown(FILE, (*at, "has_items"), key, pack.registers)
            return
        if where.has_items.where is not None:
            yield from where_mistakes(pack, (*at, "has_items"), where.has_items.where, register)
        team = where.has_items.team
        if team is not None and team not in register.field_keys:
            yield unknown(FILE, (*at, "has_items"), team, register.field_keys)


def _circles(pack: Pack) -> Iterator[Mistake]:
    """A figure made of itself, directly or through others, has no value."""
    for key in pack.figures:
        seen: set[str] = set()
        waiting = list(pack.figures[key].parts)
        while waiting:
            part = waiting.pop()
            if part == key:
                yield Mistake(
                    FILE, ("figures", key, "agg"), _("“{key}”由它自己算出，没有结果。请改正。").format(key=key)
                )
                break
            if part in pack.figures and part not in seen:
                seen.add(part)
                waiting += pack.figures[part].parts
