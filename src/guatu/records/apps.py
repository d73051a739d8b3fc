"""The records app: guards its append-only tables after every migrate."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _guard(using: str, **_: Any) -> None:
    from django.db import connections

    from guatu.records import triggers

    triggers.install(connections[using])


class Records(AppConfig):
    """All tables of Guatu."""

    name = "guatu.records"
    label = "records"

    def ready(self) -> None:
        # Django rebuilds a SQLite table to alter it and drops its triggers in silence.
        post_migrate.connect(_guard, sender=self, dispatch_uid="guatu-guard-append-only")
