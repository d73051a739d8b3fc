"""What the office has to coordinate (协调清单), and what a claiming unit looks at before it answers."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from guatu.access import Actor, get_item, visible
from guatu.domain.clock import today
from guatu.domain.clocks import days_over
from guatu.domain.errors import NotFound
from guatu.domain.loop_tracks import ACT_BY, ASKED, DECLINED, LISTED_ON, track
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import Referral
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.queries.referrals import referring_registers
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Revision, Spell, Unit
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

MOST_OWN = 100


@dataclass(slots=True)
class Course:
    """What has been asked of whom: the words of the last referral, the units asked in turn, the reasons of refusals."""

    asked: str = ""
    asked_on: date | None = None
    units: list[int] = field(default_factory=list)
    declines: list[str] = field(default_factory=list)


def courses(items: Collection[int], spec: Referral, day: date) -> dict[int, Course]:
    """How the referral of each item has gone up to `day`. One statement a chunk, none without items."""
    found: dict[int, Course] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item",
            subject_id__in=chunk,
            batch__action__startswith="items.move:",
            effective_on__lte=day,
        ).order_by("subject_id", "version")
        for subject, body, day, words in rows.values_list(
            "subject_id", "body", "effective_on", "batch__reason"
        ):
            if '"transition"' not in body:
                continue
            told = json.loads(body)
            course, step = found.setdefault(subject, Course()), told.get("transition")
            reason = str(told.get("reason") or words)
            asked = told["dated"].get(track(ASKED))
            if step == spec.ask:
                course.asked, course.asked_on = reason, day
            if step == spec.decline:
                course.declines.append(reason)
            if isinstance(asked, int) and asked not in course.units:
                course.units.append(asked)
    return found


@dataclass(frozen=True, slots=True)
class Listed:
    """One matter on the office's list. `why` says how it came there; `days` since it was referred upward."""

    public_id: str
    number: str
    title: str
    unit: str
    state: str
    version: int
    why: str
    asked: str
    whom: tuple[str, ...]
    declines: tuple[str, ...]
    since: date | None
    days: int


def coordination_list(actor: Actor, campaign: Campaign, day: date) -> tuple[Listed, ...]:
    """Matters that nobody up to the top has answered, or that were declined twice, as of `day`, the longest first.

    Three statements.
    """
    pack = pack_of(campaign)
    spec = _spec(pack)
    rows = sorted(
        listed_rows(actor, campaign, pack, day).values(*_ROW),
        key=lambda row: (row["data"][LISTED_ON], row["item_id"]),
    )
    gone = courses([row["item_id"] for row in rows], spec, day)
    names = dict(
        Unit.objects.filter(pk__in={pk for course in gone.values() for pk in course.units}).values_list(
            "pk", "short_name"
        )
    )
    states = pack.workflow_of(str(pack.loop.problems)).states
    found = []
    for row in rows:
        course = gone.get(row["item_id"], Course())
        since = day_or_none(row["data"][LISTED_ON])
        declined = int(row["data"].get(DECLINED) or 0)
        why = _("不予认领 {n} 次").format(n=declined) if declined >= 2 else _("逐级提请，逾期未答")
        found.append(
            Listed(
                public_id=str(row["item__public_id"]),
                number=row["item__number"],
                title=row["item__title"],
                unit=row["unit__short_name"],
                state=states[row["state"]].label if row["state"] in states else row["state"],
                version=row["item__version"],
                why=why,
                asked=course.asked,
                whom=tuple(names.get(pk, "") for pk in course.units),
                declines=tuple(course.declines),
                since=since,
                days=(day - course.asked_on).days if course.asked_on else 0,
            )
        )
    return tuple(found)


_ROW = (
    *("item_id", "item__public_id", "item__number", "item__title", "item__version"),
    *("unit__short_name", "state", "data"),
)


def listed_rows(actor: Actor, campaign: Campaign, pack: Pack, day: date) -> QuerySet[Spell]:
    """What stands on the coordination list as of `day`, as far as the reader may see it."""
    rows = Spell.objects.filter(
        campaign=campaign,
        register__in=referring_registers(pack),
        phase="open",
        valid_from__lte=day,
        valid_to__gt=day,
        rec_to=STILL_KNOWN,
        data__has_key=LISTED_ON,
    )
    return visible(actor, rows.exclude(**{f"data__{LISTED_ON}": None}), campaign)


@dataclass(frozen=True, slots=True)
class Own:
    """An item of the claiming unit under which the matter may be solved."""

    pk: int
    number: str
    title: str


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A matter that was referred upward, as whoever may claim it sees it."""

    item: Item
    state: str
    asked: str
    asked_on: date | None
    asked_unit: str
    act_by: date | None
    late: bool
    whom: tuple[str, ...]
    declines: tuple[str, ...]
    own: tuple[Own, ...]
    waiting: bool


def claim_page(actor: Actor, campaign: Campaign, public_id: UUID, lead: Unit | None) -> ClaimPage:
    """The matter, what was asked, and the open items of `lead` under which it may be claimed. Four statements."""
    pack = pack_of(campaign)
    spec = _spec(pack)
    item = get_item(actor, public_id, campaign)
    if item.register not in referring_registers(pack):
        raise NotFound()
    course = courses([item.pk], spec, today()).get(item.pk, Course())
    asked = item.data.get(ASKED)
    names = dict(
        Unit.objects.filter(pk__in=[*course.units, *([asked] if asked else [])]).values_list(
            "pk", "short_name"
        )
    )
    flow = pack.workflow_of(item.register)
    claim = flow.transition(spec.claim)
    return ClaimPage(
        item=item,
        state=flow.states[item.state].label,
        asked=course.asked,
        asked_on=course.asked_on,
        asked_unit=names.get(asked, "") if asked else "",
        act_by=day_or_none(item.data.get(ACT_BY)),
        late=days_over(item.data, today()) > 0,
        whom=tuple(names.get(pk, "") for pk in course.units),
        declines=tuple(course.declines),
        own=_own(actor, campaign, pack, spec, lead) if lead is not None else (),
        waiting=claim is not None and item.state in claim.origins,
    )


def _own(actor: Actor, campaign: Campaign, pack: Pack, spec: Referral, lead: Unit) -> tuple[Own, ...]:
    """Open items led by the unit: those opened by claims first."""
    registers = [spec.register_key, *referring_registers(pack)]
    rows = Item.objects.filter(
        Q(register__in=registers), campaign=campaign, unit=lead, phase__in=("draft", "open")
    )
    found = visible(actor, rows, campaign).order_by("-pk")[:MOST_OWN]
    ordered = sorted(found, key=lambda item: registers.index(item.register))
    return tuple(Own(item.pk, item.number, item.title) for item in ordered)


def _spec(pack: Pack) -> Referral:
    if pack.loop.referral is None:
        raise NotFound(_("本专项工作没有设“提请上级”。"))
    return pack.loop.referral
