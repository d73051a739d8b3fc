"""Checks, meetings, drills and trainings of the story."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from guatu.demo.chronicle import Line, between
from guatu.packs.safety_drive.demo import lexicon
from guatu.packs.safety_drive.demo.days import ENDS, STARTS, WORKING, working
from guatu.packs.safety_drive.demo.org import CAST_SITE, OFFICE, ROOT, Site
from guatu.packs.safety_drive.demo.teller import Teller

_FIRST_CHECK = STARTS + timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Check:
    """A check as it was told: where, when, of which kind, and who entered it."""

    line: Line
    site: Site
    day: date
    level: str
    by: str


def tell_checks(teller: Teller) -> list[Check]:
    """About 130 checks of three kinds. Two sites of the slowest company are left out: the coverage is not complete."""
    rng, org = teller.rng, teller.org
    reached = [site for site in org.sites if site.code not in ("JL-05-03", "JL-07-03")]
    found = []
    for site in reached:
        visits = [("team", rng.randint(1, 2)), ("company", rng.randint(1, 2)), ("self", rng.randint(1, 2))]
        for level, times in visits:
            for _turn in range(times):
                wanted = between(rng, _FIRST_CHECK, ENDS - timedelta(days=8))
                day = (
                    teller.team_day(site.team, wanted)
                    if level == "team"
                    else teller.hand_in(site.code, wanted)
                )
                found.append(check(teller, site, level, day))
    own = next(site for site in org.sites if site.code == CAST_SITE)
    found.append(check(teller, own, "team", date(2024, 7, 8)))
    found.append(check(teller, own, "team", WORKING[-1]))
    return sorted(found, key=lambda one: (one.day, one.site.code, one.line.key))


def check(teller: Teller, site: Site, level: str, day: date) -> Check:
    """One check, entered by whoever made it."""
    rng, org = teller.rng, teller.org
    by = {
        "team": org.team_member(site.team),
        "company": org.liaison(site.code),
        "self": org.filler(site.code),
    }[level]
    by_leader = level == "company" and rng.random() < 0.45
    led = org.head(site.company.code) if by_leader else org.team_leader(site.team) if level == "team" else by
    data = {
        "held_on": day.isoformat(),
        "level": level,
        "led_by": org.names[led],
        "by_leader": by_leader,
        "unannounced": level == "team" and rng.random() < 0.7,
        "places": rng.randint(4, 22),
        "note": rng.choice(lexicon.NOTES),
    }
    title = f"{site.short}{rng.choice(lexicon.CHECKS[level])}"
    line = teller.new("checks", site.code, title, "recorded", "closed", day, by=by, data=data)
    return Check(line, site, day, level, by)


def tell_meetings(teller: Teller) -> None:
    """The group's meetings, one every ten days or so."""
    for n, (kind, title) in enumerate(lexicon.MEETINGS):
        day = working(STARTS + timedelta(days=1 + 10 * n))
        data = {
            "kind": kind,
            "held_on": day.isoformat(),
            "attendance": teller.rng.randint(18, 90),
            "decisions": "对超期未改的隐患逐项明确责任人和完成时间。",
        }
        teller.new("meetings", ROOT, title, "recorded", "closed", day, by=OFFICE, data=data)


def tell_practice(teller: Teller) -> None:
    """Drills and trainings: every site has some of both, the group one large drill."""
    rng, org = teller.rng, teller.org
    day = date(2024, 6, 18)
    data = {"held_on": day.isoformat(), "kind": "full", "people": 186, "lessons": lexicon.LESSONS[0]}
    teller.new("drills", ROOT, "港区危化品泄漏综合演练", "recorded", "closed", day, by=OFFICE, data=data)
    for place, site in enumerate(org.sites):
        by = org.filler(site.code)
        for turn in range(1 + (place % 2)):
            day = teller.hand_in(
                site.code, between(rng, STARTS + timedelta(days=8), ENDS - timedelta(days=8))
            )
            name = lexicon.DRILLS[(place + turn * 3) % len(lexicon.DRILLS)]
            data = {
                "held_on": day.isoformat(),
                "kind": rng.choice(("scene", "scene", "desk")),
                "people": rng.randint(8, 45),
                "lessons": rng.choice(lexicon.LESSONS),
            }
            title = f"{site.short}{name}演练"
            teller.new("drills", site.code, title, "recorded", "closed", day, by=by, data=data)
        for turn in range(1 + (place % 3 > 0)):
            day = teller.hand_in(
                site.code, between(rng, STARTS + timedelta(days=5), ENDS - timedelta(days=8))
            )
            people = rng.randint(20, 120)
            topic = lexicon.TOPICS[(place + turn) % len(lexicon.TOPICS)]
            data = {
                "held_on": day.isoformat(),
                "topic": topic,
                "people": people,
                "passed": people - rng.randint(0, people // 12),
            }
            title = f"{site.short}：{topic}"
            teller.new("trainings", site.code, title, "recorded", "closed", day, by=by, data=data)
