"""A plain-Python recount of the small campaign's figures from raw revisions, in the manner of the design's semantics.

It shares no code with the product: it reads revision rows (kind, subject, version, batch, effective day, body) and
answers slowly and plainly. K is a batch number, None for now; D a civil day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

NOW = 10**18
Item = dict[str, Any]


@dataclass(frozen=True)
class Revision:
    kind: str
    subject: int
    version: int
    batch: int
    effective: date
    body: dict[str, Any]


def revision(kind: str, subject: int, version: int, batch: int, effective: date, body: str) -> Revision:
    return Revision(kind, subject, version, batch, effective, json.loads(body))


class Recount:
    """Everything that the revisions say, asked as of a day and as known at a batch."""

    def __init__(
        self,
        revisions: Iterable[Revision],
        levels: dict[int, str],
        sectors: dict[int, str],
        tree: str,
        begin: date,
    ) -> None:
        self.of: dict[str, dict[int, list[Revision]]] = defaultdict(lambda: defaultdict(list))
        for one in sorted(revisions, key=lambda r: (r.kind, r.subject, r.version)):
            self.of[one.kind][one.subject].append(one)
        self.levels, self.sectors, self.tree, self.begin = levels, sectors, f"tree:{tree}", begin

    # Dated tracks

    def tracks(self, kind: str, subject: int, K: int | None) -> tuple[dict[str, list[Any]], dict[str, Any]]:
        tracks: dict[str, list[Any]] = defaultdict(list)
        plain: dict[str, Any] = {}
        for one in self.of[kind][subject]:
            if one.batch > (NOW if K is None else K):
                break
            for track, value in one.body["dated"].items():
                if one.body.get("withdraws") is not None:
                    tracks[track] = [entry for entry in tracks[track] if entry[0] < one.body["withdraws"]]
                tracks[track].append((one.version, one.effective, value))
            plain = one.body.get("plain", plain)
        return tracks, plain

    def item(self, subject: int, D: date, K: int | None) -> Item | None:
        """What holds of an item, or None: not there yet, a draft, or void."""
        tracks, plain = self.tracks("item", subject, K)
        now = {track: value for track, entries in tracks.items() for _v, day, value in entries if day <= D}
        if "state" not in now or now["state"]["phase"] in ("draft", "void"):
            return None
        fields = {**plain.get("data", {})}
        fields.update({k.removeprefix("data."): v for k, v in now.items() if k.startswith("data.")})
        unit = now["unit"] if "unit" in now else tracks["unit"][0][2]
        return {
            **fields,
            "id": subject,
            "register": plain["register"],
            "phase": now["state"]["phase"],
            "unit": unit,
            "due": date.fromisoformat(now["due"]) if now.get("due") else None,
            "line": self.line(unit, D, K),
        }

    def entered(self, subject: int, phase: str, first: date, D: date, K: int | None) -> int:
        count, before = 0, None
        for _v, day, value in self.tracks("item", subject, K)[0]["state"]:
            if value["phase"] == phase != before and first <= day <= D:
                count += 1
            before = value["phase"]
        return count

    # The tree

    def parent(self, unit: int, D: date, K: int | None) -> dict[str, Any] | None:
        """The place as of (D, K): the last row from D or before that is known and not withdrawn."""
        known = [one for one in self.of["placement"][unit] if one.batch <= (NOW if K is None else K)]
        rows = [one for one in known if self.tree in one.body["dated"]]
        standing = [
            one
            for one in rows
            if not any(
                other.version > one.version and (other.body.get("withdraws") or NOW) <= one.version
                for other in rows
            )
        ]
        best = max(
            (one for one in standing if one.effective <= D),
            key=lambda r: (r.effective, r.version),
            default=None,
        )
        return best.body["dated"][self.tree] if best is not None else None

    def line(self, unit: int, D: date, K: int | None) -> tuple[int, ...]:
        """From the root to the unit; empty when it, or one above it, does not stand in the tree."""
        up: list[int] = []
        current: int | None = unit
        while current is not None:
            place = self.parent(current, D, K)
            if place is None or place["kind"] == "ended":
                return ()
            up.append(current)
            current = place["parent"] if place["kind"] == "under" else None
        return tuple(reversed(up))

    def people(self, unit: int, D: date, K: int | None) -> int | None:
        entries = [e for e in self.tracks("headcount", unit, K)[0]["people"] if e[1] <= D]
        return max(entries, key=lambda e: (e[1], e[0]))[2] if entries else None

    def sector(self, line: tuple[int, ...]) -> str | None:
        return next((self.sectors[unit] for unit in reversed(line) if unit in self.sectors), None)


@dataclass(frozen=True)
class Where:
    """One row of a table: `holds` says which lines count for it, `unit` its unit if it is one."""

    holds: Callable[[tuple[int, ...]], bool]
    unit: int | None


def figures(count: Recount, row: Where, D: date, K: int | None) -> dict[str, Any]:
    """Every figure of the small pack that is counted over items and units, for one row."""
    every = [item for subject in count.of["item"] if (item := count.item(subject, D, K)) is not None]
    told = [item for item in every if row.holds(item["line"])]
    items = [item for item in told if _basis(item) >= OFFICE]
    problems = [item for item in items if item["register"] == "problems"]
    open_ones = [p for p in problems if p["phase"] in ("open", "review")]
    closed = [p for p in problems if p["phase"] == "closed"]
    late = [p for p in problems if _late(p, D)]
    visits = [i for i in items if i["register"] == "visits" and _day(i["held_on"]) <= D]
    flow = [v for v in visits if count.begin <= _day(v["held_on"])]
    kind_a = [p for p in problems if p.get("kind") == "a"]
    entries = {p["id"]: count.entered(p["id"], "closed", count.begin, D, K) for p in problems}
    own_flow = len([v for v in flow if row.unit is None or v["unit"] == row.unit])
    own = [p for p in problems if row.unit is None or p["unit"] == row.unit]
    units = [unit for unit in count.levels if (line := count.line(unit, D, K)) and row.holds(line)]
    thirds = [unit for unit in units if count.levels[unit] == "third"]
    return {
        "total": len(problems),
        "closed": len(closed),
        "open": len(open_ones),
        "late": len(late),
        "was_due": len([p for p in problems if p["due"] is not None and p["due"] <= D]),
        "not_due": len([p for p in problems if p["due"] is None or p["due"] > D]),
        "kind_a": len(kind_a),
        "kind_not_a": len([p for p in problems if p.get("kind") != "a"]),
        "urgent": len([p for p in problems if p.get("urgent") is True]),
        "many_pupils": len([p for p in problems if 10 <= (p.get("pupils") or 0) <= 99]),
        "owned": len([p for p in problems if p.get("owner")]),
        "a_or_late": len([p for p in problems if p.get("kind") == "a" or _late(p, D)]),
        "own_total": len(own),
        "third_total": len([p for p in problems if count.levels[p["unit"]] == "third"]),
        "pupils": _sum(problems, "pupils"),
        "cost": _sum(problems, "cost"),
        "places": len({(p["unit"], p["place"]) for p in problems if p.get("place")}),
        "owners": len({p["owner"] for p in problems if p.get("owner")}),
        "entered_closed": sum(entries.values()),
        "items_closed": sum(1 for n in entries.values() if n),
        "ever_closed": sum(count.entered(p["id"], "closed", date.min, D, K) for p in problems),
        "closed_share": Decimal(len(closed)) * 100 / len(problems) if problems else None,
        "all_closed": len(closed) == len(problems) if problems else None,
        "on_time": not [p for p in open_ones if _late(p, D)] if open_ones else None,
        "visits": len(flow),
        "visits_ever": len(visits),
        "bodies": len({(v["unit"], v["body"]) for v in flow if v.get("body")}),
        "solved": _sum(flow, "solved"),
        "units": len(units),
        "thirds": len(thirds),
        "in_north": len([unit for unit in units if count.sector(count.line(unit, D, K)) == "north"]),
        **_recognised(count, told, D, K),
        **_with_outside(count, row, len(flow), own_flow, _sum(problems, "cost"), D, K),
        "people": sum(count.people(unit, D, K) or 0 for unit in units),
        **_months([i for i in items if i["register"] == "monthly"], D),
    }


OFFICE = 4
_LEVELS = {"draft": 0, "reported": 1, "signed": 2, "second_tier": 3, "office": OFFICE}


def _basis(item: Item) -> int:
    """How far a row has been recognised; one that says nothing is the office's."""
    return _LEVELS[item.get("@basis") or "office"]


