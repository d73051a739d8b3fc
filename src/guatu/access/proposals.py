"""Who may propose, consent, decide: the table of `domain/proposals.py` read with a person's posts.

Nobody decides or consents to what they asked for themselves: not by a second post, not under a delegation of whoever
asked, and not if whoever asked stood in for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db.models import Q

from guatu.access.actor import Actor, Grant
from guatu.access.policy import NOTHING, visible
from guatu.domain.proposals import CONSENTED, OFFICE, OPEN_STATES, RULES, WAITING, reaches_from_above
from guatu.records.models import Campaign, Item, Proposal

Line = tuple[int, ...]


def proposing(actor: Actor, kind: str, lines: Iterable[Line], campaign: Campaign) -> Grant | None:
    """The post by which the actor may propose this of items led by units with these lines; None without one."""
    wanted, rule = list(lines), RULES[kind]
    return next(
        (
            grant
            for grant in _grants(actor, rule.proposes, campaign)
            if grant.team is None and wanted and all(grant.covers(line) for line in wanted)
        ),
        None,
    )


def consenting(actor: Actor, row: Proposal, campaign: Campaign) -> Grant | None:
    """The post by which the actor may answer for the receiving unit; None without one."""
    rule = RULES[row.kind]
    if row.receiver is None or row.state != WAITING or actor.person in behind(row):
        return None
    line = row.receiver.line
    return next(
        (
            grant
            for grant in _grants(actor, rule.consents, campaign)
            if grant.giver not in behind(row) and grant.team is None and grant.covers(line)
        ),
        None,
    )


def deciding(actor: Actor, row: Proposal, items: Iterable[Item], campaign: Campaign) -> Grant | None:
    """The post by which the actor may decide the proposal on these items (all that it names); None without one."""
    rule = RULES[row.kind]
    if row.state not in OPEN_STATES or actor.person in behind(row):
        return None
    lines = [item.line for item in items]
    if row.receiver is not None:
        lines.append(row.receiver.line)
    roles = (OFFICE,) if row.payload.get("office") else rule.decides
    return next(
        (
            grant
            for grant in _grants(actor, roles, campaign)
            if grant.giver not in behind(row) and all(_above(grant, line, campaign) for line in lines)
        ),
        None,
    )


def stands_over(actor: Actor, roles: Iterable[str], line: Line, campaign: Campaign) -> bool:
    """Whether one of the actor's posts with one of `roles` stands above the unit with this line (`reaches_from_above`)."""
    return any(_above(grant, line, campaign) for grant in _grants(actor, roles, campaign))


def behind(row: Proposal) -> frozenset[int]:
    """Whoever asked: the person, and whom that person stood in for."""
    return frozenset({one for one in (row.proposer_id, row.payload.get("giver")) if one is not None})


def rows_to_consent(actor: Actor, campaign: Campaign) -> Q:
    """Proposals that wait for the actor's answer as the receiving unit."""
    found = NOTHING
    for key, rule in RULES.items():
        for grant in _grants(actor, rule.consents, campaign):
            if grant.team is None and (reach := _reach(grant, "receiver__")) is not None:
                found |= Q(kind=key, state=WAITING) & reach & ~_asked(actor, grant)
    return found


def rows_to_decide(actor: Actor, campaign: Campaign) -> Q:
    """Proposals that wait for the actor's decision, as far as the first item tells."""
    found = NOTHING
    for key, rule in RULES.items():
        state = CONSENTED if rule.consents else WAITING
        for grant in _grants(actor, rule.decides, campaign):
            reach = _reach(grant, "item__")
            if grant.team is not None or reach is None:
                continue
            if grant.unit is not None:
                own = Q(item__unit=grant.unit)
                of_root = grant.role == OFFICE and grant.unit == campaign.root_id
                reach = reach if of_root else reach & ~own
            if grant.role != OFFICE:
                reach &= ~Q(payload__has_key="office")
            if rule.consents and (over := _reach(grant, "receiver__")) is not None:
                reach &= over
            found |= Q(kind=key, state=state) & reach & ~_asked(actor, grant)
    return found


def proposals_seen(actor: Actor, campaign: Campaign) -> Q:
    """Proposals that exist for the actor: of items in sight, of the receiving unit, and one's own."""
    items = visible(actor, Item.objects.filter(campaign=campaign), campaign).values("pk")
    mine = Q(proposer_id=actor.person) if actor.person is not None else NOTHING
    received = NOTHING
    for rule in RULES.values():
        for grant in _grants(actor, rule.consents, campaign):
            if grant.team is None and (reach := _reach(grant, "receiver__")) is not None:
                received |= reach
    return Q(campaign=campaign) & (Q(item__in=items) | mine | received)


def _above(grant: Grant, line: Line, campaign: Campaign) -> bool:
    if grant.team is not None:
        return False
    return grant.everywhere or reaches_from_above(grant.unit, line, campaign.root_id, grant.role)


def _grants(actor: Actor, roles: Iterable[str], campaign: Campaign) -> Iterator[Grant]:
    wanted = frozenset(roles)
    return (grant for grant in actor.grants if grant.role in wanted and grant.campaign in (None, campaign.pk))


def _reach(grant: Grant, prefix: str) -> Q | None:
    """The rows whose unit (by the columns behind `prefix`) lies in the grant's reach; None for none at all."""
    if grant.everywhere:
        return Q()
    if grant.unit is None or not grant.line:
        return None
    return Q(**{f"{prefix}a{len(grant.line)}": grant.unit})


def _asked(actor: Actor, grant: Grant) -> Q:
    """What the actor, or whom they stand in for by this post, asked for, or had asked for."""
    people = [one for one in (actor.person, grant.giver) if one is not None]
    # A key that is not there compares as unknown, and the opposite of unknown is unknown too.
    return Q(proposer_id__in=people) | Q(payload__has_key="giver", payload__giver__in=people)
