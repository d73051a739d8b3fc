"""The units beside an item's lead unit: contributing units (配合), the supervising department (督办), a second lead."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.actions.history import answered
from guatu.actions.reach import items_of, load_items, require_reach, units_by_code
from guatu.actions.writing import Draft, load_past, refuse_seen, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.models import ANCESTORS, Campaign, Item, ItemUnit, Unit

ACTION = "items.beside"


def set_units_beside(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    contributing: Sequence[str] | None = None,
    supervising: Sequence[str] | None = None,
    second_lead: str | None = None,
    reason: str = "",
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Say which units stand beside the lead unit, by their codes; a role that is left out (None) stays as it is.

    `second_lead` "" takes the second lead away. Needs the office or a liaison or filler who reaches the lead unit;
    `version` is the item's as the actor saw it. Writes nothing if nothing changes. Raises NotFound, NotAllowed,
    Conflict, and BadInput for an unknown unit, one that has ended, one named twice, or the lead unit itself.
    """
    role = ItemUnit.Role
    wanted: dict[str, Sequence[str] | None] = {
        role.CONTRIBUTING: contributing,
        role.SUPERVISING: supervising,
        role.LEAD: None if second_lead is None else [second_lead] if second_lead else [],
    }
    request = [item, {key: codes and list(codes) for key, codes in wanted.items()}, reason, version]
    if batch := answered(actor, ACTION, campaign, idempotency_key, request):
        return items_of(batch)[0]
    found = load_items(campaign, [item])[item]
    actor = require_reach(actor, roles_with("set_beside"), found, campaign)
    refuse_seen(found, version)
    units = units_by_code({code for codes in wanted.values() for code in codes or ()})
    now = list(found.units.select_related("unit"))
    stay, added = _compare(now, wanted, units)
    _refuse_double(found, [*(row.unit for row in stay), *(row.unit for row in added)])
    leaving = tuple(row for row in now if row not in stay)
    if not added and not leaving:
        return found
    draft = Draft(found, today(ZoneInfo(campaign.zone)), {}, beside=tuple(added), leaving=leaving)
    load_past([draft])
    write(
        actor,
        action=ACTION,
        campaign=campaign,
        drafts=[draft],
        reason=reason.strip(),
        idempotency_key=idempotency_key,
        request=request,
    )
    return draft.item


def _compare(
    now: Sequence[ItemUnit], wanted: dict[str, Sequence[str] | None], units: dict[str, Unit]
) -> tuple[list[ItemUnit], list[ItemUnit]]:
    """(rows that stay, rows that are new)."""
    stay, added = [], []
    for row in now:
        codes = wanted[row.role]
        if codes is None or row.unit.code in codes:
            stay.append(row)
    held = {(row.unit_id, row.role) for row in now}
    for its_role, codes in wanted.items():
        for code in codes or ():
            unit = units[code]
            if (unit.pk, its_role) not in held:
                added.append(row_beside(unit, its_role))
    return stay, added


def _refuse_double(item: Item, beside: Sequence[Unit]) -> None:
    """A unit stands beside an item once, and never beside itself."""
    seen: set[int] = set()
    for unit in beside:
        if not unit.line:
            raise BadInput(_("{unit}已不在册，不能参与新的事项。请另选单位。"), unit=unit.short_name)
        if unit.pk == item.unit_id:
            raise BadInput(
                _("{unit}是 {number} 的牵头单位，不必再列入。请另选单位。"),
                unit=unit.short_name,
                number=item.number,
            )
        if unit.pk in seen:
            raise BadInput(
                _("{unit}在 {number} 中列了两次。请只保留一种身份。"),
                unit=unit.short_name,
                number=item.number,
            )
        seen.add(unit.pk)


def row_beside(unit: Unit, role: str) -> ItemUnit:
    """The row of a unit beside an item that is still to be named, with the unit's line of today."""
    return ItemUnit(unit=unit, role=role, **{name: getattr(unit, name) for name in ANCESTORS})
