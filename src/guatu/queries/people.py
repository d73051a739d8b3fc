"""People at the door: who can be chosen, and under which post each appears."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q

from guatu.access.post_names import NAMED_WITH, UNREAD, role_of
from guatu.domain.clock import today
from guatu.domain.errors import NotFound
from guatu.domain.words import gettext as _
from guatu.records.models import Person, Post


@dataclass(frozen=True, slots=True)
class Known:
    """A person with the first post that holds today; `post` is empty without one."""

    username: str
    role: str
    role_label: str
    place: str


def first_posts(usernames: Collection[str]) -> dict[str, Known]:
    """Per username the first post that holds today. One statement."""
    day = today()
    rows = (
        Post.objects.filter(
            Q(to_day=None) | Q(to_day__gt=day), from_day__lte=day, person__username__in=list(usernames)
        )
        .select_related("person", *NAMED_WITH)
        .defer(UNREAD)
        .order_by("id")
    )
    found: dict[str, Known] = {}
    for post in rows:
        place = post.unit.short_name if post.unit else post.team.name if post.team else _("全部单位")
        found.setdefault(post.person.username, Known(post.person.username, post.role, role_of(post), place))
    return found


def person_called(username: str) -> Person:
    """The person with this account who can still log in. Raises NotFound with the name."""
    found: Person | None = (
        Person.objects.select_related("home_unit").filter(username=username, is_active=True).first()
    )
    if found is None:
        raise NotFound(_("没有名为“{username}”的账号，或已停用。请核对账号。"), username=username[:60])
    return found
