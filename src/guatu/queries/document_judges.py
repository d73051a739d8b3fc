"""Who may check, countersign and sign a document (回避): whoever may make the step, has not drafted it, and made none of
those before it.

The same rule three times: as words for who is refused, as a predicate for desks, so that nobody is asked for what would be
refused, and as names of those who may.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q, Subquery

from guatu.access import Actor
from guatu.access.policy import NOTHING
from guatu.access.transitions import acting, rows_to_move
from guatu.domain.loop_tracks import BODY, track
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.addressees import holders
from guatu.queries.document_drafters import MOVE, Hands, hands
from guatu.queries.four_eyes import Sides
from guatu.queries.waiting import asked
from guatu.records.models import Campaign, Item, Revision


def is_judged(pack: Pack, register: str, way: Transition) -> bool:
    """Whether this is a step of a document that its drafters may not make."""
    spec = pack.loop.documents
    return (
        spec is not None and register == spec.register_key and way.key in (*spec.check, spec.agree, spec.sign)
    )


def earlier_steps(pack: Pack, way: Transition) -> tuple[str, ...]:
    """The steps whose makers leave this one to others: who checked does not countersign, who did either does not sign."""
    spec = pack.loop.documents
    if spec is None or way.key in spec.check:
        return ()
    agree = (spec.agree,) if spec.agree and way.key == spec.sign else ()
    return (*spec.check, *agree)


def left_out(pack: Pack, way: Transition, done: Hands) -> frozenset[int]:
    """The persons who may not make the step."""
    return done.drafted | done.who(earlier_steps(pack, way))


def bars(actor: Actor, campaign: Campaign, item: Item, way: Transition, persons: Collection[int]) -> bool:
    """Whether one of `persons` stands behind the actor, under the post with which they would make the step."""
    under = acting(actor, [(way, item)], campaign) or actor
    return not frozenset(persons).isdisjoint(Sides.of(under).persons)


def why_barred(actor: Actor, campaign: Campaign, pack: Pack, item: Item, way: Transition, done: Hands) -> str:
    """The sentence for whoever drafted it or made an earlier step: who can make this one instead. One statement."""
    names = others_for(campaign, item, way, left_out(pack, way, done))
    drafted = bars(actor, campaign, item, way, done.drafted)
    if names:
        told = (
            _("{number} 由您拟稿，按回避要求不能由您办理“{label}”。可由{people}办理。")
            if drafted
            else _("{number} 的前一步由您办理，“{label}”要由另一个人办理。可由{people}办理。")
        )
        return told.format(number=item.number, label=way.label, people=listed(names))
    roles = listed(pack.role_label(role) for role in way.roles)
    told = (
        _(
            "{number} 由您拟稿，按回避要求不能由您办理“{label}”。现在没有别人能办，请给另一位同志设置身份：{roles}。"
        )
        if drafted
        else _(
            "{number} 的前一步由您办理，“{label}”要由另一个人办理。现在没有别人能办，请给另一位同志设置身份：{roles}。"
        )
    )
    return told.format(number=item.number, label=way.label, roles=roles)


def refused_to(actor: Actor, campaign: Campaign, pack: Pack, item: Item, way: Transition) -> str:
    """Why the actor may not make this step of a document; empty if they may, and for any other item or step."""
    if not is_judged(pack, item.register, way):
        return ""
    done = hands(pack, item)
    if not bars(actor, campaign, item, way, left_out(pack, way, done)):
        return ""
    return why_barred(actor, campaign, pack, item, way, done)


def others_for(campaign: Campaign, item: Item, way: Transition, drafted: Collection[int]) -> tuple[str, ...]:
    """The names of those who are asked for the step when those who drafted are left out, five at most. One statement."""
    rows = [row for row in holders(campaign, item.line, way.roles) if row.person not in drafted]
    names = [row.name for row in asked(way, item.line, campaign.root_id, rows)]
    return tuple(dict.fromkeys(names))[:5]


def rows_to_judge(person: Actor, way: Transition, campaign: Campaign, pack: Pack) -> Q:
    """What lies on the person's desk for this step, without what they drafted, or brought a step before it, themselves or for
    somebody whose post they hold.
    """
    found = NOTHING
    for giver in dict.fromkeys(grant.giver for grant in person.grants):
        grants = tuple(grant for grant in person.grants if grant.giver == giver)
        rows = rows_to_move(replace(person, grants=grants), way, campaign, desk=True)
        if rows == NOTHING:
            continue
        behind = [one for one in (person.person, giver) if one is not None]
        found |= rows & ~Q(_handled(pack, way, behind))
    return found


def _handled(pack: Pack, way: Transition, persons: Collection[int]) -> Exists:
    """`left_out` over rows of spells: one of these began it, handed it in, wrote before that step, or made an earlier one."""
    spec = pack.loop.documents
    assert spec is not None
    hand_in = f"{MOVE}{spec.hand_in}"
    later = Revision.objects.filter(
        subject_kind="item",
        subject_id=OuterRef("subject_id"),
        version__gt=OuterRef("version"),
        batch__action__startswith=MOVE,
    )
    theirs = Revision.objects.filter(
        subject_kind="item", subject_id=OuterRef("item_id"), batch__actor_id__in=persons
    ).annotate(then=Subquery(later.order_by("version").values("batch__action")[:1]))
    wrote = Q(body__contains=f'"{track(BODY)}"', then=hand_in)
    made = Q(batch__action__in=[hand_in, *(f"{MOVE}{key}" for key in earlier_steps(pack, way))])
    return Exists(theirs.filter(Q(version=1) | made | wrote).order_by())
