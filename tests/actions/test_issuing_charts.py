"""Tables and charts of an issued document: every value is kept, counted again, and explained where the next one differs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.issuing import Issuing
from guatu.actions.people import Appointment, appoint
from guatu.actions.unit_edits import UnitEdit, rename_units
from guatu.actions.units import Placing, place_units
from guatu.domain import clock
from guatu.domain.issued_changes import FigureChanged
from guatu.domain.issued_shown import differences, heard
from guatu.domain.issuing import APPROVAL
from guatu.exchange.issued_files import issue_document
from guatu.queries.issued import issued_document
from guatu.queries.verify.issued import check_issued
from guatu.records.models import IssuedDocument
from tests.actions.test_issuing_documents import document
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY, LATER = date(2023, 11, 6), date(2023, 11, 13)

CHARTS: dict[str, Any] = {
    "blocks": [
        {"id": "h", "kind": "heading", "text": "总体情况"},
        {"id": "p", "kind": "paragraph", "text": "截至{as_of}，共查出问题{issues_total}。"},
        {"id": "t", "kind": "figures", "figures": ["issues_total"], "by": "units"},
        {"id": "u", "kind": "units", "figure": "issues_total", "order": "most", "count": 2},
        {"id": "l", "kind": "chart", "chart": "trend", "figures": ["issues_total"], "days": 14, "step": 7},
        {"id": "r", "kind": "chart", "chart": "ranking", "figures": ["issues_total"], "count": 1},
        {"id": "g", "kind": "chart", "chart": "lights"},
        {"id": "w", "kind": "chart", "chart": "wall", "caption": "图1 作战图"},
    ]
}


@pytest.fixture
def world() -> World:
    world = small_world()
    with clock.fixed(date(2023, 10, 20)):
        appoint(operator(), campaign=world.campaign, appointments=[Appointment("he", "office", "HY")])
    world.problem("F1", date(2023, 10, 20))
    world.problem("Y3", date(2023, 10, 25))
    world.task("F1", date(2023, 10, 20), date(2023, 10, 20), date(2023, 11, 10))
    world.task("Y3", date(2023, 10, 20), date(2023, 10, 20), date(2023, 12, 10))
    return world


def issued(world: World, on: date, title: str, issue: int) -> IssuedDocument:
    fields = {"series": "工作简报", "issue": issue}
    item = document(world, on, body=CHARTS, kind="briefing", title=title, fields=fields)
    with clock.fixed(on):
        issuing = Issuing(as_of=on, document=item.pk, stage=APPROVAL)
        return issue_document(world.actor("lin"), campaign=world.campaign, issuing=issuing)


def late_task(world: World) -> None:
    """A task of 二厂 that had been overdue when the first was issued, entered two days after."""
    key = world.key_task(date(2023, 10, 20))
    world.create(
        "lin",
        "unit_tasks",
        "F2",
        "实地走访",
        date(2023, 10, 21),
        date(2023, 11, 8),
        start=date(2023, 10, 21),
        due=date(2023, 10, 30),
        parent=key.pk,
        task=key.pk,
    )


def drawn(row: IssuedDocument) -> Mapping[str, Mapping[str, str]]:
    """Block → value → its words."""
    return {block.block: {one.ref: one.text for one in block.values} for block in heard(row.shown).blocks}


def changes(world: World, row: IssuedDocument) -> Mapping[str, FigureChanged]:
    found = issued_document(world.actor("lin"), world.campaign, row.public_id)
    return {one.ref: one for one in found.changes}


def test_every_value_that_is_drawn_is_kept(world: World) -> None:
    found = drawn(issued(world, DAY, "第一期", 1))
    assert found["l"] == {
        "issues_total~HY~2023-10-23": "1个",
        "issues_total~HY~2023-10-30": "2个",
        "issues_total~HY~2023-11-06": "2个",
    }
    assert found["r"] == {"issues_total~JIA~2023-11-06": "1个", "left_out": "1"}
    assert found["t"]["issues_total~YI~2023-11-06"] == "1个"
    assert found["g"]["*|yellow"] == "1"
    assert found["g"]["JIA|whole"] == "2"
    assert {value for ref, value in found["w"].items() if ref.startswith("JIA|")} >= {"临期或滞后", "0%"}


def test_they_are_counted_again_alike_after_whatever_happens(world: World) -> None:
    row = issued(world, DAY, "第一期", 1)
    world.problem("F2", date(2023, 10, 22), date(2023, 11, 8))
    late_task(world)
    with clock.fixed(date(2023, 11, 9)):
        place_units(operator(), tree=world.tree, placings=[Placing("F2", date(2023, 11, 1), "under", "YI")])
        edit = UnitEdit("JIA", short_name="甲集团")
        rename_units(operator(), tree=world.tree, edits=[edit], reason="更名")
    assert check_issued() == ()
    assert drawn(row) == drawn(IssuedDocument.objects.get(pk=row.pk))


def test_a_value_that_does_not_come_out_again_is_named_with_its_unit_and_its_day(world: World) -> None:
    row = issued(world, DAY, "第一期", 1)
    told = json.loads(row.shown)
    for block in told["blocks"]:
        for value in block["values"]:
            if value[0] in ("issues_total~HY~2023-10-23", "JIA|yellow", "left_out"):
                value[2], value[3] = "5个", "5" if value[3] else ""
    IssuedDocument.objects.filter(pk=row.pk).update(
        shown=json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    )
    name = f"《{row.title}》第1期送审稿的"
    again = "按原截至日和知悉截至重新统计为"
    assert check_issued() == (
        f"定稿文稿（内部号 {row.pk}）与其修订记录不符。",
        f"{name}“折线图”中“问题清单（2023年10月23日）”定稿为 5个，{again} 1个。",
        f"{name}“排名图”中“未列的单位”定稿为 5个，{again} 1。",
        f"{name}“亮灯图”中“甲公司 临期或滞后”定稿为 5个，{again} 1。",
    )


def test_a_chart_whose_rows_are_others_now_is_told_row_by_row(world: World) -> None:
    shown = heard(issued(world, DAY, "第一期", 1).shown)
    ranking = next(block for block in shown.blocks if block.kind == "ranking")
    assert list(differences(ranking, None)) == [
        "“排名图”中“问题清单（甲公司）”定稿为 1个，重新统计时没有这一项。",
        "“排名图”中“未列的单位”定稿为 1，重新统计时没有这一项。",
    ]
    assert list(differences(ranking, ranking)) == []
    bare = replace(ranking, values=ranking.values[:1])
    assert list(differences(bare, ranking)) == ["“排名图”中没有“未列的单位”，重新统计时有：1。"]


def test_the_next_issue_says_which_point_and_which_light_is_another_and_why(world: World) -> None:
    issued(world, DAY, "第一期", 1)
    world.problem("F2", date(2023, 10, 28), date(2023, 11, 8))
    two = issued(world, LATER, "第二期", 2)
    told = changes(world, two)
    assert told["issues_total~~2023-10-30"].sentence() == "上期 2个。补录 1 条（+1）。现为 3个。"
    assert told["issues_total~~2023-10-30"].label == "问题清单（2023年10月30日）"
    assert "issues_total~~2023-10-23" not in told, "as it was"
    assert told["lights~JIA"].label == "亮灯图（甲公司）"
    assert (
        told["lights~JIA"].sentence()
        == "上期 未到节点 1、临期或滞后 1。日期推移 1 条。现为 未到节点 1、逾期或严重滞后 1。"
    )
    assert told["wall~JIA"].then.endswith("临期或滞后") and told["wall~JIA"].now.endswith("逾期或严重滞后")
    assert "lights~YI" not in told
    assert [one.label for one in told.values() if not one.explained] == []
    assert check_issued() == ()


def test_a_light_of_then_that_is_another_by_a_late_entry_says_so(world: World) -> None:
    issued(world, DAY, "第一期", 1)
    late_task(world)
    with clock.fixed(LATER):
        told = changes(world, issued(world, LATER, "第二期", 2))
    jia = told["lights~JIA"]
    assert {(one.link, one.why) for one in jia.records} >= {("known", "late_entry")}
    assert jia.explained
