"""What hangs on a person who leaves (移交清单): their posts, what waits on their desk, what names them, what they began."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q

from guatu.access import Actor, may, require, resolve, visible
from guatu.access.kept_people import kept_person
from guatu.access.policy import NOTHING
from guatu.domain.pack import Pack
from guatu.queries.kept_people import PersonPage, page_of
from guatu.queries.todo import waiting
from guatu.records.models import Campaign, Proposal, SavedView, Spell
from guatu.records.models.units import STILL_KNOWN
from guatu.records.packs import pack_of

MOST = 1000
"""Items listed of each kind; the count is whole."""


@dataclass(frozen=True, slots=True)
class HandOverItem:
    """One item of the list."""

    public_id: str
    register: str
    number: str
    title: str
    unit: str
    state: str
    due: date | None


@dataclass(frozen=True, slots=True)
class HandOver:
    """The whole list. Without business rights (`business` False) the reader has posts and delegations only.

    `waiting` is what the person has to do, `named` what names them in one of its fields, both as far as the reader sees
    items; the numbers beside them count all of it. `proposed` are requests that wait for somebody's yes.
    """

    person: PersonPage
    business: bool
    waiting: tuple[HandOverItem, ...] = ()
    waiting_count: int = 0
    named: tuple[HandOverItem, ...] = ()
    named_count: int = 0
    proposed: tuple[HandOverItem, ...] = ()
    views: tuple[tuple[str, str], ...] = ()


def hand_over(actor: Actor, campaign: Campaign, username: str) -> HandOver:
    """What has to be taken over from this person in the campaign. Raises NotFound for somebody out of reach."""
    require(actor, "manage_people", campaign=campaign)
    person = kept_person(actor, campaign, username)
    page = page_of(actor, campaign, person)
    if not may(actor, "see_items", campaign=campaign):
        return HandOver(page, business=False)
    acting = resolve(person, campaign, actor.day)
    own = replace(acting, grants=tuple(grant for grant in acting.grants if grant.giver is None))
    pack = pack_of(campaign)
    todo = visible(actor, waiting(own, (campaign,), actor.day), campaign)
    named = visible(actor, visible(own, _named(campaign, pack, person.name, actor.day), campaign), campaign)
    proposals = Proposal.objects.filter(
        campaign=campaign, proposer_id=person.pk, state__in=("waiting", "consented")
    ).values("item")
    proposed = visible(actor, _now(campaign, actor.day).filter(item__in=proposals), campaign)
    views = SavedView.objects.filter(person=person, campaign=campaign, shared=True).order_by(
        "register", "name"
    )
    to_do, naming = _items(pack, todo), _items(pack, named)
    return HandOver(
        person=page,
        business=True,
        waiting=to_do,
        waiting_count=len(to_do) if len(to_do) < MOST else todo.count(),
        named=naming,
        named_count=len(naming) if len(naming) < MOST else named.count(),
        proposed=_items(pack, proposed),
        views=tuple(
            (pack.register(view.register).label, view.name)
            for view in views
            if view.register in pack.registers
        ),
    )


def _now(campaign: Campaign, day: date) -> Any:
    return Spell.objects.filter(campaign=campaign, valid_from__lte=day, valid_to__gt=day, rec_to=STILL_KNOWN)


def _named(campaign: Campaign, pack: Pack, name: str, day: date) -> Any:
    """Items under way that name the person; fields of persons hold names, so their own reach tells them from namesakes."""
    asked = [
        Q(**{"register": register.key, f"data__{field.key}": name})
        for register in pack.registers.values()
        for field in register.fields
        if field.type == "person" and not field.private
    ]
    return _now(campaign, day).filter(reduce(or_, asked, NOTHING), phase__in=("open", "review"))


def _items(pack: Pack, rows: Any) -> tuple[HandOverItem, ...]:
    fields = (
        "item__public_id",
        "register",
        "item__number",
        "item__title",
        "unit__short_name",
        "state",
        "due",
    )
    ordered: Iterable[Mapping[str, Any]] = rows.order_by("register", "due", "item__number").values(*fields)[
        :MOST
    ]
    return tuple(
        HandOverItem(
            public_id=str(row["item__public_id"]),
            register=pack.register(row["register"]).label,
            number=row["item__number"],
            title=row["item__title"],
            unit=row["unit__short_name"],
            state=pack.workflow_of(row["register"]).states[row["state"]].label,
            due=row["due"],
        )
        for row in ordered
    )
