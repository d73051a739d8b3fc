"""A unit answers a request: draft, hand in (报送, 零报告, 不涉及), sign, take back to amend (撤回修改).

A return moves by the function that moves all items; its rows are ordinary items of the register asked for. Handing in does
all of it in one transaction: rows and step; what the rows are recognised as follows from the step (`after_steps`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, seen_among
from guatu.access.house_language import house_language
from guatu.access.transitions import may_move
from guatu.actions.history import next_moment
from guatu.actions.items_import import apply_rows
from guatu.actions.noting import note_items
from guatu.actions.reach import items_of
from guatu.actions.return_rows import Rows, gather_rows
from guatu.actions.workflow import Move, move_items
from guatu.actions.writing import NewEvidence, refuse_seen
from guatu.domain.collection import Form, fits_chain, form_of
from guatu.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from guatu.domain.filling import Filled, Gap, gaps
from guatu.domain.loop_tracks import CELLS, FILLED_BY, FLAWS, FORM, HANDED_AT, SENT_BACK
from guatu.domain.pack import Pack
from guatu.domain.pack.register import Register
from guatu.domain.pack.workflow import Transition
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, ngettext
from guatu.queries.returns import collection_of
from guatu.records.models import Batch, Campaign, FillDraft, Item, LedgerHead, Revision
from guatu.records.packs import pack_of

MOST_MINUTES = 6_000
NOTES = "returns.rows"
"""The action of a batch that takes rows into a return or lets them go."""


def hand_in(
    actor: Actor,
    *,
    campaign: Campaign,
    return_: int,
    answer: str,
    rows: Sequence[Filled] = (),
    explanation: str = "",
    minutes: int | None = None,
    prefilled: int = 0,
    version: int | None = None,
    evidence: Sequence[NewEvidence] = (),
    reason: str = "",
    idempotency_key: str | None = None,
) -> Item:
    """Hand a return in: `answer` data (with its rows), nil or not_applicable (with an explanation). The return as it is now.

    Rows that were handed in before and are not among `rows` leave the return and count nowhere. By a liaison or the office
    for another unit it is 代填: `evidence` must hold the scan of the signed paper, and whoever did so never reviews it.
    `prefilled`: cells taken over from what was held. After a return to the unit `reason` says what was done; without it
    the number of changed cells does. Raises BadInput for what is missing, naming it; Conflict where return or row has changed.
    """
    rows = list(rows)
    request = [return_, answer, [asdict(row) for row in rows], explanation, minutes, reason]
    key = _key(idempotency_key, request)
    item = _own_return(actor, campaign, return_)  # read first: what has come in between is found by its key
    if (done := _answered(campaign, idempotency_key, key)) is not None:
        return done
    refuse_seen(item, version)
    pack = pack_of(campaign)
    spec, form = collection_of(pack), form_asked(item)
    way = step_of(pack, item, spec.hand_in)
    if way is None:
        raise _not_now(pack, item, _("报送"))
    _require_may(actor, campaign, way, item)
    _refuse_answer(form, item, answer, rows, explanation, minutes)
    behalf = is_on_behalf(actor, campaign, way, item)
    if behalf and not any(each.sha256 for each in evidence):
        raise BadInput(
            _("{unit}的报送由您代填，须上传单位负责人签字的纸质表扫描件或照片。请选择文件后再报送。"),
            unit=item.unit.short_name,
        )
    register = pack.register(form.register)
    if answer == "data":
        _refuse_gaps(pack, form, rows)
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(
            pk=1
        )  # the button pressed twice: the second finds the first
        if (done := _answered(campaign, idempotency_key, key)) is not None:
            return done
        found = gather_rows(campaign, item, register, rows, reader=actor, on_behalf=behalf)
        applied = apply_rows(
            actor, campaign=campaign, register=register.key, creates=found.creates, edits=found.edits
        )
        note_items(actor, campaign=campaign, action=NOTES, notes=found.notes)
        tracks: dict[str, Any] = {
            HANDED_AT: f"{next_moment().astimezone(ZoneInfo(campaign.zone)):%Y-%m-%dT%H:%M}",
            CELLS: _cells(form, rows, prefilled, found),
        }
        if item.data.get(FLAWS):
            tracks[FLAWS] = []
        filled_by = {"person": actor.person, "name": actor.name} if behalf else None
        if filled_by != item.data.get(FILLED_BY):
            tracks[FILLED_BY] = filled_by
        fields: dict[str, Any] = {spec.answer: answer, spec.explanation: explanation.strip()}
        if minutes is not None:
            fields[spec.minutes] = minutes
        move = Move(
            item.pk,
            fields=fields,
            evidence=tuple(evidence),
            reason=reason.strip() or _said(item, len(found.differs) + len(applied.items)),
            version=item.version,
            tracks=tracks,
        )
        [moved] = move_items(
            actor, campaign=campaign, transition=way.key, moves=[move], idempotency_key=key or None
        )
        FillDraft.objects.filter(item=item.pk).delete()
    return moved


def was_handed_in(actor: Actor, *, return_: int, key: str) -> bool:
    """Whether this person has handed this return in under this key: then the same again needs no answer but the first."""
    if not key or actor.person is None:
        return False
    steps = Revision.objects.filter(subject_kind="item", subject_id=return_, batch__actor_id=actor.person)
    return steps.filter(batch__idempotency_key__startswith=f"{key}:").exists()


def sign(
    actor: Actor,
    *,
    campaign: Campaign,
    return_: int,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """The unit's head signs what is to be handed in (审签); it goes on to the next of its review chain.

    Raises NotAllowed for anybody else, BadInput for a return that waits for no signature.
    """
    item = _own_return(actor, campaign, return_)
    if (done := _answered(campaign, idempotency_key, idempotency_key or "")) is not None:
        return done
    pack = pack_of(campaign)
    way = step_of(pack, item, collection_of(pack).sign)
    if way is None:
        raise _not_now(pack, item, _("审签"))
    [moved] = move_items(
        actor,
        campaign=campaign,
        transition=way.key,
        moves=[Move(item.pk, version=version)],
        idempotency_key=idempotency_key,
    )
    return moved


def amend(
    actor: Actor,
    *,
    campaign: Campaign,
    return_: int,
    reason: str,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """The unit takes a return back to change it (撤回修改): whatever was reviewed or accepted above is open again.

    Until it is handed in anew it has not been handed in, and its rows count nowhere. Raises BadInput without a reason.
    """
    item = _own_return(actor, campaign, return_)
    if (done := _answered(campaign, idempotency_key, idempotency_key or "")) is not None:
        return done
    pack = pack_of(campaign)
    [moved] = move_items(
        actor,
        campaign=campaign,
        transition=collection_of(pack).amend,
        moves=[Move(item.pk, reason=reason.strip(), version=version)],
        idempotency_key=idempotency_key,
    )
    return moved


def form_asked(item: Item) -> Form:
    """What the request of this return asks; NotFound for a return without a request drawn up under 填报."""
    asked = item.parent.data.get(FORM) if item.parent is not None else None
    if not asked:
        raise NotFound()
    return form_of(asked)


def step_of(pack: Pack, item: Item, keys: Sequence[str]) -> Transition | None:
    """The one of these steps that leads on from the return's state in its review chain."""
    flow = pack.workflow_of(item.register)
    for way in flow.ways_from(item.state):
        if way.key in keys and fits_chain(flow, way, item.state, item.data):
            return way
    return None


