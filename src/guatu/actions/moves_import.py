"""Steps that come as a list, from a sheet or the console: all of them or none, each through the function that moves items."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from django.db import transaction

from guatu.access import Actor, visible
from guatu.actions.bulk_verification import evidence_seen
from guatu.actions.workflow import Move, move_items
from guatu.domain.errors import GuatuError, NotFound
from guatu.domain.words import gettext as _
from guatu.records.bulk import in_chunks
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class ListedStep:
    """One row: its number in the sheet, the item's number, the step (key or what its button says), what it is made with.

    `move.item` is filled in when the number has been looked up.
    """

    row: int
    number: str
    step: str
    move: Move = field(default_factory=lambda: Move(0))


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be taken, and why."""

    row: int
    number: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: rows read, what is wrong, and (number, state) of what was moved; nothing was while `bad` has any."""

    read: int
    bad: tuple[BadRow, ...]
    moved: tuple[tuple[str, str], ...] = ()
    written: bool = False


class _Stop(Exception):
    """Leave the transaction without writing."""


def move_listed(
    actor: Actor, *, campaign: Campaign, steps: Sequence[ListedStep], dry_run: bool = False
) -> Outcome:
    """Make the steps in their order, those that follow one another by the same step as one batch. All or nothing.

    Every row is tried first, so that every bad one is named. What comes in one list is verified in bulk, however its
    rows stand (`bulk_verification`). A dry run does all of it and leaves nothing.
    """
    items = _items(actor, campaign, [step.number for step in steps])
    bad = [BadRow(step.row, step.number, str(NotFound())) for step in steps if step.number not in items]
    known = [step for step in steps if step.number in items]
    outcome = Outcome(len(steps), tuple(bad))
    try:
        with transaction.atomic():
            bad += _not_looked_at(actor, campaign, known, items)
            barred = {one.row for one in bad}
            moved = _one_by_one(actor, campaign, [s for s in known if s.row not in barred], items, bad)
            outcome = Outcome(len(steps), tuple(sorted(bad, key=lambda one: one.row)), tuple(moved))
            raise _Stop
    except _Stop:
        pass
    if outcome.bad or dry_run or not steps:
        return outcome
    with transaction.atomic():
        for key, together in _batches(campaign, known, items):
            move_items(actor, campaign=campaign, transition=key, moves=together)
    return replace(outcome, written=True)


def _items(actor: Actor, campaign: Campaign, numbers: Sequence[str]) -> dict[str, Item]:
    found: dict[str, Item] = {}
    for chunk in in_chunks(sorted(set(numbers))):
        rows = visible(actor, Item.objects.filter(campaign=campaign, number__in=chunk), campaign)
        found.update({item.number: item for item in rows})
    return found


def _key(campaign: Campaign, item: Item, step: str) -> str:
    """The key of a step that is written as the pack's key or as its button says."""
    flow = pack_of(campaign).workflow_of(item.register)
    return next((way.key for way in flow.transitions if step in (way.key, way.label)), step)


def _not_looked_at(
    actor: Actor, campaign: Campaign, steps: Sequence[ListedStep], items: dict[str, Item]
) -> list[BadRow]:
    """The rows of a verification of several items whose evidence the verifier has not opened."""
    pack = pack_of(campaign)
    judged: dict[int, ListedStep] = {}
    for step in steps:
        item = items[step.number]
        way = pack.workflow_of(item.register).transition(_key(campaign, item, step.step))
        if way is not None and way.four_eyes:
            judged[item.pk] = step
    rows = [items[step.number] for step in judged.values()]
    bringing = {pk for pk, step in judged.items() if step.move.evidence}
    try:
        evidence_seen(actor, pack, rows, bringing)
    except GuatuError as failure:
        first = min(judged.values(), key=lambda step: step.row)
        return [BadRow(first.row, first.number, str(failure))]
    return []


def _one_by_one(
    actor: Actor,
    campaign: Campaign,
    steps: Sequence[ListedStep],
    items: dict[str, Item],
    bad: list[BadRow],
) -> list[tuple[str, str]]:
    """Try each row on top of those before it; what is refused is told in `bad` and leaves nothing."""
    moved = []
    for step in steps:
        item = items[step.number]
        key = _key(campaign, item, step.step)
        try:
            with transaction.atomic():
                [now] = move_items(
                    actor, campaign=campaign, transition=key, moves=[replace(step.move, item=item.pk)]
                )
        except GuatuError as failure:
            bad.append(BadRow(step.row, step.number, str(failure)))
        else:
            state = pack_of(campaign).workflow_of(item.register).states[now.state].label
            moved.append((step.number, state))
    return moved


def _batches(
    campaign: Campaign, steps: Sequence[ListedStep], items: dict[str, Item]
) -> list[tuple[str, list[Move]]]:
    """Rows that follow one another and make the same step of different items of one register go together."""
    found: list[tuple[str, list[Move]]] = []
    last: tuple[str, str] | None = None
    for step in steps:
        item = items[step.number]
        key = _key(campaign, item, step.step)
        move = replace(step.move, item=item.pk)
        if last == (key, item.register) and all(other.item != item.pk for other in found[-1][1]):
            found[-1][1].append(move)
        else:
            found.append((key, [move]))
        last = (key, item.register)
    return found


def no_rows() -> str:
    """What is said of a list without rows."""
    return _("表头下面没有事项。请填写编号和办理后重试。")
