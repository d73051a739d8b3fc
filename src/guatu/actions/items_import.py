"""Many rows of one register at once, as a workbook brings them: new items, edits and new due days in one batch.

The same drafts, checks and door as forms and bulk actions (`item_drafts`, `writing`); what differs is that everything
is asked for all rows together, so that a hundred thousand rows take as many statements as ten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor
from guatu.access.policy import acting_over
from guatu.actions.direct_rows import as_changed, as_entered
from guatu.actions.history import answered
from guatu.actions.item_drafts import (
    Edit,
    NewDrafts,
    NewItem,
    apply_edit,
    first_recorded,
    keep_alike,
    refuse_links,
    restricted_among,
)
from guatu.actions.move_messages import tellings_of_due
from guatu.actions.reach import items_of, load_items, require_reach_all, units_by_code
from guatu.actions.restricting import restrict_alike
from guatu.actions.return_rules import require_not_collecting, require_unreported
from guatu.actions.sign_off import require_unsigned
from guatu.actions.standing import DueChange, due_tracks, refuse_due_kind, require_above
from guatu.actions.writing import Draft, load_past, refuse_seen, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput
from guatu.domain.history import IMPORT
from guatu.domain.words import gettext as _
from guatu.records.bulk import collecting_later
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of it. `batch`: the sequence of the batch, None when there was nothing to write.

    `items`: the new ones first, then those that were changed, in the order given. `again`: the same key was answered
    before; nothing was written now.
    """

    batch: int | None
    items: tuple[Item, ...]
    created: int
    edited: int
    again: bool = False


def apply_rows(
    actor: Actor,
    *,
    campaign: Campaign,
    register: str,
    creates: Sequence[NewItem] = (),
    edits: Sequence[Edit] = (),
    dues: Sequence[DueChange] = (),
    due_kind: str = "entry",
    document: str = "",
    reason: str = "",
    idempotency_key: str | None = None,
) -> Applied:
    """Write new items, edits and due days of one register in one batch: all or nothing.

    Rights are those of `create_items`, `edit_items` and `change_due`; an edit names the version that was seen, and one in
    between is a Conflict. An item may stand in `edits` and in `dues`. `idempotency_key` is the SHA-256 of the file: the
    same key and rows again answer with what was written then, other rows under the same key are a Conflict.
    Raises BadInput for an item of another register or a due change that needs a document or a reason.
    """
    request = _digest(register, creates, edits, dues, due_kind)
    if batch := answered(actor, IMPORT, campaign, idempotency_key, request):
        return _answer(items_of(batch), batch.seq)
    if not creates and not edits and not dues:
        return Applied(None, (), 0, 0)
    day = today(ZoneInfo(campaign.zone))
    if dues:
        refuse_due_kind(due_kind, reason, document)
        if due_kind == "extension":
            raise BadInput(_("导入时的时限变更只能是统一调整或录入更正。延期请在事项页办理。"))
    with collecting_later(len(creates) + len(edits)):
        new, secret = _new(actor, campaign, register, creates, day)
        acting, old = _changed(actor, campaign, register, edits, dues, day, (due_kind, document))
        fills = pack_of(campaign).register(register).fills
        lines = dict.fromkeys(draft.item.unit.line for draft in new)
        if new:
            acting = acting_over(actor, fills, [*lines, *(draft.item.line for draft in old)], campaign)
        told = tellings_of_due(campaign, [(item, item.due, due) for item, due in _redated(old, dues)])
        kept = keep_alike(creates, new, secret)
        with transaction.atomic() if kept else nullcontext():
            batch = write(
                acting,
                action=IMPORT,
                campaign=campaign,
                drafts=[*new, *old],
                reason=reason,
                idempotency_key=idempotency_key,
                request=request,
                tellings=told,
            )
            restrict_alike(
                [(item, source) for item, source in kept if item.pk], actor=actor, campaign=campaign
            )
    if new and new[0].item._state.adding:  # another process has answered the same key in between
        return _answer(items_of(batch), batch.seq)
    return Applied(batch.seq, tuple(draft.item for draft in (*new, *old)), len(new), len(old))


def _answer(items: Sequence[Item], seq: int) -> Applied:
    """What was written then."""
    return Applied(seq, tuple(items), 0, 0, again=True)


