"""What 待办 shows: what is to be done with a button each, what changed, and the numbers of the person's desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from guatu.actions.look import look
from guatu.domain import clock
from guatu.queries.delegations import StandIn, standing_in
from guatu.queries.moments import zone_of
from guatu.queries.pages import StateShown
from guatu.queries.todo import desk_work, own_work
from guatu.queries.todo_back import SentBack
from guatu.queries.todo_feed import News, done_since, first_look, news
from guatu.queries.todo_proposals import Asked, proposals_on_the_desk
from guatu.queries.todo_sections import heading_given
from guatu.queries.todo_work import LATER, OPEN_ENDED, OVERDUE, TODAY, WEEK, Bucket, Kind, Work
from guatu.records.packs import pack_of
from guatu.web.here import Here
from guatu.web.item.pages import MoveShown, move_shown
from guatu.web.todo.desks import (
    LateShown,
    LeaderDesk,
    OfficeDesk,
    TeamDesk,
    is_leading,
    is_office,
    leader_desk,
    office_desk,
    team_desk,
    units_behind,
)
from guatu.web.todo.elsewhere import own_page


@dataclass(frozen=True, slots=True)
class Row:
    """One item with its button. `step` is the button's form or, if the item has to be opened first, only its words.

    `direct`: one click makes the step. `opened`: the form stands in place already. `next`: it stands first.
    """

    work: Work
    href: str
    open_href: str
    step: MoveShown | None
    back: str
    back_href: str
    direct: bool
    opened: bool
    next: bool
    why_back: SentBack | None


@dataclass(frozen=True, slots=True)
class Group:
    """Own work under one heading; `all_href` where not all of it is shown."""

    key: str
    label: str
    count: int
    rows: tuple[Row, ...]
    folded: bool
    all_href: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """One kind of what waits on the desk, with the list of all of it."""

    kind: Kind
    rows: tuple[Row, ...]
    all_href: str


@dataclass(frozen=True, slots=True)
class NewsShown:
    """One change with the item's address; `when` as it is said in a feed."""

    news: News
    href: str
    when: str


@dataclass(frozen=True, slots=True)
class Feed:
    """What others did: since the last look, in the last week for somebody who never looked, or today."""

    label: str
    note: str
    rows: tuple[NewsShown, ...]


@dataclass(frozen=True, slots=True)
class AskedShown:
    """Proposals that wait for the person's yes; `all_href` lists them all."""

    rows: tuple[tuple[Asked, str], ...]
    count: int
    all_href: str


@dataclass(frozen=True, slots=True)
class TodoPage:
    """The whole page."""

    title: str
    under: str
    groups: tuple[Group, ...]
    kinds: tuple[KindShown, ...]
    waiting: int
    several: bool
    feed: Feed | None
    done: int
    day: date
    office: OfficeDesk | None = None
    leader: LeaderDesk | None = None
    team: TeamDesk | None = None
    late: tuple[LateShown, ...] = ()
    white: tuple[LateShown, ...] = ()
    sheet_href: str = ""
    stand_ins: tuple[StandIn, ...] = ()
    asked: AskedShown | None = None
    listed: int = 0


@dataclass(frozen=True, slots=True)
class _Subject:
    """As much of an item as the form of a step needs."""

    public_id: str
    values: dict[str, object]
    state: StateShown
    version: int
    register: str


