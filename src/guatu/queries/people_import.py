"""What the import of a liaison list would change; telephones for those who may read them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date

from django.db.models import Q

from guatu.access import Actor, covers, require
from guatu.domain.capabilities import ADMINISTRATORS, OPERATOR, roles_with
from guatu.domain.clock import today
from guatu.domain.imports.grid import Workbook
from guatu.domain.imports.people_columns import people_columns
from guatu.domain.imports.people_plan import PeoplePlan
from guatu.domain.imports.people_rules import KnownPerson, KnownPlaces, people_changes, people_rows
from guatu.domain.imports.problems import Problem, in_order
from guatu.domain.imports.sheet import read_sheet
from guatu.domain.tree import line_in
from guatu.domain.words import gettext as _
from guatu.queries.places import histories_now
from guatu.queries.telephones import telephones
from guatu.records.models import Campaign, Person, Post, Revision, Unit
from guatu.records.packs import pack_of

IMPORT = "people.import"
NEEDED = (frozenset({"unit_code", "unit_name"}), frozenset({"name"}), frozenset({"role"}))


def plan_people_import(
    actor: Actor, *, campaign: Campaign, book: Workbook, day: date | None = None, sheet: str | None = None
) -> PeoplePlan:
    """The dry run of a liaison list in `campaign`; as `plan_import`. Needs “manage_people”."""
    require(actor, "manage_people", campaign=campaign)
    day = day or today()
    roles = {str(key): label for key, label in pack_of(campaign).head.roles.items()}
    reading = read_sheet(book, people_columns(roles), needed=NEEDED, sheet=sheet)
    plan = PeoplePlan(book.name, book.sha256, reading.sheet, campaign.key, day, notes=tuple(reading.notes))
    if not reading.drafts:
        empty = Problem(0, _("表头下面没有人员。请填好后重新上传。"))
        return replace(plan, errors=(empty, *reading.errors))
    people, places = known_people(actor, campaign), _places(actor, campaign)
    found = people_rows(reading, people, places, day)
    return replace(
        plan,
        rows=tuple(found.rows),
        changes=tuple(people_changes(found.rows, people, places.names, roles)),
        errors=in_order([*reading.errors, *found.problems]),
        warnings=in_order(found.warnings),
        mark=people_mark(),
        read=len(reading.drafts),
    )


def planned_again(actor: Actor, campaign: Campaign, plan: PeoplePlan) -> tuple[PeoplePlan, list[KnownPerson]]:
    """The plan of the same rows against what stands now, and the people who stand."""
    people = known_people(actor, campaign)
    roles = {str(key): label for key, label in pack_of(campaign).head.roles.items()}
    changes = people_changes(plan.rows, people, _places(actor, campaign).names, roles)
    return replace(plan, changes=tuple(changes)), people


def people_mark() -> int:
    """The last batch that changed a person or a post; 0 before the first."""
    rows = Revision.objects.filter(subject_kind__in=("person", "post")).order_by("-id")
    return rows.values_list("batch_id", flat=True).first() or 0


def known_people(actor: Actor, campaign: Campaign) -> list[KnownPerson]:
    """Everybody, with the posts that hold or will hold in this campaign. Four statements."""
    day = today()
    held: dict[int, set[tuple[str, str]]] = defaultdict(set)
    roles: dict[int, set[str]] = defaultdict(set)
    posts = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day))
    for person, role, unit, of in posts.values_list("person_id", "role", "unit__code", "campaign_id"):
        roles[person].add(role)
        if unit and of in (None, campaign.pk):
            held[person].add((role, unit))
    phones = telephones(None)
    keeps = roles_with("manage_people")
    whole = any(g.role in keeps and (g.everywhere or len(g.line) == 1) for g in actor.grants)
    guards = actor.has_role("security_admin", OPERATOR)
    found = []
    for row in Person.objects.select_related("home_unit").order_by("pk"):
        home = row.home_unit
        within = covers(actor, keeps, home.line, None) if home is not None else whole
        if roles[row.pk] & ADMINISTRATORS and not guards:
            within = False
        found.append(
            KnownPerson(
                row.pk,
                row.username,
                row.name,
                home.code if home is not None else "",
                frozenset(roles[row.pk]),
                frozenset(held[row.pk]),
                phones.get(row.pk, ""),
                within,
            )
        )
    return found


def _places(actor: Actor, campaign: Campaign) -> KnownPlaces:
    """The units below the campaign's root that the actor may give posts on."""
    histories = histories_now(campaign.tree_id)
    keeps = roles_with("manage_people")
    names: dict[str, str] = {}
    ids: dict[str, int] = {}
    called: dict[str, set[str]] = defaultdict(set)
    for unit in Unit.objects.all():
        lines = [line for _day, line in histories.get(unit.pk, ()) if line]
        if not any(campaign.root_id in line and covers(actor, keeps, line, campaign) for line in lines):
            continue
        names[unit.code], ids[unit.code] = unit.name, unit.pk
        for name in (unit.name, unit.short_name, *unit.aliases, *unit.former_names):
            called[name].add(unit.code)

    def stands(code: str, day: date) -> bool:
        return bool(line_in(histories.get(ids[code], ()), day))

    return KnownPlaces(names, {name: frozenset(codes) for name, codes in called.items()}, stands)
