"""Documents as they were issued (定稿): what was printed, from which records, and the files themselves."""

from __future__ import annotations

import uuid

from django.db import models

from guatu.records.models.campaigns import Campaign, PackVersion
from guatu.records.models.items import Item


class IssuedDocument(models.Model):
    """One document as it was issued, for comment, for approval or finally. Never changed; at most withdrawn. Subject kind `issued`.

    It comes from a template of the pack (`report`) or from a document that somebody wrote (`document`, its `body` and
    version as they were). `known_at`: the batch up to which things were known. `figures`: every printed figure with its
    exact value, definition, text and the hash of its records; `shown`: every value of its tables and charts as canonical
    JSON (domain/issued_shown.py); `official`: the document as canonical JSON; `files`: format → [SHA-256, bytes] in the file
    store; `changes`: what differs from `previous`, the one before in its `series`, and why. `origin`: of one that was taken
    in with a campaign, the moment up to which things were known there, and what of it cannot be counted again here (`apart`).
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="issued_documents")
    report = models.CharField(max_length=40, blank=True)
    document = models.ForeignKey(Item, models.PROTECT, null=True, related_name="issued")
    document_version = models.IntegerField(null=True)
    body = models.TextField(blank=True)
    series = models.CharField(max_length=120)
    stage = models.CharField(max_length=12)
    year = models.IntegerField()
    number = models.IntegerField()
    total = models.IntegerField(null=True)
    edition = models.IntegerField()
    title = models.CharField(max_length=300)
    as_of = models.DateField()
    known_at = models.BigIntegerField()
    pack = models.ForeignKey(PackVersion, models.PROTECT, related_name="+")
    issued_on = models.DateField()
    issued_by = models.CharField(max_length=60)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="followed_by")
    figures = models.JSONField(default=list)
    shown = models.TextField(blank=True, default="")
    official = models.TextField()
    changes = models.TextField(blank=True)
    files = models.JSONField(default=dict)
    origin = models.JSONField(default=dict)
    withdrawn_batch = models.BigIntegerField(null=True)
    withdrawn_reason = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "series", "year", "number", "stage", "edition"], name="issued_number_once"
            )
        ]
        indexes = [models.Index(fields=["campaign", "series"], name="issued_series")]


class IssuedRecord(models.Model):
    """One record behind one figure of an issued document, with its version then. `figure` is its `KeptFigure.ref`.

    A key of 40 characters, a variant of 30, a basis of 8, a unit's code of 40 and a day make 132 with their marks.
    """

    # No constraints in the database: thousands of rows would check two keys each at commit, while everybody waits, and
    # verify compares the whole list with the hash that the document keeps.
    issued = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="records", db_constraint=False)
    figure = models.CharField(max_length=160)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", db_constraint=False)
    version = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issued", "figure", "item"], name="issued_record_once")
        ]
