"""What giving and ending posts has in common: what is refused, and what the history says of a post."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from guatu.access import Actor, require
from guatu.access.aspects import known_aspects
from guatu.actions.history import NO_HEAD, Change, Head, body_text, heads
from guatu.actions.lines import main_tree
from guatu.actions.reach import units_by_code
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Batch, Campaign, Person, Post, Team, Unit
from guatu.records.packs import pack_of

AUDITOR = "auditor"
LONGEST_AUDIT = 366
"""Days that a post to look into the books may last; it ends by itself."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """A post to be given: a role on a unit (code) or on a team (key), from a day on.

    `last_day`: the last day on which it holds; without one it holds until it is ended. An auditor's needs one.
    """

    username: str
    role: str
    unit: str | None = None
    team: str | None = None
    aspect: str = ""
    from_day: date | None = None
    last_day: date | None = None


def require_keeping(actor: Actor, campaign: Campaign | None, roles: Collection[str]) -> None:
    """Refuse to give or end posts that reach further than the actor's own, and those of the administrators."""
    require(actor, "manage_people", campaign=campaign)
    if ADMINISTRATORS & set(roles):
        require(actor, "keep_administrators", campaign=campaign)
    if campaign is None:
        require(actor.everywhere(), "manage_people")


def planned_posts(
    actor: Actor,
    *,
    campaign: Campaign | None,
    appointments: Sequence[Appointment],
    without: Collection[int] = (),
) -> list[Post]:
    """The posts that the appointments would make, not yet stored, after everything that could be wrong was looked at.

    `without`: posts that end in the same breath, so that they stand in nobody's way.
    """
    require_keeping(actor, campaign, {given.role for given in appointments})
    people = people_ids([a.username for a in appointments])
    units = units_by_code({a.unit for a in appointments if a.unit})
    for unit in units.values():
        require(actor, "manage_people", unit, campaign)
    if campaign is not None and any(a.team for a in appointments):
        require(actor, "manage_people", campaign.root, campaign)
    teams = dict(Team.objects.filter(campaign=campaign).values_list("key", "pk"))
    tree = campaign.tree_id if campaign is not None else main_tree()
    day = today()
    held = _held(list(people.values()), day, without)
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
        _refuse_second(given, held.setdefault(people[given.username], set()))
        start = given.from_day or day
        _refuse_endless(given, start)
        _refuse_aspect(given, campaign)
        rows.append(
            Post(
                person_id=people[given.username],
                role=given.role,
                campaign=campaign,
                tree_id=tree,
                unit=units[given.unit] if given.unit else None,
                team_id=teams[given.team] if given.team else None,
                aspect=given.aspect,
                from_day=start,
                to_day=given.last_day + timedelta(days=1) if given.last_day else None,
                rec_from=0,
            )
        )
    return rows


def _held(people: Sequence[int], day: date, without: Collection[int]) -> dict[int, set[str]]:
    """Which roles each person holds from today on."""
    held: dict[int, set[str]] = {}
    for chunk in in_chunks(people):
        still = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), person__in=chunk)
        for pk, person, role in still.values_list("pk", "person", "role"):
            if pk not in without:
                held.setdefault(person, set()).add(role)
    return held


def _refuse_second(given: Appointment, roles: set[str]) -> None:
    """A person holds no second administrator's role beside one, nor a business role beside an administrator's."""
    if (given.role in ADMINISTRATORS and roles - {given.role}) or roles & ADMINISTRATORS - {given.role}:
        raise BadInput(
            _("{name} 已有其他身份，不能再任“{role}”：三类管理员互斥，且不兼业务身份。"),
            name=given.username,
            role=Post.Role(given.role).label,
        )
    roles.add(given.role)


def _refuse_endless(given: Appointment, start: date) -> None:
    """Whoever audits is let in for a time, at units that are named."""
    if given.last_day is not None and given.last_day < start:
        raise BadInput(_("最后一天 {last} 早于开始日 {start}。请核对。"), last=given.last_day, start=start)
    if given.role != AUDITOR:
        return
    if given.unit is None:
        raise BadInput(_("“{name}”的审计查阅身份没有写明单位。请指定可以查阅的单位。"), name=given.username)
    if given.last_day is None:
        raise BadInput(
            _("“{name}”的审计查阅身份没有写明最后一天。请填写，最长一年，到期自动收回。"), name=given.username
        )
    if (given.last_day - start).days >= LONGEST_AUDIT:
        raise BadInput(
            _("“{name}”的审计查阅身份到 {last} 止，超过一年。请缩短，到期后可以重新指定。"),
            name=given.username,
            last=given.last_day,
        )


def _refuse_aspect(given: Appointment, campaign: Campaign | None) -> None:
    if not given.aspect:
        return
    if given.role != "working_group" or campaign is None:
        raise BadInput(
            _("“{name}”的身份不能限定方面：只有一项专项工作的工作组分方面。请去掉方面。"), name=given.username
        )
    known = known_aspects(pack_of(campaign))
    if given.aspect not in known:
        raise BadInput(_("没有“{aspect}”这个方面。可用：{known}。"), aspect=given.aspect, known=listed(known))


def store_posts(rows: Sequence[Post]) -> list[Change]:
    """Insert planned posts and say what the history is to keep of them; `mark_recorded` comes after `record`."""
    insert_returning(list(rows))
    return [Change("post", row.pk, 0, "", row.from_day, body_text({}, post_body(row))) for row in rows]


def mark_recorded(rows: Sequence[Post], batch: Batch) -> None:
    """Write the batch into posts that it has recorded."""
    for chunk in in_chunks([row.pk for row in rows]):
        Post.objects.filter(pk__in=chunk).update(rec_from=batch.seq)
    ending = [row.pk for row in rows if row.to_day is not None]
    for chunk in in_chunks(ending):
        Post.objects.filter(pk__in=chunk).update(end_rec=batch.seq)
    for row in rows:
        row.rec_from = batch.seq
        row.end_rec = batch.seq if row.to_day is not None else None


def end_change(row: Post, day: date) -> tuple[Change, Head]:
    """What the history is to say when the post ends on `day`, and the head that it follows.

    Raises BadInput for a day before its beginning, or not before the end that it has already.
    """
    if day < row.from_day:
        raise BadInput(_("结束日 {day} 早于开始日 {start}。请核对。"), day=day, start=row.from_day)
    if row.to_day is not None and row.to_day <= day:
        raise BadInput(_("没有这个身份，或已经结束。请刷新后查看。"))
    head = heads("post", [row.pk]).get(row.pk, NO_HEAD)
    body = body_text({}, {**post_body(row), "to": day.isoformat()})
    return Change("post", row.pk, head.version, head.hash, day, body), head


def post_body(row: Post) -> dict[str, Any]:
    """What the history says of a post."""
    return {
        "person": row.person_id,
        "role": row.role,
        "campaign": row.campaign_id,
        "unit": row.unit_id,
        "team": row.team_id,
        "aspect": row.aspect,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat() if row.to_day else None,
    }


def place_of(row: Post, campaign: Campaign | None) -> Unit | None:
    """The unit over which somebody must have the right to keep this post."""
    return row.unit or (campaign.root if campaign is not None else None)


def people_ids(usernames: Sequence[str]) -> dict[str, int]:
    """The primary keys of the people who exist."""
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(set(usernames))):
        found.update(Person.objects.filter(username__in=chunk).values_list("username", "pk"))
    return found
