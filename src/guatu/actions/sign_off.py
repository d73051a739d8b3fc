"""Sign-off on paper: the sheet's version code against what stands now, and the way back to the version that was signed."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from guatu.access import Actor, covers
from guatu.actions.reach import load_items, require_reach
from guatu.actions.return_rules import require_unreported
from guatu.actions.values import require_filled
from guatu.actions.writing import Draft, load_past, plain_of, refuse_seen, write
from guatu.domain.capabilities import roles_with
from guatu.domain.clock import today
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.history import timeline
from guatu.domain.spells import FIELD
from guatu.domain.version_codes import read_code
from guatu.domain.words import gettext as _
from guatu.domain.words import listed
from guatu.queries.item_history import past_of
from guatu.queries.signed_versions import code_of_version, compared, differences, said_in
from guatu.records.models import Campaign, Item
from guatu.records.packs import pack_of


class SignedOther(BadInput):
    """The sheet was signed for another content. `signed` is its version, `restorable`: it can be brought back."""

    def __init__(self, signed: int, now: int, labels: tuple[str, ...], restorable: bool) -> None:
        self.signed, self.restorable, self.labels = signed, restorable, labels
        told = (
            _(
                "签字版为第 {signed} 版，数据已改至第 {now} 版（{count} 处）。请重新打印签字，或恢复第 {signed} 版。"
            )
            if restorable
            else _("签字版为第 {signed} 版，数据已改至第 {now} 版（{count} 处：{places}）。请重新打印签字。")
        )
        super().__init__(told, signed=signed, now=now, count=len(labels), places=listed(labels))


def require_signed(item: Item, sheet: str) -> None:
    """Refuse a sheet that belongs to another item or another content than what stands now.

    Raises BadInput without a code, for one that is none or not of this item, SignedOther where the data differ.
    """
    if not sheet.strip():
        raise BadInput(
            _("{number}：没有填写版本码。请照签字版右上角填写，再上传签章件。"), number=item.number
        )
    code = read_code(sheet)
    if code.number != item.number:
        raise BadInput(
            _("版本码 {code} 是 {other} 的，不是 {number} 的。请核对签章件后重新填写。"),
            code=str(code),
            other=code.number,
            number=item.number,
        )
    known = code_of_version(item, code.version)
    if known is None or known.check != code.check:
        raise BadInput(
            _("版本码 {code} 与 {number} 的任何一版都对不上。请核对签字版右上角的字样。"),
            code=str(code),
            number=item.number,
        )
    found = differences(pack_of(item.campaign).register(item.register), item, code.version)
    if found:
        raise SignedOther(code.version, item.version, found.labels, found.restorable)


def require_unsigned(actor: Actor, campaign: Campaign, item: Item) -> None:
    """Refuse to change what the head has signed: while it is judged and afterwards only the office corrects it."""
    pack = pack_of(campaign)
    flow = pack.workflow_of(item.register)
    if flow.is_signed(item.state) and not covers(actor, roles_with("correct_history"), item.line, campaign):
        raise NotAllowed(
            _("{number} 现为“{state}”，内容已经审签，只能由{office}更正。要改的，请核验人退回。"),
            number=item.number,
            state=flow.states[item.state].label,
            office=pack.words.office,
        )


def restore_version(
    actor: Actor, *, campaign: Campaign, item: int, version: int, seen: int | None = None
) -> Item:
    """Write the field values of an earlier version back: a revision of its own that says which version it restores.

    `seen`: the version that the person saw. Raises BadInput for a version that does not exist, that says what stands
    already, or that differs in more than fields (units, deadline, round, evidence).
    """
    found = load_items(campaign, [item])[item]
    pack = pack_of(campaign)
    register, flow = pack.register(found.register), pack.workflow_of(found.register)
    require_reach(actor, register.fills, found, campaign)
    refuse_seen(found, seen)
    require_unreported(pack, found)
    require_unsigned(actor, campaign, found)
    past = past_of(found.pk, None)
    if not 1 <= version <= found.version:
        raise BadInput(
            _("{number} 没有第 {version} 版。请核对后再恢复。"), number=found.number, version=version
        )
    old = said_in(past, register, version)
    apart = compared(register, old, said_in(past, register, found.version))
    if not apart:
        raise BadInput(
            _("{number} 现在的内容与第 {version} 版一致，不用恢复。请直接上传签章件。"),
            number=found.number,
            version=version,
        )
    if not apart.restorable or found.phase not in ("open", "review"):
        raise BadInput(
            _("{number} 与第 {version} 版的不同不止在字段上（{places}），不能恢复。请重新打印签字。"),
            number=found.number,
            version=version,
            places=listed(apart.labels),
        )
    changed = {key: old.fields.get(key) for key in apart.fields if key not in flow.verdicts}
    draft = Draft(found, today(ZoneInfo(campaign.zone)), {}, more={"restores": version})
    load_past([draft])
    dated = {field.key for field in register.fields if field.dated}
    data: dict[str, Any] = dict(timeline(draft.past.entries).plain.get("data", {}))
    data.update({key: value for key, value in changed.items() if key not in dated})
    draft.dated = {FIELD + key: value for key, value in changed.items() if key in dated}
    found.title = old.title
    require_filled(register, found.state, {**found.data, **changed}, found.title, found.due)
    draft.plain = plain_of(found, data)
    write(
        actor,
        action="items.restore",
        campaign=campaign,
        drafts=[draft],
        reason=_("恢复第 {version} 版").format(version=version),
    )
    return draft.item
