"""The movement statement of a register, and as a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from guatu.domain.errors import BadInput
from guatu.domain.movement import COLUMNS
from guatu.exchange.exporters import EXPORTERS, format_label
from guatu.exchange.movement_table import equation, within_said
from guatu.queries.movement import (
    TOTAL,
    MovementPage,
    MovementRow,
    column_labels,
    movement_items,
    movement_page,
)
from guatu.queries.pages import ListRow
from guatu.web.days import typed_day
from guatu.web.frame import show
from guatu.web.handed_out import hand_out
from guatu.web.here import Here
from guatu.web.policy import policy
from guatu.web.registers.addresses import changed, elsewhere


@dataclass(frozen=True, slots=True)
class Number:
    """One cell: the number and where its items are, empty for nothing."""

    column: str
    n: int
    href: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row with its numbers; `href` opens the same statement of the unit itself."""

    row: MovementRow
    numbers: tuple[Number, ...]
    total: bool


@dataclass(frozen=True, slots=True)
class Opened:
    """The items behind one number. `more`: how many are counted and not listed."""

    label: str
    count: int
    more: int
    rows: tuple[tuple[ListRow, str], ...]
    close: str


@dataclass(frozen=True, slots=True)
class Statement:
    """The page. `periods` are (words, address, whether it is the one shown)."""

    movement: MovementPage
    heads: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    periods: tuple[tuple[str, str, bool], ...]
    files: tuple[tuple[str, str], ...]
    equation: str
    within: str
    opened: Opened | None
    list_href: str


@policy("see_items")
def movement(request: HttpRequest, at: Here, key: str) -> HttpResponse:
    """The statement of the chosen unit and period; a number opens its items below."""
    asked = dict(at.params)
    first, last = _period(at, asked)
    page = movement_page(at.actor, at.campaign, key, unit=asked.get("unit", ""), first=first, last=last)
    return show(request, at, "pages/movement.html", _shown(at, key, page, asked), menu="registers")


@policy("see_items")
def file(request: HttpRequest, at: Here, key: str, form: str) -> HttpResponse:
    """The statement as a file."""
    asked = dict(at.params)
    first, last = _period(at, asked)
    params = {
        "register": key,
        "unit": asked.get("unit", ""),
        "first": first.isoformat(),
        "last": last.isoformat(),
    }
    return hand_out(at, kind="movement", form=form, params=params)


def _period(at: Here, asked: dict[str, str]) -> tuple[date, date]:
    """The days asked for; without, the month up to the day that is shown."""
    last = typed_day(asked.get("to", "")) or at.as_of
    if last > at.as_of:
        raise BadInput(
            _("截止日 {last} 晚于所看的截至日 {day}。请选 {day} 或更早的日期。"), last=last, day=at.as_of
        )
    return typed_day(asked.get("from", "")) or last.replace(day=1), last


def _shown(at: Here, key: str, page: MovementPage, asked: dict[str, str]) -> Statement:
    row, column = asked.get("row", ""), asked.get("column", "")

    def line(one: MovementRow) -> Line:
        numbers = (
            Number(name, n, changed(at, row=one.key, column=name) + "#items" if n else "", False)
            for name in COLUMNS
            for n in (getattr(one.counts, name),)
        )
        chosen = tuple(
            Number(each.column, each.n, each.href, (one.key, each.column) == (row, column))
            for each in numbers
        )
        return Line(one, chosen, one.key == TOTAL)

    return Statement(
        movement=page,
        heads=tuple(column_labels().items()),
        lines=tuple(line(one) for one in (*page.rows, page.total)),
        periods=_periods(at, page),
        files=tuple(
            (format_label(form), elsewhere(at, "movement_file", key, form))
            for form in EXPORTERS["movement"].forms
        ),
        equation=equation(),
        within=within_said(page) if page.within else "",
        opened=_opened(at, page, row, column) if row or column else None,
        list_href=at.to("list", key),
    )


def _periods(at: Here, page: MovementPage) -> tuple[tuple[str, str, bool], ...]:
    this = at.as_of.replace(day=1)
    before = this - timedelta(days=1)
    days = (
        (_("本月"), this, at.as_of),
        (_("上月"), before.replace(day=1), before),
        (_("开展以来"), at.campaign.starts_on, at.as_of),
    )
    return tuple(
        (
            words,
            changed(at, **{"from": first.isoformat(), "to": last.isoformat()}, row="", column=""),
            (first, last) == (page.first, page.last),
        )
        for words, first, last in days
        if first <= last
    )


def _opened(at: Here, page: MovementPage, row: str, column: str) -> Opened:
    count, rows = movement_items(at.actor, at.campaign, page, row=row, column=column)
    label = next(one.label for one in (*page.rows, page.total) if one.key == row)
    return Opened(
        label=_("{unit} · {column}").format(unit=label, column=column_labels()[column]),
        count=count,
        more=max(count - len(rows), 0),
        rows=tuple((each, at.to("item", each.public_id)) for each in rows),
        close=changed(at, row="", column=""),
    )
