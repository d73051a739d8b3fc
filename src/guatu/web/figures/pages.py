"""The catalogue of figures and the page of one figure, as their templates see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guatu.access import get_unit, may
from guatu.domain.errors import BadInput
from guatu.domain.figures import phrasing
from guatu.domain.figures.grammar import Figure
from guatu.domain.figures.results import Result, outside_words
from guatu.domain.pack.figure_uses import pack_uses
from guatu.domain.statements import Number
from guatu.exchange.exporters import EXPORTERS, format_label
from guatu.queries.figures import Table, evaluate, row_of, whole
from guatu.queries.unit_choices import UnitChoice, unit_choices
from guatu.web.figures.addresses import figure_href
from guatu.web.figures.spark import Spark, spark
from guatu.web.here import Here

WEEKS, STEP = 12, 2  # a trend goes back twelve weeks, a point every two
KINDS = {
    "stock": gettext_lazy("存量"),
    "flow": gettext_lazy("累计"),
    "people": gettext_lazy("人数"),
    "share": gettext_lazy("比率"),
    "claim": gettext_lazy("判断"),
    "fixed": gettext_lazy("定值"),
}


@dataclass(frozen=True, slots=True)
class FigureShown:
    """One figure on one day: the value to read, its measure, how a report writes it, where it leads."""

    key: str
    label: str
    definition: str
    kind: str
    kind_label: str
    value: str
    measure: str
    printed: str
    exact: str
    is_claim: bool
    holds: bool | None
    verdict: str
    change: str
    has_trend: bool
    href: str
    missing: int
    outside: str = ""
    uses: int = 0
    since: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """The figures of one part."""

    label: str
    figures: tuple[FigureShown, ...]


@dataclass(frozen=True, slots=True)
class KindLink:
    """One kind of figure as a filter."""

    key: str
    label: str
    count: int
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """All figures by section. `earlier` is the day of the comparison."""

    sections: tuple[Section, ...]
    kinds: tuple[KindLink, ...]
    units: tuple[UnitChoice, ...]
    unit: str
    unit_name: str
    kind: str
    day: date
    earlier: date
    weeks: int
    trends: str
    files: tuple[tuple[str, str], ...]
    sent_href: str
    outside_href: str
    relations_href: str
    new_href: str


def catalogue(at: Here, unit_code: str, kind: str) -> CataloguePage:
    """Every figure with its value, its trend over twelve weeks and its change against a month earlier."""
    if kind and kind not in KINDS:
        raise BadInput(_("没有“{kind}”这类统计项。请从页面上选一类。"), kind=kind)
    unit = get_unit(at.actor, unit_code, at.campaign) if unit_code else None
    row = row_of(unit) if unit else whole(at.campaign)
    earlier = month_before(at.as_of)
    weeks = week_days(at.as_of, at.campaign.starts_on)
    table = evaluate(at.campaign, None, rows=[row], days=[earlier, at.as_of], actor=at.actor)
    used = pack_uses(at.pack)
    every = [
        replace(figure_shown(at, table, key, earlier, unit_code), uses=len(used.get(key, ())))
        for key in table.figures
    ]
    kept = {one.key: one for one in every if not kind or one.kind == kind}
    sections = tuple(
        Section(label, tuple(kept[figure.key] for figure in found))
        for label, found in groupby(
            (figure for figure in table.figures.values() if figure.key in kept),
            key=lambda figure: figure.section,
        )
    )
    counts = {name: sum(one.kind == name for one in every) for name in KINDS}
    links = [KindLink("", _("全部"), len(every), at.to("figures", unit=unit_code), not kind)]
    links += [
        KindLink(name, str(label), counts[name], at.to("figures", unit=unit_code, kind=name), kind == name)
        for name, label in KINDS.items()
        if counts[name]
    ]
    return CataloguePage(
        sections=merged(sections),
        kinds=tuple(links),
        units=unit_choices(at.campaign, at.actor),
        unit=unit_code,
        unit_name=row.label,
        kind=kind,
        day=at.as_of,
        earlier=earlier,
        weeks=(weeks[-1] - weeks[0]).days // 7,
        trends=at.to("trends", unit=unit_code, kind=kind),
        files=tuple(
            (format_label(form), at.to("figures-file", form, unit=unit_code))
            for form in EXPORTERS["figures"].forms
        ),
        sent_href=at.to("sent") if may(at.actor, "see_sent_figures", campaign=at.campaign) else "",
        outside_href=at.to("outside") if _keeps_outside(at) else "",
        relations_href=at.to("figure-relations") if at.pack.relation_texts else "",
        new_href=at.to("figure-new")
        if not at.past and may(at.actor, "shape_campaign", at.campaign.root, at.campaign)
        else "",
    )


def _keeps_outside(at: Here) -> bool:
    takes = any(figure.outside for figure in at.pack.figures.values())
    return takes and may(at.actor, "keep_outside_rows", at.campaign.root, at.campaign)


def trends(at: Here, unit_code: str, kind: str) -> tuple[tuple[str, Spark | None], ...]:
    """The trend of every figure that has one, by key: read after the page, because it asks for many days."""
    unit = get_unit(at.actor, unit_code, at.campaign) if unit_code else None
    row = row_of(unit) if unit else whole(at.campaign)
    keys = [
        key
        for key, figure in at.pack.figures.items()
        if not figure.internal and has_trend(figure) and (not kind or kind_of(figure) == kind)
    ]
    if not keys:
        return ()
    weeks = week_days(at.as_of, at.campaign.starts_on)
    table = evaluate(at.campaign, keys, rows=[row], days=weeks, actor=at.actor)
    return tuple((key, spark([table.result(key, day=day).number for day in weeks])) for key in keys)


def has_trend(figure: Figure) -> bool:
    """Whether a line through its values says anything: not for claims, fixed numbers and yearly comparisons."""
    return not figure.is_claim and figure.agg.kind not in ("const", "yoy")


def merged(sections: Sequence[Section]) -> tuple[Section, ...]:
    """Sections of one name put together, where the name first stood."""
    found: dict[str, list[FigureShown]] = {}
    for section in sections:
        found.setdefault(section.label, []).extend(section.figures)
    return tuple(Section(label, tuple(figures)) for label, figures in found.items())


def figure_shown(at: Here, table: Table, key: str, earlier: date, unit_code: str) -> FigureShown:
    """One figure of a table on the day that is shown."""
    figure = table.figures[key]
    now = table.result(key, day=at.as_of)
    words = table.printed(key, day=at.as_of).text
    value, measure = headline(figure, now, words)
    name = kind_of(figure)
    return FigureShown(
        key=key,
        label=figure.label,
        definition=figure.definition,
        kind=name,
        kind_label=str(KINDS[name]),
        value=value,
        measure=measure,
        printed=printed_otherwise(figure, value, measure, words),
        exact=grouped(now.value) if in_large_units(figure, now) else "",
        is_claim=figure.is_claim,
        holds=now.value if isinstance(now.value, bool) else None,
        verdict=verdict(figure, now),
        change=change_words(figure, now, table.result(key, day=earlier)),
        has_trend=has_trend(figure),
        href=figure_href(at, key, unit=unit_code),
        missing=now.missing,
        outside=outside_words(figure, now),
        since=since_words(figure, table, key, earlier, at.as_of),
    )


def since_words(figure: Figure, table: Table, key: str, earlier: date, day: date) -> str:
    """较上期 of what stands, 本期新增 and 累计 of what goes on, in a sentence; empty where nothing can be compared."""
    now, then = table.result(key, day=day), table.result(key, day=earlier)
    change = change_words(figure, now, then)
    if not change or figure.is_claim:
        return ""
    before = table.printed(key, day=earlier).text
    if figure.time.kind == "stock" or figure.agg.kind in ("ratio", "yoy"):
        return _("较上期（{day} 为{before}）：{change}。").format(
            day=earlier.isoformat(), before=before, change=change
        )
    return _("本期新增（{day} 以来）：{change}；累计：{total}。").format(
        day=earlier.isoformat(), change=change.removeprefix("+"), total=table.printed(key, day=day).text
    )


def headline(figure: Figure, result: Result, words: str) -> tuple[str, str]:
    """The value as it is read first, with its measure word apart: (1,740, 个); a claim in words."""
    if figure.is_claim:
        return words, ""
    if result.value is None or isinstance(result.value, bool):
        return words, ""
    if figure.agg.kind in ("ratio", "yoy"):
        return words.removesuffix("%"), "%" if words.endswith("%") else ""
    measure = figure.measure
    if in_large_units(figure, result):
        digits = words.removesuffix(measure).removesuffix(figure.show.unit)
        return digits, f"{figure.show.unit}{measure}"
    return grouped(result.value), measure


def verdict(figure: Figure, result: Result) -> str:
    """Whether a claim holds, with the counts it was judged by; empty for a number."""
    if not figure.is_claim:
        return ""
    said = {True: _("成立"), False: _("不成立"), None: _("数据不足，不作判断")}[
        result.value if isinstance(result.value, bool) else None
    ]
    if result.sides is None or figure.agg.kind == "yoy":
        return said
    part, all_of = result.sides
    return _("{verdict}：{part} / {whole} 符合").format(
        verdict=said, part=phrasing.plain(part), whole=phrasing.plain(all_of)
    )


def in_large_units(figure: Figure, result: Result) -> bool:
    """Whether the value is read in 亿: money, whose last digits nobody reads. Another language has no 亿."""
    value = result.value
    return (
        not figure.is_abroad
        and figure.show.unit == "亿"
        and value is not None
        and not isinstance(value, bool)
        and abs(value) >= 10**8
    )


def printed_otherwise(figure: Figure, value: str, measure: str, words: str) -> str:
    """How documents write it, where that differs from what is shown first."""
    same = words == f"{value}{measure}".replace(",", "")
    return "" if same or figure.is_claim else words


def grouped(number: Number) -> str:
    """25013 → 25,013."""
    return f"{number:,}"


def kind_of(figure: Figure) -> str:
    """The kind under which the catalogue files a figure."""
    if figure.is_claim:
        return "claim"
    if fixed(figure):
        return "fixed"
    if figure.agg.kind in ("ratio", "yoy"):
        return "share"
    if figure.of == "headcounts":
        return "people"
    return "stock" if figure.time.kind == "stock" else "flow"


def fixed(figure: Figure) -> bool:
    """Whether somebody else fixed the number."""
    return figure.agg.kind == "const"


def change_words(figure: Figure, now: Result, then: Result) -> str:
    """The change since the earlier day, with its sign; empty where there is nothing to compare."""
    if fixed(figure):
        return ""
    if figure.is_claim:
        return _("不变") if now.value == then.value else _("有变化")
    if now.number is None or then.number is None:
        return ""
    if now.number == then.number:
        return _("不变")
    if figure.agg.kind in ("ratio", "yoy"):
        return str(phrasing.share_difference(now.number, then.number))
    gap = now.number - then.number
    if in_large_units(figure, now):
        measure = figure.measure
        return f"{'+' if gap > 0 else '−'}{phrasing.number(abs(gap), figure.show, measure).text}"
    return f"{gap:+,}".replace("-", "−")


def month_before(day: date) -> date:
    """The same day a month earlier; the last day of a shorter month."""
    first = day.replace(day=1)
    end = first - timedelta(days=1)
    return end.replace(day=min(day.day, end.day))


def week_days(day: date, begin: date) -> list[date]:
    """The day and every second same weekday before it, not before the campaign began; the earliest first."""
    days = [day - timedelta(days=7 * back) for back in range(WEEKS, -1, -STEP)]
    return [one for one in days if one >= begin] or [day]
