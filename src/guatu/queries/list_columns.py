"""The columns of a list: the pack's by default, by choice any field and any standard attribute, in any order."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.domain.errors import BadInput
from guatu.domain.pack.register import NUMERIC_TYPES, STANDARD_ATTRIBUTES, Register
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.pages import Column, Option

TITLE = "title"
"""Always shown: it carries the light and leads to the item."""


def phase_labels() -> dict[str, str]:
    """The phases in words (办理进度)."""
    return {
        "draft": _("待立项"),
        "open": _("办理中"),
        "review": _("审核中"),
        "closed": _("已完成"),
        "void": _("已撤销或并案"),
    }


def due_kinds() -> dict[str, str]:
    """The kinds of due days in words (时限类型)."""
    return {
        "date": _("规定日期"),
        "at_once": _("立行立改"),
        "staged": _("分阶段"),
        "multi_year": _("跨年度"),
        "long_term": _("长期坚持"),
    }


def columns_of(register: Register, chosen: Sequence[str] = ()) -> tuple[Column, ...]:
    """The columns with these keys in this order; without a choice those that the pack names.

    The title is put first where the choice leaves it out. BadInput for a key that the register does not know.
    """
    known = columns_by_key(register)
    keys = list(dict.fromkeys(chosen or [key for key in register.columns if key in known]))
    for key in keys:
        if key not in known:
            raise BadInput(
                _("没有“{value}”这一列。请改用其中之一：{known}。"),
                value=key[:40],
                known=listed(column.label for column in known.values()),
            )
    if TITLE not in keys:
        keys.insert(0, TITLE)
    return tuple(known[key] for key in keys)


def column_options(register: Register, columns: Sequence[Column]) -> tuple[Option, ...]:
    """Every column that can be chosen: those in force first, in their order, then the rest as the register has them."""
    shown = {column.key for column in columns}
    rest = [column for key, column in columns_by_key(register).items() if key not in shown]
    return tuple(Option(column.key, column.label, column.key in shown) for column in (*columns, *rest))


def columns_by_key(register: Register) -> dict[str, Column]:
    """Every standard attribute that means something in this register, then its fields."""
    kept = _standard_columns(register)
    for key, needed in (
        ("parent", register.parent is not None or "parent" in register.columns),
        ("task", "task" in register.columns),
        ("start", register.start or "start" in register.columns),
        ("due", register.due != "none" or "due" in register.columns),
        ("base_due", register.due != "none" or "base_due" in register.columns),
        ("due_kind", register.due != "none" or "due_kind" in register.columns),
    ):
        if not needed:
            kept.pop(key)
    for field in register.fields:
        sort = field.key if field.type == "date" else ""
        kept[field.key] = Column(field.key, field.label, KINDS.get(field.type, "text"), sort)
    return kept


def value_type(register: Register, key: str) -> str:
    """What stands in the column `key`: text, integer, decimal, money, percent, day, state, unit."""
    field = register.field(key)
    if field is None:
        return {"round": "integer"}.get(key) or _standard_columns(register)[key].kind
    if field.type in NUMERIC_TYPES:
        return field.type
    return {"date": "day", "unit": "unit"}.get(field.type, "text")


KINDS = {
    "integer": "number",
    "decimal": "number",
    "money": "number",
    "percent": "number",
    "date": "day",
    "unit": "unit",
    "units": "unit",
}


def _standard_columns(register: Register) -> dict[str, Column]:
    """The columns that every register may name beside its fields, in the order of STANDARD_ATTRIBUTES."""
    found = {
        column.key: column
        for column in (
            Column("number", _("编号"), "text", "number"),
            Column("title", register.titled, "text", "title"),
            Column("unit", _("牵头单位"), "unit", "unit"),
            Column("parent", _("上级事项"), "text"),
            Column("task", _("重点任务"), "text", "task"),
            Column("state", _("状态"), "state", "state"),
            Column("phase", _("办理进度"), "text"),
            Column("round", _("轮次"), "number"),
            Column("start", _("开始日期"), "day", "start"),
            Column("due", _("时限"), "day", "due"),
            Column("base_due", _("原时限"), "day"),
            Column("due_kind", _("时限类型"), "text"),
        )
    }
    return {key: found[key] for key in STANDARD_ATTRIBUTES}
