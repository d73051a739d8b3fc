"""What a step has to keep of the public notice: the kind that is chosen, the days it lasts, objections, the reason of none."""

from __future__ import annotations

from datetime import date

from guatu.domain.clocks import skips_notice
from guatu.domain.errors import BadInput
from guatu.domain.loop_tracks import NOTICE_UNTIL
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.records.models import Item

CHOSEN = ("public", "within")


def closes_notice(flow: Workflow, way: Transition, item: Item) -> bool:
    """Whether the step closes an item that is on notice: then objections have to be looked up."""
    return (
        item.state in way.origins and flow.states[item.state].on_notice and flow.phase_of(way.to) == "closed"
    )


def require_notice(
    flow: Workflow, way: Transition, item: Item, *, kind: str, reason: str, day: date, objections: int
) -> None:
    """Refuse a kind of notice that is none, closing before it is over or against an objection, and skipping it unsaid.

    `objections`: how many of this round are not answered or upheld.
    """
    if kind and (not flow.states[way.to].on_notice or kind not in CHOSEN):
        if kind == "none":
            raise BadInput(
                _("{number}：不公示的，请办理“同意销号”，并写明不公示的原因。"), number=item.number
            )
        raise BadInput(
            _("{number}：公示方式“{kind}”不认识。可用：公示、一定范围内通报。"),
            number=item.number,
            kind=kind[:20],
        )
    if closes_notice(flow, way, item):
        until = day_or_none(item.data.get(NOTICE_UNTIL))
        if objections:
            raise BadInput(
                _("{number} 有 {count} 条异议未答复或已成立，期满且无异议方可销号。请先办理异议。"),
                number=item.number,
                count=objections,
            )
        if until is not None and day <= until:
            raise BadInput(
                _("公示期至 {month}月{day}日止，期满且无异议方可销号。"), month=until.month, day=until.day
            )
    if skips_notice(flow, way, item.state, item.data) and not reason.strip():
        raise BadInput(
            _("{number} 按规定应先公示或通报；不公示的，须写明原因。请填写后再提交。"), number=item.number
        )
