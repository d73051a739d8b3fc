"""What the figures of a pack may talk about, and the check of the figures against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from guatu.domain.figures.aggregates import All, Count, Distinct, Ratio, Sum, Union, Yoy
from guatu.domain.figures.conditions import IN_TIME, OF_UNITS, PHASES, STANDARD, HasItems, Scalar, Test, Where
from guatu.domain.figures.grammar import Figure
from guatu.domain.statements import Relation
from guatu.domain.words import gettext as _
from guatu.domain.words import listed

NUMERIC = ("integer", "decimal", "money")
"""Field types that can be summed. Shares are not: percentages are never added."""

MANY = ("multi_choice", "units")
"""Field types that hold several values: no condition, no distinct count."""


@dataclass(frozen=True, slots=True)
class FieldWords:
    """One field of a register: its type, the keys of its choices, whether it is private."""

    type: str
    choices: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class RegisterWords:
    """One register: its fields, and its states with their phases."""

    fields: Mapping[str, FieldWords]
    states: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Everything that figures may name."""

    registers: Mapping[str, RegisterWords]
    levels: Sequence[str] = ()
    sectors: Sequence[str] = ()
    head_counts: Sequence[str] = ()
    roles: Sequence[str] = ()
    columns: Sequence[str] = field(
        default=(
            *(
                "number",
                "title",
                "unit",
                "register",
                "state",
                "phase",
                "start",
                "due",
                "closed_on",
                "entered_on",
            ),
            *(
                "task",
                "parent",
                "round",
                "evidence",
                "name",
                "short_name",
                "code",
                "level",
                "sector",
                "as_of",
            ),
        )
    )
    """Drill columns beside the fields of the register."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A mistake in a pack's figures: where (keys from the top of the pack) and a sentence that says what to do."""

    path: tuple[str, ...]
    sentence: str


def check(
    figures: Sequence[Figure], vocabulary: Vocabulary, relations: Sequence[Relation] = ()
) -> tuple[Fault, ...]:
    """All mistakes that a figure alone cannot see: unknown names, impossible combinations, circles."""
    by_key = {figure.key: figure for figure in figures}
    faults: list[Fault] = []
    for figure in figures:
        faults += (
            Fault(("figures", figure.key, *path), sentence)
            for path, sentence in _faults(figure, by_key, vocabulary)
        )
    for number, relation in enumerate(relations):
        for key in (*relation.left, *relation.right):
            if key not in by_key:
                faults.append(Fault(("relations", str(number)), _unknown(_("统计项"), key, by_key)))
            elif by_key[key].outside and relation.op == "==":
                faults.append(
                    Fault(
                        ("relations", str(number)),
                        _("“{key}”含系统外数据，不能列入等式。请改用 <= 或 >=，或删去。").format(key=key),
                    )
                )
            elif by_key[key].is_claim:
                faults.append(
                    Fault(
                        ("relations", str(number)),
                        _("“{key}”是论断，不能列入关系式。请删去。").format(key=key),
                    )
                )
    return tuple(faults)


_Faults = Iterator[tuple[tuple[str, ...], str]]


def _unknown(what: str, value: object, allowed: Sequence[str] | Mapping[str, object]) -> str:
    return _("{what}“{value}”不存在。可用：{allowed}。请改成其中之一。").format(
        what=what, value=value, allowed=listed(allowed) or _("（无）")
    )


def _faults(figure: Figure, by_key: Mapping[str, Figure], words: Vocabulary) -> _Faults:
    if figure.of not in (*words.registers, "units", "headcounts"):
        yield ("of",), _unknown(_("清单"), figure.of, (*words.registers, "units", "headcounts"))
        return
    register = words.registers.get(figure.of)
    if figure.role == "involved" and register is None:
        yield ("role",), _("“role: involved”只用于清单的事项。请改写 role: lead 或删去。")
    yield from _time_faults(figure, register)
    yield from _where_faults(figure.where, ("where",), figure.of, register, words)
    if isinstance(figure.agg, All):
        yield from _where_faults(figure.agg.where, ("agg", "all"), figure.of, register, words)
        if register is None:
            yield ("agg",), _("agg: all 只用于清单。请改用 ratio 与 claim。")
    yield from _agg_faults(figure, register, words)
    yield from _way_faults(figure, register, words)
    if figure.scope.kind == "level" and figure.scope.level not in words.levels:
        yield ("scope", "level"), _unknown(_("层级"), figure.scope.level, words.levels)
    for column in figure.drill:
        if column not in (*words.columns, *(register.fields if register else ())):
            yield (
                ("drill",),
                _unknown(_("列"), column, (*words.columns, *(register.fields if register else ()))),
            )
    yield from _part_faults(figure, by_key)


