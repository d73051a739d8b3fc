"""Where an item is, in sentences: for whom it waits, since when, until when; who may bring it on and who may not. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from guatu.domain.clocks import days_over
from guatu.domain.loop_tracks import ACT_BY, NOTICE_KIND, NOTICE_UNTIL, STOPPED_ON
from guatu.domain.pack import Pack
from guatu.domain.pack.workflow import Transition, Workflow
from guatu.domain.spells import day_or_none
from guatu.domain.words import gettext as _
from guatu.domain.words import listed, ngettext
from guatu.queries.addressees import Holder, along
from guatu.queries.item_history import Past
from guatu.queries.waiting import asked, fitting, next_way

NAMED = 6
"""People of one place that are named; the rest is told as a number."""


def named(rows: Iterable[Holder], pack: Pack) -> str:
    """The people behind posts, place by place: 第三督导组 许志远、白露; 一厂填报员 陆文博（林晓岚代）. Empty for none."""
    places: dict[str, list[str]] = {}
    for row in rows:
        place = (
            row.place
            if row.team is not None
            else _("{place}{role}").format(place=row.place, role=pack.role_label(row.role))
        )
        name = _("{name}（{stand_in}代）").format(name=row.name, stand_in=row.stand_in_name)
        place_names = places.setdefault(place, [])
        said = name if row.stand_in_name else row.name
        if said not in place_names:
            place_names.append(said)
    told = []
    for place, names in places.items():
        few = listed(names[:NAMED])
        if len(names) > NAMED:
            few = _("{names}等 {n} 人").format(names=few, n=len(names))
        told.append(_("{place} {names}").format(place=place, names=few))
    return listed(told)


def who_may(
    way: Transition, line: Sequence[int], root: int, rows: Sequence[Holder], pack: Pack
) -> tuple[str, str]:
    """(who is asked to make the step, who else may), by name; empty where nobody holds such a post."""
    rows = along(line, rows)
    first = asked(way, line, root, rows)
    known = {row.role for row in first}
    others = [row for row in fitting(way, line, root, rows) if row.role not in known]
    roles = list(dict.fromkeys(row.role for row in others))
    return named(first, pack), listed(pack.role_label(role) for role in roles)


def now_said(
    pack: Pack,
    flow: Workflow,
    row: Mapping[str, Any],
    line: Sequence[int],
    root: int,
    holders: Sequence[Holder],
    day: date,
) -> tuple[str, ...]:
    """The sentences that say where the item is on the day. `row`: its spell's columns; empty at its end."""
    state, data = flow.states.get(row["state"]), row["data"]
    if state is None or state.phase in ("closed", "void"):
        return ()
    told = []
    way = next_way(flow, row["state"], of_root=bool(line) and line[-1] == root)
    if state.on_notice:
        told.append(_on_notice(data))
    elif way is not None:
        rows = along(line, holders)
        people = named(asked(way, line, root, rows), pack)
        if people:
            told.append(_("等{who}办理“{step}”。").format(who=people, step=way.label))
        else:
            roles = listed(pack.role_label(role) for role in way.roles)
            told.append(
                _("等{roles}办理“{step}”。").format(roles=roles, step=way.label)
                if not holders
                else _("等{roles}办理“{step}”，目前无人担任。请联系{office}。").format(
                    roles=roles, step=way.label, office=pack.words.office
                )
            )
    told.append(_since(row["state_since"], day))
    if not state.on_notice:
        told.append(_act_by(data, day, review=state.phase == "review"))
    stopped = day_or_none(data.get(STOPPED_ON))
    if stopped is not None and state.phase == "open":
        told.append(_("责任单位的计时自 {day} 起暂停。").format(day=stopped))
    return tuple(filter(None, told))


def _since(since: date, day: date) -> str:
    days = max((day - since).days, 0)
    if not days:
        return _("今天到这一步。")
    return ngettext("自 {day} 起，已 {n} 天。", "自 {day} 起，已 {n} 天。", days).format(day=since, n=days)


def _on_notice(data: Mapping[str, Any]) -> str:
    until = day_or_none(data.get(NOTICE_UNTIL))
    if until is None:
        return ""
    if data.get(NOTICE_KIND) == "within":
        return _("一定范围内通报至 {day} 止，期满且无异议方可销号。").format(day=until)
    return _("公示期至 {day} 止，期满且无异议方可销号。").format(day=until)


def _act_by(data: Mapping[str, Any], day: date, *, review: bool) -> str:
    """By when whoever it waits for has to act; what is late under review is not the unit's delay."""
    until, over = day_or_none(data.get(ACT_BY)), days_over(data, day)
    if until is None:
        return ""
    if not over:
        return _("须在 {day} 前办理。").format(day=until)
    if review:
        return ngettext(
            "审核超时 {n} 天（应于 {day} 前办理，责任在审核单位）。",
            "审核超时 {n} 天（应于 {day} 前办理，责任在审核单位）。",
            over,
        ).format(n=over, day=until)
    return ngettext(
        "已超过答复期限 {n} 天（应于 {day} 前答复）。", "已超过答复期限 {n} 天（应于 {day} 前答复）。", over
    ).format(n=over, day=until)


def took_part(past: Past, acts: Sequence[str]) -> str:
    """Those who took part on the responsible side, by name, and so do not verify; empty for nobody."""
    names = dict.fromkeys(
        each.who for each in past.revisions if each.person is not None and each.action in acts
    )
    return listed(list(names)[:NAMED])
