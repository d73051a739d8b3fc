"""How the tests of delivering tell the time, and what they put into the outbox."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from guatu.domain import clock
from guatu.exchange.delivering import Delivered, deliver
from guatu.records.models import Delivery

ZONE = ZoneInfo("Asia/Shanghai")
FILED, DUE = date(2023, 11, 6), date(2023, 11, 17)
DING = "dingtalk:专班群"


def on(day: date, at: time = time(8, 5)) -> datetime:
    """The moment on that day, where the campaign is."""
    return datetime.combine(day, at, tzinfo=ZONE)


def delivered(at: datetime) -> Delivered:
    """What goes out when it is asked for at this moment."""
    with clock.fixed(at):
        return deliver()


def fill(channel: str, count: int, at: datetime, *, to: str = "g:专班群{n}") -> None:
    """So many test messages in a channel, each for an addressee of its own."""
    Delivery.objects.bulk_create(
        [
            Delivery(
                channel=channel,
                addressee=to.format(n=n),
                fact=f"test:{n}",
                payload={"kind": "test", "by": "叶栖迟"},
                urgent=True,
                next_at=at,
                made_at=at,
            )
            for n in range(count)
        ]
    )
