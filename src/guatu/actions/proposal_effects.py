"""What each kind of proposal asks for, checked when it is asked, and done when it is granted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from guatu.access import Actor, visible
from guatu.actions.due_kinds import refuse_due_kind, set_due_kind
from guatu.actions.reach import units_by_code
from guatu.actions.restructuring import merge_items, refuse_parts, refuse_target, split_item, void_items
from guatu.actions.standing import DueChange, change_due, refuse_lead, transfer_items
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.proposals import (
    DUE_KIND,
    EXTENSION,
    MERGE,
    OFFICE_DUE_KINDS,
    SPLIT,
    TRANSFER,
    VOID,
)
from guatu.domain.words import gettext as _
from guatu.queries.proposal_checks import Part, Wanted, way_to
from guatu.records.models import Campaign, Item, Proposal, Unit
from guatu.records.packs import pack_of


def refuse_wanted(
    actor: Actor, campaign: Campaign, items: Sequence[Item], wanted: Wanted, day: date
) -> Unit | None:
    """Refuse what is incomplete or names what cannot be; the receiving unit of a transfer, else None."""
    if wanted.kind == EXTENSION and wanted.due is None:
        raise BadInput(_("还没有填新的时限。请填成 2023-12-31 的样子。"))
    if wanted.kind == DUE_KIND and not wanted.due_kind:
        raise BadInput(_("没有选定时限类型。请选定后再提交。"))
    if wanted.kind == DUE_KIND:
        for item in items:
            refuse_due_kind(pack_of(campaign), item, wanted.due_kind, wanted.due)
    if wanted.kind == TRANSFER:
        if not wanted.to:
            raise BadInput(_("没有选定承接单位。请填写单位名称或代码。"))
        receiver = units_by_code({wanted.to})[wanted.to]
        for register in sorted({item.register for item in items}):
            refuse_lead(campaign, register, receiver, day)
        return receiver
    if wanted.kind == SPLIT:
        refuse_parts(wanted.parts)
        units = units_by_code({part.unit for part in wanted.parts})
        for part in wanted.parts:
            refuse_lead(campaign, items[0].register, units[part.unit], day)
    if wanted.kind == MERGE:
        _refuse_target(actor, campaign, items, wanted.into)
    return None


def _refuse_target(actor: Actor, campaign: Campaign, items: Sequence[Item], into: int | None) -> None:
    if into is None:
        raise BadInput(_("没有填写并入哪一项。请填写事项编号。"))
    target = visible(actor, Item.objects.filter(campaign=campaign, pk=into), campaign).first()
    if target is None:
        raise NotFound()
    refuse_target(target)
    for item in items:
        if item.register != target.register:
            raise BadInput(
                _("{number} 与 {target} 不在同一本清单，不能并案。请另选一项。"),
                number=item.number,
                target=target.number,
            )


def payload_of(campaign: Campaign, items: Sequence[Item], wanted: Wanted) -> dict[str, Any]:
    """What is asked for, as the row keeps it. `office`: only the office may decide it.

    So it is where several units are concerned, where the kind of deadline asks for it, and where the pack lets the
    liaison not make the step.
    """
    payload: dict[str, Any] = {}
    if wanted.due is not None and wanted.kind in (EXTENSION, DUE_KIND):
        payload["due"] = wanted.due.isoformat()
    if wanted.kind == DUE_KIND:
        payload["due_kind"] = wanted.due_kind
    if wanted.kind == TRANSFER:
        payload["to"] = wanted.to
    if wanted.kind == MERGE:
        payload["into"] = wanted.into
    if wanted.kind == SPLIT:
        payload["title"] = wanted.title.strip()[:300]
        payload["parts"] = [
            {
                "unit": part.unit,
                "title": part.title.strip()[:300],
                "due": part.due.isoformat() if part.due else None,
            }
            for part in wanted.parts
        ]
    if _for_the_office(campaign, items, wanted):
        payload["office"] = True
    return payload


def _for_the_office(campaign: Campaign, items: Sequence[Item], wanted: Wanted) -> bool:
    units = {item.unit_id for item in items}
    if wanted.kind == MERGE:
        units |= set(Item.objects.filter(pk=wanted.into or 0).values_list("unit_id", flat=True))
        pack = pack_of(campaign)
        ways = [way_to(MERGE, pack.workflow_of(item.register), item.state) for item in items]
        if any(way is None or "liaison" not in way.roles for way in ways):
            return True
    if wanted.kind == SPLIT:
        above = set(items[0].line[:-1])  # whoever decides has to reach every part
        return any(
            not above <= set(unit.line)
            for unit in Unit.objects.filter(code__in=[part.unit for part in wanted.parts])
        )
    return len(units) > 1 or wanted.due_kind in OFFICE_DUE_KINDS


def wanted_of(row: Proposal) -> Wanted:
    """What the row asks for."""
    said = row.payload
    return Wanted(
        kind=row.kind,
        due=_day(said.get("due")),
        due_kind=said.get("due_kind", ""),
        to=said.get("to", ""),
        into=said.get("into"),
        parts=tuple(
            Part(part["unit"], part["title"], _day(part.get("due"))) for part in said.get("parts", ())
        ),
        title=said.get("title", ""),
    )


def carry_out(actor: Actor, campaign: Campaign, row: Proposal, wanted: Wanted, reason: str) -> list[int]:
    """Do what was granted, by the actions that do it directly; the primary keys of items that it made."""
    if wanted.kind == EXTENSION and wanted.due is not None:
        change = DueChange(row.items[0], wanted.due, asked=row.proposed_on)
        change_due(actor, campaign=campaign, changes=[change], kind="extension", reason=reason)
    elif wanted.kind == DUE_KIND:
        set_due_kind(
            actor,
            campaign=campaign,
            item=row.items[0],
            kind=wanted.due_kind,
            reason=reason,
            due=wanted.due,
        )
    elif wanted.kind == TRANSFER:
        transfer_items(actor, campaign=campaign, items=row.items, to=wanted.to, reason=reason)
    elif wanted.kind == MERGE and wanted.into is not None:
        merge_items(actor, campaign=campaign, items=row.items, into=wanted.into, reason=reason)
    elif wanted.kind == VOID:
        void_items(actor, campaign=campaign, items=row.items, reason=reason)
    elif wanted.kind == SPLIT:
        made = split_item(
            actor,
            campaign=campaign,
            item=row.items[0],
            parts=wanted.parts,
            title=wanted.title,
            reason=reason,
        )
        return [item.pk for item in made]
    return []


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
