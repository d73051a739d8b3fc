"""The plan of the drive: twelve key tasks of the group, each handed down to every site in four waves."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.demo.chronicle import Line
from guatu.packs.safety_drive.demo.days import ENDS, STARTS, working
from guatu.packs.safety_drive.demo.lexicon import DUTIES, RESULTS
from guatu.packs.safety_drive.demo.org import CAST_SITE, OFFICE, ROOT, Site
from guatu.packs.safety_drive.demo.teller import Teller

_LAST = date(2024, 8, 30)


def tell_duties(teller: Teller) -> None:
    """Key tasks on the first day; unit tasks every second week; close-out of key tasks whose unit tasks are all done."""
    columns = []
    for order, (aspect, short, title, requirement) in enumerate(DUTIES, start=1):
        wave = (order - 1) % 4
        issued = working(STARTS + timedelta(days=14 * wave))
        due = _LAST if wave == 3 else issued + timedelta(days=30 + 10 * (order % 3))
        data = {"aspect": aspect, "short_name": short, "order": order, "requirement": requirement}
        key = teller.new("key_tasks", ROOT, title, "listed", "open", STARTS, by=OFFICE, data=data, due=due)
        columns.append((key, issued, due, short))
    for key, issued, due, short in columns:
        handed = [_hand_down(teller, key, site, issued, due, short) for site in teller.org.sites]
        last = max(line.known for line in handed)
        if all(line.phase == "closed" for line in handed) and last < ENDS:
            teller.step(key, "complete", "done", "closed", working(last + timedelta(days=2)), by=OFFICE)


def _hand_down(teller: Teller, key: Line, site: Site, issued: date, due: date, short: str) -> Line:
    rng, org, unit = teller.rng, teller.org, site.code
    owner = org.names[org.head(unit) if rng.random() < 0.4 else org.filler(unit)]
    line = teller.new(
        "unit_tasks",
        unit,
        f"{site.short}：{short}",
        "issued",
        "open",
        issued,
        by=OFFICE,
        start=issued,
        due=due,
        parent=key,
        task=key,
        data={"owner": owner},
    )
    if site.company.pace > 1.3 and rng.random() < 0.06:
        return line  # never acknowledged
    day = teller.hand_in(unit, issued + timedelta(days=1))
    if day >= ENDS:
        return line
    teller.step(line, "acknowledge", "doing", "open", day, by=org.filler(unit))
    span = (due - issued).days
    ready = issued + timedelta(
        days=int(span * min(1.6, rng.uniform(0.3, 0.8) * site.company.pace * (0.6 if due == _LAST else 1)))
    )
    day = teller.gathered(unit, max(ready, day + timedelta(days=3)))
    if day >= ENDS:
        return line
    _submit(teller, line, unit, day)
    if rng.random() < 0.05:
        back = teller.hand_in(unit, day + timedelta(days=1))
        if back < ENDS:
            reason = "证明材料不全，请补充后再报。"
            teller.step(line, "send_back", "returned", "open", back, by=org.liaison(unit), reason=reason)
            day = teller.gathered(unit, back + timedelta(days=2))
            if day >= ENDS:
                return line
            _submit(teller, line, unit, day)
    accepted = teller.hand_in(unit, day + timedelta(days=1))
    late_for_cast = unit == CAST_SITE and (ENDS - day).days < 21
    if accepted < ENDS and not late_for_cast:
        teller.step(line, "accept", "done", "closed", accepted, by=org.liaison(unit))
    return line


def _submit(teller: Teller, line: Line, unit: str, day: date) -> None:
    teller.step(
        line,
        "submit",
        "submitted",
        "review",
        day,
        by=teller.org.filler(unit),
        evidence=teller.paper(unit),
        data={"result": teller.rng.choice(RESULTS)},
        reason=teller.told_again() if line.state == "returned" else "",
    )
