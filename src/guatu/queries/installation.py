"""What stands here: the installation and its campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet, Subquery

from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.queries.inbox import unread_of
from guatu.queries.jobs import unfinished_of
from guatu.records.models import Campaign, Deployment

_DEPLOYMENT = Deployment.objects.filter(pk=1)


@dataclass(frozen=True, slots=True)
class Installation:
    """`demo`: synthetic data, entry without a password, on this machine only; its day is `demo_day`.

    `working`: how many jobs of the reader wait or run; `unread`: how many messages they have not read.
    """

    demo: bool
    demo_day: date | None
    working: int = 0
    unread: int = 0


def installation() -> Installation:
    """One statement."""
    row = _DEPLOYMENT.first()
    return Installation(demo=bool(row and row.demo), demo_day=row.demo_day if row else None)


def installation_and_campaigns(person: int) -> tuple[Installation, tuple[Campaign, ...]]:
    """What every page asks first for its reader, in one statement. Raises NotFound when there is no campaign yet."""
    deployment = {name: Subquery(_DEPLOYMENT.values(name)[:1]) for name in ("demo", "demo_day")}
    rows: list[Any] = list(
        _campaigns().annotate(**deployment, working=unfinished_of(person), unread=unread_of(person))
    )
    if not rows:
        raise NotFound(_("这里还没有专项工作。请在网页上“开始设置”，或运行 guatu demo 装入示例。"))
    first = rows[0]
    return Installation(bool(first.demo), first.demo_day, first.working or 0, first.unread or 0), tuple(rows)


def campaign(key: str | None = None) -> Campaign:
    """The campaign with this key, without one the first. One statement; the pack's text stays in the database.

    Raises NotFound when there is none.
    """
    rows = _campaigns()
    row = (rows.filter(key=key) if key else rows).first()
    if row is None:
        if key:
            raise NotFound(_("没有标识为“{key}”的专项工作。请核对标识。"), key=key)
        raise NotFound(_("这里还没有专项工作。请在网页上“开始设置”，或运行 guatu demo 装入示例。"))
    return row


def any_campaign() -> bool:
    """Whether a campaign has been started here."""
    return Campaign.objects.exists()


def _campaigns() -> QuerySet[Campaign]:
    return Campaign.objects.select_related("pack", "tree", "root").defer("pack__body").order_by("id")
