"""The plan of the story: key tasks at the group, and what each unit or party organisation was given of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from math import ceil
from random import Random

from guatu.demo.chronicle import Line, between
from guatu.demo.spread import deal, dice
from guatu.packs.theme_education.demo.days import ENDS, STARTS, working
from guatu.packs.theme_education.demo.lexicon import health, logs, manufacturing, trade
from guatu.packs.theme_education.demo.lexicon.shapes import KeyTask, Sector, fitting
from guatu.packs.theme_education.demo.lexicon.tasks import ASPECTS, GROUPS, MATTERS, MORE_ASPECTS, MORE_TASKS
from guatu.packs.theme_education.demo.targets import Targets
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import MERGED_ON, MERGER_ENTERED, ROOT, Quality, Third

_LAST_APPLICATION = ENDS - timedelta(days=6)
_LATELY = 62
"""Tasks issued from this day of the campaign on still wait for the cast's unit to acknowledge them."""
_BODIES: dict[Sector, tuple[str, ...]] = {
    "manufacturing": manufacturing.BODIES,
    "health": health.BODIES,
    "trade": trade.BODIES,
}
_MISS: dict[Quality, float] = {"strong": 0.15, "healthy": 0.3, "middling": 1.5, "weak": 22.0}
_AHEAD: dict[Quality, float] = {"strong": 1.7, "healthy": 1.05, "middling": 0.6, "weak": 0.1}
_TEMPO: dict[Quality, float] = {"strong": 1.6, "healthy": 1.1, "middling": 0.8, "weak": 0.5}


@dataclass(frozen=True, slots=True)
class Column:
    """One key task of the plan: its words, its aspect by number, its item, and what was handed down of it."""

    task: KeyTask
    aspect: int
    line: Line
    handed: list[Line] = field(default_factory=list)


def aspects_used(targets: Targets) -> tuple[tuple[str, str], ...]:
    """As many aspects (key, name) as targeted; the pack's own have no name here."""
    return (*((key, "") for key, _ in ASPECTS), *MORE_ASPECTS)[: targets.task_aspects]


def planned(targets: Targets) -> list[tuple[int, KeyTask]]:
    """The key tasks in their order, each with the number of its aspect; every aspect has one at least."""
    if not targets.tasks:
        return []
    stock = [task for _, tasks in ASPECTS for task in tasks] + list(MORE_TASKS)
    sizes = deal(dice("aspects"), targets.tasks, [1.0] * targets.task_aspects)
    chosen: list[tuple[int, KeyTask]] = []
    spare = iter([t for name, tasks in ASPECTS[targets.task_aspects :] for t in tasks] + list(MORE_TASKS))
    for aspect, size in enumerate(sizes):
        own = list(ASPECTS[aspect][1]) if aspect < len(ASPECTS) else []
        for n in range(size):
            if n < len(own):
                chosen.append((aspect, own[n]))
                continue
            task = next(spare, None)
            if task is None:
                again = stock[len(chosen) % len(stock)]
                task = KeyTask(
                    f"重点{len(chosen) + 1}",
                    f"{again.title}（第{len(chosen) + 1}项）",
                    again.duty,
                    "unit",
                    again.issued,
                    again.start,
                    again.due,
                    again.done,
                    again.late_start,
                )
            chosen.append((aspect, task))
    return chosen


def tell_tasks(teller: Teller) -> list[Column]:
    """Key tasks listed on the first day, unit tasks handed down column by column."""
    columns: list[Column] = []
    keys = aspects_used(teller.targets)
    for place, (aspect, task) in enumerate(planned(teller.targets), start=1):
        line = teller.new(
            "key_tasks",
            ROOT,
            task.title,
            "listed",
            "open",
            STARTS,
            by="linxiaolan",
            data={
                "aspect": keys[aspect][0],
                "short_name": task.short,
                "order": place,
                "owner_group": GROUPS.get(keys[aspect][0]) or f"{keys[aspect][1]}组",
            },
            due=_day(task.due),
        )
        columns.append(Column(task, aspect, line))
    for column in columns:
        for third in teller.org.all_thirds:
            if third is not teller.org.merged or _day(column.task.issued) < MERGED_ON:
                column.handed.extend(_hand_down(teller, column, third))
        _conclude(teller, column)
    return columns


