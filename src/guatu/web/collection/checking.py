"""The last look before a request is sent: held, cost, clashes, limits, time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.utils.translation import gettext as _

from guatu.access import get_item
from guatu.actions.requests import UNITS
from guatu.domain.collection import Asked, Form
from guatu.domain.errors import NotFound
from guatu.domain.pack.register import Field
from guatu.queries.request_check import Clash, Cost, RequestCheck, request_check
from guatu.queries.request_limits import refuses, sentences_of
from guatu.queries.returns import collection_of, form_of_request
from guatu.queries.unit_tree import Node, unit_tree
from guatu.records.models import Item
from guatu.web.hand_down.pages import FEW
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to treat a field: its value in the form, in words, chosen or not."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One field with its ways."""

    field: Field
    choices: tuple[Choice, ...]
    held: bool


@dataclass(frozen=True, slots=True)
class CheckPage:
    """Everything that is said before sending. `warnings` are said, `bars` keep it from being sent."""

    item: Item
    form: Form
    register_label: str
    lines: tuple[Line, ...]
    cost: Cost
    duplicates: tuple[Clash, ...]
    near: tuple[Clash, ...]
    warnings: tuple[str, ...]
    bars: tuple[str, ...]
    units: tuple[Node, ...]
    names: tuple[str, ...]
    more: int
    held: int
    key: str
    version: int
    href: str
    edit_href: str
    back: str
    sentence: str = ""

    @property
    def may_send(self) -> bool:
        """Whether nothing keeps it from being sent."""
        return not self.bars and bool(self.units)


def drawn_request(at: Here, public_id: UUID) -> Item:
    """The request that is being drawn up; NotFound for any other item or one out of reach."""
    item = get_item(at.actor, public_id, at.campaign)
    if item.register != collection_of(at.pack).requests:
        raise NotFound()
    return item


def units_of(at: Here, form: Form) -> tuple[Node, ...]:
    """The units chosen while it was drawn up that still stand in the tree."""
    tree = unit_tree(at.campaign, at.today)
    return tuple(tree.nodes[tree.codes[code]] for code in form.more.get(UNITS, ()) if code in tree.codes)


def check_page(at: Here, item: Item, sentence: str = "") -> CheckPage:
    """The page for a request that has been drawn up."""
    form = form_of_request(item)
    units = units_of(at, form)
    found = request_check(at.campaign, item, form, [node.code for node in units], at.today)
    over = sentences_of(found.over)
    warnings = list(() if refuses() else over)
    bars = list(over if refuses() else ())
    if found.short:
        warnings.append(
            _(
                "从现在到截止只有 {hours} 小时。请不要上午通知、下午要；确需急报的，请在要求里写明原因。"
            ).format(hours=found.hours)
        )
    if found.days_lost:
        warnings.append(
            _("二级公司要求提前 {days} 天报。各单位看得到这个时限和发出任务的单位的时限。").format(
                days=found.days_lost
            )
        )
    if not units:
        bars.append(_("还没有选报送单位。请返回修改，选好单位。"))
    return CheckPage(
        item=item,
        form=form,
        register_label=at.pack.register(form.register).label,
        lines=_lines(found),
        cost=found.cost,
        duplicates=tuple(one for one in found.clashes if one.fields),
        near=tuple(one for one in found.clashes if not one.fields),
        warnings=tuple(warnings),
        bars=tuple(bars),
        units=units,
        names=tuple(node.short_name for node in units[:FEW]),
        more=max(0, len(units) - FEW),
        held=sum(bool(one.sources) for one in found.fields),
        key=str(uuid4()),
        version=item.version,
        href=at.to("collection-send", item.public_id),
        edit_href=at.to("collection-edit", item.public_id),
        back=at.to("collection"),
        sentence=sentence,
    )


def _lines(found: RequestCheck) -> tuple[Line, ...]:
    lines = []
    for one in found.fields:
        now = _value(one.asked)
        choices = [Choice("", _("由单位填"), now == "")]
        for source in one.sources:
            filled = _("带出，单位核对（{source}）").format(source=source.words)
            choices.append(Choice(source.held, filled, now == source.held))
            drop = f"drop:{source.held}"
            choices.append(Choice(drop, _("不再要（{source}已有）").format(source=source.words), now == drop))
        if now and not any(choice.chosen for choice in choices):
            choices.append(Choice(now, one.now, True))
        lines.append(Line(one.field, tuple(choices), bool(one.sources)))
    return tuple(lines)


def _value(asked: Asked) -> str:
    if not asked.held:
        return ""
    return f"drop:{asked.held}" if asked.left_out else asked.held


def chosen_in(form: Form, data: Any) -> dict[str, str]:
    """Field → how it is to be treated, as chosen on the page."""
    return {one.field: data[f"held-{one.field}"][:100] for one in form.fields if f"held-{one.field}" in data}


def dropped_in(form: Form, check: RequestCheck) -> dict[str, str]:
    """Field → its first source, for all that is held: filled beforehand with one click."""
    return {
        one.asked.field: one.sources[0].held for one in check.fields if one.sources and not one.asked.left_out
    }
