"""The places where a person is logged in: a list kept by django-allauth beside Django's sessions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.http import HttpRequest

from guatu.records.models import Person

LIMITS = "limits"
"""Under this name a session keeps when it began and was last used (seconds), how long it may rest and last."""
UNKNOWN = "0.0.0.0"  # noqa: S104 — stands for a client without an address; nothing listens there


@dataclass(frozen=True, slots=True)
class Seat:
    """One place where one is logged in; `here` is the one that asks. `used`: to a tenth of how long it may rest."""

    pk: int
    agent: str
    address: str
    since: datetime
    used: datetime | None
    here: bool


def keep_listed(request: HttpRequest, *, before: str = "") -> None:
    """Keep this session in the person's list; `before` is the key it had until just now."""
    if before and before != request.session.session_key:
        UserSession.objects.filter(session_key=before).delete()
    request.session.save()  # the list asks the store whose session each one is
    UserSession.objects.create_from_request(request)


def unlist(request: HttpRequest) -> None:
    """Take this session off the list: it is about to end."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()


def end_oldest(request: HttpRequest, person: Person, *, most: int) -> int:
    """End the person's oldest sessions elsewhere so that `most` are left with this one; how many ended."""
    others = sorted(_others(request, person), key=lambda one: (one.created_at, one.pk))
    return _end(others[: max(len(others) + 1 - most, 0)])


def end_elsewhere(request: HttpRequest, person: Person, *, which: int | None = None) -> int:
    """End one of the person's other sessions, or all of them; how many ended."""
    return _end([one for one in _others(request, person) if which in (None, one.pk)])


def seats_of(request: HttpRequest, person: Person) -> tuple[Seat, ...]:
    """Where the person is logged in: here first, then the latest."""
    here = request.session.session_key
    found = [
        Seat(
            row.pk,
            row.user_agent,
            "" if row.ip == UNKNOWN else row.ip,
            row.created_at,
            _last_used(row.session_key),
            row.session_key == here,
        )
        for row in UserSession.objects.purge_and_list(person)
    ]
    return tuple(sorted(found, key=lambda seat: (not seat.here, -seat.since.timestamp())))


def _others(request: HttpRequest, person: Person) -> list[Any]:
    here = request.session.session_key
    return [one for one in UserSession.objects.purge_and_list(person) if one.session_key != here]


def _end(rows: list[Any]) -> int:
    for row in rows:
        row.end()
    return len(rows)


def _last_used(key: str) -> datetime | None:
    kept = import_module(settings.SESSION_ENGINE).SessionStore(key).get(LIMITS)
    return datetime.fromtimestamp(kept["seen"], UTC) if isinstance(kept, dict) else None
