"""What people have decided about phrases of texts: which figure a phrase means, for everybody here who checks."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from guatu.records.models.campaigns import Campaign
from guatu.records.models.people import Person


class PhraseDecision(models.Model):
    """This phrase means that figure (认定). Subject kind `phrase`. Holds for every campaign of the pack called `pack`.

    `phrase` has no digits (domain/checker/decided.py); `figure` is the figure's key, empty for a number that is none of
    ours (人工数). One that has ended keeps its row and says why.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    pack = models.CharField(max_length=60)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    phrase = models.CharField(max_length=160)
    measure = models.CharField(max_length=30, blank=True)
    figure = models.CharField(max_length=40, blank=True)
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended_by = models.CharField(max_length=60, blank=True)
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=1)
    batch_seq = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pack", "phrase", "measure"], condition=Q(ended_on=None), name="phrase_once"
            )
        ]


class PhraseUse(models.Model):
    """In which text a decision was used, by whom, on which day last. A desk's matter, not in the ledger.

    The name of a text is shown to whoever had it checked and to nobody else.
    """

    decision = models.ForeignKey(PhraseDecision, models.CASCADE, related_name="uses")
    person = models.ForeignKey(Person, models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    used_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["decision", "person", "name"], name="phrase_use_once")]