def shown(at: Here) -> TodoPage:
    """The page as of the day shown; at most twelve statements with those of the frame.

    Everybody sees what waits for them. Beside it: for the office the whole and today's changes, for those who lead
    one page of numbers, for a team its units, for everybody else what changed since they last looked.
    """
    campaigns = at.campaigns
    own = own_work(at.person, campaigns, at.as_of, past=at.past, all_of=_asked_for(at))
    desk = desk_work(at.person, campaigns, at.as_of, past=at.past)
    counts = {bucket.key: bucket.count for bucket in own}
    waiting = sum(kind.count for kind in desk)
    asked = None if at.past else _asked_of(at)
    title, under = _head(at, counts, own, waiting + (asked.count if asked else 0))
    page = TodoPage(
        title=title,
        under=under,
        groups=_groups(at, own),
        kinds=tuple(_kind(at, kind) for kind in desk),
        waiting=waiting,
        several=len(campaigns) > 1,
        feed=None,
        done=0,
        day=at.as_of,
        stand_ins=() if at.past else standing_in(at.person),
        asked=asked,
    )
    if is_office(at):
        feed = None if at.past else _today(at)
        office = office_desk(at)
        return replace(
            page,
            title=_("待办 · {office}").format(office=at.pack.words.office),
            under=office.numbers.since,
            office=office,
            feed=feed,
            sheet_href=at.to("todo_sheet"),
            listed=office.listed,
        )
    if is_leading(at):
        last = None if at.past else look(at.person).at
        leader = leader_desk(at, last.astimezone(zone_of(at.campaign)).date() if last else None)
        label = _("{campaign}，一页纸").format(campaign=at.campaign.short_name)
        return replace(
            page, title=label, under=leader.numbers.since, leader=leader, sheet_href=at.to("todo_sheet")
        )
    team, behind = team_desk(at), units_behind(at)
    if team is not None:
        return replace(page, team=team, late=behind.late, white=behind.white)
    return replace(
        page,
        late=behind.late,
        white=behind.white,
        feed=None if at.past else _feed(at),
        done=0 if at.past else done_since(at.person, _monday(at.today), at.campaign),
    )


def _asked_of(at: Here) -> AskedShown | None:
    """None without anything that waits."""
    found = proposals_on_the_desk(at.person, at.campaigns, at.as_of)
    if not found.count:
        return None
    rows = tuple((row, _in(at, row.campaign).to("proposal", row.public_id)) for row in found.rows)
    return AskedShown(rows, found.count, at.to("proposals", tab="todo"))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _asked_for(at: Here) -> int | None:
    """The bucket that the address wants to see whole."""
    asked = dict(at.params).get("all", "")
    return next((key for key, (name, _label) in _buckets().items() if name == asked), None)


def _buckets() -> dict[int, tuple[str, str]]:
    return {
        OVERDUE: ("overdue", _("已逾期")),
        TODAY: ("today", _("今天")),
        WEEK: ("week", _("本周")),
        LATER: ("later", _("以后")),
        OPEN_ENDED: ("open", _("没有时限")),
    }


def _head(at: Here, counts: dict[int, int], own: tuple[Bucket, ...], waiting: int) -> tuple[str, str]:
    """The first sentence of the page and the one below it."""
    now = counts.get(OVERDUE, 0) + counts.get(TODAY, 0)
    later = counts.get(LATER, 0) + counts.get(OPEN_ENDED, 0)
    rest = ""
    if counts.get(WEEK, 0) or later:
        rest = _("今天之外，本周还有 {week} 件，以后还有 {later} 件。").format(
            week=counts.get(WEEK, 0), later=later
        )
    if now:
        title = _("当日有 {count} 件要办") if at.past else _("今天有 {count} 件要办")
        return title.format(count=now), rest
    if waiting:
        title = _("当日有 {count} 件等您办理") if at.past else _("有 {count} 件等您办理")
        return title.format(count=waiting), rest if own else ""
    nothing = _("当日没有待办") if at.past else _("今天没有待办")
    coming = next((bucket.rows[0] for bucket in own if bucket.rows), None)
    if coming is None:
        return nothing, ""
    if coming.due is None:
        return nothing, _("最近一项：{step}“{title}”。").format(step=coming.step, title=coming.title)
    return nothing, _("最近一项：{month}月{day}日前{step}“{title}”。").format(
        month=coming.due.month, day=coming.due.day, step=coming.step, title=coming.title
    )