def _conclude(teller: Teller, column: Column) -> None:
    """The office marks a key task as done some days after the last of its unit tasks was accepted."""
    counted = [line for line in column.handed if line.phase != "void"]
    if counted and all(line.phase == "closed" for line in counted):
        day = working(max(line.known for line in counted) + timedelta(days=2))
        teller.step(column.line, "complete", "done", "closed", day, by="linxiaolan")


def bodies_of(teller: Teller, third: Third) -> tuple[str, ...]:
    """Whom the people of a unit visit, by the line of work of its company."""
    return fitting(_BODIES[third.sector], teller.org.firm(third.code, STARTS).line)


def matters_of(teller: Teller, third: Third) -> tuple[str, ...]:
    """What the people of a unit solve on the spot, by the line of work of its company."""
    return fitting(MATTERS[third.sector], teller.org.firm(third.code, STARTS).line)


def _day(offset: int) -> date:
    return STARTS + timedelta(days=offset)


def _hand_down(teller: Teller, column: Column, third: Third) -> list[Line]:
    task, rng = column.task, teller.rng
    if task.spread == "branch":
        leads = [(branch, f"{teller.org.shorts[branch]}{task.duty}") for branch in third.branches]
    elif task.spread == "several":
        count = rng.choices((1, 2, 3, 4, 5, 6), (14, 26, 26, 18, 10, 6))[0]
        pool = bodies_of(teller, third) if "{body}" in task.duty else matters_of(teller, third)
        leads = [(third.code, task.duty.format(body=word, matter=word)) for word in rng.sample(pool, count)]
    else:
        leads = [(third.code, task.duty)]
    done = _how_many(rng, task, third.quality, len(leads))
    order = list(range(len(leads)))
    rng.shuffle(order)
    finished = set(order[:done])
    return [
        _unit_task(teller, column, third, unit, title, n in finished) for n, (unit, title) in enumerate(leads)
    ]


def _how_many(rng: Random, task: KeyTask, quality: Quality, count: int) -> int:
    """How many of a unit's tasks of one column are done at the end of the story."""
    over = _day(task.due) <= ENDS
    if over or task.done > 0.9:
        missing = min(0.5, (1 - task.done) * _MISS[quality])
        return sum(rng.random() >= missing for _ in range(count))
    if task.spread == "unit":
        return sum(rng.random() < min(0.97, task.done * _AHEAD[quality]) for _ in range(count))
    elapsed = max(0.0, (ENDS - _day(task.start)).days / (task.due - task.start))
    if quality == "weak":
        return int(count * max(0.0, elapsed - rng.choice((0.15, 0.25, 0.4))))
    needed = ceil(count * max(0.0, elapsed - 0.09) - 1e-9)
    if (
        quality in ("middling", "healthy")
        and needed
        and rng.random() < (0.35 if quality == "middling" else 0.1)
    ):
        return needed - 1
    return max(needed, sum(rng.random() < task.done for _ in range(count)))


def _unit_task(teller: Teller, column: Column, third: Third, unit: str, title: str, done: bool) -> Line:
    task, rng, staff = column.task, teller.rng, teller.staff
    issued, start, due = working(_day(task.issued)), _day(task.start), _day(task.due)
    if task.late_start and rng.random() < task.late_start:
        start, done = max(start, _day(92)), False
    quality = third.quality
    line = teller.new(
        "unit_tasks",
        unit,
        title,
        "issued",
        "open",
        issued,
        by="linxiaolan",
        start=start,
        due=due,
        parent=column.line,
        task=column.line,
        data={"owner": staff.owner(rng, unit)},
    )
    patience = rng.choice((0, 0, 1, 2)) if quality != "weak" else rng.choice((2, 5, 9))
    answered = teller.next_day(unit, issued + timedelta(days=patience))
    silent = (
        not done
        and due > ENDS
        and task.issued >= 34
        and rng.random() < (0.10 if quality == "weak" else 0.004)
    )
    if silent or (unit == staff.cast_unit and not done and task.issued >= _LATELY):
        return line
    teller.step(line, "acknowledge", "doing", "open", answered, by=staff.filler(unit, answered))
    merged_away = teller.org.merged is not None and unit == teller.org.merged.code
    if done:
        _finish(teller, line, unit, quality, start, due)
    elif merged_away:
        teller.step(
            line,
            "void",
            "void",
            "void",
            MERGER_ENTERED,
            by="linxiaolan",
            reason="单位已合并，由承接单位一并落实。",
        )
    elif not _for_the_cast(teller, line, unit, start, due):
        _unfinished(teller, line, unit, quality, start, due)
    return line


