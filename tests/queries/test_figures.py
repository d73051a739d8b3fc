"""What a table of figures promises: few statements, rows that add up, changes, moments, refusals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from guatu.access import nobody, operator
from guatu.actions.items import NewItem, create_items
from guatu.actions.people import Appointment, NewPerson, NewTeam, appoint, enter_people, form_teams
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.domain.figures.rows import Row
from guatu.queries.figures import change, evaluate, row_of, trend
from guatu.queries.moments import parse_day, parse_known
from guatu.queries.statements import relations, statements
from guatu.records.models import Batch, Unit
from tests.queries.figure_stories import Step, tell
from tests.queries.figure_world import FIGURES, World, build, day

pytestmark = pytest.mark.django_db

STORY = [
    Step("create", 0, 5, 7, "u", "A", 5, "x"),
    Step("create", 0, 5, 3, "v", "A", 9, "y"),
    Step("create", 1, 2, 4, "w", "A", 12, "x"),
    Step("create", 1, 0, 4, "B", "A", 13, ""),
    Step("visit", 0, 1, 2, "u", "A", 3, "x"),
    Step("visit", 0, 1, 2, "u", "A", 7, "x"),
    Step("visit", 0, 20, 2, "w", "A", 4, "y"),
    Step("move", 1, 0, 0, "u", "A", 1, ""),
    Step("move", 1, 0, 1, "u", "A", 1, ""),
    Step("move", 1, 0, 0, "u", "A", 2, ""),
    Step("month", 0, 0, 3, "A", "A", 21, ""),
    Step("month", 0, 0, 3, "A", "A", 20, ""),
]


@pytest.fixture
def world() -> World:
    made = build()
    tell(made, STORY)
    return made


def statements_of(action: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as seen:
        action()
    return len(seen)


def more_units(world: World, number: int) -> None:
    with clock.fixed(day(20)):
        rows = [
            NewUnit(
                f"x{n}",
                f"新厂{n}",
                f"新厂{n}",
                "third",
                parent="A",
                head_counts={"people": 1},
                from_day=day(1),
            )
            for n in range(number)
        ]
        enter_units(operator(), tree=world.tree, rows=rows)
        items = [NewItem("problems", row.code, "事项", {"pupils": 1}) for row in rows]
        create_items(world.office, campaign=world.campaign, rows=items)


def test_all_figures_together_take_few_statements_and_more_units_or_days_take_no_more(world: World) -> None:
    def ask(*days: date) -> int:
        rows = [row_of(unit) for unit in Unit.objects.all()]
        return statements_of(lambda: evaluate(world.campaign, None, rows=rows, days=days, actor=world.office))

    evaluate(world.campaign, None, days=[day(20)], actor=world.office)  # the lines of units are kept
    few = ask(day(20))
    more_units(world, 40)
    evaluate(world.campaign, None, days=[day(20)], actor=world.office)

    assert few <= 9
    assert ask(day(20)) == few
    assert ask(day(10), day(15), day(20), day(25)) == few


def test_figures_that_add_up_over_items_take_one_statement(world: World) -> None:
    keys = ["total", "closed", "late", "pupils", "cost", "solved", "visits", "on_time", "a_or_late"]

    assert statements_of(lambda: evaluate(world.campaign, keys, days=[day(20)], actor=world.office)) == 1


def test_the_parts_add_up_to_the_whole_for_everything_that_is_counted(world: World) -> None:
    keys = ["total", "closed", "open", "late", "visits", "solved", "pupils", "units", "people"]
    rows = [row_of(world.unit(code)) for code in ("G", "A", "B")] + [
        Row("own", "本级", unit=world.unit("G").pk, own=True)
    ]
    table = evaluate(world.campaign, keys, rows=rows, days=[day(20)], actor=world.office)

    for key in keys:
        parts = [table.result(key, row).number or 0 for row in ("A", "B", "own")]
        assert table.result(key, "G").number == sum(parts), key


def test_cuts_by_sector_count_what_stands_below_the_sector(world: World) -> None:
    rows = [Row("north", "北", sector="north"), Row("south", "南", sector="south"), row_of(world.unit("A"))]
    table = evaluate(world.campaign, ["total"], rows=rows, days=[day(20)], actor=world.office)

    assert table.result("total", "north") == table.result("total", "A")
    assert table.result("total", "south").value == 1


def test_a_change_says_what_is_new_since_the_earlier_day(world: World) -> None:
    with clock.fixed(day(30)):
        create_items(world.office, campaign=world.campaign, rows=[NewItem("problems", "u", "新问题")])
    found = change(world.campaign, None, day=day(30), earlier=day(25), actor=world.office)

    assert (found["total"].difference, found["total"].text) == (1, "增加1")
    assert found["visits"].text == "持平"
    assert found["closed_share"].text == "下降8.3个百分点"
    assert found["on_time"].text == ""


def test_a_trend_has_one_value_for_each_day(world: World) -> None:
    found = trend(world.campaign, ["total"], [day(4), day(5), day(20)], actor=world.office)

    assert [result.value for result in found["total"]] == [0, 2, 3]


def test_coverage_counts_teams_posts_and_visits_of_ones_own_team(world: World) -> None:
    admin = operator()
    with clock.fixed(day(25)):
        form_teams(
            world.office,
            campaign=world.campaign,
            teams=[
                NewTeam("t1", "第一督导组", ("A",), day(25)),
                NewTeam("t2", "第二督导组", ("w",), day(26)),
            ],
        )
        enter_people(admin, people=[NewPerson(name, name) for name in ("lu", "ren", "zhou")])
        posts = [
            Appointment("lu", "filler", "u"),
            Appointment("ren", "head", "u"),
            Appointment("zhou", "liaison", "A"),
        ]
        appoint(admin, campaign=world.campaign, appointments=posts)
        for code, team in (("u", "t1"), ("v", "第一督导组"), ("w", "t1")):
            held = {"held_on": day(25).isoformat(), "team": team}
            create_items(world.office, campaign=world.campaign, rows=[NewItem("visits", code, "督导", held)])
    keys = ["with_team", "with_people", "visited", "team_cov"]
    table = evaluate(world.campaign, keys, days=[day(24), day(25), day(26)], actor=world.office)

    assert [table.result("with_team", day=d).value for d in table.days] == [0, 2, 3]
    assert [table.result("with_people", day=d).value for d in table.days] == [0, 1, 1]
    assert [table.result("visited", day=d).value for d in table.days] == [0, 2, 2]
    assert [table.result("team_cov", day=d).value for d in table.days] == [False, False, True]
    assert table.result("team_cov").sides == (3, 3)


def test_a_comparison_takes_only_months_that_the_same_unit_reported_in_both_years(world: World) -> None:
    with clock.fixed(day(30)):
        rows = [
            NewItem("monthly", "A", "指标", {"month": month, "revenue": revenue, "profit": profit})
            for month, revenue, profit in (
                ("2022-11-30", "100.00", "-5"),
                ("2023-11-30", "108.30", "3"),
                ("2023-10-31", "999", "999"),
            )
        ]
        rows.append(NewItem("monthly", "B", "指标", {"month": "2022-11-30", "revenue": "7", "profit": "7"}))
        create_items(world.office, campaign=world.campaign, rows=rows)
    keys = ["revenue_growth", "profit_up", "all_up"]
    table = evaluate(
        world.campaign, keys, rows=[row_of(world.unit("A"))], days=[day(29), day(30)], actor=world.office
    )

    assert table.result("revenue_growth", day=day(29)).sides == (Decimal("147.03"), Decimal("140.03"))
    assert table.result("revenue_growth").sides == (Decimal("255.33"), Decimal("240.03"))
    assert table.printed("revenue_growth").text == "同比增长6.4%"
    assert table.result("profit_up").sides == (12, 3)
    assert table.result("all_up").value is True


def test_missing_is_not_zero(world: World) -> None:
    with clock.fixed(day(30)):
        rows = [NewItem("visits", "B", "走访", {"held_on": day(30).isoformat()})]
        create_items(world.office, campaign=world.campaign, rows=rows)
    rows_asked = [row_of(world.unit("B")), row_of(world.unit("u")), row_of(world.unit("v"))]
    table = evaluate(world.campaign, ["solved"], rows=rows_asked, days=[day(30)], actor=world.office)

    assert table.result("solved", "B").missing == 1
    assert table.result("solved", "u").missing == 0
    assert table.result("solved", "v").value == 0
    assert table.printed("solved", "B").text == "暂无数据"


def test_without_a_post_there_are_no_figures(world: World) -> None:
    with pytest.raises(NotAllowed):
        evaluate(world.campaign, None, days=[day(20)], actor=nobody())


def test_an_unknown_figure_is_named_with_those_that_exist(world: World) -> None:
    with pytest.raises(BadInput, match=r"“nothing”.*total"):
        evaluate(world.campaign, ["nothing"], days=[day(20)], actor=world.office)


def test_statements_carry_value_interval_text_and_day(world: World) -> None:
    said = {one.key: one for one in statements(world.campaign, day=day(20), actor=world.office)}

    assert set(said) == set(FIGURES)
    people = said["people"]
    assert (people.value, people.low, people.high, people.text) == (12_030, 11_500, 12_500, "1.2万个")
    assert (people.as_of, people.kind) == ("2023-11-20", "figure")
    assert (said["on_time"].kind, said["on_time"].low) == ("claim", None)
    assert relations(world.campaign)[0].right == ("total",)


def test_moments_are_read_in_the_campaigns_zone_and_later_days_refused(world: World) -> None:
    with clock.fixed(day(30)):
        assert parse_day(None, world.campaign) == day(30)
        assert parse_day("2023-11-29", world.campaign) == day(29)
        with pytest.raises(BadInput, match="晚于今天"):
            parse_day("2023-12-01", world.campaign)
        with pytest.raises(BadInput, match=r"“昨天”不是有效的日期"):
            parse_day("昨天", world.campaign)
    last = Batch.objects.order_by("-seq").values_list("seq", flat=True)[0]
    assert parse_known(None, world.campaign) is None
    assert parse_known("#1", world.campaign) == 1
    assert parse_known("2023-11-30", world.campaign) == last
    assert parse_known("2023-10-31", world.campaign) == 0
    assert parse_known("2023-10-31T23:59", world.campaign) == 0
    assert parse_known("2023-11-30T00:00", world.campaign) == last
    for text in ("#", "#x", f"#{last + 1}", "2023-11-31", "2023-11-30T25:00", "now"):
        with pytest.raises(BadInput):
            parse_known(text, world.campaign)
