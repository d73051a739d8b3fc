"""The lines above every exported table: what it covers, as of when, known when, and who made it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from zoneinfo import ZoneInfo

from guatu.access import Actor
from guatu.domain import clock
from guatu.domain.words import gettext as _
from guatu.domain.words import parted
from guatu.records.models import Campaign


def headlines(
    actor: Actor,
    campaign: Campaign,
    *,
    scope: str,
    filters: Iterable[str],
    day: date,
    known_at: int | None = None,
    outside: int = 0,
) -> tuple[str, ...]:
    """The lines in the reader's language. `scope` names the whole, `filters` narrow it, in words."""
    now = clock.now(ZoneInfo(campaign.zone))
    narrowed = parted(filters)
    lines = [
        _("范围：{campaign} · {scope}").format(campaign=campaign.name, scope=scope),
        _("筛选：{filters}").format(filters=narrowed) if narrowed else _("筛选：无"),
        _("截至 {day}；知悉截至 {known}").format(
            day=day, known=f"#{known_at}" if known_at is not None else f"{now:%Y-%m-%d %H:%M}"
        ),
        _("导出：{name}（{post}） {at}").format(
            name=actor.name, post=actor.post_label or _("无身份"), at=f"{now:%Y-%m-%d %H:%M}"
        ),
    ]
    if outside:
        lines.append(_("另有 {n} 项不在导出人的查看范围内，未列出。").format(n=outside))
    return tuple(lines)
