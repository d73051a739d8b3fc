"""Step 4: liaison people and fillers from a workbook, one by hand, and teams with their assigned units."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from guatu.access import Actor
from guatu.actions.people import NewTeam, form_teams
from guatu.domain.errors import BadInput, GuatuError
from guatu.domain.imports.grid import Grid, Workbook
from guatu.queries.house import HouseState, TeamBrief, role_counts, team_briefs
from guatu.queries.people_import import plan_people_import
from guatu.records.models import Campaign
from guatu.records.packs import pack_of
from guatu.web.setup.kept import Kept, book_of
from guatu.web.setup.plans import PlanShown, shown_people

SLOT = "people-upload"
FIELDS = ("unit", "name", "username", "role", "telephone")
ROLES = ("liaison", "filler", "head", "office", "leader", "observer")
"""Roles offered for a person typed by hand; all others come by workbook or through a team."""
_CODES = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Who stands in the campaign, the dry run that waits, teams, and what was typed by hand."""

    house: HouseState
    campaign: Campaign
    choices: tuple[tuple[str, str, bool], ...]
    counts: tuple[tuple[str, int], ...]
    teams: tuple[TeamBrief, ...]
    team_word: str
    roles: tuple[tuple[str, str], ...]
    plan: PlanShown | None = None
    sentence: str = ""
    typed: Mapping[str, str] | None = None
    typed_sentence: str = ""
    typed_plan: PlanShown | None = None
    team: Mapping[str, str] | None = None
    team_sentence: str = ""


def people_page(
    actor: Actor,
    house: HouseState,
    campaign: Campaign,
    choices: tuple[tuple[str, str, bool], ...],
    *,
    kept: Kept | None = None,
    sentence: str = "",
    **more: Any,
) -> PeoplePage:
    """The page; a kept upload is read and planned anew. `more` is what was typed by hand and what is wrong with it."""
    pack = pack_of(campaign)
    plan = None
    if kept is not None and not sentence and kept.words == campaign.key:
        try:
            plan = shown_people(plan_people_import(actor, campaign=campaign, book=book_of(kept)))
        except GuatuError as failure:
            sentence = str(failure)
    return PeoplePage(
        house=house,
        campaign=campaign,
        choices=choices,
        counts=tuple((pack.role_label(role), count) for role, count in role_counts(campaign)),
        teams=team_briefs(campaign),
        team_word=pack.words.team,
        roles=tuple((role, pack.role_label(role)) for role in ROLES),
        plan=plan,
        sentence=sentence,
        **more,
    )


def read_typed(data: Any) -> dict[str, str]:
    """What was typed about one person."""
    return {
        name: str(data.get(name, "")).strip()[:120]
        for name in ("unit", "name", "username", "role", "telephone")
    }


def typed_book(typed: Mapping[str, str]) -> Workbook:
    """The person as if it stood in a sheet, so that the same rules read it."""
    row = tuple(typed[name] for name in FIELDS)
    headings = (_("单位代码"), _("姓名"), _("账号"), _("身份"), _("电话"))
    return Workbook(_("手工填写"), "", (Grid(_("手工填写"), (headings, row)),))


def make_team(data: Any, actor: Actor, campaign: Campaign) -> str:
    """Set up a team with the units whose codes were typed; the sentence that says what was done."""
    name = str(data.get("team", "")).strip()
    codes = tuple(dict.fromkeys(filter(None, _CODES.split(str(data.get("codes", ""))))))
    if not name:
        raise BadInput(_("请填写名称，例如“第一组”。"))
    taken = {team.key for team in team_briefs(campaign)}
    number = next(n for n in range(1, len(taken) + 2) if f"team-{n:02d}" not in taken)
    form_teams(actor, campaign=campaign, teams=[NewTeam(f"team-{number:02d}", name[:60], codes)])
    return _("“{team}”已设立，联系 {count} 家单位。").format(team=name, count=len(codes))
