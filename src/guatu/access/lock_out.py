"""The lock of the door: after five wrong passwords or codes in a row an account is shut for half an hour.

django-axes counts and remembers, in the database that all processes share; this handler says how many are too many: few
for one account, many for one address, so that a unit whose people all come through one proxy is not shut out by one of
them.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.db.models import Sum
from django.http import HttpRequest
from django.utils import timezone


class LockOut(AxesDatabaseHandler):  # type: ignore[misc]
    """As django-axes does it, with a limit of its own for each address; who comes in clears only their own account."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Wrong attempts for the account; the account's limit as well when the address has used up its own."""
        account, address = (self._sum(rows) for rows in self.get_user_attempts(request, credentials))
        if address >= settings.GUATU_LOCK_ADDRESS_AFTER:
            return max(account, settings.GUATU_LOCK_AFTER)
        return account

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """Forget the wrong attempts for this account, not those for others that came from the same address."""
        account = self.filter_user_attempts(request, credentials)[0]
        count, _of_each = account.delete()
        return int(count)

    @staticmethod
    def _sum(rows: Any) -> int:
        return int(rows.aggregate(found=Sum("failures_since_start"))["found"] or 0)


def client_address(request: HttpRequest) -> str | None:
    """The address a request comes from: of the proxies in front of us only those count that the settings name."""
    found = request.META.get("REMOTE_ADDR", "")
    if settings.GUATU_PROXIES:
        passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        if len(passed) >= settings.GUATU_PROXIES:
            found = passed[-settings.GUATU_PROXIES]
    try:
        return str(ipaddress.ip_address(found))
    except ValueError:
        return None


def is_shut(request: HttpRequest, username: str) -> bool:
    """Whether no attempt for this account is taken from here just now."""
    return not AxesProxyHandler.is_allowed(request, {"username": username})


def note_failure(request: HttpRequest, username: str) -> None:
    """One more wrong attempt for this account, by whatever it was: a password, a code, a key."""
    user_login_failed.send(sender=__name__, credentials={"username": username}, request=request)


def note_shut(request: HttpRequest, username: str) -> None:
    """Let the answer be the one for a shut account, without one more attempt."""
    request.axes_locked_out = True  # type: ignore[attr-defined]
    request.axes_credentials = {"username": username}  # type: ignore[attr-defined]


def shut_now() -> dict[str, int]:
    """Every account that is shut now → minutes until it opens again. One statement, however many names were tried."""
    return _shut(AccessAttempt.objects.exclude(username=None).exclude(username=""))


def shut_accounts(usernames: Collection[str]) -> dict[str, int]:
    """Those of the accounts that are shut now → minutes until they open again. One statement."""
    return _shut(AccessAttempt.objects.filter(username__in=list(usernames)))


def _shut(attempts: Any) -> dict[str, int]:
    since = timezone.now() - timedelta(minutes=settings.GUATU_LOCK_MINUTES)
    rows = attempts.filter(attempt_time__gte=since)
    counted: dict[str, list[Any]] = {}
    for name, failures, moment in rows.values_list("username", "failures_since_start", "attempt_time"):
        found = counted.setdefault(name, [0, moment])
        found[0] += failures
        found[1] = max(found[1], moment)
    return {
        name: int((last - since).total_seconds() // 60) + 1
        for name, (failures, last) in counted.items()
        if failures >= settings.GUATU_LOCK_AFTER
    }
