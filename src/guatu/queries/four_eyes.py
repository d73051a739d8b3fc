"""Four eyes by unit: a verifier stands outside every responsible unit and has neither applied nor filled."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

from django.db.models import Count, F, FilteredRelation, Max, Min, Q, QuerySet, Subquery, Value

from guatu.access import Actor
from guatu.access.post_names import NAMED_WITH, UNREAD, post_label
from guatu.domain.errors import NotAllowed
from guatu.domain.history import IMPORT
from guatu.domain.tree import FAR, units_between
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_at, histories_now
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Campaign, Item, ItemUnit, LedgerHead, Post, Revision, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

RESPONSIBLE = (ItemUnit.Role.CONTRIBUTING, ItemUnit.Role.LEAD)
"""The roles in which a unit answers for an item beside the one that leads it."""
GONE = '"units_gone"'
"""What stands in the body of a revision by which a unit left an item."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A post on a unit that counts against verifying: the unit and those above it meanwhile, its end, its words.

    `holder`: whose post it is, where that is not the verifier.
    """

    above: frozenset[int]
    ended: date | None
    label: str
    holder: str = ""


@dataclass(frozen=True, slots=True)
class Sides:
    """Who verifies: the person, and whoever's post they act under (代办): the posts, homes and acts of both count."""

    persons: tuple[int, ...]
    home_lines: tuple[tuple[int, ...], ...]
    giver: str = ""

    @classmethod
    def of(cls, actor: Actor) -> Sides:
        """Those behind an actor who acts under the first of their posts (`Actor.under`)."""
        post = actor.post
        if post is None or post.giver is None:
            return cls((actor.person,) if actor.person is not None else (), (actor.home_line,))
        own = (actor.person,) if actor.person is not None else ()
        return cls((*own, post.giver), (actor.home_line, post.giver_home), post.giver_name)


@dataclass(slots=True)
class Standing:
    """What has to be known of a verifier and of the items, read once for a whole batch.

    `posts`: what the persons behind the actor hold or held on units, in their own right or for somebody else. `led`: the
    units that lead an item or have led it. `office`, `team`: what the campaign calls those who may verify instead.
    """

    sides: Sides
    posts: list[HeldPost] = field(default_factory=list)
    opened: dict[int, date] = field(default_factory=dict)
    led: dict[int, set[int]] = field(default_factory=dict)
    contributing: dict[int, set[int]] = field(default_factory=dict)
    acted: set[int] = field(default_factory=set)
    passed: dict[int, int] = field(default_factory=dict)
    office: str = ""
    team: str = ""

    @classmethod
    def of(
        cls,
        actor: Actor,
        campaign: Campaign,
        items: Sequence[Item],
        own_steps: Sequence[str],
        *,
        handed: Sequence[str] = (),
        reviews: Sequence[str] = (),
    ) -> Standing:
        """Read the verifier's posts, past ones too, and what they did on these items: a few statements a chunk.

        `own_steps`: keys of the transitions that the responsible side makes; whoever made one of them, or edited the
        item, does not verify it. Nor does whose post was used for it. `passed`: the version by which one of them made one of
        the steps `reviews` since the last of the steps `handed`.
        """
        words = pack_of(campaign).words
        standing = cls(Sides.of(actor), office=words.office, team=words.team)
        if not items:
            return standing
        standing.posts, _own = _posts(standing.sides, campaign)
        standing.posts += _former_homes(standing.sides, campaign)
        on_behalf = {item.pk for item in items if item.on_behalf}
        for chunk in in_chunks([item.pk for item in items]):
            revisions = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
            took_part = _took_part(standing.sides, own_steps, on_behalf.intersection(chunk))
            left = []
            theirs = acts_of(standing.sides).filter(action__in=[f"items.move:{key}" for key in reviews])
            for item, opened, acts, gone, last_handed, last_passed in revisions.values_list(
                "subject_id"
            ).annotate(
                Min("effective_on"),
                acts=Count("pk", filter=took_part),
                gone=Count("pk", filter=Q(body__contains=GONE)),
                handed=Max("version", filter=Q(batch__action__in=[f"items.move:{key}" for key in handed])),
                passed=Max("version", filter=Q(batch__in=theirs)),
            ):
                if (last_passed or 0) > (last_handed or 0):
                    standing.passed[item] = last_passed
                standing.opened[item] = opened
                if acts:
                    standing.acted.add(item)
                if gone:
                    left.append(item)
            led, beside = _led_and_beside(chunk)
            standing.led.update(led)
            standing.contributing.update(_contributing(left, beside))
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
        acted: Callable[[Collection[int], Collection[int]], bool],
    ) -> Standing:
        """The same for one item whose history and contributing units are at hand: one statement.

        `acted` tells whether one of these persons, or somebody under one of these posts, took part on the other side.
        """
        sides = Sides.of(actor)
        posts, own = _posts(sides, campaign)
        return cls(
            sides=sides,
            posts=posts,
            opened={item.pk: opened},
            led={item.pk: led},
            contributing={item.pk: contributing},
            acted={item.pk} if acted(sides.persons, own) else set(),
            office=pack_of(campaign).words.office,
            team=pack_of(campaign).words.team,
        )


