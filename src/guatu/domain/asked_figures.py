"""A request of figures: the figures become the fields of a register made for it, each filled beforehand by its figure."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.domain.collection import Asked
from guatu.domain.errors import BadInput
from guatu.domain.pack.growing import free_key, free_prefix
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _

DAY = "period"
"""The date field of the period that a row is about."""
MOST = 60
"""Figures of one request."""
_TYPES = {"count": "integer", "distinct": "integer", "union": "integer", "all": "integer", "ratio": "percent"}


def askable_figures(pack: Pack) -> tuple[str, ...]:
    """The figures whose number a unit can be asked for: neither constants nor sentences about others."""
    return tuple(key for key, figure in pack.figures.items() if figure.agg.kind != "const")


def register_of_figures(pack: Pack, label: str, figures: Sequence[str], levels: Sequence[str]) -> Register:
    """The register that carries the answers: one row a unit, a field for each figure (by key). Its words: the language set.

    Raises BadInput for no figure, too many of them, or an unknown one.
    """
    if not figures:
        raise BadInput(_("没有选统计项。请至少选一个。"))
    if len(figures) > MOST:
        raise BadInput(
            _("选了 {count} 个统计项，一项任务最多 {most} 个。请分开发。"), count=len(figures), most=MOST
        )
    spec = pack.loop.collection
    if spec is None:
        raise BadInput(_("本专项工作没有设“填报”。"))
    fields: list[dict[str, object]] = [{"key": DAY, "label": _("期末日"), "type": "date"}]
    for place, key in enumerate(figures, 1):
        if key not in pack.figures:
            raise BadInput(_("没有“{key}”这个统计项。请重新选择。"), key=key)
        figure = pack.figures[key]
        field = {
            "key": f"figure_{place}",
            "label": figure.label,
            "type": _TYPES.get(figure.agg.kind, "decimal"),
            "unit": figure.measure,
            "minimum": None,
            "held": {"figure": key},
        }
        fields.append({name: value for name, value in field.items() if value != ""})
    taken = [register.prefix for register in pack.registers.values()]
    return Register.model_validate(
        {
            "key": free_key(pack.registers),
            "label": label,
            "noun": label,
            "measure": _("份"),
            "prefix": free_prefix(taken),
            "section": pack.register(spec.requests).section,
            "done_word": _("登记"),
            "lead_levels": tuple(levels),
            "workflow": spec.collected,
            "fills": ("office", "liaison", "filler"),
            "flow_day": DAY,
            "rows": "one",
            "fields": tuple(fields),
            "columns": ("number", "unit", DAY, *(f"figure_{place}" for place in range(1, len(figures) + 1)))[
                :8
            ],
        }
    )


def asked_of(register: Register) -> tuple[Asked, ...]:
    """Its fields as a request asks for them: each filled beforehand by its figure."""
    return tuple(
        Asked(field.key, f"figure:{field.held.figure}")
        for field in register.fields
        if field.held is not None and field.held.figure is not None
    )
