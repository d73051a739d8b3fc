"""A total names the units that were asked for it and have not answered: missing is not zero."""

from __future__ import annotations

from datetime import date

import pytest

from guatu.actions.requests import amend_roster
from guatu.domain import clock
from guatu.queries.unreported import unreported, unreported_words
from guatu.records.packs import pack_of
from tests.collecting import ask, collecting_world, hand, monthly, visiting
from tests.people import World

pytestmark = pytest.mark.django_db
SENT, ANSWERED, TAKEN_OFF = date(2023, 11, 24), date(2023, 11, 28), date(2023, 11, 29)
OCTOBER, NOVEMBER = date(2023, 10, 31), date(2023, 11, 30)
FIGURE = "survey_visits"


def left_out(world: World, day: date, figure: str = FIGURE, top: str = "") -> list[str]:
    """The units that the figure's total leaves out as of the day, below one unit (by code) where it is named."""
    pack = pack_of(world.campaign)
    under = world.unit(top).pk if top else None
    found = unreported(world.campaign, pack, [pack.figures[figure]], day, top=under)
    return sorted(one.name for one in found.get(figure, ()))


@pytest.fixture
def world() -> World:
    """Three units are asked for their visits of October; 一厂 answers on the 28th, 二厂 is taken off on the 29th."""
    made = collecting_world()
    ask(made, ["JIA"], monthly(period=OCTOBER), title="另一个清单")
    returns = ask(made, ["F1", "F2", "Y3"], visiting(period=OCTOBER), title="走访台账")
    hand(made, "lu", returns["F1"], on=ANSWERED, answer="nil")
    with clock.fixed(TAKEN_OFF):
        amend_roster(
            made.actor("lin"),
            campaign=made.campaign,
            request=returns["F2"].parent_id or 0,
            reduce=[returns["F2"].pk],
            reason="停产",
        )
    return made


def test_whoever_has_not_answered_is_named_until_they_answer_or_are_taken_off(world: World) -> None:
    assert left_out(world, date(2023, 11, 23)) == []
    assert left_out(world, SENT) == ["一厂", "三院", "二厂"]
    assert left_out(world, ANSWERED) == ["三院", "二厂"]
    assert left_out(world, TAKEN_OFF) == ["三院"]
    assert left_out(world, TAKEN_OFF, top="YI") == ["三院"]
    assert left_out(world, SENT, top="JIA") == ["一厂", "二厂"]


def test_a_figure_lacks_nobody_who_was_asked_for_another_register_or_a_later_period(world: World) -> None:
    assert left_out(world, TAKEN_OFF, "issues_total") == []
    ask(world, ["F1"], visiting(period=NOVEMBER), on=TAKEN_OFF, title="十一月走访台账")
    assert left_out(world, TAKEN_OFF) == ["三院"]
    assert left_out(world, NOVEMBER) == ["一厂", "三院"]


def test_who_is_missing_is_said_in_a_sentence(world: World) -> None:
    pack = pack_of(world.campaign)
    found = unreported(world.campaign, pack, [pack.figures[FIGURE]], SENT)
    assert unreported_words(found[FIGURE]) == "3 家单位未报送，合计数不含这 3 家。"
    assert unreported_words(()) == ""
