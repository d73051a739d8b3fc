"""The pack that a campaign holds, parsed once per process and content."""

from __future__ import annotations

from functools import lru_cache

from guatu.domain.pack.schema import Pack
from guatu.records.models import Campaign, PackVersion


@lru_cache(maxsize=16)
def _parsed(sha256: str) -> Pack:
    body = PackVersion.objects.values_list("body", flat=True).get(sha256=sha256)
    return Pack.model_validate_json(body)


def pack_of(campaign: Campaign) -> Pack:
    """The campaign's pack as stored with it; never read from the folder again."""
    return _parsed(campaign.pack.sha256)
