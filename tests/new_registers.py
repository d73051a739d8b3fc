"""Registers as they are made by clicks: what tests add to a running campaign."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.domain.pack import Pack
from guatu.domain.pack.growing import free_key, free_prefix
from guatu.domain.pack.register import Field, Register

FIELDS = (
    Field(key="held_on", label="活动日期", type="date"),
    Field(key="amount", label="金额", type="money"),
)


def new_register(
    pack: Pack, label: str = "走访慰问台账", fields: Sequence[Field] = FIELDS, **more: object
) -> Register:
    """A register of facts that every unit may lead, with the next free key and prefix of `pack`."""
    said: dict[str, object] = {
        "key": free_key(pack.registers),
        "label": label,
        "noun": "记录",
        "measure": "条",
        "prefix": free_prefix([register.prefix for register in pack.registers.values()]),
        "section": "新建清单",
        "done_word": "登记",
        "lead_levels": tuple(level.key for level in pack.head.levels),
        "workflow": "log",
        "fills": ("office", "liaison", "filler"),
        "fields": tuple(fields),
        "columns": ("number", "title", "unit", *(field.key for field in fields)),
        **more,
    }
    return Register.model_validate(said)
