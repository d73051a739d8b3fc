"""People, posts, teams and their assigned units."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from guatu.access import Actor, require
from guatu.access.password_rules import refuse_weak_password
from guatu.actions.history import Change, body_text, record
from guatu.actions.posts import Appointment as Appointment
from guatu.actions.posts import (
    end_change,
    mark_recorded,
    people_ids,
    place_of,
    planned_posts,
    require_keeping,
    store_posts,
)
from guatu.actions.reach import units_by_code
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.private import seal
from guatu.domain.telephones import TELEPHONE, dialled
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import insert_returning
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
            refuse_weak_password(one.password, one.username, one.name)
    names = [p.username for p in people]
    taken = {name for name, times in Counter(names).items() if times > 1} | people_ids(names).keys()
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
    rows = planned_posts(actor, campaign=campaign, appointments=appointments)
    with transaction.atomic():
        changes = store_posts(rows)
        batch = record(actor, action="people.appoint", campaign=campaign, changes=changes)
        mark_recorded(rows, batch)
    return rows


def end_post(actor: Actor, *, campaign: Campaign | None, post: int, day: date, reason: str = "") -> Post:
    """End a post as of `day` (the first day on which it no longer holds). Without a campaign: one of the house."""
    require(actor, "manage_people", campaign=campaign)
    with transaction.atomic():
        row = Post.objects.select_for_update().filter(pk=post, campaign=campaign).first()
        if row is None:
            raise BadInput(_("没有这个身份，或已经结束。请刷新后查看。"))
        require_keeping(actor, campaign, {row.role})
        require(actor, "manage_people", place_of(row, campaign), campaign)
        change, head = end_change(row, day)
        batch = record(actor, action="people.end_post", campaign=campaign, changes=[change], reason=reason)
        row.to_day, row.end_rec, row.version = day, batch.seq, head.version + 1
        row.save()
    return row


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
