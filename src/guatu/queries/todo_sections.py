"""Sections of documents that a person has been asked to write, as work of their own. Part of the desk's own statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from guatu.access import Actor
from guatu.domain.loop_tracks import BODY, SECTIONS, WRITERS
from guatu.domain.words import gettext as _
from guatu.domain.writing.assigning import shares_of, still_there
from guatu.domain.writing.body import sections_of
from guatu.domain.writing.body_json import body_of
from guatu.records.models import Campaign
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Given:
    """Which spells are documents with a section of the person's that is not done: in which register and states."""

    rows: Q
    register: str
    states: tuple[str, ...]


def sections_given(person: Actor, campaign: Campaign) -> Given | None:
    """None in a campaign without documents, and for whoever is no person."""
    pack = pack_of(campaign)
    spec = pack.loop.documents
    way = pack.workflow_of(spec.register_key).transition(spec.hand_in) if spec is not None else None
    if spec is None or way is None or person.person is None:
        return None
    mine = Q(**{f"data__{WRITERS}__icontains": f",{person.person},"})
    here = Q(campaign=campaign, register=spec.register_key, state__in=way.origins)
    return Given(here & mine, spec.register_key, way.origins)


def titles_given(person: Actor, campaign: Campaign, row: Mapping[str, Any]) -> tuple[str, ...]:
    """The titles of the person's undone sections of a row of the desk; none for what is no document being drafted."""
    spec = pack_of(campaign).loop.documents
    data = row["data"]
    if (
        spec is None
        or row["register"] != spec.register_key
        or f",{person.person}," not in data.get(WRITERS, "")
    ):
        return ()
    body = body_of(data.get(BODY) or {})
    titles = {section.heading: section.title for section in sections_of(body)}
    shares = still_there(shares_of(data.get(SECTIONS)), body)
    return tuple(titles[one.heading] for one in shares if one.person == person.person and not one.done)


def heading_given(person: Actor, data: Mapping[str, Any]) -> str:
    """The id of the heading of the first section that is the person's to write and not done; empty without one."""
    shares = shares_of(data.get(SECTIONS))
    return next((one.heading for one in shares if one.person == person.person and not one.done), "")


def told_sections(titles: Sequence[str]) -> str:
    """请您写：检视整改。 Empty without any."""
    return _("请您写：{sections}。").format(sections="、".join(titles)) if titles else ""
