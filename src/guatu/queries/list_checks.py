"""Refusing what a register does not know: a filter of an address, with what it could have been."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from guatu.domain.errors import BadInput
from guatu.domain.lights import Light, word
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.list_columns import phase_labels
from guatu.queries.list_filters import role_labels
from guatu.queries.list_met import NO_SECTOR
from guatu.queries.pages import REACH, ItemFilters
from guatu.queries.wall_rows import SELF


def check_filters(pack: Pack, spec: Register, filters: ItemFilters) -> None:
    """Refuse what the register does not know, with what it knows."""
    states = pack.workflow_of(spec.key).states
    _known(filters.states, {key: state.label for key, state in states.items()}, _("状态"))
    _known(filters.phases, phase_labels(), _("办理进度"))
    _known(filters.lights, {light.value: word(light) for light in Light}, _("灯"))
    sectors = {option.key: option.label for option in pack.head.sectors} | {NO_SECTOR: _("本级及直属")}
    _known([filters.sector] if filters.sector else [], sectors, _("板块"))
    levels = {option.key: option.label for option in pack.head.levels}
    scopes = {SELF: _("本单位"), REACH: _("我的查看范围")} | levels
    _known([filters.own] if filters.own else [], scopes, _("本级范围"))
    _known([filters.role] if filters.role else [], role_labels(), _("角色"))
    for key, value in filters.fields:
        field = spec.field(key)
        if field is None or field.type not in ("choice", "yes_no"):
            choices = {each.key: each.label for each in spec.fields if each.type in ("choice", "yes_no")}
            _known([key], choices, _("筛选字段"))
        elif field.type == "choice":
            _known([value], {choice.key: choice.label for choice in field.choices}, field.label)
        else:
            _known([value], {"yes": _("是"), "no": _("否")}, field.label)


def _known(given: Iterable[str], known: Mapping[str, str], what: str) -> None:
    """BadInput for a key that is none of `known` (key → label), with the labels that people know."""
    for value in given:
        if value not in known:
            raise BadInput(
                _("没有“{value}”这个{what}。请改用其中之一：{known}。"),
                value=value,
                what=what,
                known=listed(known.values()),
            )
