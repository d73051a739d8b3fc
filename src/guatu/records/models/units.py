"""Units, their dated places in a tree, their dated sector and head-counts."""

from __future__ import annotations

from django.db import models

# Deeper trees are refused: every unit and item carries its line of ancestors in these columns.
ANCESTORS = ("a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8")

# A row that is still known: `rec_to` of a row that no batch has withdrawn or replaced.
STILL_KNOWN = 2**62


class Ancestors(models.Model):
    """The line from the root (a1) to the unit itself (at its own depth); the rest is null."""

    a1 = models.BigIntegerField(null=True)
    a2 = models.BigIntegerField(null=True)
    a3 = models.BigIntegerField(null=True)
    a4 = models.BigIntegerField(null=True)
    a5 = models.BigIntegerField(null=True)
    a6 = models.BigIntegerField(null=True)
    a7 = models.BigIntegerField(null=True)
    a8 = models.BigIntegerField(null=True)

    class Meta:
        abstract = True

    @property
    def line(self) -> tuple[int, ...]:
        """Ids from the root down to the unit itself."""
        return tuple(a for name in ANCESTORS if (a := getattr(self, name)) is not None)


class DatedRow(models.Model):
    """A value that holds from a day on, as known between two batches.

    The value as of (D, K) is that of the last row with `from_day` ≤ D among the rows with
    `rec_from` ≤ K < `rec_to`; of two rows of one day the higher `version` wins (history.md 10).
    """

    from_day = models.DateField()
    version = models.IntegerField()
    rec_from = models.BigIntegerField()
    rec_to = models.BigIntegerField(default=STILL_KNOWN)

    class Meta:
        abstract = True


class Tree(models.Model):
    """A way of standing below one another: administrative, party …"""

    key = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)


class Unit(Ancestors):
    """A unit of the organisation. `level` is an attribute, never its depth. A code is never used again.

    a1…a8 is its line today in the main tree; its line on another day is in `Placement`.
    `sector` is the sector of its own row (second tier), today; below it is inherited.
    """

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40)
    former_names = models.JSONField(default=list)
    aliases = models.JSONField(default=list)
    level = models.CharField(max_length=20)
    sector = models.CharField(max_length=30, blank=True)
    order = models.IntegerField(default=0)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["level"], name="unit_level")]

    def __str__(self) -> str:
        return self.name


class Placement(DatedRow):
    """Where a unit stands in a tree from a day on: a root, below a parent, or ended (merged into `successor`)."""

    class Kind(models.TextChoices):
        ROOT = "root"
        UNDER = "under"
        ENDED = "ended"

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="placements")
    tree = models.ForeignKey(Tree, models.PROTECT)
    kind = models.CharField(max_length=8, choices=Kind)
    parent = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    successor = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "tree", "version"], name="placement_once")]


class SectorRow(DatedRow):
    """The sector of a second-tier unit from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sectors")
    sector = models.CharField(max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "version"], name="sector_once")]


class HeadCount(DatedRow):
    """So many people of a kind on a unit's own level (本级) from a day on."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="head_counts")
    kind = models.CharField(max_length=30)
    count = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "kind", "version"], name="headcount_once")]
        indexes = [models.Index(fields=["kind", "rec_to"], name="headcount_kind")]
