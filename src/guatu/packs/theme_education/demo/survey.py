"""Research in the story: focuses, topics, visits, and the supervision that every unit received."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from guatu.demo.chronicle import Line, between
from guatu.demo.spread import deal
from guatu.packs.theme_education.demo.days import ENDS, STARTS, WORKING
from guatu.packs.theme_education.demo.lexicon import health, logs, manufacturing, trade
from guatu.packs.theme_education.demo.lexicon.shapes import Sector, fitting
from guatu.packs.theme_education.demo.tasks import bodies_of
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import MERGED_ON, MERGER_ENTERED, ROOT, Third

_TOPICS: dict[Sector, tuple[str, ...]] = {
    "manufacturing": manufacturing.TOPICS,
    "health": health.TOPICS,
    "trade": trade.TOPICS,
}
_ANGLES = ("专题调研", "的现状与对策", "的堵点分析", "的经验与推广", "的路径研究", "的试点评估")


def tell_survey(teller: Teller) -> None:
    """Focuses at the group, topics and visits of the third-tier units, in the targeted totals."""
    focuses = _focuses(teller)
    _topics(teller, focuses)
    _visits(teller)
    _supervision(teller)


def _focuses(teller: Teller) -> list[Line]:
    contents, found = teller.targets.central_aspects, []
    for n in range(teller.targets.survey_focus):
        title = logs.FOCUSES[n % len(logs.FOCUSES)]
        if n >= len(logs.FOCUSES):
            title = f"{title}（{n // len(logs.FOCUSES) + 1}）"
        data = {"content": n % max(1, contents) + 1}
        found.append(
            teller.new(
                "focuses",
                ROOT,
                title,
                "recorded",
                "closed",
                date(2023, 9, 8),
                by="linxiaolan",
                data=data,
            )
        )
    return found


def _topics(teller: Teller, focuses: Sequence[Line]) -> None:
    rng, thirds = teller.rng, teller.org.thirds
    shares = deal(rng, teller.targets.survey_topics, [rng.uniform(0.6, 1.6) for _ in thirds])
    for third, share in zip(thirds, shares, strict=True):
        names = fitting(_TOPICS[third.sector], teller.org.firm(third.code, STARTS).line)
        pool = [f"{name}{angle}" for angle in _ANGLES for name in names]
        rng.shuffle(pool)
        for n in range(share):
            wanted = between(rng, date(2023, 9, 12), date(2023, 10, 18), 1.4)
            chosen = teller.gathered_day(third.code, wanted, date(2023, 10, 20))
            title = pool[n % len(pool)] + (f"（{n // len(pool) + 1}）" if n >= len(pool) else "")
            data = {"lead_person": teller.staff.names[teller.staff.heads[third.code]]}
            focus = rng.choice(focuses) if focuses else None
            if focus is not None:
                data["focus"] = focus.key
            line = teller.new(
                "topics",
                third.code,
                title,
                "doing",
                "open",
                chosen,
                data=data,
                by=teller.staff.filler(third.code, chosen),
                due=date(2023, 12, rng.choice((15, 20, 25))),
                after=focus,
            )
            if rng.random() < 0.28:
                done = teller.next_day(third.code, between(rng, date(2023, 11, 14), date(2023, 11, 24)))
                teller.step(
                    line, "complete", "done", "closed", done, by=teller.staff.filler(third.code, done)
                )


def _visits(teller: Teller) -> None:
    """Visits with as many different pairs of unit and visited body, and as much solved, as targeted."""
    rng, targets, thirds = teller.rng, teller.targets, teller.org.thirds
    if not targets.survey_visits:
        return
    tempo = {"strong": 1.5, "healthy": 1.1, "middling": 0.8, "weak": 0.45}
    weights = [tempo[t.quality] * rng.uniform(0.6, 1.5) for t in thirds]
    pairs = deal(rng, targets.survey_units, weights)
    told: list[tuple[Third, str]] = []
    for third, count in zip(thirds, pairs, strict=True):
        told += [(third, body) for body in _bodies(teller, third, count)]
    told += [rng.choice(told) for _ in range(targets.survey_visits - targets.survey_units)]
    rng.shuffle(told)
    some = [rng.random() ** 2 if rng.random() < 0.22 else 0.0 for _ in told]
    for n in [n for n, (third, _) in enumerate(told) if third.code == teller.staff.cast_unit][:3]:
        some[n] = 1.0
    solved = deal(rng, targets.survey_solved, some if sum(some) > 0 else [1.0] * len(told))
    host = teller.org.mergers[0].into if teller.org.mergers else None
    for (third, body), count in zip(told, solved, strict=True):
        _visit(teller, third, body, count, third.code == host)
    for third in (rng.choice(thirds) for _ in range(min(4, targets.survey_visits))):
        _twice_entered(teller, third)


def _bodies(teller: Teller, third: Third, count: int) -> list[str]:
    """Different visited bodies of one unit, the common ones first, then numbered ones."""
    pool = list(bodies_of(teller, third))
    teller.rng.shuffle(pool)
    found = pool[:count]
    for n in range(len(found), count):
        found.append(f"{pool[n % len(pool)]}（{n // len(pool) + 1}）")
    return found


def _visit(teller: Teller, third: Third, body: str, solved: int, is_host: bool) -> None:
    rng, staff = teller.rng, teller.staff
    held = teller.next_day(third.code, between(rng, date(2023, 9, 7), ENDS, 0.85))
    unit, known = third.code, held
    if is_host and held < MERGED_ON and rng.random() < 0.5 and teller.org.merged is not None:
        unit = teller.org.merged.code
    elif rng.random() < 0.035:
        known = teller.next_day(unit, min(held + timedelta(days=rng.randint(2, 12)), ENDS))
    wrong = solved + rng.randint(1, 3) if solved and rng.random() < 0.04 else solved
    if held >= date(2023, 11, 20):
        wrong = solved
    found = solved + rng.choice((0, 0, 1, 1, 2))
    line = teller.new(
        "visits",
        unit,
        f"走访{body}",
        "recorded",
        "closed",
        held,
        recorded=known,
        by=staff.filler(unit, known),
        data={
            "held_on": held.isoformat(),
            "visited_body": body,
            "solved": wrong,
            "found": max(found, wrong),
            "unannounced": rng.random() < 0.3,
            "note": rng.choice(logs.VISIT_TOPICS),
            "lead_person": staff.names[staff.heads[teller.org.holder(unit, known)]],
        },
    )
    if wrong != solved:
        later = teller.next_day(unit, max(held, MERGER_ENTERED) + timedelta(days=rng.randint(3, 8)))
        teller.edit(
            line,
            {"solved": solved},
            later,
            by=staff.filler(unit, later),
            reason="原填数含后续整改的问题，已核减。",
        )


def _twice_entered(teller: Teller, third: Third) -> None:
    """A visit entered twice by mistake and withdrawn: it must not count."""
    held = teller.next_day(third.code, between(teller.rng, date(2023, 9, 20), date(2023, 11, 10)))
    line = teller.new(
        "visits",
        third.code,
        "走访职工食堂",
        "recorded",
        "closed",
        held,
        by=teller.staff.filler(third.code, held),
        data={
            "held_on": held.isoformat(),
            "visited_body": "职工食堂",
            "solved": 1,
            "found": 1,
            "unannounced": False,
            "note": "听取职工意见",
        },
    )
    day = teller.next_day(third.code, held + timedelta(days=2))
    teller.step(line, "void", "void", "void", day, by="linxiaolan", reason="重复登记。")


def _supervision(teller: Teller) -> None:
    """Every third-tier unit is visited by its team by late November, weak ones again."""
    rng = teller.rng
    for team, plan in enumerate(teller.staff.teams):
        units = list(plan.units)
        rng.shuffle(units)
        days = [d for d in WORKING if STARTS + timedelta(days=9) <= d <= date(2023, 11, 24)]
        quality = {t.code: t.quality for t in teller.org.all_thirds}
        for n, unit in enumerate(units):
            trip = n // 3 * 3
            day = days[min(len(days) - 1, trip * len(days) // max(1, len(units)) + team % 4)]
            if teller.org.merged is not None and unit == teller.org.merged.code:
                day = days[3 + team % 4]
            _supervise(teller, team, unit, day, "visit")
            if quality[unit] == "weak" and day < date(2023, 11, 10):
                _supervise(teller, team, unit, date(2023, 11, rng.choice((14, 16, 21, 23))), "follow_up")


def _supervise(teller: Teller, team: int, unit: str, day: date, kind: str) -> None:
    plan = teller.staff.teams[team]
    teller.new(
        "supervision",
        unit,
        f"{plan.name}到{teller.org.shorts[unit]}督导",
        "recorded",
        "closed",
        day,
        by=teller.staff.recorder(unit),
        data={
            "held_on": day.isoformat(),
            "team": plan.name,
            "kind": kind,
            "note": teller.rng.choice(logs.SUPERVISION_NOTES),
        },
    )
