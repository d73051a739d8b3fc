"""The organisation of the story and its people: one group, nine companies, thirty sites, three teams."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from guatu.demo.names import PersonNames
from guatu.demo.plan import HeadCountPlan, PersonPlan, PostPlan, TeamPlan, UnitPlan
from guatu.packs.safety_drive.demo.cast import CAST
from guatu.packs.safety_drive.demo.days import SET_UP
from guatu.packs.safety_drive.demo.lexicon import COMPANIES, ROOT_NAME, ROOT_SHORT

ROOT, OFFICE = "JL", "chengyilan"
CAST_COMPANY, CAST_SITE = "JL-01", "JL-01-01"
RIVAL_COMPANY, RIVAL_SITE = "JL-04", "JL-04-01"
REPAIRS = "JL-08"
"""The company that helps the others to put major hazards right."""
TEAMS = ("一", "二", "三")


@dataclass(frozen=True, slots=True)
class Company:
    """A company with its place in the order of the tree; `pace` is how fast it works (1 = in time)."""

    code: str
    place: int
    short: str
    categories: tuple[str, ...]
    pace: float


@dataclass(frozen=True, slots=True)
class Site:
    """A site and the place of the team that it is assigned to."""

    code: str
    short: str
    company: Company
    team: int


@dataclass(frozen=True, slots=True)
class Org:
    """Everything that stands on the first day, and who does what."""

    companies: tuple[Company, ...]
    sites: tuple[Site, ...]
    units: tuple[UnitPlan, ...]
    head_counts: tuple[HeadCountPlan, ...]
    people: tuple[PersonPlan, ...]
    posts: tuple[PostPlan, ...]
    teams: tuple[TeamPlan, ...]
    names: dict[str, str]

    def filler(self, unit: str) -> str:
        """Who enters for a unit: the company's safety officer; the sites of the cast have their own."""
        own = {CAST_SITE: "liuqinghe", RIVAL_SITE: "taosiyuan"}
        return own.get(unit, f"aq-{unit[:5].lower()}")

    def head(self, unit: str) -> str:
        """Who signs off for a unit."""
        return "shijingming" if unit == CAST_SITE else f"fz-{unit.lower()}"

    def liaison(self, unit: str) -> str:
        """Who accepts the tasks of a site."""
        own = {CAST_COMPANY: "tangxingjian", RIVAL_COMPANY: "guoyining"}
        return own.get(unit[:5], f"ll-{unit[:5].lower()}")

    def team_leader(self, team: int) -> str:
        """Who verifies for a team."""
        return "luowentao" if team == 0 else f"dc-{team + 1}-zz"

    def team_member(self, team: int) -> str:
        """Who checks for a team."""
        return "qinruochuan" if team == 0 else f"dc-{team + 1}-zy"


def grow(rng: Random) -> Org:
    """The organisation and everybody in it."""
    companies, sites = [], []
    units = [UnitPlan(ROOT, ROOT_NAME, ROOT_SHORT, "group", None, aliases=("集团", "集团总部"))]
    for place, (short, sector, below, categories) in enumerate(COMPANIES):
        code = f"{ROOT}-{place + 1:02d}"
        pace = {1: 0.75, 4: 1.6, 6: 1.35}.get(place, rng.uniform(0.7, 1.1))
        company = Company(code, place, short, categories, pace)
        companies.append(company)
        aliases = (short.removeprefix("江澜"),)
        units.append(UnitPlan(code, f"{short}有限公司", short, "second", ROOT, sector, aliases))
        for n, name in enumerate(below, start=1):
            site = Site(f"{code}-{n:02d}", name, company, len(sites) % len(TEAMS))
            sites.append(site)
            units.append(UnitPlan(site.code, f"{short}{name}", name, "third", code))
    counts = []
    for unit in units[1:]:
        company_level = unit.level == "second"
        staff = rng.randint(20, 60) if company_level else rng.randint(45, 320)
        counts.append(HeadCountPlan(unit.code, "staff", staff, SET_UP, SET_UP))
        officers = rng.randint(2, 5) if company_level else max(1, staff // 60)
        counts.append(HeadCountPlan(unit.code, "officers", officers, SET_UP, SET_UP))
    people, posts = _hire(rng, companies, sites)
    teams = tuple(
        TeamPlan(f"team-{n + 1}", f"第{name}督查组", tuple(s.code for s in sites if s.team == n))
        for n, name in enumerate(TEAMS)
    )
    return Org(
        tuple(companies),
        tuple(sites),
        tuple(units),
        tuple(counts),
        tuple(people),
        tuple(posts),
        teams,
        {p.username: p.name for p in people},
    )


def _hire(
    rng: Random, companies: list[Company], sites: list[Site]
) -> tuple[list[PersonPlan], list[PostPlan]]:
    """The cast first, then everybody else whom the story needs."""
    names = PersonNames(rng, (player.name for player in CAST))
    places = {
        "group": ROOT,
        "keys": ROOT,
        "team": ROOT,
        "company": CAST_COMPANY,
        "unit": CAST_SITE,
        "rival_company": RIVAL_COMPANY,
        "rival_unit": RIVAL_SITE,
    }
    people: list[PersonPlan] = []
    posts: list[PostPlan] = []
    for player in CAST:
        at = places[player.place]
        people.append(PersonPlan(player.username, player.name, at))
        if player.place == "team":
            posts.append(PostPlan(player.username, player.role, team="team-1"))
        else:
            aspect = "control" if player.role == "working_group" else None
            until = date(2024, 9, 30) if player.role == "auditor" else None
            posts.append(PostPlan(player.username, player.role, unit=at, aspect=aspect, until=until))

    def hire(username: str, role: str, unit: str | None = None, team: str | None = None) -> None:
        people.append(PersonPlan(username, names.next(), unit or ROOT))
        posts.append(PostPlan(username, role, unit=unit, team=team))

    hire("fz-jl", "head", ROOT)
    hire("aq-jl", "filler", ROOT)
    for company in companies:
        code = company.code.lower()
        hire(f"aq-{code}", "filler", company.code)
        hire(f"fz-{code}", "head", company.code)
        if company.code not in (CAST_COMPANY, RIVAL_COMPANY):
            hire(f"ll-{code}", "liaison", company.code)
    for site in sites:
        if site.code != CAST_SITE:
            hire(f"fz-{site.code.lower()}", "head", site.code)
    for team in range(1, len(TEAMS)):
        hire(f"dc-{team + 1}-zz", "team_leader", team=f"team-{team + 1}")
        hire(f"dc-{team + 1}-zy", "team_member", team=f"team-{team + 1}")
    return people, posts