def _groups(at: Here, own: tuple[Bucket, ...]) -> tuple[Group, ...]:
    """Own work by due day; what is due later than this week is folded unless nothing comes before it."""
    found: list[Group] = []
    labels = _buckets()
    for bucket in own:
        name, label = labels[bucket.key]
        rows = tuple(
            _row(at, work, first=not found and place == 0 and bucket.key <= TODAY)
            for place, work in enumerate(bucket.rows)
        )
        whole = len(rows) >= bucket.count
        found.append(
            Group(
                key=name,
                label=label,
                count=bucket.count,
                rows=rows,
                folded=bucket.key in (LATER, OPEN_ENDED) and _asked_for(at) != bucket.key,
                all_href="" if whole else at.to("todo", all=name),
            )
        )
    return tuple(found)


def _kind(at: Here, kind: Kind) -> KindShown:
    there = _in(at, kind.campaign)
    return KindShown(
        kind=kind,
        rows=tuple(_row(at, work) for work in kind.rows),
        all_href=there.to("list", kind.register, state=kind.state),
    )


def _in(at: Here, campaign: str) -> Here:
    """The same person in another campaign: its addresses."""
    return replace(at, campaign=next(one for one in at.campaigns if one.key == campaign))


def _row(at: Here, work: Work, *, first: bool = False) -> Row:
    there = _in(at, work.campaign)
    step, direct, opened, own = None, False, False, ""
    if work.moves:
        move = work.moves[0]
        subject = _Subject(work.public_id, dict(work.data), work.state, work.version, work.register)
        step = move_shown(there, subject, pack_of(there.campaign).register(work.register), move, None)
        step = replace(step, href=there.to("todo_move", work.public_id, move.key))
        plain = not move.kinds and not work.four_eyes
        direct = plain and not step.asks_words
        opened = plain and step.asks_words and first
        own = there.to("notice", work.public_id) if work.objected else own_page(there, work) or step.elsewhere
        direct, opened = direct and not own, opened and not own
        step = replace(step, open=opened)
    if work.writes and not at.past:
        heading = heading_given(at.person, work.data)
        own = f"{there.to('document-edit', work.public_id)}#b-{heading}"
    return Row(
        work=work,
        href=there.to("item", work.public_id),
        open_href=own or there.to("todo_item", work.public_id),
        step=step,
        back=work.moves[1].label if len(work.moves) > 1 else "",
        back_href=f"{there.to('todo_item', work.public_id)}#step-{work.moves[1].key}"
        if len(work.moves) > 1
        else "",
        direct=direct,
        opened=opened,
        next=first and step is not None,
        why_back=work.back,
    )


def _feed(at: Here) -> Feed:
    last = look(at.person)
    since = last.at or first_look(at.today, at.campaign)
    rows = news(at.person, at.campaigns, after=last.seq, since=since)
    return Feed(
        label=_("上次看过之后") if last.at else _("近七天"),
        note=_("{day} 起").format(day=f"{since.astimezone(zone_of(at.campaign)):%m-%d %H:%M}")
        if last.at
        else "",
        rows=_told(at, rows),
    )


def _today(at: Here) -> Feed:
    """What others did today, in the whole campaign."""
    midnight = clock.end_of_day(at.today - timedelta(days=1), zone_of(at.campaign))
    return Feed(
        label=_("今天变了什么"),
        note="",
        rows=_told(at, news(at.actor, (at.campaign,), after=None, since=midnight)),
    )


def _told(at: Here, rows: Sequence[News]) -> tuple[NewsShown, ...]:
    return tuple(
        NewsShown(one, _in(at, one.campaign).to("item", one.public_id), _when(one, at.today)) for one in rows
    )


def _when(one: News, today: date) -> str:
    """The time of day for today, “昨天”, else the day."""
    if one.at.date() == today:
        return f"{one.at:%H:%M}"
    if one.at.date() == today - timedelta(days=1):
        return _("昨天")
    return f"{one.at:%m-%d}"
