"""`guatu bench`: the demo in a database of its own, then the everyday operations, timed and counted."""

from __future__ import annotations

import json
import os
import platform
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment
from django.urls import reverse

from guatu.access import Actor, resolve
from guatu.access.sign_in import person_called
from guatu.actions.items import NewItem, create_items
from guatu.actions.standing import DueChange, change_due
from guatu.console.measuring import Measured, measure, watched
from guatu.demo.demos import demo_of, usual_demo
from guatu.demo.load import load_demo
from guatu.domain import clock
from guatu.domain.pack import builtin_packs, load_pack
from guatu.domain.words import gettext as _
from guatu.exchange import report_docx
from guatu.queries.figure_drill import drill
from guatu.queries.reports import compose_report
from guatu.queries.statements import statements
from guatu.queries.unit_tree import unit_tree
from guatu.queries.wall import wall
from guatu.records.models import Campaign

PACK = usual_demo()
DEMO = demo_of(PACK)
ENDS = DEMO.ends
SAMPLE = DEMO.sample
EARLIER = SAMPLE.earlier


@click.command(
    short_help=_("测量速度和语句数"),
    help=_(
        "在另建的临时数据库中装入示例数据，测量常用操作的耗时和语句数，结束后删除。不影响已有数据。"
    ),
)
@click.option(
    "--repeat", default=20, show_default=True, type=click.IntRange(1, 1000), help=_("每项操作重复的次数")
)
@click.option(
    "--items", default=10_000, show_default=True, type=click.IntRange(1, 100_000), help=_("一次写入的事项数")
)
@click.option("--json", "as_json", is_flag=True, help=_("按 JSON 输出"))
def command(repeat: int, items: int, as_json: bool) -> None:
    """Measure against the story of a pack in a database of its own."""
    with _own_database(), clock.fixed(ENDS):
        found = _run(repeat, items)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else _table(found))


@contextmanager
def _own_database() -> Iterator[None]:
    """A database made for the measurement: on SQLite a file elsewhere, on PostgreSQL one beside the given one."""
    with tempfile.TemporaryDirectory(prefix="guatu-bench-") as folder:
        Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
        kept = connection.settings_dict["NAME"]
        tests = connection.settings_dict["TEST"]
        tests["NAME"] = (
            str(Path(folder) / "bench.sqlite3") if connection.vendor == "sqlite" else f"{kept}_bench"
        )
        setup_test_environment(debug=False)
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
        try:
            yield
        finally:
            connection.creation.destroy_test_db(kept, verbosity=0)
            teardown_test_environment()


def _run(repeat: int, items: int) -> dict[str, Any]:
    pack = load_pack(builtin_packs()[PACK])
    with watched() as telling:
        story = DEMO.tell(None)
    with watched() as loading:
        loaded = load_demo(story, pack)
    campaign = loaded.campaign
    person = person_called(SAMPLE.office)
    assert person is not None
    actor = resolve(person, campaign)
    _analyze()
    measured = [*_queries(campaign, actor, repeat), *_pages(campaign, actor, repeat)]
    standing = unit_tree(campaign, ENDS).nodes.values()
    unit_codes = [node.code for node in standing if node.level == SAMPLE.level]
    return {
        "database": f"{connection.vendor} {_version()}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),  # above the number of cores, the times say little
        "units": len(story.units),
        "items": loaded.items,
        "demo": {
            "batches": loaded.batches,
            "telling_seconds": round(telling.seconds, 2),
            "loading_seconds": round(loading.seconds, 2),
            "statements": loading.statements,
        },
        "operations": [asdict(one) for one in measured],
        "bulk": _bulk(campaign, actor, unit_codes, items),
    }


