"""Superiors' forms (上级表样): taking one in, saying what goes where in it, putting it out of use.

The workbook itself lies in the file store under its hash and is never changed. docs/decisions/0150-superior-forms.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from django.db import transaction
from uuid6 import uuid7

from guatu.access import Actor, require
from guatu.actions.history import Change, answered, body_text, heads, record
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, Conflict, NotAllowed
from guatu.domain.pack import Pack
from guatu.domain.superior_form import FormMapping, as_json, column_of, require_sound
from guatu.domain.words import gettext as _
from guatu.queries.registers import register_of
from guatu.queries.superior_forms import (
    CAPABILITY,
    KEEP,
    column_choices,
    figure_choices,
    form_of,
    may_change,
    unit_choices,
)
from guatu.queries.unit_tree import unit_tree
from guatu.queries.verify.superior_forms import form_said
from guatu.records.files import path_of
from guatu.records.models import Campaign, SuperiorForm
from guatu.records.packs import pack_of

LONGEST_TITLE, LONGEST_NAME = 120, 200


def keep_form(
    actor: Actor,
    *,
    campaign: Campaign,
    title: str,
    file: str,
    file_name: str,
    idempotency_key: str | None = None,
) -> SuperiorForm:
    """Take a form in: `file` is the SHA-256 of a workbook that lies in the file store already. It is mapped afterwards.

    Raises BadInput without a title, for one that is too long or in use, and for a file that is not there.
    """
    require(actor, CAPABILITY, campaign=campaign)
    title, request = " ".join(title.split()), [title, file, file_name]
    if batch := answered(actor, KEEP, campaign, idempotency_key, request):
        return SuperiorForm.objects.get(batch_seq=batch.seq, version=1)
    if not title:
        raise BadInput(_("没有填写表样名称。请填写，例如“月度进展情况表”。"))
    if len(title) > LONGEST_TITLE:
        raise BadInput(_("表样名称有 {n} 字，最多 {most} 字。请缩短。"), n=len(title), most=LONGEST_TITLE)
    if not _stored(file):
        raise BadInput(_("没有收到表样文件。请重新上传。"))
    with transaction.atomic():
        if SuperiorForm.objects.filter(campaign=campaign, title=title, ended_batch=None).exists():
            raise BadInput(_("已有名为“{title}”的表样。请换一个名称，或先停用原来的表样。"), title=title)
        row = SuperiorForm.objects.create(
            public_id=UUID(int=uuid7().int),
            campaign=campaign,
            title=title,
            file=file,
            file_name=file_name[:LONGEST_NAME],
            batch_seq=0,
        )
        change = Change("form", row.pk, 0, "", today(), body_text({}, form_said(row)))
        batch = record(
            actor,
            action=KEEP,
            campaign=campaign,
            changes=[change],
            idempotency_key=idempotency_key,
            request=request,
        )
        row.batch_seq = batch.seq
        row.save(update_fields=["batch_seq"])
    return row


def map_form(
    actor: Actor, *, campaign: Campaign, form: UUID, mapping: FormMapping, version: int | None = None
) -> SuperiorForm:
    """Say what goes where in the form. `version` is the one that the actor saw: Conflict if it was mapped since.

    Raises NotFound for a form that is not kept here, NotAllowed for somebody else's, BadInput for a register, column,
    figure or unit that there is none of. Whether the form has these rows and cells, the maker of the file checks.
    """
    require(actor, CAPABILITY, campaign=campaign)
    require_sound(mapping)
    _require_known(campaign, pack_of(campaign), mapping)
    with transaction.atomic():
        row = _locked(actor, campaign, form)
        if version is not None and version != row.version:
            raise Conflict(_("表样“{title}”的对应关系刚被他人修改。请刷新后核对，再保存。"), title=row.title)
        row.mapping = as_json(mapping)
        row.register = mapping.register if mapping.kind == "list" else ""
        return _revised(actor, campaign, row, "form.map")


def withdraw_form(actor: Actor, *, campaign: Campaign, form: UUID, reason: str) -> SuperiorForm:
    """Put the form out of use; what was exported with it stays. Raises BadInput without a reason."""
    require(actor, CAPABILITY, campaign=campaign)
    if not reason.strip():
        raise BadInput(_("没有写明停用的原因。请填写，例如“上级已换新表”。"))
    with transaction.atomic():
        return _revised(actor, campaign, _locked(actor, campaign, form), "form.withdraw", reason.strip())


def _stored(file: str) -> bool:
    try:
        return path_of(file).is_file()
    except ValueError:
        return False


def _locked(actor: Actor, campaign: Campaign, form: UUID) -> SuperiorForm:
    row = SuperiorForm.objects.select_for_update().get(pk=form_of(actor, campaign, form).pk)
    if not may_change(actor, campaign, row):
        raise NotAllowed(_("表样“{title}”由他人上传，只有上传人和办公室可以修改。").format(title=row.title))
    return row


def _revised(
    actor: Actor, campaign: Campaign, row: SuperiorForm, action: str, reason: str = ""
) -> SuperiorForm:
    """Record what the row now says."""
    head = heads("form", [row.pk])[row.pk]
    ends = action == "form.withdraw"
    said = form_said(row, ended=ends)
    change = Change("form", row.pk, head.version, head.hash, today(), body_text({}, said))
    batch = record(actor, action=action, campaign=campaign, changes=[change], reason=reason)
    row.version, row.batch_seq = head.version + 1, batch.seq
    row.ended_batch = batch.seq if ends else None
    row.save()
    return row


def _require_known(campaign: Campaign, pack: Pack, mapping: FormMapping) -> None:
    """Refuse what the campaign does not know."""
    offered: Mapping[str, str] = {}
    if mapping.kind == "list":
        offered = column_choices(pack, register_of(pack, mapping.register).key)
    elif mapping.kind == "units":
        offered = unit_choices(pack)
        levels = {option.key for option in pack.head.levels}
        if not mapping.units and mapping.level not in levels:
            raise BadInput(_("没有选定按哪一级单位填写。请选定层级，或逐行选定单位。"))
    for at, key in mapping.columns:
        column_of(at)
        if key not in offered:
            raise BadInput(
                _("{column} 列选的“{value}”不在可填的内容之中。请重新选定。"), column=at, value=key[:40]
            )
    figures = figure_choices(pack)
    for one in mapping.cells:
        if one.source == "figure" and one.key not in figures:
            raise BadInput(
                _("单元格 {cell} 选的统计项“{value}”不存在。请重新选定。"), cell=one.cell, value=one.key[:40]
            )
    codes = {code for _row, code in mapping.units} | {one.unit for one in mapping.cells if one.unit}
    if codes:
        tree = unit_tree(campaign, today())
        for code in codes:
            tree.by_code(code)
