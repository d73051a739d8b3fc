"""The columns of a register as a sheet that is filled offline: what each holds, and what may be changed in it.

Everything is a `Field`, so that numbers, titles, units and days are read and written like the register's own fields
(`item_cells`). The keys of the machine row are those of the fields; the item's own attributes have an @ before them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guatu.domain.pack import Pack
from guatu.domain.pack.base import Choice
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _

NUMBER, TITLE, UNIT, STATE, PARENT, START, DUE = (
    "@number",
    "@title",
    "@unit",
    "@state",
    "@parent",
    "@start",
    "@due",
)
OWN = (NUMBER, TITLE, UNIT, STATE, PARENT, START, DUE)


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column. `changes`: what stands may be changed; `fills`: a new row may be given it.

    `needed`: no row goes without it. `label` is the visible heading.
    """

    key: str
    field: Field
    changes: bool
    fills: bool
    needed: bool = False

    @property
    def label(self) -> str:
        """The visible heading."""
        return self.field.label

    @property
    def own(self) -> bool:
        """Whether it is an attribute that every item has, and no field of the register."""
        return self.key in OWN


def columns_of(pack: Pack, register: str, *, redates: bool = False) -> tuple[SheetColumn, ...]:
    """The columns of a register's sheet. `redates`: due days of what stands may be changed by whoever fills it.

    Left out are files, which no cell can hold. What only the verifier writes can be read and not changed.
    """
    spec, flow = pack.register(register), pack.workflow_of(register)
    return tuple(_columns(pack, spec, flow, redates))


def _columns(pack: Pack, spec: Register, flow: Workflow, redates: bool) -> Iterator[SheetColumn]:
    verdicts = flow.verdicts
    yield SheetColumn(NUMBER, _plain("number", _("编号"), "text"), False, False)
    yield SheetColumn(TITLE, _plain("title", spec.titled, "text"), True, True, needed=True)
    yield SheetColumn(UNIT, _plain("unit", _("牵头单位"), "unit"), False, True, needed=True)
    if spec.parent is not None:
        label = _("上级事项（{register}编号）").format(register=pack.register(spec.parent).label)
        yield SheetColumn(PARENT, _plain("parent", label, "item", register=spec.parent), False, True)
    for field in spec.fields:
        if field.type != "file":
            free = field.key not in verdicts
            needed = bool(set(flow.initial) & set(field.required_in)) and not field.required_when
            yield SheetColumn(field.key, field, free, free, needed=needed and free)
    if spec.start:
        yield SheetColumn(START, _plain("start", _("开始日期"), "date"), False, True)
    if spec.due != "none":
        yield SheetColumn(DUE, _plain("due", _("时限"), "date"), redates, True, needed=spec.due == "required")
    states = tuple(Choice(key=key, label=state.label) for key, state in flow.states.items())
    yield SheetColumn(STATE, _plain("state", _("状态"), "choice", states), False, len(flow.initial) > 1)


def _plain(
    key: str, label: str, kind: Any, choices: tuple[Choice, ...] = (), register: str | None = None
) -> Field:
    return Field(key=key, label=label[:60], type=kind, choices=choices, register_key=register)


def headings(columns: tuple[SheetColumn, ...]) -> dict[str, str]:
    """Key → the heading as the sheet has it; of two alike the second is told apart by its key."""
    found: dict[str, str] = {}
    for column in columns:
        label = column.label
        found[column.key] = f"{label}（{column.key}）" if label in found.values() else label
    return found


def options_within(field: Field, above: object) -> tuple[Choice, ...]:
    """The choices of a field that depends on another one, under that one's value (None: not chosen yet)."""
    return tuple(one for one in field.choices if not one.within or above in one.within)


def misfit(field: Field, values: Mapping[str, Any]) -> Choice | None:
    """The choice that does not go with the value of the field it depends on; None if all is well."""
    if field.within is None:
        return None
    value = values.get(field.key)
    chosen = value if isinstance(value, list) else [value]
    allowed = {one.key for one in options_within(field, values.get(field.within))}
    return next((one for one in field.choices if one.key in chosen and one.key not in allowed), None)
