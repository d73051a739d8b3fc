"""Issued documents against their revisions, their records, their files and the figures evaluated anew.

What was issued must come out again: the same values, words, definitions and records as of the same day and the same
moment of knowledge, and the same bytes in the file store. One sentence for each difference.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from guatu.domain.issued_shown import differences as shown_differences
from guatu.domain.issued_shown import heard
from guatu.domain.issuing import FINAL, KeptFigure, kept_figure, list_hash, number_words, stage_labels
from guatu.domain.words import gettext as _
from guatu.domain.writing.body_json import body_of
from guatu.queries.issued_look import Look, with_pack
from guatu.queries.issued_shown import recounted
from guatu.queries.verify.last_said import differing
from guatu.records.files import hash_of
from guatu.records.models import IssuedDocument, IssuedRecord, Unit


def check_issued() -> tuple[str, ...]:
    """Every difference of every issued document, each in a sentence; none where all of them replay."""
    return tuple(_all())


def _all() -> Iterator[str]:
    rows = IssuedDocument.objects.select_related("campaign", "campaign__root", "campaign__pack", "pack")
    kept = list(rows.order_by("pk"))
    stored = {
        row.pk: (row.version, row.batch_seq, issued_said(row, withdrawn=row.withdrawn_batch is not None))
        for row in kept
    }
    yield from differing("issued", stored, _("定稿文稿"))
    for row in kept:
        yield from differences(row)


def differences(row: IssuedDocument) -> Iterator[str]:
    """What of one document does not come out again."""
    name = name_of(row)
    if row.withdrawn_batch not in (None, row.batch_seq):
        yield _("{name}的撤回批次与其修订记录不符。").format(name=name)
    for form, (sha256, _size) in sorted(row.files.items()):
        if hash_of(sha256) != sha256:
            yield _("{name}的 {form} 文件缺失或已被改动。请从备份恢复。").format(name=name, form=form)
    figures = [kept_figure(told) for told in row.figures]
    listed: dict[str, list[list[int]]] = defaultdict(list)
    rows = IssuedRecord.objects.filter(issued=row).order_by("figure", "item_id")
    for figure, item, version in rows.values_list("figure", "item_id", "version"):
        listed[figure].append([item, version])
    for one in figures:
        if list_hash(listed.pop(one.ref, [])) != one.sha256:
            yield _("{name}中“{label}”的记录清单与定稿时不符。").format(name=name, label=one.label)
    if listed:
        yield _("{name}的记录清单中有定稿时没有的统计项。").format(name=name)
    apart = frozenset(row.origin.get("apart", ()))  # noted when it was taken in
    yield from (sentence for place, sentence in recount(row) if place not in apart)


def recount(row: IssuedDocument) -> Iterator[tuple[str, str]]:
    """What does not come out of the records again: the figure's name in the document or the block's, and a sentence."""
    name = name_of(row)
    figures = [kept_figure(told) for told in row.figures]
    campaign = with_pack(row.campaign, row.pack)
    units = {unit.code: unit for unit in Unit.objects.filter(code__in={one.unit for one in figures})}
    looks: dict[tuple[str, str], Look] = {}
    for one in figures:
        place = one.unit, one.day
        if place not in looks:
            keys = [other.key for other in figures if (other.unit, other.day) == place]
            day = date.fromisoformat(one.day)
            looks[place] = Look(campaign, keys, day=day, known_at=row.known_at, unit=units.get(one.unit))
        for sentence in _of_figure(name, one, looks[place]):
            yield one.ref, sentence
    for block, sentence in _of_charts(row):
        yield block, _("{name}的{sentence}").format(name=name, sentence=sentence)


def _of_charts(row: IssuedDocument) -> Iterator[tuple[str, str]]:
    """Every value of its tables and charts counted again."""
    then = heard(row.shown)
    unit = Unit.objects.filter(code=then.unit).first() if then.blocks else None
    if unit is None:
        return
    body = body_of(json.loads(row.body))
    now = recounted(with_pack(row.campaign, row.pack), unit, body, row.as_of, row.known_at)
    again = {block.block: block for block in now.blocks}
    for block in then.blocks:
        for sentence in shown_differences(block, again.get(block.block)):
            yield block.block, sentence


def _of_figure(name: str, then: KeptFigure, look: Look) -> Iterator[str]:
    """The figure counted again by the same pack, as of the same day, as known at the same moment."""
    if then.key not in look.keys:
        yield _("{name}中“{label}”已不在当时的专项模板中。").format(name=name, label=then.label)
        return
    now, _records = look.kept(then.key, then.printed, then.ref)
    words = {"name": name, "label": then.label}
    if now.value != then.value or now.text != then.text:
        yield _("{name}中“{label}”定稿为 {then}，按原截至日和知悉截至重新统计为 {now}。").format(
            then=then.text, now=now.text, **words
        )
    elif now.definition != then.definition:
        yield _("{name}中“{label}”的口径与定稿时不同。").format(**words)
    elif (now.sides, now.outside, now.units, now.sha256) != (
        then.sides,
        then.outside,
        then.units,
        then.sha256,
    ):
        yield _("{name}中“{label}”的数值相同，但由另一些记录或单位得出。").format(**words)


def name_of(row: IssuedDocument) -> str:
    """《……》第3期送审稿."""
    number = number_words(row.number, row.total)
    stage = stage_labels().get(row.stage, row.stage) if row.stage != FINAL else ""
    return _("《{title}》{number}{stage}").format(title=row.title, number=number, stage=stage)


def issued_said(row: IssuedDocument, *, withdrawn: bool = False) -> dict[str, Any]:
    """A document as its revision says it: what is long, by its hash."""
    return {
        "campaign": row.campaign_id,
        "public_id": str(row.public_id),
        "report": row.report,
        "document": row.document_id,
        "document_version": row.document_version,
        "body_sha256": _sha256(row.body),
        "series": row.series,
        "stage": row.stage,
        "year": row.year,
        "number": row.number,
        "total": row.total,
        "edition": row.edition,
        "title": row.title,
        "as_of": row.as_of.isoformat(),
        "known_at": row.known_at,
        "pack": row.pack.sha256,
        "issued_on": row.issued_on.isoformat(),
        "issued_by": row.issued_by,
        "previous": row.previous_id,
        "figures": row.figures,
        "official_sha256": _sha256(row.official),
        "changes_sha256": _sha256(row.changes),
        **({"shown_sha256": _sha256(row.shown)} if row.shown else {}),
        **({"origin": row.origin} if row.origin else {}),
        "files": row.files,
        "withdrawn": withdrawn,
        "withdrawn_reason": row.withdrawn_reason,
    }


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
