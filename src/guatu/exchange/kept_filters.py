"""Filters of a list as JSON: how a job and a mapped form keep them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from guatu.queries.pages import ItemFilters


def filters_kept(filters: ItemFilters) -> dict[str, Any]:
    """Filters in JSON: only what is set, days in ISO form."""
    kept = {}
    for name, value in asdict(filters).items():
        if value:
            kept[name] = value.isoformat() if isinstance(value, date) else value
    return kept


def filters_from(kept: Mapping[str, Any]) -> ItemFilters:
    """The filters that `filters_kept` kept."""
    found: dict[str, Any] = {}
    for field in fields(ItemFilters):
        if field.name not in kept:
            continue
        value = kept[field.name]
        if "date" in str(field.type):
            value = date.fromisoformat(value)
        elif isinstance(value, list):
            value = tuple(tuple(one) if isinstance(one, list) else one for one in value)
        found[field.name] = value
    return ItemFilters(**found)
