"""One policy that answers “which rows?” and “may I?”."""

from __future__ import annotations

from guatu.access.actor import Actor, Grant, nobody, operator, resolve
from guatu.access.policy import (
    countable,
    covering,
    covers,
    get_item,
    get_unit,
    may,
    require,
    scope,
    seen_among,
    visible,
)

__all__ = [
    "Actor",
    "Grant",
    "countable",
    "covering",
    "covers",
    "get_item",
    "get_unit",
    "may",
    "nobody",
    "operator",
    "require",
    "resolve",
    "scope",
    "seen_among",
    "visible",
]
