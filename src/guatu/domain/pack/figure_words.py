"""What a figure counts, in words made from its declaration: one line for each part of the grammar.

The sentence that a pack writes (`definition`) says what is meant; these say what is computed. They are never written by
hand, so they cannot fall behind. All names come from the pack; the answer is in the reader's language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from guatu.domain.figures.aggregates import All, Const, Count, Distinct, Every, Ratio, Sum, Union, Yoy
from guatu.domain.figures.basis import BASES, basis_labels
from guatu.domain.figures.conditions import HasItems, HasPosts, Scalar, Test, Where
from guatu.domain.figures.grammar import Claim, Figure, Show
from guatu.domain.figures.phrasing import plain
from guatu.domain.loop_tracks import DECIDED_BY
from guatu.domain.pack.attributes import phase_labels, standard_labels
from guatu.domain.pack.base import Option
from guatu.domain.pack.schema import Pack
from guatu.domain.statements import Relation
from guatu.domain.words import gettext as _
from guatu.domain.words import in_turn, listed, parted


@dataclass(frozen=True, slots=True)
class Clause:
    """One line of a definition: which part of the declaration (`key`), its name, and a whole sentence."""

    key: str
    name: str
    text: str


def clauses(pack: Pack, figure: Figure) -> tuple[Clause, ...]:
    """The whole declaration, line by line, in the order in which one reads it."""
    return tuple(_clauses(pack, figure))


def definition(pack: Pack, figure: Figure) -> str:
    """What is counted in one paragraph: the lines that decide the number, without how it is printed."""
    told = (one for one in clauses(pack, figure) if one.key in ("agg", "where", "time", "scope", "claim"))
    return in_turn(one.text for one in told)


def _clauses(pack: Pack, figure: Figure) -> Iterator[Clause]:
    yield Clause("agg", _("统计"), counted(pack, figure))
    composed = isinstance(figure.agg, Ratio | Yoy | Every | Const)
    if conditions := where_words(pack, figure.of, figure.where):
        yield Clause("where", _("条件"), _("只计：{conditions}。").format(conditions=parted(conditions)))
    for name, key in _parts(figure):
        part = pack.figures.get(key)
        if part is not None:
            yield Clause(f"part:{key}", name, definition(pack, part))
    if not composed:
        yield Clause("time", _("时间"), _time(pack, figure))
        yield Clause("scope", _("范围"), _scope(pack, figure))
    if figure.claim is not None:
        yield Clause("claim", _("成立"), _claim(figure, figure.claim))
    if figure.of in pack.registers and not isinstance(figure.agg, Const):
        yield Clause("role", _("单位"), _role(figure))
        yield Clause("basis", _("认定"), _basis(figure))
    if figure.outside:
        yield Clause("outside", _("系统外"), _("加上登记的系统外数据，并注明其中有多少。"))
    if isinstance(figure.agg, Sum):
        yield Clause("unreported", _("未报"), _("没有填报的不当作零，未报的单位另行列出。"))
    for way in figure.ways.values():
        yield Clause("variants", way.label, _variant(pack, figure, way.note, way.where))
    if not figure.is_claim and (printing := _show(figure, figure.show)):
        yield Clause("show", _("印法"), printing)


def counted(pack: Pack, figure: Figure) -> str:
    """What is counted, as a sentence."""
    match figure.agg:
        case Count() if figure.of == "units":
            return _("单位的家数。")
        case Count():
            return _("“{register}”的条数；未立项、已撤销的不计。").format(register=_register(pack, figure.of))
        case Sum(field=name) if figure.of == "headcounts":
            kinds = {kind.key: kind.label for kind in pack.head.head_counts}
            return _("各单位本级填报的{kind}人数之和，取截至当日的最近一次填报。").format(
                kind=kinds.get(name, name)
            )
        case Sum(field=name):
            return _("“{register}”各条“{field}”之和；没有填写的不计，也不当作零。").format(
                register=_register(pack, figure.of),
                field=attribute_label(pack, figure.of, name),
            )
        case Distinct(fields=(name,)):
            return _("“{register}”中不同的“{field}”有多少，相同的只计一次；没有填写的不计。").format(
                register=_register(pack, figure.of), field=attribute_label(pack, figure.of, name)
            )
        case Distinct(fields=names):
            return _("“{register}”中{fields}的不同组合有多少，相同的只计一次；有一项没有填写的不计。").format(
                register=_register(pack, figure.of),
                fields=listed(quoted(attribute_label(pack, figure.of, name)) for name in names),
            )
        case Union(keys=keys):
            return _("属于{figures}之一的条数，同一条只计一次。").format(figures=_labels(pack, keys))
        case Ratio(part=part, whole=whole, least=least):
            told = _("“{part}”占“{whole}”的比例。").format(part=_label(pack, part), whole=_label(pack, whole))
            if least == 1:
                return told
            few = _("“{whole}”不足 {least} 的，不计算。").format(whole=_label(pack, whole), least=least)
            return in_turn((told, few))
        case Yoy(key=key):
            return _("“{figure}”比上年同月份、同单位的增幅；上年为零或负数的，不计算。").format(
                figure=_label(pack, key)
            )
        case Every(keys=keys):
            return _("{figures}每一项都达到要求。").format(figures=_labels(pack, keys))
        case All(where=where):
            return _("“{register}”每一条都符合：{conditions}；一条也没有的，不作判断。").format(
                register=_register(pack, figure.of),
                conditions=parted(where_words(pack, figure.of, where)),
            )
        case Const(value=value, document=document):
            return _("定值 {value}，依据{document}。").format(value=plain(value), document=document)
    raise AssertionError(figure.agg)


def _parts(figure: Figure) -> Iterator[tuple[str, str]]:
    match figure.agg:
        case Ratio(part=part, whole=whole):
            yield _("分子"), part
            yield _("分母"), whole
        case Yoy(key=key):
            yield _("比较的数"), key


def where_words(pack: Pack, of: str, where: Where) -> tuple[str, ...]:
    """Each demand as a phrase without a full stop."""
    told = [_test(pack, of, test) for test in where.tests]
    if where.has_team is not None:
        told.append(_("有督导组联络") if where.has_team else _("没有督导组联络"))
    if where.has_posts is not None:
        told += _posts(pack, where.has_posts)
    if where.has_items is not None:
        told.append(_items(pack, where.has_items))
    return tuple(told)


def _posts(pack: Pack, posts: HasPosts) -> Iterator[str]:
    if posts.own:
        yield _("本单位有{roles}").format(roles=listed(pack.role_label(role) for role in posts.own))
    if posts.above:
        yield _("上级单位有{roles}").format(roles=listed(pack.role_label(role) for role in posts.above))


def _items(pack: Pack, items: HasItems) -> str:
    inner = where_words(pack, items.register_key, items.where) if items.where is not None else ()
    register = _register(pack, items.register_key)
    if items.team is not None:
        inner = (*inner, _("由联络本单位的督导组登记"))
    if not inner:
        return _("在“{register}”中有记录").format(register=register)
    return _("在“{register}”中有记录（{conditions}）").format(register=register, conditions=listed(inner))


_IN_TIME: dict[str, tuple[Callable[[], str], Callable[[], str]]] = {
    "late": (
        lambda: _("已过时限仍在办理（停止计时的不算）"),
        lambda: _("没有逾期"),
    ),
    "fallen_due": (lambda: _("时限在当日或当日以前"), lambda: _("时限未到或没有时限")),
    "on_time": (lambda: _("已办结，且申请办结之日不晚于原时限"), lambda: _("没有按时办结")),
    "review_overdue": (lambda: _("审核超过规定的工作日"), lambda: _("审核没有超时")),
}


def _test(pack: Pack, of: str, test: Test) -> str:
    if test.name in _IN_TIME:
        holds, fails = _IN_TIME[test.name]
        return holds() if test.any_of == (True,) else fails()
    name = attribute_label(pack, of, test.name)
    if test.filled is not None:
        return (_("填写了“{field}”") if test.filled else _("没有填写“{field}”")).format(field=name)
    if test.none_of:
        others = listed(value_label(pack, of, test.name, value) for value in test.none_of)
        return _("{field}不是{values}").format(field=name, values=others)
    if test.any_of:
        values = [value_label(pack, of, test.name, value) for value in test.any_of]
        if len(values) == 1:
            return _("{field}为{value}").format(field=name, value=values[0])
        return _("{field}为{values}之一").format(field=name, values=listed(values))
    least, most = test.least, test.most
    if least is not None and most is not None:
        return _("{field}在 {least} 与 {most} 之间").format(field=name, least=plain(least), most=plain(most))
    if least is not None:
        return _("{field}不小于 {least}").format(field=name, least=plain(least))
    assert most is not None
    return _("{field}不大于 {most}").format(field=name, most=plain(most))


def _time(pack: Pack, figure: Figure) -> str:
    time = figure.time
    since = {"campaign": _("专项工作启动之日"), "year": _("本年 1 月 1 日"), "always": _("有记录以来")}[
        time.since
    ]
    if time.kind == "flow":
        field = attribute_label(pack, figure.of, time.field or "")
        return _("{since}至当日发生的，按“{field}”计。").format(since=since, field=field)
    if time.kind == "entered":
        phase = phase_labels().get(time.phase or "", "")
        if time.count == "items":
            return _("{since}至当日曾经进入“{phase}”的，同一条只计一次。").format(since=since, phase=phase)
        return _("{since}至当日进入“{phase}”的次数，每次各计。").format(since=since, phase=phase)
    return _("截至当日的存量，隶属关系按当日。")


def _scope(pack: Pack, figure: Figure) -> str:
    match figure.scope.kind:
        case "self":
            return _("只计单位本级。")
        case "level":
            levels = {level.key: level.label for level in pack.head.levels}
            level = figure.scope.level or ""
            return _("单位及其全部下级中的{level}。").format(level=levels.get(level, level))
    return _("单位及其全部下级。")


def _role(figure: Figure) -> str:
    if figure.role == "involved":
        return _("按涉及单位计：牵头、配合都计，不向上汇总。")
    return _("按牵头单位计。")


def _basis(figure: Figure) -> str:
    if figure.basis == BASES[-1]:
        return _("经填报的，只计{basis}的；不经填报的记录都计。").format(basis=basis_labels()[figure.basis])
    return _("经填报的，计{basis}和更高一级认定的；不经填报的记录都计。").format(
        basis=basis_labels()[figure.basis]
    )


def _variant(pack: Pack, figure: Figure, note: str, where: Where | None) -> str:
    if where is None or not (conditions := where_words(pack, figure.of, where)):
        return note
    only = _("条件改为：{conditions}。").format(conditions=parted(conditions))
    return in_turn((note, only))


def _claim(figure: Figure, claim: Claim) -> str:
    than = plain(claim.than * 100) if figure.agg.kind == "ratio" else plain(claim.than)
    if figure.agg.kind in ("ratio", "yoy", "every"):
        than = _("{n}%").format(n=than)
    return {
        "==": _("等于 {than} 时成立。"),
        ">=": _("不小于 {than} 时成立。"),
        ">": _("大于 {than} 时成立。"),
        "<=": _("不大于 {than} 时成立。"),
        "<": _("小于 {than} 时成立。"),
    }[claim.op].format(than=than)


def _show(figure: Figure, show: Show) -> str:
    """How a document prints the number, where it is not written as it is."""
    if figure.agg.kind in ("ratio", "yoy"):
        return _("百分数，保留 {places} 位小数。").format(places=show.places)
    if show.unit:
        return _("以{unit}为单位，取到 {step}，四舍五入。").format(unit=show.unit, step=plain(show.step))
    if show.approx:
        return _("写作整数加“{word}”（13 写作 10{word}），说法不成立时写准数。").format(word=show.approx)
    if show.word:
        return _("{n} 以上写“{word}”。").format(n=show.word_from, word=show.word)
    if show.numerals == "chinese":
        return _("十以内写汉字。")
    return ""


def attribute_label(pack: Pack, of: str, name: str) -> str:
    """What the pack calls a field, or what everybody calls a standard attribute; the key where neither knows it."""
    register = pack.registers.get(of)
    field = register.field(name) if register is not None else None
    if field is not None:
        return field.label
    more = {"level": _("层级"), "sector": _("板块"), DECIDED_BY: _("认定方式")}
    return standard_labels().get(name) or more.get(name, name)


def value_label(pack: Pack, of: str, name: str, value: Scalar) -> str:
    """What a value of a condition is called."""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    text = plain(value) if not isinstance(value, str) else value
    register = pack.registers.get(of)
    field = register.field(name) if register is not None else None
    if field is not None:
        return field.choice_label(text)
    if name == "phase":
        return phase_labels().get(text, text)
    if name == "state" and register is not None and register.workflow in pack.workflows:
        state = pack.workflows[register.workflow].states.get(text)
        return state.label if state is not None else text
    if name == DECIDED_BY:
        return {"meeting": _("会议认定"), "superior": _("上级认定")}.get(text, text)
    options: tuple[Option, ...] = {"level": pack.head.levels, "sector": pack.head.sectors}.get(name, ())
    return next((option.label for option in options if option.key == text), text)


def quoted(word: str) -> str:
    """A name in quotation marks."""
    return _("“{word}”").format(word=word)


def _labels(pack: Pack, keys: tuple[str, ...]) -> str:
    return listed(quoted(_label(pack, key)) for key in keys)


def _label(pack: Pack, key: str) -> str:
    figure = pack.figures.get(key)
    return figure.label if figure is not None else key


def _register(pack: Pack, key: str) -> str:
    register = pack.registers.get(key)
    return register.label if register is not None else key


def relation_words(pack: Pack, relation: Relation) -> str:
    """A relation as a sentence without a full stop: sums of figures, called by their names."""
    told = {
        "==": _("{left} 等于 {right}"),
        "<=": _("{left} 不大于 {right}"),
        ">=": _("{left} 不小于 {right}"),
    }[relation.op]
    return told.format(left=_sum(pack, relation.left), right=_sum(pack, relation.right))


def _sum(pack: Pack, keys: tuple[str, ...]) -> str:
    told = _label(pack, keys[0])
    for key in keys[1:]:
        told = _("{one} + {other}").format(one=told, other=_label(pack, key))
    return told
