"""What a running campaign's pack is given by clicks: another register, another figure, as a new version of the pack.

Whatever was written before keeps naming the version it was written under; what is delivered with the program is never
changed. Only the office of the campaign's root does this.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, answered, body_text, heads, record
from guatu.actions.setup import campaign_plain
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack.figure_growing import (
    free_figure_key,
    with_changed_figure,
    with_figure,
    without_figure,
)
from guatu.domain.pack.growing import refitted, with_register
from guatu.domain.pack.register import Register
from guatu.domain.pack.schema import Pack
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, LedgerHead, PackVersion
from guatu.records.packs import written_pack

ACTION = "pack.add_register"
ADD_FIGURE = "pack.add_figure"
CHANGE_FIGURE = "pack.change_figure"
RETIRE_FIGURE = "pack.retire_figure"


def add_register(
    actor: Actor,
    *,
    campaign: Campaign,
    register: Register,
    reason: str = "",
    refit: bool = False,
    idempotency_key: str | None = None,
) -> Campaign:
    """Add `register` to the campaign's pack: a new version of the pack, one batch, one revision of the campaign.

    For the office of the campaign's root. `campaign` itself is brought up to date and returned: `pack_of` shows the
    register at once, in every process that reads the campaign anew. Revisions written before keep naming the version
    they were written under. Raises BadInput where the register does not fit into the pack (`with_register`).

    `refit`: key and prefix carry no meaning; if somebody has taken either since the register was made it gets free ones,
    and is found again by its label (`growing.labelled`).
    """
    given = {"key", "prefix"} if refit else set[str]()
    return _changed(
        actor,
        campaign,
        ACTION,
        lambda stands: with_register(stands, refitted(stands, register) if refit else register),
        request=register.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=given),
        reason=reason or register.label,
        idempotency_key=idempotency_key,
    )


def add_figure(
    actor: Actor,
    *,
    campaign: Campaign,
    figure: Figure,
    reason: str = "",
    idempotency_key: str | None = None,
) -> Campaign:
    """Add a figure to the campaign's pack, under the next free key: it is found again by its label (`figure_labelled`).

    At once it stands in the catalogue, in documents, in exports and in the checker. Raises BadInput where it does not fit
    (`with_figure`): a name taken, a field that does not exist, a circle, no measure word.
    """

    def grown(stands: Pack) -> Pack:
        key = free_figure_key(stands.figures)
        return with_figure(stands, figure.model_copy(update={"key": key, "made": True}))

    return _changed(
        actor,
        campaign,
        ADD_FIGURE,
        grown,
        request=_plain(figure, {"key"}),
        reason=reason or figure.label,
        idempotency_key=idempotency_key,
    )


def change_figure(
    actor: Actor,
    *,
    campaign: Campaign,
    figure: Figure,
    base: Figure | None = None,
    reason: str,
    idempotency_key: str | None = None,
) -> Campaign:
    """Declare a figure made by clicks anew, under the same key; the old declaration stays in the version before.

    `base`: the declaration that was changed; Conflict where somebody else has changed it since. Raises BadInput for a figure
    of the delivered pack, for no reason, and as `add_figure`.
    """
    if not reason.strip():
        raise BadInput(_("请填写修改口径的原因。"))

    def grown(stands: Pack) -> Pack:
        if base is not None and stands.figures.get(figure.key) != base:
            raise Conflict(_("“{label}”刚才已被别人改过。请重新打开后再改。"), label=figure.label)
        return with_changed_figure(stands, figure.model_copy(update={"made": True}))

    return _changed(
        actor,
        campaign,
        CHANGE_FIGURE,
        grown,
        request=_plain(figure),
        reason=reason,
        idempotency_key=idempotency_key,
    )


def retire_figure(
    actor: Actor,
    *,
    campaign: Campaign,
    key: str,
    reason: str,
    idempotency_key: str | None = None,
) -> Campaign:
    """Offer a figure made by clicks no longer; where it was written it is still computed.

    Raises BadInput for a figure of the delivered pack, for no reason, and for one retired already.
    """
    if not reason.strip():
        raise BadInput(_("请填写停用的原因。"))
    return _changed(
        actor,
        campaign,
        RETIRE_FIGURE,
        lambda stands: without_figure(stands, key),
        request={"key": key},
        reason=reason,
        idempotency_key=idempotency_key,
    )


def _plain(figure: Figure, without: set[str] | None = None) -> dict[str, Any]:
    return figure.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=without)


def _changed(
    actor: Actor,
    campaign: Campaign,
    action: str,
    grown: Callable[[Pack], Pack],
    *,
    request: Mapping[str, Any],
    reason: str,
    idempotency_key: str | None,
) -> Campaign:
    """The campaign on the version that `grown` makes of the one it stands on, brought up to date; one batch, one revision."""
    require(actor, "shape_campaign", campaign.root, campaign)
    if answered(actor, action, campaign, idempotency_key, request):
        return _as_stored(campaign)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # two changes at once: the second stands on the first
        _as_stored(campaign)
        pack = grown(written_pack(campaign))
        version, _created = PackVersion.objects.get_or_create(
            sha256=pack.sha256,
            defaults={"key": pack.key, "version": pack.version, "body": pack.canonical},
        )
        campaign.pack = version
        head = heads("campaign", [campaign.pk]).get(campaign.pk, NO_HEAD)
        campaign.version = head.version + 1
        body = body_text({}, campaign_plain(campaign), pack=pack.sha256)
        change = Change("campaign", campaign.pk, head.version, head.hash, today(), body)
        record(
            actor,
            action=action,
            campaign=campaign,
            changes=[change],
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
        )
        campaign.save(update_fields=["pack", "version"])
    return campaign


def _as_stored(campaign: Campaign) -> Campaign:
    """The campaign as the database has it now: the one given may have been read before somebody else's change."""
    now = Campaign.objects.select_related("pack").defer("pack__body").get(pk=campaign.pk)
    campaign.pack, campaign.version = now.pack, now.version
    return campaign