def responsible_acts(own_steps: Sequence[str]) -> list[str]:
    """The actions of a batch by which somebody takes part on the responsible side."""
    return [
        "items.edit",
        "items.evidence",
        "items.withdraw_evidence",
        "items.restore",
        *(f"items.move:{key}" for key in own_steps),
    ]


def touched(sides: Sides, items: Sequence[Item]) -> set[int]:
    """Which of these items one of these persons has written in, or entered for their unit. One statement a chunk."""
    found: set[int] = set()
    for chunk in in_chunks([item.pk for item in items]):
        filled = {item.pk for item in items if item.on_behalf}.intersection(chunk)
        revisions = Revision.objects.filter(subject_kind="item", subject_id__in=chunk)
        theirs = revisions.filter(_took_part(sides, (), filled))
        found.update(theirs.values_list("subject_id", flat=True).distinct())
    return found


def _took_part(sides: Sides, own_steps: Sequence[str], filled: Collection[int]) -> Q:
    """Revisions by which they took part on the responsible side. `filled`: items that were entered on behalf."""
    theirs = acts_of(sides)
    imported = theirs.filter(action=IMPORT)
    found = Q(batch__in=theirs.filter(action__in=responsible_acts(own_steps)))
    found |= Q(batch__in=imported, version__gt=1)
    if filled:
        found |= Q(batch__in=theirs.filter(action="items.create"), subject_id__in=filled)
        found |= Q(batch__in=imported, version=1, subject_id__in=filled)
    return found


def acts_of(sides: Sides) -> QuerySet[Batch]:
    """What these persons did themselves, and what was done under their posts by whoever stood in for them."""
    posts = Post.objects.filter(person__in=sides.persons).values("pk")
    return Batch.objects.filter(Q(actor_id__in=sides.persons) | Q(post_id__in=posts))


def _posts(sides: Sides, campaign: Campaign) -> tuple[list[HeldPost], set[int]]:
    """Every unit post that the persons hold or held, or used for somebody else; and the keys of all posts of their own.

    One statement, and the places.
    """
    found: list[HeldPost] = []
    theirs: set[int] = set()
    if not sides.persons:
        return found, theirs
    mark = LedgerHead.objects.filter(pk=1).values("places_mark")
    used = FilteredRelation("delegations", condition=Q(delegations__taker__in=sides.persons))
    held = (
        Post.objects.annotate(used=used)
        .filter(Q(person__in=sides.persons) | Q(used__isnull=False))
        .annotate(mark=Subquery(mark), used_from=F("used__from_day"), used_to=F("used__to_day"))
        .select_related(*NAMED_WITH, "person")
        .defer(UNREAD)
    )
    for post in held:
        own = post.person_id in sides.persons
        if own:
            theirs.add(post.pk)
        if post.unit is None:
            continue
        begins = post.from_day if own else max(post.from_day, post.used_from)
        ends = post.to_day if own else min(filter(None, (post.to_day, post.used_to)), default=None)
        histories = histories_at(campaign.tree_id, post.mark)
        label = post_label(post, post.unit.short_name)
        above = units_between(histories.get(post.unit.pk, ()), begins, ends or FAR)
        holder = "" if post.person_id == sides.persons[0] else post.person.name
        found.append(HeldPost(frozenset(above | {post.unit.pk}), ends, label, holder))
    return found, theirs


