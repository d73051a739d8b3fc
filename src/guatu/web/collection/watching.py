"""The page of one request: how far each level has come, company by company, and what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.utils.translation import gettext as _

from guatu.access import may
from guatu.domain.collection import ANSWERS
from guatu.domain.roster import Row, Tally
from guatu.queries.request_check import Cost, cost_then, told_of
from guatu.queries.request_list import due_of, waiting_for_reader
from guatu.queries.request_watch import (
    CELLS,
    Amendment,
    Company,
    SentBack,
    Watch,
    amendments,
    cells_sent_back,
    watch,
)
from guatu.queries.returns import collection_of, moment_of
from guatu.records.models import Item
from guatu.web.here import Here

SHOWN = ("missing", "returned", "all")


@dataclass(frozen=True, slots=True)
class LevelLine:
    """One level: how much of the roster has passed it, as a bar and in words."""

    label: str
    does: str
    percent: str
    parts: tuple[object, ...]
    said: str


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of a company that is opened."""

    row: Row
    href: str
    said: str
    mark: str


@dataclass(frozen=True, slots=True)
class CompanyLine:
    """One company in the table; `units` where it is opened."""

    company: Company
    glyph: str
    word: str
    percent: str
    bar: tuple[object, ...]
    href: str
    units: tuple[UnitLine, ...] | None


@dataclass(frozen=True, slots=True)
class RequestPage:
    """The page. Addresses are empty where the reader may not go there."""

    watch: Watch
    state_label: str
    due: str
    due_glyph: str
    due_said: str
    sent_said: str
    levels: tuple[LevelLine, ...]
    timeliness: str
    shows: tuple[tuple[str, str, int, str, bool], ...]
    companies: tuple[CompanyLine, ...]
    cost: Cost
    told: tuple[dict[str, object], ...]
    flaws: tuple[SentBack, ...]
    more_flaws: int
    amendments: tuple[Amendment, ...]
    instructions: str
    document: str
    may_urge: bool
    waiting: int
    href: str
    missing_href: str
    review_href: str
    roster_href: str
    cut_off_href: str
    change_href: str
    reopen_href: str
    may_finish: bool
    item_href: str
    files: tuple[tuple[str, str], ...]
    sentence: str = ""
    unfinished: str = ""


def percent(share: Fraction | None) -> str:
    """A share for reading: one decimal, never 100.0% of what is not whole nor 0.0% of what is something."""
    if share is None:
        return "—"
    text = f"{float(share):.1%}"
    if text == "100.0%" and share < 1:
        return "99.9%"
    return "0.1%" if text == "0.0%" and share > 0 else text


def answer_labels() -> dict[str, str]:
    """The five answers in words."""
    return dict(
        zip(ANSWERS, (_("已报送"), _("零报告"), _("不涉及"), _("未到期"), _("应报未报")), strict=True)
    )


def request_page(
    at: Here,
    item: Item,
    *,
    mine: bool,
    show: str,
    company: str,
    sentence: str = "",
    finishing: bool = False,
) -> RequestPage:
    """The page of a request; `mine`: the reader sees the request itself, not only returns that it asks for.

    `finishing`: it was asked to be ended, so `unfinished` says what is still out.
    """
    public_id = item.public_id
    found = watch(at.actor, at.campaign, item, at.as_of)
    spec = collection_of(at.pack)
    flow = at.pack.workflow_of(item.register)
    runs = flow.phase_of(item.state) == "open" and not at.past
    owns = mine and not at.past and may(at.actor, "collect", item.unit, at.campaign)
    asks = runs and owns
    ended = owns and flow.phase_of(item.state) == "closed" and spec.resume is not None
    due = due_of(at.campaign, found.form, found.tally, at.as_of)
    flaws = cells_sent_back(at.actor, at.campaign, found.form, found.rows)
    tally = found.tally
    chosen = show if show in SHOWN else ("missing" if tally.open else "all")
    counts = {
        "missing": sum(bool(one.tally.open) for one in found.companies),
        "returned": sum(bool(one.tally.sent_back) for one in found.companies),
        "all": len(found.companies),
    }
    labels = {"missing": _("未报"), "returned": _("退回"), "all": _("全部")}
    shown = [
        one
        for one in found.companies
        if chosen == "all" or (one.tally.open if chosen == "missing" else one.tally.sent_back)
    ]
    register = at.pack.register(found.form.register)
    return RequestPage(
        watch=found,
        state_label=flow.states[item.state].label,
        due=due,
        due_glyph={"late": "r", "soon": "y"}.get(due, "g" if tally.open else "b"),
        due_said=_due_said(at, found.form.cut_off, tally),
        sent_said=_("应报单位名单 {n} 家").format(n=f"{tally.asked:,}"),
        levels=_levels(at, found),
        timeliness=percent(tally.timeliness),
        shows=tuple(
            (key, labels[key], counts[key], at.to("collection-request", public_id, show=key), key == chosen)
            for key in SHOWN
        ),
        companies=tuple(_company(at, found, one, chosen, company) for one in shown),
        cost=cost_then(found.form, tally.asked),
        told=tuple(told_of(at.pack, register, found.form.fields)),
        flaws=flaws[:CELLS],
        more_flaws=max(0, len(flaws) - CELLS),
        amendments=amendments(at.actor, at.campaign, item) if mine else (),
        instructions=str(item.data.get(spec.instructions) or ""),
        document=str(item.data.get(spec.document or "") or ""),
        may_urge=runs and may(at.actor, "collect", campaign=at.campaign) and bool(tally.open),
        waiting=waiting_for_reader(at.actor, at.campaign, found.rows) if not at.past else 0,
        href=at.to("collection-request", public_id, show=chosen),
        missing_href=at.to("collection-missing", public_id) if tally.open else "",
        review_href=at.to("collection-review", public_id)
        if may(at.actor, "collect", campaign=at.campaign) and tally.handed
        else "",
        roster_href=at.to("collection-roster", public_id) if asks else "",
        cut_off_href=at.to("collection-cut-off", public_id) if asks else "",
        change_href=at.to("collection-change", public_id) if asks else "",
        reopen_href=at.to("collection-change", public_id) if ended else "",
        may_finish=asks,
        item_href=at.to("item", public_id) if mine else "",
        files=(
            (at.to("collection-file", public_id, "roster", "xlsx"), _("报送情况")),
            (at.to("collection-file", public_id, "rows", "xlsx"), _("收上来的数据")),
        ),
        sentence=sentence,
        unfinished=_unfinished(tally) if finishing and asks else "",
    )


