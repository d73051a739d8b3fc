"""A person leaves (人员离任): posts end and are taken over, delegations end, the account is switched off — in one batch."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from guatu.access import Actor, require
from guatu.access.kept_people import kept_person
from guatu.access.post_names import post_label
from guatu.actions.delegations import end_of, write_end
from guatu.actions.history import Change, body_text, record
from guatu.actions.messages import tell
from guatu.actions.posts import (
    Appointment,
    end_change,
    mark_recorded,
    place_of,
    planned_posts,
    require_keeping,
    store_posts,
)
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign, Delegation, Person, Post, Revision


@dataclass(frozen=True, slots=True)
class Left:
    """What came of it. `off`: the account was switched off; `taken` posts have a successor."""

    batch: Batch
    ended: int
    taken: int
    off: bool


def leave(
    actor: Actor,
    *,
    campaign: Campaign,
    username: str,
    day: date,
    successors: Mapping[int, str],
    reason: str = "",
) -> Left:
    """End all posts of a person on `day` (the first day without them) and give each to its successor (post → user name).

    A post that `successors` does not name stays without one. The account is switched off where no post is left and
    the day has come. Raises NotFound for a person out of reach, NotAllowed if one of the posts is, BadInput for a day
    gone by, a post that is not theirs, or a successor who will not do.
    """
    require(actor, "manage_people", campaign=campaign)
    if day < today():
        raise BadInput(_("离任日 {day} 已经过去。请填今天或以后的日期。"), day=day)
    with transaction.atomic():
        person = kept_person(actor, campaign, username)
        if person.pk == actor.person:
            raise BadInput(_("不能办理自己的离任。请由上级或安全管理员办理。"))
        posts = _posts(actor, person, day)
        wanted = {post: taker.strip() for post, taker in successors.items() if taker.strip()}
        if wanted.keys() - {row.pk for row in posts}:
            raise BadInput(_("所列身份不是“{name}”的，或已经结束。请刷新后再办理。"), name=person.name)
        fresh = _successors(actor, posts, wanted, person, day)
        changes, heads = [], {}
        for row in posts:
            change, heads[row.pk] = end_change(row, max(day, row.from_day))
            changes.append(change)
        new = [row for row in fresh.values() if row is not None]
        changes += store_posts(new)
        lent = list(_delegations(person, posts, day))
        ends = [end_of(row, day) for row in lent]
        changes += ends
        off = day <= today() and person.is_active
        if off:
            changes.append(_switched_off(person))
        if not changes:
            raise BadInput(_("“{name}”没有身份和委托，账号也已停用，不需要办理离任。"), name=person.name)
        of = {row.campaign_id for row in posts}
        batch = record(
            actor,
            action="people.leave",
            campaign=campaign if of <= {campaign.pk} else None,
            changes=changes,
            reason=reason.strip(),
        )
        for row in posts:
            row.to_day, row.end_rec = max(day, row.from_day), batch.seq
            row.version = heads[row.pk].version + 1
            row.save(update_fields=["to_day", "end_rec", "version"])
        mark_recorded(new, batch)
        for given, end in zip(lent, ends, strict=True):
            write_end(given, end, batch.seq)
        if off:
            person.is_active, person.version = False, changes[-1].base_version + 1
            person.save(update_fields=["is_active", "version"])
        _tell(actor, campaign, person, posts, wanted, day, batch)
    return Left(batch, len(posts), len(wanted), off)


def switch_on(actor: Actor, *, campaign: Campaign, username: str) -> Batch:
    """Let somebody whose account was switched off log in again; posts are given anew. BadInput when it is on."""
    require(actor, "manage_people", campaign=campaign)
    with transaction.atomic():
        person = kept_person(actor, campaign, username)
        if person.is_active:
            raise BadInput(_("“{name}”的账号没有停用。"), name=person.name)
        change = _person_change(person, active=True)
        batch = record(actor, action="people.switch_on", campaign=campaign, changes=[change])
        person.is_active, person.version = True, change.base_version + 1
        person.save(update_fields=["is_active", "version"])
    return batch


def _posts(actor: Actor, person: Person, day: date) -> list[Post]:
    """All posts of the person that hold on the day or later, locked; the actor keeps each of them."""
    rows = list(
        Post.objects.select_for_update(of=("self",))
        .select_related("unit", "team", "campaign__pack", "campaign__root")
        .filter(Q(to_day=None) | Q(to_day__gt=day), person=person)
        .order_by("id")
    )
    for row in rows:
        try:
            require_keeping(actor, row.campaign, {row.role})
            require(actor, "manage_people", place_of(row, row.campaign), row.campaign)
        except (NotAllowed, NotFound):
            raise NotAllowed(
                _("“{name}”还有您管理范围以外的身份，不能由您办理离任。请联系安全管理员。"), name=person.name
            ) from None
    return rows


def _successors(
    actor: Actor, posts: Sequence[Post], wanted: Mapping[int, str], person: Person, day: date
) -> dict[int, Post | None]:
    """Post → the post that the successor is to get; None where they hold the very same already."""
    fresh: dict[int, Post | None] = {}
    ending = [row.pk for row in posts]
    for row in posts:
        taker = wanted.get(row.pk)
        if taker is None:
            continue
        if taker == person.username:
            raise BadInput(_("接任人就是“{name}”本人。请另选一位。"), name=person.name)
        held = Post.objects.filter(
            Q(to_day=None) | Q(to_day__gt=day),
            person__username=taker,
            person__is_active=True,
            role=row.role,
            unit=row.unit_id,
            team=row.team_id,
            campaign=row.campaign_id,
        )
        if held.exists():
            fresh[row.pk] = None
            continue
        if not Person.objects.filter(username=taker, is_active=True).exists():
            raise BadInput(_("没有账号为“{account}”的在用人员。请核对接任人的账号。"), account=taker[:60])
        given = Appointment(
            taker,
            row.role,
            unit=row.unit.code if row.unit else None,
            team=row.team.key if row.team else None,
            aspect=row.aspect,
            from_day=max(day, row.from_day),
            last_day=row.to_day - timedelta(days=1) if row.to_day else None,
        )
        [fresh[row.pk]] = planned_posts(actor, campaign=row.campaign, appointments=[given], without=ending)
    return fresh


def _delegations(person: Person, posts: Collection[Post], day: date) -> list[Delegation]:
    """What others do for the person, or the person for others, on the day or later."""
    rows = Delegation.objects.filter(
        Q(taker=person) | Q(post__in=[row.pk for row in posts]), Q(to_day=None) | Q(to_day__gt=day)
    )
    return [row for row in rows.order_by("id") if row.to_day is None or row.to_day > row.from_day]


def _switched_off(person: Person) -> Change:
    return _person_change(person, active=False)


def _person_change(person: Person, *, active: bool) -> Change:
    row = Revision.objects.filter(subject_kind="person", subject_id=person.pk).order_by("-version").first()
    if row is None:
        raise NotFound(
            _("没有账号为“{account}”的人员，或不在您的管理范围内。请核对账号。"), account=person.username
        )
    plain: dict[str, Any] = {k: v for k, v in json.loads(row.body)["plain"].items() if k != "active"}
    if not active:
        plain["active"] = False
    return Change("person", person.pk, row.version, row.hash, today(), body_text({}, plain))


def _tell(
    actor: Actor,
    campaign: Campaign,
    person: Person,
    posts: Sequence[Post],
    wanted: Mapping[int, str],
    day: date,
    batch: Batch,
) -> None:
    """Each successor learns of each post that they take over."""
    people = dict(Person.objects.filter(username__in=set(wanted.values())).values_list("username", "pk"))
    for row in posts:
        taker = wanted.get(row.pk)
        if taker is None:
            continue
        place = row.unit.short_name if row.unit else row.team.name if row.team else ""
        tell(
            {people[taker]},
            kind="handed_over",
            campaign=row.campaign or campaign,
            params={
                "giver": person.name,
                "post": post_label(row, place),
                "first": max(day, row.from_day).isoformat(),
            },
            by=actor,
            batch=batch.seq,
        )
