"""The files of a document that is issued: Word, PDF and a web page from one model, and where its numbers lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from django.urls import reverse

from guatu.access import Actor
from guatu.actions.issuing import Issuing, issue
from guatu.domain.document import Official
from guatu.exchange import official_docx, official_html, official_pdf
from guatu.exchange.letters import address
from guatu.records.models import Campaign, IssuedDocument


def files_of(document: Official, addresses: Mapping[str, str]) -> dict[str, bytes]:
    """The document in every format. The same document gives the same bytes."""
    return {
        "docx": official_docx.render(document),
        "pdf": official_pdf.render(document),
        "html": official_html.render(document, addresses),
    }


def links_in(campaign: Campaign) -> Callable[[UUID, str], str]:
    """Where the records of a figure of an issued document are: a whole address, or a path where the house has no name."""

    def link(issued: UUID, ref: str) -> str:
        whole = address("issued-figure", issued, ref, campaign=campaign)
        return whole or f"{reverse('issued-figure', args=[issued, ref])}?campaign={campaign.key}"

    return link


def issue_document(
    actor: Actor, *, campaign: Campaign, issuing: Issuing, idempotency_key: str | None = None
) -> IssuedDocument:
    """`issue` with these files and these addresses."""
    return issue(
        actor,
        campaign=campaign,
        issuing=issuing,
        render=files_of,
        link=links_in(campaign),
        idempotency_key=idempotency_key,
    )