def _recognised(count: Recount, told: list[Item], D: date, K: int | None) -> dict[str, Any]:
    """The figures of other bases than the office's, and the variants."""
    problems = [item for item in told if item["register"] == "problems"]
    at = {level: [p for p in problems if _basis(p) >= _LEVELS[level]] for level in _LEVELS}
    entries = [count.entered(p["id"], "closed", count.begin, D, K) for p in at["reported"]]
    shares = {level: [p for p in at[level] if p["phase"] == "closed"] for level in _LEVELS}
    return {
        "reported": len(at["reported"]),
        "signed_pupils": _sum(at["signed"], "pupils"),
        "second_places": len({(p["unit"], p["place"]) for p in at["second_tier"] if p.get("place")}),
        "reported_entries": sum(entries),
        "told_upward": len([p for p in at["office"] if p.get("kind") == "a"]),
        "told_upward@upward": len([p for p in at["signed"] if p.get("kind") != "a"]),
        "told_upward@early": len([p for p in at["reported"] if p.get("kind") == "a"]),
        "told_upward@upward@reported": len([p for p in at["reported"] if p.get("kind") != "a"]),
        "total@signed": len(at["signed"]),
        "closed_share@reported": (
            Decimal(len(shares["reported"])) * 100 / len(at["reported"]) if at["reported"] else None
        ),
    }


