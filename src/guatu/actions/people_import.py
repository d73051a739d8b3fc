"""Importing a liaison list: people, posts and telephones, whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from guatu.access import Actor, require
from guatu.access.house_language import house_language
from guatu.actions.history import Change, answered, body_text, record
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.imports.people_plan import PeoplePlan, PersonRow
from guatu.domain.imports.people_rules import KnownPerson
from guatu.domain.imports.unit_plan import Applied
from guatu.domain.private import Sealed, seal
from guatu.domain.telephones import TELEPHONE
from guatu.domain.words import gettext as _
from guatu.queries.people_import import IMPORT, planned_again
from guatu.queries.subjects import pasts
from guatu.records.bulk import in_chunks, insert_returning
from guatu.records.models import Campaign, LedgerHead, Person, PersonalValue, Post, Unit


def apply_people_import(
    actor: Actor, *, campaign: Campaign, plan: PeoplePlan, seen: str = "", reason: str = ""
) -> Applied:
    """Write what the plan says in one batch, or nothing; as `apply_import`."""
    require(actor, "manage_people", campaign=campaign)
    token = seen or plan.token
    key = f"people:{plan.sha256}@{token.partition(':')[0]}" if plan.sha256 else None
    done = answered(actor, IMPORT, campaign, key, token)
    if done is not None:
        return Applied(done.seq, len(plan.changes), repeated=True)
    if plan.errors:
        raise BadInput(
            _("名单中有 {count} 处需要改正，没有导入任何内容。第一处：{first}"),
            count=len(plan.errors),
            first=plan.errors[0].sentence,
        )
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # two at once: the second finds what the first has written
        now, people = planned_again(actor, campaign, plan)
        if now.token.partition(":")[2] != token.partition(":")[2]:
            raise Conflict(_("预览之后人员情况已有变动。请重新预览，核对后再导入。"))
        if not now.changes:
            return Applied(None, 0)
        with house_language():
            told = _("从“{file}”导入 {count} 条人员。").format(file=plan.file, count=len(now.changes))
        seq = _write(actor, campaign, now, people, key, token, reason or told)
    return Applied(seq, len(now.changes))


def _write(
    actor: Actor,
    campaign: Campaign,
    plan: PeoplePlan,
    known: Sequence[KnownPerson],
    key: str | None,
    token: str,
    reason: str,
) -> int:
    rows = {row.row: row for row in plan.rows}
    units = _units({row.unit for row in plan.rows})
    ids = {person.username: person.id for person in known}
    new = [rows[change.row] for change in plan.changes if "new" in change.kinds]
    entered = _entered(new, units)
    ids |= {person.username: person.pk for person in entered}
    sealed = {
        rows[change.row].username: seal(rows[change.row].telephone)
        for change in plan.changes
        if "telephone" in change.kinds
    }
    changes: list[Change] = []
    for person in entered:
        changes.append(_person(person.pk, 0, "", _plain(person), sealed.get(person.username)))
    values, noted = _noted(sealed, ids, {person.username for person in entered})
    changes += noted
    posts = [
        Post(
            person_id=ids[rows[change.row].username],
            role=rows[change.row].role,
            campaign=campaign,
            tree_id=campaign.tree_id,
            unit_id=units[rows[change.row].unit],
            from_day=change.day,
            rec_from=0,
        )
        for change in plan.changes
        if "appointed" in change.kinds
    ]
    insert_returning(posts)
    changes += [_post(post, campaign) for post in posts]
    batch = record(
        actor,
        action=IMPORT,
        campaign=campaign,
        changes=changes,
        reason=reason,
        idempotency_key=key,
        request=token,
    )
    for chunk in in_chunks([post.pk for post in posts]):
        Post.objects.filter(pk__in=chunk).update(rec_from=batch.seq)
    for chunk in in_chunks([value.person_id for value in values]):
        PersonalValue.objects.filter(person__in=chunk, field=TELEPHONE).delete()
    insert_returning(values)
    return batch.seq


def _entered(new: Sequence[PersonRow], units: dict[str, int]) -> list[Person]:
    """People without a password: it is set when they are told their account."""
    people = []
    for row in new:
        person = Person(username=row.username, name=row.name, home_unit_id=units[row.unit])
        person.set_unusable_password()
        people.append(person)
    insert_returning(people)
    return people


def _noted(
    sealed: dict[str, Sealed], ids: dict[str, int], entered: set[str]
) -> tuple[list[PersonalValue], list[Change]]:
    """The rows that hold the telephones, and the revisions of people who stood already."""
    standing = {ids[username]: username for username in sealed if username not in entered}
    past = pasts("person", standing)
    versions = dict.fromkeys(entered, 1)
    changes = []
    for pk, username in standing.items():
        plain = dict(past[pk].entries[-1].plain or {})
        changes.append(_person(pk, past[pk].version, past[pk].last_hash, plain, sealed[username]))
        versions[username] = past[pk].version + 1
        Person.objects.filter(pk=pk).update(version=versions[username])
    values = [
        PersonalValue(
            person_id=ids[username],
            field=TELEPHONE,
            version=versions[username],
            salt=each.salt,
            value=each.text,
        )
        for username, each in sealed.items()
    ]
    return values, changes


def _plain(person: Person) -> dict[str, Any]:
    return {"username": person.username, "name": person.name, "home_unit": person.home_unit_id}


def _person(pk: int, version: int, last: str, plain: dict[str, Any], telephone: Sealed | None) -> Change:
    """A person's revision; of a telephone the body holds the salted hash."""
    body = plain if telephone is None else {**plain, TELEPHONE: telephone.stand_in}
    return Change("person", pk, version, last, today(), body_text({}, body))


def _post(post: Post, campaign: Campaign) -> Change:
    plain = {
        "person": post.person_id,
        "role": post.role,
        "campaign": campaign.pk,
        "unit": post.unit_id,
        "team": None,
        "aspect": "",
        "from": post.from_day.isoformat(),
        "to": None,
    }
    return Change("post", post.pk, 0, "", post.from_day, body_text({}, plain))


def _units(codes: set[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for chunk in in_chunks(sorted(codes)):
        found.update(Unit.objects.filter(code__in=chunk).values_list("code", "pk"))
    return found
