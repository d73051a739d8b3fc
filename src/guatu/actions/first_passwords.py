"""First passwords for everybody who has none, in one batch, told once.

What a password is stands nowhere: the person's row holds its hash, the history only that it was set. They are drawn at
random (12 of 31 signs: 59 bits), so that the hash needs no long stretching; that keeps thousands within a few seconds.
A person who logs in with one is asked for a password of their own first (`queries.sleeping.has_first_password`).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.accounts import last_said_of
from guatu.actions.history import Change, body_text, record
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.queries.sleeping import FIRST_PASSWORDS, sleeping_people
from guatu.records.models import LedgerHead, Person

SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another on paper: i l o 0 1
GROUPS, GROUP = 3, 4
ROUNDS = 10_000


@dataclass(frozen=True, slots=True)
class FirstPassword:
    """What is told to one person, once."""

    unit: str
    code: str
    name: str
    username: str
    password: str = field(repr=False)


def give_first_passwords(actor: Actor, *, reason: str = "") -> tuple[FirstPassword, ...]:
    """A random password for every account without one that the actor may give one to, in one batch.

    Raises NotAllowed without the right, BadInput when nobody is left without a password. Nothing else keeps what is
    returned.
    """
    require(actor, "reset_password")
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two at once: the second finds nobody left
        people = sleeping_people(actor, lock=True)
        if not people:
            raise BadInput(_("您管理范围内的账号都已有密码，没有要生成的。忘记密码的，请逐个重设。"))
        said = last_said_of([person.pk for person in people])
        told, changes = [], []
        for person in people:
            password = _drawn()
            person.password = PBKDF2PasswordHasher().encode(
                password, secrets.token_urlsafe(16), iterations=ROUNDS
            )
            head, plain = said[person.pk]
            person.version = head.version + 1
            body = body_text({}, plain, password=True)
            changes.append(Change("person", person.pk, head.version, head.hash, today(), body))
            unit = person.home_unit
            told.append(
                FirstPassword(
                    unit.short_name if unit else "",
                    unit.code if unit else "",
                    person.name,
                    person.username,
                    password,
                )
            )
        record(actor, action=FIRST_PASSWORDS, changes=changes, reason=reason)
        Person.objects.bulk_update(people, ["password", "version"], batch_size=200)
    return tuple(told)


def _drawn() -> str:
    """Three groups of four: kx7m-p3wd-h9qf."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS))
