"""What the supervision pages show, and what their smaller forms say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.http import QueryDict
from django.utils.translation import gettext as _

from guatu.actions.findings import carried
from guatu.queries.item_entry import LeadGroup, entry
from guatu.queries.supervision import Finding, Group, SupervisionPage, findings_spec
from guatu.queries.team_coverage import AssignedUnit, TeamCoverage
from guatu.queries.visit_calendar import Row, Visit, in_the_way
from guatu.records.models import Item
from guatu.web.here import Here
from guatu.web.item.forms import read_key
from guatu.web.item.inputs import Input, input_of
from guatu.web.item.typed import read_values
from guatu.web.numbers import typed_number

NAMED = 3
"""So many units that were not visited yet are named beside their team; the others stand on its list."""


@dataclass(frozen=True, slots=True)
class TeamShown:
    """One team's line: where its units are listed, all of them and those not visited, and where the next visit is planned."""

    team: TeamCoverage
    href: str
    unseen_href: str
    named: tuple[AssignedUnit, ...]
    more: int
    plan: str


@dataclass(frozen=True, slots=True)
class UnitShown:
    """One unit of the chosen team: its page, the visits counted, and where one is recorded."""

    unit: AssignedUnit
    href: str
    visits: str
    record: str


@dataclass(frozen=True, slots=True)
class MetShown:
    """Two visits in each other's way, with their addresses."""

    first: Visit
    second: Visit
    first_href: str
    second_href: str
    same_day: bool


@dataclass(frozen=True, slots=True)
class Overview:
    """The overview with its addresses: (row, where it leads, what can be done with it).

    `only`: which of the chosen team's units are listed, "unseen" or all of them.
    """

    found: SupervisionPage
    teams: tuple[TeamShown, ...]
    units: tuple[UnitShown, ...]
    only: str
    calendar: tuple[tuple[Row, str, tuple[tuple[Any, tuple[tuple[Visit, str], ...]], ...]], ...]
    met: tuple[MetShown, ...]
    planned: tuple[tuple[Visit, str, str], ...]
    groups: tuple[tuple[Group, tuple[tuple[Finding, str, str], ...]], ...]
    record: str
    plan: str
    visits: str
    findings: str
    reinspection: str


def overview(at: Here, found: SupervisionPage, only: str = "") -> Overview:
    """The overview of this reader."""
    may = found.may_record
    teams = found.coverage.teams if found.coverage is not None else ()
    calendar = found.calendar
    return Overview(
        found=found,
        teams=tuple(_team(at, one, may=may) for one in teams),
        units=_units(at, found, only),
        only=only,
        calendar=tuple(
            (
                row,
                at.to("unit", row.code),
                tuple(
                    (cell, tuple((v, at.to("item", v.public_id)) for v in cell.visits)) for cell in row.cells
                ),
            )
            for row in (calendar.rows if calendar is not None else ())
        ),
        met=tuple(
            MetShown(
                one.first,
                one.second,
                at.to("item", one.first.public_id),
                at.to("item", one.second.public_id),
                one.same_day,
            )
            for one in (calendar.met if calendar is not None else ())
        ),
        planned=tuple(
            (
                one,
                at.to("item", one.public_id),
                at.to("supervision-record", planned=one.public_id) if may else "",
            )
            for one in found.planned
        ),
        groups=tuple(
            (
                group,
                tuple(
                    (
                        one,
                        at.to("item", one.public_id),
                        at.to("finding-file", one.public_id) if one.may_file else "",
                    )
                    for one in group.rows
                ),
            )
            for group in found.groups
        ),
        record=at.to("supervision-record") if may else "",
        plan=at.to("supervision-plan") if may else "",
        visits=at.to("list", found.visits_key),
        findings=at.to("list", found.findings_key),
        reinspection=at.to("reinspection") if found.inside and at.pack.loop.reinspection else "",
    )


def _team(at: Here, team: TeamCoverage, *, may: bool) -> TeamShown:
    unseen = team.unseen
    return TeamShown(
        team=team,
        href=at.to("supervision", team=team.key) + "#units",
        unseen_href=at.to("supervision", team=team.key, only="unseen") + "#units",
        named=unseen[:NAMED],
        more=max(len(unseen) - NAMED, 0),
        plan=at.to("supervision-plan", unit=unseen[0].code) if may and unseen else "",
    )


