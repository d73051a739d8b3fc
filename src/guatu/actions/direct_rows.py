"""Rows that are written directly, outside any return, in a register of collected data (a workbook made into one, a request's).

Such a register says of every row how far it has been recognised. What a unit enters or changes there by itself, from
whatever door, has been looked at by nobody: it begins as reported, and comes up by being taken into the next return. What
the office enters stands as the office's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guatu.access import Actor
from guatu.access.secrecy import OFFICE
from guatu.domain.collection import UNREPORTED
from guatu.domain.loop_tracks import BASIS, RETURN, track
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.records.models import Campaign

REPORTED = "reported"


def is_collected(pack: Pack, register: Register) -> bool:
    """Whether the register is one of collected data: its items are recorded, and recognised by returns."""
    spec = pack.loop.collection
    return spec is not None and register.workflow == spec.collected


def as_entered(
    campaign: Campaign, pack: Pack, register: Register, line: tuple[int, ...], actor: Actor
) -> dict[str, Any]:
    """The tracks of a row that the actor writes directly for the unit with this line: none where it is the office's.

    It is the office's where every post by which the actor fills there is one of the campaign's office, or of the
    installation; whoever also fills for the unit writes for the unit.
    """
    if not is_collected(pack, register):
        return {}
    posts = [
        grant
        for grant in actor.grants
        if grant.role in register.fills and grant.campaign in (None, campaign.pk) and grant.covers(line)
    ]
    office = all(
        grant.everywhere or (grant.role == OFFICE and grant.unit == campaign.root_id) for grant in posts
    )
    return {} if office else {track(BASIS): REPORTED}


def as_changed(data: Mapping[str, Any], entered: Mapping[str, Any]) -> dict[str, Any]:
    """The tracks of a row that stands with `data` and is changed directly by somebody whose rows begin as `entered`.

    A row of a return goes by its return; one that nobody has recognised stays so, whoever changes it.
    """
    if data.get(RETURN) is not None or data.get(BASIS) in (REPORTED, UNREPORTED):
        return {}
    return dict(entered)
