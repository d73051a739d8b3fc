"""The append-only tables: batches, revisions, seals. Triggers refuse every change (see `records.triggers`)."""

from __future__ import annotations

from django.db import models


class LedgerHead(models.Model):
    """The last sequence numbers given out; the lock that puts all batches in one order. One row, made by migration.

    `lines_on`: the day for which the current lines (a1…a8 of units and items) were worked out; a place that begins
    later is brought forward when its day comes. `places_mark`: the root of the last batch that changed a place.
    `units_mark`: the root of the last batch that changed a unit in any way (a name, a sector, a place); whatever is
    worked out from units alone may be kept under it.
    """

    id = models.IntegerField(primary_key=True, default=1)
    batch_seq = models.BigIntegerField(default=0)
    revision_id = models.BigIntegerField(default=0)
    lines_on = models.DateField(null=True)
    places_mark = models.CharField(max_length=64, blank=True)
    units_mark = models.CharField(max_length=64, blank=True)


class Batch(models.Model):
    """One action. `recorded_on` comes from the one clock, `written_at` is real time.

    `root` is the Merkle root over the hashes of its revisions, in order of id, and the hash of its own columns.
    Names are kept as they were; there is deliberately no foreign key to the person.
    """

    seq = models.BigIntegerField(primary_key=True)
    campaign_key = models.CharField(max_length=60, blank=True)
    recorded_on = models.DateTimeField(db_index=True)
    written_at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=60)
    post_id = models.BigIntegerField(null=True)
    post_name = models.CharField(max_length=160)
    action = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    idempotency_key = models.CharField(max_length=80, null=True, unique=True)
    request_sha256 = models.CharField(max_length=64, blank=True)
    revisions = models.IntegerField()
    root = models.CharField(max_length=64)


class Revision(models.Model):
    """One change of one subject. `hash` covers every other column; `prev_hash` chains the subject's revisions.

    `body` is canonical JSON text: {"dated": {track: value}, "plain": {…} | absent, "withdraws": version | absent,
    "pack": sha256 | absent, …}. `plain` is the full set of plain values in force from here on; `dated` only what this
    revision writes.
    """

    id = models.BigIntegerField(primary_key=True)
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    subject_kind = models.CharField(max_length=12)
    subject_id = models.BigIntegerField()
    version = models.IntegerField()
    effective_on = models.DateField()
    body = models.TextField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject_kind", "subject_id", "version"], name="revision_once")
        ]


class Seal(models.Model):
    """A seal over all batches since the last one; seals chain. `signature` is Ed25519 in hex, empty if unsigned."""

    id = models.BigIntegerField(primary_key=True)
    first_batch = models.BigIntegerField()
    last_batch = models.BigIntegerField()
    root = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    prev_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    signature = models.CharField(max_length=128, blank=True)
    public_key = models.CharField(max_length=64, blank=True)
