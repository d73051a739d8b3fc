"""What belongs to a person's desk: saved views, what was last seen, work in the background.

None of it is a fact of a campaign, so none of it is in the ledger (docs/decisions/0050-desk.md); what such work
writes to records goes through the actions like everything else.
"""

from __future__ import annotations

from django.db import models

from guatu.records.models.attachments import Evidence
from guatu.records.models.campaigns import Campaign
from guatu.records.models.items import Item
from guatu.records.models.people import Person


class SavedView(models.Model):
    """A register's list as one person likes it: a name for the query part of its address (filters, columns, sort).

    `shared`: everyone who sees the register is offered it; only its owner changes it. `usual`: what the bare list
    opens with for its owner, at most one of a register.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="views")
    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    register = models.CharField(max_length=30)
    name = models.CharField(max_length=40)
    query = models.TextField()
    shared = models.BooleanField(default=False)
    usual = models.BooleanField(default=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "campaign", "register", "name"], name="view_name_once")
        ]


class Seen(models.Model):
    """Up to which batch a person has looked: “what changed since I last looked” begins after it.

    `seq` is where the present look began, `before` where the one before it had ended; a look ends after an hour.
    """

    person = models.OneToOneField(Person, models.CASCADE, related_name="seen")
    seq = models.BigIntegerField(default=0)
    before = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)


class Job(models.Model):
    """Long work in the background: who asked for what, how far it is, and where the result waits for its owner.

    `params` is what the job's kind needs to run (JSON). `done` of `total` steps (total 0 = not known yet). `file` is
    the SHA-256 of the result in the file store, `file_name` what it is called when it is saved. `cancel` asks a
    running job to stop at its next step.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    public_id = models.UUIDField(unique=True)
    owner = models.ForeignKey(Person, models.CASCADE, null=True, related_name="jobs")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    params = models.JSONField(default=dict)
    as_of = models.DateField(null=True)
    language = models.CharField(max_length=10, default="zh-hans")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.IntegerField(default=0)
    total = models.IntegerField(default=0)
    message = models.TextField(blank=True)
    cancel = models.BooleanField(default=False)
    file = models.CharField(max_length=64, blank=True)
    file_name = models.CharField(max_length=200, blank=True)
    size = models.BigIntegerField(default=0)
    result = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["owner", "made_at"], name="job_owner")]


class PersonalValue(models.Model):
    """A personal value of a person (telephone) outside the chain: bodies hold SHA-256(salt‖value), as for items."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="personal_values")
    field = models.CharField(max_length=20)
    version = models.IntegerField()
    salt = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "field", "version"], name="personal_once")]


class Message(models.Model):
    """One line in a person's inbox (消息): what happened that concerns them, and where.

    `kind` chooses the sentence, `params` fills it in the reader's language. A message is made in the transaction of the
    act that it tells of (`batch_seq`) and is no fact of its own: the act is in the ledger.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="messages")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=30)
    params = models.JSONField(default=dict)
    by_name = models.CharField(max_length=60, blank=True)
    batch_seq = models.BigIntegerField(null=True)
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "read_at"], name="message_unread"),
            models.Index(fields=["person", "made_at"], name="message_person"),
        ]


class EvidenceOpened(models.Model):
    """That a person has opened a piece of evidence: what bulk verification asks for."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="opened")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "evidence"], name="opened_once")]


class BodyDraft(models.Model):
    """What somebody is writing in a document and has not saved (自动暂存). A desk's matter, not in the ledger.

    One of a document and a person. `body` is the body as JSON, `base_version` the version of the document that the writing
    began with.
    """

    item = models.ForeignKey(Item, models.CASCADE, related_name="body_drafts")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    body = models.JSONField(default=dict)
    base_version = models.IntegerField()
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person"], name="body_draft_once")]
