"""The numbers of documents (发文字号, 期数): which one comes next, who has one already, what has been issued under it."""

from __future__ import annotations

import re

from django.utils.translation import override

from guatu.domain.document.from_written import numbered
from guatu.domain.errors import BadInput
from guatu.domain.issuing import FINAL
from guatu.domain.pack.documents import BY_ISSUE, Documents
from guatu.queries.documents import body_in, day_of, documents_of, facts_of, particulars_of
from guatu.queries.reports import WRITTEN, names_of
from guatu.records.models import Campaign, IssuedDocument, Item
from guatu.records.packs import pack_of

_NUMBER = re.compile(r"(.*〔\d{4}〕)第?(\d{1,5})号")
_ORDER = re.compile(r"()第(\d{1,5})号")
"""An order has a number of its own, without code and year."""


def issued_as(document: Item) -> str:
    """The title under which it was issued finally and stands; empty where it was not."""
    rows = IssuedDocument.objects.filter(document=document, stage=FINAL, withdrawn_batch=None)
    return rows.values_list("title", flat=True).first() or ""


def printed_number(campaign: Campaign, document: Item) -> str:
    """Its document number as it is printed; empty without one, or for a kind that has none."""
    pack = pack_of(campaign)
    spec = documents_of(pack)
    if not (spec.number and document.data.get(spec.number)) or _layout(spec, document) in (
        *BY_ISSUE,
        "plain",
    ):
        return ""
    try:
        day = day_of(campaign, document)
    except BadInput:
        return ""
    with override(WRITTEN):
        names = names_of(campaign, document.unit)
        told = particulars_of(pack, document, day, names)
        return numbered(facts_of(pack, body_in(document), told, names))


def number_taken(campaign: Campaign, document: Item) -> Item | None:
    """Another document with the same printed number that has not been voided; None where the number is its own."""
    mine = printed_number(campaign, document)
    if not mine:
        return None
    return next((one for one in _numbered(campaign, document) if printed_number(campaign, one) == mine), None)


def next_document_number(campaign: Campaign, document: Item) -> int | None:
    """The number that comes next: of a briefing in its series, of another under its code in its year. None without numbers."""
    pack = pack_of(campaign)
    spec = documents_of(pack)
    layout = _layout(spec, document)
    if layout == "plain":
        return None
    if layout in BY_ISSUE:
        if spec.issue is None:
            return None
        same = [
            one
            for one in _all(campaign, document)
            if _layout(spec, one) == layout
            and (not spec.series or one.data.get(spec.series) == document.data.get(spec.series))
        ]
        day = day_of(campaign, document)
        issues = [
            int(one.data[spec.issue])
            for one in same
            if one.data.get(spec.issue) and str(one.data.get(spec.as_of) or "").startswith(str(day.year))
        ]
        return max(issues, default=0) + 1
    probe = Item(
        unit=document.unit, data={**document.data, spec.number or "": "1"}, register=document.register
    )
    probe.title = document.title
    form = _ORDER if layout == "order" else _NUMBER
    wanted = form.fullmatch(printed_number(campaign, probe))
    if wanted is None:
        return None
    told = (form.fullmatch(printed_number(campaign, one)) for one in _numbered(campaign, document))
    return max((int(one[2]) for one in told if one and one[1] == wanted[1]), default=0) + 1


def _layout(spec: Documents, document: Item) -> str:
    return spec.kinds.get(str(document.data.get(spec.kind) or ""), "plain")


def _all(campaign: Campaign, document: Item) -> list[Item]:
    """The other documents of the same unit that have not been voided."""
    pack = pack_of(campaign)
    spec = documents_of(pack)
    flow = pack.workflow_of(spec.register_key)
    rows = Item.objects.select_related("unit").filter(campaign=campaign, register=spec.register_key)
    rows = rows.filter(unit=document.unit)
    return [one for one in rows.exclude(pk=document.pk) if flow.phase_of(one.state) != "void"]


def _numbered(campaign: Campaign, document: Item) -> list[Item]:
    """Those that have a document number."""
    spec = documents_of(pack_of(campaign))
    return [one for one in _all(campaign, document) if spec.number and one.data.get(spec.number)]
