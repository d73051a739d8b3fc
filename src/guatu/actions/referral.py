"""Referral upward (提请上级解决): claiming with an item of one's own, and the office's coordination.

The steps themselves are the workflow's (`actions/workflow.py`); beside them stand the item above with its link
(`actions/item_above.py`) and what goes on below when the matter above is solved (`actions/after_steps.py`).
"""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.actions.item_above import Above, claiming_unit, tie
from guatu.actions.reach import load_items, units_by_code
from guatu.actions.workflow import Move, move_items
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.pack.loop import Referral
from guatu.domain.words import gettext as _
from guatu.queries.referrals import referral_of
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


def claim_referral(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    above: Above | None = None,
    reason: str = "",
    version: int | None = None,
) -> Item:
    """Claim what a unit below has referred upward, and link it with an item led by one's own unit.

    Raises NotFound, NotAllowed and BadInput as moving the item does; BadInput for an item above that is done, belongs
    to another register, or is not led by a unit above.
    """
    found, spec = _referred(campaign, item)
    way = pack_of(campaign).workflow_of(found.register).transition(spec.claim)
    with transaction.atomic():
        lead = claiming_unit(actor, campaign, way, found)
        if lead is not None:  # else the step itself says why not
            tie(actor, campaign, spec, found, lead, above or Above(), reason)
        return _step(actor, campaign, found, spec.claim, reason, version)


def assign_referral(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    unit: str,
    due: date | None,
    reason: str,
    version: int | None = None,
) -> Item:
    """The office names a unit or department (by code) that solves the matter by `due`: an item above is opened for it.

    Raises BadInput for an unknown unit, one whose level cannot lead, the asking unit itself, or without a due day.
    """
    found, spec = _referred(campaign, item)
    if due is None:
        raise BadInput(_("没有填写办结时限。请填写日期，例如 2026-12-31。"))
    if due < today(ZoneInfo(campaign.zone)):
        raise BadInput(_("办结时限 {due} 已过。请填今天或以后的日期。"), due=due)
    lead = units_by_code({unit})[unit]
    if lead.pk == found.unit_id:
        raise BadInput(_("{unit}就是提请的单位，不能由它自己认领。请另选单位。"), unit=lead.short_name)
    with transaction.atomic():
        tie(actor, campaign, spec, found, lead, Above(due=due), reason)
        return _step(actor, campaign, found, spec.assign, reason, version)


def answer_referral(
    actor: Actor, *, campaign: Campaign, item: int, reason: str, version: int | None = None
) -> Item:
    """The office answers the unit itself (`reason`): the matter leaves the coordination list, the unit goes on."""
    found, spec = _referred(campaign, item)
    return _step(actor, campaign, found, spec.answer, reason, version)


def _step(
    actor: Actor, campaign: Campaign, item: Item, transition: str, reason: str, version: int | None
) -> Item:
    """Move what was referred upward by one of the pack's steps; `version` is what whoever answers saw."""
    move = Move(item.pk, reason=reason, version=version)
    return move_items(actor, campaign=campaign, transition=transition, moves=[move])[0]


def _referred(campaign: Campaign, item: int) -> tuple[Item, Referral]:
    found = load_items(campaign, [item])[item]
    spec = referral_of(pack_of(campaign), found.register)
    if spec is None:
        raise BadInput(_("{number} 所在的清单没有提请上级这一步。"), number=found.number)
    return found, spec
