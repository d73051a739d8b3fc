"""一页纸: a leader's page on one A4 sheet, to print or as a PDF."""

from __future__ import annotations

from django.utils.translation import gettext as _

from guatu.domain import clock
from guatu.domain.words import listed
from guatu.queries.todo import desk_work
from guatu.queries.todo_late import due_days
from guatu.queries.todo_reds import Reds
from guatu.queries.todo_sheet import OnePage, SheetCall, SheetNumber
from guatu.web.here import Here
from guatu.web.todo.desks import leader_desk

WAITING = 8


def one_page(at: Here) -> OnePage:
    """The sheet as of the day shown, compared with a week before. At most twelve statements with the frame's."""
    desk = leader_desk(at, None)
    kinds = desk_work(at.person, (at.campaign,), at.as_of, past=at.past)
    coming = due_days(at.actor, at.campaign, day=at.as_of)
    return OnePage(
        title=_("{campaign}工作一页纸").format(campaign=at.pack.words.campaign),
        organisation=at.campaign.root.name,
        day=at.as_of,
        since=desk.numbers.since,
        sentences=_sentences(desk.reds, desk.fewer) if desk.reds else (),
        numbers=tuple(
            SheetNumber(one.label, one.value, one.measure, one.change or one.verdict)
            for one in desk.numbers.rows
        ),
        calls=tuple(SheetCall(call.unit, call.why, call.whom) for call in desk.calls),
        waiting=tuple(
            (f"{kind.register_label} · {kind.state_label}", _("{count} 件").format(count=kind.count))
            for kind in kinds[:WAITING]
        ),
        coming=tuple(
            (
                f"{one.day:%m-%d}",
                listed(
                    _("{register} {count} {measure}").format(register=label, count=n, measure=measure)
                    for _key, label, measure, n in one.registers
                ),
            )
            for one in coming
        ),
        stamp=f"{at.actor.name} · {at.actor.post_label} · {clock.now():%Y-%m-%d %H:%M}",
    )


def _sentences(reds: Reds, fewer: int) -> tuple[str, ...]:
    """The whole in sentences: units without red, red cells, what has not moved."""
    found = [
        _("{units} 家{level}中有 {clean} 家没有红灯。").format(
            units=reds.units, level=reds.level, clean=reds.clean
        )
    ]
    day = f"{reds.earlier:%m-%d}"
    if fewer > 0:
        found.append(
            _("红灯 {count} 格，比 {day} 少 {fewer} 格。").format(count=reds.red, day=day, fewer=fewer)
        )
    elif fewer < 0:
        found.append(
            _("红灯 {count} 格，{day} 是 {before} 格。").format(
                count=reds.red, day=day, before=reds.red_before
            )
        )
    else:
        found.append(_("红灯 {count} 格，与 {day} 持平。").format(count=reds.red, day=day))
    if reds.idle:
        found.append(_("其中 {count} 格连续七天没有办理。").format(count=reds.idle))
    if reds.firms:
        most = listed(
            _("{unit}（{count} 格）").format(unit=node.short_name, count=count)
            for node, count in reds.firms[:3]
        )
        found.append(_("红灯最多的是：{units}。").format(units=most))
    return tuple(found)
