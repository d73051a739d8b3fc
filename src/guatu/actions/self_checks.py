"""Self-check (举一反三): sending a case's question to similar units, and a unit's answer: 无 with a reason, or 有 with an item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, covers, require, visible
from guatu.access.house_language import house_language
from guatu.actions.history import answered, answered_meanwhile
from guatu.actions.items import NewItem, create_items
from guatu.actions.links import NewLink, write_links
from guatu.actions.reach import items_of, load_items, units_by_code
from guatu.actions.workflow import Move, move_items
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.pack.loop import SelfCheck
from guatu.domain.words import gettext as _
from guatu.queries.self_checks import CAPABILITY, OF, OPENED, holders, is_case, require_open, self_check_of
from guatu.records.models import Batch, Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Opened:
    """The item that an answer 有 opens: its title, its due day and its other fields."""

    title: str
    due: date | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)


def send_self_check(
    actor: Actor,
    *,
    campaign: Campaign,
    case: int,
    units: Sequence[str],
    question: str,
    due: date | None,
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Ask each unit (by code) whether it has what the case shows: one item each in one batch, linked with the case.

    The case's own unit and those above and below it are not asked, nor a unit that has been asked about it already. Raises
    BadInput when nobody is left, without a question, or for a due day in the past; NotFound for what is out of reach.
    """
    require(actor, CAPABILITY, campaign=campaign)
    pack = pack_of(campaign)
    spec = self_check_of(pack)
    request = [case, list(units), question, due, reason]
    if batch := answered(actor, "items.create", campaign, idempotency_key, request):
        return items_of(batch)
    found = visible(actor, Item.objects.filter(pk=case, campaign=campaign), campaign).first()
    if found is None:
        raise NotFound()
    if not is_case(pack, found):
        raise BadInput(_("{number} 尚未立项或已撤销，不能发起举一反三。请另选一项。"), number=found.number)
    if found.restricted:
        raise BadInput(
            _("{number} 是受限事项，不能发给其他单位对照自查。请另选一项，或先取消限制。"),
            number=found.number,
        )
    if not question.strip():
        raise BadInput(_("没有填写自查要求。请写明对照什么、检查什么。"))
    if due is None:
        raise BadInput(_("没有填写答复时限。请填写日期，例如 2026-12-31。"))
    day = today(ZoneInfo(campaign.zone))
    if due < day:
        raise BadInput(_("答复时限 {due} 已过。请填今天或以后的日期。"), due=due)
    known = units_by_code(set(units))
    roles = roles_with(CAPABILITY)
    for code, unit in known.items():
        if not covers(actor, roles, unit.line, campaign):
            raise NotFound(_("没有代码为“{code}”的单位，或不在您的查看范围内。请核对单位代码。"), code=code)
    register = pack.register(spec.register_key)
    pointing = register.field(spec.item)
    fields: dict[str, Any] = {spec.question: question.strip()}
    if pointing is not None and pointing.register_key == found.register:
        fields[spec.item] = str(found.public_id)
    with house_language():
        title = _("对照自查：{title}").format(title=found.title)[:300]
    with transaction.atomic():
        # Two at once: the second finds what the first has asked.
        if batch := answered_meanwhile(actor, "items.create", campaign, idempotency_key, request):
            return items_of(batch)
        held = holders(campaign, spec, found) | set(found.line)
        chosen = [
            code
            for code in dict.fromkeys(units)
            if known[code].pk not in held and found.unit_id not in known[code].line
        ]
        if not chosen:
            raise BadInput(_("没有可发的单位：选中的单位都已收到，或就是案例所在单位。请重新选择。"))
        made = create_items(
            actor,
            campaign=campaign,
            rows=[
                NewItem(
                    register=register.key,
                    unit=code,
                    title=title,
                    fields=fields,
                    start=day if register.start else None,
                    due=due,
                )
                for code in chosen
            ],
            reason=reason,
            idempotency_key=idempotency_key,
            request=request,
        )
        write_links(actor, campaign=campaign, links=[NewLink(OF, item.pk, found.pk) for item in made])
    return made


def answer_self_check(
    actor: Actor,
    *,
    campaign: Campaign,
    item: int,
    exists: bool,
    explanation: str,
    opens: Opened | None = None,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> tuple[Item, Item | None]:
    """A unit answers, in one act: 无 with a reason, or 有 with a reason and an item of its own, linked with the answer.

    Answers with the self-check and the item that was opened; the same request answers once, however often it arrives.
    Raises BadInput for a missing reason, for 有 without an item, and as creating and moving do.
    """
    pack = pack_of(campaign)
    spec = self_check_of(pack)
    request = [item, exists, explanation, opens, version]
    action = f"items.move:{spec.answers}"
    if batch := answered(actor, action, campaign, idempotency_key, request):
        return _answer(spec, batch, exists)
    found = load_items(campaign, [item])[item]
    if found.register != spec.register_key:
        raise NotFound()
    if not visible(actor, Item.objects.filter(pk=item), campaign).exists():
        raise NotFound()
    require_open(found)
    if exists and opens is None:
        raise BadInput(
            _("{number} 答“有”的，须同时在“{register}”立项。请填写问题和时限。"),
            number=found.number,
            register=pack.register(spec.opens).label,
        )
    made = None
    with transaction.atomic():
        if batch := answered_meanwhile(actor, action, campaign, idempotency_key, request):
            return _answer(spec, batch, exists)
        if exists and opens is not None:
            flow = pack.workflow_of(spec.opens)
            row = NewItem(
                register=spec.opens,
                unit=found.unit.code,
                title=opens.title,
                fields={**opens.fields, **spec.sets},
                due=opens.due,
                readers_of=found.pk,
                state=next((key for key in flow.initial if flow.phase_of(key) == "open"), ""),
            )
            [made] = create_items(actor, campaign=campaign, rows=[row])
            write_links(actor, campaign=campaign, links=[NewLink(OPENED, made.pk, found.pk)])
        answer = Move(
            found.pk, fields={spec.answer: exists, spec.explanation: explanation.strip()}, version=version
        )
        [moved] = move_items(
            actor,
            campaign=campaign,
            transition=spec.answers,
            moves=[answer],
            idempotency_key=idempotency_key,
            request=request,
        )
    return moved, made


def _answer(spec: SelfCheck, batch: Batch, exists: bool) -> tuple[Item, Item | None]:
    """What the same answer has done already: the self-check, and the item that it opened."""
    item = items_of(batch)[0]
    linked = Item.objects.filter(
        register=spec.opens, links_out__kind=OPENED, links_out__target=item, links_out__ended_batch=None
    )
    return item, linked.order_by("pk").first() if exists else None
