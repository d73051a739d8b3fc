"""Hazards of the story, on both paths: put right on the spot, or within a term with sign-off and verification."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.demo.chronicle import Line
from guatu.demo.plan import Picture, Value
from guatu.packs.safety_drive.demo import lexicon
from guatu.packs.safety_drive.demo.days import ENDS, WORKING, working
from guatu.packs.safety_drive.demo.org import CAST_SITE, OFFICE, REPAIRS
from guatu.packs.safety_drive.demo.photos import picture
from guatu.packs.safety_drive.demo.records import Check
from guatu.packs.safety_drive.demo.teller import Teller

_VARIANTS = 5
_CAST_ENDS = ("doing", "doing", "signing", "signing", "applied", "applied", "verifying")
"""How the hazards of one check at the cast's site stand at the end, so that everybody there has something to do."""


@dataclass(frozen=True, slots=True)
class Case:
    """What a hazard needs on its way. `team` is None for those of a company itself: the office verifies them."""

    line: Line
    unit: str
    company: str
    pace: float
    team: int | None
    category: str
    variant: int
    major: bool
    found: date
    due: date
    put_right: str


def photo(case: Case, repaired: bool) -> Picture:
    """The picture of the place before or after."""
    kind, name = ("after_photo", "整改后") if repaired else ("before_photo", "整改前")
    return Picture(kind, f"{name}-{case.variant + 1}.png", picture(case.category, case.variant, repaired))


def tell_hazards(teller: Teller, checks: list[Check]) -> None:
    """What each check found, then what companies found in their own offices."""
    rng = teller.rng
    cases: list[Case] = []
    for check in checks:
        if check.site.code == CAST_SITE and check.day == WORKING[-1]:
            for turn in range(2):
                _find(
                    teller, check, turn, major=False, at_once=True
                )  # left for the cast to put right at once
        elif check.site.code == CAST_SITE and check.day == date(2024, 7, 8) and check.level == "team":
            for turn, state in enumerate(_CAST_ENDS):
                case = _find(teller, check, turn, major=turn == 4, at_once=False)
                _go(teller, case, until=state)
        else:
            cases += [case for turn in range(rng.randint(1, 3)) if (case := _one(teller, check, turn))]
    cases += [_of_a_company(teller, place) for place in range(12)]
    for n, case in enumerate(cases):
        _go(teller, case)
        if case.major or n % 11 == 0:
            _measures(teller, case)
        if case.line.phase == "closed" and n % 3 == 0:
            _revisit(teller, case, rebound=n % 18 == 0)


def _one(teller: Teller, check: Check, turn: int) -> Case | None:
    """One hazard of a check; None when it was put right on the spot."""
    major = teller.rng.random() < 0.04
    if check.level == "team" and not major and teller.rng.random() < 0.5:
        case = _find(teller, check, turn, major=False, at_once=True)
        teller.step(
            case.line,
            "fix_at_once",
            "closed",
            "closed",
            check.day,
            by=check.by,
            data={"result": f"{case.put_right}。"},
            pictures=(photo(case, False), photo(case, True)),
        )
        return None
    return _find(teller, check, turn, major=major, at_once=False)


def _find(teller: Teller, check: Check, turn: int, *, major: bool, at_once: bool) -> Case:
    """A hazard as the checker enters it. Without `at_once` it gets a term the same day."""
    site = check.site
    categories = site.company.categories
    category = categories[(teller.turn(f"category {site.code}") + turn) % len(categories)]
    by_team = check.level == "team"
    case = _enter(
        teller,
        site.code,
        category,
        major=major,
        day=check.day,
        by=check.by,
        state="found" if by_team else "open",
        due=check.day if at_once else None,
        after=check.line,
        pace=site.company.pace,
        team=site.team,
        with_picture=not at_once,
    )
    if by_team and not at_once:
        teller.step(case.line, "set_term", "open", "open", check.day, by=check.by)
    return case


