"""What follows from problems: single measures, re-inspections of closed ones, and what was referred upward."""

from __future__ import annotations

from datetime import date, timedelta

from guatu.demo.chronicle import Line
from guatu.demo.plan import NewItem, Step
from guatu.packs.theme_education.demo.days import ENDS
from guatu.packs.theme_education.demo.teller import Teller
from guatu.packs.theme_education.demo.tree import ROOT


def tell_aftermath(teller: Teller, problems: list[Line]) -> None:
    """Child measures of every ninth problem, a re-inspection of every second closed problem, referrals."""
    listed = {
        event.key: event
        for _, event in teller.events
        if isinstance(event, NewItem) and event.register == "problems"
    }
    closed_on: dict[str, date] = {}
    rebounded: set[str] = set()
    referred: dict[str, Step] = {}
    claims: list[Step] = []
    for _, event in teller.events:
        if isinstance(event, Step) and event.item in listed:
            if event.state == "closed":
                closed_on.setdefault(event.item, event.recorded)
            elif event.state == "rebounded":
                rebounded.add(event.item)
            elif event.transition == "refer_up":
                referred[event.item] = event
            elif event.state == "claimed":
                claims.append(event)
    for n, problem in enumerate(problems):
        if n % 9 == 0:
            _measures(teller, problem, listed[problem.key])
        day = closed_on.get(problem.key)
        if day is not None and problem.unit != ROOT and (problem.key in rebounded or n % 2 == 0):
            title = listed[problem.key].title
            _inspect_again(teller, problem, title, day, rebounded=problem.key in rebounded)
    lines = {line.key: line for line in problems}
    for step in claims:
        _claim(teller, lines[step.item], listed[step.item].title, step, referred[step.item].reason)


def _measures(teller: Teller, problem: Line, item: NewItem) -> None:
    """The measures of a problem as items of their own; a closed problem has none open."""
    if teller.org.merged is not None and problem.unit == teller.org.merged.code:
        return
    texts = [text[2:] for text in str(item.data["measures_text"]).split("。") if text]
    finished = problem.phase == "closed"
    for text in texts:
        known = teller.next_day(problem.unit, item.recorded + timedelta(days=1))
        if finished:
            known = min(known, problem.day)
        by = teller.staff.filler(problem.unit, known)
        line = teller.new(
            "measures",
            problem.unit,
            text,
            "doing",
            "open",
            known,
            by=by,
            parent=problem,
            due=item.due,
            data={"owner": item.data["owner"]},
        )
        if finished or teller.rng.random() < 0.25:
            end = problem.day if finished else ENDS
            day = teller.next_day(problem.unit, known + timedelta(days=(end - known).days * 2 // 3))
            teller.step(
                line,
                "complete",
                "done",
                "closed",
                min(day, end) if finished else day,
                by=teller.staff.filler(problem.unit, min(day, end)),
                data={"result": "已按期落实。"},
            )


def _inspect_again(teller: Teller, problem: Line, title: str, closed: date, *, rebounded: bool) -> None:
    day = teller.verifying_day(problem.unit, min(closed + timedelta(days=5), ENDS))
    unit = teller.org.holder(problem.unit, day)
    if unit not in teller.staff.team_of:
        by = "linxiaolan"
    else:
        by = teller.staff.recorder(unit)
    teller.new(
        "reinspections",
        unit,
        f"回头看：{title}",
        "recorded",
        "closed",
        day,
        by=by,
        after=problem,
        data={
            "problem": problem.key,
            "held_on": day.isoformat(),
            "result": "rebound" if rebounded else "solid",
            "note": "同类情况再次出现，退回重新整改。" if rebounded else "现场查看，措施持续执行。",
        },
    )


def _claim(teller: Teller, problem: Line, title: str, step: Step, reason: str) -> None:
    """The item of the company that claims what a unit has asked it to solve."""
    firm = teller.org.firm(problem.unit, step.recorded).code
    above = teller.new(
        "referrals",
        firm,
        f"解决下级提请：{title}",
        "claimed",
        "open",
        step.recorded,
        by=step.by,
        due=step.recorded + timedelta(days=30),
        data={"root_cause": reason},
    )
    teller.tie(problem, above, "referred_up_to", step.recorded, by=step.by)
