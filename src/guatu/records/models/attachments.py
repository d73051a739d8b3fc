"""What hangs on an item: links, evidence, comments, and values that can be erased."""

from __future__ import annotations

from django.db import models

from guatu.records.models.items import Item


class Link(models.Model):
    """A directed relation between two items, across campaigns too. `ended_batch`: it was taken back by that batch.

    `unlike` is what somebody has said of two items that the program took for alike: it suggests them no more.
    """

    class Kind(models.TextChoices):
        FOUND_IN = "found_in"
        REFERRED_UP_TO = "referred_up_to"
        REBOUND_OF = "rebound_of"
        SELF_CHECK_OF = "self_check_of"
        CASE_OF = "case_of"
        CITES = "cites"
        SAME_AS = "same_as"
        SPLIT_FROM = "split_from"
        MERGED_INTO = "merged_into"
        UNLIKE = "unlike"

    kind = models.CharField(max_length=20, choices=Kind)
    source = models.ForeignKey(Item, models.PROTECT, related_name="links_out")
    target = models.ForeignKey(Item, models.PROTECT, related_name="links_in")
    note = models.CharField(max_length=200, blank=True)
    batch_seq = models.BigIntegerField()
    ended_batch = models.BigIntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "source", "target"], condition=models.Q(ended_batch=None), name="link_once"
            )
        ]


class Evidence(models.Model):
    """A file, content-addressed, or a paper kept elsewhere (线下备查): where, with whom, under which number.

    `kind` is one of the kinds that the item's workflow tells apart, or empty.
    """

    item = models.ForeignKey(Item, models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(null=True)
    place = models.CharField(max_length=120, blank=True)
    keeper = models.CharField(max_length=60, blank=True)
    number = models.CharField(max_length=60, blank=True)
    taken_at = models.DateTimeField(null=True)
    batch_seq = models.BigIntegerField()
    withdrawn_batch = models.BigIntegerField(null=True)
    withdrawn_reason = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["item"], name="evidence_item")]


class Comment(models.Model):
    """A remark on an item, under the writer's name as it was; an urge (催办) is one too.

    `anchor`: the block of a document's text that it is about (`domain.writing.body`), empty for the whole item.
    """

    class Kind(models.TextChoices):
        REMARK = "remark"
        URGE = "urge"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REMARK)
    item = models.ForeignKey(Item, models.PROTECT, related_name="comments")
    person_id = models.BigIntegerField()
    person_name = models.CharField(max_length=60)
    text = models.TextField()
    anchor = models.CharField(max_length=40, blank=True, default="")
    batch_seq = models.BigIntegerField()


class PrivateValue(models.Model):
    """A personal value outside the chain: bodies hold SHA-256(salt‖value), so that the value can be erased."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="private_values")
    field = models.CharField(max_length=60)
    version = models.IntegerField()
    salt = models.CharField(max_length=64)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "field", "version"], name="private_once")]
