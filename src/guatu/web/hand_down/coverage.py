"""签收情况: a handed-down task by unit, acknowledged or not, as its page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.http import QueryDict
from django.urls import reverse

from guatu.access import get_item, may
from guatu.queries.acknowledged import Acknowledged, Coverage, acknowledgement
from guatu.records.models import Item
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One unit; `list_href` lists its tasks that are not acknowledged, `urge_href` leads to urging them."""

    row: Coverage
    list_href: str
    urge_href: str


@dataclass(frozen=True, slots=True)
class CoverageShown:
    """The page; `found` is None where the task was handed down to nobody yet."""

    item: Item
    item_href: str
    found: Acknowledged | None
    rows: tuple[CoverageRow, ...]
    urge_href: str
    hand_down_href: str


def coverage_shown(at: Here, public_id: UUID) -> CoverageShown:
    """The acknowledgement of the task today. Raises NotFound for an item out of sight."""
    item = get_item(at.actor, public_id, at.campaign)
    found = acknowledgement(at.actor, at.campaign, item)
    urges = not at.past and may(at.actor, "urge", campaign=at.campaign)
    rows = tuple(
        CoverageRow(
            row,
            _address(at, "list", found, item, row.code) if row.missing else "",
            _address(at, "list_urge", found, item, row.code) if row.missing and urges else "",
        )
        for row in (found.rows if found else ())
    )
    return CoverageShown(
        item=item,
        item_href=at.to("item", public_id),
        found=found,
        rows=rows,
        urge_href=_address(at, "list_urge", found, item, "") if found and found.missing and urges else "",
        hand_down_href=at.to("hand-down", public_id)
        if may(at.actor, "hand_down", campaign=at.campaign)
        else "",
    )


def _address(at: Here, name: str, found: Acknowledged | None, item: Item, unit: str) -> str:
    """The list (or the urging) of the tasks below this one that nobody has acknowledged, of one unit or of all."""
    assert found is not None
    pairs = QueryDict(mutable=True)
    pairs["parent"] = item.number
    pairs.setlist("state", list(found.states))
    if unit:
        pairs["unit"] = unit
    return at.framed(reverse(name, args=[found.register]), pairs)
