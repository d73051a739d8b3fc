"""What is measured: the everyday operations, each beside hand-written SQL for the same answer where there is one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from guatu.access import Actor, get_item, resolve
from guatu.access.sign_in import person_called
from guatu.actions.items import Edit, edit_items
from guatu.console.bench import by_hand
from guatu.console.bench.by_hand import Subject
from guatu.demo.demos import Sample
from guatu.domain import clock
from guatu.domain.lights import Light, returned_states, running_states, waiting_states
from guatu.domain.words import gettext as _
from guatu.exchange import report_docx
from guatu.exchange.list_table import list_sheets
from guatu.exchange.xlsx_out import write_xlsx
from guatu.queries.figure_drill import drill
from guatu.queries.items import item_page
from guatu.queries.pages import ItemFilters, ItemPage, ListPage
from guatu.queries.registers import list_page
from guatu.queries.reports import compose_report
from guatu.queries.standing import light_rule
from guatu.queries.statements import statements
from guatu.queries.unit_tree import unit_tree
from guatu.queries.wall import wall
from guatu.queries.wall_page import WallPage
from guatu.records.models import Campaign, Item, Person
from guatu.records.packs import pack_of

Answer = Any


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `size` counts what `ours` answers, in `unit`.

    `by_hand` is the same as plain SQL; `said` and `said_by_hand` bring both answers to one form, so that a test can
    compare them.
    """

    name: str
    ours: Callable[[], Answer]
    size: Callable[[Answer], int]
    unit: str
    by_hand: Callable[[], Answer] | None = None
    said: Callable[[Answer], Answer] | None = None
    said_by_hand: Callable[[Answer], Answer] | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """Where it is measured: a campaign, as its office sees it on the demo's day."""

    campaign: Campaign
    sample: Sample
    day: date

    @property
    def person(self) -> Person:
        """Who looks."""
        found = person_called(self.sample.office)
        assert found is not None
        return found

    @property
    def actor(self) -> Actor:
        """The same with the posts that hold."""
        return resolve(self.person, self.campaign, self.day)

    def subject(self, register: str) -> Subject:
        """What hand-written statements need to know of a register."""
        pack = pack_of(self.campaign)
        flow, rule = pack.workflow_of(register), light_rule(pack, register)
        assert rule is not None
        tree = unit_tree(self.campaign, self.day)
        return Subject(
            campaign=self.campaign.pk,
            root=self.campaign.root_id,
            register=register,
            running=tuple(running_states(flow)),
            returned=tuple(returned_states(flow)),
            waiting=tuple(waiting_states(flow)),
            soon_days=rule.due_soon_days,
            unanswered_days=rule.unanswered_days,
            yellow_behind=rule.yellow_behind,
            red_behind=rule.red_behind,
            level=self.sample.level,
            depth=next(len(n.line) for n in tree.nodes.values() if n.level == self.sample.level),
        )

    def item(self) -> Item:
        """An open item of the sample's register, the first of its list."""
        actor, filters = self.actor, ItemFilters(phases=("open",))
        page = list_page(actor, self.campaign, self.sample.register, filters, day=self.day)
        return get_item(actor, page.rows[0].public_id, self.campaign)


def reads(at: Bench) -> Iterator[Operation]:
    """What pages, reports and exports ask of the records."""
    yield _chart(at, _("作战图，当日"), at.day)
    yield _chart(at, _("作战图，一个月前"), at.sample.earlier)
    yield _list(at)
    yield _item(at)
    actor, campaign, sample = at.actor, at.campaign, at.sample
    yield Operation(_("全部统计项"), lambda: statements(campaign, day=at.day, actor=actor), len, "figures")
    yield Operation(
        _("一个统计项背后的记录"),
        lambda: drill(campaign, sample.figure, day=at.day, actor=actor).rows,
        len,
        "rows",
    )
    yield Operation(
        _("报告，Word"),
        lambda: report_docx.render(
            compose_report(campaign, sample.report, day=at.day, known_at=None, actor=actor)
        ),
        len,
        "bytes",
    )
    yield _workbook(at)


