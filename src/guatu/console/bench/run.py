"""`guatu bench`: the demo in a database of its own, then the everyday operations, timed and counted."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from django.db import connection

from guatu.actions.items import NewItem, create_items
from guatu.actions.standing import DueChange, change_due
from guatu.console.bench import extraction
from guatu.console.bench.csv_of_all import csv_of_all
from guatu.console.bench.measuring import Measured, forget_peak, measure, peak_mb, watched
from guatu.console.bench.operations import Bench, Operation, analyze, pages, reads, update
from guatu.console.bench.own_database import own_database
from guatu.console.bench.rush import rush as rushed
from guatu.console.bench.table import table
from guatu.console.bench.workbooks import many_at_once, one_large
from guatu.demo.copies import multiply
from guatu.demo.demos import demo_of, usual_demo
from guatu.demo.load import load_demo
from guatu.domain import clock
from guatu.domain.errors import BadInput
from guatu.domain.pack import builtin_pack
from guatu.domain.words import gettext as _
from guatu.queries.unit_tree import unit_tree
from guatu.records.models import Campaign

SIZES = {"seed": 0, "1M": 1_000_000}
"""How many items each size holds; 0: those of the demo."""
BROKEN = 20
"""So many of the workbooks of a drop are broken."""


@click.command(
    short_help=_("测量速度、内存和语句数，与手写 SQL 对照"),
    help=_(
        "在另建的临时数据库中装入示例数据，测量常用操作的耗时、内存和语句数，与手写 SQL 对照，结束后删除。不影响已有数据。"
    ),
)
@click.option(
    "--size",
    default="seed",
    show_default=True,
    type=click.Choice(tuple(SIZES)),
    help=_("数据量：示例数据，或再成批复制到约一百万项"),
)
@click.option(
    "--repeat", default=20, show_default=True, type=click.IntRange(1, 1000), help=_("每项操作重复的次数")
)
@click.option(
    "--items", default=10_000, show_default=True, type=click.IntRange(1, 100_000), help=_("一次写入的事项数")
)
@click.option(
    "--rows",
    default=0,
    show_default=True,
    type=click.IntRange(0, 200_000),
    help=_("再量一份有这么多新行的填报表：读、核对、写入，与直接读表加手写 SQL 装入对照"),
)
@click.option(
    "--drop",
    default=0,
    show_default=True,
    type=click.IntRange(0, 5_000),
    help=_("再量一次收回这么多份填报表，其中 20 份是坏的"),
)
@click.option(
    "--rush",
    default=0,
    show_default=True,
    type=click.IntRange(0, 5_000),
    help=_(
        "再量这么多家单位在截止前一分钟内报送：另建一套数据，照常启动服务，由另一个进程模拟各家登录后的操作"
    ),
)
@click.option("--alone", is_flag=True, help=_("只量 --rush，不装入示例数据"))
@click.option(
    "--extract",
    "labelled",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help=_("只量读数：这个文件夹里标注过的文稿（.txt 和同名的 .json），按类别给出准确率和召回率"),
)
@click.option("--json", "as_json", is_flag=True, help=_("按 JSON 输出"))
def command(
    size: str,
    repeat: int,
    items: int,
    rows: int,
    drop: int,
    rush: int,
    alone: bool,
    labelled: Path | None,
    as_json: bool,
) -> None:
    """Measure the demo, or its copies, in a database of its own; the rush in another; or the reading of texts."""
    if labelled is not None:
        read = extraction.measured(labelled)
        click.echo(json.dumps(read, ensure_ascii=False, indent=2) if as_json else extraction.printed(read))
        return
    if alone and not rush:
        raise BadInput(_("--alone 只量 --rush，但没有写多少家单位。请加上，例如 --rush 1585。"))
    found = _machine()
    if not alone:
        with own_database(), clock.fixed(demo_of(usual_demo()).ends):
            found |= _run(size, repeat, items, rows, drop)
    if rush:
        with own_database() as home:
            found["rush"] = rushed(home, rush)
    click.echo(json.dumps(found, ensure_ascii=False, indent=2) if as_json else table(found))


def _machine() -> dict[str, Any]:
    """Where it is measured. `load` above the number of cores: the times say little."""
    return {
        "database": f"{connection.vendor} {_version()}",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }


def _run(size: str, repeat: int, items: int, rows: int = 0, drop: int = 0) -> dict[str, Any]:
    key = usual_demo()
    demo = demo_of(key)
    with watched() as telling:
        story = demo.tell(None)
    with watched() as loading:
        loaded = load_demo(story, builtin_pack(key))
    with watched() as copying:
        copied = multiply(loaded.campaign, SIZES[size]) if SIZES[size] else 0
    analyze()
    at = Bench(loaded.campaign, demo.sample, demo.ends)
    forget_peak()
    measured = [_measured(one, repeat) for one in (*reads(at), *pages(at), update(at))]
    highest = peak_mb()
    return {
        "size": size,
        "load": round(os.getloadavg()[0], 1),
        "peak_mb": highest,
        "units": len(story.units),
        "items": loaded.items + copied,
        "demo": {
            "batches": loaded.batches,
            "telling_seconds": round(telling.seconds, 2),
            "loading_seconds": round(loading.seconds, 2),
            "statements": loading.statements,
            "copied": copied,
            "copying_seconds": round(copying.seconds, 2),
        },
        "operations": [asdict(one) for one in measured],
        "csv": csv_of_all(at),
        "bulk": _bulk(loaded.campaign, at, items),
        "drop": many_at_once(at, drop, min(BROKEN, drop)) if drop else None,
        "rows": one_large(at, rows) if rows else None,
    }


def _measured(one: Operation, repeat: int) -> Measured:
    return measure(
        one.name,
        lambda: one.size(one.ours()),
        repeats=repeat,
        size_unit=one.unit,
        by_hand=one.by_hand,
    )


def _bulk(campaign: Campaign, at: Bench, count: int) -> list[dict[str, Any]]:
    """Many items in one action: written, then each given a later due day."""
    nodes = unit_tree(campaign, at.day).nodes.values()
    units, sample, actor = [n.code for n in nodes if n.level == at.sample.level], at.sample, at.actor
    rows = [
        NewItem(
            register=sample.register,
            unit=units[number % len(units)],
            title=_("测速用的问题 {number}").format(number=number),
            fields=sample.fields,
            due=at.day + timedelta(days=30),
        )
        for number in range(count)
    ]
    with watched() as creating:
        items = create_items(actor, campaign=campaign, rows=rows)
    with watched() as changing:
        change_due(
            actor,
            campaign=campaign,
            changes=[DueChange(item.pk, at.day + timedelta(days=60)) for item in items],
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


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()" if connection.vendor == "sqlite" else "SHOW server_version")
        return str(cursor.fetchone()[0])
