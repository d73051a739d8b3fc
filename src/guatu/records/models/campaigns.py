"""Campaigns and the packs that they hold."""

from __future__ import annotations

from django.db import models

from guatu.records.models.units import Tree, Unit


class PackVersion(models.Model):
    """One version of a pack as it was loaded. Immutable: a change makes another version.

    `body` is the pack's canonical JSON; `sha256` its hash, which revisions name.
    """

    key = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, unique=True)
    body = models.TextField()


class Campaign(models.Model):
    """A campaign: a pack at work on a tree below a root unit, between two days."""

    key = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    pack = models.ForeignKey(PackVersion, models.PROTECT)
    overlay = models.JSONField(default=dict)
    tree = models.ForeignKey(Tree, models.PROTECT)
    root = models.ForeignKey(Unit, models.PROTECT)
    wave = models.CharField(max_length=30, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    synthetic = models.BooleanField(default=False)
    version = models.IntegerField(default=1)

    def __str__(self) -> str:
        return self.name


class Deployment(models.Model):
    """What this installation is: one row. In demo mode the clock stands on `demo_day`."""

    id = models.IntegerField(primary_key=True, default=1)
    demo = models.BooleanField(default=False)
    demo_day = models.DateField(null=True)