def is_on_behalf(actor: Actor, campaign: Campaign, way: Transition, item: Item) -> bool:
    """Whether whoever makes this step stands above the unit and not in it: 代填.

    Fillers fill for all units that they cover; a head, a liaison or the office only for their own.
    """
    grants = [
        grant
        for grant in actor.grants
        if grant.role in way.roles and grant.campaign in (None, campaign.pk) and grant.covers(item.line)
    ]
    return bool(grants) and not any(grant.role == "filler" or grant.unit == item.unit_id for grant in grants)


def _own_return(actor: Actor, campaign: Campaign, return_: int) -> Item:
    """The return, if the actor sees it."""
    rows = Item.objects.filter(
        campaign=campaign, pk=return_, register=collection_of(pack_of(campaign)).returns
    )
    for found in seen_among(actor, rows.select_related("unit", "parent"), campaign):
        found.campaign = campaign
        return found
    raise NotFound()


def _require_may(actor: Actor, campaign: Campaign, way: Transition, item: Item) -> None:
    if not may_move(actor, way, item, campaign):
        raise NotAllowed(
            _("{number} 由{unit}的填报员报送，或由上级联络员代填。"),
            number=item.number,
            unit=item.unit.short_name,
        )


def _not_now(pack: Pack, item: Item, step: str) -> BadInput:
    return BadInput(
        _("{number} 现为“{state}”，不能办理“{label}”。请刷新后查看下一步。"),
        number=item.number,
        state=pack.workflow_of(item.register).states[item.state].label,
        label=step,
    )


