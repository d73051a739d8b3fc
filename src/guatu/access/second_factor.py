"""Who must show a second factor, and what is set up: an app on the telephone (TOTP), a passkey, recovery codes.

The factors themselves are kept and checked by django-allauth; here stands only whose they must be.
"""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.crypto import salted_hmac

from guatu.domain.clock import today
from guatu.records.models import Person, Post

TOTP, KEY, CODES = Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN, Authenticator.Type.RECOVERY_CODES
REAL = (TOTP, KEY)
"""What counts as a second factor; recovery codes only stand in for one."""
REMEMBERED = 120  # seconds a used code is remembered: longer than any code is good


def roles_of(person: Person) -> frozenset[str]:
    """The roles that a person holds today, in whatever campaign. One statement."""
    day = today()
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=day), person=person, from_day__lte=day)
    return frozenset(held.values_list("role", flat=True))


def needs_second_factor(roles: Collection[str]) -> bool:
    """Whether one of the roles makes the second factor compulsory: office and administrators, others by setting."""
    return not settings.GUATU_SECOND_FACTOR.isdisjoint(roles)


def has_second_factor(person: Person) -> bool:
    """Whether the person has set up an app or a passkey."""
    return bool(people_with_second_factor([person.pk]))


def people_with_second_factor(people: Collection[int]) -> frozenset[int]:
    """Those of the people who have set up an app or a passkey. One statement."""
    rows = Authenticator.objects.filter(user__in=list(people), type__in=REAL)
    return frozenset(rows.values_list("user", flat=True))


@dataclass(frozen=True, slots=True)
class Factor:
    """One that is set up."""

    pk: int
    kind: str
    name: str
    since: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class OwnFactors:
    """What a person has set up. `codes_left`: recovery codes not yet used; `codes_seen`: they have been shown once."""

    real: tuple[Factor, ...]
    codes_left: int
    codes_seen: bool

    @property
    def app(self) -> bool:
        """Whether an app is among them: there can be one."""
        return any(factor.kind == TOTP for factor in self.real)


def own_factors(person: Person) -> OwnFactors:
    """Everything that one has set up, the oldest first. One statement."""
    rows = list(Authenticator.objects.filter(user=person).order_by("created_at", "pk"))
    codes = next((row.wrap() for row in rows if row.type == CODES), None)
    return OwnFactors(
        tuple(
            Factor(
                row.pk, row.type, row.wrap().name if row.type == KEY else "", row.created_at, row.last_used_at
            )
            for row in rows
            if row.type in REAL
        ),
        len(codes.get_unused_codes()) if codes is not None else 0,
        codes is not None and codes.did_view,
    )


def own_factor(person: Person, pk: int) -> Authenticator | None:
    """One's app or passkey with this number."""
    return Authenticator.objects.filter(user=person, type__in=REAL, pk=pk).first()


def first_use(authenticator: Authenticator, code: str) -> bool:
    """Remember the code in the row of the app; False when it is remembered there already.

    django-allauth remembers used codes in the cache of a process; here they are remembered for the whole house.
    """
    moment = time.time()
    mark = salted_hmac("guatu.totp.used", "".join(code.split())).hexdigest()[:16]
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().get(pk=authenticator.pk)
        lately = [one for one in row.data.get("used", []) if moment - one[1] < REMEMBERED]
        if any(one[0] == mark for one in lately):
            return False
        row.data["used"] = [*lately, [mark, moment]]
        row.save(update_fields=["data"])
    authenticator.data = row.data
    return True
