"""Problems and special plans of the story: which there are, where they lie, what becomes of them."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.demo.chronicle import Line, between
from guatu.demo.plan import Value
from guatu.demo.spread import deal, weighted
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.lexicon import health, manufacturing, party, trade
from guatu.packs.theme_education.demo.lexicon.plans import COMMON, PLAN_KINDS, PLANS
from guatu.packs.theme_education.demo.lexicon.shapes import Sector, Subject, fitting
from guatu.packs.theme_education.demo.loop import Held, close, leave_open
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import MERGED_ON, ROOT, Firm, Third

SUBJECTS: dict[Sector, tuple[Subject, ...]] = {
    "manufacturing": manufacturing.SUBJECTS + party.SUBJECTS,
    "health": health.SUBJECTS + party.SUBJECTS,
    "trade": trade.SUBJECTS + party.SUBJECTS,
}
_LISTED_FROM, _LISTED_UNTIL = date(2023, 9, 14), date(2023, 11, 22)
_STATES: tuple[tuple[str, float], ...] = (
    ("doing", 79.5),
    ("fresh", 4),
    ("returned", 3.2),
    ("rebounded", 0.6),
    ("signing", 1.4),
    ("applied", 1.6),
    ("verifying", 2.6),
    ("on_notice", 1.2),
    ("referred", 0.7),
    ("claimed", 0.4),
    ("staged", 1.8),
    ("long_term", 3.0),
)
_FOR_THE_CAST = ("signing", "verifying", "signing", "applied", "returned")
"""What becomes of the first open problems of the cast's unit, so that each of the cast has something to do."""
_SOURCES: tuple[tuple[str, float], ...] = (
    ("research", 34),
    ("self_review", 27),
    ("public", 20),
    ("supervision", 11),
    ("inspection", 4),
    ("audit", 4),
)


def tell_problems(teller: Teller) -> list[Line]:
    """Problems in the targeted totals, and some that do not count: drafts, merged and withdrawn ones."""
    rng, targets = teller.rng, teller.targets
    leads = _leads(teller, targets.issues_total, with_root=True)
    listed = sorted(between(rng, _LISTED_FROM, _LISTED_UNTIL, 1.35) for _ in leads)
    ripe = sorted(range(len(leads)), key=lambda i: (listed[i] - _LISTED_FROM).days + rng.gauss(0, 14))
    closing = set(ripe[: targets.issues_closed])
    lines: list[Line] = []
    for_the_cast = iter(_FOR_THE_CAST)
    for i, (unit, third) in enumerate(leads):
        held = _list_problem(teller, unit, third, teller.next_day(unit, listed[i]), i)
        lines.append(held.line)
        if i in closing:
            close(teller, held, again=rng.random() < 0.05)
        else:
            state = weighted(rng, _STATES)
            if unit == teller.staff.cast_unit and (ENDS - held.line.known).days > 28:
                state = next(for_the_cast, state)
            leave_open(teller, held, state)
    _that_do_not_count(teller, lines)
    return lines


def tell_plans(teller: Teller) -> list[Line]:
    """Special plans of the targeted kinds; the open ones are all within their time."""
    rng, targets = teller.rng, teller.targets
    leads = _leads(teller, targets.plans_total, with_root=False)
    order = list(range(len(leads)))
    rng.shuffle(order)
    closing = set(order[: targets.plans_closed])
    lines: list[Line] = []
    for i, (unit, _third) in enumerate(leads):
        kind, label = PLAN_KINDS[i % max(1, targets.problem_kinds)]
        listed = teller.next_day(unit, between(rng, date(2023, 10, 11), date(2023, 11, 3)))
        due = (
            date(2023, 12, 20)
            if i in closing
            else date(2023, 12, 31) + timedelta(days=rng.choice((0, 0, 0, 31, 60, 91, 182)))
        )
        line_of_work = teller.org.firm(unit, listed).line
        fit = [
            (a, measures) for words, measures in PLANS.get(kind, ()) for a in fitting((words,), line_of_work)
        ]
        about, measures = rng.choice(fit or [(label, COMMON)])
        line = teller.new(
            "plans",
            unit,
            f"{teller.org.shorts[unit]}{about}专项整治方案",
            "open",
            "open",
            listed,
            by=teller.staff.filler(unit, listed),
            start=listed,
            due=due,
            data={
                "kind": kind,
                "lead_person": _person_of(teller, unit),
                "measures_text": _numbered(measures),
            },
        )
        lines.append(line)
        held = Held(line, unit, listed, due)
        if i in closing:
            close(teller, held, again=False)
        else:
            leave_open(teller, held, "doing" if rng.random() < 0.93 else "staged")
    return lines


