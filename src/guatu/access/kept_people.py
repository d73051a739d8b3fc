"""Whose posts and home one keeps: people at home in one's reach, and people who hold a post there."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from guatu.access.actor import Actor
from guatu.access.policy import scope
from guatu.domain.capabilities import ADMINISTRATORS, OPERATOR, roles_with
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Campaign, Person, Post, Unit

KEEPING = "manage_people"


def kept_people(actor: Actor, campaign: Campaign) -> QuerySet[Person]:
    """The people whom the actor keeps in the campaign: at home in reach, or with a post on a unit or team in reach.

    Administrators are kept by the security administrator only. Without the right, nobody.
    """
    grants = [g for g in actor.grants if g.role in roles_with(KEEPING) and g.campaign in (None, campaign.pk)]
    if not grants:
        return Person.objects.none()
    rows = Person.objects.all()
    if not any(g.everywhere or len(g.line) == 1 for g in grants):
        units = Unit.objects.filter(scope(actor, KEEPING, campaign)).values("pk")
        held = Post.objects.filter(Q(campaign=campaign) | Q(campaign=None), unit__in=units).values("person")
        rows = rows.filter(Q(home_unit__in=units) | Q(pk__in=held))
    if not actor.has_role("security_admin", OPERATOR):
        guards = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=actor.day), role__in=ADMINISTRATORS)
        rows = rows.exclude(pk__in=guards.values("person"))
    return rows


def kept_person(actor: Actor, campaign: Campaign, username: str) -> Person:
    """The person with this user name, if the actor keeps them; else NotFound."""
    person = kept_people(actor, campaign).select_related("home_unit").filter(username=username).first()
    if person is None:
        raise NotFound(
            _("没有账号为“{account}”的人员，或不在您的管理范围内。请核对账号。"), account=username[:60]
        )
    return person
