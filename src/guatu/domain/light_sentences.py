"""Why a light has its colour: one line of whole sentences with numbers (terms.md, docs/lights.md).

State first, then number, then reason: “逾期 5 天。应办 6 项，已完成 2 项（33%），比计划低 67 个百分点，超过 30 个百分点的红灯线。”
Each template is a whole sentence, so that another language can turn it around.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from guatu.domain.lights import Distribution, Light, Tally, light_of, parent_light, word
from guatu.domain.pack.schema import LightRule
from guatu.domain.words import gettext as _
from guatu.domain.words import ngettext


@dataclass(frozen=True, slots=True)
class Wording:
    """How the items of a register are counted and closed in a sentence: 项, 完成."""

    measure: str
    done: str


def half_up(value: Fraction, decimals: int = 0) -> Fraction:
    """`value` rounded half up (away from zero) to so many decimals."""
    scale = 10**decimals
    scaled = abs(value) * scale
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Fraction(whole if value >= 0 else -whole, scale)


def percent_done(closed: int, n: int) -> int:
    """总完成率 in whole per cent, half up; 100 only when all are closed, 0 only when none is."""
    if n == 0 or closed == 0:
        return 0
    if closed == n:
        return 100
    return min(99, max(1, (closed * 200 + n) // (2 * n)))


def points(value: Fraction, line: int | None = None) -> str:
    """Percentage points as text: whole, or with the decimals needed to stay apart from `line` (30.4, not 30)."""
    for decimals in range(7):
        rounded = half_up(value, decimals)
        if line is None or rounded != line or value == line:
            break
    return f"{float(rounded):.{decimals}f}"


def _standing(cell: Tally, rule: LightRule, say: Wording, light: Light) -> str:
    """The sentence of numbers of a cell of two items or more; it names a line only where the line is the reason."""
    values: dict[str, object] = {
        "n": cell.n,
        "closed": cell.closed,
        "percent": percent_done(cell.closed, cell.n),
        "measure": say.measure,
        "done": say.done,
    }
    behind = cell.behind
    if behind > rule.red_behind:
        values |= {"behind": points(behind, rule.red_behind), "line": rule.red_behind}
        return _(
            "应办 {n} {measure}，已{done} {closed} {measure}（{percent}%），"
            "比计划低 {behind} 个百分点，超过 {line} 个百分点的红灯线。"
        ).format(**values)
    if behind >= rule.yellow_behind:
        values |= {"behind": points(behind), "low": rule.yellow_behind, "high": rule.red_behind}
        if light is Light.RED:
            return _(
                "应办 {n} {measure}，已{done} {closed} {measure}（{percent}%），比计划低 {behind} 个百分点。"
            ).format(**values)
        return _(
            "应办 {n} {measure}，已{done} {closed} {measure}（{percent}%），"
            "比计划低 {behind} 个百分点，在 {low} 至 {high} 个百分点的黄灯区间内。"
        ).format(**values)
    values["plan"] = int(half_up(Fraction(cell.expected * 100, cell.n)))
    return _("应办 {n} {measure}，已{done} {closed} {measure}（{percent}%），计划进度 {plan}%。").format(
        **values
    )


def _one(cell: Tally, rule: LightRule, say: Wording, light: Light) -> list[str]:
    """The sentences of a single item."""
    if light is Light.BLUE:
        return [_("已{done}。").format(done=say.done)]
    told = []
    if cell.overdue:
        if cell.review:
            told.append(
                ngettext(
                    "逾期 {days} 天报审，待审核。", "逾期 {days} 天报审，待审核。", cell.overdue_days
                ).format(days=cell.overdue_days)
            )
        else:
            told.append(
                ngettext("逾期 {days} 天。", "逾期 {days} 天。", cell.overdue_days).format(
                    days=cell.overdue_days
                )
            )
    if cell.rebounded:
        told.append(_("已反弹，尚未重新报审。"))
    elif cell.returned:
        told.append(_("已退回，尚未重新报审。"))
    if cell.unanswered:
        told.append(_("下达超过 {days} 天，尚未签收。").format(days=rule.unanswered_days))
    if cell.review and not cell.overdue:
        told.append(_("已按时报审，待审核。"))
    if cell.next_days is not None:
        if cell.next_days == 0:
            told.append(_("今天到期。"))
        else:
            told.append(
                ngettext("还有 {days} 天到期。", "还有 {days} 天到期。", cell.next_days).format(
                    days=cell.next_days
                )
            )
    if told:
        return told
    return [_("计时已暂停，暂停期间不算逾期。")] if cell.stopped else [_("正常推进，没有设定时限。")]


def _many(cell: Tally, rule: LightRule, say: Wording, light: Light) -> list[str]:
    """The sentences of a cell of two items or more."""
    if light is Light.BLUE:
        return [_("{n} {measure}全部{done}。").format(n=cell.n, measure=say.measure, done=say.done)]
    told = []
    values: dict[str, object] = {"measure": say.measure}
    if cell.overdue:
        if cell.overdue == cell.n - cell.closed:
            told.append(
                ngettext("逾期 {days} 天。", "逾期 {days} 天。", cell.overdue_days).format(
                    days=cell.overdue_days
                )
            )
        else:
            told.append(
                _("{k} {measure}逾期，最长 {days} 天。").format(
                    k=cell.overdue, days=cell.overdue_days, **values
                )
            )
    if light in (Light.YELLOW, Light.WHITE):
        if cell.soon:
            told.append(
                _("{k} {measure}在 {limit} 天内到期，最近的还有 {days} 天。").format(
                    k=cell.soon, limit=rule.due_soon_days, days=cell.next_days, **values
                )
            )
        if cell.returned:
            told.append(_("{k} {measure}已退回，尚未重新报审。").format(k=cell.returned, **values))
        if cell.unanswered:
            told.append(
                _("{k} {measure}下达超过 {days} 天，尚未签收。").format(
                    k=cell.unanswered, days=rule.unanswered_days, **values
                )
            )
    if light is Light.RED and not cell.overdue:
        told.append(_("没有逾期的事项，整体进度滞后。"))
    return [*told, _standing(cell, rule, say, light)]


def why(cell: Tally, rule: LightRule, say: Wording) -> str:
    """Why a cell that counts items itself has its light."""
    light = light_of(cell, rule)
    if cell.n == 0:
        return _("截至该日没有事项。")
    if light is Light.GREY:
        return _("{day} 起开始，尚未到节点。").format(day=cell.first_start)
    told = _one if cell.n == 1 else _many
    return "".join(told(cell, rule, say, light))


def parent_word(light: Light, n: int, closed: int) -> str:
    """The word of a parent's light. Blue by share is not finished while items are open, and never reads as if."""
    if light is not Light.BLUE or closed == n:
        return word(light)
    return _("多数已完成") if 2 * closed > n else _("部分已完成")


