"""The units of a campaign's organisation under everything they are called: what names in sheets are looked up in."""

from __future__ import annotations

from guatu.access import Actor, visible
from guatu.domain.imports.item_cells import Lookups, unit_names
from guatu.records.models import Campaign, Unit


def unit_lookups(actor: Actor, campaign: Campaign) -> Lookups:
    """The units that the actor sees in the campaign's organisation, in its order. One statement."""
    depth = len(campaign.root.line)
    rows = visible(actor, Unit.objects.filter(**{f"a{depth}": campaign.root_id}), campaign)
    columns = ("code", "name", "short_name", "aliases", "former_names")
    return Lookups(units=unit_names(rows.order_by("order", "code").values_list(*columns)))
