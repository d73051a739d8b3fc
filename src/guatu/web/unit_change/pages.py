"""The page of a unit's change as its template sees it, what was typed on it, and what it comes to in sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.words import listed
from guatu.queries.lookups import units_meant
from guatu.queries.unit_change import Belongings, PostThere, belongings, short_names
from guatu.records.models import Campaign
from guatu.web.days import typed_day
from guatu.web.here import Here
from guatu.web.numbers import typed_number

MERGE, END, MOVE = "merge", "end", "move"
WAYS = (MERGE, END, MOVE)


@dataclass(frozen=True, slots=True)
class Typed:
    """What was chosen and typed. `other` is the successor, or the new unit above; `moving` the posts that go along."""

    way: str = ""
    day: str = ""
    other: str = ""
    reason: str = ""
    moving: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Plan:
    """What is meant: the day and the other unit's code, and what it comes to, sentence by sentence."""

    way: str
    day: date
    other: str
    other_name: str
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """The page. `ways` are (key, words, what it means, chosen); `plan` None while it cannot be told."""

    unit: Belongings
    typed: Typed
    ways: tuple[tuple[str, str, str, bool], ...]
    posts: tuple[tuple[PostThere, bool], ...]
    plan: Plan | None
    href: str
    sentence: str = ""


def read_typed(at: Here, data: QueryDict) -> Typed:
    """What the form holds; a fresh one begins today."""
    moving = (typed_number(value) for value in data.getlist("moving"))
    return Typed(
        way=data.get("way", "") if data.get("way", "") in WAYS else "",
        day=data.get("day", at.today.isoformat()).strip()[:10],
        other=data.get("other", "").strip()[:120],
        reason=data.get("reason", "").strip()[:500],
        moving=frozenset(post for post in moving if post is not None),
    )


def change_shown(at: Here, code: str, typed: Typed, *, sentence: str = "") -> ChangeShown:
    """The unit's belongings, and what the change typed so far comes to. Raises NotFound out of reach."""
    same_tree = campaigns_of_tree(at)
    unit = belongings(at.actor, at.campaign, same_tree, code, day=at.today)
    plan = None
    if typed.way:
        try:
            plan = _plan(at, unit, typed)
        except BadInput as failure:
            sentence = sentence or str(failure)
    labels = {
        MERGE: (_("并入别的单位"), _("事项、下级单位、参与的事项和督导联系都转到承接单位")),
        END: (_("撤销或转让（出售）"), _("自该日起不再计入；尚有未销号事项时不能办理")),
        MOVE: (_("改变隶属"), _("连同下级单位和事项改由另一家上级单位管理")),
    }
    return ChangeShown(
        unit=unit,
        typed=typed,
        ways=tuple((key, *labels[key], key == typed.way) for key in WAYS),
        posts=tuple((post, post.pk in typed.moving) for post in unit.posts),
        plan=plan,
        href=at.to("unit-change", code),
        sentence=sentence,
    )


def campaigns_of_tree(at: Here) -> Sequence[Campaign]:
    """The campaigns whose items a change of this tree takes along."""
    return [one for one in at.campaigns if one.tree_id == at.campaign.tree_id]


def _plan(at: Here, unit: Belongings, typed: Typed) -> Plan:
    day = typed_day(typed.day)
    if day is None:
        raise BadInput(_("没有填写日期。请填写从哪一天起。"))
    if not unit.standing:
        raise BadInput(_("{unit}已不在组织树上，不能再办理。请核对单位。"), unit=unit.short_name)
    if typed.way == END:
        return Plan(END, day, "", "", _said_of_end(unit, day))
    if not typed.other:
        raise BadInput(
            _("没有选定承接单位。请填写单位名称或代码。")
            if typed.way == MERGE
            else _("没有选定新的上级单位。请填写单位名称或代码。")
        )
    meant = units_meant(at.campaign, [typed.other])
    if typed.other in meant.troubles:
        raise BadInput(meant.troubles[typed.other])
    code = meant.units[typed.other]
    name = short_names([code])[code]
    said = _said_of_merger(unit, day, name, typed) if typed.way == MERGE else _said_of_move(unit, day, name)
    return Plan(typed.way, day, code, name, said)


def _said_of_merger(unit: Belongings, day: date, into: str, typed: Typed) -> tuple[str, ...]:
    said = [
        _(
            "{n} 项事项（未销号 {running} 项，已办结 {closed} 项）自 {day} 起由{into}牵头，此前各日的数不变。"
        ).format(n=unit.items, running=unit.running, closed=unit.closed, day=day, into=into)
    ]
    if unit.children:
        said.append(
            _("{units}自 {day} 起归{into}管理。").format(units=listed(unit.children), day=day, into=into)
        )
    moving = [post for post in unit.posts if post.pk in typed.moving]
    if unit.posts:
        said.append(
            _("{n} 个身份自 {day} 起结束，其中 {m} 个在{into}接着担任。").format(
                n=len(unit.posts), day=day, m=len(moving), into=into
            )
        )
    if unit.teams:
        said.append(_("{teams}改为联系{into}。").format(teams=listed(unit.teams), into=into))
    if unit.parts:
        said.append(_("参与的 {n} 项事项改由{into}参与。").format(n=unit.parts, into=into))
    return tuple(said)


def _said_of_end(unit: Belongings, day: date) -> tuple[str, ...]:
    if unit.running:
        raise BadInput(_("该单位尚有 {count} 项未销号，请先指定承接单位，再办理合并。"), count=unit.running)
    if unit.children:
        raise BadInput(
            _("{unit}下面还有{units}。请先为它们另定上级单位，再办理撤销。"),
            unit=unit.short_name,
            units=listed(unit.children),
        )
    said = [_("自 {day} 起{unit}不再计入各项合计，此前各日的数不变。").format(day=day, unit=unit.short_name)]
    if unit.closed:
        said.append(_("已办结的 {n} 项留在它名下，自该日起不再计入。").format(n=unit.closed))
    if unit.posts:
        said.append(_("{n} 个身份自 {day} 起结束。").format(n=len(unit.posts), day=day))
    if unit.teams:
        said.append(_("{teams}不再联系它。").format(teams=listed(unit.teams)))
    return tuple(said)


def _said_of_move(unit: Belongings, day: date, parent: str) -> tuple[str, ...]:
    return (
        _("{unit}连同下级 {k} 家单位、{n} 项事项自 {day} 起计入{parent}，此前各日的数不变。").format(
            unit=unit.short_name, k=unit.below, n=unit.items + unit.below_items, day=day, parent=parent
        ),
        _("人员身份不变；看得到它们的，改为新的上级单位。"),
    )