def _of_a_company(teller: Teller, place: int) -> Case:
    """A hazard of a company's own premises, found by its safety officer."""
    company = teller.org.companies[place % len(teller.org.companies)]
    day = teller.hand_in(company.code, date(2024, 5, 14) + timedelta(days=6 * place))
    category = ("rules", "electric", "fire")[place % 3]
    by = teller.org.filler(company.code)
    return _enter(
        teller,
        company.code,
        category,
        major=False,
        day=day,
        by=by,
        state="open",
        pace=company.pace,
        team=None,
    )


def _enter(
    teller: Teller,
    unit: str,
    category: str,
    *,
    major: bool,
    day: date,
    by: str,
    state: str,
    pace: float,
    team: int | None,
    due: date | None = None,
    after: Line | None = None,
    with_picture: bool = True,
) -> Case:
    rng = teller.rng
    known = lexicon.HAZARDS[category]
    turn = teller.turn(f"{unit} {category}")
    what, place, put_right = lexicon.MAJOR[category] if major else known[turn % len(known)]
    if due is None:
        due = day + timedelta(days=rng.choice((30, 45, 60)) if major else rng.choice((7, 10, 15, 20)))
    variant = teller.turn(f"picture {category}") % _VARIANTS
    data: dict[str, Value] = {
        "grade": "major" if major else "common",
        "category": category,
        "place": place,
        "found_on": day.isoformat(),
    }
    if state == "open":
        data["handling"] = "limited"
    if after is not None:
        data["found_in"] = after.key
    before = Picture("before_photo", f"整改前-{variant + 1}.png", picture(category, variant, False))
    line = teller.new(
        "hazards",
        unit,
        f"{place}{what}",
        state,
        "open",
        day,
        by=by,
        data=data,
        due=due,
        after=after,
        pictures=(before,) if with_picture else (),
        contributing=(REPAIRS,) if major and not unit.startswith(REPAIRS) else (),
    )
    return Case(line, unit, unit[:5], pace, team, category, variant, major, day, due, put_right)


def _go(teller: Teller, case: Case, until: str = "closed") -> None:
    """The long path, as far as the days left and `until` allow."""
    rng, org, line = teller.rng, teller.org, case.line
    day = teller.hand_in(case.unit, case.found + timedelta(days=1))
    if day >= ENDS or (case.major and rng.random() < 0.15 and until == "closed"):
        return
    teller.step(line, "start", "doing", "open", day, by=org.filler(case.unit), data=_five(teller, case))
    if until == "doing":
        return
    term = max(3, (case.due - case.found).days)
    ready = case.found + timedelta(days=int(term * rng.uniform(0.4, 0.95) * case.pace))
    if until == "closed" and case.due > day + timedelta(days=8) and rng.random() < 0.03:
        asked = working(day + timedelta(days=2))
        later = case.due + timedelta(days=15)
        teller.extend(line, later, asked, by=OFFICE, reason=rng.choice(lexicon.EXTENDS))
        ready = max(ready, case.due)
    applied = _apply(teller, case, max(ready, line.known + timedelta(days=1)), until)
    if applied is None:
        return
    verified = _verify(teller, case, applied, until, send_back=rng.random() < 0.12)
    if verified is not None and until == "closed":
        again = _apply(teller, case, verified + timedelta(days=4), until, resumed=True)
        if again is not None:
            _verify(teller, case, again, until, send_back=False)


def _five(teller: Teller, case: Case) -> dict[str, Value]:
    """Who answers for it; of a major hazard all five of 责任、措施、资金、时限、预案."""
    rng = teller.rng
    owner = teller.org.names[teller.org.head(case.unit)]
    if not case.major:
        return {"owner": owner} if rng.random() < 0.8 else {}
    return {
        "owner": owner,
        "steps": "；".join(rng.sample(lexicon.STEPS, 2)) + "。",
        "funds": str(rng.choice(lexicon.FUNDS)),
        "deadline": case.due.isoformat(),
        "plan": rng.choice(lexicon.PLANS),
    }