def _units(at: Here, found: SupervisionPage, only: str) -> tuple[UnitShown, ...]:
    """The units of the team that is chosen; none while nobody has chosen among several."""
    if found.team is None:
        return ()
    way = at.pack.workflow_of(found.visits_key).transition(findings_spec(at.campaign)[1].record)
    recorded = way.to if way is not None else ""
    return tuple(
        UnitShown(
            unit=one,
            href=at.to("unit", one.code),
            visits=at.to("list", found.visits_key, unit=one.code, state=recorded) if one.visits else "",
            record=at.to("supervision-record", unit=one.code) if found.may_record else "",
        )
        for one in (found.team.unseen if only == "unseen" else found.team.units)
    )


def warnings(at: Here, made: Item, on: date) -> tuple[str, ...]:
    """What whoever has planned a visit should know: others at the same unit, too near to it."""
    pack, spec = findings_spec(at.campaign)
    found = in_the_way(at.actor, at.campaign, pack, spec, unit=made.unit_id, on=on, day=at.today, but=made.pk)
    return tuple(
        _(
            "{unit} {day} 另有督导（{number} {title}），两次相隔不到 {n} 天。请考虑合并成一次，或者改期。"
        ).format(unit=one.unit, day=one.on.day, number=one.number, title=one.title, n=spec.apart)
        for one in found
    )


@dataclass(frozen=True, slots=True)
class PlanPage:
    """The form of a planned visit; `conditions` are the yes/no fields that keep it from the unit."""

    key: str
    leads: tuple[LeadGroup, ...]
    unit: str
    title: str
    planned_on: str
    conditions: tuple[tuple[str, str, str, bool], ...]
    sentence: str
    back: str


def plan_page(at: Here, given: Mapping[str, str], *, sentence: str = "") -> PlanPage:
    """The form, empty or as it was typed."""
    pack, spec = findings_spec(at.campaign)
    register = pack.register(spec.visits)
    asked = [register.field(key) for key in _conditions(at)]
    return PlanPage(
        key=given.get("key") or str(uuid4()),
        leads=entry(at.actor, at.campaign, spec.visits).leads,
        unit=given.get("unit", ""),
        title=given.get("title", ""),
        planned_on=given.get("planned_on", ""),
        conditions=tuple(
            (each.key, each.label, each.help, bool(given.get(each.key))) for each in asked if each is not None
        ),
        sentence=sentence,
        back=at.to("supervision"),
    )


def _conditions(at: Here) -> tuple[str, ...]:
    pack, spec = findings_spec(at.campaign)
    states = pack.kept_to_teams.get(spec.visits, {}).values()
    return tuple(dict.fromkeys(key for state in states for key in state.team_only_when))


def planned_fields(at: Here, post: QueryDict) -> dict[str, Any]:
    """The yes/no fields as they were ticked."""
    return {key: bool(post.get(key)) for key in _conditions(at)}


@dataclass(slots=True)
class FilePage:
    """The form by which a finding becomes a problem. `values` are what was typed, read."""

    finding: Item
    key: str
    title: str
    due: str
    due_on: date | None
    asks_due: bool
    inputs: tuple[Input, ...]
    values: dict[str, Any]
    version: int
    register: str
    item: str
    back: str
    sentence: str = ""


def file_page(at: Here, finding: Item, given: Mapping[str, str], post: QueryDict | None = None) -> FilePage:
    """The form, with what the finding says, or as it was typed."""
    pack, spec = findings_spec(at.campaign)
    opens = pack.register(spec.opens)
    first = pack.workflow_of(spec.opens).initial[0]
    own = carried(pack, finding, {})
    asked = [
        each
        for each in opens.fields
        if first in each.required_in and each.key not in spec.sets and not own.get(each.key)
    ]
    read = read_values(at, asked, post) if post is not None else None
    due = given.get("due", "")
    try:
        due_on = date.fromisoformat(due) if due else None
    except ValueError:
        due_on = None
    return FilePage(
        finding=finding,
        key=read_key(post) if post is not None and read_key(post) else str(uuid4()),
        title=given.get("title", finding.title)[:300],
        due=due,
        due_on=due_on,
        asks_due=opens.due != "none",
        inputs=tuple(
            input_of(
                each,
                read.raw.get(each.key, "") if read else "",
                required=True,
                error=read.errors.get(each.key, "") if read else "",
            )
            for each in asked
        ),
        values=dict(read.values) if read else {},
        version=typed_number(given.get("version", ""), 9) or finding.version,
        register=opens.label,
        item=at.to("item", finding.public_id),
        back=at.to("supervision"),
    )
