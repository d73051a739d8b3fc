"""The rows of a roster: one return for each unit, with its review chain and its cut-off."""

from __future__ import annotations

from collections.abc import Sequence

from guatu.access import Actor, covers
from guatu.actions.item_drafts import NewItem
from guatu.domain.collection import Form, chain_for
from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import CHAIN, CUT_OFF
from guatu.domain.pack import Pack
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.returns import collection_of
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Unit
from guatu.records.packs import pack_of


def rows_for(
    actor: Actor, campaign: Campaign, pack: Pack, request: Item, form: Form, codes: Sequence[str]
) -> list[NewItem]:
    """One return for each unit, each with its review chain and its cut-off."""
    spec = collection_of(pack)
    units: dict[str, Unit] = {}
    for chunk in in_chunks(sorted(set(codes))):
        units.update({unit.code: unit for unit in Unit.objects.filter(code__in=chunk)})
    levels = pack.register(form.register).lead_levels
    labels = {level.key: level.label for level in pack.head.levels}
    rows = []
    for code in dict.fromkeys(codes):
        unit = _unit_asked(actor, campaign, request, code, units.get(code))
        if unit.level not in levels:
            raise BadInput(
                _("{unit}（{level}）不能填“{register}”。请从名单中去掉，或另选清单。"),
                unit=unit.short_name,
                level=labels.get(unit.level, unit.level),
                register=pack.register(form.register).label,
            )
        chain = chain_for(form.chain, request.unit_id, campaign.root_id, unit.line)
        rows.append(
            NewItem(
                register=spec.returns,
                unit=code,
                title=request.title,
                start=request.start,
                due=form.cut_off.date(),
                parent=request.pk,
                tracks={CHAIN: list(chain), CUT_OFF: form.cut_off.isoformat(timespec="minutes")},
            )
        )
    return rows


def _unit_asked(actor: Actor, campaign: Campaign, request: Item, code: str, unit: Unit | None) -> Unit:
    """The unit, if it stands below the one that asks, in the actor's reach; out of reach it answers as one that is none."""
    roles = pack_of(campaign).register(request.register).fills
    if unit is None or not covers(actor, roles, unit.line, campaign):
        raise BadInput(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)
    if request.unit_id not in unit.line[:-1]:
        raise BadInput(
            _("{unit} 不在{asker}之下，不能列入应报单位名单。请从名单中去掉。"),
            unit=unit.short_name,
            asker=request.unit.short_name,
        )
    return unit


def refuse_held(campaign: Campaign, register: str, request: Item, rows: Sequence[NewItem]) -> None:
    """A unit stands on a roster once."""
    held = dict(
        Item.objects.filter(
            campaign=campaign,
            register=register,
            parent=request,
            unit__code__in=[row.unit for row in rows],
        )
        .exclude(phase="void")
        .values_list("unit__code", "unit__short_name")
    )
    if held:
        raise BadInput(
            _("{units}已在应报单位名单上。请从核增中去掉。"), units=listed(list(held.values())[:10])
        )
