"""`guatu figures`: JSON for programs, a table for people, one sentence for every mistake."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from guatu.actions.outside_rows import add_outside_row
from guatu.console.figures import command
from guatu.domain import clock
from guatu.domain.errors import GuatuError
from tests.people import small_world
from tests.queries.figure_stories import tell
from tests.queries.figure_world import FIGURES, World, build, day
from tests.queries.test_figures import STORY

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    made = build()
    tell(made, STORY)
    return made


def run(*arguments: str) -> str:
    with clock.fixed(day(30)):
        result = CliRunner().invoke(command, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    return result.output


def rows(*arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run(*arguments, "--json"))
    return found


def test_every_figure_is_listed_with_exactly_the_promised_keys(world: World) -> None:
    found = rows("--as-of", "2023-11-30")

    assert [row["key"] for row in found] == list(FIGURES)
    assert all(
        list(row) == ["key", "label", "value", "low", "high", "text", "as_of", "definition"] for row in found
    )
    people = next(row for row in found if row["key"] == "people")
    assert (people["value"], people["low"], people["high"], people["text"]) == (
        12030,
        11500,
        12500,
        "1.2万个",
    )
    assert {row["value"] for row in found if row["key"] in ("on_time", "all_up", "profit_up")} <= {
        True,
        False,
        None,
    }


def test_a_unit_and_an_earlier_moment_narrow_what_is_counted(world: World) -> None:
    def total(*arguments: str) -> object:
        return next(row["value"] for row in rows(*arguments) if row["key"] == "total")

    assert total("--as-of", "2023-11-30") == 3
    assert total("--as-of", "2023-11-30", "--unit", "A") == 2
    assert total("--as-of", "2023-11-04") == 0
    assert total("--as-of", "2023-11-30", "--known-at", "2023-11-09") == 0


def test_opening_a_figure_lists_its_records(world: World) -> None:
    assert len(rows("--drill", "total")) == 3
    assert sum(row["amount"] for row in rows("--drill", "solved")) == 5
    assert {row["side"] for row in rows("--drill", "closed_share")} == {"part", "whole"}
    assert rows("--drill", "aspects") == [{"value": "12", "document": "通知第三条"}]
    assert rows("--drill", "places")[0].keys() == {"unit", "place", "records"}


def test_the_table_for_people_shows_the_same_numbers(world: World) -> None:
    text = run()

    assert "截至 2023-11-30" in text
    assert "1.2万个" in text
    assert run("--drill", "total").endswith("共 3 条记录\n")
    assert "分母" in run("--drill", "closed_share")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "30.11.2023"], "“30.11.2023”不是有效的日期"),
        (["--as-of", "2023-12-01"], "晚于今天（2023-11-30）"),
        (["--known-at", "soon"], "知悉截至“soon”无法识别"),
        (["--campaign", "other"], "没有标识为“other”的专项工作"),
        (["--unit", "Z"], "没有代码为“Z”的单位"),
        (["--drill", "nothing"], "没有标识为“nothing”的统计项"),
    ],
)
def test_a_mistake_is_named_with_its_value(world: World, arguments: list[str], said: str) -> None:
    with clock.fixed(day(30)), pytest.raises(GuatuError, match=said):
        CliRunner().invoke(command, arguments, catch_exceptions=False)


def test_another_basis_and_the_variants_are_asked_for_by_name(world: World) -> None:
    found = rows("--as-of", "2023-11-30", "--basis", "reported", "--variants")
    keys = [row["key"] for row in found]
    assert "total@reported" in keys
    assert "told_upward@upward@reported" in keys
    assert "units" in keys  # units have no basis
    one = run("--drill", "told_upward@upward", "--as-of", "2023-11-30")
    assert "条记录" in one


def test_rows_from_outside_stand_below_the_records_of_a_figure(world: World) -> None:
    with clock.fixed(day(30)):
        add_outside_row(
            world.office,
            campaign=world.campaign,
            figure="all_visits",
            unit="u",
            counts_on=day(11),
            value=12,
            document="境外函〔2023〕8号",
            approver="顾行舟",
        )
    assert "系统外数据：一厂 12（境外函〔2023〕8号，批准人 顾行舟）" in run("--drill", "all_visits")
    assert next(row for row in rows() if row["key"] == "all_visits")["outside"] == "其中系统外数据 12 个"


def test_a_basis_that_does_not_exist_is_one_sentence(world: World) -> None:
    with pytest.raises(GuatuError, match="没有“seen”这一认定层级。可用：reported、signed"):
        run("--basis", "seen")


def test_relations_are_listed_with_both_sides_and_whether_they_hold() -> None:
    made = small_world()
    made.problem("F1", day(3))
    told = run("--relations")
    assert "已销号问题 + 未销号问题 等于 问题清单：1 与 1，成立。" in told
    found = {row["relation"]: row for row in rows("--relations")}
    assert found["issues_closed <= issues_total"]["holds"] is True
    assert found["issues_closed <= issues_total"]["right"] == 1
