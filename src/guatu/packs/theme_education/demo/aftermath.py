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
    referred: list[Step] = []
    for _, event in teller.events:
        if isinstance(event, Step) and event.item in listed:
            if event.state == "closed":
                closed_on.setdefault(event.item, event.recorded)
            elif event.state == "rebounded":
                rebounded.add(event.item)
            elif event.state == "referred":
                referred.append(event)
    for n, problem in enumerate(problems):
        if n % 9 == 0:
            _measures(teller, problem, listed[problem.key])
        day = closed_on.get(problem.key)
        if day is not None and problem.unit != ROOT and (problem.key in rebounded or n % 2 == 0):
            title = listed[problem.key].title
            _inspect_again(teller, problem, title, day, rebounded=problem.key in rebounded)
    lines = {line.key: line for line in problems}
    for step in referred:
        _refer(teller, lines[step.item], listed[step.item].title, step)


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


def _refer(teller: Teller, problem: Line, title: str, step: Step) -> None:
    """What a unit asked its company to solve, claimed where the company did so."""
    firm = teller.org.firm(problem.unit, step.recorded).code
    line = teller.new(
        "referrals",
        problem.unit,
        f"提请解决：{title}",
        "waiting",
        "open",
        step.recorded,
        by=step.by,
        after=problem,
        due=step.recorded + timedelta(days=45),
        data={"problem": problem.key, "root_cause": step.reason},
    )
    if problem.state == "claimed" or teller.rng.random() < 0.3:
        day = teller.next_day(problem.unit, step.recorded + timedelta(days=3))
        teller.step(
            line,
            "claim",
            "claimed",
            "open",
            day,
            by=teller.staff.liaison(problem.unit, day),
            data={"claimed_by": firm},
        )
        later = teller.next_day(problem.unit, day + timedelta(days=10))
        if teller.rng.random() < 0.4 and later < ENDS:
            teller.step(
                line,
                "solve",
                "solved",
                "closed",
                later,
                by=teller.staff.liaison(problem.unit, later),
                data={"answer": "公司已研究明确解决办法，由单位按要求办理。"},
            )
