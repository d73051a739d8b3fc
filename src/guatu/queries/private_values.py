"""Private values for those who fill the register; everybody else reads that something is there, not what."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from guatu.access import Actor, covers
from guatu.domain.pack.register import Register
from guatu.domain.private import MARK, Sealed, is_stand_in
from guatu.records.models import Campaign, Item, PrivateValue


def revealed(
    actor: Actor, campaign: Campaign, register: Register, item: Item, data: Mapping[str, Any]
) -> dict[str, Any]:
    """`data` with the private values in place for an actor who fills this register for the item's unit.

    An erased value is None; for others the stand-ins remain. No statement for a register without private fields.
    """
    sealed = {key: value[MARK] for key, value in data.items() if is_stand_in(value)}
    if not sealed or not covers(actor, register.fills, item.line, campaign):
        return dict(data)
    known = {
        (row.field, kept.digest): json.loads(kept.text)
        for row in PrivateValue.objects.filter(item=item, field__in=sealed)
        for kept in (Sealed(row.salt, row.value),)
    }
    return {**data, **{key: known.get((key, digest)) for key, digest in sealed.items()}}
