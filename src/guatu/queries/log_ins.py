"""Who came in at the door, who did not, and who is shut out: for the security administrator.

What django-axes keeps, as long as the law asks (`GUATU_LOGIN_LOG_DAYS`). No business data is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.db.models import BooleanField, CharField, Q, QuerySet, Value
from django.utils import timezone

from guatu.access import Actor, require
from guatu.access.lock_out import shut_now
from guatu.records.models import Person

SEE = "see_log_ins"
PAGE = 50
SHOWN = 2
"""So many characters are shown, and searched, of an account that does not exist."""
IN, FAILED, SHUT = "in", "failed", "shut"
RESULTS = (IN, FAILED, SHUT)
"""Came in; a wrong password or code; the wrong one too many, by which the door was shut."""


@dataclass(frozen=True, slots=True)
class LogIn:
    """One attempt. `account` is cut short where there is no such account: people type passwords into the wrong box."""

    at: datetime
    account: str
    name: str
    address: str
    result: str
    known: bool


@dataclass(frozen=True, slots=True)
class ShutOut:
    """An account that is shut now, and for how many minutes yet."""

    account: str
    name: str
    minutes: int


@dataclass(frozen=True, slots=True)
class LogIns:
    """One page of attempts, the newest first; `more`: older ones follow."""

    shut: tuple[ShutOut, ...]
    rows: tuple[LogIn, ...]
    page: int
    more: bool


def log_ins(actor: Actor, *, q: str = "", result: str = "", day: date | None = None, page: int = 1) -> LogIns:
    """The attempts that fit. `q`: part of an account or of its holder's name, or the beginning that is shown of an account
    that does not exist: what else was typed there is not to be found out by searching. `result`: one of RESULTS, empty for
    all; `day`: that day only. Three statements. NotAllowed for anybody else than those who keep the door.
    """
    require(actor, SEE)
    fits = Q()
    if q := q.removesuffix("…"):
        people = Person.objects.filter(Q(name__icontains=q) | Q(username__icontains=q))
        fits = Q(username__in=people.values("username"))
        if len(q) <= SHOWN:
            fits |= Q(username__istartswith=q)
    if day is not None:
        begin = timezone.make_aware(datetime.combine(day, time()))
        fits &= Q(attempt_time__gte=begin, attempt_time__lt=begin + timedelta(days=1))
    first = (max(page, 1) - 1) * PAGE
    raw = list(_attempts(fits, result)[first : first + PAGE + 1])
    minutes = shut_now()
    names = dict(
        Person.objects.filter(username__in={*minutes, *(row[1] for row in raw)}).values_list(
            "username", "name"
        )
    )
    return LogIns(
        shut=tuple(
            ShutOut(account, names[account], left)
            for account, left in sorted(minutes.items())
            if account in names
        ),
        rows=tuple(_row(row, names) for row in raw[:PAGE]),
        page=max(page, 1),
        more=len(raw) > PAGE,
    )


def _attempts(fits: Q, result: str) -> QuerySet[Any]:
    """(when, account, address, result, shut out) of every attempt that fits, the newest first."""
    good = (
        AccessLog.objects.filter(fits)
        .order_by()
        .values_list(
            "attempt_time",
            "username",
            "ip_address",
            Value(IN, CharField()),
            Value(False, BooleanField()),
        )
    )
    bad = (
        AccessFailureLog.objects.filter(fits)
        .order_by()
        .values_list("attempt_time", "username", "ip_address", Value(FAILED, CharField()), "locked_out")
    )
    if result == IN:
        found = good
    elif result in (FAILED, SHUT):
        found = bad.filter(locked_out=result == SHUT)
    else:
        found = good.union(bad, all=True)
    ordered: QuerySet[Any] = found.order_by("-attempt_time", "username")
    return ordered


def _row(row: tuple[Any, ...], names: dict[str, str]) -> LogIn:
    moment, account, address, result, shut = row
    account = account or ""
    known = account in names
    return LogIn(
        at=moment,
        account=account if known else f"{account[:SHOWN]}…",
        name=names.get(account, ""),
        address=str(address or ""),
        result=SHUT if shut else result,
        known=known,
    )
