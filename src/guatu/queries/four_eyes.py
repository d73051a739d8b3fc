"""Four eyes by unit: a verifier stands outside every responsible unit and has neither applied nor filled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Min, Subquery

from guatu.access import Actor
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.domain.errors import NotAllowed
from guatu.domain.tree import FAR, units_between
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_at
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, ItemUnit, LedgerHead, Post, Revision, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

RESPONSIBLE = (ItemUnit.Role.CONTRIBUTING, ItemUnit.Role.LEAD)
"""The roles in which a unit answers for an item beside the one that leads it."""


@dataclass(slots=True)
class Standing:
    """What has to be known of a verifier and of the items, read once for a whole batch.

    `posts`: the units on which the person holds or held a post and those above them at that time, with the day on
    which it ended and its label. `led`: the units that lead an item or have led it. `office`, `team`: what the campaign
    calls those who may verify instead.
    """

    person: int | None
    home_line: tuple[int, ...] = ()
    posts: list[tuple[frozenset[int], date | None, str]] = field(default_factory=list)
    opened: dict[int, date] = field(default_factory=dict)
    led: dict[int, set[int]] = field(default_factory=dict)
    contributing: dict[int, set[int]] = field(default_factory=dict)
    acted: set[int] = field(default_factory=set)
    office: str = ""
    team: str = ""

    @classmethod
    def of(
        cls, actor: Actor, campaign: Campaign, items: Sequence[Item], own_steps: Sequence[str]
    ) -> Standing:
        """Read the verifier's posts, past ones too, and what they did on these items: a few statements a chunk.

        `own_steps`: keys of the transitions that the responsible side makes; whoever made one of them, or edited the
        item, does not verify it.
        """
        words = pack_of(campaign).words
        standing = cls(actor.person, actor.home_line, office=words.office, team=words.team)
        if not items:
            return standing
        standing.posts = _posts(actor, campaign)
        on_behalf = {item.pk for item in items if item.on_behalf}
        for chunk in in_chunks([item.pk for item in items]):
            revisions = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
            standing.opened.update(revisions.values_list("subject_id").annotate(Min("effective_on")))
            known = Spell.objects.filter(item__in=chunk, rec_to=STILL_KNOWN)
            for item, unit in known.values_list("item_id", "unit_id").distinct():
                standing.led.setdefault(item, set()).add(unit)
            standing.contributing.update(_contributing(chunk))
            own_batches = Batch.objects.filter(actor_id=actor.person, action__in=responsible_acts(own_steps))
            standing.acted.update(
                revisions.filter(batch__in=own_batches).values_list("subject_id", flat=True)
            )
            if not on_behalf.isdisjoint(chunk):
                created = Batch.objects.filter(actor_id=actor.person, action="items.create")
                filled = revisions.filter(batch__in=created, subject_id__in=on_behalf.intersection(chunk))
                standing.acted.update(filled.values_list("subject_id", flat=True))
        return standing

    @classmethod
    def before(
        cls,
        actor: Actor,
        campaign: Campaign,
        item: Item,
        *,
        opened: date,
        led: set[int],
        contributing: set[int],
        acted: bool,
    ) -> Standing:
        """The same for one item whose history and contributing units are at hand: one statement."""
        return cls(
            person=actor.person,
            home_line=actor.home_line,
            posts=_posts(actor, campaign),
            opened={item.pk: opened},
            led={item.pk: led},
            contributing={item.pk: contributing},
            acted={item.pk} if acted else set(),
            office=pack_of(campaign).words.office,
            team=pack_of(campaign).words.team,
        )


def responsible_acts(own_steps: Sequence[str]) -> list[str]:
    """The actions of a batch by which somebody takes part on the responsible side."""
    return ["items.edit", "items.evidence", *(f"items.move:{key}" for key in own_steps)]


def _posts(actor: Actor, campaign: Campaign) -> list[tuple[frozenset[int], date | None, str]]:
    """Every unit post the person holds or held: the unit and those above it meanwhile, the day of its end, label."""
    found = []
    mark = LedgerHead.objects.filter(pk=1).values("places_mark")
    held = Post.objects.filter(person=actor.person).exclude(unit=None).annotate(mark=Subquery(mark))
    for post in held.select_related(*NAMED_WITH).defer(UNREAD):
        assert post.unit is not None
        histories = histories_at(campaign.tree_id, post.mark)
        label = post_label(post, post.unit.short_name)
        above = units_between(histories.get(post.unit.pk, ()), post.from_day, post.to_day or FAR)
        found.append((frozenset(above | {post.unit.pk}), post.to_day, label))
    return found


def _contributing(items: Sequence[int]) -> dict[int, set[int]]:
    """The responsible units beside the lead unit, now or once, by item."""
    found: dict[int, set[int]] = {}
    rows = ItemUnit.objects.filter(item__in=items, role__in=RESPONSIBLE).values_list("item_id", "unit_id")
    for item, unit in rows:
        found.setdefault(item, set()).add(unit)
    gone = Revision.objects.filter(subject_kind="item", subject_id__in=items, body__contains='"units_gone"')
    for item, body in gone.values_list("subject_id", "body"):
        left = json.loads(body).get("units_gone", ())
        found.setdefault(item, set()).update(unit for unit, role in left if role in RESPONSIBLE)
    return found


def refuse_own_verification(standing: Standing, item: Item) -> None:
    """Raise NotAllowed with the ground if this person may not verify this item."""
    responsible = (
        {item.unit_id} | standing.led.get(item.pk, set()) | standing.contributing.get(item.pk, set())
    )
    opened = standing.opened.get(item.pk, date.min)
    for above, ended, label in standing.posts:
        if not responsible.isdisjoint(above) and (ended is None or ended >= opened):
            raise NotAllowed(
                _("您是{post}，按回避要求不能核验 {number}。可由{office}或{team}核验。"),
                post=label,
                number=item.number,
                office=standing.office,
                team=standing.team,
            )
    if not responsible.isdisjoint(standing.home_line):
        raise NotAllowed(
            _("您的原单位在 {number} 的责任单位之内，按回避要求不能核验。可由{office}或{team}核验。"),
            number=item.number,
            office=standing.office,
            team=standing.team,
        )
    if item.pk in standing.acted:
        raise NotAllowed(
            _("{number} 由您填报或申请，按回避要求不能核验。可由{office}或{team}核验。"),
            number=item.number,
            office=standing.office,
            team=standing.team,
        )