def why_parent(cells: Distribution, n: int, closed: int, rule: LightRule, say: Wording) -> str:
    """Why a row or column above cells has its light: the numbers of its items, then the shares of its cells."""
    if n == 0:
        return _("截至该日没有事项。")
    values: dict[str, object] = {
        "n": n,
        "closed": closed,
        "percent": percent_done(closed, n),
        "measure": say.measure,
        "done": say.done,
        "cells": cells.total,
        "red": cells.red,
        "yellow": cells.yellow,
    }
    light = parent_light(cells, rule)
    if rule.parent == "worst":
        values["word"] = word(light)
        return _(
            "共 {n} {measure}，已{done} {closed} {measure}（{percent}%）；"
            "下属 {cells} 格中最差的一格是“{word}”，按最差的一格亮灯。"
        ).format(**values)
    if light is Light.RED:
        values |= {"share": points(Fraction(cells.red * 100, cells.total)), "line": rule.parent_red_share}
        return _(
            "共 {n} {measure}，已{done} {closed} {measure}（{percent}%）；"
            "下属 {cells} 格中红灯 {red} 格，占 {share}%，达到 {line}% 的红灯线。"
        ).format(**values)
    if light is Light.YELLOW:
        share = points(Fraction((cells.red + cells.yellow) * 100, cells.total))
        values |= {"share": share, "line": rule.parent_yellow_share}
        return _(
            "共 {n} {measure}，已{done} {closed} {measure}（{percent}%）；"
            "下属 {cells} 格中红灯 {red} 格、黄灯 {yellow} 格，合占 {share}%，达到 {line}% 的黄灯线。"
        ).format(**values)
    values |= {"first": cells.count(light), "word": word(light), "line": rule.parent_red_share}
    if light is Light.BLUE and closed < n:
        values["stands"] = parent_word(light, n, closed)
        return _parent_with_gaps(cells, values)
    if cells.red or cells.yellow:
        return _(
            "共 {n} {measure}，已{done} {closed} {measure}（{percent}%）；下属 {cells} 格中红灯 {red} 格、"
            "黄灯 {yellow} 格，未达到红灯线和黄灯线，{first} 格“{word}”。"
        ).format(**values)
    return _(
        "共 {n} {measure}，已{done} {closed} {measure}（{percent}%）；"
        "下属 {cells} 格中没有红灯和黄灯，{first} 格“{word}”。"
    ).format(**values)


def _parent_with_gaps(cells: Distribution, values: dict[str, object]) -> str:
    """The sentence of a parent that is blue by share although something below it is open: what is missing, by name."""
    if cells.red and cells.yellow:
        return _(
            "{stands}：{n} {measure}中已{done} {closed} {measure}（{percent}%）；下属 {cells} 家中 {first} 家已{done}，"
            "{red} 家逾期或严重滞后（未达到 {line}% 的红灯线），{yellow} 家临期或滞后。"
        ).format(**values)
    if cells.red:
        return _(
            "{stands}：{n} {measure}中已{done} {closed} {measure}（{percent}%）；下属 {cells} 家中 {first} 家已{done}，"
            "{red} 家逾期或严重滞后（未达到 {line}% 的红灯线）。"
        ).format(**values)
    if cells.yellow:
        return _(
            "{stands}：{n} {measure}中已{done} {closed} {measure}（{percent}%）；下属 {cells} 家中 {first} 家已{done}，"
            "{yellow} 家临期或滞后。"
        ).format(**values)
    return _(
        "{stands}：{n} {measure}中已{done} {closed} {measure}（{percent}%）；下属 {cells} 家中 {first} 家已{done}，"
        "其余未到节点。"
    ).format(**values)
