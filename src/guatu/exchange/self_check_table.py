"""The answers to one self-check as a sheet: a row per unit, as the page shows this reader."""

from __future__ import annotations

from datetime import date

from guatu.access import Actor, get_item
from guatu.domain.words import gettext as _
from guatu.exchange.headlines import headlines
from guatu.exchange.tables import Head, Sheet
from guatu.queries.self_checks import coverage
from guatu.records.models import Campaign


def self_check_sheets(actor: Actor, campaign: Campaign, case: str, day: date) -> tuple[Sheet, ...]:
    """One sheet; raises NotFound for a case out of sight."""
    found = coverage(actor, campaign, get_item(actor, case, campaign), day)
    title = _("举一反三答复情况")
    words = {True: _("有"), False: _("无")}
    rows = (
        (
            one.unit_name,
            one.state_label,
            words[one.found] if one.found in (True, False) else "",
            one.explanation,
            one.due,
            _("逾期") if one.overdue else "",
            one.number,
        )
        for one in found.rows
    )
    return (
        Sheet(
            name=title,
            title=title,
            notes=(
                *headlines(
                    actor, campaign, scope=f"{found.case.number} {found.case.title}", filters=(), day=day
                ),
                _("应答 {asked}，已答 {answered}，有 {found}，无 {none}，逾期 {overdue}。").format(
                    asked=found.total.asked,
                    answered=found.total.answered,
                    found=found.total.found,
                    none=found.total.none,
                    overdue=found.total.overdue,
                ),
            ),
            heads=(
                Head("unit", _("单位"), "unit", 16),
                Head("state", _("状态"), "text", 8),
                Head("found", _("答复"), "text", 6),
                Head("explanation", _("情况说明"), "text", 30),
                Head("due", _("时限"), "day", 9),
                Head("overdue", _("逾期"), "text", 6),
                Head("number", _("编号"), "text", 8),
            ),
            rows=rows,
            count=len(found.rows),
        ),
    )
