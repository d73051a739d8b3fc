"""What is kept from people in whose reach it lies: restricted items, and what a team keeps to itself.

A restricted item is shown to its named readers only; everybody else meets it as a number. An item in a state that the
pack calls `team_only` (a note of a team, a visit that nobody has been told of) exists for the teams assigned to its
unit and for the campaign's office at the root, and for nobody else; such a state is a draft or void one, so it
is in no count either. An item in a state that the pack shows to some roles only (`shown_to`: a request that is being drawn
up) exists for their posts and nobody else's, and is in no count for the same reason. All of it is decided here: for rows by `shown`, for one item by `withheld`, for a set of
people by `readers_among`. Secrecy only narrows: nobody sees by it what lies outside their reach.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Model, Q

from guatu.access.actor import Actor, Grant
from guatu.access.reaching import NOTHING, reached_by
from guatu.access.system import SYSTEM, is_system
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import State
from guatu.records.models import Campaign, Item, ItemReader, Spell, TeamUnit
from guatu.records.models import Post as PostRow
from guatu.records.packs import pack_of

TEAM = frozenset({"team_leader", "team_member"})
OFFICE = "office"
TOLD = ("open", "review", "closed")
"""Phases that no state kept to a team may have; items of other campaigns are shown in these only."""


def shown(actor: Actor, campaign: Campaign | None, model: type[Model]) -> Q:
    """Of rows of Item or Spell in the actor's reach, those that may be shown. An empty Q shows all of them.

    Without a campaign, and for items of other ones (reached by a link), nothing is known of their states: only what
    can never be a team's own is shown.
    """
    if is_system(actor):
        return Q()
    return (
        _not_restricted(actor, model)
        & _not_of_a_team(actor, campaign, model)
        & _not_in_other_hands(actor, campaign)
    )


def _not_restricted(actor: Actor, model: type[Model]) -> Q:
    read = ItemReader.objects.filter(person=actor.person, ended_batch=None).values("item")
    if model is Item:
        return Q(restricted=False) if actor.person is None else Q(restricted=False) | Q(pk__in=read)
    closed = Item.objects.filter(restricted=True)
    if actor.person is not None:
        closed = closed.exclude(pk__in=read)
    return ~Q(item__in=closed.values("pk"))


def _not_of_a_team(actor: Actor, campaign: Campaign | None, model: type[Model]) -> Q:
    elsewhere = Q(phase__in=TOLD)
    if campaign is None:
        return elsewhere
    kept = pack_of(campaign).kept_to_teams
    insider = _insider(actor, campaign)
    open_here = Q()
    if kept and insider != Q():
        open_here = insider
        told = Q()
        for register, states in kept.items():
            for state, declared in states.items():
                told &= ~Q(register=register, state=state) | _unmet(declared)
        open_here |= told
        if model is Spell:  # what is a secret now was one on every day before
            now = NOTHING
            for register, states in kept.items():
                for state, declared in states.items():
                    now |= Q(register=register, state=state) & _met(declared)
            secret = Item.objects.filter(now, campaign=campaign, phase__in=("draft", "void"))
            open_here &= ~Q(item__in=secret.exclude(insider).values("pk"))
    return (Q(campaign=campaign) & open_here) | (~Q(campaign=campaign) & elsewhere)


def _not_in_other_hands(actor: Actor, campaign: Campaign | None) -> Q:
    """Not in a state that is shown to other roles only, or within the reach of a post that has one of them."""
    found = Q()
    if campaign is None:
        return found
    for register, states in pack_of(campaign).kept_to_roles.items():
        for key, state in states.items():
            reaches = [
                reached_by(grant)
                for grant in actor.grants
                if grant.role in state.shown_to and grant.campaign in (None, campaign.pk)
            ]
            if Q() not in reaches:
                hers = reduce(or_, reaches, NOTHING)
                found &= ~Q(campaign=campaign, register=register, state=key) | hers
    return found


def _met(state: State) -> Q:
    """Rows that meet the state's own condition."""
    met = Q()
    for key, values in state.team_only_when.items():
        met &= Q(**{f"data__{key}__in": list(values)})
    return met


def _unmet(state: State) -> Q:
    """Rows that do not: a field of the condition has another value, or none."""
    unmet = NOTHING
    for key, values in state.team_only_when.items():
        unmet |= Q(**{f"data__{key}__isnull": True}) | Q(**{f"data__{key}": None})
        others = [value for value in (True, False) if value not in values]
        if others:
            unmet |= Q(**{f"data__{key}__in": others})
    return unmet


def _insider(actor: Actor, campaign: Campaign) -> Q:
    """Where the actor is one of those to whom a team's own things are known; an empty Q is everywhere."""
    found = NOTHING
    for grant in actor.grants:
        if grant.campaign in (None, campaign.pk) and _inside(grant, campaign):
            if grant.team is None:
                return Q()
            found |= reached_by(grant)
    return found


