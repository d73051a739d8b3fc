"""What follows a step in the same transaction: the item above, who is told, what goes on below.

Called at one place, by the function that moves items. What a step must not do without (an answer 有 without its item) is
refused here, and nothing of it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from guatu.access import Actor
from guatu.access.house_language import house_language
from guatu.access.system import system_actor
from guatu.actions.item_above import open_above
from guatu.actions.messages import Telling, tell_all
from guatu.actions.row_basis import lift_rows
from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import ASKED, LISTED_ON
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.queries.addressees import people_of
from guatu.queries.referrals import DONE, referring_registers, waiting_below
from guatu.records.models import Campaign, Item, Link, Unit
from guatu.records.packs import pack_of

OWN = ("filler", "head")
"""Who is told in the unit itself."""


@dataclass(frozen=True, slots=True)
class Made:
    """A step that was made: the item as it is now, and the words that were given with it."""

    item: Item
    way: Transition
    reason: str = ""


def together(
    pack: Pack, ways: Mapping[int, Transition], items: Iterable[Item]
) -> AbstractContextManager[object]:
    """One transaction for the step and what follows it; nothing where nothing follows."""
    follows = any(
        _follows(pack, item, ways[item.pk]) or _is_stage(pack, item) or _is_collecting(pack, item)
        for item in items
    )
    return transaction.atomic() if follows else nullcontext()


def follow(actor: Actor, *, campaign: Campaign, steps: Sequence[Made]) -> None:
    """What follows these steps, inside the caller's transaction. Raises BadInput where a step may not stand alone."""
    pack = pack_of(campaign)
    staged = [made.item.parent_id for made in steps if made.item.parent_id and _is_stage(pack, made.item)]
    if staged:
        from guatu.actions.due_kinds import follow_stages  # that module moves items

        follow_stages(campaign, staged)
    returns = [made for made in steps if _is_return(pack, made.item)]
    if returns:
        lift_rows(
            actor,
            campaign=campaign,
            returns=[made.item for made in returns],
            reason=returns[0].reason if len(returns) == 1 else "",
        )
    for made in steps:
        if made.item.phase == "void" and _is_request(pack, made.item):
            _release(actor, campaign, pack, made)
    mine = [made for made in steps if _follows(pack, made.item, made.way)]
    if not mine:
        return
    _refuse_bare_answers(pack, mine)
    open_above(actor, campaign, [(made.item, made.way, made.reason) for made in mine])
    told = [one for made in mine for one in _told(campaign, pack, made)]
    tell_all(told, campaign=campaign, by=actor)
    done = [made.item.pk for made in mine if made.item.phase in DONE]
    if done:
        resume_below(campaign, done)


def resume_below(campaign: Campaign, done: Sequence[int]) -> list[Item]:
    """What was referred to these solved items and waits for nothing else goes on: to be looked at again, never closed.

    The unit's clock runs again; whoever fills there is told. What has no evidence of its own cannot apply.
    """
    from guatu.actions.workflow import Move, move_items  # that module asks this one what follows a step

    pack = pack_of(campaign)
    if pack.loop.problems is None:
        return []
    flow = pack.workflow_of(pack.loop.problems)
    moved: list[Item] = []
    for way in (way for way in flow.transitions if way.auto == "solved_above"):
        waiting = waiting_below(done, campaign, way.origins)
        if waiting:
            with house_language():
                said = _("上级事项已办结，请重新核对。")
            moved += move_items(
                system_actor(),
                campaign=campaign,
                transition=way.key,
                moves=[Move(item.pk, reason=said) for item in waiting],
            )
    return moved


def _is_return(pack: Pack, item: Item) -> bool:
    """Whether it is a return: what it carries is recognised as far as it has come, by whatever door it was moved."""
    return pack.loop.collection is not None and item.register == pack.loop.collection.returns


def _is_request(pack: Pack, item: Item) -> bool:
    """Whether it is a request: annulled, it releases those that have not answered."""
    return pack.loop.collection is not None and item.register == pack.loop.collection.requests


def _is_collecting(pack: Pack, item: Item) -> bool:
    return _is_return(pack, item) or _is_request(pack, item)


