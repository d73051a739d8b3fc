"""What a drill-down shows of each record: columns with labels, cells as text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from guatu.domain import fields
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack import Pack, Register
from guatu.domain.pack.attributes import phase_labels, standard_labels
from guatu.domain.words import gettext as _
from guatu.records.models import Spell


@dataclass(frozen=True, slots=True)
class DrillColumn:
    """A column: `kind` is text, number, or unit (the cell is a unit's short name)."""

    key: str
    label: str
    kind: str = "text"


def item_columns(register: Register, figure: Figure) -> tuple[DrillColumn, ...]:
    """The figure's columns, without any the register's first; what is counted by is always among them."""
    keys = list(figure.drill) or ["number", "unit", "title"]
    more = [figure.time.field] if figure.time.kind == "flow" and figure.time.field else []
    if figure.time.kind == "entered" and figure.time.count == "entries":
        more.append("entered_on")
    keys = [key for key in (*keys, *more) if key != "amount"]
    return tuple(
        DrillColumn(key, label_of(register, key), _kind(register, key)) for key in dict.fromkeys(keys)
    )


def _kind(register: Register, key: str) -> str:
    if key in ("unit", "title"):
        return "unit" if key == "unit" else "text"
    field = register.field(key)
    return "number" if field is not None and fields.TYPES[field.type].numeric else "text"


def label_of(register: Register, key: str) -> str:
    """The name of a field or of a standard attribute."""
    field = register.field(key)
    return field.label if field is not None else standard_labels().get(key, key)


def item_cells(
    spell: Any, columns: tuple[DrillColumn, ...], register: Register, pack: Pack, evidence: int
) -> tuple[str, ...]:
    """The cells of one item as it stood; `spell` comes with item, unit, task and parent."""
    return tuple(_cell(spell, column.key, register, pack, evidence) for column in columns)


def _cell(spell: Any, key: str, register: Register, pack: Pack, evidence: int) -> str:
    field = register.field(key)
    if field is not None:
        return fields.show(field, (spell.data or {}).get(key))
    return _standard(spell, key, register, pack, evidence)


def _standard(spell: Spell, key: str, register: Register, pack: Pack, evidence: int) -> str:
    match key:
        case "number" | "title":
            return str(getattr(spell.item, key))
        case "unit":
            return spell.unit.short_name
        case "task" | "parent":
            other = spell.task if key == "task" else spell.parent
            return f"{other.number} {other.title}" if other is not None else ""
        case "state":
            state = pack.workflow(register.workflow).states.get(spell.state)
            return state.label if state is not None else spell.state
        case "phase":
            return phase_labels()[spell.phase]
        case "closed_on":
            return spell.phase_since.isoformat() if spell.phase == "closed" else ""
        case "evidence":
            return str(evidence)
        case "start" | "due" | "base_due" | "entered_on" | "round":
            value = getattr(spell, key)
            return "" if value is None else str(value)
    return ""


def value_shown(register: Register, key: str, text: str) -> str:
    """A field's value, read from the database as text, as people read it."""
    field = register.field(key)
    if field is None:
        return text
    try:
        value = fields.parse(field, text)
    except fields.BadValue:
        return text
    return fields.show(field, value)


def unit_columns(figure: Figure) -> tuple[DrillColumn, ...]:
    """The columns of a list of units: those of the figure, without any code, name, level and the unit above."""
    labels = {
        "code": _("单位代码"),
        "name": _("单位名称"),
        "level": _("层级"),
        "sector": _("板块"),
        "parent": _("上级单位"),
    }
    keys = [key for key in figure.drill if key in labels] or ["code", "name", "level", "parent"]
    return tuple(DrillColumn(key, labels[key], "unit" if key == "parent" else "text") for key in keys)


def level_label(pack: Pack, key: str) -> str:
    """The name of a level."""
    return next((level.label for level in pack.head.levels if level.key == key), key)


def sector_label(pack: Pack, key: str | None) -> str:
    """The name of a sector; empty outside all sectors."""
    return next((sector.label for sector in pack.head.sectors if sector.key == key), key or "")
