"""Requests (报送任务): drawing one up, sending it to a roster, adding to the roster and taking off it, moving its cut-off.

A request and its returns are items; what is asked stands in the request's track `@form`. The roster is the returns: fixed
when the request is sent, and changed afterwards by 核增 and 核减 only, with a reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from guatu.access import Actor, require, visible
from guatu.access.house_language import house_language
from guatu.actions.history import answered
from guatu.actions.items import Edit, NewItem, create_items, edit_items
from guatu.actions.noting import note_items
from guatu.actions.pack_changes import add_register
from guatu.actions.reach import items_of
from guatu.actions.request_tellings import tell_asked
from guatu.actions.roster_rows import refuse_held, rows_for
from guatu.actions.workflow import Move, move_items
from guatu.domain.asked_figures import asked_of, register_of_figures
from guatu.domain.clock import now, today
from guatu.domain.collection import Form
from guatu.domain.errors import BadInput, GuatuError, NotFound
from guatu.domain.loop_tracks import CUT_OFF, FORM
from guatu.domain.pack import Pack
from guatu.domain.pack.growing import labelled
from guatu.domain.words import gettext as _
from guatu.queries.request_check import cost_of
from guatu.queries.request_limits import refuse_over_limit
from guatu.queries.returns import collection_of, form_of_request
from guatu.records.models import Campaign, Item, LedgerHead
from guatu.records.packs import pack_of, written_pack

CAPABILITY = "collect"
CUT_OFF_ACTION = "requests.cut_off"
DRAFT_ACTION = "requests.draft"
UNITS = "units"
"""In `Form.more` while a request is drawn up: the codes of the units that have been chosen."""


def draft_request(
    actor: Actor,
    *,
    campaign: Campaign,
    unit: str,
    title: str,
    form: Form,
    units: Sequence[str] = (),
    instructions: str = "",
    document: str = "",
    request: int | None = None,
    version: int | None = None,
    idempotency_key: str | None = None,
) -> Item:
    """Draw a request up for the unit that asks (by code), or draw `request` up anew; nobody is asked yet.

    Raises BadInput for a form that does not fit the pack; NotFound and NotAllowed as for creating and editing items;
    Conflict where `version` is not the one that stands.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    require(actor, CAPABILITY, campaign=campaign)
    refuse_form(pack, form)
    if not title.strip():
        raise BadInput(_("没有填写任务名称。请写明要报什么，例如“十一月经营指标月报”。"))
    plain = replace(form, more={**form.more, UNITS: list(dict.fromkeys(units))}).plain()
    fields = {spec.instructions: instructions.strip(), **_document(pack, document)}
    if request is None:
        row = NewItem(
            register=spec.requests,
            unit=unit,
            title=title.strip(),
            fields=fields,
            start=today(ZoneInfo(campaign.zone)),
            due=form.cut_off.date(),
            tracks={FORM: plain},
        )
        return create_items(actor, campaign=campaign, rows=[row], idempotency_key=idempotency_key)[0]
    found = request_in_hand(actor, campaign, request)
    _refuse_sent(pack, found)
    with transaction.atomic():
        edit = Edit(found.pk, fields=fields, title=title, version=version or found.version)
        [found] = edit_items(actor, campaign=campaign, edits=[edit])
        changed = note_items(
            actor,
            campaign=campaign,
            action=DRAFT_ACTION,
            notes={found.pk: {FORM: plain}},
            due=form.cut_off.date(),
            versions={found.pk: found.version},
        )
    return changed[0] if changed else found


def draft_from_figures(
    actor: Actor,
    *,
    campaign: Campaign,
    unit: str,
    title: str,
    figures: Sequence[str],
    form: Form,
    units: Sequence[str] = (),
    instructions: str = "",
    document: str = "",
    idempotency_key: str | None = None,
) -> Item:
    """Draw up a request of figures (by key): a register of its own is added to the pack, each field filled by its figure.

    Of `form` all but register and fields holds. `campaign` is brought up to date. Register and request are made together
    or not at all, under one key once; refused as `add_register` and `draft_request` are.
    """
    pack = pack_of(campaign)
    levels = [level.key for level in pack.head.levels[1:]]
    if not title.strip():
        raise BadInput(_("没有填写任务名称。请写明要报什么，例如“十一月经营指标月报”。"))
    with house_language():
        register = register_of_figures(pack, title.strip()[:60], figures, levels)
    before = (campaign.pack, campaign.version)
    try:
        with transaction.atomic():
            add_register(
                actor,
                campaign=campaign,
                register=register,
                reason=title.strip(),
                refit=True,
                idempotency_key=f"{idempotency_key}-register" if idempotency_key else None,
            )
            made = labelled(written_pack(campaign), register.label)
            return draft_request(
                actor,
                campaign=campaign,
                unit=unit,
                title=title,
                form=replace(form, register=made.key, fields=asked_of(made), rows="one"),
                units=units,
                instructions=instructions,
                document=document,
                idempotency_key=idempotency_key,
            )
    except GuatuError:
        campaign.pack, campaign.version = before
        raise


