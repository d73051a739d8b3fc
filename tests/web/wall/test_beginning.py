"""The first days of a wall: nothing handed down yet, and a house without sectors."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from guatu.access import operator
from guatu.actions.people import Appointment, appoint
from guatu.actions.setup import create_campaign
from guatu.actions.units import NewUnit, enter_units
from guatu.domain import clock
from guatu.queries.wall import wall
from guatu.records.models import Unit
from tests.people import BEGIN, World, theme_pack
from tests.web.conftest import DAY, Walk


def test_whoever_hands_down_is_told_where_to_begin(walk: Walk) -> None:
    page = walk("lin").get(reverse("wall")).content.decode()
    assert "还没有下达任务" in page
    assert f'href="{reverse("list", args=["key_tasks"])}"' in page
    assert "联系本级办公室" not in page


def test_everybody_else_is_told_whom_to_ask(walk: Walk) -> None:
    page = walk("lu").get(reverse("wall")).content.decode()
    assert "联系本级办公室" in page
    assert reverse("list", args=["key_tasks"]) not in page.partition('class="wallwrap"')[2]


@pytest.mark.parametrize(("sector", "banded"), [("", False), ("manufacturing", True)])
def test_a_house_without_sectors_has_no_bands_and_nobody_hangs_directly_below_the_root(
    world: World, sector: str, banded: bool
) -> None:
    with clock.fixed(BEGIN):
        rows = [("P", "甫公司", "HY", "group", ""), ("P1", "甫一厂", "P", "third", sector)]
        rows += [("P2", "甫二厂", "P", "third", "")]
        enter_units(
            operator(),
            tree=world.tree,
            rows=[NewUnit(code, name, name, level, above, band) for code, name, above, level, band in rows],
        )
        campaign = create_campaign(
            operator(),
            key="plain",
            name="无板块",
            short_name="无板块",
            pack=theme_pack(),
            tree=world.tree,
            root=Unit.objects.get(code="P"),
            starts_on=BEGIN,
        )
        appoint(operator(), campaign=campaign, appointments=[Appointment("lin", "office", "P")])
    plain = World(campaign, world.tree)
    more = {"aspect": "research", "short_name": "走访", "order": 1}
    key = plain.create("lin", "key_tasks", "P", "实地走访", DAY, fields=more)
    for unit in ("P1", "P2"):
        due = date(2023, 12, 20)
        plain.create("lin", "unit_tasks", unit, "走访", DAY, start=DAY, due=due, parent=key.pk, task=key.pk)
    page = wall(campaign, day=DAY, actor=plain.actor("lin", DAY), zoom="third")
    assert ("本级及直属" in [row.label for row in page.rows]) is banded
    assert {"甫一厂", "甫二厂"} <= {row.label for row in page.rows}
