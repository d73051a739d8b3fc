"""Building a request: what was typed, read into a form; the pages for choosing, typing and looking once more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext as _

from guatu.actions.requests import UNITS
from guatu.domain.asked_figures import askable_figures
from guatu.domain.collection import Asked, Form
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.imports.understanding.units import Units
from guatu.domain.pack.collection import CHAIN
from guatu.domain.pack.register import Field, Register
from guatu.domain.words import listed
from guatu.queries.known_names import unit_lookups
from guatu.queries.request_units import AskedUnits, asked_units, askers
from guatu.queries.returns import collection_of, form_of_request
from guatu.queries.self_checks import Picked
from guatu.queries.unit_tree import Node
from guatu.records.models import Item
from guatu.web.days import needed_day, typed_day
from guatu.web.hand_down.pages import FEW, codes_in
from guatu.web.here import Here

DAYS = 5
"""So many days the units have unless another day is typed."""
LONGEST = 40_000
EVENING = "18:00"


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the form of a request, as text. `figures`: asked instead of a register's `fields`."""

    register: str = ""
    figures: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    title: str = ""
    instructions: str = ""
    document: str = ""
    asker: str = ""
    period: str = ""
    cut_off: str = ""
    hour: str = EVENING
    second_due: str = ""
    chain: tuple[str, ...] = ()
    nil: bool = True
    picked: Picked = field(default_factory=Picked)
    codes: str = ""
    without: str = ""
    key: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class Choosable:
    """A register that can be asked for, by section."""

    register: Register
    href: str


@dataclass(frozen=True, slots=True)
class ChoosePage:
    """The first page: from which register, or which figures."""

    registers: tuple[tuple[str, tuple[Choosable, ...]], ...]
    figures: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    may_figures: bool
    href: str
    back: str
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class BuildPage:
    """The form of a request. `register` None: figures are asked, named in `figures`."""

    typed: Typed
    register: Register | None
    fields: tuple[tuple[Field, bool], ...]
    figures: tuple[tuple[str, str], ...]
    askers: tuple[Node, ...]
    chain: tuple[tuple[str, str, bool], ...]
    choice: AskedUnits
    names: tuple[str, ...]
    more: int
    period_help: str
    href: str
    back: str
    item: Item | None = None
    sentence: str = ""


def choose_page(at: Here, sentence: str = "") -> ChoosePage:
    """Registers whose rows units fill, and figures."""
    spec = collection_of(at.pack)
    found: dict[str, list[Choosable]] = {}
    for register in at.pack.registers.values():
        if may_ask_for(at, register):
            href = at.to("collection-new", register=register.key)
            found.setdefault(register.section, []).append(Choosable(register, href))
    figures: dict[str, list[tuple[str, str]]] = {}
    for key in askable_figures(at.pack):
        figure = at.pack.figures[key]
        figures.setdefault(figure.section, []).append((key, figure.label))
    held = {node.id for node in askers(at.actor, at.campaign)}
    assert spec.requests  # a campaign without 填报 is refused above
    return ChoosePage(
        registers=tuple((section, tuple(rows)) for section, rows in found.items()),
        figures=tuple((section, tuple(rows)) for section, rows in figures.items()),
        may_figures=at.campaign.root_id in held,
        href=at.to("collection-new"),
        back=at.to("collection"),
        sentence=sentence,
    )


def may_ask_for(at: Here, register: Register) -> bool:
    """Whether units fill this register themselves: no requests, nothing below another item or made by steps of the loop."""
    spec = collection_of(at.pack)
    return (
        register.key not in (spec.requests, spec.returns)
        and register.key not in at.pack.loop.by_steps
        and register.parent is None
        and not register.shared
        and bool({"filler", "liaison"} & set(register.fills))
    )


def read_typed(at: Here, data: Any, register: str = "") -> Typed:
    """What the form holds; what a fresh one proposes stands where nothing was typed."""
    codes, without = data.get("codes", "")[:LONGEST], data.get("without", "")[:LONGEST]
    key = register or data.get("register", "")[:40]
    declared = at.pack.registers.get(key)
    fresh = "title" not in data
    proposed = tuple(one.key for one in _offered(declared)) if declared is not None else ()
    return Typed(
        register=key,
        figures=tuple(data.getlist("figure"))[:200],
        fields=proposed if fresh else tuple(data.getlist("field")),
        title=data.get("title", "").strip()[:300],
        instructions=data.get("instructions", "").strip()[:4000],
        document=data.get("document", "").strip()[:300],
        asker=data.get("asker", "")[:40],
        period=data.get("period", _last_month(at, declared) if fresh else "")[:20],
        cut_off=data.get("cut_off", (at.today + timedelta(days=DAYS)).isoformat() if fresh else "")[:20],
        hour=data.get("hour", EVENING)[:5],
        second_due=data.get("second_due", "")[:20],
        chain=(declared.review if declared else CHAIN[1:]) if fresh else tuple(data.getlist("chain")),
        nil=fresh or data.get("nil") == "1",
        picked=Picked(
            sectors=tuple(data.getlist("sector")),
            levels=tuple(data.getlist("level")),
            below=tuple(data.getlist("company")),
            codes=codes_named(at, codes),
            without=codes_named(at, without),
        ),
        codes=codes,
        without=without,
        key=data.get("key", "")[:60] or str(uuid4()),
        version=data.get("version", "")[:12],
    )


def codes_named(at: Here, text: str) -> tuple[str, ...]:
    """The codes of the units that a free text names by code or by any of their names; what names none stays as typed.

    One statement, none where nothing was typed.
    """
    words = codes_in(text)
    if not words:
        return ()
    units = Units(unit_lookups(at.actor, at.campaign))
    return tuple(dict.fromkeys(units.find(word) or word for word in words))


