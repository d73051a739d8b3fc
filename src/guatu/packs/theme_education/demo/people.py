"""The people of the story: the cast, and everybody who fills, signs, reviews and verifies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from guatu.demo.names import PersonNames
from guatu.demo.plan import PersonPlan, PostPlan, TeamPlan
from guatu.packs.theme_education.demo.cast import CAST
from guatu.packs.theme_education.demo.tree import ROOT, Org, Third

_TEAM_NAMES = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


@dataclass(frozen=True, slots=True)
class Staff:
    """Who does what. Usernames are answered by what is recorded on a day, as the product will check them.

    `secretaries` are names only: party organisations have no accounts. `cast_unit` and `cast_company` are where the
    cast works.
    """

    org: Org
    people: tuple[PersonPlan, ...]
    posts: tuple[PostPlan, ...]
    teams: tuple[TeamPlan, ...]
    team_of: dict[str, int]
    own_fillers: dict[str, str]
    heads: dict[str, str]
    liaisons: dict[str, str]
    collectors: dict[str, str]
    verifiers: tuple[str, ...]
    recorders: tuple[str, ...]
    names: dict[str, str]
    secretaries: dict[str, str]
    cast_unit: str
    cast_company: str

    def filler(self, unit: str, known: date) -> str:
        """Who enters for a unit: its own filler at the group, the company's collector below it.

        The units of the cast have fillers who enter everything themselves.
        """
        if unit == ROOT:
            return self.own_fillers[ROOT]
        third = "-".join(unit.split("-")[:3])
        own = self.own_fillers.get(third)
        if own in ("hejingyi", "hanzhiwei"):
            return own
        return self.collectors[self.org.firm(unit, known).code]

    def signer(self, unit: str, known: date) -> str:
        """Who applies for a close-out: whoever enters for the unit that holds the item by then."""
        return self.filler(self.org.holder(unit, known), known)

    def head(self, unit: str, known: date) -> str:
        """Who signs off for a unit."""
        return self.heads[self.org.holder(unit, known)]

    def liaison(self, unit: str, known: date) -> str:
        """Who accepts a unit's tasks: the liaison of the company above, the office for a company itself."""
        if unit.count("-") < 2:
            return "linxiaolan"
        return self.liaisons[self.org.firm(unit, known).code]

    def verifier(self, unit: str) -> str:
        """Who verifies: the leader of the team that the unit is assigned to, the office elsewhere."""
        team = self.team_of.get(unit)
        return "linxiaolan" if team is None else self.verifiers[team]

    def owner(self, rng: Random, unit: str) -> str:
        """The name of whoever answers for a unit's task: its head or filler, a party organisation's secretary."""
        if unit in self.secretaries:
            return self.secretaries[unit]
        head = self.heads[unit]
        return self.names[head if rng.random() < 0.4 else self.own_fillers.get(unit, head)]

    def recorder(self, unit: str) -> str:
        """Who records the visits of the unit's team."""
        return self.recorders[self.team_of[unit]]


def hire(rng: Random, org: Org) -> Staff:
    """Everybody, with posts and teams; every third-tier unit has a team, a filler, a reviewer and a head."""
    names = PersonNames(rng, (player.name for player in CAST))
    people: list[PersonPlan] = []
    posts: list[PostPlan] = []

    def person(username: str, home: str, name: str | None = None) -> str:
        people.append(PersonPlan(username, name or names.next(), home))
        return username

    company = next((firm for firm in org.firms if firm.sector == "health"), org.firms[0])
    rival = next((firm for firm in org.firms if firm is not company), company)
    unit = next(t for t in org.thirds if t.firm == company.code)
    rival_unit = next((t for t in org.thirds if t.firm == rival.code and t is not unit), unit)
    places = {
        "group": ROOT,
        "team": ROOT,
        "company": company.code,
        "unit": unit.code,
        "rival_company": rival.code,
        "rival_unit": rival_unit.code,
        "keys": ROOT,
    }
    teams, team_of = _teams(rng, org, unit)
    casting: dict[tuple[str, str], str] = {}
    for player in CAST:
        at = places[player.place]
        person(player.username, at, player.name)
        casting.setdefault((player.role, at), player.username)
        if player.place == "team":
            posts.append(PostPlan(player.username, player.role, team=teams[team_of[unit.code]].key))
        elif player.role == "working_group":
            posts.append(PostPlan(player.username, player.role, unit=at, aspect="rectification"))
        elif player.role == "auditor":
            posts.append(PostPlan(player.username, player.role, unit=at, until=date(2024, 1, 31)))
        else:
            posts.append(PostPlan(player.username, player.role, unit=at))
        if (
            player.username == "zhouqiming"
        ):  # two posts: the liaison answers for a department of the company, too
            posts.append(PostPlan(player.username, "head", unit=at))

    def hired(role: str, at: str, prefix: str) -> str:
        username = casting.get((role, at))
        if username is None:
            username = person(f"{prefix}-{at.lower()}", at)
            posts.append(PostPlan(username, role, unit=at))
        return username

    heads = {ROOT: hired("head", ROOT, "fz")}
    liaisons, collectors, own_fillers = {}, {}, {ROOT: hired("filler", ROOT, "tb")}
    for firm in org.firms:
        liaisons[firm.code] = hired("liaison", firm.code, "ll")
        collectors[firm.code] = hired("filler", firm.code, "hz")
        heads[firm.code] = hired("head", firm.code, "fz")
    for third in org.all_thirds:
        own_fillers[third.code] = hired("filler", third.code, "tb")
        heads[third.code] = hired("head", third.code, "fz")
    verifiers, recorders = [], []
    for n, team in enumerate(teams):
        if n == team_of[unit.code]:
            verifiers.append("xuzhiyuan")
            recorders.append("bailu")
            continue
        verifiers.append(person(f"dd-{n + 1:02d}-zz", ROOT))
        recorders.append(person(f"dd-{n + 1:02d}-zy", ROOT))
        posts.append(PostPlan(verifiers[-1], "team_leader", team=team.key))
        posts.append(PostPlan(recorders[-1], "team_member", team=team.key))
    return Staff(
        org,
        tuple(people),
        tuple(posts),
        tuple(teams),
        team_of,
        own_fillers,
        heads,
        liaisons,
        collectors,
        tuple(verifiers),
        tuple(recorders),
        {p.username: p.name for p in people},
        {branch: names.next() for third in org.all_thirds for branch in third.branches},
        unit.code,
        company.code,
    )


def _teams(rng: Random, org: Org, cast_unit: Third) -> tuple[list[TeamPlan], dict[str, int]]:
    """Scattered units for each team; the cast's team is the third one where there are three."""
    count = max(1, min(len(_TEAM_NAMES), len(org.thirds) // 18))
    cast_team = min(2, count - 1)
    shuffled = [t.code for t in org.thirds if t is not cast_unit]
    rng.shuffle(shuffled)
    team_of = {code: n % count for n, code in enumerate(shuffled)}
    team_of[cast_unit.code] = cast_team
    for merger in org.mergers:
        team_of[merger.unit] = team_of[merger.into]
    teams = [
        TeamPlan(
            f"team-{n + 1:02d}",
            f"第{_TEAM_NAMES[n]}督导组",
            tuple(sorted(u for u, t in team_of.items() if t == n)),
        )
        for n in range(count)
    ]
    return teams, team_of
