"""Delegation (委托代办): for some days somebody else acts under a person's post, and history says for whom."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from guatu.access import Actor, covers, may
from guatu.access.post_names import post_label
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.actions.messages import tell
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.tree import Line
from guatu.domain.words import gettext as _
from guatu.queries.addressees import people_of
from guatu.records.models import Campaign, Delegation, Person, Post

LONGEST = 30
"""Days, the first and the last counted."""
NOT_DELEGATED = ADMINISTRATORS | {"auditor"}
"""Roles given to one person by name: nobody else takes them over."""


def delegate(
    actor: Actor,
    *,
    campaign: Campaign | None,
    post: int,
    taker: str,
    first_day: date,
    last_day: date,
    reason: str = "",
) -> Delegation:
    """Let the person with the user name `taker` act under the post from `first_day` to `last_day`, both included.

    One gives one's own post away; that of somebody who cannot (ill, travelling) is given by those who review the unit
    from above or by the office, with a reason. Raises NotFound for a post out of reach, NotAllowed without the right,
    BadInput for days, a taker or a post that will not do. Taker, giver and reviewers are told.
    """
    with transaction.atomic():
        row = _post(actor, campaign, post)
        own = row.person_id == actor.person
        if not own:
            _require_above(actor, row, campaign, reason)
        if row.role in NOT_DELEGATED:
            raise BadInput(_("“{post}”的身份只能由本人使用，不能委托。请另行指定人员。"), post=_label(row))
        _refuse_days(row, first_day, last_day)
        person = _taker(taker, row)
        _refuse_second(row, first_day, last_day)
        given = Delegation(
            post=row,
            giver_id=row.person_id,
            taker=person,
            reason=reason.strip(),
            from_day=first_day,
            to_day=last_day + timedelta(days=1),
            rec_from=0,
        )
        given.save(force_insert=True)
        change = Change("delegation", given.pk, 0, "", first_day, body_text({}, delegation_body(given)))
        batch = record(
            actor, action="people.delegate", campaign=campaign, changes=[change], reason=reason.strip()
        )
        given.rec_from = given.end_rec = batch.seq
        given.save(update_fields=["rec_from", "end_rec"])
        params = {
            "giver": row.person.name,
            "taker": person.name,
            "post": _label(row),
            "first": first_day.isoformat(),
            "last": last_day.isoformat(),
        }
        tell(
            {row.person_id, person.pk},
            kind="delegated",
            campaign=campaign,
            params=params,
            by=actor,
            batch=batch.seq,
        )
        others = _reviewers(row, campaign) - {row.person_id, person.pk}
        tell(others, kind="delegated", campaign=campaign, params=params, by=actor, batch=batch.seq)
    return given


def end_delegation(
    actor: Actor, *, campaign: Campaign | None, delegation: int, reason: str = ""
) -> Delegation:
    """End a delegation today: by whoever gave or took it, the reviewers above, or the office.

    Raises NotFound for one out of reach, BadInput for one that has ended.
    """
    day = today()
    with transaction.atomic():
        row = (
            Delegation.objects.select_for_update(of=("self",))
            .select_related(
                "post__unit", "post__team", "post__campaign__pack", "post__person", "giver", "taker"
            )
            .filter(pk=delegation, post__campaign=campaign)
            .first()
        )
        if row is None or (
            actor.person not in (row.giver_id, row.taker_id) and not _above(actor, row.post, campaign)
        ):
            raise NotFound(_("没有这项委托，或不在您的查看范围内。请刷新后查看。"))
        if row.to_day is not None and row.to_day <= day:
            raise BadInput(_("这项委托已于 {day} 结束。请刷新后查看。"), day=row.to_day - timedelta(days=1))
        change = end_of(row, day)
        batch = record(
            actor, action="people.end_delegation", campaign=campaign, changes=[change], reason=reason.strip()
        )
        write_end(row, change, batch.seq)
        params = {"giver": row.giver.name, "taker": row.taker.name, "post": _label(row.post)}
        people = {row.giver_id, row.taker_id} | _reviewers(row.post, campaign)
        tell(people, kind="delegation_ended", campaign=campaign, params=params, by=actor, batch=batch.seq)
    return row


def end_of(row: Delegation, day: date) -> Change:
    """What the history is to say of a delegation that ends on `day`; one that has not begun ends where it would begin."""
    ends = max(day, row.from_day)
    head = heads("delegation", [row.pk]).get(row.pk, NO_HEAD)
    body = body_text({}, {**delegation_body(row), "to": ends.isoformat()})
    return Change("delegation", row.pk, head.version, head.hash, ends, body)


def write_end(row: Delegation, change: Change, batch: int) -> None:
    """The row as the change says it."""
    row.to_day, row.end_rec, row.version = change.effective, batch, change.base_version + 1
    row.save(update_fields=["to_day", "end_rec", "version"])


def delegation_body(row: Delegation) -> dict[str, Any]:
    """What the history says of a delegation."""
    return {
        "post": row.post_id,
        "giver": row.giver_id,
        "taker": row.taker_id,
        "reason": row.reason,
        "from": row.from_day.isoformat(),
        "to": row.to_day.isoformat() if row.to_day else None,
    }


def _post(actor: Actor, campaign: Campaign | None, post: int) -> Post:
    """The post, locked: one's own, or one within reach; it must hold today or later."""
    if any(grant.post == post and grant.giver is not None for grant in actor.grants):
        raise BadInput(_("这是别人委托给您的身份，不能再委托。请由本人另行委托。"))
    row = (
        Post.objects.select_for_update(of=("self",))
        .select_related("person", "unit", "team", "campaign__pack")
        .filter(pk=post, campaign=campaign)
        .first()
    )
    if row is None or (row.person_id != actor.person and not _sees(actor, row, campaign)):
        raise NotFound(_("没有这个身份，或不在您的查看范围内。请刷新后查看。"))
    if row.to_day is not None and row.to_day <= today():
        raise BadInput(_("没有这个身份，或已经结束。请刷新后查看。"))
    return row


