"""系统外数据: counts of units that are not in the system, with the document and the person that stand behind them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from uuid6 import uuid7

from guatu.access import Actor, get_unit, require
from guatu.actions.history import Change, answered, body_text, heads, record
from guatu.domain.clock import EARLIEST, today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.figures.aggregates import Sum
from guatu.domain.figures.grammar import Figure
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.figure_conditions import scale_of
from guatu.queries.verify.outside import outside_said
from guatu.records.models import Campaign, OutsideRow
from guatu.records.packs import pack_of

ADD, WITHDRAW = "outside.add", "outside.withdraw"
LONGEST = {"label": 120, "document": 200, "approver": 60, "reason": 500}
MOST_DIGITS = 15
"""Decimals among them: a database may keep no more of a number."""


def add_outside_row(
    actor: Actor,
    *,
    campaign: Campaign,
    figure: str,
    unit: str,
    counts_on: date,
    value: Decimal | int | str,
    document: str,
    approver: str,
    label: str = "",
    idempotency_key: str | None = None,
) -> OutsideRow:
    """Add `value` to a figure that includes rows from outside, for `unit` (a code) from `counts_on` on.

    Raises BadInput for a figure that takes none, a value that the figure cannot have, or without document or approver.
    """
    request = [figure, unit, counts_on, value, document, approver, label]
    if batch := answered(actor, ADD, campaign, idempotency_key, request):
        return OutsideRow.objects.get(rec_from=batch.seq)
    require(actor, "keep_outside_rows", campaign.root, campaign)
    declared = _figure(campaign, figure)
    row = OutsideRow(
        public_id=UUID(int=uuid7().int),
        campaign=campaign,
        figure=figure,
        unit=get_unit(actor, unit.strip(), campaign),
        counts_on=_day(campaign, counts_on),
        value=_value(campaign, declared, value),
        label=_text("label", label),
        document=_needed("document", document, _("请填写依据文件的名称和文号。")),
        approver=_needed("approver", approver, _("请填写批准人姓名。")),
        batch_seq=0,
    )
    if campaign.root_id not in row.unit.line:
        raise BadInput(_("“{unit}”不在本专项工作的单位中。请另选单位。"), unit=row.unit.short_name)
    with transaction.atomic():
        row.save(force_insert=True)
        change = Change("outside", row.pk, 0, "", row.counts_on, body_text({}, outside_said(row)))
        batch = record(
            actor,
            action=ADD,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        )
        row.rec_from = row.batch_seq = batch.seq
        row.save(update_fields=["rec_from", "batch_seq"])
    return row


def withdraw_outside_row(
    actor: Actor,
    *,
    campaign: Campaign,
    row: UUID | str,
    reason: str,
    ended_on: date | None = None,
    idempotency_key: str | None = None,
) -> OutsideRow:
    """Take a row back with a reason: from `ended_on` on (None: from its first day, as if it had never counted).

    Its line stays. Raises NotFound for a row of another campaign, BadInput without a reason or when it has ended.
    """
    request = [str(row), reason, ended_on]
    if batch := answered(actor, WITHDRAW, campaign, idempotency_key, request):
        return OutsideRow.objects.get(end_rec=batch.seq)
    require(actor, "keep_outside_rows", campaign.root, campaign)
    why = _needed("reason", reason, _("请写明撤回的原因。"))
    with transaction.atomic():
        found = OutsideRow.objects.select_for_update().filter(campaign=campaign, public_id=row).first()
        if found is None:
            raise NotFound(_("没有这条系统外数据。请刷新后查看。"))
        if found.ended_on is not None:
            raise BadInput(_("这条系统外数据已于 {day} 撤回，不需要再办理。"), day=found.ended_on)
        day = ended_on or found.counts_on
        if day < found.counts_on:
            raise BadInput(
                _("截止日 {day} 早于起算日 {first}。请选 {first} 或以后的日期。"),
                day=day,
                first=found.counts_on,
            )
        found.ended_on, found.reason = _day(campaign, day), why
        head = heads("outside", [found.pk])[found.pk]
        change = Change("outside", found.pk, head.version, head.hash, day, body_text({}, outside_said(found)))
        batch = record(
            actor,
            action=WITHDRAW,
            campaign=campaign,
            changes=[change],
            reason=why,
            idempotency_key=idempotency_key,
            request=request,
        )
        found.version, found.batch_seq, found.end_rec = head.version + 1, batch.seq, batch.seq
        found.save()
    return found


def _figure(campaign: Campaign, key: str) -> Figure:
    figures = pack_of(campaign).figures
    taking = [one.key for one in figures.values() if one.outside]
    if key not in taking:
        raise BadInput(
            _("统计项“{key}”不计系统外数据。可用：{known}。请另选一项。"),
            key=key,
            known=listed(taking) or _("（无）"),
        )
    return figures[key]


def _value(campaign: Campaign, figure: Figure, given: Decimal | int | str) -> Decimal:
    try:
        value = Decimal(str(given).strip().replace(",", ""))
    except InvalidOperation:
        raise BadInput(_("数量“{value}”不是数字。请填写数字，如 12。"), value=str(given)[:40]) from None
    items = figure.of in pack_of(campaign).registers
    places = scale_of(pack_of(campaign), figure) if isinstance(figure.agg, Sum) and items else 0
    if not value.is_finite() or value <= 0 or value >= Decimal(10) ** (MOST_DIGITS - places):
        raise BadInput(_("数量“{value}”应大于 0，连小数不超过 15 位。请核对。"), value=str(given)[:40])
    if value != round(value, places):
        raise BadInput(
            _("数量“{value}”最多写 {places} 位小数。请核对。"), value=str(given)[:40], places=places
        )
    return value


def _day(campaign: Campaign, day: date) -> date:
    last = today(ZoneInfo(campaign.zone))
    if not EARLIEST <= day <= last:
        raise BadInput(
            _("日期 {value} 不在 {earliest} 至 {latest} 之间。请核对年份。"),
            value=day,
            earliest=EARLIEST,
            latest=last,
        )
    return day


def _needed(name: str, text: str, sentence: str) -> str:
    if not text.strip():
        raise BadInput(sentence)
    return _text(name, text)


def _text(name: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[name]:
        raise BadInput(_("“{text}…”超过 {most} 字。请缩短。"), text=text[:20], most=LONGEST[name])
    return text
