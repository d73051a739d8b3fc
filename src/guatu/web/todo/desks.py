"""The desks beside the list of what is to be done: the office's, a leader's one page, a team's, a liaison's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from guatu.access import Actor
from guatu.domain.lights import Light, running_states
from guatu.queries.figures import evaluate
from guatu.queries.todo_late import DueDay, LateUnit, behind_by_unit, due_days, due_days_and_listed
from guatu.queries.todo_people import Visited, assigned_units, contacts
from guatu.queries.todo_reds import Reds, RedUnit, red_cells
from guatu.web.figures.pages import FigureShown, figure_shown
from guatu.web.here import Here

LEADING = ("leader", "working_group", "observer")
CALLS = 5
FIRMS = 2
UNSEEN = 12


@dataclass(frozen=True, slots=True)
class Said:
    """Some items of one kind, as words with the list of them: “问题清单 11 个”."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class DayShown:
    """What falls due on one day. `when` is “今天”, “明天” or the day."""

    day: date
    when: str
    parts: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class LateShown:
    """A unit with what has one light there; `urges` lead to urging it, register by register."""

    unit: LateUnit
    parts: tuple[Said, ...]
    urges: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class UnitsBehind:
    """The units with something overdue, and those with something that they have not acknowledged."""

    late: tuple[LateShown, ...] = ()
    white: tuple[LateShown, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A unit to call: why, and whom."""

    unit: str
    href: str
    why: str
    whom: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The row of numbers of a desk. `since` says what they are compared with."""

    rows: tuple[FigureShown, ...]
    since: str


@dataclass(frozen=True, slots=True)
class FirmShown:
    """A unit right below the root with its red cells."""

    name: str
    count: int
    href: str


@dataclass(frozen=True, slots=True)
class OfficeDesk:
    """The office's whole in one sentence, its numbers, what falls due; `listed`: matters that it has to coordinate."""

    reds: Reds | None
    fewer: int
    firms: tuple[FirmShown, ...]
    wall_href: str
    red_href: str
    numbers: Numbers
    coming: tuple[DayShown, ...]
    listed: int


@dataclass(frozen=True, slots=True)
class LeaderDesk:
    """One page: four numbers, the red cells, five units to call, what falls due."""

    reds: Reds | None
    fewer: int
    wall_href: str
    red_href: str
    numbers: Numbers
    calls: tuple[Call, ...]
    coming: tuple[DayShown, ...]


@dataclass(frozen=True, slots=True)
class TeamDesk:
    """The units assigned to a team: how many, those not seen yet, those not seen for longest."""

    team: str
    units: int
    seen: int
    unseen: tuple[tuple[Visited, str], ...]
    more: int
    longest: tuple[tuple[Visited, str], ...]
    logged: bool


def is_office(at: Here) -> bool:
    """Whether the person works in the campaign's office."""
    return any(grant.role == "office" and grant.unit == at.campaign.root_id for grant in at.actor.grants)


def is_leading(at: Here) -> bool:
    """Whether the person looks at the whole campaign without working on its items."""
    return any(grant.role in LEADING and grant.unit == at.campaign.root_id for grant in at.actor.grants)


def office_desk(at: Here) -> OfficeDesk:
    """The office's desk as of the day shown, compared with a week before. Five statements and those of its figures."""
    earlier = at.as_of - timedelta(days=7)
    reds = red_cells(at.actor, at.campaign, day=at.as_of, earlier=earlier)
    coming, listed = due_days_and_listed(at.actor, at.campaign, day=at.as_of)
    return OfficeDesk(
        reds=reds,
        fewer=reds.red_before - reds.red if reds else 0,
        firms=tuple(
            FirmShown(node.short_name, count, at.to("wall", open=node.code, light="red"))
            for node, count in (reds.firms[:FIRMS] if reds else ())
        ),
        wall_href=at.to("wall"),
        red_href=at.to("wall", light="red"),
        numbers=_numbers(at, at.pack.head.desk.office, earlier, _a_week_before(earlier)),
        coming=tuple(_day(at, one) for one in coming),
        listed=listed,
    )


def leader_desk(at: Here, last: date | None) -> LeaderDesk:
    """A leader's desk as of the day shown, compared with the last look (`last`) or, without one, a week before."""
    week = at.as_of - timedelta(days=7)
    known = last is not None and last < at.as_of and not at.past
    earlier = last if known and last is not None else week
    said = (
        _("各数与上次看时（{day}）相比").format(day=f"{earlier:%m-%d}") if known else _a_week_before(earlier)
    )
    reds = red_cells(at.actor, at.campaign, day=at.as_of, earlier=earlier)
    worst = reds.worst[:CALLS] if reds else ()
    return LeaderDesk(
        reds=reds,
        fewer=reds.red_before - reds.red if reds else 0,
        wall_href=at.to("wall"),
        red_href=at.to("wall", light="red"),
        numbers=_numbers(at, at.pack.head.desk.leader, earlier, said),
        calls=_calls(at, worst),
        coming=coming_days(at),
    )


def coming_days(at: Here) -> tuple[DayShown, ...]:
    """What falls due in the seven days from the day shown. One statement."""
    return tuple(_day(at, one) for one in due_days(at.actor, at.campaign, day=at.as_of))


def team_desk(at: Here) -> TeamDesk | None:
    """The units of the person's teams; None without a team in this campaign. Two statements."""
    if not any(grant.team for grant in at.actor.grants):
        return None
    units = assigned_units(at.actor, at.campaign, day=at.as_of)
    log = at.pack.head.desk.visits
    unseen = [one for one in units if one.last is None]
    seen = [one for one in units if one.last is not None]

    def linked(rows: Sequence[Visited]) -> tuple[tuple[Visited, str], ...]:
        return tuple((row, at.to("list", log, unit=row.code) if log else "") for row in rows)

    return TeamDesk(
        team=at.pack.words.team,
        units=len(units),
        seen=len(seen),
        unseen=linked(unseen[:UNSEEN]),
        more=max(len(unseen) - UNSEEN, 0),
        longest=linked(seen[:CALLS]),
        logged=log is not None,
    )


def units_behind(at: Here) -> UnitsBehind:
    """What is late or not acknowledged in the units of a liaison or a team. One statement, none for anybody else."""
    depth = _depth(at.actor)
    if depth is None:
        return UnitsBehind()
    found = behind_by_unit(at.actor, at.campaign, day=at.as_of, depth=depth)
    return UnitsBehind(
        tuple(_behind(at, unit, Light.RED) for unit in found.red),
        tuple(_behind(at, unit, Light.WHITE) for unit in found.white),
    )


def _behind(at: Here, unit: LateUnit, light: Light) -> LateShown:
    query = {"unit": unit.code, "light": light.value}
    return LateShown(
        unit,
        tuple(
            Said(
                _("{register} {count} {measure}").format(register=label, count=n, measure=measure),
                at.to("list", key, **query),
            )
            for key, label, measure, n in unit.registers
        ),
        ()
        if at.past
        else tuple(
            Said(label, at.to("list_urge", key, **query)) for key, label, _measure, _n in unit.registers
        ),
    )


def _depth(actor: Actor) -> int | None:
    """How deep the units stand that the person answers for: below a liaison's own unit, or assigned to the team."""
    for grant in actor.grants:
        if grant.role == "liaison" and grant.line:
            return len(grant.line) + 1
        if grant.team is not None and grant.team_depths:
            return max(grant.team_depths)
    return None


def _a_week_before(earlier: date) -> str:
    return _("各数与一周前（{day}）相比").format(day=f"{earlier:%m-%d}")


def _numbers(at: Here, keys: Sequence[str], earlier: date, since: str) -> Numbers:
    if not keys:
        return Numbers((), since)
    table = evaluate(at.campaign, keys, days=[earlier, at.as_of], actor=at.actor)
    return Numbers(tuple(figure_shown(at, table, key, earlier, "") for key in table.figures), since)


def _calls(at: Here, worst: Sequence[RedUnit]) -> tuple[Call, ...]:
    known = contacts(at.actor, at.campaign, [one.unit.id for one in worst], day=at.as_of)
    found = []
    for one in worst:
        whom = known.get(one.unit.id)
        if one.overdue:
            why = _("红灯 {cells} 格，逾期 {overdue} 项，最长逾期 {days} 天。").format(
                cells=one.cells, overdue=one.overdue, days=one.overdue_days
            )
        else:
            why = _("红灯 {cells} 格，进度严重滞后。").format(cells=one.cells)
        said = ""
        if whom is not None and whom.telephone:
            said = _("可问{role} {name}，{telephone}").format(
                role=whom.role, name=whom.name, telephone=whom.telephone
            )
        elif whom is not None:
            said = _("可问{role} {name}").format(role=whom.role, name=whom.name)
        wall = at.pack.wall
        href = at.to("list", wall.register_key, unit=one.unit.code, light="red") if wall else ""
        found.append(Call(one.unit.short_name, href, why, said))
    return tuple(found)


def _day(at: Here, due: DueDay) -> DayShown:
    ahead = (due.day - at.as_of).days
    when = f"{due.day:%m-%d}"
    if not at.past and ahead == 0:
        when = _("今天")
    elif not at.past and ahead == 1:
        when = _("明天")
    return DayShown(
        due.day,
        when,
        tuple(
            Said(
                _("{register} {count} {measure}").format(register=label, count=n, measure=measure),
                _due_list(at, key, due.day),
            )
            for key, label, measure, n in due.registers
        ),
    )


def _due_list(at: Here, register: str, day: date) -> str:
    """The list of what falls due on the day and is not handed in yet: as many items as the day was said to have."""
    workflow = at.pack.workflow_of(register)
    running = [key for key in workflow.states if key in running_states(workflow)]
    pairs = QueryDict(mutable=True)
    pairs["due_from"] = pairs["due_to"] = day.isoformat()
    if running == [key for key, state in workflow.states.items() if state.phase == "open"]:
        pairs["phase"] = "open"
    else:
        pairs.setlist("state", running)
    return at.framed(reverse("list", args=[register]), pairs)
