"""The loader: tells a story to the ledger day by day, through the same actions that people's clicks go through.

Nothing is written round the actions: who may not do a thing in the product may not do it in the story either. The
whole load is one transaction; when anything in it fails, the home stays empty.
"""

from __future__ import annotations

import gc
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from guatu.access import Actor, operator, resolve
from guatu.actions import items as item_actions
from guatu.actions import standing as standing_actions
from guatu.actions.bulk_verification import reported_by_people
from guatu.actions.evidence_opened import note_opened
from guatu.actions.history import at_sequence
from guatu.actions.links import NewLink, link_items, write_links
from guatu.actions.seals import make_seal
from guatu.actions.timetable import move_due
from guatu.actions.units import Counted, Placing, count_people, merge_unit, place_units
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence
from guatu.demo.jobs import Job, jobs
from guatu.demo.opening import open_story
from guatu.demo.plan import Correction, Edit, Event, Evidence, Extension, NewItem, Picture, Step, Story, Tie
from guatu.demo.scenes import Scene, Stage
from guatu.domain import clock
from guatu.domain.pack import Pack
from guatu.queries.link_kinds import BY_ACTIONS
from guatu.records import statistics
from guatu.records.files import keep
from guatu.records.models import Campaign, Item, Person, Tree
from guatu.records.models import Evidence as StoredEvidence
from guatu.records.packs import pack_of

Progress = Callable[[date, int, int], None]
_OPENS, _HOURS = time(8, 40), timedelta(hours=8)
_SCENES, _SEALS, _BETWEEN = time(16, 45), time(17, 20), timedelta(seconds=50)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was written."""

    campaign: Campaign
    items: int
    batches: int


@dataclass(slots=True)
class _Telling:
    """The state of a load: which rows the story's keys have become, and who may act as of what is recorded."""

    story: Story
    campaign: Campaign
    tree: Tree
    people: dict[str, Person]
    items: dict[str, Item] = field(default_factory=dict)
    closings: dict[str, int] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    linked: dict[str, frozenset[str]] = field(default_factory=dict)
    kept: dict[Any, tuple[str, int]] = field(default_factory=dict)

    def actor(self, username: str) -> Actor:
        """The person with today's posts; resolved again after the tree has changed."""
        if username not in self.actors:
            self.actors[username] = resolve(self.people[username], self.campaign)
        return replace(self.actors[username], day=clock.today())


def load_demo(
    story: Story, pack: Pack, on_progress: Progress | None = None, scenes: Sequence[Scene] = ()
) -> Loaded:
    """Write the whole story with its scenes; all or nothing.

    `on_progress` is told the day and how many jobs are done of how many. The last thing but the seal is the timetable
    of the last day: whoever starts the demo finds nothing that is due by itself.
    """
    by_day: dict[date, list[Job]] = defaultdict(list)
    total = 0
    for job in jobs(story.events):
        by_day[job.recorded].append(job)
        total += 1
    changes = {m.recorded for m in (*story.moves, *story.mergers)} | {c.recorded for c in story.head_counts}
    done = 0
    with _uncollected(), transaction.atomic():
        with clock.fixed(_moment(story.set_up, 0, 1)):
            campaign, tree = open_story(story, pack)
        people = {person.username: person for person in Person.objects.select_related("home_unit")}
        telling = _Telling(story, campaign, tree, people)
        telling.linked = {
            key: frozenset(f.key for f in register.fields if f.type == "item")
            for key, register in pack.registers.items()
        }
        until = _last_told(story.events)
        for day in sorted({*by_day, *changes, *(scene.day for scene in scenes)} - {story.set_up}):
            with clock.fixed(_moment(day, 0, 1)):
                _change_units(telling, day)
            for turn, job in enumerate(by_day[day]):
                with clock.fixed(_moment(day, turn + 1, len(by_day[day]) + 1)):
                    _do(telling, job)
            _play(telling, day, [scene for scene in scenes if scene.day == day], until)
            done += len(by_day[day])
            if on_progress is not None:
                on_progress(day, done, total)
        with clock.fixed(datetime.combine(story.ends, _SEALS, tzinfo=clock.DEFAULT_ZONE)):
            move_due(campaign)
            make_seal(operator())
        statistics.refresh_after_commit()
    return Loaded(campaign, len(telling.items), at_sequence())


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the cycle collector, which costs a load a sixth of its time and finds nothing to free."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _moment(day: date, turn: int, of: int) -> datetime:
    """The moment of the day's job number `turn`: office hours, evenly filled."""
    return datetime.combine(day, _OPENS, tzinfo=clock.DEFAULT_ZONE) + _HOURS * turn / of