def _new(
    actor: Actor, campaign: Campaign, register: str, rows: Sequence[NewItem], day: date
) -> tuple[list[Draft], set[int]]:
    """Drafts of the new items, and which of the items they hang on are restricted."""
    if not rows:
        return [], set()
    if any(row.register != register for row in rows):
        raise BadInput(_("一次导入只能是一个清单的事项。请分开导入。"))
    units = units_by_code({code for row in rows for code in (row.unit, *row.contributing)})
    parents = refuse_links(actor, campaign, rows)
    drafts = NewDrafts(actor, campaign, units, day).of(rows)
    return drafts, {pk for pk, item in parents.items() if item.restricted} | restricted_among(campaign, rows)


def _changed(
    actor: Actor,
    campaign: Campaign,
    register: str,
    edits: Sequence[Edit],
    dues: Sequence[DueChange],
    day: date,
    due_how: tuple[str, str],
) -> tuple[Actor, list[Draft]]:
    """Drafts of the items that are edited or get another due day, one for each; and the actor under their post."""
    if not edits and not dues:
        return actor, []
    edited = {edit.item: edit for edit in edits}
    redated = {change.item: change for change in dues}
    if len(edited) != len(edits) or len(redated) != len(dues):
        raise BadInput(_("同一事项在一次提交中出现了两次。请去掉重复后再提交。"))
    items = load_items(campaign, list(dict.fromkeys([*edited, *redated])))
    if any(item.register != register for item in items.values()):
        raise BadInput(_("一次导入只能是一个清单的事项。请分开导入。"))
    spec, flow = pack_of(campaign).register(register), pack_of(campaign).workflow_of(register)
    acting = actor
    if edited:
        acting = require_reach_all(actor, spec.fills, [items[pk] for pk in edited], campaign)
    if redated:
        require_reach_all(actor, roles_with("change_due"), [items[pk] for pk in redated], campaign)
    drafts = []
    for pk, item in items.items():
        edit, change = edited.get(pk), redated.get(pk)
        if edit is not None:
            refuse_seen(item, edit.version)
            require_unreported(pack_of(campaign), item)
            require_unsigned(actor, campaign, item)
        if change is not None:
            require_not_collecting(pack_of(campaign), item)
            require_above(actor, campaign, item)
        effective = (edit.effective if edit else None) or (change.effective if change else None)
        drafts.append(Draft(item, effective or day, {}))
    load_past(drafts)
    flowing = [
        draft
        for draft in drafts
        if (edit := edited.get(draft.item.pk)) is not None and spec.flow_day in edit.fields
    ]
    recorded = first_recorded(campaign, flowing)
    begins: dict[tuple[int, ...], Mapping[str, Any]] = {}
    for draft in drafts:
        pk = draft.item.pk
        if pk in edited:
            line = draft.item.line
            if line not in begins:
                begins[line] = as_entered(campaign, pack_of(campaign), spec, line, actor)
            noted = as_changed(draft.item.data, begins[line])
            apply_edit(draft, edited[pk], spec, flow, recorded.get(pk), noted)
        if pk in redated:
            if draft.withdraws is not None:
                raise BadInput(
                    _("{number}：发生日期和时限请分两次修改，因为生效日不同。"), number=draft.item.number
                )
            draft.dated.update(due_tracks(draft.item, redated[pk].due, due_how[0]))
            draft.more.update({"due_change": due_how[0], "document": due_how[1]})
    return acting, drafts


def _redated(drafts: Sequence[Draft], dues: Sequence[DueChange]) -> list[tuple[Item, date]]:
    days = {change.item: change.due for change in dues}
    return [(draft.item, days[draft.item.pk]) for draft in drafts if draft.item.pk in days]


def _digest(
    register: str,
    creates: Sequence[NewItem],
    edits: Sequence[Edit],
    dues: Sequence[DueChange],
    due_kind: str,
) -> str:
    """What is asked for, as one hash: the request of a hundred thousand rows is compared as quickly as that of one."""
    rows: list[Any] = [
        [
            row.unit,
            row.title,
            dict(row.fields),
            row.state,
            [str(each or "") for each in (row.effective, row.start, row.due)],
            row.due_kind,
            [row.parent, row.task],
            list(row.contributing),
            row.on_behalf,
            *([dict(row.tracks)] if row.tracks else []),
        ]
        for row in creates
    ]
    changes = [[e.item, dict(e.fields), e.title, e.version, str(e.effective or "")] for e in edits]
    days = [[change.item, change.due.isoformat(), str(change.effective or "")] for change in dues]
    text = json.dumps([register, rows, changes, days, due_kind], ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
