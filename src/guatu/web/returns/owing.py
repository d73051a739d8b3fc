"""What a unit owes, as the page 填报 shows it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guatu.queries.returns_owed import Owed, OwedList, returns_owed
from guatu.web.here import Here


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One return with its page. `when` and `cost` as sentences; `tone`: r past its cut-off, y on its day."""

    owed: Owed
    href: str
    when: str
    tone: str
    cost: str


@dataclass(frozen=True, slots=True)
class OwedShown:
    """What is owed and what was handed in lately. `several`: of several units, so that each is named."""

    found: OwedList
    owed: tuple[OwedLine, ...]
    handed: tuple[OwedLine, ...]
    several: bool


def owed_shown(at: Here) -> OwedShown | None:
    """The list for whoever fills something; None for everybody else. Two statements at most."""
    found = returns_owed(at.actor, at.campaign, at.as_of)
    if not found.owed and not found.handed:
        return None
    units = {one.unit for one in (*found.owed, *found.handed)}
    return OwedShown(
        found=found,
        owed=tuple(_line(at, one) for one in found.owed),
        handed=tuple(_line(at, one) for one in found.handed),
        several=len(units) > 1,
    )


def _line(at: Here, one: Owed) -> OwedLine:
    days = (one.cut_off.date() - at.as_of).days
    hour = f"{one.cut_off:%H:%M}"
    if one.answer == "missing":
        when, tone = _("已过截止时间"), "r"
    elif days == 0:
        when, tone = _("今天 {hour} 前").format(hour=hour), "y"
    else:
        when, tone = ngettext("{n} 天后", "{n} 天后", days).format(n=days), "y" if days == 1 else ""
    if one.flaws:
        cost = ngettext("退回 {n} 格，改好再报。", "退回 {n} 格，改好再报。", one.flaws).format(n=one.flaws)
    elif one.sent_back:
        cost = _("已退回，改好再报。")
    elif one.rows == "many":
        cost = ngettext("每行 {n} 格", "每行 {n} 格", one.cells).format(n=one.cells)
    elif one.given and not one.cells:
        cost = ngettext("已带出 {given} 格，核对后报送", "已带出 {given} 格，核对后报送", one.given).format(
            given=one.given
        )
    elif one.given:
        cost = ngettext("已带出 {given} 格，只填 {n} 格", "已带出 {given} 格，只填 {n} 格", one.given).format(
            given=one.given, n=one.cells
        )
    else:
        cost = ngettext("填 {n} 格", "填 {n} 格", one.cells).format(n=one.cells)
    return OwedLine(one, at.to("return", one.public_id), when, tone, cost)