def _unfinished(tally: Tally) -> str:
    """What is still out when a request is to be ended; empty if nothing is."""
    under_review = tally.handed - tally.accepted
    if not tally.open and not under_review:
        return ""
    return _("还有 {open} 家没有报、{waiting} 家没有接收。办结后不再提醒，未报的仍算应报未报。").format(
        open=f"{tally.open:,}", waiting=f"{under_review:,}"
    )


def _due_said(at: Here, cut_off: datetime, tally: Tally) -> str:
    """How long there is, or since when it is over."""
    moment = moment_of(at.campaign, at.as_of)
    told = f"{cut_off:%Y-%m-%d %H:%M}"
    if moment > cut_off:
        return (
            _("{moment} 已截止，{n} 家未报").format(moment=told, n=f"{tally.open:,}")
            if tally.open
            else _("{moment} 已截止，已报齐").format(moment=told)
        )
    hours = int((cut_off - moment).total_seconds() // 3600)
    if hours < 48:
        return _("{moment} 截止，还有 {hours} 小时").format(moment=told, hours=hours)
    return _("{moment} 截止，还有 {days} 天").format(moment=told, days=hours // 24)


def bar_of(tally: Tally) -> tuple[object, ...]:
    """The five answers as parts of a bar: what is missing is yellow until the cut-off has passed, then red."""
    return (
        *("b", tally.data, "g", tally.nil, "n", tally.not_applicable),
        *("y", tally.not_due, "r", tally.missing),
    )


def _levels(at: Here, found: Watch) -> tuple[LevelLine, ...]:
    """One line for each level that the request goes through; every rate is of the same roster."""
    tally = found.tally
    n = f"{tally.open:,}"
    filled = _("已报送 {data}，零报告 {nil}，不涉及 {none}，未报 {open}").format(
        data=f"{tally.data:,}", nil=f"{tally.nil:,}", none=f"{tally.not_applicable:,}", open=n
    )
    levels = {level.key: level.label for level in at.pack.head.levels}
    held = {row.level for row in found.rows}
    unit = levels.get(next(iter(held)), "") if len(held) == 1 else _("各单位")
    lines = [LevelLine(unit or _("各单位"), _("填报"), percent(tally.completeness), bar_of(tally), filled)]
    if any("second" in row.chain for row in found.rows):
        said = _("已审 {reviewed}，待审 {waiting}，退回 {back}").format(
            reviewed=f"{tally.reviewed:,}", waiting=f"{tally.waiting:,}", back=f"{tally.sent_back:,}"
        )
        bar = ("b", tally.reviewed, "y", tally.waiting, "w", tally.open)
        lines.append(LevelLine(_("二级公司"), _("审核"), percent(tally.reviewed_share), bar, said))
    done = sum(one.part.complete for one in found.companies)
    said = _("{all} 家公司里 {done} 家已收齐").format(all=f"{len(found.companies):,}", done=f"{done:,}")
    bar = ("b", tally.accepted, "o", tally.handed - tally.accepted, "w", tally.open)
    lines.append(
        LevelLine(found.request.unit.short_name, _("接收"), percent(tally.accepted_share), bar, said)
    )
    return tuple(lines)


def _company(at: Here, found: Watch, one: Company, show: str, opened: str) -> CompanyLine:
    tally = one.tally
    if one.part.complete:
        glyph, word = "b", _("已收齐")
    elif tally.missing:
        glyph, word = "r", _("有应报未报")
    elif tally.open or tally.sent_back:
        glyph, word = "y", _("有未报")
    else:
        glyph, word = "g", _("已报齐")
    is_open = opened == one.code
    return CompanyLine(
        company=one,
        glyph=glyph,
        word=word,
        percent=percent(tally.completeness),
        bar=bar_of(tally),
        href=at.to(
            "collection-request", found.request.public_id, show=show, company="" if is_open else one.code
        ),
        units=tuple(unit_line(at, row) for row in one.part.rows if not row.kept) if is_open else None,
    )


def unit_line(at: Here, row: Row) -> UnitLine:
    """One unit's answer in words."""
    labels, flow = answer_labels(), at.pack.workflow_of(collection_of(at.pack).returns)
    state = flow.states[row.state].label if row.state in flow.states else row.state
    said = state if row.handed or row.sent_back else labels[row.answer]
    mark = {"data": "b", "nil": "b", "not_applicable": "n", "not_due": "w", "missing": "r"}[row.answer]
    return UnitLine(row, at.to("return", row.public_id), said, mark)
