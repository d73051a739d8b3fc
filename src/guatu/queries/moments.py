"""Days and moments as people write them: `as of` (截至) and `known at` (知悉截至). history.md 1 to 3."""

from __future__ import annotations

import re
from datetime import date, datetime
from zoneinfo import ZoneInfo

from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.records.models import Batch, Campaign

NOW = 2**62 - 1
"""The batch number that stands for “everything known now”."""

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_MINUTE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}")


def zone_of(campaign: Campaign) -> ZoneInfo:
    """The campaign's time zone."""
    return ZoneInfo(campaign.zone)


def written_day(text: str | None) -> date | None:
    """The day that `text` says; None for no text. BadInput for another form or no such day. No database."""
    return _day(text, _("截至日期")) if text else None


def parse_day(text: str | None, campaign: Campaign) -> date:
    """The day of `as of`; without one, the clock's day. BadInput for another form, no such day, or a later day."""
    today = clock.today(zone_of(campaign))
    day = written_day(text)
    if day is None:
        return today
    if day > today:
        raise BadInput(
            _("截至日期“{day}”晚于今天（{today}），届时的数据还没有。请选 {today} 或更早的日期。"),
            day=text,
            today=today,
        )
    return day


def parse_known(text: str | None, campaign: Campaign) -> int | None:
    """The last batch known at `text` (YYYY-MM-DD, YYYY-MM-DDTHH:MM or #N); None for now. One statement.

    A day means its end in the campaign's zone, a minute its last second. BadInput for anything else and for a batch
    that does not exist.
    """
    if not text:
        return None
    if text.startswith("#"):
        return _batch(text)
    zone = zone_of(campaign)
    if _DAY.fullmatch(text):
        moment = clock.end_of_day(_day(text, _("知悉截至")), zone)
    elif _MINUTE.fullmatch(text):
        try:
            moment = datetime.fromisoformat(text).replace(second=59, microsecond=999_999, tzinfo=zone)
        except ValueError:
            raise _no_such_moment(text) from None
    else:
        raise _no_such_moment(text)
    return (
        Batch.objects.filter(recorded_on__lte=moment).order_by("-seq").values_list("seq", flat=True).first()
        or 0
    )


def known_seq(known_at: int | None) -> int:
    """The batch number to compare with; None is everything known now."""
    return NOW if known_at is None else known_at


def _batch(text: str) -> int:
    number = text[1:]
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        raise _no_such_moment(text)
    if int(number) and not Batch.objects.filter(seq=int(number)).exists():
        last = Batch.objects.order_by("-seq").values_list("seq", flat=True).first() or 0
        raise BadInput(_("没有批号“{text}”，目前最大的是 #{last}。请核对批号。"), text=text, last=last)
    return int(number)


def _day(text: str, what: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadInput(_("{what}“{text}”不是有效的日期。请写成 2023-11-30 的形式。"), what=what, text=text)


def _no_such_moment(text: str) -> BadInput:
    return BadInput(
        _("知悉截至“{text}”无法识别。请写成 2023-11-30、2023-11-30T17:00 或批号 #12。"), text=text
    )
