"""Items, the units beside their lead unit, and their spells."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy

from guatu.records.carried import CarriedBy
from guatu.records.models.campaigns import Campaign
from guatu.records.models.units import STILL_KNOWN, Ancestors, Unit


class Standing(Ancestors):
    """The columns that an item has now and that a spell has had: where it stands and how far it is.

    `phase_since` is the effective day on which the current stretch of the phase began: the day of closing while the
    phase is closed. `data` holds every field value of the register, days as ISO text, money as decimal text in yuan.
    """

    state = models.CharField(max_length=30)
    phase = models.CharField(max_length=8)
    round = models.IntegerField(default=1)
    state_since = models.DateField()
    phase_since = models.DateField()
    start = models.DateField(null=True)
    due = models.DateField(null=True)
    base_due = models.DateField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Item(Standing):
    """One item of a register: what is known of it now. Derived from its revisions, rebuilt and compared by verify.

    `restricted`: only its named readers may open it; others meet it as a count.
    """

    public_id = models.UUIDField(unique=True, default=uuid.uuid4)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="items")
    register = models.CharField(max_length=30)
    number = models.CharField(max_length=30)
    title = models.CharField(max_length=300)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items")
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    task = models.ForeignKey("self", models.PROTECT, null=True, related_name="unit_tasks")
    due_kind = models.CharField(max_length=12, default="date")
    late_entry = models.BooleanField(default=False)
    on_behalf = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="item_number_once")]
        indexes = [
            models.Index(fields=["campaign", "register", "phase", "due"], name="item_list_due"),
            models.Index(fields=["campaign", "register", "id"], name="item_last"),
            models.Index(fields=["unit", "register"], name="item_unit"),
            models.Index(fields=["task", "unit"], name="item_task"),
            models.Index(fields=["campaign"], condition=models.Q(restricted=True), name="item_restricted"),
            models.Index(CarriedBy("data"), name="item_carried"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class ItemUnit(Ancestors):
    """A unit beside the lead unit: contributing (配合), supervising department (督办), or a second lead."""

    class Role(models.TextChoices):
        LEAD = "lead", gettext_lazy("牵头")
        CONTRIBUTING = "contributing", gettext_lazy("配合")
        SUPERVISING = "supervising", gettext_lazy("督办")

    item = models.ForeignKey(Item, models.PROTECT, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="beside")
    role = models.CharField(max_length=12, choices=Role)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "unit", "role"], name="item_unit_once")]


class Spell(Standing):
    """One rectangle of an item's history: true on the days [valid_from, valid_to), known from batch rec_from to rec_to.

    State as of (D, K): valid_from ≤ D < valid_to and rec_from ≤ K < rec_to. A row with valid_from = valid_to holds on
    no day; it is kept where a phase was entered and left on the same day, so that entries can be counted (`enters`).
    Derived from revisions and placements; actions write it, verify rebuilds it and compares.
    """

    # No constraints in the database: twenty thousand rows of one bulk action would check five keys each at commit, and
    # verify compares every column with what it is derived from.
    # No index of their own where one below begins with them: every index is one more write.
    item = models.ForeignKey(Item, models.PROTECT, related_name="spells", db_constraint=False, db_index=False)
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    register = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    parent = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_constraint=False)
    task = models.ForeignKey(Item, models.PROTECT, null=True, related_name="+", db_constraint=False)
    enters = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField()
    rec_from = models.BigIntegerField()
    rec_to = models.BigIntegerField(default=STILL_KNOWN)

    class Meta:
        indexes = [
            models.Index(fields=["item", "rec_to"], name="spell_item"),
            # What charts and lists count by, all of it, so that counting never reads the rows themselves.
            models.Index(
                fields=(
                    "campaign register rec_to valid_to valid_from phase task state start due state_since phase_since "
                    "unit a1 item"
                ).split(),
                name="spell_counted",
            ),
            models.Index(fields=["unit", "rec_to"], name="spell_unit"),
        ]
