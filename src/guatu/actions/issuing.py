"""定稿: a document is issued once, with everything that it was made from, and never changed; at most it is withdrawn.

What is printed comes from the records as of a day and as known at one batch. The files are written by whoever writes
files (`render`), kept in the file store under their hashes, and handed out as they were ever after.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from uuid6 import uuid7

from guatu.access import Actor, require
from guatu.actions.history import Change, answered, answered_meanwhile, at_sequence, body_text, heads, record
from guatu.actions.issued_parts import (
    Issuing,
    Text,
    below,
    changes_told,
    composed,
    figures_kept,
    with_annexes,
)
from guatu.domain.clock import today
from guatu.domain.document import Official, canonical
from guatu.domain.errors import BadInput, Conflict, NotFound
from guatu.domain.issued_changes import kept
from guatu.domain.issued_shown import kept as shown_kept
from guatu.domain.issuing import FINAL, FORMS, STAGES, in_text, number_words, stage_labels
from guatu.domain.spells import canonical as as_json
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.documents import document_in_sight
from guatu.queries.issued import before_in_series, editions, next_number
from guatu.queries.verify.issued import issued_said
from guatu.records.bulk import insert
from guatu.records.files import keep
from guatu.records.models import Campaign, IssuedDocument, IssuedRecord, Item, Revision

__all__ = ["ISSUE", "WITHDRAW", "Issuing", "Link", "Render", "issue", "withdraw_issued"]

ISSUE, WITHDRAW = "issued.issue", "issued.withdraw"
LONGEST_REASON = 500

Render = Callable[[Official, Mapping[str, str]], Mapping[str, bytes]]
"""From a document, and the address of each figure's records in it, to its files by format."""
Link = Callable[[UUID, str], str]
"""The address of the records behind a figure of an issued document; empty where the house has none."""


def issue(
    actor: Actor,
    *,
    campaign: Campaign,
    issuing: Issuing,
    render: Render,
    link: Link,
    idempotency_key: str | None = None,
) -> IssuedDocument:
    """Issue a document and keep all that it was made from. The office's own.

    Raises BadInput for a stage or a day that cannot be meant and for a document that may not be laid out, NotFound for an
    unknown report, Conflict where somebody else has just issued one of the series.
    """
    request = [issuing]
    if batch := answered(actor, ISSUE, campaign, idempotency_key, request):
        return _of_batch(batch.seq)
    require(actor, "issue_documents", campaign.root, campaign)
    day, known = today(ZoneInfo(campaign.zone)), at_sequence()
    at = known if issuing.known_at is None else min(issuing.known_at, known)
    _check(issuing, day)
    text = composed(actor, campaign, issuing, at)
    stood = _stood(campaign, text.series)
    before = before_in_series(campaign, text.series, issuing.as_of)
    if before is not None and at < before.known_at:
        raise Conflict(_("这一系列刚有人定稿。请刷新后核对期数，再办理定稿。"))
    year, number, total, edition = _numbered(campaign, text, issuing)
    public_id = UUID(int=uuid7().int)
    figures, records = figures_kept(campaign, text.figures, issuing.as_of, at)
    changes = changes_told(campaign, before, text, figures, issuing.as_of, at)
    addresses = {one.ref: link(public_id, one.ref) for one in figures}
    official = with_annexes(text.official, issuing, figures, changes, before, addresses)
    own = below(campaign, text.document.unit) if text.document is not None else None
    said = in_text(figures, own.code if own is not None else "", issuing.as_of)
    files = render(official, {key: addresses[one.ref] for key, one in said.items()})
    row = IssuedDocument(
        public_id=public_id,
        campaign=campaign,
        report=issuing.report,
        document=text.document,
        document_version=text.document.version if text.document is not None else None,
        body=text.body,
        series=text.series,
        stage=issuing.stage,
        year=year,
        number=number,
        total=total,
        edition=edition,
        title=official.title[:300],
        as_of=issuing.as_of,
        known_at=at,
        pack=campaign.pack,
        issued_on=day,
        issued_by=actor.name,
        previous=before,
        figures=[one.kept() for one in figures],
        shown=shown_kept(text.shown),
        official=canonical.written(official),
        changes=as_json(kept(changes)) if before is not None else "",
        files={form: list(keep([files[form]])) for form in FORMS},
        batch_seq=0,
    )
    try:
        with transaction.atomic():
            # Thousands of rows, before the head is locked: who writes meanwhile need not wait for them.
            row.save(force_insert=True)
            insert(
                [
                    IssuedRecord(issued=row, figure=figure, item_id=item, version=version)
                    for figure, behind in records.items()
                    for item, version in behind
                ]
            )
            if batch := answered_meanwhile(actor, ISSUE, campaign, idempotency_key, request):
                raise _SentTwice(batch.seq)  # while the files were being written
            if text.document is not None:
                _require_unchanged(text.document)
            if _stood(campaign, row.series, besides=row.pk) != stood:
                raise Conflict(_("这一系列刚有人定稿。请刷新后核对期数，再办理定稿。"))
            return _write(actor, row, request, idempotency_key)
    except _SentTwice as twice:
        return _of_batch(twice.seq)
    except IntegrityError:
        if batch := answered(actor, ISSUE, campaign, idempotency_key, request):
            return _of_batch(batch.seq)
        raise Conflict(_("这一系列刚有人定稿。请刷新后核对期数，再办理定稿。")) from None