def _refuse_answer(
    form: Form, item: Item, answer: str, rows: Sequence[Filled], explanation: str, minutes: int | None
) -> None:
    if answer not in ("data", "nil", "not_applicable"):
        raise BadInput(_("请选择：报送数据、零报告或不涉及。"))
    if answer == "nil" and not form.nil_allowed:
        raise BadInput(_("{number} 不接受零报告：每家单位都要填。请填写后报送。"), number=item.number)
    if answer == "not_applicable" and not explanation.strip():
        raise BadInput(_("报“不涉及”须写明原因。请填写后再报送。"))
    if answer == "data" and not rows:
        raise BadInput(_("还没有填写内容。请填写后再报送；本期没有的，请报“零报告”。"))
    if answer != "data" and rows:
        raise BadInput(_("表中已填有内容，不能报零报告或不涉及。请先删去各行，或直接报送。"))
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise BadInput(
            _("填报用时填的是 {value} 分钟，不在 0 至 {most} 之间。请核对。"),
            value=minutes,
            most=MOST_MINUTES,
        )


def _refuse_gaps(pack: Pack, form: Form, rows: Sequence[Filled]) -> None:
    register, flow = pack.register(form.register), pack.workflow_of(form.register)
    found = gaps(form, register, flow.initial[0], [row.fields for row in rows])
    if not found:
        return
    if all(_is_file(register, gap.field) for gap in found):
        raise BadInput(
            ngettext(
                "还差 {n} 个文件：{fields}。请上传后再报送。",
                "还差 {n} 个文件：{fields}。请上传后再报送。",
                len(found),
            ),
            n=len(found),
            fields=listed(_place(form, gap) for gap in found[:8]),
        )
    if form.rows == "one":
        named = listed(gap.label for gap in found[:8])
        raise BadInput(
            ngettext(
                "还差 {n} 格：{fields}。请填写后再报送，没有的填 0。",
                "还差 {n} 格：{fields}。请填写后再报送，没有的填 0。",
                len(found),
            ),
            n=len(found),
            fields=named,
        )
    named = listed(_place(form, gap) for gap in found[:5])
    raise BadInput(
        ngettext(
            "还差 {n} 格：{fields}。请填写后再报送。", "还差 {n} 格：{fields}。请填写后再报送。", len(found)
        ),
        n=len(found),
        fields=named,
    )


def _is_file(register: Register, key: str) -> bool:
    field = register.field(key)
    return field is not None and field.type == "file"


def _place(form: Form, gap: Gap) -> str:
    """Where a cell is missing: by its field, of many rows with the row's number."""
    if form.rows == "one":
        return gap.label
    return _("第 {row} 行“{field}”").format(row=gap.row + 1, field=gap.label)


def _cells(form: Form, rows: Sequence[Filled], prefilled: int, found: Rows) -> dict[str, Any]:
    """What handing in cost, and what it changed of what had been handed in before."""
    asked = sum(1 for one in form.fields if not one.left_out) * len(rows)
    told: dict[str, Any] = {
        "asked": asked,
        "prefilled": max(0, min(prefilled, asked)),
        "changed": len(found.differs),
        "left_out": sum(1 for one in form.fields if one.left_out),
    }
    return told | ({"differs": list(found.differs)} if found.differs else {})


def _said(item: Item, changed: int) -> str:
    """What was done about what came back, where nobody wrote it: the number of changed cells."""
    if not item.data.get(SENT_BACK) or not changed:
        return ""
    with house_language():
        return _("按退回意见作了修改。")


def _key(given: str | None, request: Any) -> str:
    """The key of the step's batch: what was given, and what was asked under it."""
    if not given:
        return ""
    text = json.dumps(request, ensure_ascii=False, default=str, sort_keys=True)
    return f"{given[:60]}:{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def _answered(campaign: Campaign, given: str | None, key: str) -> Item | None:
    """The return that was handed in under this key; another content under it is refused."""
    if not given:
        return None
    rows = Batch.objects.filter(campaign_key=campaign.key, idempotency_key__startswith=given[:60])
    for batch in rows[:5]:
        if batch.idempotency_key == key:
            return items_of(batch)[0]
        if (batch.idempotency_key or "").startswith(f"{given[:60]}:"):
            raise Conflict(_("提交标识“{key}”已用于另一份内容。请换一个标识后重新提交。"), key=given)
    return None
