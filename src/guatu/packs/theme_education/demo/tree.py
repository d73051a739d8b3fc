"""The organisation of the story: one group, its companies, their units and party organisations, and its changes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import chain, count
from random import Random
from typing import Literal

from guatu.demo.plan import HeadCountPlan, Merger, Move, UnitPlan
from guatu.demo.spread import deal, deal_between, weighted
from guatu.packs.theme_education.demo.days import FOUNDED, SET_UP
from guatu.packs.theme_education.demo.lexicon.shapes import Company, Line, Sector
from guatu.packs.theme_education.demo.lexicon.units import (
    BRANCHES,
    COMPANIES,
    PLACES,
    ROOT_NAME,
    ROOT_SHORT,
    SECTOR_ORDER,
)
from guatu.packs.theme_education.demo.targets import Targets

ROOT = "HY"
MERGED_ON, MERGER_ENTERED = date(2023, 10, 16), date(2023, 10, 25)
MOVED_ON, MOVE_ENTERED = date(2023, 10, 9), date(2023, 10, 20)
COUNTED_AGAIN, COUNT_ENTERED = date(2023, 10, 31), date(2023, 11, 3)

Quality = Literal["strong", "healthy", "middling", "weak"]
_QUALITIES: tuple[tuple[str, float], ...] = (("strong", 22), ("healthy", 52), ("middling", 20), ("weak", 6))
_WORSE: tuple[tuple[str, float], ...] = (("healthy", 45), ("middling", 35), ("weak", 20))


@dataclass(frozen=True, slots=True)
class Firm:
    """A second-tier company with its place in the order of the tree."""

    code: str
    place: int
    short: str
    line: Line
    sector: Sector
    kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Third:
    """A third-tier unit; `firm` is the code of its company at first, `branches` those it starts with."""

    code: str
    short: str
    sector: Sector
    firm: str
    quality: Quality
    branches: tuple[str, ...]


@dataclass(slots=True)
class Org:
    """The whole organisation. `thirds` stand at the end of the story; `merged` has gone by then."""

    firms: tuple[Firm, ...]
    thirds: tuple[Third, ...]
    merged: Third | None
    units: tuple[UnitPlan, ...]
    moves: tuple[Move, ...]
    mergers: tuple[Merger, ...]
    head_counts: tuple[HeadCountPlan, ...]
    shorts: dict[str, str] = field(init=False)
    _firm_by_code: dict[str, Firm] = field(init=False)
    _moves_of: dict[str, Move] = field(init=False)

    def __post_init__(self) -> None:
        self.shorts = {unit.code: unit.short for unit in self.units}
        self._firm_by_code = {firm.code: firm for firm in self.firms}
        self._moves_of = {move.unit: move for move in self.moves}

    @property
    def all_thirds(self) -> tuple[Third, ...]:
        """The units at the end and the one that was merged."""
        return self.thirds if self.merged is None else (*self.thirds, self.merged)

    def firm(self, unit: str, known: date) -> Firm:
        """The company above a unit by what is recorded on the day `known`."""
        parts = unit.split("-")
        move = self._moves_of.get("-".join(parts[:3]))
        code = move.parent if move is not None and move.recorded <= known else "-".join(parts[:2])
        return self._firm_by_code[code]

    def holder(self, unit: str, known: date) -> str:
        """The unit that leads what `unit` was given: its successor once the merger is recorded."""
        for merger in self.mergers:
            if merger.unit == unit and merger.recorded <= known:
                return merger.into
        return unit


def grow(rng: Random, targets: Targets) -> Org:
    """The organisation that has exactly the targeted units and head-counts at the end of the story."""
    firms = _firms(targets.units_l3)
    sizes = deal_between(rng, targets.units_l3, len(firms), 3, 16)
    merging = targets.units_l3 >= 12
    host = max(range(len(firms)), key=lambda i: (3 <= sizes[i] <= 9, sizes[i])) if merging else -1
    troubled = rng.randrange(len(firms)) if len(firms) > 3 else -1
    names = _Names(rng)
    drafts: list[tuple[str, str, Firm, Quality]] = []
    gone: tuple[str, str, Firm, Quality] | None = None
    for i, (firm, size) in enumerate(zip(firms, sizes, strict=True)):
        for n in range(1, size + 1):
            quality = weighted(rng, _WORSE if i == troubled else _QUALITIES)
            drafts.append((f"{firm.code}-{n:02d}", names.unit(firm), firm, quality))
        if i == host:
            gone = (f"{firm.code}-{size + 1:02d}", names.unit(firm), firm, "healthy")
    drafts = _keep_the_cast_healthy(drafts)
    into = next((d[0] for d in reversed(drafts) if gone is not None and d[2] is gone[2]), None)

    counts = deal(rng, targets.party_orgs, [rng.uniform(0.35, 1.8) for _ in drafts])
    lent = 0
    if gone is not None and into is not None:
        at = next(i for i, d in enumerate(drafts) if d[0] == into)
        lent = min(2, max(0, counts[at] - 1))
        counts[at] -= lent
    thirds = tuple(
        Third(code, short, firm.sector, firm.code, quality, tuple(f"{code}-{b:02d}" for b in range(1, n + 1)))
        for (code, short, firm, quality), n in zip(drafts, counts, strict=True)
    )
    merged = None
    mergers: tuple[Merger, ...] = ()
    if gone is not None and into is not None:
        code, short, firm, quality = gone
        merged = Third(
            code, short, firm.sector, firm.code, quality, tuple(f"{code}-{b:02d}" for b in range(1, lent + 1))
        )
        mergers = (Merger(code, into, merged.branches, MERGED_ON, MERGER_ENTERED),)
    moves = _moves(rng, firms, thirds, into)
    return Org(
        firms=firms,
        thirds=thirds,
        merged=merged,
        units=tuple(_units(firms, thirds, merged, _destinations(moves, mergers))),
        moves=moves,
        mergers=mergers,
        head_counts=tuple(_head_counts(rng, targets, thirds, merged, into)),
    )


def _firms(units: int) -> tuple[Firm, ...]:
    """As many companies as the units fill: thirty from ninety units on, at least one unit each below."""
    wanted = max(1, min(len(COMPANIES), units // 3))
    by_sector: dict[Sector, list[Company]] = {sector: [] for sector in SECTOR_ORDER}
    for company in COMPANIES:
        by_sector[company.sector].append(company)
    taken = dict.fromkeys(SECTOR_ORDER, 0)
    for _turn in range(wanted):
        sector = min(
            (s for s in SECTOR_ORDER if taken[s] < len(by_sector[s])),
            key=lambda s: (
                (taken[s] + 1) / len(by_sector[s]) if wanted > 3 else (taken[s], SECTOR_ORDER.index(s))
            ),
        )
        taken[sector] += 1
    chosen = [company for sector in SECTOR_ORDER for company in by_sector[sector][: taken[sector]]]
    return tuple(
        Firm(f"{ROOT}-{i:02d}", i - 1, company.short, company.line, company.sector, company.kinds)
        for i, company in enumerate(chosen, start=1)
    )


class _Names:
    """Short names of units, each given once in the whole group."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._taken: set[str] = set()
        self._kinds: dict[str, int] = {}

    def unit(self, firm: Firm) -> str:
        turn = self._kinds.get(firm.code, 0)
        self._kinds[firm.code] = turn + 1
        kind = firm.kinds[turn % len(firm.kinds)]
        for attempt in range(400):
            place = self._rng.choice(PLACES)
            name = f"{place}{kind}" if attempt < 200 else f"{place}第{_ordinal(attempt - 199)}{kind}"
            if name not in self._taken:
                self._taken.add(name)
                return name
        name = f"{firm.short.removeprefix('华岳')}{turn + 1}号{kind}"
        self._taken.add(name)
        return name


