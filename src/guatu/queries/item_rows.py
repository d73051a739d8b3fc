"""One row of a list: an item as of a day, with its light, its words and its values as printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from guatu.domain.clocks import days_over
from guatu.domain.fields import show
from guatu.domain.light_sentences import why
from guatu.domain.lights import GLYPHS, returned_states, running_states, word
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Field, Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, ngettext
from guatu.queries.list_columns import due_kinds, phase_labels
from guatu.queries.pages import Column, LightShown, ListRow, StateShown, UnitRef
from guatu.queries.standing import item_light, light_rule, wording

ROW_FIELDS = (
    "item_id",
    "item__public_id",
    "item__number",
    "item__title",
    "unit_id",
    "unit__code",
    "unit__name",
    "unit__short_name",
    "parent__number",
    "task__number",
    "task__title",
    "state",
    "phase",
    "round",
    "state_since",
    "phase_since",
    "start",
    "due",
    "base_due",
    "data",
    "item__due_kind",
)
"""The columns of Spell that a row is made of."""


def light_shown(pack: Pack, register: str, row: Mapping[str, Any], day: date) -> LightShown | None:
    """The light of one item with its sentence; None where the register has no lights."""
    rule = light_rule(pack, register)
    if rule is None or row["phase"] in ("draft", "void"):
        return None
    light, counted = item_light(row, pack.workflow_of(register), day, rule)
    return LightShown(light, GLYPHS[light], word(light), why(counted, rule, wording(pack, register)))


def state_shown(workflow: Workflow, key: str) -> StateShown:
    """A state with its word and the mark that it gets."""
    state = workflow.states.get(key)
    if state is None:  # a state that a later pack dropped
        return StateShown(key, key, "", "plain")
    tone = "plain"
    if state.phase == "closed":
        tone = "done"
    elif state.phase == "void":
        tone = "void"
    elif key in returned_states(workflow):
        tone = "back"
    elif state.phase == "open" and state.clock == "stops":
        tone = "stopped"
    return StateShown(key, state.label, state.phase, tone)


def due_said(
    register: Register, workflow: Workflow, row: Mapping[str, Any], day: date, soon: int
) -> tuple[str, str]:
    """“3 天后”, “逾期 5 天”, “11-18 完成”, and the tone that the words get: r, y or none.

    Under review, the state's own word, or for how long the reviewer has let it lie. A register without lights is not late either: its day is only a plan.
    """
    if row["phase"] == "closed":
        if workflow.initial == (row["state"],):  # logged facts are not closed, they happened
            return "", ""
        return _("{day} {done}").format(day=f"{row['phase_since']:%m-%d}", done=register.done_word), ""
    if row["state"] not in running_states(workflow):
        if row["phase"] == "review":
            over = days_over(row["data"], day)
            if over:  # the reviewer's delay, not the unit's
                return ngettext("审核超时 {days} 天", "审核超时 {days} 天", over).format(days=over), "y"
            return workflow.states[row["state"]].label, ""
        return (_("计时暂停"), "") if row["phase"] == "open" else ("", "")
    if row["due"] is None:
        return "", ""
    left = (row["due"] - day).days
    if register.light == "none":
        return (ngettext("{days} 天后", "{days} 天后", left).format(days=left) if left > 0 else ""), ""
    if left < 0:
        return ngettext("逾期 {days} 天", "逾期 {days} 天", -left).format(days=-left), "r"
    if left == 0:
        return _("今天到期"), "y"
    return ngettext("{days} 天后", "{days} 天后", left).format(days=left), "y" if left <= soon else ""


def value_shown(field: Field, value: Any, units: Mapping[str, str]) -> str:
    """A field's value as people read it; `units` names units by code and items by public id. A value that an older pack allowed is shown as stored."""
    if value in (None, "", []):
        return ""
    if field.type == "item":
        return units.get(str(value), _("不在您的查看范围内"))
    if field.type == "unit":
        return units.get(str(value), str(value))
    if field.type == "units" and isinstance(value, list):
        return listed(units.get(str(code), str(code)) for code in value)
    try:
        return show(field, value)
    except (TypeError, ValueError, KeyError):
        return str(value)


def list_row(
    pack: Pack,
    register: Register,
    row: Mapping[str, Any],
    columns: Iterable[Column],
    day: date,
    units: Mapping[str, str],
) -> ListRow:
    """One row from the columns ROW_FIELDS of a spell. `units`: short names by code, for fields that name units."""
    workflow = pack.workflow_of(register.key)
    rule = light_rule(pack, register.key)
    said, tone = due_said(register, workflow, row, day, rule.due_soon_days if rule else 7)
    state = state_shown(workflow, row["state"])
    standard = {
        "number": row["item__number"],
        "title": row["item__title"],
        "unit": row["unit__short_name"],
        "parent": row["parent__number"] or "",
        "task": row["task__title"] or "",
        "state": state.label,
        "round": str(row["round"]),
        "start": _day(row["start"]),
        "due": _day(row["due"]),
        "base_due": _day(row["base_due"]),
    }
    cells = []
    for column in columns:
        field = register.field(column.key)
        if field is not None:
            cells.append(value_shown(field, row["data"].get(field.key), units))
        elif column.key == "phase":
            cells.append(phase_labels().get(state.phase, state.phase))
        elif column.key == "due_kind":
            cells.append(due_kinds().get(row["item__due_kind"], row["item__due_kind"]))
        else:
            cells.append(standard.get(column.key, ""))
    return ListRow(
        public_id=row["item__public_id"],
        number=row["item__number"],
        title=row["item__title"],
        unit=UnitRef(row["unit__code"], row["unit__name"], row["unit__short_name"]),
        light=light_shown(pack, register.key, row, day),
        state=state,
        due=row["due"],
        due_words=said,
        due_tone=tone,
        cells=tuple(cells),
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
