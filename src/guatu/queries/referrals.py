"""What has been referred upward: who may claim it, what above it is linked to, and what is ready to go on below."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q

from guatu.access import Actor
from guatu.access.policy import NOTHING
from guatu.domain.loop_tracks import ASKED
from guatu.domain.pack import Pack
from guatu.domain.pack.loop import Referral
from guatu.domain.pack.workflow import Transition
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item, Link, Revision

UP = Link.Kind.REFERRED_UP_TO
DONE = ("closed", "void")


def referring_registers(pack: Pack) -> tuple[str, ...]:
    """The registers whose items can be referred upward: that of problems, and those that follow the same workflow."""
    problems = pack.loop.problems
    if pack.loop.referral is None or problems is None:
        return ()
    flow = pack.register(problems).workflow
    return tuple(key for key, register in pack.registers.items() if register.workflow == flow)


def referral_of(pack: Pack, register: str) -> Referral | None:
    """What the pack says of referring items of this register upward; None where that cannot be done."""
    return pack.loop.referral if register in referring_registers(pack) else None


def claim_step(pack: Pack) -> Transition | None:
    """The step by which a unit above claims; None in a campaign without referral."""
    spec, problems = pack.loop.referral, pack.loop.problems
    if spec is None or problems is None:
        return None
    return pack.workflow_of(problems).transition(spec.claim)


def asked_rows(actor: Actor, campaign: Campaign, way: Transition) -> Q:
    """Items that one of the actor's own units has been asked to claim and has not answered, over rows with `data`."""
    units = sorted(
        {
            grant.unit
            for grant in actor.grants
            if grant.unit is not None and grant.role in way.roles and grant.campaign in (None, campaign.pk)
        }
    )
    return Q(**{f"data__{ASKED}__in": units}) if units else NOTHING


def still_above(items: Iterable[int]) -> set[int]:
    """Those of the items that are linked to something above that is not done yet. One statement."""
    rows = Link.objects.filter(kind=UP, source__in=list(items), ended_batch=None)
    return set(rows.exclude(target__phase__in=DONE).values_list("source", flat=True))


def linked_above(item: int) -> set[int]:
    """The items above that the item has been linked to, done ones too. One statement."""
    rows = Link.objects.filter(kind=UP, source=item, ended_batch=None)
    return set(rows.values_list("target", flat=True))


def last_asked(items: Collection[int], step: str) -> dict[int, str]:
    """What each of the items asked for when it was referred upward last. One statement, none without items."""
    found: dict[int, str] = {}
    for chunk in in_chunks(sorted(items)):
        rows = Revision.objects.filter(
            subject_kind="item", subject_id__in=chunk, batch__action=f"items.move:{step}"
        )
        for subject, body, reason in rows.order_by("version").values_list(
            "subject_id", "body", "batch__reason"
        ):
            found[subject] = str(json.loads(body).get("reason") or reason)
    return found


def waiting_below(done: Collection[int], campaign: Campaign, states: Collection[str]) -> list[Item]:
    """Items in one of `states` that were referred to one of `done` and have nothing open above any more. One statement."""
    open_above = Link.objects.filter(kind=UP, source=OuterRef("pk"), ended_batch=None).exclude(
        target__phase__in=DONE
    )
    rows = Item.objects.filter(
        campaign=campaign,
        state__in=states,
        links_out__kind=UP,
        links_out__target__in=list(done),
        links_out__ended_batch=None,
    )
    return list(rows.filter(~Exists(open_above)).distinct())
