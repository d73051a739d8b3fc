"""The items that fields of other items name, in words: “YH-0012 泵房东侧灭火器压力不足”."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guatu.access import Actor, visible
from guatu.domain.pack.register import Register
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item


def item_names(
    actor: Actor,
    campaign: Campaign,
    register: Register,
    keys: Iterable[str],
    rows: Sequence[Mapping[str, Any]],
) -> dict[str, str]:
    """Public id → number and title of what the fields `keys` of `rows` name, as far as the actor sees it.

    One statement per chunk, none where no such field names an item. `rows` have their values under `data`.
    """
    pointing = [key for key in keys if (field := register.field(key)) is not None and field.type == "item"]
    named = {str(value) for row in rows for key in pointing if (value := row["data"].get(key))}
    found: dict[str, str] = {}
    for chunk in in_chunks(sorted(named)):
        items = visible(actor, Item.objects.filter(public_id__in=chunk), campaign)
        for public_id, number, title in items.values_list("public_id", "number", "title"):
            found[str(public_id)] = f"{number} {title}"
    return found
