"""The pack that a campaign holds, parsed once per process and content."""

from __future__ import annotations

from functools import lru_cache

from django.utils.translation import get_language

from guatu.domain.pack.schema import Pack
from guatu.domain.pack.spoken import spoken
from guatu.records.models import Campaign, PackVersion


@lru_cache(maxsize=16)
def _parsed(sha256: str) -> Pack:
    body = PackVersion.objects.values_list("body", flat=True).get(sha256=sha256)
    return Pack.model_validate_json(body)


@lru_cache(maxsize=32)
def _spoken(sha256: str, language: str) -> Pack:
    return spoken(_parsed(sha256), language)


def pack_of(campaign: Campaign) -> Pack:
    """The campaign's pack as stored with it, in the reader's language; never read from the folder again."""
    return _spoken(campaign.pack.sha256, get_language() or "")


def written_pack(campaign: Campaign) -> Pack:
    """The campaign's pack in the language in which it was written: what a new version of it is made from."""
    return _parsed(campaign.pack.sha256)
