"""Who declared a figure so, and when: the versions of the campaign's pack in which its declaration is another one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from guatu.access import Actor, require
from guatu.domain.figures.grammar import Figure
from guatu.domain.pack import Pack
from guatu.domain.pack.figure_words import definition
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, PackVersion, Revision

MOST = 100
"""Versions that are looked into, the newest: a page shows no more."""


@dataclass(frozen=True, slots=True)
class FigureVersion:
    """One declaration: in force since it was recorded, by whom, why. `counts` is generated from it, `says` what was written."""

    version: str
    at: datetime
    by: str
    reason: str
    label: str
    says: str
    counts: str
    retired: bool


def figure_versions(actor: Actor, campaign: Campaign, pack: Pack, key: str) -> tuple[FigureVersion, ...]:
    """The declarations of figure `key`, the newest first; the same one is told once, with its first version.

    Three statements. Names inside the words are those that the pack has now.
    """
    require(actor, "see_figures", campaign=campaign)
    rows = Revision.objects.filter(subject_kind="campaign", subject_id=campaign.pk).order_by("-version")[
        :MOST
    ]
    said = [(json.loads(row.body)["plain"]["pack"], row.batch_id) for row in reversed(rows)]
    bodies = dict(
        PackVersion.objects.filter(sha256__in={sha for sha, _batch in said}).values_list("sha256", "body")
    )
    batches = Batch.objects.in_bulk({batch for _sha, batch in said})
    zone = ZoneInfo(campaign.zone)
    found: list[FigureVersion] = []
    stood: object = None
    for sha, number in said:
        body = json.loads(bodies[sha])
        declared = body.get("figures", {}).get(key)
        if declared is None or declared == stood:
            continue
        stood = declared
        figure = Figure.model_validate({"key": key, **declared})
        batch = batches[number]
        found.append(
            FigureVersion(
                version=body["head"]["version"],
                at=batch.recorded_on.astimezone(zone),
                by=batch.actor_name or _("系统"),
                reason=batch.reason,
                label=figure.label,
                says=figure.definition,
                counts=definition(pack, figure),
                retired=figure.retired,
            )
        )
    return tuple(reversed(found))
