"""Accounts: passwords and names of people. What a password is never enters the history, only that it was set."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import Q

from guatu.access import Actor, may, require
from guatu.access.keepers import reaches_all
from guatu.access.password_rules import refuse_weak_password
from guatu.actions.history import Change, Head, body_text, record
from guatu.domain.capabilities import ADMINISTRATORS, OPERATOR, roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.private import seal
from guatu.domain.telephones import TELEPHONE, dialled
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import Batch, Person, PersonalValue, Post, Revision


def set_password(actor: Actor, *, username: str, password: str) -> Batch:
    """Give a person a new password: one's own, or that of somebody within the actor's reach with all their posts.

    Raises BadInput for a weak one. Whoever is logged in as that person elsewhere is logged out.
    """
    with transaction.atomic():
        person = _within_reach(actor, username, "reset_password")
        _refuse_higher(actor, person)
        refuse_weak_password(password, person.username, person.name)
        person.set_password(password)
        head, plain = last_said(person)
        batch = write_person(actor, person, head, plain, action="people.password", password=True)
        person.save(update_fields=["password", "version"])
    return batch


def change_own_password(actor: Actor, *, current: str, password: str) -> Batch:
    """Take another password for oneself. Raises BadInput when `current` is not the one that stands, or nothing changes."""
    with transaction.atomic():
        person: Person | None = Person.objects.select_for_update().filter(pk=actor.person).first()
        if person is None or not person.check_password(current):
            raise BadInput(_("原密码不对。请重新输入。"))
        if current == password:
            raise BadInput(_("新密码与原密码相同。请换一个。"))
        return set_password(actor, username=person.username, password=password)


def rename_person(actor: Actor, *, username: str, name: str) -> Batch:
    """Correct how a person's name is written; what they have signed before keeps the name as it was."""
    name = name.strip()
    if not name:
        raise BadInput(_("“{account}”的姓名没有填写。请填写后再提交。"), account=username)
    with transaction.atomic():
        person = _within_reach(actor, username, "manage_people")
        head, plain = last_said(person)
        person.name = name
        batch = write_person(actor, person, head, {**plain, "name": name}, action="people.rename")
        person.save(update_fields=["name", "version"])
    return batch


def note_telephone(actor: Actor, *, username: str, telephone: str) -> Batch:
    """Note a person's telephone, or erase it with an empty one. The history holds only a salted hash of it."""
    number = dialled(telephone)
    with transaction.atomic():
        person = _within_reach(actor, username, "manage_people")
        head, plain = last_said(person)
        sealed = seal(number) if number else None
        body = {key: value for key, value in plain.items() if key != TELEPHONE}
        if sealed is not None:
            body[TELEPHONE] = sealed.stand_in
        batch = write_person(actor, person, head, body, action="people.telephone")
        person.save(update_fields=["version"])
        PersonalValue.objects.filter(person=person, field=TELEPHONE).delete()
        if sealed is not None:
            PersonalValue.objects.create(
                person=person, field=TELEPHONE, version=person.version, salt=sealed.salt, value=sealed.text
            )
    return batch


def _within_reach(actor: Actor, username: str, capability: str) -> Person:
    """The person, locked: oneself, or somebody whose home unit the actor reaches with `capability`.

    An administrator's account is in the hands of the security administrator only: whoever could set its password
    could act in its name.
    """
    person: Person | None = Person.objects.select_for_update().filter(username=username).first()
    if person is None:
        raise NotFound(_unknown(), account=username)
    if person.pk == actor.person:
        return person
    require(actor, capability)
    home = person.home_unit
    if home is not None and not may(actor, capability, home):
        raise NotFound(_unknown(), account=username)
    roles = roles_with(capability)
    if home is None and not any(
        grant.role in roles and (grant.everywhere or len(grant.line) == 1) for grant in actor.grants
    ):
        raise NotAllowed(_("“{name}”没有所在单位，只能由集团一级办理。"), name=person.name)
    day = today()
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), person=person, role__in=ADMINISTRATORS)
    if held.exists() and not actor.has_role("security_admin", OPERATOR):
        raise NotAllowed(_("“{name}”是三员之一，账号只能由本人或安全管理员维护。"), name=person.name)
    return person


def _refuse_higher(actor: Actor, person: Person) -> None:
    """Whoever sets a password could act in that person's name: no post of theirs may reach further than one's own."""
    if person.pk == actor.person:
        return
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=today()), person=person)
    if not reaches_all(actor, held.select_related("unit")):
        raise NotAllowed(
            _("“{name}”还有您管理范围以外的身份，密码只能由本人、集团办公室或安全管理员重设。"),
            name=person.name,
        )


def _unknown() -> str:
    return _("没有账号为“{account}”的人员，或不在您的管理范围内。请核对账号。")


def last_said(person: Person) -> tuple[Head, dict[str, Any]]:
    """The person's last revision and the plain values that it says."""
    row = Revision.objects.filter(subject_kind="person", subject_id=person.pk).order_by("-version").first()
    if row is None:
        raise NotFound(
            _("没有账号为“{account}”的人员，或不在您的管理范围内。请核对账号。"), account=person.username
        )
    return Head(row.version, row.hash), json.loads(row.body)["plain"]


def last_said_of(people: Collection[int]) -> dict[int, tuple[Head, dict[str, Any]]]:
    """The same for many, by primary key."""
    found: dict[int, tuple[Head, dict[str, Any]]] = {}
    for chunk in in_chunks(list(people)):
        rows = Revision.objects.filter(subject_kind="person", subject_id__in=chunk).order_by("version")
        for row in rows:
            found[row.subject_id] = Head(row.version, row.hash), json.loads(row.body)["plain"]
    return found


def write_person(
    actor: Actor,
    person: Person,
    head: Head,
    plain: dict[str, Any],
    *,
    action: str,
    reason: str = "",
    password: bool = False,
    **said: Any,
) -> Batch:
    """One more revision of the person; its row takes the version, which the caller saves.

    `said`: what else the body keeps: that something was done, never a secret.
    """
    body = body_text({}, plain, password=password or None, **said)
    person.version = head.version + 1
    change = Change("person", person.pk, head.version, head.hash, today(), body)
    return record(actor, action=action, changes=[change], reason=reason)