def _last_told(events: Sequence[Event]) -> dict[str, date]:
    """The last day on which the story says something of each item."""
    return {event.key if isinstance(event, NewItem) else event.item: event.recorded for event in events}


def _play(telling: _Telling, day: date, scenes: Sequence[Scene], until: Mapping[str, date]) -> None:
    """The day's scenes one after another, late in office hours."""
    if not scenes:
        return
    resting = {item.pk for key, item in telling.items.items() if until[key] <= day}
    begins = datetime.combine(day, _SCENES, tzinfo=clock.DEFAULT_ZONE)
    for turn, scene in enumerate(scenes):
        with clock.fixed(begins + _BETWEEN * turn):
            telling.actors.clear()
            scene.play(Stage(telling.story, telling.campaign, day, resting, telling.actor))
    telling.actors.clear()


def _change_units(telling: _Telling, day: date) -> None:
    """Moves, head-counts and mergers that are recorded on this day."""
    story, office = telling.story, telling.actor(telling.story.office)
    moves = [m for m in story.moves if m.recorded == day]
    if moves:
        place_units(
            office,
            tree=telling.tree,
            placings=[Placing(m.unit, m.day, "under", m.parent) for m in moves],
            reason="隶属关系调整，文件收到后补录。",
        )
    counts = [c for c in story.head_counts if c.recorded == day and c.recorded != story.set_up]
    if counts:
        count_people(
            office, rows=[Counted(c.unit, c.kind, c.number, c.day) for c in counts], reason="人数更新。"
        )
    for merger in story.mergers:
        if merger.recorded == day:
            merge_unit(
                office,
                campaigns=[telling.campaign],
                tree=telling.tree,
                unit=merger.unit,
                into=merger.into,
                day=merger.day,
                reason="单位合并，事项由承接单位继续办理。",
            )
    if moves or any(m.recorded == day for m in story.mergers):
        telling.actors.clear()
        telling.people = {p.username: p for p in Person.objects.select_related("home_unit")}


def _do(telling: _Telling, job: Job) -> None:
    """One job through its action."""
    actor, campaign, first = telling.actor(job.by), telling.campaign, job.events[0]
    if isinstance(first, NewItem):
        _create(telling, actor, [e for e in job.events if isinstance(e, NewItem)])
    elif isinstance(first, Step):
        _move(telling, actor, first, [e for e in job.events if isinstance(e, Step)])
    elif isinstance(first, Extension):
        changes = [
            standing_actions.DueChange(telling.items[e.item].pk, e.due, e.day)
            for e in job.events
            if isinstance(e, Extension)
        ]
        standing_actions.change_due(
            actor, campaign=campaign, changes=changes, kind="extension", reason=first.reason
        )
    elif isinstance(first, Edit):
        edits = [
            item_actions.Edit(telling.items[e.item].pk, e.data) for e in job.events if isinstance(e, Edit)
        ]
        item_actions.edit_items(actor, campaign=campaign, edits=edits, reason=first.reason)
    elif isinstance(first, Tie):
        for tie in job.events:
            assert isinstance(tie, Tie)
            source, target = telling.items[tie.item].pk, telling.items[tie.to].pk
            if tie.kind in BY_ACTIONS:  # the story tells the claim and the sending as steps of their own
                with transaction.atomic():
                    write_links(actor, campaign=campaign, links=[NewLink(tie.kind, source, target)])
            else:
                link_items(actor, campaign=campaign, kind=tie.kind, source=source, target=target)
    elif isinstance(first, Correction):
        standing_actions.correct_item(
            actor,
            campaign=campaign,
            item=telling.items[first.item].pk,
            withdraws=telling.closings[first.item],
            effective=first.day,
            reason=first.reason,
            state=first.state,
        )


