"""One-time codes by which people take their accounts up: drawn, handed out once on slips, redeemed for a password.

What a code is stands nowhere: the row holds a keyed hash of it, the history only that one was given. Twelve signs drawn
at random (59 bits) need no long stretching; without the key of the house the hashes say nothing to whoever has the
database alone.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac

from guatu.access import Actor
from guatu.access.password_rules import refuse_weak_password
from guatu.actions.accounts import last_said, last_said_of, write_person
from guatu.actions.doors import kept_people, security_administrators
from guatu.actions.history import Change, body_text, record
from guatu.actions.messages import tell
from guatu.domain.clock import real_now, today
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.records.bulk import in_chunks, insert
from guatu.records.models import AccessCode, Batch, LedgerHead, Person

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that is read for another
GROUPS, GROUP = 3, 4  # 30 signs in 12 places: 59 bits
TRIES = 10  # wrong codes before the right one is void too
MOST = 2000  # slips of one act
NAMED = 20  # accounts that a message names one by one
GIVE = "people.access_codes"
TAKE_UP = "people.take_up"


@dataclass(frozen=True, slots=True)
class Slip:
    """What stands on one person's slip."""

    unit: str
    unit_code: str
    name: str
    username: str
    expires: datetime
    code: str = field(repr=False)


def give_access_codes(actor: Actor, *, usernames: Collection[str], reason: str = "") -> tuple[Slip, ...]:
    """A new code for each of these people, in one batch; one given before opens nothing any more.

    Whoever has a password keeps it until the code is used. Raises NotFound or NotAllowed when one of them is not the
    actor's to keep: then nobody gets one. Nothing else keeps what is returned.
    """
    if not usernames:
        raise BadInput(_("没有选人。请至少选一个人，再打印启用单。"))
    if len(set(usernames)) > MOST:
        raise BadInput(_("一次最多 {most} 张启用单。请分批选。"), most=MOST)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # two at once: the second's codes are the ones that count
        people = kept_people(actor, usernames)
        made = real_now()
        expires = made + timedelta(days=settings.GUATU_CODE_DAYS)
        heads = last_said_of([person.pk for person in people])
        slips, rows, changes = [], [], []
        for person in people:
            code = _drawn()
            head, plain = heads[person.pk]
            person.version = head.version + 1
            body = body_text({}, plain, access_code=True)
            changes.append(Change("person", person.pk, head.version, head.hash, today(), body))
            rows.append(
                AccessCode(
                    person=person,
                    code_hash=_hash(code),
                    made_at=made,
                    expires_at=expires,
                    given_by=actor.signed[:60],
                )
            )
            unit = person.home_unit
            slips.append(
                Slip(
                    unit.short_name if unit else "",
                    unit.code if unit else "",
                    person.name,
                    person.username,
                    expires,
                    code,
                )
            )
        batch = record(actor, action=GIVE, changes=changes, reason=reason)
        for chunk in in_chunks([person.pk for person in people]):
            AccessCode.objects.filter(person__in=chunk, used_at=None).delete()
        insert(rows)
        Person.objects.bulk_update(people, ["version"], batch_size=200)
        _tell(actor, people, batch)
    return tuple(slips)


def take_up_account(actor: Actor, *, code: str, password: str) -> Batch:
    """Give oneself a password by the code of one's slip. The code is used up, and so is every wrong attempt counted.

    Raises NotAllowed for a wrong, used or expired code, BadInput for a weak password: then the code stays good.
    """
    with transaction.atomic():
        rows = AccessCode.objects.select_for_update().filter(person=actor.person, used_at=None)
        row = rows.order_by("-made_at", "-pk").first()
        moment = real_now()
        good = row is not None and row.expires_at > moment and row.tries < TRIES
        right = row is not None and constant_time_compare(_hash(code, row.code_hash), row.code_hash)
        if row is not None and good and not right:
            row.tries += 1
            row.save(update_fields=["tries"])
    if row is None or not right or not good:
        raise NotAllowed(wrong_code(expired=row is not None and right and row.expires_at <= moment))
    with transaction.atomic():
        person: Person = Person.objects.select_for_update().get(pk=actor.person)
        refuse_weak_password(password, person.username, person.name)
        taken = AccessCode.objects.filter(pk=row.pk, used_at=None).update(used_at=moment)
        if not taken:
            raise NotAllowed(wrong_code())
        person.set_password(password)
        head, plain = last_said(person)
        batch = write_person(actor, person, head, plain, action=TAKE_UP, password=True)
        person.save(update_fields=["password", "version"])
        AxesProxyHandler.reset_attempts(username=person.username)
    return batch


def wrong_code(*, expired: bool = False) -> str:
    """The one sentence for an unknown account, a wrong code and a used one: it tells nobody which accounts there are."""
    if expired:
        return _("启用码已过有效期。请向发码的单位另要一个。")
    return _(
        "账号或启用码不对，或启用码已用过、试错过多。请照启用单核对后重新输入；仍不行的，请向发码的单位另要一个。"
    )


def _tell(actor: Actor, people: list[Person], batch: Batch) -> None:
    """Whoever has a password already is told that somebody gave out a code for it, and so is the security administrator."""
    awake = [person.pk for person in people if person.has_usable_password()]
    tell(awake, kind="account_code", campaign=None, by=actor, batch=batch.seq)
    named = listed(person.username for person in people[:NAMED])
    told = {"count": len(people), "accounts": named if len(people) <= NAMED else f"{named}…"}
    tell(
        security_administrators(),
        kind="account_codes",
        campaign=None,
        by=actor,
        batch=batch.seq,
        params=told,
    )


def _drawn() -> str:
    """Three groups of four: KX7M-P3WD-H9QF."""
    return "-".join("".join(secrets.choice(SIGNS) for _sign in range(GROUP)) for _group in range(GROUPS))


def _hash(code: str, like: str = "") -> str:
    """Salt and keyed hash; with `like` the salt is that of a kept one. Dashes, blanks, small letters do not matter."""
    plain = "".join(code.split()).replace("-", "").upper()
    salt = like.partition("$")[0] or secrets.token_hex(8)
    return f"{salt}${salted_hmac('guatu.access_code' + salt, plain, algorithm='sha256').hexdigest()}"
