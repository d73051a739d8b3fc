"""Issued documents and decisions about phrases of a campaign that is taken in: what was sent there is served here, byte for byte.

Up to which batch things were known is told in the batches of here: the last that repeats one of then. What cannot be
counted again from what has come along (a unit that was moved later, say) is noted once, when it is taken in; the
files, the values and the lists of records are verified like any other's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from guatu.access import Actor
from guatu.actions.history import Change, body_text, heads, record
from guatu.domain.campaign_archive import Archive, Rename, lookup
from guatu.domain.document import canonical
from guatu.domain.errors import BadInput
from guatu.domain.issuing import FORMS, STAGES, kept_figure, list_hash
from guatu.domain.spells import canonical as as_json
from guatu.domain.words import gettext as _
from guatu.domain.writing.body_json import body_of
from guatu.queries.archived_documents import PLAIN, renamed_change
from guatu.queries.verify.issued import issued_said, recount
from guatu.queries.verify.phrases import phrase_said
from guatu.records.bulk import insert, insert_returning
from guatu.records.models import Campaign, IssuedDocument, IssuedRecord, Item, PackVersion, PhraseDecision

ACTION = "campaign.take_in"


def take_in_issued(
    actor: Actor,
    *,
    campaign: Campaign,
    archive: Archive,
    items: Mapping[str, Item],
    unit: Rename,
    batches: Mapping[int, int],
    first: int,
) -> int:
    """Write the issued documents in their order; how many. `batches`: number of a batch there → here; `first`: what was known
    here before any. The transaction is open.
    """
    item = lookup({public: one.pk for public, one in items.items()}, _("事项"))
    versions = _packs(archive, campaign)
    made: dict[str, IssuedDocument] = {}
    for told in archive.issued:
        row = _row(campaign, told, made, item, unit, versions, batches, first)
        records = {
            ref: sorted([item(public), int(version)] for public, version in behind)
            for ref, behind in told["records"].items()
        }
        for one in row.figures:
            one["sha256"] = list_hash(records.get(one["ref"], []))
        apart = sorted({place for place, _sentence in recount(row)})
        row.origin = {**row.origin, **({"apart": apart} if apart else {})}
        row.save(force_insert=True)
        insert(
            [
                IssuedRecord(issued=row, figure=ref, item_id=pk, version=version)
                for ref, behind in records.items()
                for pk, version in behind
            ]
        )
        made[told["public_id"]] = row
        _record(actor, campaign, row)
        if told["withdrawn"]:
            row.withdrawn_reason = str(told["withdrawn_reason"])
            _record(actor, campaign, row, withdrawn=True)
    return len(made)


def _row(
    campaign: Campaign,
    told: Mapping[str, Any],
    made: Mapping[str, IssuedDocument],
    item: Rename,
    unit: Rename,
    versions: Mapping[str, PackVersion],
    batches: Mapping[int, int],
    first: int,
) -> IssuedDocument:
    if told["stage"] not in STAGES or set(told["files"]) != set(FORMS):
        lookup({}, _("定稿文稿"))(told["public_id"])
    canonical.read(told["official"])
    if told["body"]:
        body_of(json.loads(told["body"]))
    known = max((here for there, here in batches.items() if there <= told["known_at"]), default=first)
    figures = [
        {**one, "units": [[unit(code), amount] for code, amount in one["units"]]} for one in told["figures"]
    ]
    for one in figures:
        kept_figure(one)
    changes = told["changes"]
    if changes is not None:
        changes = as_json([renamed_change(one, unit, item, batches.get) for one in changes])
    plain = {key: told[key] for key in PLAIN if key not in ("known_at", "withdrawn_reason")}
    return IssuedDocument(
        **plain,
        public_id=UUID(told["public_id"]),
        campaign=campaign,
        document_id=item(told["document"]) if told["document"] is not None else None,
        as_of=date.fromisoformat(told["as_of"]),
        known_at=known,
        pack=lookup(versions, _("专项模板"))(told["pack"]),
        issued_on=date.fromisoformat(told["issued_on"]),
        previous=lookup(made, _("定稿文稿"))(told["previous"]) if told["previous"] else None,
        figures=figures,
        changes=changes or "",
        origin={"known": datetime.fromisoformat(told["known"]).isoformat() if told["known"] else ""},
        batch_seq=0,
    )


def _packs(archive: Archive, campaign: Campaign) -> dict[str, PackVersion]:
    """Every version that a document was counted by, those that are new here written down."""
    found = {campaign.pack.sha256: campaign.pack}
    for row in archive.packs:
        if hashlib.sha256(row["body"].encode()).hexdigest() != row["sha256"]:
            raise BadInput(_("整包中的专项模板与清单所记不符。请重新导出后再装入。"))
        found[row["sha256"]], _made = PackVersion.objects.get_or_create(
            sha256=row["sha256"],
            defaults={"key": row["key"], "version": row["version"], "body": row["body"]},
        )
    return found


def _record(actor: Actor, campaign: Campaign, row: IssuedDocument, *, withdrawn: bool = False) -> None:
    version, last = 0, ""
    if withdrawn:
        head = heads("issued", [row.pk])[row.pk]
        version, last = head.version, head.hash
    said = body_text({}, issued_said(row, withdrawn=withdrawn))
    change = Change("issued", row.pk, version, last, row.issued_on, said)
    batch = record(actor, action=ACTION, campaign=campaign, changes=[change], reason=_("随专项工作装入"))
    row.version, row.batch_seq = version + 1, batch.seq
    if withdrawn:
        row.withdrawn_batch = batch.seq
    row.save(update_fields=["version", "batch_seq", "withdrawn_batch", "withdrawn_reason"])


def take_in_phrases(
    actor: Actor, *, campaign: Campaign, rows: Sequence[Mapping[str, Any]], pack: str, person: Rename
) -> int:
    """Write down what had been decided about phrases there; what has been decided here stands. How many are new."""
    here = {str(one) for one in PhraseDecision.objects.values_list("public_id", flat=True)}
    standing = set(PhraseDecision.objects.filter(pack=pack, ended_on=None).values_list("phrase", "measure"))
    made = [
        PhraseDecision(
            public_id=UUID(row["public_id"]),
            pack=pack,
            campaign=campaign,
            phrase=row["phrase"],
            measure=row["measure"],
            figure=row["figure"],
            person_id=person(row["person"]),
            decided_on=date.fromisoformat(row["decided_on"]),
            ended_on=date.fromisoformat(row["ended_on"]) if row["ended_on"] else None,
            ended_by=row["ended_by"],
            reason=row["reason"],
            batch_seq=0,
        )
        for row in rows
        if row["public_id"] not in here
        and (row["ended_on"] or (row["phrase"], row["measure"]) not in standing)
    ]
    if not made:
        return 0
    insert_returning(made)
    changes = [
        Change("phrase", one.pk, 0, "", one.ended_on or one.decided_on, body_text({}, phrase_said(one)))
        for one in made
    ]
    batch = record(actor, action=ACTION, campaign=campaign, changes=changes, reason=_("随专项工作装入"))
    PhraseDecision.objects.filter(pk__in=[one.pk for one in made]).update(batch_seq=batch.seq)
    return len(made)