def _former_homes(sides: Sides, campaign: Campaign) -> list[HeldPost]:
    """Where the persons were at home before (原单位), each until the day it was changed: moving on clears nobody.

    One statement, another where somebody has moved.
    """
    rows = Revision.objects.filter(subject_kind="person", subject_id__in=sides.persons)
    homes: dict[int, list[tuple[int | None, date]]] = {}
    for person, day, body in rows.order_by("subject_id", "version").values_list(
        "subject_id", "effective_on", "body"
    ):
        own, home = homes.setdefault(person, []), json.loads(body).get("plain", {}).get("home_unit")
        if not own or own[-1][0] != home:
            own.append((home, day))
    left = [
        (person, home, begins, ends)
        for person, own in homes.items()
        for (home, begins), (_next, ends) in pairwise(own)
        if home is not None
    ]
    if not left:
        return []
    names = dict(
        Unit.objects.filter(pk__in={home for _who, home, _b, _e in left}).values_list("pk", "short_name")
    )
    histories = histories_now(campaign.tree_id)
    return [
        HeldPost(
            frozenset(units_between(histories.get(home, ()), begins, ends) | {home}),
            ends,
            _("{unit}的人（原单位已更改）").format(unit=names[home]),
            "" if person == sides.persons[0] else sides.giver,
        )
        for person, home, begins, ends in left
    ]


def _led_and_beside(items: Sequence[int]) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """By item the units that lead it or have led it, and the responsible units beside it now. One statement."""
    found: tuple[dict[int, set[int]], dict[int, set[int]]] = {}, {}
    led = Spell.objects.filter(item__in=items, rec_to=STILL_KNOWN).order_by()
    beside = ItemUnit.objects.filter(item__in=items, role__in=RESPONSIBLE).order_by()
    rows = led.values_list(Value(0), "item_id", "unit_id").union(
        beside.values_list(Value(1), "item_id", "unit_id")
    )
    for which, item, unit in rows:
        found[which].setdefault(item, set()).add(unit)
    return found


def _contributing(left: Sequence[int], beside: Mapping[int, set[int]]) -> dict[int, set[int]]:
    """The responsible units beside the lead unit, now or once, by item; `left` are the items that a unit has left.

    One statement, none where no unit has ever left.
    """
    found = {item: set(units) for item, units in beside.items()}
    if not left:
        return found
    gone = Revision.objects.filter(subject_kind="item", subject_id__in=left, body__contains=GONE)
    for item, body in gone.values_list("subject_id", "body"):
        units = json.loads(body).get("units_gone", ())
        found.setdefault(item, set()).update(unit for unit, role in units if role in RESPONSIBLE)
    return found


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may not judge an item: by a post (`label`; `holder`: of whom they stand in for), a home, their own acts."""

    kind: str
    label: str = ""
    holder: str = ""


def ground_against(standing: Standing, item: Item) -> Ground | None:
    """The ground on which four eyes keep this person from judging this item; None if there is none."""
    responsible = (
        {item.unit_id} | standing.led.get(item.pk, set()) | standing.contributing.get(item.pk, set())
    )
    opened = standing.opened.get(item.pk, date.min)
    for post in standing.posts:
        if not responsible.isdisjoint(post.above) and (post.ended is None or post.ended >= opened):
            return Ground("post", post.label, post.holder)
    own_home, *givers_home = standing.sides.home_lines
    if not responsible.isdisjoint(own_home):
        return Ground("home")
    if any(not responsible.isdisjoint(line) for line in givers_home):
        return Ground("home", holder=standing.sides.giver)
    return Ground("acted") if item.pk in standing.acted else None


def refuse_own_verification(standing: Standing, item: Item) -> None:
    """Raise NotAllowed with the ground if this person may not verify this item."""
    ground = ground_against(standing, item)
    if ground is None:
        return
    sentences = {
        ("post", True): _(
            "您代{holder}办理，{holder}是{post}，按回避要求不能核验 {number}。可由{office}或{team}核验。"
        ),
        ("post", False): _("您是{post}，按回避要求不能核验 {number}。可由{office}或{team}核验。"),
        ("home", False): _(
            "您的原单位在 {number} 的责任单位之内，按回避要求不能核验。可由{office}或{team}核验。"
        ),
        ("home", True): _(
            "您代{holder}办理，{holder}的原单位在 {number} 的责任单位之内，按回避要求不能核验。可由{office}或{team}核验。"
        ),
        ("acted", False): _("{number} 由您填报或申请，按回避要求不能核验。可由{office}或{team}核验。"),
    }
    raise NotAllowed(
        sentences[ground.kind, bool(ground.holder)],
        holder=ground.holder,
        post=ground.label,
        number=item.number,
        office=standing.office,
        team=standing.team,
    )
