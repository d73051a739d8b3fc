"""What collecting keeps beside the items: drafts being filled, superiors' forms, outside rows, figures that were sent."""

from __future__ import annotations

import uuid

from django.db import models

from guatu.records.models.campaigns import Campaign
from guatu.records.models.items import Item
from guatu.records.models.people import Person
from guatu.records.models.units import Unit


class FillDraft(models.Model):
    """What somebody has typed of a return and not handed in (暂存). A desk's matter, not in the ledger.

    `cells` is the rows as typed (JSON); `seconds` how long the page was at work on them. One per return: the last hand
    that saved is named, `version` tells two hands apart.
    """

    item = models.OneToOneField(Item, models.CASCADE, related_name="draft")
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    cells = models.JSONField(default=dict)
    seconds = models.IntegerField(default=0)
    version = models.IntegerField(default=1)
    saved_at = models.DateTimeField()


class SuperiorForm(models.Model):
    """A form that the superior has given (上级表样) and what goes into which of its cells. Subject kind `form`.

    `file` is the SHA-256 of the workbook in the file store; `mapping` says what is poured where (JSON).
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="superior_forms")
    title = models.CharField(max_length=120)
    register = models.CharField(max_length=30, blank=True)
    file = models.CharField(max_length=64)
    file_name = models.CharField(max_length=200)
    mapping = models.JSONField(default=dict)
    ended_batch = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()


class OutsideRow(models.Model):
    """A count from outside the system (系统外数据): confidential, overseas or paper-only units. Subject kind `outside`.

    `figure` is the key of the figure it is added to where that says so, `unit` the unit that it belongs to, `counts_on`
    the day from which it counts; `document` and `approver` stand behind it. Withdrawn rows keep their line: they count
    until the day before `ended_on`. `rec_from`, `end_rec`: the batches since which the row and its end are known.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="outside_rows")
    figure = models.CharField(max_length=40)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    counts_on = models.DateField()
    value = models.DecimalField(max_digits=24, decimal_places=6)
    label = models.CharField(max_length=120, blank=True)
    document = models.CharField(max_length=200)
    approver = models.CharField(max_length=60)
    ended_on = models.DateField(null=True)
    reason = models.TextField(blank=True)
    rec_from = models.BigIntegerField(default=0)
    end_rec = models.BigIntegerField(null=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["campaign", "figure"], name="outside_figure")]


class SentFigure(models.Model):
    """A figure as it was reported to somebody (报送台账), or the correction of one (更正). Subject kind `sent`.

    `text` is what was said, `value` the exact value; `definition` and `records` (list of [item, version]) are those of the
    moment. A correction points at what it `corrects` and has its own number; the old line stays.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="sent_figures")
    number = models.CharField(max_length=30)
    figure = models.CharField(max_length=40)
    variant = models.CharField(max_length=30, blank=True)
    basis = models.CharField(max_length=12, default="office")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    as_of = models.DateField()
    known_at = models.BigIntegerField()
    value = models.DecimalField(max_digits=24, decimal_places=6, null=True)
    text = models.CharField(max_length=200)
    label = models.CharField(max_length=120)
    definition = models.TextField()
    records = models.JSONField(default=list)
    records_sha256 = models.CharField(max_length=64, blank=True)
    recipient = models.CharField(max_length=120)
    channel = models.CharField(max_length=60)
    document = models.CharField(max_length=200, blank=True)
    sent_on = models.DateField()
    sent_by = models.CharField(max_length=60)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    cause = models.TextField(blank=True)
    approver = models.CharField(max_length=60, blank=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="sent_number_once")]
        indexes = [models.Index(fields=["campaign", "figure"], name="sent_figure")]


class SentRecord(models.Model):
    """One record behind a figure that was sent, for the question which sent figures used it. Derived from `records`."""

    sent = models.ForeignKey(SentFigure, models.PROTECT, related_name="items")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    version = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sent", "item"], name="sent_record_once")]
