"""The numbers of an issued document written into the log of what was reported (报送台账), all in one step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from guatu.access import Actor, require
from guatu.actions.history import answered
from guatu.actions.sent_figures import LONGEST, SEND, Sending, log_sent_figure
from guatu.domain.errors import BadInput, Conflict
from guatu.domain.figures.references import read
from guatu.domain.figures.sent import as_kept
from guatu.domain.issuing import FINAL
from guatu.domain.words import gettext as _
from guatu.queries.issued import issued_document
from guatu.records.models import Campaign, SentFigure


@dataclass(frozen=True, slots=True)
class Logged:
    """What was written down, and how many of the document's numbers had been reported to this recipient before."""

    rows: tuple[SentFigure, ...]
    before: int


def log_issued_figures(
    actor: Actor,
    *,
    campaign: Campaign,
    issued: UUID | str,
    recipient: str,
    channel: str = "document",
    document: str = "",
    idempotency_key: str | None = None,
) -> Logged:
    """Write down every number of a final document as reported to `recipient`: as of its day, as known when it was issued.

    Claims and what has no value are left out; what was reported to the same recipient for the same day before is not written
    again. Raises NotFound for one out of reach, BadInput for a draft, one that was withdrawn, a figure that is declared otherwise
    by now, or what a line of the log lacks, Conflict where the key answered another request.
    """
    require(actor, "send_figures", campaign.root, campaign)
    found = issued_document(actor, campaign, issued)
    if found.line.stage != FINAL or found.line.withdrawn:
        raise BadInput(
            _("“{title}”不是有效的定稿，不能记入报送台账。请选定稿的一份。"), title=found.line.title
        )
    rows: list[SentFigure] = []
    before = 0
    with transaction.atomic():
        for place, one in enumerate(found.figures):
            if one.kind != "figure" or not one.value:
                continue
            asked = read(one.key)
            sending = Sending(
                figure=asked.key,
                variant=asked.variant,
                basis=asked.basis,
                unit=one.unit,
                as_of=date.fromisoformat(one.day),
                known_at=found.known_at,
                recipient=recipient,
                channel=channel,
                document=document or found.line.title[: LONGEST["document"]],
            )
            key = f"{idempotency_key}:{place}" if idempotency_key else None
            answered(
                actor, SEND, campaign, key, [sending]
            )  # its Conflict is not that of a line that is locked
            try:
                row = log_sent_figure(actor, campaign=campaign, sending=sending, idempotency_key=key)
            except Conflict:
                before += 1
                continue
            if (row.value, row.records_sha256) != (as_kept(Decimal(one.value)), one.sha256):
                raise BadInput(
                    _(
                        "“{label}”定稿为 {then}，按现在的口径为 {now}，不能照定稿记入。请在报送台账中逐个登记。"
                    ),
                    label=one.label,
                    then=one.text,
                    now=row.text,
                )
            rows.append(row)
    return Logged(tuple(rows), before)
