"""The page on which a figure is made by clicks: what can be chosen, what is chosen, and what it would count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.domain.figures.aggregates import Sum
from guatu.domain.figures.basis import basis_labels
from guatu.domain.figures.conditions import IN_TIME
from guatu.domain.figures.vocabulary import NUMERIC
from guatu.domain.pack import Pack
from guatu.domain.pack.attributes import phase_labels
from guatu.domain.pack.register import Field
from guatu.web.figure_making.preview import Preview
from guatu.web.figure_making.typed import GROWTH, MEASURED, SHARE, asked_fields
from guatu.web.here import Here

KINDS = ("values", "when", "measured", "filled")
"""What a condition asks, in the order in which the page asks it."""
COUNTED_PHASES = ("open", "review", "closed")


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen."""

    key: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Condition:
    """One attribute of which something can be asked: `kind` is values, measured, filled or when."""

    name: str
    label: str
    kind: str
    choices: tuple[Choice, ...] = ()
    inverted: bool = False
    least: str = ""
    most: str = ""
    said: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing of which a figure can be made, with the page that makes it."""

    label: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """What a new figure is to be made of."""

    sections: tuple[tuple[str, tuple[Subject, ...]], ...]
    back: str


@dataclass(frozen=True, slots=True)
class MakingPage:
    """The form. `typed` has every single value; `changes` the key of the figure that is changed, empty for a new one.

    `given` are the conditions that only ask whether something is filled in. `base` marks the declaration that is changed.
    """

    of: str
    of_label: str
    typed: dict[str, str]
    aggregates: tuple[Choice, ...]
    sums: tuple[Choice, ...]
    distinct: tuple[Choice, ...]
    parts: tuple[Choice, ...]
    wholes: tuple[Choice, ...]
    years: tuple[Choice, ...]
    conditions: tuple[Condition, ...]
    given: tuple[Condition, ...]
    times: tuple[Choice, ...]
    days: tuple[Choice, ...]
    since: tuple[Choice, ...]
    each: tuple[Choice, ...]
    scopes: tuple[Choice, ...]
    roles: tuple[Choice, ...]
    bases: tuple[Choice, ...]
    prints: tuple[Choice, ...]
    places: tuple[Choice, ...]
    sections: tuple[str, ...]
    back: str
    key: str
    base: str
    changes: str
    label: str
    preview: Preview | None
    sentence: str


def choose_page(at: Here) -> ChoosePage:
    """Every register by section, then units, head-counts, and figures made of figures."""

    def subject(of: str, label: str, note: str = "") -> Subject:
        return Subject(label, note, at.to("figure-new", of=of))

    sections: dict[str, list[Subject]] = {}
    for register in at.pack.registers.values():
        sections.setdefault(register.section, []).append(subject(register.key, register.label, register.help))
    more = [subject("units", _("单位"), _("有多少家单位"))]
    if at.pack.head.head_counts:
        more.append(subject("headcounts", _("人数"), _("单位本级填报的人数之和")))
    made = [
        subject(SHARE, _("比率"), _("两个统计项相除")),
        subject(GROWTH, _("同比"), _("比上年同月份、同单位的增幅")),
    ]
    return ChoosePage(
        (
            *((label, tuple(found)) for label, found in sections.items()),
            (_("单位和人员"), tuple(more)),
            (_("由统计项算出"), tuple(made)),
        ),
        at.to("figures"),
    )


def of_label(pack: Pack, of: str) -> str:
    """What is counted, in words; empty for what does not exist."""
    more = {"units": _("单位"), "headcounts": _("人数"), SHARE: _("比率"), GROWTH: _("同比")}
    return pack.registers[of].label if of in pack.registers else more.get(of, "")


def making_page(
    at: Here,
    given: QueryDict,
    *,
    preview: Preview | None,
    key: str,
    base: str = "",
    changes: str = "",
    sentence: str = "",
) -> MakingPage:
    """The form as it is filled in `given`."""
    pack, of = at.pack, given.get("of", "")
    fields = asked_fields(pack, of)
    conditions = sorted(_conditions(pack, of, given, fields), key=lambda one: KINDS.index(one.kind))
    since = {
        "campaign": _("从专项工作启动之日起"),
        "year": _("从本年 1 月 1 日起"),
        "always": _("从有记录起"),
    }
    return MakingPage(
        of=of,
        of_label=of_label(pack, of),
        typed={name: given.get(name, "") for name in _SINGLE},
        aggregates=_chosen(given, "agg", _aggregates(of, fields)) if of in pack.registers else (),
        sums=_chosen(given, "sum", _summable(pack, of, fields)),
        distinct=_ticked(given, "distinct", _distinct(of, fields)),
        parts=_chosen(given, "part", _divisible(pack)),
        wholes=_chosen(given, "whole", _divisible(pack)),
        years=_chosen(given, "year", _yearly(pack)),
        conditions=tuple(one for one in conditions if one.kind != "filled"),
        given=tuple(one for one in conditions if one.kind == "filled"),
        times=_chosen(given, "time", _times(pack, of, fields)),
        days=_chosen(given, "day", [(one.key, one.label) for one in fields if one.type == "date"]),
        since=_chosen(given, "since", since.items()),
        each=_chosen(given, "each", [("entries", _("每次各计")), ("items", _("同一条只计一次"))]),
        scopes=_chosen(given, "scope", _scopes(pack)) if of not in (SHARE, GROWTH) else (),
        roles=_chosen(
            given, "role", [("lead", _("牵头单位")), ("involved", _("涉及单位（牵头、配合都计）"))]
        ),
        bases=_chosen(given, "basis", basis_labels().items(), "office") if pack.loop.collection else (),
        prints=_chosen(given, "print", _prints()),
        places=_chosen(given, "places", [("0", "88%"), ("1", "88.1%"), ("2", "88.12%")], "1"),
        sections=tuple(dict.fromkeys(one.section for one in pack.figures.values() if one.section)),
        back=at.to("figure", changes) if changes else at.to("figures"),
        key=key,
        base=base,
        changes=changes,
        label=pack.figures[changes].label if changes else "",
        preview=preview,
        sentence=sentence,
    )


_SINGLE = ("label", "section", "meaning", "measure", "noun", "verb", "least", "reason")
Pairs = Iterable[tuple[str, str]]


def _chosen(given: QueryDict, name: str, pairs: Pairs, usual: str = "") -> tuple[Choice, ...]:
    """The choices with the one that is chosen; where none is, the usual one, else the first."""
    found = list(pairs)
    keys = [key for key, _label in found]
    now = given.get(name) or usual
    if now not in keys:
        now = keys[0] if keys else ""
    return tuple(Choice(key, label, key == now) for key, label in found)


def _ticked(given: QueryDict, name: str, pairs: Pairs) -> tuple[Choice, ...]:
    now = given.getlist(name)
    return tuple(Choice(key, label, key in now) for key, label in pairs)


def _aggregates(of: str, fields: tuple[Field, ...]) -> Pairs:
    yield "count", _("有多少条")
    yield "distinct", _("去重后有多少")
    if any(field.type in NUMERIC for field in fields):
        yield "sum", _("某一栏之和")


def _summable(pack: Pack, of: str, fields: tuple[Field, ...]) -> Pairs:
    if of == "headcounts":
        return [(kind.key, kind.label) for kind in pack.head.head_counts]
    return [(field.key, field.label) for field in fields if field.type in NUMERIC]


def _distinct(of: str, fields: tuple[Field, ...]) -> Pairs:
    return [("unit", _("牵头单位")), *((field.key, field.label) for field in fields if field.type != "file")]


def _divisible(pack: Pack) -> Pairs:
    return [
        (one.key, one.label)
        for one in pack.figures.values()
        if one.agg.kind in ("count", "sum") and not one.is_claim and not one.retired and one.role == "lead"
    ]


def _yearly(pack: Pack) -> Pairs:
    return [
        (one.key, one.label)
        for one in pack.figures.values()
        if isinstance(one.agg, Sum) and one.time.kind == "flow" and not one.retired
    ]


def _times(pack: Pack, of: str, fields: tuple[Field, ...]) -> Pairs:
    if of not in pack.registers:
        return []
    phases = phase_labels()
    found = [("stock", _("截至当日的存量"))]
    if any(field.type == "date" for field in fields):
        found.append(("flow", _("按日期累计")))
    found += [(key, _("进入“{phase}”的次数").format(phase=phases[key])) for key in ("review", "closed")]
    return found


def _scopes(pack: Pack) -> Pairs:
    yield "subtree", _("单位及其全部下级")
    yield "self", _("只计单位本级")
    for level in pack.head.levels:
        yield f"level:{level.key}", _("下级中的{level}").format(level=level.label)


def _prints() -> Pairs:
    return [
        ("exact", _("准数：1740")),
        ("more", _("余：13 写作 10余")),
        ("many", _("多：3 以上写“多”")),
        ("chinese", _("十以内写汉字：三")),
        ("wan", _("万，取到千：2.5万")),
        ("wan2", _("万，取到百：2.51万")),
        ("yi", _("亿，取到千万：1.2亿")),
        ("yi2", _("亿，取到百万：1.23亿")),
    ]


def _conditions(pack: Pack, of: str, given: QueryDict, fields: tuple[Field, ...]) -> Iterable[Condition]:
    if of in (SHARE, GROWTH):
        return
    if of in pack.registers:
        phases = phase_labels()
        yield _values(given, "phase", _("办理进度"), [(key, phases[key]) for key in COUNTED_PHASES])
        states = pack.workflow_of(of).states.items()
        yield _values(
            given,
            "state",
            _("状态"),
            [(key, one.label) for key, one in states if one.phase in COUNTED_PHASES],
        )
        register = pack.registers[of]
        if register.due != "none":
            labels = {
                "late": _("逾期"),
                "fallen_due": _("时限已到"),
                "on_time": _("按时办结"),
                "review_overdue": _("审核超时"),
            }
            for name in IN_TIME:
                yield _when(given, f"when-{name}", name, labels[name])
        yield Condition("round", _("轮次"), "measured", least=given.get("least-round", ""))
    if of in ("units", "headcounts"):
        levels, sectors = pack.head.levels, pack.head.sectors
        yield _values(given, "level", _("层级"), [(one.key, one.label) for one in levels])
        if sectors:
            yield _values(given, "sector", _("板块"), [(one.key, one.label) for one in sectors])
    if of == "units":
        yield _when(given, "team", "team", _("有督导组联络"))
    for field in fields:
        if field.choices:
            yield _values(given, field.key, field.label, [(one.key, one.label) for one in field.choices])
        elif field.type == "yes_no":
            yield _values(given, field.key, field.label, [("true", _("是")), ("false", _("否"))])
        elif field.type in MEASURED:
            least, most = given.get(f"least-{field.key}", ""), given.get(f"most-{field.key}", "")
            yield Condition(
                field.key, field.label, "measured", least=least, most=most, said=bool(least or most)
            )
        elif field.type != "file":
            now = given.get(f"filled-{field.key}", "")
            offered = [("", _("不限")), ("yes", _("已填写")), ("no", _("没有填写"))]
            yield Condition(
                field.key,
                field.label,
                "filled",
                tuple(Choice(key, label, key == now) for key, label in offered),
                said=bool(now),
            )


def _values(given: QueryDict, name: str, label: str, pairs: Pairs) -> Condition:
    choices = _ticked(given, f"w-{name}", pairs)
    said = any(one.chosen for one in choices)
    return Condition(name, label, "values", choices, bool(given.get(f"not-{name}")), said=said)


def _when(given: QueryDict, posted: str, name: str, label: str) -> Condition:
    now = given.get(posted, "")
    offered = [("", _("不限")), ("true", _("是")), ("false", _("否"))]
    choices = tuple(Choice(key, words, key == now) for key, words in offered)
    return Condition(posted, label, "when", choices, said=bool(now))