def _release(actor: Actor, campaign: Campaign, pack: Pack, made: Made) -> None:
    """Take the units that have not answered off the roster of a request that is annulled: they owe nothing any more."""
    from guatu.actions.workflow import Move, move_items  # that module asks this one what follows a step

    spec = pack.loop.collection
    owing = Item.objects.filter(campaign=campaign, parent=made.item, phase="open").order_by("pk")
    found = list(owing.values_list("pk", flat=True))
    if spec is not None and found:
        with house_language():
            said = made.reason or _("报送任务已撤销。")
        moves = [Move(pk, reason=said) for pk in found]
        move_items(actor, campaign=campaign, transition=spec.reduce, moves=moves, reason=said)


def _is_stage(pack: Pack, item: Item) -> bool:
    """Whether the item is a stage of the one above it, whose due day follows the next stage."""
    return pack.register(item.register).milestones and item.parent_id is not None


def _follows(pack: Pack, item: Item, way: Transition) -> bool:
    spec, check = pack.loop.referral, pack.loop.self_check
    if check is not None and item.register == check.register_key:
        return way.key == check.answers
    if spec is None or item.register not in (spec.register_key, *referring_registers(pack)):
        return False
    if pack.workflow_of(item.register).phase_of(way.to) in DONE:
        return True
    steps = {spec.ask, spec.claim, spec.decline, spec.assign, spec.answer}
    return item.register != spec.register_key and (
        way.key in steps or way.auto in ("unanswered", "solved_above")
    )


def _refuse_bare_answers(pack: Pack, steps: Sequence[Made]) -> None:
    """有 without the item that it opens is no answer."""
    check = pack.loop.self_check
    if check is None:
        return
    found = [
        made.item
        for made in steps
        if made.item.register == check.register_key and made.item.data.get(check.answer) is True
    ]
    if not found:
        return
    opened = set(
        Link.objects.filter(
            kind=Link.Kind.FOUND_IN,
            target__in=[item.pk for item in found],
            source__register=check.opens,
            source__unit=F("target__unit"),
            ended_batch=None,
        )
        .exclude(source__phase="void")
        .values_list("target", flat=True)
    )
    for item in found:
        if item.pk not in opened:
            raise BadInput(
                _("{number} 答“有”的，须同时在“{register}”立项。请打开答复页填写。"),
                number=item.number,
                register=pack.register(check.opens).label,
            )


def _told(campaign: Campaign, pack: Pack, made: Made) -> list[Telling]:
    """Who is told of a step of a referral, and what."""
    spec, item, way = pack.loop.referral, made.item, made.way
    if spec is None or item.register not in referring_registers(pack):
        return []
    claim = pack.workflow_of(item.register).transition(spec.claim)
    words = {"reason": made.reason}
    if way.key == spec.ask or way.auto == "unanswered":
        asked = item.data.get(ASKED)
        roles = claim.roles if claim is not None else ()
        found = []
        if asked in item.line:
            line = item.line[: item.line.index(asked) + 1]
            kind = "referred" if way.key == spec.ask else "passed_on"
            found.append(Telling(people_of(campaign, line, roles), kind, item.pk, words))
        elif item.data.get(LISTED_ON):
            found.append(Telling(_office(campaign), "to_coordinate", item.pk, words))
        if way.auto:
            place = Unit.objects.filter(pk=asked).values_list("short_name", flat=True).first()
            words = {"unit": place or pack.words.office}
            found.append(Telling(people_of(campaign, item, OWN), "asked_further", item.pk, words))
        return found
    kinds = {spec.claim: "claimed", spec.assign: "claimed", spec.decline: "declined", spec.answer: "answered"}
    kind = "solved_above" if way.auto == "solved_above" else kinds.get(way.key, "")
    if not kind:
        return []
    found = [Telling(people_of(campaign, item, OWN), kind, item.pk, words)]
    if way.key == spec.decline and item.data.get(LISTED_ON):
        found.append(Telling(_office(campaign), "to_coordinate", item.pk, words))
    return found


def _office(campaign: Campaign) -> set[int]:
    return people_of(campaign, campaign.root.line, ("office",))