def nameless(at: Here, words: Iterable[str]) -> str:
    """A sentence about the first of these words that is neither a unit's code nor its name; empty if each is."""
    units = Units(unit_lookups(at.actor, at.campaign))
    for word in words:
        if units.find(word) is None:
            near = listed(one.written for one in units.candidates(word))
            if near:
                return _("“{value}”可能是：{near}。请选定一家。").format(value=word[:40], near=near)
            return _("没有找到单位“{value}”。请填单位的简称或代码。").format(value=word[:40])
    return ""


def typed_of(at: Here, request: Item) -> Typed:
    """A request that has been drawn up, as its form shows it again."""
    spec, form = collection_of(at.pack), form_of_request(request)
    codes = "\n".join(form.more.get(UNITS, ()))
    return Typed(
        register=form.register,
        fields=tuple(one.field for one in form.fields),
        title=request.title,
        instructions=str(request.data.get(spec.instructions) or ""),
        document=str(request.data.get(spec.document or "") or ""),
        asker=request.unit.code,
        period=form.period.isoformat() if form.period else "",
        cut_off=form.cut_off.date().isoformat(),
        hour=f"{form.cut_off:%H:%M}",
        second_due=form.second_due.isoformat() if form.second_due else "",
        chain=form.chain,
        nil=form.nil_allowed,
        picked=Picked(codes=tuple(codes_in(codes))),
        codes=codes,
        key=str(uuid4()),
        version=str(request.version),
    )


def form_typed(at: Here, typed: Typed, before: Form | None = None) -> Form:
    """The form that was typed. `before`: what it said when it was drawn up, whose choices of sources stay.

    Raises BadInput for a day or an hour that is none.
    """
    held = {one.field: one for one in before.fields} if before is not None else {}
    day = needed_day(typed.cut_off, _("截止日期"))
    try:
        hour = time.fromisoformat(typed.hour)
    except ValueError:
        raise BadInput(_("截止时刻“{value}”不是时间。请填成 18:00 的样子。"), value=typed.hour[:10]) from None
    register = at.pack.registers.get(typed.register)
    return Form(
        register=typed.register,
        fields=tuple(held.get(key, Asked(key)) for key in typed.fields),
        cut_off=datetime.combine(day, hour),  # local in the campaign's zone, as `Form` says
        period=typed_day(typed.period, _("报送期")),
        second_due=typed_day(typed.second_due, _("二级公司时限")),
        chain=tuple(judge for judge in CHAIN if judge in typed.chain),
        nil_allowed=typed.nil,
        rows=register.rows if register is not None else "one",
        more=before.more if before is not None else {},
    )


def build_page(at: Here, typed: Typed, sentence: str = "", item: Item | None = None) -> BuildPage:
    """The page of the form. Raises NotAllowed for whoever asks no unit, BadInput for a register that is not asked for."""
    asking = askers(at.actor, at.campaign)
    if not asking:
        raise NotAllowed(_("您的身份（{post}）下面没有可以要数据的单位。"), post=at.actor.post_label)
    asker = next((node for node in asking if node.code == typed.asker), asking[0])
    typed = replace(typed, asker=asker.code)
    register = at.pack.registers.get(typed.register)
    if register is not None and not may_ask_for(at, register):
        raise BadInput(_("“{register}”不由各单位填报。请另选清单。"), register=register.label)
    levels = register.lead_levels if register is not None else tuple(one.key for one in at.pack.head.levels)
    choice = asked_units(at.actor, at.campaign, asker.id, levels, typed.picked)
    if choice.unknown and not sentence:
        sentence = nameless(at, choice.unknown) or _(
            "没有代码为“{codes}”的单位，或不能填这个清单。请核对单位代码。"
        ).format(codes=listed(choice.unknown[:10]))
    return BuildPage(
        typed=typed,
        register=register,
        fields=tuple((one, one.key in typed.fields) for one in _offered(register)),
        figures=tuple((key, at.pack.figures[key].label) for key in typed.figures if key in at.pack.figures),
        askers=asking,
        chain=tuple((key, label, key in typed.chain) for key, label in judge_labels(at).items()),
        choice=choice,
        names=tuple(node.short_name for node in choice.units[:FEW]),
        more=max(0, len(choice.units) - FEW),
        period_help=_period_help(register),
        href=at.to("collection-edit", item.public_id) if item is not None else at.to("collection-new"),
        back=at.to("collection"),
        item=item,
        sentence=sentence,
    )


def judge_labels(at: Here) -> Mapping[str, str]:
    """Who looks at a return, in words."""
    return {
        "head": at.pack.role_label("head"),
        "second": _("二级公司审核"),
        "office": _("{office}接收").format(office=at.pack.words.office),
    }


def _offered(register: Register | None) -> tuple[Field, ...]:
    """The fields that can be asked for; the day of the period says the request itself."""
    if register is None:
        return ()
    return tuple(field for field in register.fields if field.key != register.flow_day)


def _last_month(at: Here, register: Register | None) -> str:
    """The last day of the month before this one, where a register goes by periods; this month's from its 25th."""
    if register is None or register.flow_day is None:
        return ""
    first = at.today.replace(day=1)
    if at.today.day >= 25:
        first = (first + timedelta(days=32)).replace(day=1)
    return (first - timedelta(days=1)).isoformat()


def _period_help(register: Register | None) -> str:
    if register is not None and register.flow_day is None:
        return _("不按期报的，不用填。")
    return _("填报送期的最后一天，例如 11 月填 11-30。不按期报的，不用填。")
