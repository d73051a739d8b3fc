"""Items that are merged, annulled or split: what is done at once, by whoever the pack or the table lets do it directly.

Numbers stay: a merged item keeps its number and says into which one it went, a split one lives on as its first part.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from uuid6 import uuid7

from guatu.access import Actor, covers, visible
from guatu.access.proposals import stands_over
from guatu.access.secrecy import withheld
from guatu.actions.links import NewLink, write_links
from guatu.actions.reach import load_items, require_reach, units_by_code
from guatu.actions.return_rules import require_not_collecting, require_unreported
from guatu.actions.standing import refuse_lead
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import Draft, load_past, plain_of, write
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed, NotFound
from guatu.domain.history import timeline
from guatu.domain.loop_tracks import BASIS, track
from guatu.domain.pack.register import CHOICE_TYPES, Register
from guatu.domain.pack.workflow import Workflow
from guatu.domain.proposals import MERGE, RULES, SPLIT, VOID
from guatu.domain.spells import BASE_DUE, DUE, FIELD, STATE, UNIT
from guatu.domain.words import gettext as _
from guatu.queries.proposal_checks import MOST_PARTS, Part, Wanted, way_to, why_not
from guatu.records.models import Campaign, Item, Link, Unit
from guatu.records.packs import pack_of


def merge_items(
    actor: Actor, *, campaign: Campaign, items: Sequence[int], into: int, reason: str
) -> list[Item]:
    """Merge items into another one of the same register: each takes the pack's step into its merged state and is linked.

    Directly for whoever the pack lets make that step and who stands above the unit (the office, where it says so the
    liaison), with a reason; the unit's side proposes it. Raises NotFound for a target out of sight, BadInput for one
    that is closed: what is still open would vanish into it unproved.
    """
    target = visible(actor, Item.objects.filter(campaign=campaign, pk=into), campaign).first()
    if target is None:
        raise NotFound()
    refuse_target(target)
    found = _checked(campaign, items, Wanted(MERGE, into=into))
    for item in found.values():
        if item.register != target.register:
            raise BadInput(
                _("{number} 与 {target} 不在同一本清单，不能并案。请另选一项。"),
                number=item.number,
                target=target.number,
            )
    with transaction.atomic():
        write_links(
            actor, campaign=campaign, links=[NewLink(Link.Kind.MERGED_INTO, pk, into) for pk in found]
        )
        return _step_out(actor, campaign, found, MERGE, reason)


def refuse_target(target: Item) -> None:
    """Refuse to merge into an item that is void, or done: nothing is dealt with in it any more."""
    if target.phase == "void":
        raise BadInput(_("{number} 已撤销或并案，不能再并入它。请另选一项。"), number=target.number)
    if target.phase == "closed":
        raise BadInput(_("{number} 已办结，不能再并入它。请另选一项。"), number=target.number)


def void_items(actor: Actor, *, campaign: Campaign, items: Sequence[int], reason: str) -> list[Item]:
    """Annul items by the pack's step, with a reason: directly for whoever the pack lets make it."""
    found = _checked(campaign, items, Wanted(VOID))
    with transaction.atomic():
        return _step_out(actor, campaign, found, VOID, reason)


def split_item(
    actor: Actor, *, campaign: Campaign, item: int, parts: Sequence[Part], title: str = "", reason: str
) -> list[Item]:
    """Divide an item: it lives on as the first part, each of `parts` becomes an item linked with it (`split_from`).

    Needs a post above the lead unit that may decide a split (domain/proposals.py). The parts begin as the pack's first
    open state says, with the item's classification, its plan and the fields they need; each has its lead, title and due.
    """
    found = load_items(campaign, [item])[item]
    if withheld(actor, found, campaign):
        raise NotFound()
    if not stands_over(actor, RULES[SPLIT].decides, found.line, campaign):
        require_reach(actor, (), found, campaign)
    wanted = Wanted(SPLIT, parts=tuple(parts))
    refusal = why_not(campaign, found, wanted, today(ZoneInfo(campaign.zone)))
    if refusal:
        raise BadInput(_("{number}：{why}"), number=found.number, why=refusal)
    require_not_collecting(pack_of(campaign), found)
    require_unreported(pack_of(campaign), found)
    refuse_parts(parts)
    units = units_by_code({part.unit for part in parts})
    day = today(ZoneInfo(campaign.zone))
    for part in parts:
        require_part(actor, campaign, found, units[part.unit], day)
    source = Draft(found, day, {}, more={"split": len(parts), "reason": reason})
    load_past([source])
    if title.strip() and title.strip() != found.title:
        found.title = title.strip()[:300]
        source.plain = plain_of(found, timeline(source.past.entries).plain.get("data", {}))
    drafts = [_part(campaign, found, part, units[part.unit], day) for part in parts]
    with transaction.atomic():
        write(actor, action="items.split", campaign=campaign, drafts=[source, *drafts], reason=reason)
        made = [draft.item for draft in drafts]
        links = [NewLink(Link.Kind.SPLIT_FROM, one.pk, found.pk) for one in made]
        write_links(actor, campaign=campaign, links=links)
    return made


