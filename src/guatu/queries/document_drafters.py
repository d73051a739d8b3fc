"""Whose hands a document went through: who drafted it (made it, wrote in it while it was being drafted, or handed it in), and
who made which of its steps.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from guatu.domain.loop_tracks import BODY, track
from guatu.domain.pack import Pack
from guatu.domain.spells import STATE
from guatu.records.models import Item, Revision

MOVE = "items.move:"
"""What the action of a step begins with, before the key of the step."""


@dataclass(frozen=True, slots=True)
class Made:
    """A step that was made: its key, by whom, on which day."""

    step: str
    person: int | None
    name: str
    on: date


@dataclass(frozen=True, slots=True)
class Hands:
    """Those who drafted it in any of its rounds (keys), and every step in the order in which they were made."""

    drafted: frozenset[int] = frozenset()
    made: tuple[Made, ...] = ()

    def who(self, steps: Collection[str]) -> frozenset[int]:
        """The persons who made one of these steps, in any round."""
        return frozenset(one.person for one in self.made if one.step in steps and one.person is not None)

    def round(self, hand_in: str) -> tuple[Made, ...]:
        """The steps since it was handed in last, that one among them."""
        last = max((n for n, one in enumerate(self.made) if one.step == hand_in), default=len(self.made))
        return self.made[last:]


def drafters(pack: Pack, document: Item) -> frozenset[int]:
    """The persons (keys) who drafted it, in any of its rounds. One statement."""
    return hands(pack, document).drafted


def hands(pack: Pack, document: Item) -> Hands:
    """Whose hands it went through. One statement.

    Whoever changes a word while checking is no drafter.
    """
    spec = pack.loop.documents
    if spec is None:
        return Hands()
    way = pack.workflow_of(document.register).transition(spec.hand_in)
    drafting = frozenset(way.origins) if way is not None else frozenset[str]()
    found: set[int] = set()
    made: list[Made] = []
    state = ""
    rows = Revision.objects.filter(subject_kind="item", subject_id=document.pk).order_by("version")
    for version, body, on, person, name, action in rows.values_list(
        "version", "body", "effective_on", "batch__actor_id", "batch__actor_name", "batch__action"
    ):
        dated = json.loads(body)["dated"]
        before = state
        state = dated.get(STATE, {}).get("key", state)
        if action.startswith(MOVE):
            made.append(Made(action.removeprefix(MOVE), person, name, on))
        drafted = version == 1 or action == f"{MOVE}{spec.hand_in}"
        if person is not None and (drafted or (track(BODY) in dated and before in drafting)):
            found.add(person)
    return Hands(frozenset(found), tuple(made))


def lead_of(document: Item) -> int | None:
    """The person (key) who began the document. One statement."""
    first = Revision.objects.filter(subject_kind="item", subject_id=document.pk, version=1)
    return first.values_list("batch__actor_id", flat=True).first()
