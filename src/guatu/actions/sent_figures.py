"""报送台账: a figure as it was reported to somebody, and its correction (更正). The value is evaluated, never typed.

What was said wrongly by telephone is kept beside the value. A line is locked once it is written: what turns out to be
wrong is corrected by another line with its own number, and the old one stays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction
from uuid6 import uuid7

from guatu.access import Actor, get_unit, require
from guatu.access.house_language import house_language
from guatu.actions.history import Change, answered, at_sequence, body_text, record
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.figures.basis import BASES
from guatu.domain.figures.references import Reference, exists, looked_at
from guatu.domain.figures.sent import CHANNELS, TELEPHONE, as_kept, channel_labels
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.figure_records import counted_records, versions_at
from guatu.queries.figures import evaluate, row_of
from guatu.queries.verify.sent import records_hash, sent_said
from guatu.records.bulk import insert
from guatu.records.models import Batch, Campaign, LedgerHead, SentFigure, SentRecord, Unit
from guatu.records.packs import written_pack

SEND, CORRECT = "sent.log", "sent.correct"
PREFIXES = {SEND: "SB", CORRECT: "GZ"}
LONGEST = {"recipient": 120, "document": 200, "approver": 60, "said": 60, "cause": 500, "sent_by": 60}


@dataclass(frozen=True, slots=True)
class Sending:
    """One figure as it was reported: which (variant, basis), of which unit, as of which day, to whom and how.

    `basis` empty: the figure's own. `known_at`: the batch up to which things were known when it was reported (None: now).
    `said`: what was said by telephone, where that was not the value. `sent_on` None: today.
    """

    figure: str
    as_of: date
    recipient: str
    channel: str
    unit: str = ""
    variant: str = ""
    basis: str = ""
    document: str = ""
    said: str = ""
    sent_on: date | None = None
    sent_by: str = ""
    known_at: int | None = None


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """The figure at (day, known at): its value, its words, the records behind it."""

    value: Decimal
    text: str
    label: str
    definition: str
    records: list[list[int]]


def log_sent_figure(
    actor: Actor, *, campaign: Campaign, sending: Sending, idempotency_key: str | None = None
) -> SentFigure:
    """Write down that a figure was reported. Raises BadInput for what cannot be meant or has no number.

    The same figure reported to the same recipient for the same day is locked: Conflict, with the way to correct it.
    """
    request = [sending]
    if batch := answered(actor, SEND, campaign, idempotency_key, request):
        return SentFigure.objects.get(batch_seq=batch.seq)
    require(actor, "send_figures", campaign.root, campaign)
    day, known = today(ZoneInfo(campaign.zone)), at_sequence()
    at = known if sending.known_at is None else min(sending.known_at, known)
    unit = get_unit(actor, sending.unit.strip(), campaign) if sending.unit.strip() else campaign.root
    asked = _asked(campaign, sending)
    _check_days(sending, day)
    channel, said = _channel(sending)
    found = _evaluated(actor, campaign, asked, unit, sending.as_of, at)
    row = SentFigure(
        public_id=UUID(int=uuid7().int),
        campaign=campaign,
        figure=asked.key,
        variant=asked.variant,
        basis=asked.basis,
        unit=unit,
        as_of=sending.as_of,
        known_at=at,
        value=found.value,
        text=said or found.text,
        label=found.label,
        definition=found.definition,
        records=found.records,
        records_sha256=records_hash(found.records),
        recipient=_needed("recipient", sending.recipient, _("请填写报送对象，如上级单位的名称。")),
        channel=channel,
        document=_text("document", sending.document),
        sent_on=sending.sent_on or day,
        sent_by=_text("sent_by", sending.sent_by) or actor.name,
        batch_seq=0,
    )
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # numbers are given out one after the other
        _refuse_locked(campaign, row)
        return _write(actor, row, SEND, request, idempotency_key)


def correct_sent_figure(
    actor: Actor,
    *,
    campaign: Campaign,
    sent: UUID | str,
    cause: str,
    approver: str,
    channel: str = "",
    document: str = "",
    idempotency_key: str | None = None,
) -> SentFigure:
    """出具更正: another line with its own number, the value as of the same day as it is known now.

    Raises NotFound for a line of another campaign, BadInput without cause or approver, where it has been corrected before,
    or where nothing differs.
    """
    request = [str(sent), cause, approver, channel, document]
    if batch := answered(actor, CORRECT, campaign, idempotency_key, request):
        return SentFigure.objects.get(batch_seq=batch.seq)
    require(actor, "send_figures", campaign.root, campaign)
    old = SentFigure.objects.select_related("unit").filter(campaign=campaign, public_id=sent).first()
    if old is None:
        raise NotFound(_("没有这条上报数。请从报送台账中选一条。"))
    why = _needed("cause", cause, _("请写明更正的原因。"))
    who = _needed("approver", approver, _("请填写批准人姓名。"))
    way = channel or old.channel
    if way not in CHANNELS:
        raise _no_channel(way)
    known = at_sequence()
    asked = Reference(old.figure, old.variant, old.basis)
    if not exists(written_pack(campaign).figures, str(asked)):
        raise BadInput(_("统计项“{label}”已不在专项模板中，不能按它更正。"), label=old.label)
    found = _evaluated(actor, campaign, asked, old.unit, old.as_of, known)
    if found.value == old.value and found.text == old.text:
        raise BadInput(
            _("{number} 现在的数与上报的相同（{text}），不需要更正。"), number=old.number, text=old.text
        )
    row = SentFigure(
        public_id=UUID(int=uuid7().int),
        campaign=campaign,
        figure=old.figure,
        variant=old.variant,
        basis=old.basis,
        unit=old.unit,
        as_of=old.as_of,
        known_at=known,
        value=found.value,
        text=found.text,
        label=found.label,
        definition=found.definition,
        records=found.records,
        records_sha256=records_hash(found.records),
        recipient=old.recipient,
        channel=way,
        document=_text("document", document),
        sent_on=today(ZoneInfo(campaign.zone)),
        sent_by=actor.name,
        corrects=old,
        cause=why,
        approver=who,
        batch_seq=0,
    )
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)
        later = SentFigure.objects.filter(corrects=old).first()
        if later is not None:
            raise Conflict(
                _("{number} 已由 {later} 更正。请在 {later} 上办理。"),
                number=old.number,
                later=later.number,
            )
        return _write(actor, row, CORRECT, request, idempotency_key)


def _write(
    actor: Actor, row: SentFigure, action: str, request: Sequence[object], key: str | None
) -> SentFigure:
    row.number = _next_number(row.campaign, PREFIXES[action])
    row.save(force_insert=True)
    insert([SentRecord(sent=row, item_id=item, version=version) for item, version in row.records])
    change = Change("sent", row.pk, 0, "", row.sent_on, body_text({}, sent_said(row)))
    batch = record(
        actor,
        action=action,
        campaign=row.campaign,
        changes=[change],
        reason=row.cause,
        idempotency_key=key,
        request=request,
    )
    row.batch_seq = batch.seq
    row.save(update_fields=["batch_seq"])
    return row


def _next_number(campaign: Campaign, prefix: str) -> str:
    given = SentFigure.objects.filter(campaign=campaign, number__startswith=f"{prefix}-").count()
    return f"{prefix}-{given + 1:04}"


def _asked(campaign: Campaign, sending: Sending) -> Reference:
    """The figure with its variant and its basis named, checked against the pack."""
    figures = written_pack(campaign).figures
    figure = figures.get(sending.figure)
    if figure is None or figure.internal:
        raise BadInput(_("没有标识为“{key}”的统计项。请从统计项目录中选一项。"), key=sending.figure[:40])
    if figure.is_claim:
        raise BadInput(
            _("“{label}”是论断，没有数值，不列入报送台账。请选有数值的统计项。"), label=figure.label
        )
    if sending.variant and sending.variant not in figure.ways:
        raise BadInput(
            _("统计项“{label}”没有“{variant}”口径。可用：{known}。请另选一种。"),
            label=figure.label,
            variant=sending.variant[:40],
            known=listed(figure.ways) or _("（无）"),
        )
    own = looked_at(figures, Reference(figure.key, sending.variant)).basis
    if (sending.basis or own) not in BASES:
        raise BadInput(_("没有“{basis}”这一认定层级。请从页面上选。"), basis=sending.basis[:40])
    return Reference(figure.key, sending.variant, sending.basis or own)


def _check_days(sending: Sending, day: date) -> None:
    if sending.as_of > day:
        raise BadInput(
            _("截至日 {value} 晚于今天（{today}），还没有数据。请选今天或以前的日期。"),
            value=sending.as_of,
            today=day,
        )
    sent = sending.sent_on or day
    if not sending.as_of <= sent <= day:
        raise BadInput(
            _("报送日期 {value} 应在截至日 {first} 至今天（{today}）之间。请核对。"),
            value=sent,
            first=sending.as_of,
            today=day,
        )


def _channel(sending: Sending) -> tuple[str, str]:
    """The channel, and what was said where that was not the value: only by telephone."""
    if sending.channel not in CHANNELS:
        raise _no_channel(sending.channel)
    said = _text("said", sending.said)
    if said and sending.channel != TELEPHONE:
        raise BadInput(_("只有电话报送可以另记口头所报的数。其他渠道请删去“口头所报”，数值由系统统计。"))
    return sending.channel, said


def _no_channel(channel: str) -> BadInput:
    return BadInput(
        _("没有“{channel}”这种报送渠道。可用：{known}。请选一种。"),
        channel=channel[:20],
        known=listed(channel_labels().values()),
    )


def _evaluated(
    actor: Actor, campaign: Campaign, asked: Reference, unit: Unit, day: date, known: int
) -> _Evaluated:
    pack, key = written_pack(campaign), str(asked)
    with house_language():
        table = evaluate(campaign, [key], rows=[row_of(unit)], days=[day], known_at=known, actor=actor)
        number, said = table.result(key).number, table.statement(key)
    if number is None:
        raise BadInput(
            _("“{label}”截至 {day} 没有数值，不能列入报送台账。请核对截至日。"), label=said.label, day=day
        )
    counted = counted_records(campaign, pack, key, day=day, known_at=known, unit=unit)
    versions = versions_at(list(counted), known)
    return _Evaluated(
        value=as_kept(number),
        text=said.text,
        label=said.label[:120],
        definition=said.definition,
        records=[[item, versions[item]] for item in sorted(counted)],
    )


def _refuse_locked(campaign: Campaign, row: SentFigure) -> None:
    before = (
        SentFigure.objects.filter(
            campaign=campaign,
            figure=row.figure,
            variant=row.variant,
            basis=row.basis,
            unit=row.unit,
            as_of=row.as_of,
            recipient=row.recipient,
        )
        .order_by("-pk")
        .first()
    )
    if before is None:
        return
    moment = Batch.objects.values_list("recorded_on", flat=True).get(seq=before.batch_seq)
    local = moment.astimezone(ZoneInfo(campaign.zone))
    raise Conflict(
        _("数据已于 {moment} 锁定。确有差错的，请办理“更正”。"),
        moment=_("{month}月{day}日{hour}时").format(month=local.month, day=local.day, hour=local.hour),
    )


def _needed(name: str, text: str, sentence: str) -> str:
    if not text.strip():
        raise BadInput(sentence)
    return _text(name, text)


def _text(name: str, text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST[name]:
        raise BadInput(_("“{text}…”超过 {most} 字。请缩短。"), text=text[:20], most=LONGEST[name])
    return text