def _apply(teller: Teller, case: Case, wanted: date, until: str, *, resumed: bool = False) -> date | None:
    """Put right, photographed, signed off and applied for; None when the story ends before."""
    org, line = teller.org, case.line
    returned = line.state == "returned"
    if resumed:
        day = teller.hand_in(case.unit, line.known + timedelta(days=1))
        if day >= ENDS:
            return None
        teller.step(line, "start", "doing", "open", day, by=org.filler(case.unit))
        wanted = max(wanted, day + timedelta(days=1))
    day = teller.hand_in(case.unit, wanted)
    if until != "closed":
        day = max(line.known, date(2024, 7, 26))
    if day >= ENDS:
        return None
    teller.step(
        line,
        "submit_for_signature",
        "signing",
        "review",
        day,
        by=org.filler(case.unit),
        data={"result": f"{case.put_right}。"},
        pictures=(photo(case, True),),
        reason=teller.told_again() if returned else "",
    )
    if until == "signing":
        return None
    day = working(day + timedelta(days=1))
    if day >= ENDS:
        return None
    teller.step(line, "sign_off", "applied", "review", day, by=org.head(case.unit))
    return None if until == "applied" else day


def _verify(teller: Teller, case: Case, applied: date, until: str, *, send_back: bool) -> date | None:
    """Taken up and decided on the verifier's day. The day of a refusal, None when closed or left."""
    org, line = teller.org, case.line
    by = OFFICE if case.team is None else org.team_leader(case.team)
    after = applied + timedelta(days=1)
    day = working(after, (2,)) if case.team is None else teller.team_day(case.team, after)
    if until == "verifying":
        day = working(after)
    if day >= ENDS:
        return None
    teller.step(line, "take_up", "verifying", "review", day, by=by)
    if until == "verifying":
        return None
    if send_back:
        reason = teller.rng.choice(lexicon.SENT_BACK)
        teller.step(line, "send_back", "returned", "open", day, by=by, reason=reason)
        return day
    words = teller.rng.choice(lexicon.VERIFICATIONS)
    teller.step(line, "approve", "closed", "closed", day, by=by, data={"verification": words})
    return None


def _measures(teller: Teller, case: Case) -> None:
    """Single measures of a hazard as items of their own; those of a closed hazard are done."""
    org, line = teller.org, case.line
    day = teller.hand_in(case.unit, case.found + timedelta(days=1))
    if day >= ENDS:
        return
    by, done = org.filler(case.unit), line.phase == "closed"
    for text in teller.rng.sample(lexicon.STEPS, 2):
        known = min(day, line.known) if done else day
        measure = teller.new(
            "measures",
            case.unit,
            text,
            "doing",
            "open",
            known,
            by=by,
            due=case.due,
            parent=line,
            data={"owner": org.names[org.head(case.unit)]},
        )
        if done or teller.rng.random() < 0.5:
            end = line.known if done else teller.hand_in(case.unit, known + timedelta(days=5))
            data = {"result": teller.rng.choice(lexicon.RESULTS)}
            teller.step(measure, "complete", "done", "closed", min(end, ENDS), by=by, data=data)


def _revisit(teller: Teller, case: Case, *, rebound: bool) -> None:
    """A closed hazard looked at once more; some have come back and begin another round."""
    if case.team is None:
        return
    org, line = teller.org, case.line
    day = teller.team_day(case.team, line.known + timedelta(days=6))
    if day >= ENDS:
        return
    teller.new(
        "revisits",
        case.unit,
        f"复查：{case.put_right}",
        "recorded",
        "closed",
        day,
        by=org.team_member(case.team),
        after=line,
        data={
            "hazard": line.key,
            "held_on": day.isoformat(),
            "result": "rebound" if rebound else "solid",
            "note": "同一部位再次出现，退回整改。" if rebound else "现场查看，整改效果保持。",
        },
    )
    if not rebound:
        return
    teller.step(
        line,
        "rebound",
        "rebounded",
        "open",
        day,
        by=org.team_leader(case.team),
        reason=teller.rng.choice(lexicon.REBOUNDS),
        pictures=(photo(case, False),),
    )
    again = _apply(teller, case, day + timedelta(days=6), "closed", resumed=True)
    if again is not None:
        _verify(teller, case, again, "closed", send_back=False)