def _for_the_cast(teller: Teller, line: Line, unit: str, start: date, due: date) -> bool:
    """Something for each of the cast to do: tasks to accept at its company, one sent back to its unit."""
    staff = teller.staff
    last = teller.next_day(unit, _LAST_APPLICATION)
    if not unit.startswith(f"{staff.cast_company}-") or start > last or due <= ENDS or line.known > last:
        return False
    mine = unit == staff.cast_unit
    turn = teller.turn("cast unit" if mine else "cast company")
    if mine and turn == 0:
        _submit(teller, line, unit, max(line.known, teller.next_day(unit, last - timedelta(days=7))))
        reason = teller.rng.choice(logs.RETURN_REASONS)
        by = staff.liaison(unit, last)
        teller.step(line, "send_back", "returned", "open", last, by=by, reason=reason)
        return True
    if (mine and turn == 2) or (not mine and turn % 8 == 0):
        _submit(teller, line, unit, last)
        return True
    return False


def _finish(teller: Teller, line: Line, unit: str, quality: Quality, start: date, due: date) -> None:
    """Applied for and accepted by the end of the story, once in twelve after having been sent back."""
    rng, staff = teller.rng, teller.staff
    first = max(line.known, start)
    latest = min(due - timedelta(days=1), _LAST_APPLICATION)
    if quality in ("weak", "middling") and rng.random() < (0.5 if quality == "weak" else 0.12):
        latest = min(due + timedelta(days=rng.randint(2, 16)), _LAST_APPLICATION)
    wanted = between(rng, first, latest, 1 / _TEMPO[quality] if quality == "weak" else 0.8)
    applied = teller.gathered_day(unit, wanted, latest)
    again = applied
    back_share = {"strong": 0.0, "healthy": 0.012, "middling": 0.12, "weak": 0.25}[quality]
    again_after = teller.next_day(unit, applied + timedelta(days=rng.randint(3, 6)))
    _submit(teller, line, unit, applied)
    if rng.random() < back_share and again_after < ENDS - timedelta(days=4):
        answer = teller.next_day(unit, applied + timedelta(days=1))
        teller.step(
            line,
            "send_back",
            "returned",
            "open",
            answer,
            by=staff.liaison(unit, answer),
            reason=rng.choice(logs.RETURN_REASONS),
        )
        again = max(again_after, answer + timedelta(days=1))
        again = teller.next_day(unit, again)
        _submit(teller, line, unit, again)
    accepted = teller.next_day(unit, again + timedelta(days=1))
    teller.step(line, "accept", "done", "closed", accepted, by=staff.liaison(unit, accepted))


def _submit(teller: Teller, line: Line, unit: str, day: date) -> None:
    teller.step(
        line,
        "submit",
        "submitted",
        "review",
        day,
        by=teller.staff.filler(unit, day),
        evidence=teller.evidence(unit),
        reason=teller.told_again() if line.state == "returned" else "",
    )


def _unfinished(teller: Teller, line: Line, unit: str, quality: Quality, start: date, due: date) -> None:
    """Still open at the end: under way, in review, sent back, or with a later due day."""
    rng, staff = teller.rng, teller.staff
    if start > ENDS:
        return
    overdue = due <= ENDS
    if overdue and rng.random() < 0.35:
        asked = teller.next_day(unit, max(line.known, due - timedelta(days=rng.randint(4, 9))))
        if asked < due:
            later = date(2023, 12, 1) + timedelta(days=rng.choice((2, 3, 4, 5, 6, 14)))
            teller.extend(line, later, asked, by="linxiaolan", reason=rng.choice(logs.EXTEND_REASONS))
    lead = (
        {"strong": 0.005, "healthy": 0.025, "middling": 0.06, "weak": 0.20}[quality] if not overdue else 0.3
    )
    if rng.random() < lead:
        applied = teller.next_day(
            unit, between(rng, max(line.known, ENDS - timedelta(days=16)), ENDS - timedelta(days=7))
        )
        _submit(teller, line, unit, applied)
        if rng.random() < 0.7:
            answer = teller.next_day(unit, applied + timedelta(days=1))
            teller.step(
                line,
                "send_back",
                "returned",
                "open",
                answer,
                by=staff.liaison(unit, answer),
                reason=rng.choice(logs.RETURN_REASONS),
            )
