"""A document or a report as a file to download whose numbers lead to their records; on request with 数据来源说明.

Nothing is kept and nothing is issued: the numbers are as known now, and so are the pages that they lead to.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import override

from guatu.access import Actor
from guatu.actions.history import at_sequence
from guatu.actions.issued_parts import PrintedAt, below, figures_kept, printed_at
from guatu.domain.document import Official
from guatu.domain.document.from_report import official_of
from guatu.domain.document.source_annex import source_annex
from guatu.domain.figures.references import read
from guatu.domain.issuing import KeptFigure, in_text
from guatu.exchange import official_docx, official_html, official_pdf
from guatu.exchange.letters import address
from guatu.queries.documents import day_of, written
from guatu.queries.reports import WRITTEN, compose_report
from guatu.records.models import Campaign, Item

FORMS = ("docx", "pdf", "html")


@dataclass(frozen=True, slots=True)
class Wanted:
    """In which format, with the annex of sources or without; `base`: under which address the house was asked, for its links
    where it has no name of its own (GUATU_ADDRESS).
    """

    form: str
    sources: bool = False
    base: str = ""


def report_file(actor: Actor, campaign: Campaign, key: str, *, day: date, wanted: Wanted) -> bytes:
    """A report of the pack as of a day. NotFound for none such, BadInput for a day before the campaign."""
    known = at_sequence()
    with override(WRITTEN):
        report = compose_report(campaign, key, day=day, known_at=known, actor=actor)
        official = official_of(report)
    printed = tuple((span, None, day) for span in report.figures)
    return _file(campaign, official, printed, day=day, unit="", known=known, wanted=wanted)


def document_file(actor: Actor, campaign: Campaign, document: Item, wanted: Wanted) -> bytes:
    """What somebody wrote, as of its own day. BadInput for one without a day."""
    known, day = at_sequence(), day_of(campaign, document)
    said = written(campaign, document, actor=actor, known_at=known)
    own = below(campaign, document.unit)
    return _file(
        campaign,
        said.official,
        printed_at(campaign, said),
        day=day,
        unit=own.code if own is not None else "",
        known=known,
        wanted=wanted,
    )


def _file(
    campaign: Campaign,
    official: Official,
    printed: Iterable[PrintedAt],
    *,
    day: date,
    unit: str,
    known: int,
    wanted: Wanted,
) -> bytes:
    if not wanted.sources and wanted.form != "html":
        return _render(official, {}, {}, wanted.form)
    figures, _records = figures_kept(campaign, printed, day, known)
    addresses = {one.ref: _address(campaign, one, wanted.base) for one in figures}
    if wanted.sources:
        with override(WRITTEN):
            annex = source_annex(figures, day=day, addresses=addresses)
        official = replace(official, annexes=(*official.annexes, annex))
    said = in_text(figures, unit, day)
    return _render(
        official,
        {key: addresses[one.ref] for key, one in said.items()},
        {key: one.definition for key, one in said.items()},
        wanted.form,
    )


def _render(official: Official, addresses: Mapping[str, str], titles: Mapping[str, str], form: str) -> bytes:
    if form == "docx":
        return official_docx.render(official)
    if form == "pdf":
        return official_pdf.render(official)
    return official_html.render(official, addresses, titles=titles)


def _address(campaign: Campaign, one: KeptFigure, base: str) -> str:
    """The page of the records behind a figure, on its day, for its unit."""
    asked = read(one.key)
    query = {"as_of": one.day, "variant": asked.variant, "basis": asked.basis, "unit": one.unit}
    query = {name: value for name, value in query.items() if value}
    whole = address("figure", asked.key, campaign=campaign, **query)
    told = urlencode({"campaign": campaign.key, **query})
    return whole or f"{base.rstrip('/')}{reverse('figure', args=[asked.key])}?{told}"
