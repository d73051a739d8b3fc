"""People, posts, teams and their assigned units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.lines import main_tree
from guatu.actions.reach import units_by_code
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.passwords import refuse_weak
from guatu.domain.private import seal
from guatu.domain.telephones import TELEPHONE, dialled
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Batch, Campaign, Person, PersonalValue, Post, Team, TeamUnit, Unit


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be entered; without a password nobody can log in under this name by password."""

    username: str
    name: str
    home_unit: str | None = None
    password: str | None = None
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A post to be given: a role on a unit (code) or on a team (key), from a day on."""

    username: str
    role: str
    unit: str | None = None
    team: str | None = None
    aspect: str = ""
    from_day: date | None = None


@dataclass(frozen=True, slots=True)
class NewTeam:
    """A team and the codes of its assigned units, from a day on."""

    key: str
    name: str
    units: tuple[str, ...]
    from_day: date | None = None


def enter_people(actor: Actor, *, people: Sequence[NewPerson]) -> list[Person]:
    """Enter people in one batch; a user name is never used twice, a password is refused when it is weak."""
    require(actor, "manage_people")
    for one in people:
        if one.password is not None:
            refuse_weak(one.password, one.username)
    names = [p.username for p in people]
    taken = {name for name, times in Counter(names).items() if times > 1} | _people_ids(names).keys()
    if taken:
        raise BadInput(_("用户名已被使用：{names}。请换一个。"), names=listed(sorted(taken)))
    units = units_by_code({p.home_unit for p in people if p.home_unit})
    rows = [
        Person(username=p.username, name=p.name, home_unit=units[p.home_unit] if p.home_unit else None)
        for p in people
    ]
    for row, given in zip(rows, people, strict=True):
        if given.password:
            row.set_password(given.password)
        else:
            row.set_unusable_password()
    sealed = [seal(number) if (number := dialled(given.telephone)) else None for given in people]
    day = today()
    with transaction.atomic():
        insert_returning(rows)
        changes = []
        for row, telephone in zip(rows, sealed, strict=True):
            plain: dict[str, Any] = {
                "username": row.username,
                "name": row.name,
                "home_unit": row.home_unit_id,
            }
            if telephone is not None:
                plain[TELEPHONE] = telephone.stand_in
            changes.append(Change("person", row.pk, 0, "", day, body_text({}, plain)))
        record(actor, action="people.enter", changes=changes)
        insert_returning(
            [
                PersonalValue(person=row, field=TELEPHONE, version=1, salt=each.salt, value=each.text)
                for row, each in zip(rows, sealed, strict=True)
                if each is not None
            ]
        )
    return rows


def appoint(actor: Actor, *, campaign: Campaign | None, appointments: Sequence[Appointment]) -> list[Post]:
    """Give posts in one batch, on units within the actor's reach; posts on teams are given at the root.

    Without a campaign the posts hold in every campaign, those to come too: administrators, the office of the house.
    They are given by somebody whose own post does, an administrator's by the security administrator.
    A person holds no second administrator's role beside one, nor a business role beside an administrator's.
    """
    _require_keeping(actor, campaign, {given.role for given in appointments})
    people = _people_ids([a.username for a in appointments])
    units = units_by_code({a.unit for a in appointments if a.unit})
    for unit in units.values():
        require(actor, "manage_people", unit, campaign)
    if campaign is not None and any(a.team for a in appointments):
        require(actor, "manage_people", campaign.root, campaign)
    teams = dict(Team.objects.filter(campaign=campaign).values_list("key", "pk"))
    tree = campaign.tree_id if campaign is not None else main_tree()
    admins = ADMINISTRATORS
    day = today()
    held: dict[int, set[str]] = {}
    for chunk in in_chunks(list(people.values())):
        still = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), person__in=chunk)
        for person, role in still.values_list("person", "role"):
            held.setdefault(person, set()).add(role)
    rows = []
    for given in appointments:
        if given.username not in people:
            raise BadInput(_("没有用户名为“{name}”的人员。请先录入。"), name=given.username)
        if given.role not in Post.Role.values:
            raise BadInput(
                _("没有“{role}”这个身份。可用：{known}。"), role=given.role, known=listed(Post.Role.values)
            )
        if given.team is not None and given.team not in teams:
            raise BadInput(_("没有代码为“{team}”的督导组。请先设立。"), team=given.team)
        roles = held.setdefault(people[given.username], set())
        if (given.role in admins and roles - {given.role}) or roles & admins - {given.role}:
            raise BadInput(
                _("{name} 已有其他身份，不能再任“{role}”：三类管理员互斥，且不兼业务身份。"),
                name=given.username,
                role=Post.Role(given.role).label,
            )
        roles.add(given.role)
        rows.append(
            Post(
                person_id=people[given.username],
                role=given.role,
                campaign=campaign,
                tree_id=tree,
                unit=units[given.unit] if given.unit else None,
                team_id=teams[given.team] if given.team else None,
                aspect=given.aspect,
                from_day=given.from_day or day,
            )
        )
    with transaction.atomic():
        for row in rows:
            row.rec_from = 0
        insert_returning(rows)
        changes = [
            Change(
                "post",
                row.pk,
                0,
                "",
                row.from_day,
                body_text(
                    {},
                    {
                        "person": row.person_id,
                        "role": row.role,
                        "campaign": row.campaign_id,
                        "unit": row.unit_id,
                        "team": row.team_id,
                        "aspect": row.aspect,
                        "from": row.from_day.isoformat(),
                        "to": None,
                    },
                ),
            )
            for row in rows
        ]
        batch = record(actor, action="people.appoint", campaign=campaign, changes=changes)
        for chunk in in_chunks([row.pk for row in rows]):
            Post.objects.filter(pk__in=chunk).update(rec_from=batch.seq)
        for row in rows:
            row.rec_from = batch.seq
    return rows


def end_post(actor: Actor, *, campaign: Campaign | None, post: int, day: date, reason: str = "") -> Post:
    """End a post as of `day` (the first day on which it no longer holds). Without a campaign: one of the house."""
    require(actor, "manage_people", campaign=campaign)
    with transaction.atomic():
        row = Post.objects.select_for_update().filter(pk=post, campaign=campaign).first()
        if row is None or row.to_day is not None:
            raise BadInput(_("没有这个身份，或已经结束。请刷新后查看。"))
        _require_keeping(actor, campaign, {row.role})
        place = row.unit or (campaign.root if campaign is not None else None)
        require(actor, "manage_people", place, campaign)
        if day < row.from_day:
            raise BadInput(_("结束日 {day} 早于开始日 {start}。请核对。"), day=day, start=row.from_day)
        head = heads("post", [row.pk]).get(row.pk, NO_HEAD)
        plain = {
            "person": row.person_id,
            "role": row.role,
            "campaign": row.campaign_id,
            "unit": row.unit_id,
            "team": row.team_id,
            "aspect": row.aspect,
            "from": row.from_day.isoformat(),
            "to": day.isoformat(),
        }
        change = Change("post", row.pk, head.version, head.hash, day, body_text({}, plain))
        batch = record(actor, action="people.end_post", campaign=campaign, changes=[change], reason=reason)
        row.to_day, row.end_rec, row.version = day, batch.seq, head.version + 1
        row.save()
    return row


def _require_keeping(actor: Actor, campaign: Campaign | None, roles: Collection[str]) -> None:
    """Refuse to give or end posts that reach further than the actor's own, and those of the administrators."""
    require(actor, "manage_people", campaign=campaign)
    if ADMINISTRATORS & set(roles):
        require(actor, "keep_administrators", campaign=campaign)
    if campaign is None:
        require(actor.everywhere(), "manage_people")


