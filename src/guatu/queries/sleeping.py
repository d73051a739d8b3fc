"""Accounts without a password: nobody can log in with them yet."""

from __future__ import annotations

from collections import defaultdict

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from guatu.access import Actor, may
from guatu.access.keepers import reaches_all
from guatu.domain.capabilities import ADMINISTRATORS, roles_with
from guatu.domain.clock import today
from guatu.records.models import Batch, Person, Post, Revision

FIRST_PASSWORDS = "people.first_passwords"
"""The action under which the history keeps that first passwords were made for many."""


def sleeping_people(actor: Actor, *, lock: bool = False) -> list[Person]:
    """The people without a password to whom the actor may give one, by unit and account. Two statements.

    Administrators are left out: theirs are set one by one. So is whoever holds a post beyond the actor's reach,
    or no post at all.
    """
    roles = roles_with("reset_password")
    if not may(actor, "reset_password"):
        return []
    people = Person.objects.filter(is_active=True, password__startswith=UNUSABLE_PASSWORD_PREFIX)
    people = people.select_related("home_unit").order_by("home_unit__code", "username")
    found = list(people.select_for_update(of=("self",)) if lock else people)
    posts: dict[int, list[Post]] = defaultdict(list)
    held = Post.objects.filter(Q(to_day=None) | Q(to_day__gt=today()))
    asleep = Q(person__is_active=True, person__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    for post in held.filter(asleep).select_related("unit"):
        posts[post.person_id].append(post)
    at_root = any(g.role in roles and (g.everywhere or len(g.line) == 1) for g in actor.grants)
    return [
        person
        for person in found
        if posts[person.pk]
        and not any(post.role in ADMINISTRATORS for post in posts[person.pk])
        and (may(actor, "reset_password", person.home_unit) if person.home_unit else at_root)
        and reaches_all(actor, posts[person.pk])
    ]


def has_first_password(person: Person) -> bool:
    """Whether the password that stands was made for the person together with others, and is to be changed."""
    last = (
        Revision.objects.filter(subject_kind="person", subject_id=person.pk, body__contains='"password":true')
        .order_by("-version")
        .values_list("batch_id", flat=True)
        .first()
    )
    return last is not None and Batch.objects.filter(seq=last, action=FIRST_PASSWORDS).exists()