def withdraw_issued(
    actor: Actor,
    *,
    campaign: Campaign,
    issued: UUID | str,
    reason: str,
    idempotency_key: str | None = None,
) -> IssuedDocument:
    """Withdraw an issued document, with a reason: it stays where it is, stamped, and its number is not given again.

    Raises NotFound for one of another campaign or of a document out of sight, BadInput without a reason or for one that is
    withdrawn already.
    """
    request = [str(issued), reason]
    if batch := answered(actor, WITHDRAW, campaign, idempotency_key, request):
        return _of_batch(batch.seq)
    require(actor, "issue_documents", campaign.root, campaign)
    why = reason.strip()
    if not why:
        raise BadInput(_("请写明撤回的原因。"))
    if len(why) > LONGEST_REASON:
        raise BadInput(_("“{text}…”超过 {most} 字。请缩短。"), text=why[:20], most=LONGEST_REASON)
    with transaction.atomic():
        # The head first, as whoever issues the next one takes it: two who wait for each other would wait for ever.
        if batch := answered_meanwhile(actor, WITHDRAW, campaign, idempotency_key, request):
            return _of_batch(batch.seq)
        rows = IssuedDocument.objects.select_for_update(of=("self",)).filter(campaign=campaign)
        row = rows.filter(public_id=issued).first()
        if row is None:
            raise NotFound(_("没有这份定稿文稿。请从文稿目录中选一份。"))
        if row.document_id is not None:
            document_in_sight(actor, campaign, row.document_id)
        if row.withdrawn_batch is not None:
            raise BadInput(_("“{title}”已经撤回。"), title=row.title)
        row.withdrawn_reason = why
        head = heads("issued", [row.pk])[row.pk]
        said = body_text({}, issued_said(row, withdrawn=True))
        change = Change("issued", row.pk, head.version, head.hash, today(ZoneInfo(campaign.zone)), said)
        batch = record(
            actor,
            action=WITHDRAW,
            campaign=campaign,
            changes=[change],
            reason=why,
            idempotency_key=idempotency_key,
            request=request,
        )
        row.version = head.version + 1
        row.batch_seq = row.withdrawn_batch = batch.seq
        row.save(update_fields=["withdrawn_reason", "withdrawn_batch", "version", "batch_seq"])
    return row


def _of_batch(seq: int) -> IssuedDocument:
    subject = Revision.objects.values_list("subject_id", flat=True).get(batch_id=seq, subject_kind="issued")
    return IssuedDocument.objects.get(pk=subject)


def _check(issuing: Issuing, day: date) -> None:
    if issuing.stage not in STAGES:
        raise BadInput(
            _("没有“{stage}”这种稿。可用：{known}。请选一种。"),
            stage=issuing.stage[:20],
            known=listed(stage_labels().values()),
        )
    if issuing.as_of > day:
        raise BadInput(
            _("截至日 {value} 晚于今天（{today}），还没有数据。请选今天或以前的日期。"),
            value=issuing.as_of,
            today=day,
        )


def _require_unchanged(document: Item) -> None:
    """Nobody has written in it or returned it since it was laid out."""
    if not Item.objects.filter(pk=document.pk, version=document.version).exists():
        raise Conflict(_("内容刚被他人修改，未予保存。请刷新后核对，再提交一次。"))


def _numbered(campaign: Campaign, text: Text, issuing: Issuing) -> tuple[int, int, int | None, int]:
    """(year, number, number in all, edition). A briefing has its number in its head; it is given only once in a year."""
    if text.head is None:
        number, edition = next_number(campaign, text.series, issuing.stage)
        return 0, number, None, edition
    year, number = issuing.as_of.year, text.head.issue
    edition = editions(campaign, text.series, issuing.stage, year, number) + 1
    if issuing.stage == FINAL and edition > 1:
        raise Conflict(
            _("“{series}”{year} 年{number}已经定稿。请核对期数。"),
            series=text.head.name,
            year=year,
            number=number_words(number),
        )
    return year, number, text.head.total, edition


class _SentTwice(Exception):
    """The same request has been answered meanwhile, by this batch: what has been written here goes."""

    def __init__(self, seq: int) -> None:
        super().__init__(seq)
        self.seq = seq


def _stood(campaign: Campaign, series: str, besides: int = 0) -> list[tuple[int, int]]:
    """What has been issued in a series, each with its version: while that is the same, so are numbers and comparisons."""
    rows = IssuedDocument.objects.filter(campaign=campaign, series=series).exclude(pk=besides)
    return list(rows.order_by("pk").values_list("pk", "version"))


def _write(
    actor: Actor,
    row: IssuedDocument,
    request: Sequence[object],
    key: str | None,
) -> IssuedDocument:
    change = Change("issued", row.pk, 0, "", row.issued_on, body_text({}, issued_said(row)))
    batch = record(
        actor,
        action=ISSUE,
        campaign=row.campaign,
        changes=[change],
        idempotency_key=key,
        request=request,
    )
    row.batch_seq = batch.seq
    row.save(update_fields=["batch_seq"])
    return row