_DIGITS = "零一二三四五六七八九"


def _ordinal(number: int) -> str:
    """1 to 999 in Chinese numerals, as units count themselves (第十二)."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def _keep_the_cast_healthy(
    drafts: list[tuple[str, str, Firm, Quality]],
) -> list[tuple[str, str, Firm, Quality]]:
    """The first unit of every company is of middling health at least: the cast works in two of them."""
    kept: list[tuple[str, str, Firm, Quality]] = []
    for code, short, firm, quality in drafts:
        better: Quality = "middling" if quality == "weak" and code.endswith("-01") else quality
        kept.append((code, short, firm, better))
    return kept


def _moves(
    rng: Random, firms: tuple[Firm, ...], thirds: tuple[Third, ...], into: str | None
) -> tuple[Move, ...]:
    """Three units go to a company of their sector, two party organisations to a sister unit; entered days later."""
    if len(thirds) < 40:
        return ()
    moves: list[Move] = []
    for sector in SECTOR_ORDER:
        near = [firm for firm in firms if firm.sector == sector]
        movable = [
            t
            for t in thirds
            if t.sector == sector
            and t.code != into
            and not t.code.endswith("-01")
            and sum(o.firm == t.firm for o in thirds) >= 4
        ]
        if len(near) < 2 or not movable:
            continue
        unit = rng.choice(movable)
        target = rng.choice([firm for firm in near if firm.code != unit.firm])
        moves.append(Move(unit.code, target.code, MOVED_ON, MOVE_ENTERED))
    moved = {move.unit for move in moves} | {into}
    for third in [
        t for t in thirds if len(t.branches) >= 4 and t.code not in moved and not t.code.endswith("-01")
    ][:40:20]:
        sister = next(
            (t for t in thirds if t.firm == third.firm and t is not third and t.code not in moved), None
        )
        if sister is not None:
            moves.append(Move(third.branches[-1], sister.code, date(2023, 10, 18), date(2023, 10, 27)))
    return tuple(moves)


def _destinations(moves: tuple[Move, ...], mergers: tuple[Merger, ...]) -> dict[str, str]:
    """Party organisations that end below another unit than the one they start with, and that unit."""
    found = {move.unit: move.parent for move in moves if move.unit.count("-") == 3}
    return found | {branch: merger.into for merger in mergers for branch in merger.branches}


def _units(
    firms: tuple[Firm, ...], thirds: tuple[Third, ...], merged: Third | None, destinations: dict[str, str]
) -> list[UnitPlan]:
    plans = [UnitPlan(ROOT, ROOT_NAME, ROOT_SHORT, "group", None, aliases=("集团", "集团总部"))]
    plans += [
        UnitPlan(
            firm.code,
            f"{firm.short}有限公司",
            firm.short,
            "second",
            ROOT,
            firm.sector,
            (firm.short.removeprefix("华岳"),),
        )
        for firm in firms
    ]
    names = {firm.code: firm.short for firm in firms}
    lines = {firm.code: firm.line for firm in firms}
    everybody = [*thirds, merged] if merged is not None else list(thirds)
    for third in everybody:
        plans.append(
            UnitPlan(third.code, f"{names[third.firm]}{third.short}", third.short, "third", third.firm)
        )
    names_of = _branch_names(everybody, {t.code: BRANCHES[lines[t.firm]] for t in everybody}, destinations)
    for third in everybody:
        for code in third.branches:
            short = names_of[code]
            plans.append(UnitPlan(code, f"{third.short}{short}", short, "branch", third.code))
    return plans


def _branch_names(
    thirds: list[Third], pools: dict[str, tuple[str, ...]], destinations: dict[str, str]
) -> dict[str, str]:
    """Short names of party organisations: none twice below one unit, before and after some change their unit."""
    names: dict[str, str] = {}
    taken: dict[str, set[str]] = {third.code: set() for third in thirds}

    def give(third: Third, code: str) -> None:
        homes = {third.code, destinations.get(code, third.code)}
        numbered = (f"第{_ordinal(n)}党支部" for n in count(1 + len(third.branches)))
        used = set().union(*(taken[home] for home in homes))
        names[code] = next(name for name in chain(pools[third.code], numbered) if name not in used)
        for home in homes:
            taken[home].add(names[code])

    for moving in (False, True):
        for third in thirds:
            for code in third.branches:
                if (code in destinations) is moving:
                    give(third, code)
    return names


def _head_counts(
    rng: Random, targets: Targets, thirds: tuple[Third, ...], merged: Third | None, into: str | None
) -> list[HeadCountPlan]:
    """Leaders and young people at third-tier units, members at party organisations (at units without any)."""
    found: list[HeadCountPlan] = []
    leaders = deal(rng, targets.leaders_l3, [rng.uniform(2.6, 5.6) for _ in thirds])
    youth = deal(rng, targets.youth, [rng.uniform(0.5, 1.6) for _ in thirds])
    holders = [b for t in (*thirds, *((merged,) if merged else ())) for b in t.branches]
    holders = holders or [t.code for t in thirds]
    members = deal(rng, targets.party_members, [rng.uniform(0.4, 1.7) for _ in holders])

    def counted(unit: str, kind: Literal["leaders", "members", "youth"], final: int, earlier: int) -> None:
        found.append(HeadCountPlan(unit, kind, earlier, SET_UP, SET_UP))
        if earlier != final:
            found.append(HeadCountPlan(unit, kind, final, COUNTED_AGAIN, COUNT_ENTERED))

    for third, lead, young in zip(thirds, leaders, youth, strict=True):
        counted(
            third.code, "leaders", lead, lead + rng.choice((-1, 1)) if lead and rng.random() < 0.12 else lead
        )
        counted(
            third.code, "youth", young, max(0, young - rng.randint(1, 6)) if rng.random() < 0.25 else young
        )
    for holder, member in zip(holders, members, strict=True):
        counted(holder, "members", member, member - 1 if member and rng.random() < 0.05 else member)
    if merged is not None and into is not None:
        for kind, number in (("leaders", 3), ("youth", 96)):
            found.append(HeadCountPlan(merged.code, kind, number, SET_UP, SET_UP))  # type: ignore[arg-type]
            found.append(HeadCountPlan(merged.code, kind, 0, MERGED_ON, MERGER_ENTERED))  # type: ignore[arg-type]
    return found


__all__ = ["FOUNDED", "ROOT", "Firm", "Org", "Quality", "Third", "grow"]
