"""People, their posts on the tree, and the roving teams."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy

from guatu.records.models.units import Tree, Unit


class Person(AbstractBaseUser):
    """Somebody who can log in. What they may do comes from their posts only; without a post, nothing."""

    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=60)
    home_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    is_active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    objects: BaseUserManager = BaseUserManager()
    USERNAME_FIELD = "username"

    def __str__(self) -> str:
        return self.name


class Held(models.Model):
    """Held from a day to a day (exclusive; null = still). `end_rec` is the batch that recorded the end.

    Holds at (D, K): `from_day` ≤ D, `rec_from` ≤ K and not (`to_day` ≤ D and `end_rec` ≤ K).
    """

    from_day = models.DateField()
    to_day = models.DateField(null=True)
    rec_from = models.BigIntegerField()
    end_rec = models.BigIntegerField(null=True)

    class Meta:
        abstract = True


class Team(models.Model):
    """A roving team (督导组) of a campaign."""

    campaign = models.ForeignKey("records.Campaign", models.PROTECT, related_name="teams")
    key = models.CharField(max_length=30)
    name = models.CharField(max_length=60)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "key"], name="team_once")]

    def __str__(self) -> str:
        return self.name


class TeamUnit(Held):
    """A unit assigned to a team (定点联络单位)."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="assigned")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assigned_teams")

    class Meta:
        indexes = [models.Index(fields=["unit", "team"], name="teamunit_unit")]


class Post(Held):
    """A person's role on a unit, flowing down its tree, or on a team, reaching its assigned units."""

    class Role(models.TextChoices):
        LEADER = "leader", gettext_lazy("领导")
        OFFICE = "office", gettext_lazy("办公室")
        WORKING_GROUP = "working_group", gettext_lazy("工作组")
        TEAM_LEADER = "team_leader", gettext_lazy("督导组组长")
        TEAM_MEMBER = "team_member", gettext_lazy("督导组成员")
        LIAISON = "liaison", gettext_lazy("联络员")
        HEAD = "head", gettext_lazy("单位负责人")
        FILLER = "filler", gettext_lazy("填报员")
        OBSERVER = "observer", gettext_lazy("观察员")
        AUDITOR = "auditor", gettext_lazy("审计查阅")
        SYSTEM_ADMIN = "system_admin", gettext_lazy("系统管理员")
        SECURITY_ADMIN = "security_admin", gettext_lazy("安全管理员")
        AUDIT_ADMIN = "audit_admin", gettext_lazy("审计管理员")

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts")
    role = models.CharField(max_length=20, choices=Role)
    campaign = models.ForeignKey("records.Campaign", models.PROTECT, null=True, related_name="posts")
    tree = models.ForeignKey(Tree, models.PROTECT, null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="posts")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="posts")
    aspect = models.CharField(max_length=30, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["person", "campaign"], name="post_person"),
            models.Index(fields=["unit", "role"], name="post_unit_role"),
        ]


class Delegation(Held):
    """Somebody else acts under a person's post for some days (委托代办). Subject kind `delegation`.

    The taker gets the post's role on the post's unit or team, no more; history reads “taker（代giver）”.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="delegations")
    giver = models.ForeignKey(Person, models.PROTECT, related_name="delegated")
    taker = models.ForeignKey(Person, models.PROTECT, related_name="stands_in")
    reason = models.TextField(blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["taker", "from_day"], name="delegation_taker")]


class AccessCode(models.Model):
    """A one-time code by which a person takes their account up: on an activation slip, or after a reset.

    Only the code's hash is kept. `given_by` is who had it made.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="access_codes")
    code_hash = models.CharField(max_length=128)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)
    given_by = models.CharField(max_length=60)
