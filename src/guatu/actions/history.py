"""The one door: every write ends in `record`, which appends a batch and its revisions.

An action prepares its changes (parses, checks, serialises) before its transaction begins; `record` runs inside it,
takes the head lock, gives out sequence numbers, chains and hashes, and inserts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from guatu.access import Actor
from guatu.domain.chain import merkle_root
from guatu.domain.clock import now, real_now
from guatu.domain.errors import Conflict
from guatu.domain.spells import canonical
from guatu.domain.words import gettext as _
from guatu.records import statistics
from guatu.records.bulk import in_chunks, insert, insert_columns, sliced
from guatu.records.hashes import batch_hash, revision_hash
from guatu.records.models import Batch, Campaign, LedgerHead, Revision


@dataclass(frozen=True, slots=True)
class Change:
    """One revision to be appended: `base_version` is the version it follows (0 = the first).

    `body` is canonical JSON text, made by `body_text`.
    """

    kind: str
    subject: int
    base_version: int
    prev_hash: str
    effective: date
    body: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose act a batch was where it comes from, for what is taken in from another installation.

    `person` is the primary key here of whoever acted there, None for a program.
    """

    person: int | None
    name: str
    post: str
    action: str


@dataclass(frozen=True, slots=True)
class Head:
    """The last revision of a subject."""

    version: int
    hash: str


REVISION = (
    "id",
    "batch",
    "subject_kind",
    "subject_id",
    "version",
    "effective_on",
    "body",
    "prev_hash",
    "hash",
)
NO_HEAD = Head(0, "")
OF_UNITS = ("unit", "placement")
"""Kinds of revisions that change what a unit is called, where it stands or which sector it belongs to."""


def body_text(
    dated: Mapping[str, Any],
    plain: Mapping[str, Any] | None = None,
    *,
    withdraws: int | None = None,
    **more: Any,
) -> str:
    """The body of a revision as canonical JSON text; keys without a value are left out."""
    body: dict[str, Any] = {"dated": dict(dated)}
    if plain is not None:
        body["plain"] = dict(plain)
    if withdraws is not None:
        body["withdraws"] = withdraws
    body.update({key: value for key, value in more.items() if value not in (None, "", [], {})})
    return canonical(body)


def heads(kind: str, subjects: Iterable[int]) -> dict[int, Head]:
    """The last revision of each subject; one without revisions is left out."""
    found: dict[int, Head] = {}
    for chunk in in_chunks(sorted(set(subjects))):
        rows = Revision.objects.filter(subject_kind=kind, subject_id__in=chunk)
        for subject, version, its_hash in rows.values_list("subject_id", "version", "hash"):
            if subject not in found or found[subject].version < version:
                found[subject] = Head(version, its_hash)
    return found


def request_sha256(actor: Actor, action: str, campaign: Campaign | None, request: Any) -> str:
    """The hash by which a repeated request is recognised: who asks, for what, with which body."""
    text = json.dumps(
        [actor.person, action, campaign.key if campaign else "", request],
        ensure_ascii=False,
        sort_keys=True,
        default=_said,
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _said(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)


def answered(
    actor: Actor, action: str, campaign: Campaign | None, key: str | None, request: Any
) -> Batch | None:
    """The batch that already answered this key and body; the same key with another body is refused (409)."""
    if not key:
        return None
    batch = Batch.objects.filter(idempotency_key=key).first()
    if batch is not None and batch.request_sha256 != request_sha256(actor, action, campaign, request):
        raise Conflict(_("提交标识“{key}”已用于另一份内容。请换一个标识后重新提交。"), key=key)
    return batch


def answered_meanwhile(
    actor: Actor, action: str, campaign: Campaign | None, key: str | None, request: Any
) -> Batch | None:
    """As `answered`, inside the transaction of an act of several batches: nobody else writes from here to its end.

    So the second of two that send the same at once finds what the first has done.
    """
    LedgerHead.objects.select_for_update().get(pk=1)
    return answered(actor, action, campaign, key, request)


def next_moment() -> datetime:
    """The moment that a batch written now is recorded at, for those who keep it beside. One statement."""
    return _not_before(Batch.objects.order_by("-seq"))


def _not_before(batches: QuerySet[Batch]) -> datetime:
    """Now; if the clock stands before the first of `batches`, that batch's moment."""
    last = batches.values_list("recorded_on", flat=True).first()
    return now() if last is None else max(now(), last)


def record(
    actor: Actor,
    *,
    action: str,
    changes: Iterable[Change],
    campaign: Campaign | None = None,
    reason: str = "",
    idempotency_key: str | None = None,
    request: Any = None,
    origin: Origin | None = None,
    head: LedgerHead | None = None,
) -> Batch:
    """Append one batch with its revisions; the caller's transaction must be open. `origin` signs it in the actor's stead.
    `head`: the head, for whoever has just taken its lock. `changes` are taken a few thousand at a time: they may be made
    on the way, so that the bodies of a hundred thousand need not stand in memory together.

    Raises Conflict if another batch has revised one of the subjects in between. `recorded_on` never goes back: if the
    clock stands before the last batch, that batch's moment is taken.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("record() needs the action's transaction")
    head = head or LedgerHead.objects.select_for_update().get(pk=1)
    seq, next_id = head.batch_seq + 1, head.revision_id + 1
    moment = _not_before(Batch.objects.filter(seq=head.batch_seq))
    batch = Batch(
        seq=seq,
        campaign_key=campaign.key if campaign else "",
        recorded_on=moment,
        written_at=real_now(),
        actor_id=origin.person if origin else actor.person,
        actor_name=origin.name if origin else actor.signed,
        post_id=actor.post.post if actor.post and not origin else None,
        post_name=origin.post if origin else actor.post_written,
        action=origin.action if origin else action,
        reason=reason,
        idempotency_key=idempotency_key or None,
        request_sha256=request_sha256(actor, action, campaign, request) if idempotency_key else "",
    )
    hashes: list[str] = []
    of_units = False
    try:
        with transaction.atomic(savepoint=False):  # whoever is refused leaves the action, and its transaction
            for part in sliced(changes):
                rows = [_revision(next_id + len(hashes) + place, seq, one) for place, one in enumerate(part)]
                insert_columns(Revision, REVISION, rows)
                hashes += [str(row[-1]) for row in rows]
                of_units = of_units or any(change.kind in OF_UNITS for change in part)
            batch.revisions = len(hashes)
            batch.root = merkle_root([batch_hash(batch), *hashes])
            insert([batch])
    except IntegrityError as error:
        raise Conflict(_("内容刚被他人修改，未予保存。请刷新后核对，再提交一次。")) from error
    moved: dict[str, object] = {"batch_seq": seq, "revision_id": head.revision_id + len(hashes)}
    if of_units:
        moved["units_mark"] = batch.root
    LedgerHead.objects.filter(pk=1).update(**moved)
    if len(hashes) >= statistics.MANY:  # an import: all of them end here
        statistics.refresh_after_commit()
    return batch


def _revision(pk: int, seq: int, change: Change) -> tuple[object, ...]:
    """The columns of `REVISION`, its own hash the last."""
    version = change.base_version + 1
    its_hash = revision_hash(
        pk, seq, change.kind, change.subject, version, change.effective, change.body, change.prev_hash
    )
    return (
        pk,
        seq,
        change.kind,
        change.subject,
        version,
        change.effective,
        change.body,
        change.prev_hash,
        its_hash,
    )


def at_sequence() -> int:
    """The sequence of the last batch: what is known now."""
    return LedgerHead.objects.values_list("batch_seq", flat=True).get(pk=1)