def _time_faults(figure: Figure, register: RegisterWords | None) -> _Faults:
    if figure.time.kind != "stock" and register is None:
        yield ("time",), _("单位和人数只有存量，没有流量。请写 time: stock 或删去。")
    elif figure.time.kind == "flow" and register is not None:
        found = register.fields.get(figure.time.field or "")
        if found is None or found.type != "date":
            dates = [key for key, one in register.fields.items() if one.type == "date"]
            yield ("time", "flow"), _unknown(_("日期字段"), figure.time.field, dates)


def _way_faults(figure: Figure, register: RegisterWords | None, words: Vocabulary) -> _Faults:
    """What only rows of a register have: a basis, variants, rows from outside beside them."""
    for name, said in (("basis", figure.basis != "office"), ("variants", figure.ways)):
        if said and register is None:
            yield (name,), _("“{name}”只用于清单的事项。请删去。").format(name=name)
    for key, way in figure.ways.items():
        if way.where is not None:
            yield from _where_faults(way.where, ("variants", key, "where"), figure.of, register, words)


def _agg_faults(figure: Figure, register: RegisterWords | None, words: Vocabulary) -> _Faults:
    match figure.agg:
        case Sum(field=name) if figure.of == "headcounts":
            if name not in words.head_counts:
                yield ("agg", "sum"), _unknown(_("人数种类"), name, words.head_counts)
        case Sum(field=name):
            summable = (
                [key for key, one in register.fields.items() if one.type in NUMERIC] if register else []
            )
            if name not in summable:
                yield ("agg", "sum"), _unknown(_("可求和的字段"), name, summable)
        case Distinct(fields=names):
            if register is None:
                yield ("agg", "distinct"), _("distinct 只用于清单；单位请用 count。")
                return
            allowed = [*_single(register), "unit", "task", "parent", "state", "phase"]
            for name in names:
                if name not in allowed:
                    yield ("agg", "distinct"), _unknown(_("字段"), name, allowed)
        case Count() if figure.of == "headcounts":
            yield ("agg",), _("人数不按 count 统计。请写 agg: {sum: 人数种类}。")


def _single(register: RegisterWords) -> list[str]:
    return [key for key, one in register.fields.items() if one.type not in MANY and not one.private]


def _where_faults(
    where: Where, path: tuple[str, ...], of: str, register: RegisterWords | None, words: Vocabulary
) -> _Faults:
    if register is not None and where.of_units:
        yield path, _("has_team、has_posts、has_items 只用于单位。请写 of: units，或删去这些条件。")
    for test in where.tests:
        yield from _test_faults(test, (*path, test.name), register, words)
    if where.has_posts is not None:
        for role in (*where.has_posts.own, *where.has_posts.above):
            if role not in words.roles:
                yield (*path, "has_posts"), _unknown(_("角色"), role, words.roles)
    if where.has_items is not None:
        yield from _items_faults(where.has_items, (*path, "has_items"), words)


def _items_faults(items: HasItems, path: tuple[str, ...], words: Vocabulary) -> _Faults:
    register = words.registers.get(items.register_key)
    if register is None:
        yield (*path, "register"), _unknown(_("清单"), items.register_key, words.registers)
        return
    if items.team is not None and items.team not in register.fields:
        yield (*path, "team"), _unknown(_("字段"), items.team, list(register.fields))
    if items.where is not None:
        yield from _where_faults(items.where, (*path, "where"), items.register_key, register, words)


def _test_faults(
    test: Test, path: tuple[str, ...], register: RegisterWords | None, words: Vocabulary
) -> _Faults:
    if register is None:
        allowed: Mapping[str, Sequence[str]] = {"level": words.levels, "sector": words.sectors}
        if test.name not in OF_UNITS:
            yield path, _unknown(_("条件"), test.name, (*OF_UNITS, "has_team", "has_posts", "has_items"))
        elif test.least is not None or test.most is not None:
            yield path, _("“{name}”不是数字，不能比较大小。请写一个值或一组值。").format(name=test.name)
        else:
            yield from _value_faults(test, path, allowed[test.name])
        return
    known = register.fields.get(test.name)
    if known is None and test.name not in STANDARD:
        yield path, _unknown(_("字段"), test.name, (*STANDARD, *register.fields))
    elif known is not None and known.private:
        yield path, _("“{name}”是个人信息字段，不用于统计。请换一个条件。").format(name=test.name)
    elif known is not None and known.type in MANY:
        yield path, _("“{name}”可有多个值，不能用作条件。请换一个字段。").format(name=test.name)
    elif (test.least is not None or test.most is not None) and not _measurable(test.name, known):
        yield path, _("“{name}”不是数字，不能比较大小。请写一个值或一组值。").format(name=test.name)
    elif test.name in IN_TIME and test.any_of not in ((True,), (False,)):
        yield path, _("{name} 只能写 true 或 false。请改正。").format(name=test.name)
    elif test.name == "phase":
        yield from _value_faults(test, path, PHASES)
    elif test.name == "state":
        yield from _value_faults(test, path, list(register.states))
    elif known is not None and known.choices:
        yield from _value_faults(test, path, known.choices)


