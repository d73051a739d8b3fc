"""What a campaign has to remind of on a day: the due days that come, whom they wait for, who is told one level above.

Generic: every item of any register that has a due day and whose unit's clock runs, returns of requests among them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Q

from guatu.access.policy import NOTHING
from guatu.domain.errors import BadInput
from guatu.domain.lights import running_states
from guatu.domain.pack import Pack
from guatu.domain.reminding.channels import INBOX
from guatu.domain.reminding.stages import FAR, Stage, fact_key, reached
from guatu.domain.working_days import Calendar
from guatu.queries.addressees import Holder, Neighbours, along, nearest, people_among
from guatu.records.bulk import in_chunks
from guatu.records.models import ANCESTORS, Campaign, Delivery, Item, ItemReader
from guatu.records.packs import pack_of

OWN = ("filler", "head")
"""Who is reminded in the unit itself."""
ABOVE = ("liaison", "office")
"""Who is told one level up: the nearest of them above the lead unit."""
COLUMNS = "id register number title state phase round due restricted unit__short_name unit__code campaign_id public_id"


@dataclass(frozen=True, slots=True)
class Fact:
    """One stage of one due day. `people` are told; the level above where `stage` says so."""

    item: Item
    stage: Stage
    key: str
    people: frozenset[int]

    @property
    def due(self) -> date:
        """The day of which it tells."""
        assert self.item.due is not None  # only items with a due day are looked at
        return self.item.due

    @property
    def unit_name(self) -> str:
        """The unit whose business it is."""
        return self.item.unit.short_name


@dataclass(slots=True)
class Due:
    """All facts of a day that nobody has been told of, and what could not be reckoned (a year without a calendar)."""

    facts: list[Fact] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


def running(pack: Pack) -> Q:
    """Items whose unit's clock runs: what still waits for the unit."""
    found = NOTHING
    for register in pack.registers.values():
        found |= Q(register=register.key, state__in=sorted(running_states(pack.workflow_of(register.key))))
    return found


def due_facts(campaign: Campaign, day: date, *, calendar: Calendar, up_after: int, working: bool) -> Due:
    """What is to be told on `day` and has not been told before. On a day off only what falls due that day.

    Statements: the items, the posts on their lines (one for each 900 units), the readers of restricted ones, what was
    told before (one for each 900 items): never one for each item or unit.
    """
    result = Due()
    items = _items(campaign, day, working=working)
    if not items:
        return result
    stages, said = _stages(items, day, up_after, calendar)
    result.said = sorted(said)
    who = Who.of(campaign, items)
    readers = _readers([item.pk for item in items if item.restricted])
    found: list[Fact] = []
    for item in items:
        for stage in stages[item.pk]:
            people = who.above(item) if stage is Stage.UP else who.own(item)
            if item.restricted:
                people &= readers.get(item.pk, frozenset())
            assert item.due is not None
            found.append(Fact(item, stage, fact_key(item.pk, item.due, item.round, stage), people))
    told = _told([fact.key for fact in found])
    for fact in found:
        fresh = fact.people - told.get(fact.key, frozenset())
        result.facts.append(Fact(fact.item, fact.stage, fact.key, frozenset(fresh)))
    return result


def _items(campaign: Campaign, day: date, *, working: bool) -> list[Item]:
    pack = pack_of(campaign)
    rows = Item.objects.filter(running(pack), campaign=campaign)
    if (spec := pack.loop.collection) is not None:  # of a request that is finished nothing more is expected
        rows = rows.exclude(register=spec.returns, parent__phase__in=("closed", "void"))
    rows = rows.filter(due__lte=day + timedelta(days=FAR)) if working else rows.filter(due=day)
    names = [*COLUMNS.split(), *ANCESTORS]
    return list(rows.select_related("unit").only(*names).order_by("due", "pk"))


def _stages(
    items: Sequence[Item], day: date, up_after: int, calendar: Calendar
) -> tuple[dict[int, tuple[Stage, ...]], set[str]]:
    """Item → the stages that have come. A due day of a year without a calendar tells nobody above, and says so."""
    by_due: dict[date, tuple[Stage, ...]] = {}
    said: set[str] = set()
    for due in {item.due for item in items if item.due is not None}:
        try:
            come = reached(day, due, up_after=up_after, calendar=calendar)
        except BadInput as refused:
            said.add(str(refused))
            by_due[due] = (Stage.LATE,)
            continue
        by_due[due] = ((come.own,) if come.own else ()) + ((Stage.UP,) if come.above else ())
    return {item.pk: by_due[item.due] for item in items if item.due is not None}, said


@dataclass(slots=True)
class Who:
    """Whom an item's unit and the level above it have, asked once for each unit."""

    at: Mapping[int, Sequence[Holder]]
    known: dict[tuple[tuple[int, ...], tuple[str, ...]], frozenset[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, campaign: Campaign, items: Iterable[Item]) -> Who:
        """Read the posts on the lines of all these items: one statement for each 900 units."""
        at: dict[int, list[Holder]] = defaultdict(list)
        for row in Neighbours.of(campaign, items, (*OWN, *ABOVE)).found:
            if row.at is not None:
                at[row.at].append(row)
        return cls(at)

    def own(self, item: Item) -> frozenset[int]:
        """Fillers and heads of the unit, or of the nearest above it that has any."""
        return self._nearest(item.line, OWN)

    def above(self, item: Item) -> frozenset[int]:
        """The nearest liaison or office above the unit."""
        return self._nearest(item.line[:-1], ABOVE)

    def _nearest(self, line: tuple[int, ...], roles: tuple[str, ...]) -> frozenset[int]:
        asked = (line, roles)
        if asked not in self.known:
            rows = (row for unit in line for row in self.at.get(unit, ()) if row.role in roles)
            self.known[asked] = frozenset(people_among(nearest(along(line, rows))))
        return self.known[asked]


def _readers(items: Sequence[int]) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for chunk in in_chunks(items):
        rows = ItemReader.objects.filter(item__in=chunk, ended_batch=None)
        for item, person in rows.values_list("item_id", "person_id"):
            found[item].add(person)
    return {item: frozenset(people) for item, people in found.items()}


def _told(keys: Sequence[str]) -> dict[str, frozenset[int]]:
    """Fact → who has been told of it."""
    found: dict[str, set[int]] = defaultdict(set)
    for chunk in in_chunks(keys):
        rows = Delivery.objects.filter(channel=INBOX, fact__in=chunk).values_list("fact", "person_id")
        for fact, person in rows:
            if person is not None:
                found[fact].add(person)
    return {fact: frozenset(people) for fact, people in found.items()}


def told_to_groups(keys: Sequence[str]) -> set[tuple[str, str]]:
    """(channel, fact) of what groups have been told of these facts."""
    found: set[tuple[str, str]] = set()
    for chunk in in_chunks(keys):
        rows = Delivery.objects.filter(person=None, fact__in=chunk)
        found.update(rows.values_list("channel", "fact"))
    return found
