"""What a worker throws away of the door: sessions that are over, wrong attempts long past, log-ins older than the law asks."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.conf import settings
from django.contrib.sessions.models import Session

from guatu.domain.clock import real_now
from guatu.records.models import AccessCode

ATTEMPTS = timedelta(days=1)


def forget_old_visits() -> int:
    """How many rows went. Log-ins and failed ones are kept for `GUATU_LOGIN_LOG_DAYS` days."""
    moment = real_now()
    kept = moment - timedelta(days=settings.GUATU_LOGIN_LOG_DAYS)
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    gone = (
        UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")),
        AccessAttempt.objects.filter(attempt_time__lt=moment - ATTEMPTS),
        AccessLog.objects.filter(attempt_time__lt=kept),
        AccessFailureLog.objects.filter(attempt_time__lt=kept),
        AccessCode.objects.filter(expires_at__lt=kept),
    )
    return sum(rows.delete()[0] for rows in gone)
