"""What requests cost as sheets: who asks for how much, and month by month."""

from __future__ import annotations

from datetime import date

from guatu.access import Actor
from guatu.domain.burden import Cost
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.burden_meter import meter
from guatu.records.models import Campaign


def burden_sheets(actor: Actor, campaign: Campaign, day: date) -> tuple[Sheet, ...]:
    """Two sheets: by who asks, by month."""
    found = meter(actor, campaign, day)
    notes = headlines(actor, campaign, scope=campaign.root.short_name, filters=(), day=day)
    asking, monthly = _("按发出单位"), _("按月")
    months = [f"{month:%Y-%m}" for month, _cost in found.months]
    return (
        Sheet(
            name=asking,
            title=_("报送任务的负担：按发出单位"),
            notes=(*notes, _("只比发出要求的单位，不比填报的单位。各月为须自己填写的格数。")),
            heads=(
                Head("asker", _("发出单位"), "unit", 16),
                *_heads(),
                *(Head(f"m{place}", month, "integer", 9) for place, month in enumerate(months)),
            ),
            rows=((one.name, *_cells(one.cost), *one.months) for one in found.requesters),
            count=len(found.requesters),
        ),
        Sheet(
            name=monthly,
            title=_("报送任务的负担：按月"),
            notes=tuple(notes),
            heads=(Head("month", _("月份"), "text", 9), *_heads(), Head("visits", _("走访"), "integer", 8)),
            rows=((f"{month:%Y-%m}", *_cells(cost), cost.visits) for month, cost in found.months),
            count=len(found.months),
        ),
    )


def _heads() -> tuple[Head, ...]:
    return (
        Head("requests", _("任务"), "integer", 8),
        Head("returns", _("份数"), "integer", 8),
        Head("cells", _("要填格数"), "integer", 10),
        Head("prefilled", _("自动带出"), "integer", 10),
        Head("typed", _("亲手填写"), "integer", 10),
        Head("left_out", _("免填（已有）"), "integer", 10),
        Head("minutes", _("用时（分钟，估算）"), "integer", 12),
        Head("shortened", _("提前截止（份）"), "integer", 10),
        Head("days", _("提前天数合计"), "integer", 10),
    )


def _cells(cost: Cost) -> tuple[object, ...]:
    return (
        *(cost.requests, cost.returns, cost.cells, cost.prefilled, cost.typed, cost.left_out),
        *(cost.estimated, cost.shortened, cost.days),
    )