def _queries(campaign: Campaign, actor: Actor, repeat: int) -> list[Measured]:
    """What pages, reports and commands ask of the records."""

    def chart(day: date) -> int:
        return sum(len(row.cells) for row in wall(campaign, day=day, actor=actor, zoom=SAMPLE.level).rows)

    def figures(day: date) -> int:
        return len(statements(campaign, day=day, actor=actor))

    def records_behind() -> int:
        return len(drill(campaign, SAMPLE.figure, day=ENDS, actor=actor).rows)

    def report() -> int:
        return len(
            report_docx.render(compose_report(campaign, SAMPLE.report, day=ENDS, known_at=None, actor=actor))
        )

    return [
        measure(_("作战图 216×20，当日"), lambda: chart(ENDS), repeats=repeat, size_unit="cells"),
        measure(_("作战图 216×20，一个月前"), lambda: chart(EARLIER), repeats=repeat, size_unit="cells"),
        measure(_("全部统计项，当日"), lambda: figures(ENDS), repeats=repeat, size_unit="figures"),
        measure(_("全部统计项，一个月前"), lambda: figures(EARLIER), repeats=repeat, size_unit="figures"),
        measure(_("一个统计项背后的记录"), records_behind, repeats=repeat, size_unit="rows"),
        measure(_("总结报告，Word"), report, repeats=repeat, size_unit="bytes"),
    ]


def _pages(campaign: Campaign, actor: Actor, repeat: int) -> list[Measured]:
    """Whole answers, from the request to the last byte, as the office sees them."""
    client = Client(SERVER_NAME="127.0.0.1")
    person = person_called(SAMPLE.office)
    assert person is not None
    client.force_login(person)
    item = next(row.item for row in drill(campaign, SAMPLE.figure, day=ENDS, actor=actor).rows if row.item)

    def fetch(address: str) -> int:
        answer = client.get(address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return len(answer.content)

    addresses = {
        _("页面：作战图 216×20"): reverse("wall") + f"?zoom={SAMPLE.level}",
        _("页面：作战图 216×20，一个月前"): reverse("wall") + f"?zoom={SAMPLE.level}&as_of={EARLIER}",
        _("页面：问题清单，首页"): reverse("list", args=[SAMPLE.register]),
        _("页面：一个事项"): reverse("item", args=[item]),
        _("页面：统计项"): reverse("figures"),
        _("页面：报告"): reverse("report", args=[SAMPLE.report]),
    }
    return [
        measure(name, lambda address=address: fetch(address), repeats=repeat, size_unit="bytes")
        for name, address in addresses.items()
    ]


def _bulk(campaign: Campaign, actor: Actor, units: list[str], count: int) -> list[dict[str, Any]]:
    """Many items in one action: written, then each given a later due day."""
    rows = [
        NewItem(
            register=SAMPLE.register,
            unit=units[number % len(units)],
            title=_("测速用的问题 {number}").format(number=number),
            fields=SAMPLE.fields,
            due=ENDS + timedelta(days=30),
        )
        for number in range(count)
    ]
    with watched() as creating:
        items = create_items(actor, campaign=campaign, rows=rows)
    with watched() as changing:
        change_due(
            actor,
            campaign=campaign,
            changes=[DueChange(item.pk, ENDS + timedelta(days=60)) for item in items],
            kind="extension",
            reason=_("测速"),
        )
    return [
        {
            "action": name,
            "items": count,
            "seconds": round(watch.seconds, 2),
            "inside_seconds": round(watch.inside_seconds, 2),
            "statements": watch.statements,
        }
        for name, watch in (("items.create", creating), ("items.due:extension", changing))
    ]


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return str(cursor.fetchone()[0])


def _table(found: dict[str, Any]) -> str:
    """The same for people: one line per operation."""
    demo = found["demo"]
    lines = [
        _(
            "数据库：{database} · Python {python} · {cores} 核，负载 {load} · 单位 {units} · 事项 {items}"
        ).format(**found),
        _(
            "示例数据：编写 {telling_seconds} 秒，装入 {loading_seconds} 秒（{batches} 批，{statements} 条语句）"
        ).format(**demo),
    ]
    for one in found["bulk"]:
        lines.append(
            _(
                "一次写入 {items} 项（{action}）：共 {seconds} 秒，其中事务内 {inside_seconds} 秒，{statements} 条语句"
            ).format(**one)
        )
    lines.append(
        _("{p50:>10} {p95:>10} {statements:>8} {size:>16}  操作").format(
            p50="p50 ms", p95="p95 ms", statements="SQL", size="size"
        )
    )
    for one in found["operations"]:
        size = f"{one['size']} {one['size_unit']}"
        lines.append(
            f"{one['p50']:>10.1f} {one['p95']:>10.1f} {one['statements']:>8} {size:>16}  {one['name']}"
        )
    return "\n".join(lines)
