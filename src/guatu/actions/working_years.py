"""The working days of a year as this house keeps them: entered from the official notice, corrected day by day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.history import NO_HEAD, Change, body_text, heads, record
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.words import gettext as _
from guatu.records.models import LedgerHead, WorkingYear

FIRST, LAST = 2000, 2100
LONGEST_NAME, LONGEST_SOURCE = 20, 200
KIND = "working_year"


def set_working_year(
    actor: Actor, *, year: int, days: Mapping[date, str], source: str, version: int | None = None
) -> WorkingYear:
    """Keep the days of `year` that differ from Monday to Friday: a name makes a day off, an empty text a working day.

    Replaces what stood for the year. `source` is the notice it is taken from. `version` is what the editor saw (0 = no
    row of the house yet). Raises BadInput for a day of another year, Conflict if somebody else changed the year.
    """
    require(actor, "keep_calendar")
    if not FIRST <= year <= LAST:
        raise BadInput(
            _("年份 {year} 不在 {first} 至 {last} 之间。请核对后再录入。"), year=year, first=FIRST, last=LAST
        )
    if not source.strip():
        raise BadInput(_("{year} 年工作日历须写明依据的放假通知。请填写文件名称或文号。"), year=year)
    for day, name in days.items():
        if day.year != year:
            raise BadInput(_("{day} 不在 {year} 年。请核对后再录入。"), day=day, year=year)
        if len(name) > LONGEST_NAME:
            raise BadInput(
                _("{day} 的名称有 {length} 个字，最多 {most} 个字。请缩短后再保存。"),
                day=day,
                length=len(name),
                most=LONGEST_NAME,
            )
    kept = {day.isoformat(): name.strip() for day, name in sorted(days.items())}
    source = source.strip()[:LONGEST_SOURCE]
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # from here on nobody else writes
        row = WorkingYear.objects.filter(year=year).first()
        if version is not None and version != (row.version if row else 0):
            raise Conflict(_("{year} 年工作日历刚被他人修改。请刷新后核对，再保存一次。"), year=year)
        if row is None:
            row = WorkingYear.objects.create(year=year, version=0, batch_seq=0)
        head = heads(KIND, [row.pk]).get(row.pk, NO_HEAD)
        body = body_text({}, {"year": year, "days": kept, "source": source})
        change = Change(KIND, row.pk, head.version, head.hash, today(), body)
        batch = record(actor, action="calendar.set_year", changes=[change], reason=source)
        row.days, row.source, row.version, row.batch_seq = kept, source, head.version + 1, batch.seq
        row.save(update_fields=["days", "source", "version", "batch_seq"])
    return row