def send_request(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    units: Sequence[str],
    reason: str = "",
    idempotency_key: str | None = None,
) -> list[Item]:
    """Send a request that has been drawn up: one return for each unit (by code), in one batch. The roster stands.

    Raises BadInput without units, for a unit that is not below the one that asks or that is over the installation's
    limit, and for a cut-off that has passed. The same key again answers with the same returns.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    found = request_in_hand(actor, campaign, request)
    form = form_of_request(found)
    rows = rows_for(actor, campaign, pack, found, form, units)
    if batch := answered(actor, "items.create", campaign, idempotency_key, rows):
        return items_of(batch)
    _refuse_sent(pack, found)
    refuse_past(campaign, form)
    if not rows:
        raise BadInput(_("没有选报送单位。请按板块、层级或单位选择，再看名单。"))
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)  # two requests at once: the second counts the first
        refuse_over_limit(campaign, [row.unit for row in rows], form, today(ZoneInfo(campaign.zone)))
        minutes = cost_of(campaign, form, len(rows)).minutes
        more = {key: value for key, value in form.more.items() if key != UNITS}
        plain = replace(form, minutes=minutes, more=more).plain()
        move_items(
            actor,
            campaign=campaign,
            transition=spec.send,
            moves=[Move(found.pk, tracks={FORM: plain}, version=found.version)],
            reason=reason,
        )
        made = create_items(
            actor, campaign=campaign, rows=rows, reason=reason, idempotency_key=idempotency_key
        )
        tell_asked(actor, campaign, made)
    return made


def amend_roster(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    reason: str,
    add: Sequence[str] = (),
    reduce: Sequence[int] = (),
    idempotency_key: str | None = None,
) -> list[Item]:
    """Change the roster of a request that has been sent: 核增 units (by code), 核减 returns (by key), with a reason.

    Answers with the returns that were added and those taken off. What a return taken off carried counts no longer.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    found = request_in_hand(actor, campaign, request)
    form = form_of_request(found)
    rows = rows_for(actor, campaign, pack, found, form, add)
    moves = [Move(pk, reason=reason) for pk in dict.fromkeys(reduce)]
    off_key = f"{idempotency_key}:off" if idempotency_key else None
    done = [
        answered(actor, "items.create", campaign, idempotency_key, rows) if rows else None,
        answered(actor, f"items.move:{spec.reduce}", campaign, off_key, [None, reason, moves])
        if moves
        else None,
    ]
    if any(done):
        return [item for batch in done if batch is not None for item in items_of(batch)]
    if pack.workflow_of(spec.requests).phase_of(found.state) != "open":
        raise BadInput(
            _("{number} 现为“{state}”，不能改应报单位名单。"),
            number=found.number,
            state=pack.workflow_of(spec.requests).states[found.state].label,
        )
    if not reason.strip():
        raise BadInput(_("改应报单位名单须写明原因。请填写后再提交。"))
    if not add and not reduce:
        raise BadInput(_("没有选要核增或核减的单位。请选择后再提交。"))
    with transaction.atomic():
        LedgerHead.objects.select_for_update().get(pk=1)
        refuse_held(campaign, spec.returns, found, rows)
        changed: list[Item] = []
        if rows:
            changed += create_items(
                actor, campaign=campaign, rows=rows, reason=reason, idempotency_key=idempotency_key
            )
            tell_asked(actor, campaign, changed)
        if reduce:
            own = set(
                Item.objects.filter(campaign=campaign, parent=found, pk__in=list(reduce)).values_list(
                    "pk", flat=True
                )
            )
            if own != set(reduce):
                raise NotFound()
            gone = move_items(
                actor,
                campaign=campaign,
                transition=spec.reduce,
                moves=moves,
                reason=reason,
                idempotency_key=off_key,
            )
            changed += gone
    return changed


