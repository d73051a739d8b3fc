"""Scenes of a demo: what people of the cast do beside the story's bulk, played through the actions on a day of it.

The story tells what every item goes through; a scene shows what hangs beside items: a delegation, a proposal, a remark, a
sample. A scene is played at the end of its day, in office hours, after everything that the story tells of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from guatu.access import Actor
from guatu.actions.writing import NewEvidence
from guatu.demo.papers import Drawing
from guatu.demo.plan import Story
from guatu.records.files import keep
from guatu.records.models import Campaign, Item, Message, Person


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a scene is played: the campaign as it stands on `day`, and who may act in it.

    `resting` are the primary keys of the items that the story leaves alone after that day: a scene that moves an item
    takes one of these. `cast_unit` of the pack's own scenes is theirs to know: here nothing names a place.
    """

    story: Story
    campaign: Campaign
    day: date
    resting: Collection[int]
    actor_of: Callable[[str], Actor]

    def actor(self, username: str) -> Actor:
        """The person with all their posts of this day."""
        return self.actor_of(username)

    def post(self, username: str, role: str) -> Actor:
        """The person under the post with this role, as after 切换身份."""
        actor = self.actor_of(username)
        return actor.under(next(grant for grant in actor.grants if grant.role == role))

    def person(self, username: str) -> Person:
        """The person with this user name."""
        found: Person = Person.objects.get(username=username)
        return found

    def items(self, register: str, *states: str, below: str = "") -> QuerySet[Item]:
        """Items of a register in these states, led by the unit `below` (a code) or what stands under it; by number.

        Only those that the story leaves alone from here on.
        """
        rows = Item.objects.filter(campaign=self.campaign, register=register, state__in=states)
        if below:
            rows = rows.filter(unit__code__startswith=below)
        return rows.filter(pk__in=self.resting).select_related("unit").order_by("number")

    def filler(self, unit: str) -> Actor:
        """Somebody who fills for the unit with this code itself."""
        return self.actor_of(self._holder(unit, "filler"))

    def head(self, unit: str) -> Actor:
        """The head of the unit with this code."""
        return self.actor_of(self._holder(unit, "head"))

    def _holder(self, unit: str, role: str) -> str:
        return next(p.username for p in self.story.posts if p.unit == unit and p.role == role)

    def unread(self, username: str) -> list[Message]:
        """What somebody has not read yet, the latest first."""
        return list(Message.objects.filter(person__username=username, read_at=None).order_by("-pk"))


@dataclass(frozen=True, slots=True)
class Scene:
    """Something that is played on a day of the story. Where what it needs is not there, it plays nothing."""

    day: date
    play: Callable[[Stage], None]


def handed_in(drawing: Drawing, name: str, kind: str = "") -> NewEvidence:
    """A drawing kept in the file store, as evidence of a kind."""
    sha256, size = keep([drawing.content()])
    return NewEvidence(name, sha256=sha256, size=size, kind=kind)


def fields_of(item: Item) -> Mapping[str, object]:
    """The item's field values without what the loop itself notes on it."""
    return {key: value for key, value in item.data.items() if not key.startswith("@")}
