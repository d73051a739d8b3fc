"""What a running campaign's pack is given by clicks: another register, as a new version of the pack."""

from __future__ import annotations

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, answered, body_text, heads, record
from guatu.actions.setup import campaign_plain
from guatu.domain.clock import today
from guatu.domain.pack.growing import refitted, with_register
from guatu.domain.pack.register import Register
from guatu.records.models import Campaign, LedgerHead, PackVersion
from guatu.records.packs import written_pack

ACTION = "pack.add_register"


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
    require(actor, "shape_campaign", campaign.root, campaign)
    given = {"key", "prefix"} if refit else set[str]()
    request = register.model_dump(mode="json", by_alias=True, exclude_defaults=True, exclude=given)
    if answered(actor, ACTION, campaign, idempotency_key, request):
        return _as_stored(campaign)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # two registers at once: the second stands on the first
        _as_stored(campaign)
        stands = written_pack(campaign)
        pack = with_register(stands, refitted(stands, register) if refit else register)
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
            action=ACTION,
            campaign=campaign,
            changes=[change],
            reason=reason or register.label,
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