def change_cut_off(
    actor: Actor,
    *,
    campaign: Campaign,
    request: int,
    cut_off: datetime,
    second_due: date | None,
    reason: str,
    idempotency_key: str | None = None,
) -> list[Item]:
    """Move the cut-off (local, without a zone) of a request that has been sent, and of every return on its roster.

    What had been handed in between the old moment and the new is in time or late by the new one from today on; an earlier
    known-at keeps the old. Raises BadInput without a reason, for a moment that has passed, and where nothing changes.
    """
    pack = pack_of(campaign)
    spec = collection_of(pack)
    found = request_in_hand(actor, campaign, request)
    form = form_of_request(found)
    if not reason.strip():
        raise BadInput(_("调整截止时间须写明原因。请填写后再提交。"))
    changed = replace(form, cut_off=cut_off, second_due=second_due)
    until = cut_off.isoformat(timespec="minutes")
    notes: dict[int, Mapping[str, Any]] = {found.pk: {FORM: changed.plain()}}
    returns = Item.objects.filter(campaign=campaign, register=spec.returns, parent=found)
    for pk in returns.exclude(phase="void").order_by("pk").values_list("pk", flat=True):
        notes[pk] = {CUT_OFF: until}
    asked = [notes, cut_off.date()]
    if batch := answered(actor, CUT_OFF_ACTION, campaign, idempotency_key, asked):
        return items_of(batch)
    if changed == form:
        raise BadInput(_("截止时间没有变化。请改成新的日期或时刻后再提交。"))
    if pack.workflow_of(spec.requests).phase_of(found.state) != "open":
        raise BadInput(
            _("{number} 现为“{state}”，不能调整截止时间。"),
            number=found.number,
            state=pack.workflow_of(spec.requests).states[found.state].label,
        )
    refuse_form(pack, changed)
    refuse_past(campaign, changed)
    return note_items(
        actor,
        campaign=campaign,
        action=CUT_OFF_ACTION,
        notes=notes,
        due=cut_off.date(),
        versions={found.pk: found.version},
        reason=reason,
        idempotency_key=idempotency_key,
    )


def finish_request(actor: Actor, *, campaign: Campaign, request: int) -> Item:
    """Close a request: nothing more is expected. What is missing stays missing."""
    spec = collection_of(pack_of(campaign))
    found = request_in_hand(actor, campaign, request)
    return move_items(actor, campaign=campaign, transition=spec.finish, moves=[Move(found.pk)])[0]


def request_in_hand(actor: Actor, campaign: Campaign, request: int) -> Item:
    """The request, if the actor sees it and asks for its unit; NotFound for any other item, NotAllowed without the right."""
    spec = collection_of(pack_of(campaign))
    rows = Item.objects.select_related("unit").filter(pk=request, campaign=campaign, register=spec.requests)
    found = visible(actor, rows, campaign).first()
    if found is None:
        raise NotFound()
    require(actor, CAPABILITY, found.unit, campaign)
    return found


def refuse_form(pack: Pack, form: Form) -> None:
    """Refuse a form that the pack cannot carry: an unknown register or field, nothing asked, deadlines that cross."""
    spec = collection_of(pack)
    register = pack.registers.get(form.register)
    if register is None or form.register in (spec.requests, spec.returns):
        raise BadInput(_("没有“{register}”这个清单。请另选要报的清单。"), register=form.register)
    for asked in form.fields:
        declared = register.field(asked.field)
        if declared is None:
            raise BadInput(
                _("“{register}”没有“{field}”这个字段。请重新选择。"),
                register=register.label,
                field=asked.field,
            )
    if all(asked.left_out for asked in form.fields):
        raise BadInput(_("没有要填的内容：没有选字段，或选的都已去掉。请至少保留一项。"))
    if form.second_due is not None and form.second_due > form.cut_off.date():
        raise BadInput(
            _("二级公司时限 {second} 晚于截止时间 {cut_off}。请改早，或不设。"),
            second=form.second_due,
            cut_off=f"{form.cut_off:%Y-%m-%d %H:%M}",
        )
    if not form.chain:
        raise BadInput(_("没有选由谁审核。请至少选一级。"))


def refuse_past(campaign: Campaign, form: Form) -> None:
    """Refuse a cut-off that has passed."""
    moment = now(ZoneInfo(campaign.zone)).replace(tzinfo=None)
    if form.cut_off <= moment:
        raise BadInput(_("截止时间 {cut_off} 已过。请改到以后。"), cut_off=f"{form.cut_off:%Y-%m-%d %H:%M}")


def _refuse_sent(pack: Pack, request: Item) -> None:
    flow = pack.workflow_of(request.register)
    if flow.phase_of(request.state) != "draft":
        raise BadInput(
            _(
                "{number} 现为“{state}”，不能再改要求或再发。要改名单的，请核增、核减；要改时间的，请调整截止时间。"
            ),
            number=request.number,
            state=flow.states[request.state].label,
        )


def _document(pack: Pack, document: str) -> dict[str, str]:
    """The basis document, where the register of requests has a field for it."""
    key = collection_of(pack).document
    return {key: document.strip()} if key is not None else {}
