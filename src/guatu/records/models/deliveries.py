"""What people are reminded of and how it reaches them: the outbox, the state of its channels, who wants what.

Desk data beside the ledger (docs/decisions/0160-outbox.md): no fact of a campaign stands here.
"""

from __future__ import annotations

from django.db import models

from guatu.records.models.campaigns import Campaign
from guatu.records.models.items import Item
from guatu.records.models.people import Person


class Delivery(models.Model):
    """One fact for one addressee by one channel: never twice, which `told_once` guards.

    `channel`: inbox, email, or a group's key (service:name). `addressee`: p:PERSON or g:NAME. `fact`: what makes two
    tellings the same. `payload` holds what the sentence needs and never a title, a telephone or a secret.
    `urgent` does not wait for the day's digest. `claim` names the one letter that it went out with.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        HELD = "held"
        DROPPED = "dropped"

    channel = models.CharField(max_length=60)
    addressee = models.CharField(max_length=60)
    fact = models.CharField(max_length=120)
    person = models.ForeignKey(Person, models.CASCADE, null=True, related_name="+")
    campaign = models.ForeignKey(Campaign, models.CASCADE, null=True, related_name="+")
    item = models.ForeignKey(Item, models.CASCADE, null=True, related_name="+")
    payload = models.JSONField(default=dict)
    due = models.DateField(null=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    claim = models.CharField(max_length=32, blank=True)
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["channel", "addressee", "fact"], name="told_once")]
        indexes = [
            models.Index(fields=["state", "channel", "next_at"], name="delivery_waiting"),
            models.Index(fields=["campaign", "made_at"], name="delivery_campaign"),
            models.Index(fields=["addressee", "channel", "sent_at"], name="delivery_sent"),
        ]


class ChannelState(models.Model):
    """How a channel fares: the moments of its last letters (for its rate), until when it rests, what went wrong last."""

    key = models.CharField(max_length=60, unique=True)
    recent = models.JSONField(default=list)
    rests_until = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    error_at = models.DateTimeField(null=True)


class NoticeChoice(models.Model):
    """What a person has chosen (通知方式). Without a row: in the inbox only. Times null: the house's quiet hours."""

    person = models.OneToOneField(Person, models.CASCADE, related_name="notice_choice")
    email = models.BooleanField(default=False)
    at_once = models.BooleanField(default=False)
    quiet_from = models.TimeField(null=True)
    quiet_to = models.TimeField(null=True)


class ReminderDay(models.Model):
    """That a campaign's reminders of a day have been made: once, whoever gets there first."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="+")
    day = models.DateField()
    made_at = models.DateTimeField()
    people = models.IntegerField(default=0)
    facts = models.IntegerField(default=0)
    said = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "day"], name="reminded_once")]
