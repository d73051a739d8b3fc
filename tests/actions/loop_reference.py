"""The closed loop in plain Python: who may make which step, and what it asks for. Read beside docs/closed-loop.md.

It knows nothing of the product: units, people and steps are written out here a second time, as tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

LINES = {
    "HY": ("HY",),
    "JIA": ("HY", "JIA"),
    "YI": ("HY", "YI"),
    "F1": ("HY", "JIA", "F1"),
    "F1A": ("HY", "JIA", "F1", "F1A"),
    "F2": ("HY", "JIA", "F2"),
    "Y3": ("HY", "YI", "Y3"),
}
TEAM = ("F1", "Y3")
HOMES = {
    "lin": "HY",
    "zhou": "JIA",
    "he": "YI",
    "lu": "F1",
    "ren": "F1",
    "ji": "Y3",
    "ou": "Y3",
    "mei": "F1",
    "tao": "HY",
    "fan": "HY",
    "dan": "HY",
}


@dataclass(frozen=True)
class Held:
    """A post: of whom, which role, on which unit (or the team), from when until when (exclusive)."""

    who: str
    role: str
    place: str
    begins: date
    ends: date | None = None


@dataclass(frozen=True)
class StandIn:
    """Who acts under which post of whom, from when until when (exclusive)."""

    taker: str
    post: Held
    begins: date
    ends: date


FIRST = date(2023, 10, 1)
OLD, SWITCH = date(2023, 10, 20), date(2023, 11, 8)
XU, MEI, LU = (
    Held("xu", "team_leader", "t3", FIRST),
    Held("mei", "team_member", "t3", FIRST),
    Held("lu", "filler", "F1", FIRST),
)
POSTS = (
    Held("lin", "office", "HY", FIRST),
    Held("gu", "leader", "HY", FIRST),
    Held("zhou", "liaison", "JIA", FIRST),
    Held("he", "liaison", "YI", FIRST),
    LU,
    Held("ren", "head", "F1", FIRST),
    Held("ji", "filler", "Y3", FIRST),
    Held("ou", "head", "Y3", FIRST),
    XU,
    Held("bai", "team_member", "t3", FIRST),
    MEI,  # whose home is 一厂
    Held("song", "filler", "F1", FIRST, OLD),  # before anything was opened
    Held("song", "team_member", "t3", FIRST),
    Held("han", "filler", "F1", FIRST, SWITCH),  # while the first problems were open
    Held("han", "team_member", "t3", FIRST),
    Held("qin", "team_member", "t3", FIRST),
    Held("tao", "observer", "Y3", FIRST),
    Held("dan", "team_member", "t3", FIRST),
    Held("qin", "filler", "F1A", FIRST),  # a second post inside the unit
)
STAND_INS = (
    StandIn("tao", XU, date(2023, 11, 6), date(2023, 12, 6)),  # who belongs to 三院
    StandIn("fan", MEI, date(2023, 11, 6), date(2023, 12, 6)),  # for somebody whose home is 一厂
    StandIn("dan", LU, date(2023, 11, 7), date(2023, 11, 9)),  # filled for 一厂 for two days
)
PEOPLE = tuple(dict.fromkeys([*(post.who for post in POSTS), "tao", "fan", "guest"]))


@dataclass(frozen=True)
class Step:
    """A step: from which states to which, who makes it, and what it asks for."""

    origins: tuple[str, ...]
    to: str
    roles: tuple[str, ...]
    side: str
    asks: tuple[str, ...] = ()


OUTSIDE = ("team_leader", "team_member", "office")
STEPS = {
    "start": Step(("open",), "doing", ("filler", "head"), "own"),
    "resume": Step(("returned", "rebounded"), "doing", ("filler", "head"), "own"),
    "submit_for_signature": Step(
        ("doing", "returned"), "signing", ("filler",), "own", ("evidence", "answer")
    ),
    "sign_off": Step(("signing",), "applied", ("head",), "own"),
    "sign_on_paper": Step(("signing",), "applied", ("filler", "liaison"), "own", ("sheet",)),
    "return_in_unit": Step(("signing",), "doing", ("head",), "own", ("reason",)),
    "take_up": Step(("applied",), "verifying", OUTSIDE, "outside"),
    "approve": Step(
        ("verifying",), "closed", OUTSIDE, "outside", ("verification", "proof", "reason", "four eyes")
    ),
    "send_back": Step(("applied", "verifying"), "returned", OUTSIDE, "outside", ("reason",)),
    "rebound": Step(("closed",), "rebounded", OUTSIDE, "outside", ("reason",)),
    "fix_at_once": Step(("draft",), "closed", OUTSIDE, "outside", ("photos",)),
}
OWN = tuple(key for key, step in STEPS.items() if step.side == "own")


@dataclass
class Problem:
    """What is known of one item. `proofs`: evidence of this round, by a running number; `opened`: its first day."""

    unit: str
    opened: date
    state: str = "open"
    round: int = 1
    by_people: bool = False
    sent_back: bool = False
    proofs: list[int] = field(default_factory=list)
    all_proofs: list[int] = field(default_factory=list)
    led: set[str] = field(default_factory=set)
    acted: set[str] = field(default_factory=set)
    looked: dict[str, set[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Given:
    """What somebody brings along to a step."""

    evidence: bool = True
    reason: bool = True
    verification: bool = True
    sheet: str = ""


def grants(who: str, day: date) -> list[tuple[Held, str | None]]:
    """The posts under which somebody may act on a day, their own first; and for whom, where it is not their own."""
    own = [(p, None) for p in POSTS if p.who == who and p.begins <= day and (p.ends is None or day < p.ends)]
    lent = [(s.post, s.post.who) for s in STAND_INS if s.taker == who and s.begins <= day < s.ends]
    return [*own, *lent]


def covers(post: Held, unit: str) -> bool:
    if post.place == "t3":
        return any(one in LINES[unit] for one in TEAM)
    return post.place in LINES[unit]


def fits(post: Held, step: Step, unit: str) -> bool:
    if post.role not in step.roles or not covers(post, unit):
        return False
    return step.side == "own" or post.place == "t3" or post.place != unit


def under(who: str, key: str, items: list[Problem], day: date) -> tuple[Held, str | None] | None:
    """The first post under which all of them can be moved by the step."""
    for post, giver in grants(who, day):
        if all(fits(post, STEPS[key], item.unit) for item in items):
            return post, giver
    return None


def barred(who: str, giver: str | None, item: Problem) -> bool:
    """Four eyes by unit: posts, past posts, posts held for others, homes and acts of everybody behind the verifier."""
    responsible = {item.unit} | item.led
    for person in filter(None, (who, giver)):
        held = [(p.place, p.ends) for p in POSTS if p.who == person]
        held += [(s.post.place, s.ends) for s in STAND_INS if s.taker == person]
        for place, ends in held:
            inside = place != "t3" and responsible & set(LINES[place])
            if inside and (ends is None or ends >= item.opened):
                return True
        if person in HOMES and responsible & set(LINES[HOMES[person]]):
            return True
        if person in item.acted:
            return True
    return False


def may(who: str, key: str, items: list[Problem], given: Given, day: date) -> bool:
    """Whether the step is made: for all of them or for none."""
    found = under(who, key, items, day)
    if found is None:
        return False
    step, giver = STEPS[key], found[1]
    for item in items:
        if item.state not in step.origins:
            return False
        if "reason" in step.asks and not given.reason:
            return False
        if "answer" in step.asks and item.sent_back and not given.reason:
            return False
        if "evidence" in step.asks and not (given.evidence or item.proofs):
            return False
        if "proof" in step.asks and not item.proofs:
            return False
        if "verification" in step.asks and not given.verification:
            return False
        if "four eyes" in step.asks and barred(who, giver, item):
            return False
        if "sheet" in step.asks and given.sheet != "right":
            return False
        if "photos" in step.asks:
            return False  # nobody brings them in this test
    return not (len(items) > 1 and "four eyes" in step.asks and not looked_through(who, items))


def looked_through(who: str, items: list[Problem]) -> bool:
    return all(
        not item.by_people and item.all_proofs and set(item.all_proofs) <= item.looked.get(who, set())
        for item in items
    )


def done(who: str, key: str, items: list[Problem], given: Given, day: date, proof: int) -> None:
    """What the step leaves behind."""
    found = under(who, key, items, day)
    assert found is not None
    for item in items:
        step = STEPS[key]
        item.state = step.to
        if step.side == "own":
            item.acted |= {who, *filter(None, [found[1]])}
        if key == "rebound":
            item.round, item.proofs = item.round + 1, []
        if key == "send_back":
            item.sent_back = True
        if key == "submit_for_signature":
            item.sent_back = False
        if ("evidence" in step.asks and given.evidence) or "sheet" in step.asks:
            item.proofs.append(proof)
            item.all_proofs.append(proof)
