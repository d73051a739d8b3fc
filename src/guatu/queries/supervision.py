"""督导: which units have been seen, which visits are planned, how far the findings are. Five statements at most."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.fields.json import KeyTextTransform

from guatu.access import Actor, get_item, visible
from guatu.access.transitions import may_move
from guatu.domain.errors import NotFound
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import Findings
from guatu.domain.words import gettext as _
from guatu.queries.todo_people import last_visits
from guatu.queries.unit_tree import as_known
from guatu.records.models import Campaign, Item, Spell, Team, TeamUnit
from guatu.records.packs import pack_of

TEAM = ("team_leader", "team_member")
MOST = 100


@dataclass(frozen=True, slots=True)
class Assigned:
    """An assigned unit: the team that looks after it and the day it was last seen, None if never."""

    code: str
    name: str
    team: str
    last: date | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A visit that is planned; `unannounced` ones the unit does not know of."""

    public_id: UUID
    number: str
    title: str
    code: str
    unit: str
    day: str
    unannounced: bool


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
    """What one sees of the teams' work. `units` and the plan are for the teams and the office."""

    inside: bool
    units: tuple[Assigned, ...]
    unseen: int
    planned: tuple[Planned, ...]
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


def supervision_page(actor: Actor, campaign: Campaign, *, day: date, past: bool) -> SupervisionPage:
    """The page as of `day`, as far as the actor sees it."""
    pack, spec = findings_spec(campaign)
    mine = [grant for grant in actor.grants if grant.campaign in (None, campaign.pk)]
    office = any(grant.role == "office" for grant in mine)
    inside = office or any(grant.role in TEAM for grant in mine)
    units = _assigned(actor, campaign, day, everybody=office) if inside else ()
    fills = pack.register(spec.visits).fills
    return SupervisionPage(
        inside=inside,
        units=units,
        unseen=sum(one.last is None for one in units),
        planned=_planned(actor, campaign, pack, spec, day),
        groups=_groups(actor, campaign, pack, spec, day, past),
        visits_label=pack.register(spec.visits).label,
        findings_key=spec.register_key,
        visits_key=spec.visits,
        may_record=not past and any(grant.role in fills for grant in mine),
    )


def _assigned(actor: Actor, campaign: Campaign, day: date, *, everybody: bool) -> tuple[Assigned, ...]:
    """The assigned units of the actor's teams, or of all; never seen ones first. Two statements."""
    held = TeamUnit.objects.filter(
        Q(to_day=None) | Q(to_day__gt=day), team__campaign=campaign, from_day__lte=day
    )
    if not everybody:
        held = held.filter(team__in={grant.team for grant in actor.grants if grant.team})
    rows = list(held.select_related("unit", "team").order_by("team__name", "unit__order", "unit__code"))
    seen = last_visits(actor, campaign, {row.unit_id for row in rows}, day)
    found = [
        Assigned(row.unit.code, row.unit.short_name, row.team.name, seen.get(row.unit_id)) for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.last is not None, one.last or day)))


def _on(campaign: Campaign, register: str, day: date) -> Any:
    rows = Spell.objects.filter(campaign=campaign, register=register, valid_from__lte=day, valid_to__gt=day)
    return as_known(rows, None)


def _planned(actor: Actor, campaign: Campaign, pack: Pack, spec: Findings, day: date) -> tuple[Planned, ...]:
    """Visits that are planned and not recorded, the nearest first. One statement."""
    way = pack.workflow_of(spec.visits).transition(spec.record)
    states = way.origins if way is not None else ()
    kept = pack.kept_to_teams.get(spec.visits, {})
    rows = (
        visible(actor, _on(campaign, spec.visits, day).filter(state__in=states), campaign)
        .annotate(planned=KeyTextTransform(spec.planned_on, "data"))
        .order_by(F("planned").asc(nulls_last=True), "item__number")
        .values_list(
            "item__public_id",
            "item__number",
            "item__title",
            "unit__code",
            "unit__short_name",
            "planned",
            "data",
            "state",
        )[:MOST]
    )
    return tuple(
        Planned(public_id, number, title, code, unit, planned or "", _secret(kept, state, data))
        for public_id, number, title, code, unit, planned, data, state in rows
    )


def _secret(kept: Mapping[str, Any], state: str, data: Mapping[str, Any]) -> bool:
    declared = kept.get(state)
    return declared is not None and all(
        data.get(key) in values for key, values in declared.team_only_when.items()
    )


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


def planned_visit(actor: Actor, campaign: Campaign, public_id: str) -> Item:
    """A planned visit that the actor sees; NotFound for anything else."""
    pack, spec = findings_spec(campaign)
    item = get_item(actor, public_id, campaign)
    way = pack.workflow_of(spec.visits).transition(spec.record)
    if item.register != spec.visits or way is None or item.state not in way.origins:
        raise NotFound(_("没有这项计划，或已经登记。请回到“督导”查看。"))
    return item


def finding_to_file(actor: Actor, campaign: Campaign, public_id: UUID) -> Item:
    """A finding that the actor sees; NotFound for anything else."""
    _pack, spec = findings_spec(campaign)
    item = get_item(actor, public_id, campaign)
    if item.register != spec.register_key:
        raise NotFound()
    return item
