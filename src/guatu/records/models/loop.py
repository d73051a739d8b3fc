"""What the closed loop keeps beside the items: proposals, objections, samples, readers of restricted items.

Each row is made and changed by an action that records a revision of the subject kind named in its docstring.
"""

from __future__ import annotations

import uuid

from django.db import models

from guatu.records.models.campaigns import Campaign
from guatu.records.models.items import Item
from guatu.records.models.people import Person
from guatu.records.models.units import Unit


class Proposal(models.Model):
    """Something that needs somebody else's yes: an extension, another due kind, a transfer, split, merger, annulment.

    Subject kind `proposal`. `payload` says what is to be done (JSON, by kind); `items` names every item concerned,
    `item` the first of them. `receiver` is the unit whose consent a transfer needs. Names are kept as they were.
    """

    class Kind(models.TextChoices):
        EXTENSION = "extension"
        DUE_KIND = "due_kind"
        TRANSFER = "transfer"
        SPLIT = "split"
        MERGE = "merge"
        VOID = "void"

    class State(models.TextChoices):
        WAITING = "waiting"
        CONSENTED = "consented"
        APPROVED = "approved"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="proposals")
    kind = models.CharField(max_length=12, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    item = models.ForeignKey(Item, models.PROTECT, related_name="proposals")
    items = models.JSONField(default=list)
    receiver = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    proposer_id = models.BigIntegerField(null=True)
    proposer_name = models.CharField(max_length=60)
    proposed_on = models.DateField()
    consenter_name = models.CharField(max_length=60, blank=True)
    decider_id = models.BigIntegerField(null=True)
    decider_name = models.CharField(max_length=60, blank=True)
    decided_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["campaign", "state", "kind"], name="proposal_open"),
            models.Index(fields=["item", "state"], name="proposal_item"),
        ]


class Objection(models.Model):
    """Somebody objects while an item is on public notice; it has to be answered before the item may close.

    Subject kind `objection`. `upheld` None = not yet answered.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="objections")
    round = models.IntegerField()
    raised_on = models.DateField()
    raised_by = models.CharField(max_length=60, blank=True)
    text = models.TextField()
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    answered_on = models.DateField(null=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["item"], name="objection_item")]


class Sample(models.Model):
    """A drawn sample of closed items for re-inspection (回头看): the same rule, seed and day draw the same items.

    Subject kind `sample`. `rule` are the numbers by which it was drawn, `population` how many items it was drawn from.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="samples")
    title = models.CharField(max_length=120)
    seed = models.CharField(max_length=40)
    rule = models.JSONField(default=dict)
    drawn_on = models.DateField()
    known_at = models.BigIntegerField()
    population = models.IntegerField()
    drawn_by = models.CharField(max_length=60)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()


class SampleItem(models.Model):
    """One item of a sample and why it was drawn: `always` (by category or source), `unit` (each unit's one), `share`."""

    sample = models.ForeignKey(Sample, models.PROTECT, related_name="drawn")
    item = models.ForeignKey(Item, models.PROTECT, related_name="samples")
    ground = models.CharField(max_length=10)
    team = models.ForeignKey("records.Team", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sample", "item"], name="sample_item_once")]


class ItemReader(models.Model):
    """A named reader of a restricted item. Subject kind `reader`."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="readers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    batch_seq = models.BigIntegerField()
    ended_batch = models.BigIntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "item"], name="reader_person")]


class WorkingYear(models.Model):
    """The working days of a year as this house has corrected them. Subject kind `working_year`.

    `days` maps ISO days that differ from the rule Monday to Friday to a name: {"2023-10-01": "国庆节"} is a day off,
    {"2023-10-07": ""} (a Saturday) a working day. A year that is not here is taken from the published arrangements
    that come with the program; where there are none the year is refused.
    """

    year = models.IntegerField(unique=True)
    days = models.JSONField(default=dict)
    source = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()


class BurdenReport(models.Model):
    """A complaint about a burden (减负反馈), for the campaign's office. Subject kind `burden`.

    The unit's parents never see it; the office sees the name only where `named`. `page` is the page it was written on.
    """

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="burden_reports")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    named = models.BooleanField(default=False)
    page = models.CharField(max_length=300, blank=True)
    text = models.TextField()
    made_on = models.DateField()
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_on = models.DateField(null=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()
