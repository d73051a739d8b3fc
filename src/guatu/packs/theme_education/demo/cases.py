"""Case studies of the story with the self-checks that follow them, and needs and offers between units."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from guatu.demo.chronicle import Line, between
from guatu.packs.theme_education.demo.days import ENDS, STARTS
from guatu.packs.theme_education.demo.lexicon import logs
from guatu.packs.theme_education.demo.lexicon.shapes import Line as LineOfWork
from guatu.packs.theme_education.demo.lexicon.shapes import fitting
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import Third

_ASKED_BY = "linxiaolan"
_QUESTION = "对照案例中的表现和原因，逐条检查本单位有没有同类问题；有的，同时立项整改。"


def tell_cases(teller: Teller, problems: Sequence[Line]) -> None:
    """A case study at a unit of each case's sector, self-checks at sister units, and matches of needs and offers."""
    rng = teller.rng
    for lines, kind, title, causes, lessons in logs.CASES:
        thirds = [t for t in teller.org.thirds if _line(teller, t) in lines.split(",")]
        if not thirds:
            continue
        third = rng.choice(thirds)
        day = teller.next_day(third.code, between(rng, date(2023, 10, 12), date(2023, 11, 10)))
        data = {"kind": kind, "causes": causes, "lessons": lessons}
        by = teller.staff.filler(third.code, day)
        case = teller.new("cases", third.code, title, "doing", "open", day, by=by, data=data)
        _complete(teller, case, third, day + timedelta(days=7))
        others = [t for t in thirds if t is not third]
        asked = rng.sample(others, min(5, len(others)))
        cast = next((t for t in others if t.code == teller.staff.cast_unit), None)
        if cast is not None and teller.turn("asked the cast") == 0:
            asked = [cast, *(t for t in asked if t is not cast)][: len(asked)]
        for other in asked:
            _self_check(teller, case, title, other, day, problems)
    for n in range(min(30, len(teller.org.thirds))):
        _match(teller, rng.choice(teller.org.thirds), rng.choice(teller.org.thirds), n)


def _line(teller: Teller, third: Third) -> LineOfWork:
    return teller.org.firm(third.code, STARTS).line


def _complete(teller: Teller, line: Line, third: Third, wanted: date) -> None:
    day = teller.next_day(third.code, wanted)
    if day < ENDS:
        teller.step(line, "complete", "done", "closed", day, by=teller.staff.filler(third.code, day))


def _match(teller: Teller, third: Third, other: Third, turn: int) -> None:
    """A need or an offer; every third one has found its partner."""
    offers = turn % 2 == 1
    if offers:
        thing = teller.rng.choice(fitting(logs.OFFERS[third.sector], _line(teller, third)))
    else:
        thing, lines = teller.rng.choice(logs.NEEDS)
        able = [t for t in teller.org.thirds if _line(teller, t) in lines.split(",")]
        other = teller.rng.choice(able) if able else other
    day = teller.next_day(third.code, between(teller.rng, date(2023, 10, 10), date(2023, 11, 20)))
    met = turn % 3 == 0 and other is not third
    data = {"side": "offer" if offers else "need", "content": f"{thing}，可由系统内单位协作。"}
    if met:
        data["partner"] = other.code
    title, by = f"{'提供' if offers else '需要'}{thing}", teller.staff.filler(third.code, day)
    line = teller.new("matches", third.code, title, "doing", "open", day, by=by, data=data)
    if met:
        _complete(teller, line, third, day + timedelta(days=8))


def _self_check(
    teller: Teller, case: Line, title: str, third: Third, asked: date, problems: Sequence[Line]
) -> None:
    rng, staff, unit = teller.rng, teller.staff, third.code
    line = teller.new(
        "self_checks",
        unit,
        f"对照自查：{title}",
        "asked",
        "open",
        asked,
        by=_ASKED_BY,
        start=asked,
        due=date(2023, 12, 20),
        data={"case": case.key, "question": _QUESTION},
        after=case,
    )
    teller.tie(line, case, "self_check_of", asked, by=_ASKED_BY)
    begun = teller.next_day(unit, asked + timedelta(days=rng.randint(1, 3)))
    if rng.random() >= 0.6 or unit == teller.staff.cast_unit:  # so that the cast has one to answer
        return
    wanted = rng.random() < 0.3
    handed = teller.next_day(unit, begun + timedelta(days=3))
    same = next((one for one in problems if one.unit == unit and one.known < handed), None)
    found = wanted and same is not None
    if found and same is not None:
        teller.tie(same, line, "found_in", handed, by=staff.filler(unit, handed))
    accepted = teller.next_day(unit, handed + timedelta(days=1))
    explanation = "存在类似情况，已列入问题清单。" if found else "经对照检查，未发现同类情况。"
    teller.step(
        line,
        "answer",
        "answered",
        "review",
        handed,
        by=staff.filler(unit, handed),
        data={"exists": found, "explanation": explanation},
    )
    teller.step(line, "accept", "accepted", "closed", accepted, by=staff.liaison(unit, accepted))