def _create(telling: _Telling, actor: Actor, events: Sequence[NewItem]) -> None:
    rows = [
        item_actions.NewItem(
            register=e.register,
            unit=e.unit,
            title=e.title,
            fields=_fields(telling, e.register, e.data),
            state=e.state,
            effective=e.day,
            start=e.start,
            due=e.due,
            parent=telling.items[e.parent].pk if e.parent else None,
            task=telling.items[e.task].pk if e.task else None,
            evidence=_pictures(telling, e.pictures),
            contributing=e.contributing,
        )
        for e in events
    ]
    created = item_actions.create_items(actor, campaign=telling.campaign, rows=rows)
    for event, item in zip(events, created, strict=True):
        telling.items[event.key] = item


def _move(telling: _Telling, actor: Actor, first: Step, events: Sequence[Step]) -> None:
    moves = [
        Move(
            telling.items[e.item].pk,
            fields=_fields(telling, telling.items[e.item].register, e.data),
            evidence=(*_papers(e.evidence), *_pictures(telling, e.pictures)),
            reason=e.reason,
            decision=e.decision,
        )
        for e in events
    ]
    moved: dict[int, Item] = {}
    rows = {telling.items[e.item].pk: telling.items[e.item] for e in events}
    for together in _looked_at(telling, actor, first.transition, moves, rows):
        done = move_items(
            actor, campaign=telling.campaign, transition=first.transition, moves=together, effective=first.day
        )
        moved |= {item.pk: item for item in done}
    for event, move in zip(events, moves, strict=True):
        item = moved[move.item]
        if event.phase == "closed":
            telling.closings[event.item] = item.version


def _looked_at(
    telling: _Telling, actor: Actor, transition: str, moves: Sequence[Move], rows: Mapping[int, Item]
) -> Iterator[Sequence[Move]]:
    """What one person does in one go. A verifier opens the evidence first, and takes what people reported one by one."""
    pack = pack_of(telling.campaign)
    ways = [pack.workflow_of(item.register).transition(transition) for item in rows.values()]
    if len(moves) < 2 or not any(way is not None and way.four_eyes for way in ways):
        yield moves
        return
    pieces = StoredEvidence.objects.filter(item__in=list(rows), withdrawn_batch=None).values_list(
        "pk", flat=True
    )
    note_opened(actor, campaign=telling.campaign, evidence=list(pieces))
    alone = {pk for pk, item in rows.items() if reported_by_people(pack, item)}
    together = [move for move in moves if move.item not in alone]
    if together:
        yield together
    for move in moves:
        if move.item in alone:
            yield [move]


def _papers(told: Evidence | None) -> tuple[NewEvidence, ...]:
    if told is None:
        return ()
    return (NewEvidence("完成情况材料", place=told.place, keeper=told.keeper, number=told.number),)


def _pictures(telling: _Telling, told: Sequence[Picture]) -> tuple[NewEvidence, ...]:
    """Pictures as they are handed in: kept in the file store under their hash."""
    found = []
    for each in told:
        if each.content not in telling.kept:
            drawn = each.content if isinstance(each.content, bytes) else each.content.content()
            telling.kept[each.content] = keep([drawn])
        sha256, size = telling.kept[each.content]
        found.append(NewEvidence(each.name, sha256=sha256, size=size, kind=each.kind))
    return tuple(found)


def _fields(telling: _Telling, register: str, data: Any) -> dict[str, Any]:
    """The values as the actions take them: an item is named by its public id."""
    linked = telling.linked[register]
    return {
        key: str(telling.items[value].public_id) if key in linked and value in telling.items else value
        for key, value in data.items()
    }