def _inside(grant: Grant, campaign: Campaign) -> bool:
    """Whether the post is one of a team, or of the campaign's office."""
    if grant.role == SYSTEM:
        return True
    if grant.team is not None:
        return grant.role in TEAM
    return grant.role == OFFICE and grant.unit == campaign.root_id


def is_team_only(pack: Pack, register: str, state: str, data: Mapping[str, Any]) -> bool:
    """Whether an item in this state, with these values, is a team's own."""
    declared = pack.kept_to_teams.get(register, {}).get(state)
    return declared is not None and all(
        data.get(key) in values for key, values in declared.team_only_when.items()
    )


def is_insider(actor: Actor, campaign: Campaign, line: tuple[int, ...]) -> bool:
    """Whether what a team keeps to itself about the unit with this line is known to the actor."""
    return any(
        grant.covers(line)
        for grant in actor.grants
        if grant.campaign in (None, campaign.pk) and _inside(grant, campaign)
    )


def is_kept(pack: Pack, register: str, state: str, data: Mapping[str, Any]) -> bool:
    """Whether an item in this state, with these values, is shown to a team only or to some roles only."""
    return is_team_only(pack, register, state, data) or state in pack.kept_to_roles.get(register, ())


def is_kept_from(
    actor: Actor,
    campaign: Campaign,
    register: str,
    state: str,
    data: Mapping[str, Any],
    line: tuple[int, ...],
) -> bool:
    """Whether an item of the unit with this line, in this state and with these values, is kept from the actor for it."""
    pack = pack_of(campaign)
    if is_team_only(pack, register, state, data) and not is_insider(actor, campaign, line):
        return True
    declared = pack.kept_to_roles.get(register, {}).get(state)
    return declared is not None and not any(
        grant.role in (*declared.shown_to, SYSTEM)
        and grant.campaign in (None, campaign.pk)
        and grant.covers(line)
        for grant in actor.grants
    )


READ_BY = "read_by"
"""Where an item in memory notes the person who was found among its readers when it was read."""


def withheld(actor: Actor, item: Item, campaign: Campaign) -> bool:
    """Whether the item is kept from the actor, whatever lies in their reach. A statement for a restricted item only."""
    if is_kept_from(actor, campaign, item.register, item.state, item.data, item.line):
        return True
    return item.restricted and not reads(actor, item)


def reads(actor: Actor, item: Item) -> bool:
    """Whether the actor is one of the named readers of a restricted item."""
    if actor.person is None:
        return is_system(actor)
    if vars(item).get(READ_BY) == actor.person:
        return True
    return ItemReader.objects.filter(item=item, person=actor.person, ended_batch=None).exists()


def withheld_among(actor: Actor, items: Collection[Item], campaign: Campaign) -> set[int]:
    """The items of `items` that are kept from the actor. At most one statement."""
    found = {
        item.pk
        for item in items
        if is_kept_from(actor, campaign, item.register, item.state, item.data, item.line)
    }
    restricted = {item.pk for item in items if item.restricted}
    if restricted and not is_system(actor):
        mine = ItemReader.objects.filter(item__in=restricted, person=actor.person or 0, ended_batch=None)
        read = set(mine.values_list("item_id", flat=True))
        found |= restricted - read
        for item in items:
            if item.pk in read:
                vars(item)[READ_BY] = actor.person  # the page that asks again asks of this very row
    return found


def readers_among(item: Item, campaign: Campaign, people: Iterable[int]) -> set[int]:
    """Those of `people` who may be told of the item: of a restricted one its readers, of a team's own the insiders,
    of one that is shown to some roles those who hold them there."""
    found = set(people)
    if item.restricted:
        rows = ItemReader.objects.filter(item=item, ended_batch=None, person__in=found)
        found &= set(rows.values_list("person_id", flat=True))
    if found and is_team_only(pack_of(campaign), item.register, item.state, item.data):
        posts = PostRow.objects.filter(
            Q(campaign=campaign) | Q(campaign=None), Q(to_day=None), person__in=found
        )
        at_unit = TeamUnit.objects.filter(unit__in=item.line, to_day=None).values("team")
        inside = posts.filter(
            Q(role=OFFICE, unit=campaign.root_id) | Q(role__in=sorted(TEAM), team__in=at_unit)
        )
        found &= set(inside.values_list("person_id", flat=True))
    declared = pack_of(campaign).kept_to_roles.get(item.register, {}).get(item.state)
    if found and declared is not None:
        posts = PostRow.objects.filter(
            Q(campaign=campaign) | Q(campaign=None), Q(to_day=None), person__in=found
        )
        inside = posts.filter(role__in=declared.shown_to, unit__in=item.line)
        found &= set(inside.values_list("person_id", flat=True))
    return found