def _chart(at: Bench, name: str, day: date) -> Operation:
    spec = pack_of(at.campaign).wall
    assert spec is not None
    of, actor = at.subject(spec.register_key), at.actor

    def said(page: WallPage) -> Answer:
        return {
            (row.code, column.task): (cell.n, cell.closed, cell.light.value)
            for row in page.rows
            if row.kind == "unit" and row.level == at.sample.level
            for column, cell in zip(page.columns, row.cells, strict=True)
            if cell.n
        }

    return Operation(
        name,
        lambda: wall(at.campaign, day=day, actor=actor, zoom=at.sample.level),
        lambda page: sum(len(row.cells) for row in page.rows),
        "cells",
        lambda: by_hand.wall(of, day),
        said,
        lambda rows: {(code, task): (n, int(closed), light) for code, task, n, closed, light in rows},
    )


def _list(at: Bench) -> Operation:
    of, actor, register = at.subject(at.sample.register), at.actor, at.sample.register

    def said(page: ListPage) -> Answer:
        lights = {light.value: page.lights.count(light) for light in Light if page.lights.count(light)}
        return lights, [(row.number, row.title, row.state.key, row.due) for row in page.rows]

    return Operation(
        _("清单，首页 50 行和合计"),
        lambda: list_page(actor, at.campaign, register, ItemFilters(), day=at.day, sort="light"),
        lambda page: len(page.rows),
        "rows",
        lambda: (by_hand.counts(of, at.day), by_hand.rows(of, at.day)),
        said,
        lambda found: (dict(found[0]), [(row[0], row[1], row[3], row[4]) for row in found[1]]),
    )


def _item(at: Bench) -> Operation:
    item, actor = at.item(), at.actor

    def said(page: ItemPage) -> Answer:
        return page.number, page.title, page.state.key, page.due, page.version

    def said_by_hand(found: tuple[by_hand.Rows, ...]) -> Answer:
        number, title, state, due = found[0][0][:4]
        return number, title, state, due, found[1][-1][0]

    return Operation(
        _("一个事项和它的全部经过"),
        lambda: item_page(actor, at.campaign, item.public_id, day=at.day),
        lambda page: len(page.timeline),
        "events",
        lambda: by_hand.item(item.pk, at.day),
        said,
        said_by_hand,
    )


def _workbook(at: Bench) -> Operation:
    of, actor, register = at.subject(at.sample.register), at.actor, at.sample.register

    def ours() -> int:
        file = BytesIO()
        write_xlsx(file, list_sheets(actor, at.campaign, register, ItemFilters(), (), at.day, sort="light"))
        return len(file.getvalue())

    return Operation(
        _("清单导出 Excel，全部行（对照只取行，不写文件）"),
        ours,
        lambda size: size,
        "bytes",
        lambda: by_hand.rows(of, at.day, limit=None),
    )


def update(at: Bench) -> Operation:
    """One value of one item, with batch, revision and spells. Every run writes another value."""
    item, campaign, actor = at.item(), at.campaign, at.actor
    register = pack_of(campaign).register(at.sample.register)
    field = next(f.key for f in register.fields if f.type in ("text", "long_text") and not f.dated)
    count = iter(range(1, 10**9))

    def ours() -> Item:
        value = _("测速时写入的第 {n} 个值").format(n=next(count))
        return edit_items(actor, campaign=campaign, edits=[Edit(item.pk, {field: value})])[0]

    def hand() -> None:
        value = _("测速时写入的第 {n} 个值").format(n=next(count))
        by_hand.update(item.pk, field, value, at.day, clock.now())

    return Operation(_("改一个事项的一个字段"), ours, lambda _item: 1, "items", hand)


def pages(at: Bench) -> Iterator[Operation]:
    """Whole answers, from the request to the last byte, as the office sees them."""
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(at.person)
    sample = at.sample

    def fetch(address: str) -> int:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return len(answer.content)

    addresses = {
        _("页面：作战图"): reverse("wall") + f"?zoom={sample.level}",
        _("页面：作战图，一个月前"): reverse("wall") + f"?zoom={sample.level}&as_of={sample.earlier}",
        _("页面：清单，首页"): reverse("list", args=[sample.register]),
        _("页面：一个事项"): reverse("item", args=[at.item().public_id]),
        _("页面：统计项"): reverse("figures"),
        _("页面：报告"): reverse("report", args=[sample.report]),
    }
    for name, address in addresses.items():
        yield Operation(name, lambda address=address: fetch(address), lambda size: size, "bytes")  # type: ignore[misc]


def analyze() -> None:
    """Let the database look at what it holds before it is measured."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