def _leads(teller: Teller, total: int, *, with_root: bool) -> list[tuple[str, Third | None]]:
    """A lead unit for each item: nearly all third-tier units, some companies, a few at the group."""
    rng, org = teller.rng, teller.org
    at_root = min(6, total // 200) if with_root else 0
    at_firms = total // 25
    worse = {"strong": 0.8, "healthy": 1.0, "middling": 1.25, "weak": 1.6}
    shares = deal(
        rng, total - at_root - at_firms, [worse[t.quality] * rng.uniform(0.5, 1.5) for t in org.thirds]
    )
    leads: list[tuple[str, Third | None]] = [(ROOT, None)] * at_root
    leads += [(rng.choice(org.firms).code, None) for _ in range(at_firms)]
    leads += [(t.code, t) for t, share in zip(org.thirds, shares, strict=True) for _ in range(share)]
    rng.shuffle(leads)
    return leads


def _list_problem(teller: Teller, unit: str, third: Third | None, listed: date, place: int) -> Held:
    rng, staff = teller.rng, teller.staff
    if third is not None and teller.org.mergers and unit == teller.org.mergers[0].into and listed < MERGED_ON:
        unit = teller.org.mergers[0].unit if place % 2 else unit
    absorbed = teller.org.merged is not None and unit == teller.org.merged.code
    subject, where = _subject(teller, teller.org.firm(unit, listed) if unit != ROOT else None)
    n, m = rng.randint(2, 9), rng.randint(12, 68)
    source = weighted(rng, _SOURCES)
    kind = rng.random()
    if kind < 0.035:
        due = between(rng, date(2023, 10, 20), date(2023, 11, 29))
    elif kind < 0.11:
        due = between(rng, date(2023, 12, 1), date(2023, 12, 7))
    else:
        due = date(2023, 12, 15) + timedelta(days=rng.choice((0, 5, 10, 16, 16, 16, 31, 47, 76, 107)))
    due = max(due, listed + timedelta(days=10))
    known = listed
    if rng.random() < 0.02 and not absorbed:
        known = teller.next_day(unit, min(listed + timedelta(days=rng.randint(3, 12)), ENDS))
    data: dict[str, Value] = {
        "category": subject.category,
        "source": source,
        "found_on": (listed - timedelta(days=rng.randint(0, 9))).isoformat(),
        "description": subject.fact.format(w=where, n=n, m=m),
        "measures_text": _numbered(subject.measures),
        "owner": _person_of(teller, unit),
    }
    title = subject.title.format(w=where)
    line = teller.new(
        "problems",
        unit,
        title,
        "open",
        "open",
        listed,
        recorded=known,
        by=staff.filler(unit, known),
        data=data,
        due=due,
    )
    return Held(line, unit, listed, due, title)


def _subject(teller: Teller, firm: Firm | None) -> tuple[Subject, str]:
    """A problem and its place as they occur in a company's line of work; the group has problems of any office."""
    if firm is None:
        subject = teller.rng.choice(party.SUBJECTS)
        return subject, teller.rng.choice(subject.where)
    subject = teller.rng.choice([s for s in SUBJECTS[firm.sector] if s.places(firm.line)])
    return subject, teller.rng.choice(subject.places(firm.line))


def _numbered(measures: tuple[str, ...]) -> str:
    return "".join(f"{'一二三四五'[i]}、{text}。" for i, text in enumerate(measures))


def _person_of(teller: Teller, unit: str) -> str:
    staff = teller.staff
    chosen = (
        staff.heads[unit] if teller.rng.random() < 0.35 else staff.own_fillers.get(unit, staff.heads[unit])
    )
    return staff.names[chosen]


def _that_do_not_count(teller: Teller, lines: list[Line]) -> None:
    """Drafts waiting to be listed, one problem merged into another, one withdrawn."""
    rng, staff = teller.rng, teller.staff
    if len(lines) < 20:
        return
    drafts = min(18, len(lines) // 60)
    for n in range(drafts + 2 + len(lines) // 400):
        third = rng.choice(teller.org.thirds)
        day = teller.next_day(third.code, between(rng, date(2023, 10, 9), date(2023, 11, 20)))
        held = _draft(teller, third, day)
        if n < drafts:
            continue
        after = teller.next_day(third.code, day + timedelta(days=2))
        teller.step(held, "file", "open", "open", after, by=staff.filler(third.code, after))
        last = teller.next_day(third.code, after + timedelta(days=3))
        into = None if n % 2 else _alike(lines, third.code, last)
        if into is None:
            teller.step(
                held, "void", "void", "void", last, by="linxiaolan", reason="经核实不属于本次清单范围。"
            )
        else:
            own = "本单位" if into.unit == third.code else ""
            teller.tie(held, into, "merged_into", last, by="linxiaolan")
            teller.step(
                held, "merge", "merged", "void", last, by="linxiaolan", reason=f"与{own}同类问题并案办理。"
            )


def _alike(lines: list[Line], unit: str, day: date) -> Line | None:
    """An open problem into which one of this unit is merged: its own if it has one, else of its company, else any."""
    company = unit.split("-")[0]
    still = [line for line in lines if line.phase == "open" and line.known < day]
    return min(still, key=lambda line: (line.unit != unit, line.unit.split("-")[0] != company), default=None)


def _draft(teller: Teller, third: Third, day: date) -> Line:
    subject, where = _subject(teller, teller.org.firm(third.code, day))
    return teller.new(
        "problems",
        third.code,
        subject.title.format(w=where),
        "draft",
        "draft",
        day,
        by=teller.staff.filler(third.code, day),
        due=date(2023, 12, 31),
        data={
            "category": subject.category,
            "source": "self_review",
            "found_on": day.isoformat(),
            "description": subject.fact.format(w=where, n=3, m=24),
            "measures_text": _numbered(subject.measures),
            "owner": _person_of(teller, third.code),
        },
    )