def form_teams(actor: Actor, *, campaign: Campaign, teams: Sequence[NewTeam]) -> list[Team]:
    """Set up teams with their assigned units, all within the actor's reach, in one batch."""
    require(actor, "manage_teams", campaign=campaign)
    units = units_by_code({code for team in teams for code in team.units})
    for unit in units.values():
        require(actor, "manage_teams", unit, campaign)
    keys = [team.key for team in teams]
    taken = set(Team.objects.filter(campaign=campaign, key__in=keys).values_list("key", flat=True))
    if taken or len(set(keys)) < len(keys):
        raise BadInput(_("督导组代码重复：{keys}。请换一个。"), keys=listed(sorted(taken or keys)))
    day = today()
    rows = [Team(campaign=campaign, key=team.key, name=team.name) for team in teams]
    with transaction.atomic():
        insert_returning(rows)
        changes = [
            Change(
                "team",
                row.pk,
                0,
                "",
                given.from_day or day,
                body_text(
                    {},
                    {
                        "campaign": campaign.pk,
                        "key": row.key,
                        "name": row.name,
                        "units": [
                            [units[code].pk, (given.from_day or day).isoformat(), None]
                            for code in given.units
                        ],
                    },
                ),
            )
            for row, given in zip(rows, teams, strict=True)
        ]
        batch = record(actor, action="people.form_teams", campaign=campaign, changes=changes)
        _assign(rows, teams, units, batch, day)
    return rows


def _assign(
    rows: Sequence[Team], teams: Sequence[NewTeam], units: dict[str, Unit], batch: Batch, day: date
) -> None:
    insert_returning(
        [
            TeamUnit(team=row, unit=units[code], from_day=given.from_day or day, rec_from=batch.seq)
            for row, given in zip(rows, teams, strict=True)
            for code in given.units
        ]
    )


def _people_ids(usernames: Sequence[str]) -> dict[str, int]:
    """The primary keys of the people who exist."""
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(set(usernames))):
        found.update(Person.objects.filter(username__in=chunk).values_list("username", "pk"))
    return found
