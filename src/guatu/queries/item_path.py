"""The way of an item through its workflow: stations behind, now and ahead, and the ways back. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from guatu.domain.history import Mark
from guatu.domain.loop_tracks import STOPPED_ON
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Workflow
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.domain.words import ngettext
from guatu.queries.item_stations import Branch, Detour, Step


@dataclass(frozen=True, slots=True)
class Stay:
    """An item entered a state on a day, in a round."""

    state: str
    since: date
    round: int


def stays(marks: Sequence[Mark], day: date) -> list[Stay]:
    """The states entered up to the end of `day`, in order, each once per entry."""
    found: list[Stay] = []
    for mark in marks:
        value: Any = mark.value
        if mark.effective > day:
            break
        if not found or found[-1].state != value["key"]:
            found.append(Stay(value["key"], mark.effective, value["round"]))
    return found


def main_line(workflow: Workflow) -> tuple[str, ...]:
    """The states of the plain way, in the pack's order: reached without a reason or a decision having to be given."""
    line: list[str] = []
    for key, state in workflow.states.items():
        if state.phase == "void":
            continue
        plain = any(
            way.to == key and not way.reason and not way.decision and set(way.origins) & set(line)
            for way in workflow.transitions
        )
        if key in workflow.initial or plain:
            line.append(key)
    return tuple(line)


def station_of(workflow: Workflow, line: Sequence[str], state: str) -> int:
    """Where on the main line an item in `state` stands; -1 for a void state."""
    if state in line:
        return line.index(state)
    if state not in workflow.states or workflow.phase_of(state) == "void":
        return -1
    ways = [way for way in workflow.ways_from(state) if not way.reason and way.to in line]
    if not ways:
        return max((at for at, key in enumerate(line) if workflow.phase_of(key) == "open"), default=0)
    target = line.index(ways[0].to)
    if workflow.phase_of(line[target]) == "open":
        return target
    return max((at for at in range(target) if workflow.phase_of(line[at]) == "open"), default=0)


def path_of(workflow: Workflow, past: Sequence[Stay]) -> tuple[tuple[Step, ...], tuple[Detour, ...]]:
    """Stations and ways back. Stations passed by without a stay are left out behind the item, kept ahead of it.

    Nothing is ahead of what is closed, or annulled, merged or transferred (void).
    """
    line = main_line(workflow)
    if not past or len(line) < 2:
        return (), ()
    places = [station_of(workflow, line, stay.state) for stay in past]
    now = places[-1]
    if now < 0:
        now = max((place for place in places if place >= 0), default=0)
    last_stay = {place: stay for place, stay in zip(places, past, strict=True) if place >= 0}
    kept = [at for at in range(len(line)) if at >= now or at in last_stay]
    ended = past[-1].state in workflow.states and workflow.phase_of(past[-1].state) == "void"
    if ended or workflow.phase_of(line[now]) == "closed":
        kept = [at for at in kept if at <= now]
    steps = tuple(_step(workflow, line, at, now, past[-1], last_stay.get(at)) for at in kept)
    return steps, _detours(workflow, past, places, kept)


def looked_at_again(pack: Pack, register: str, data: Mapping[str, Any]) -> Step | None:
    """The last station of what may be drawn for re-inspection (回头看): always drawn, or by sample."""
    rule = pack.loop.reinspection
    if rule is None or rule.of != register:
        return None
    always = any(data.get(key) in values for key, values in rule.always.items())
    return Step("reinspection", _("回头看"), "ahead", _("必查") if always else _("抽查"))


def branch_of(workflow: Workflow, steps: Sequence[Step], row: Mapping[str, Any], day: date) -> Branch | None:
    """The way to where the unit cannot act itself (提请上级解决): its clock stands there, somebody else answers.

    None where the workflow has none, and for an item that is past the stations from which it leaves.
    """
    states = workflow.states
    away = [
        way
        for way in workflow.transitions
        if way.level == "own" and states[way.to].phase == "open" and states[way.to].clock == "stops"
    ]
    if not away or not steps or (row["state"] in states and states[row["state"]].phase == "void"):
        return None
    way = away[0]
    there = _away(workflow, row["state"])
    stations = [at for at, step in enumerate(steps) if step.key in way.origins]
    if there:
        origin = next((at for at, step in enumerate(steps) if step.place == "now"), 0)
        since = day_or_none(row["data"].get(STOPPED_ON)) or row["state_since"]
        text = _("{state}，责任单位的计时自 {day} 起暂停").format(state=states[row["state"]].label, day=since)
        return Branch(origin, text, taken=True)
    if not stations or steps[stations[-1]].place == "behind":
        return None
    within = states[way.to].answer_within
    text = (
        _("根子在上一级的：{step}，计时暂停；上级 {n} 个工作日内答复").format(step=way.label, n=within)
        if within
        else _("根子在上一级的：{step}，计时暂停").format(step=way.label)
    )
    return Branch(stations[-1], text, taken=False)


def _away(workflow: Workflow, state: str) -> bool:
    found = workflow.states.get(state)
    return found is not None and found.phase == "open" and found.clock == "stops"


def _step(workflow: Workflow, line: Sequence[str], at: int, now: int, last: Stay, stay: Stay | None) -> Step:
    label = workflow.states[line[at]].label
    if at > now:
        days = workflow.notice.days if workflow.notice and workflow.states[line[at]].on_notice else 0
        note = ngettext("{n} 个工作日", "{n} 个工作日", days).format(n=days) if days else ""
        return Step(line[at], label, "ahead", note)
    if at == now:
        done = workflow.phase_of(line[at]) == "closed" and last.state == line[at]
        label = workflow.states[last.state].label if last.state in workflow.states else label
        note = f"{last.since:%m-%d}" if done else _("现在")
        if last.round > 1 and not done:
            note = _("现在，第 {round} 轮").format(round=last.round)
        return Step(line[at], label, "behind" if done else "now", note, last.since)
    since = stay.since if stay else None
    return Step(line[at], label, "behind", f"{since:%m-%d}" if since else "", since)


def _detours(
    workflow: Workflow, past: Sequence[Stay], places: Sequence[int], kept: Sequence[int]
) -> tuple[Detour, ...]:
    """The ways back that were gone, each with how often and when last."""
    gone: dict[tuple[int, int], list[Stay]] = {}
    for (before, after), stay in zip(pairwise(places), past[1:], strict=True):
        if 0 <= after < before:
            gone.setdefault((before, after), []).append(stay)
    found = []
    for (before, after), visits in gone.items():
        if before in kept and after in kept:
            label = workflow.states[visits[-1].state].label
            text = _("{label} {n} 次，{day}").format(
                label=label, n=len(visits), day=f"{visits[-1].since:%m-%d}"
            )
            found.append(Detour(kept.index(before), kept.index(after), text))
    return tuple(found)
