"""Where people have written a figure: documents, forms of superiors, the log of what was sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextField
from django.db.models.functions import Cast

from guatu.access import Actor, may, require, visible
from guatu.domain.figures.references import key_of
from guatu.domain.loop_tracks import BODY
from guatu.domain.superior_form import FIGURE
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.domain.writing.body_json import body_of
from guatu.queries.issued import uses_of
from guatu.records.models import Campaign, Item, SentFigure, SuperiorForm
from guatu.records.packs import pack_of

MOST = 50
"""Places of one kind that are listed, the newest first."""


@dataclass(frozen=True, slots=True)
class WrittenUse:
    """One place: `kind` is document, issued, form or sent; `ref` what its page is found by; `label` and `note` in words."""

    kind: str
    ref: str
    label: str
    note: str = ""


def written_uses(actor: Actor, campaign: Campaign, key: str) -> tuple[WrittenUse, ...]:
    """The places in the reader's sight that name figure `key`. Four statements at most."""
    require(actor, "see_figures", campaign=campaign)
    return (
        *_documents(actor, campaign, key),
        *_issued(actor, campaign, key),
        *_forms(campaign, key),
        *_sent(actor, campaign, key),
    )


def _documents(actor: Actor, campaign: Campaign, key: str) -> Iterator[WrittenUse]:
    """Documents whose text names the figure: found by its key in the stored text, then read."""
    spec = pack_of(campaign).loop.documents
    if spec is None:
        return
    rows = visible(actor, Item.objects.filter(campaign=campaign, register=spec.register_key), campaign)
    rows = rows.exclude(phase="void").alias(text=Cast("data", TextField())).filter(text__contains=key)
    for row in rows.order_by("-pk")[:MOST]:
        body = body_of(row.data.get(BODY) or {})
        if key in {key_of(one) for one in body.keys}:
            yield WrittenUse("document", str(row.public_id), row.title, row.number)


def _issued(actor: Actor, campaign: Campaign, key: str) -> Iterator[WrittenUse]:
    """Issued documents that print the figure, with what they print."""
    for use in uses_of(actor, campaign, key)[:MOST]:
        told = _("{title}（{number}，截至 {day}）：{printed}").format(
            title=use.line.title,
            number=use.line.number,
            day=use.line.as_of.isoformat(),
            printed=listed(use.printed),
        )
        yield WrittenUse("issued", str(use.line.public_id), told, use.line.number)


def _forms(campaign: Campaign, key: str) -> Iterator[WrittenUse]:
    rows = SuperiorForm.objects.filter(campaign=campaign, ended_batch=None)
    rows = rows.alias(text=Cast("mapping", TextField())).filter(text__contains=f'"{FIGURE}{key}"')
    for row in rows.order_by("-pk")[:MOST]:
        yield WrittenUse("form", str(row.public_id), row.title)


def _sent(actor: Actor, campaign: Campaign, key: str) -> Iterator[WrittenUse]:
    if not may(actor, "see_sent_figures", campaign=campaign):
        return
    rows = SentFigure.objects.filter(campaign=campaign, figure=key).defer("records").order_by("-pk")
    for row in rows[:MOST]:
        told = _("{day} 报{recipient}：{text}").format(
            day=row.sent_on.isoformat(), recipient=row.recipient, text=row.text
        )
        yield WrittenUse("sent", str(row.public_id), told, row.number)
