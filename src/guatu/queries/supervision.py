"""督导: which units have been seen, which visits are planned, how far the findings are. Five statements at most."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from guatu.access import Actor, get_item, visible
from guatu.access.transitions import may_move
from guatu.domain.errors import NotFound
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import Findings
from guatu.domain.words import gettext as _
from guatu.queries.team_coverage import Coverage, TeamCoverage, team_coverage
from guatu.queries.unit_tree import as_known
from guatu.queries.visit_calendar import Visit, VisitCalendar, visit_calendar, visits_of
from guatu.records.models import Campaign, Item, Spell, Team
from guatu.records.packs import pack_of

TEAM = ("team_leader", "team_member")
MOST = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding in its state."""

    public_id: UUID
    number: str
    title: str
    unit: str
    since: date
    may_file: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The findings in one state; `own`: known to the team and the office only."""

    state: str
    label: str
    own: bool
    count: int
    rows: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class SupervisionPage:
    """What one sees of the teams' work. Coverage, calendar and plan are for the teams and the office (`inside`).

    `team`: the one whose units are listed, None where nobody has chosen among several.
    """

    inside: bool
    coverage: Coverage | None
    team: TeamCoverage | None
    calendar: VisitCalendar | None
    planned: tuple[Visit, ...]
    groups: tuple[Group, ...]
    visits_label: str
    findings_key: str
    visits_key: str
    may_record: bool


def findings_spec(campaign: Campaign) -> tuple[Pack, Findings]:
    """The pack and what it says of findings; NotFound for a campaign without them."""
    pack = pack_of(campaign)
    if pack.loop.findings is None:
        raise NotFound(_("本专项工作没有督导发现。请从清单进入。"))
    return pack, pack.loop.findings


def supervision_page(
    actor: Actor, campaign: Campaign, *, day: date, past: bool, team: str = ""
) -> SupervisionPage:
    """The page as of `day`, as far as the actor sees it. `team`: the key of the team whose units are listed."""
    pack, spec = findings_spec(campaign)
    mine = [grant for grant in actor.grants if grant.campaign in (None, campaign.pk)]
    office = any(grant.role == "office" for grant in mine)
    inside = office or any(grant.role in TEAM for grant in mine)
    coverage = team_coverage(actor, campaign, day, everybody=office) if inside else None
    visits = visits_of(actor, campaign, pack, spec, day)
    teams = coverage.teams if coverage is not None else ()
    fills = pack.register(spec.visits).fills
    return SupervisionPage(
        inside=inside,
        coverage=coverage,
        team=next((one for one in teams if one.key == team or len(teams) == 1), None),
        calendar=visit_calendar(visits, spec, day) if inside else None,
        planned=tuple(visit for visit in visits if visit.on.planned)[:MOST],
        groups=_groups(actor, campaign, pack, spec, day, past),
        visits_label=pack.register(spec.visits).label,
        findings_key=spec.register_key,
        visits_key=spec.visits,
        may_record=not past and any(grant.role in fills for grant in mine),
    )


def _on(campaign: Campaign, register: str, day: date) -> Any:
    rows = Spell.objects.filter(campaign=campaign, register=register, valid_from__lte=day, valid_to__gt=day)
    return as_known(rows, None)


def _groups(
    actor: Actor, campaign: Campaign, pack: Pack, spec: Findings, day: date, past: bool
) -> tuple[Group, ...]:
    """The findings by state in the workflow's order, without those that are done with or void. One statement."""
    flow = pack.workflow_of(spec.register_key)
    kept = pack.kept_to_teams.get(spec.register_key, {})
    files = flow.transition(spec.files)
    shown = [key for key, state in flow.states.items() if state.phase not in ("void", "closed")]
    rows = (
        visible(actor, _on(campaign, spec.register_key, day).filter(state__in=shown), campaign)
        .select_related("item", "unit")
        .order_by("state_since", "item__number")
    )
    found: dict[str, list[Finding]] = {}
    for row in rows:
        item = row.item
        may = (
            not past
            and files is not None
            and row.state in files.origins
            and item.state == row.state
            and may_move(actor, files, item, campaign)
        )
        one = Finding(item.public_id, item.number, item.title, row.unit.short_name, row.state_since, may)
        found.setdefault(row.state, []).append(one)
    return tuple(
        Group(key, flow.states[key].label, key in kept, len(found[key]), tuple(found[key][:MOST]))
        for key in shown
        if key in found
    )


def team_name(actor: Actor, campaign: Campaign) -> str:
    """What the actor's own team is called; empty without one. One statement, none without a team."""
    teams = [grant.team for grant in actor.grants if grant.team and grant.campaign in (None, campaign.pk)]
    return Team.objects.values_list("name", flat=True).get(pk=teams[0]) if teams else ""


def planned_visit(actor: Actor, campaign: Campaign, public_id: str, *, recorded: bool = False) -> Item:
    """A planned visit that the actor sees; NotFound for anything else. `recorded`: one that is recorded by now will do."""
    pack, spec = findings_spec(campaign)
    item = get_item(actor, public_id, campaign)
    way = pack.workflow_of(spec.visits).transition(spec.record)
    if item.register != spec.visits or way is None or not (recorded or item.state in way.origins):
        raise NotFound(_("没有这项计划，或已经登记。请回到“督导”查看。"))
    return item


def finding_to_file(actor: Actor, campaign: Campaign, public_id: UUID) -> Item:
    """A finding that the actor sees; NotFound for anything else."""
    _pack, spec = findings_spec(campaign)
    item = get_item(actor, public_id, campaign)
    if item.register != spec.register_key:
        raise NotFound()
    return item
