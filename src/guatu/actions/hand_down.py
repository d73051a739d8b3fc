"""Handing a key task down (分解下达): one unit task per unit, all in one batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from guatu.access import Actor, covers, require, visible
from guatu.access.house_language import house_language
from guatu.actions.items import NewItem, create_items
from guatu.actions.reach import items_of, units_by_code
from guatu.domain.capabilities import BUSINESS, roles_with
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.words import gettext as _
from guatu.queries.hand_down import CAPABILITY, holders, registers_of
from guatu.records.models import Batch, Campaign, Item, LedgerHead
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class HandedDown:
    """The unit tasks that were made, and the codes of units that held one already."""

    items: tuple[Item, ...]
    skipped: tuple[str, ...]


def hand_down(
    actor: Actor,
    *,
    campaign: Campaign,
    task: int,
    units: Sequence[str],
    due: date | None,
    start: date | None = None,
    title: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> HandedDown:
    """Make one task of the wall's register under the key task `task` for each unit (by code), in one batch.

    The title is the key task's own unless one is given. A unit that holds a task under it already gets no second one,
    so a repeated request does no harm; two at the same moment are told apart by their key, as everywhere.
    Raises BadInput when nothing is left to hand down, when the key task is closed, or when `due` lies before `start`.
    """
    require(actor, CAPABILITY, campaign=campaign)
    columns, tasks = registers_of(pack_of(campaign))
    key = visible(actor, Item.objects.filter(pk=task, campaign=campaign), campaign).first()
    if key is None:
        raise NotFound()
    if key.register != columns.key or key.phase in ("closed", "void"):
        raise BadInput(
            _("{number}“{title}”已办结或不是“{columns}”，不能分解下达。请另选一项。"),
            number=key.number,
            title=key.title,
            columns=columns.label,
        )
    if start is not None and due is not None and due < start:
        raise BadInput(_("时限 {due} 早于开始日 {start}。请核对。"), due=due, start=start)
    known = units_by_code(set(units))
    roles = roles_with(CAPABILITY)
    for code in dict.fromkeys(units):
        if not covers(actor, roles, known[code].line, campaign):
            if not covers(actor, BUSINESS, known[code].line, campaign):
                raise NotFound(
                    _("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code
                )
            raise NotAllowed(
                _("您的身份（{post}）不能向{unit}下达任务。请联系集团办公室。"),
                post=actor.post_label,
                unit=known[code].short_name,
            )
    with house_language():
        told = _("分解下达：{number}").format(number=key.number)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # two at once: the second finds what the first has made
        held = holders(campaign, key)
        chosen = [code for code in dict.fromkeys(units) if known[code].pk not in held]
        if not chosen and (done := _done_before(actor, key, idempotency_key)):
            return HandedDown(done, ())
        if not chosen:
            raise BadInput(_("没有要下达的单位：选中的单位都已有这项任务，或没有选单位。请重新选择。"))
        rows = [
            NewItem(
                register=tasks.key,
                unit=code,
                title=title.strip() or key.title,
                start=start if tasks.start else None,
                due=due,
                parent=key.pk,
                task=key.pk,
            )
            for code in chosen
        ]
        made = create_items(
            actor,
            campaign=campaign,
            rows=rows,
            reason=reason or told,
            idempotency_key=idempotency_key,
        )
    return HandedDown(tuple(made), tuple(code for code in dict.fromkeys(units) if known[code].pk in held))


def _done_before(actor: Actor, task: Item, key: str | None) -> tuple[Item, ...]:
    """What this person has handed down of the task under the same key: the same click once more. Empty for nothing."""
    rows = Batch.objects.filter(actor_id=actor.person, action="items.create", idempotency_key=key)
    batch = rows.first() if key else None
    return tuple(item for item in items_of(batch) if item.parent_id == task.pk) if batch else ()
