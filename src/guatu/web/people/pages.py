"""People and their posts as pages: a list to search, one person with all that may be done for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guatu.access import may
from guatu.domain.capabilities import ADMINISTRATORS
from guatu.queries.kept_people import PeopleList, PersonPage, people_list, person_page
from guatu.records.models import Post
from guatu.web.here import Here

TEAM = ("team_leader", "team_member")


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The list with what was asked, and the addresses of its neighbours."""

    found: PeopleList
    q: str
    previous: str
    next: str


@dataclass(frozen=True, slots=True)
class OnePage:
    """One person. `roles` and `aspects` are offered for a new post; `typed` is what stood in the form that was refused.

    `failed`: the form beside which `sentence` stands (appoint, home, end).
    """

    person: PersonPage
    roles: tuple[tuple[str, str], ...]
    aspects: tuple[tuple[str, str], ...]
    may_leave: bool
    typed: Mapping[str, str]
    failed: str = ""
    sentence: str = ""


def list_shown(at: Here, number: int) -> PeoplePage:
    """The list as the address asks for it."""
    q = dict(at.params).get("q", "").strip()
    found = people_list(at.actor, at.campaign, q=q, page=number)
    return PeoplePage(
        found,
        q,
        at.to("people", q=q, page=found.page - 1) if found.page > 1 else "",
        at.to("people", q=q, page=found.page + 1) if found.page < found.pages else "",
    )


def one_shown(
    at: Here, username: str, *, typed: Mapping[str, str] | None = None, failed: str = "", sentence: str = ""
) -> OnePage:
    """One person in reach."""
    keeps_guards = may(at.actor, "keep_administrators", campaign=at.campaign)
    roles = tuple(
        (role, at.pack.role_label(role))
        for role in Post.Role.values
        if keeps_guards or role not in ADMINISTRATORS
    )
    return OnePage(
        person=person_page(at.actor, at.campaign, username),
        roles=roles,
        aspects=tuple((option.key, option.label) for option in at.pack.head.aspects),
        may_leave=username != at.actor.username and not at.past,
        typed=typed or {},
        failed=failed,
        sentence=sentence,
    )