def _measurable(name: str, known: FieldWords | None) -> bool:
    return name == "round" if known is None else known.type in (*NUMERIC, "percent")


def _value_faults(test: Test, path: tuple[str, ...], allowed: Sequence[str]) -> _Faults:
    values: tuple[Scalar, ...] = (*test.any_of, *test.none_of)
    for value in values:
        if value not in allowed:
            yield path, _unknown(_("值"), value, allowed)


def _part_faults(figure: Figure, by_key: Mapping[str, Figure]) -> _Faults:
    path = ("agg", figure.agg.kind)
    missing = [key for key in figure.parts if key not in by_key]
    for key in missing:
        yield path, _unknown(_("统计项"), key, by_key)
    if missing:
        return
    parts = [by_key[key] for key in figure.parts]
    for part in parts:
        if part.role == "involved":
            yield (
                path,
                _("“{key}”按涉及统计，不汇总，不能作为其他统计项的组成部分。请换一个。").format(key=part.key),
            )
        if part.outside:
            yield (
                path,
                _(
                    "“{key}”含系统外数据，没有记录可以逐项比对，不能作为其他统计项的组成部分。请换一个。"
                ).format(key=part.key),
            )
        if part.basis != figure.basis:
            yield (
                path,
                _("“{key}”的认定层级是 {other}，与本项的 {own} 不同。请写成一致。").format(
                    key=part.key, other=part.basis, own=figure.basis
                ),
            )
        if _reaches(part, figure.key, by_key):
            yield path, _("“{key}”绕回了自身，无法计算。请改用其他统计项。").format(key=part.key)
            return
        if part.of != figure.of:
            yield (
                path,
                _("“{key}”统计的是 {other}，与本项的 {own} 不同。请选用同一清单的统计项。").format(
                    key=part.key, other=part.of, own=figure.of
                ),
            )
    match figure.agg:
        case Union():
            for part in parts:
                if part.agg.kind not in ("count", "union") or part.time.kind == "entered" or part.is_claim:
                    yield (
                        path,
                        _("union 只合并按 count 统计的事项，“{key}”不是。请换一个。").format(key=part.key),
                    )
        case Ratio():
            yield from _roster_faults(parts[0], parts[1], path)
        case Yoy():
            if not isinstance(parts[0].agg, Sum) or parts[0].time.kind != "flow":
                yield (
                    path,
                    _("同比要用按日期字段求和的统计项（sum 与 flow），“{key}”不是。请换一个。").format(
                        key=parts[0].key
                    ),
                )
        case _:
            for part in parts:
                if part.agg.kind in ("ratio", "all", "every"):
                    yield path, _("every 逐项比较数值，“{key}”没有数值。请换一个。").format(key=part.key)


def _roster_faults(part: Figure, whole: Figure, path: tuple[str, ...]) -> _Faults:
    same = (part.time, part.scope) == (whole.time, whole.scope)
    counted = part.agg.kind == whole.agg.kind == "count" or (
        isinstance(part.agg, Sum) and isinstance(whole.agg, Sum)
    )
    if not counted or not same or not part.where.asks() >= whole.where.asks():
        yield (
            path,
            _(
                "“{part}”与“{whole}”不是同一份名单：二者的算法、time、scope 应一致，且分子的条件应包含分母的全部条件。请改正。"
            ).format(part=part.key, whole=whole.key),
        )


def _reaches(figure: Figure, key: str, by_key: Mapping[str, Figure], seen: tuple[str, ...] = ()) -> bool:
    if figure.key == key:
        return True
    if figure.key in seen:
        return False
    return any(
        _reaches(by_key[part], key, by_key, (*seen, figure.key)) for part in figure.parts if part in by_key
    )