def _with_outside(
    count: Recount,
    row: Where,
    flow: int,
    own_flow: int,
    cost: Decimal | int | None,
    D: date,
    K: int | None,
) -> dict[str, Any]:
    """Figures to which rows from outside the system are added, for the unit that they name and those above it."""
    added: dict[str, Decimal] = defaultdict(Decimal)
    for subject in count.of["outside"]:
        known = [one for one in count.of["outside"][subject] if one.batch <= (NOW if K is None else K)]
        if not known:
            continue
        said = known[-1].body["plain"]
        ended = said["ended_on"] is not None and _day(said["ended_on"]) <= D
        if _day(said["counts_on"]) > D or ended:
            continue
        line = count.line(said["unit"], D, K)
        own = said["figure"] == "own_visits" and row.unit is not None
        if line and row.holds(line) and (not own or said["unit"] == row.unit):
            added[said["figure"]] += Decimal(said["value"])
    return {
        "all_visits": flow + added["all_visits"],
        "own_visits": own_flow + added["own_visits"],
        "all_cost": added["all_cost"]
        if cost is None and added["all_cost"]
        else _plus(cost, added["all_cost"]),
    }


def _plus(one: Decimal | int | None, other: Decimal) -> Decimal | None:
    return None if one is None else Decimal(one) + other


def _months(items: list[Item], D: date) -> dict[str, Any]:
    """Growth of revenue and profit, this year to D against the same months of the same units last year."""
    growth: dict[str, Decimal | None] = {}
    for name in ("revenue", "profit"):
        sums: dict[tuple[int, int, int], Decimal] = defaultdict(Decimal)
        for item in items:
            day = _day(item["month"])
            last = D.replace(year=D.year - 1) if (D.month, D.day) != (2, 29) else date(D.year - 1, 2, 28)
            in_flow = date(D.year, 1, 1) <= day <= D or date(D.year - 1, 1, 1) <= day <= last
            if in_flow and item.get(name) is not None:
                sums[item["unit"], day.year, day.month] += Decimal(item[name])
        pairs = [
            (amount, sums[unit, D.year - 1, month])
            for (unit, year, month), amount in list(sums.items())
            if year == D.year and (unit, D.year - 1, month) in sums
        ]
        now, before = sum(a for a, _b in pairs), sum(b for _a, b in pairs)
        growth[name] = (now - before) * 100 / before if before > 0 else None
    verdicts = [None if value is None else value >= 0 for value in growth.values()]
    return {
        "revenue_growth": growth["revenue"],
        "profit_up": None if growth["profit"] is None else growth["profit"] > 0,
        "all_up": False if False in verdicts else None if None in verdicts else True,
    }


def _late(item: Item, D: date) -> bool:
    return item["phase"] == "open" and item["due"] is not None and item["due"] < D


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _sum(items: list[Item], field: str) -> Decimal | int | None:
    """Missing is not zero: nothing given by any of the items is no number; no items at all is zero."""
    given = [Decimal(item[field]) for item in items if item.get(field) is not None]
    return None if items and not given else sum(given)