def _line(row: Post) -> Line:
    return row.unit.line if row.unit is not None else ()


def _sees(actor: Actor, row: Post, campaign: Campaign | None) -> bool:
    return may(actor, "see_contacts", row.unit, campaign)


def _above(actor: Actor, row: Post, campaign: Campaign | None) -> bool:
    """Whether the actor reviews the post's unit from above, or is the office over it; for a team, the office of the root.

    A post held for somebody else does not count: who stands in gives nothing on.
    """
    own = replace(actor, grants=tuple(grant for grant in actor.grants if grant.giver is None))
    line = _line(row)
    if row.unit is None:
        root = campaign.root.line if campaign is not None else ()
        return covers(own, {"office"}, root, campaign)
    return covers(own, {"office"}, line, campaign) or covers(own, {"liaison"}, line[:-1], campaign)


def _require_above(actor: Actor, row: Post, campaign: Campaign | None, reason: str) -> None:
    if not _above(actor, row, campaign):
        raise NotAllowed(
            _("“{post}”不是您本人的身份，您也不是其上级审核人，不能委托。请由本人或上级联络员办理。"),
            post=_label(row),
        )
    if not reason.strip():
        raise BadInput(_("替本人委托须写明原因（如病假、出差）。请填写后再提交。"))


def _refuse_days(row: Post, first: date, last: date) -> None:
    if first < today():
        raise BadInput(_("开始日 {day} 已经过去，委托不能补办。请从今天或以后开始。"), day=first)
    if last < first:
        raise BadInput(_("最后一天 {last} 早于开始日 {start}。请核对。"), last=last, start=first)
    days = (last - first).days + 1
    if days > LONGEST:
        raise BadInput(
            _("委托 {days} 天，超过 {most} 天。请缩短；长期离岗的，请办理人员离任。"), days=days, most=LONGEST
        )
    if first < row.from_day or (row.to_day is not None and last >= row.to_day):
        raise BadInput(_("委托的日期超出了这个身份的任期。请核对起止日期。"))


def _taker(username: str, row: Post) -> Person:
    """The person who is to act: active, somebody else, near enough, and no administrator."""
    person: Person | None = (
        Person.objects.select_related("home_unit").filter(username=username.strip(), is_active=True).first()
    )
    if person is None:
        raise BadInput(_("没有账号为“{account}”的在用人员。请核对受托人的账号。"), account=username[:60])
    if person.pk == row.person_id:
        raise BadInput(_("受托人就是“{name}”本人。请另选一位。"), name=person.name)
    still = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=today()), person=person)
    if still.filter(role__in=ADMINISTRATORS).exists():
        raise BadInput(_("“{name}”是三员之一，不能代办业务。请另选一位。"), name=person.name)
    mate = row.team_id is not None and still.filter(team=row.team_id).exists()
    home = person.home_unit.line if person.home_unit is not None else ()
    if not mate and not is_near(_line(row), home):
        raise BadInput(
            _("“{name}”不在这个身份所在的公司，也不在其上级单位，不能代办。请在本公司或上级单位中选一位。"),
            name=person.name,
        )
    return person


def is_near(line: Line, home: Line) -> bool:
    """Whether somebody at home there may stand in on a unit with this line: one of the same company, or of a unit above.

    For a post at the root, or of a team: somebody of the root itself. Whoever stands in sees what the giver sees, so
    nobody of another company does.
    """
    if not home:
        return False
    if len(home) == 1:
        return True
    return len(line) > 1 and home[:2] == line[:2]


def _refuse_second(row: Post, first: date, last: date) -> None:
    """One person at a time stands in."""
    other = (
        Delegation.objects.select_related("taker")
        .filter(Q(to_day=None) | Q(to_day__gt=first), post=row, from_day__lte=last)
        .first()
    )
    if other is not None and other.to_day is not None and other.to_day > other.from_day:
        raise BadInput(
            _("{first} 至 {last} 已委托“{name}”代办。请先结束那一项，或改日期。"),
            first=other.from_day,
            last=other.to_day - timedelta(days=1),
            name=other.taker.name,
        )


def _reviewers(row: Post, campaign: Campaign | None) -> set[int]:
    """Who reviews what comes from the post's unit: the nearest liaison above it, else the office."""
    if campaign is None:
        return set()
    line = _line(row)[:-1] if row.unit is not None else ()
    above: Collection[int] = people_of(campaign, line, ("liaison",)) if line else ()
    return set(above) or people_of(campaign, campaign.root.line, ("office",))


def _label(row: Post) -> str:
    return post_label(row, row.unit.short_name if row.unit else row.team.name if row.team else "")