def refuse_parts(parts: Sequence[Part]) -> None:
    """Refuse a split without parts, with too many, or with one that has no title."""
    if not parts:
        raise BadInput(_("没有填写拆分出的部分。请至少填写一部分的名称和牵头单位。"))
    if len(parts) > MOST_PARTS:
        raise BadInput(
            _("一次最多拆出 {most} 部分，填了 {n} 部分。请分几次办理。"), most=MOST_PARTS, n=len(parts)
        )
    for place, part in enumerate(parts, 1):
        if not part.title.strip():
            raise BadInput(_("第 {place} 部分没有名称。请填写后再提交。"), place=place)


def require_part(actor: Actor, campaign: Campaign, item: Item, unit: Unit, day: date) -> None:
    """Refuse a part's lead unit that the actor does not reach, or that cannot lead such an item."""
    roles = RULES[SPLIT].decides
    if not covers(actor, roles, unit.line, campaign):
        raise NotAllowed(
            _("{unit}不在您的范围内，不能由它牵头拆出的部分。请由办公室办理，或另选单位。"),
            unit=unit.short_name,
        )
    refuse_lead(campaign, item.register, unit, day)


def _checked(campaign: Campaign, items: Sequence[int], wanted: Wanted) -> dict[int, Item]:
    if not items:
        raise BadInput(_("没有选中事项。请回到清单勾选后再办理。"))
    found = load_items(campaign, items)
    day = today(ZoneInfo(campaign.zone))
    for item in found.values():
        refusal = why_not(campaign, item, wanted, day)
        if refusal:
            raise BadInput(_("{number}：{why}"), number=item.number, why=refusal)
    return {pk: found[pk] for pk in items}


def _step_out(actor: Actor, campaign: Campaign, found: dict[int, Item], kind: str, reason: str) -> list[Item]:
    """Move items out of the book by the pack's steps; one batch for each step."""
    pack = pack_of(campaign)
    by_way: dict[str, list[int]] = {}
    for pk, item in found.items():
        way = way_to(kind, pack.workflow_of(item.register), item.state)
        assert way is not None  # `_checked` has asked
        by_way.setdefault(way.key, []).append(pk)
    moved: list[Item] = []
    for key, pks in by_way.items():
        moved += move_items(
            actor,
            campaign=campaign,
            transition=key,
            moves=[Move(pk, version=found[pk].version) for pk in pks],
            reason=reason,
        )
    return moved


def _part(campaign: Campaign, source: Item, part: Part, unit: Unit, day: date) -> Draft:
    """The first draft of a part."""
    pack = pack_of(campaign)
    register, flow = pack.register(source.register), pack.workflow_of(source.register)
    state = _first_state(flow)
    data = _inherited(register, state, source.data)
    item = Item(
        public_id=uuid.UUID(int=uuid7().int),
        campaign=campaign,
        register=source.register,
        number="",
        title=part.title.strip()[:300],
        unit=unit,
        parent_id=source.parent_id,
        task_id=source.task_id,
        start=source.start,
        version=1,
    )
    dated_keys = {each.key for each in register.fields if each.dated}
    dated: dict[str, Any] = {
        STATE: {"key": state, "phase": flow.phase_of(state), "round": 1},
        UNIT: unit.pk,
        **{FIELD + key: value for key, value in data.items() if key in dated_keys},
    }
    if (
        source.data.get(BASIS) is not None
    ):  # a part has been looked at by nobody that has not looked at the whole
        dated[track(BASIS)] = source.data[BASIS]
    if part.due is not None:
        dated[DUE] = dated[BASE_DUE] = part.due.isoformat()
    plain = plain_of(item, {key: value for key, value in data.items() if key not in dated_keys})
    return Draft(item, day, dated, plain=plain, more={"prefix": register.prefix})


def _first_state(flow: Workflow) -> str:
    """The first state of its kind that counts as open: what is split has been filed already."""
    return next((state for state in flow.initial if flow.phase_of(state) == "open"), flow.initial[0])


def _inherited(register: Register, state: str, data: dict[str, Any]) -> dict[str, Any]:
    """What a part takes over: its classification and what it may not be without; private values never."""
    return {
        field.key: data[field.key]
        for field in register.fields
        if data.get(field.key) not in (None, "", [])
        and not field.private
        and (field.type in CHOICE_TYPES or field.is_required(state, data))
    }
