"""A whole campaign goes out as one file and comes in elsewhere with its history, its figures and its four eyes."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from guatu.access import operator
from guatu.actions.campaign_intake import TakenIn, take_in
from guatu.actions.comments import add_comment
from guatu.actions.items import Edit, edit_items
from guatu.actions.links import link_items
from guatu.actions.outside_rows import add_outside_row, withdraw_outside_row
from guatu.actions.units import Placing, place_units
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotAllowed
from guatu.exchange.campaign_archive import read_archive, write_archive
from guatu.queries.campaign_archive import read_campaign
from guatu.queries.figures import evaluate
from guatu.queries.verify.run import verify
from guatu.records.models import Campaign, Item
from tests.actions.document_calls import shared
from tests.archives import elsewhere
from tests.people import PAPER, World, small_world

pytestmark = pytest.mark.django_db
LATER = date(2023, 12, 1)
DAYS = (date(2023, 10, 9), date(2023, 10, 20), date(2023, 11, 10), LATER)


@pytest.fixture
def lived() -> World:
    """A campaign with a past: a problem closed and one under way, a plan below a key task, a moved unit, a link, a remark, a
    document with a section of Lin's and a remark on a paragraph."""
    world = small_world()
    closed = world.problem("F1", date(2023, 10, 5))
    world.close(closed, date(2023, 10, 16))
    other = world.problem("F2", date(2023, 10, 6), recorded=date(2023, 10, 9))
    world.task("F1", date(2023, 10, 7), date(2023, 10, 8), date(2023, 11, 30))
    with clock.fixed(date(2023, 11, 1)):
        place_units(operator(), tree=world.tree, placings=[Placing("F2", date(2023, 11, 1), "under", "YI")])
        link_items(
            world.actor("lin"), campaign=world.campaign, kind="same_as", source=other.pk, target=closed.pk
        )
        add_comment(world.actor("lin"), campaign=world.campaign, item=other.pk, text="请按月报进展。")
        document = shared(world)
        add_comment(world.actor("gu"), campaign=world.campaign, item=document.pk, text="请再核。", anchor="p")
        for label in ("境外项目部", "已撤回的一条"):
            row = add_outside_row(
                world.actor("lin"),
                campaign=world.campaign,
                figure="study_total",
                unit="JIA",
                counts_on=date(2023, 10, 20),
                value=12,
                label=label,
                document="境外机构学习情况函",
                approver="顾行舟",
            )
        withdraw_outside_row(
            world.actor("lin"),
            campaign=world.campaign,
            row=row.public_id,
            reason="重复计入。",
            ended_on=date(2023, 11, 1),
        )
    waiting = world.problem("F1", date(2023, 11, 2))
    with clock.fixed(date(2023, 11, 6)):
        world.move("lu", "start", [waiting], date(2023, 11, 6), fields={"owner": "陆文博"})
    return world


def taken(lived: World, **more: Any) -> TakenIn:
    with clock.fixed(LATER):
        return take_in(operator(), archive=elsewhere(read_campaign(lived.campaign)), key="copy", **more)


def numbers(campaign: Campaign, day: date) -> dict[str, object]:
    """Every shown figure of the day for the whole, and what it is said to be."""
    table = evaluate(campaign, None, days=[day], actor=operator())
    return {
        key: (result.value, result.number, result.sides) for (_row, _day, key), result in table.cells.items()
    }


def test_every_figure_of_every_day_is_the_same_elsewhere(lived: World) -> None:
    copy = taken(lived).campaign
    with clock.fixed(LATER):
        for day in DAYS:
            assert numbers(copy, day) == numbers(lived.campaign, day), day


def test_what_comes_in_is_what_went_out(lived: World) -> None:
    sent = elsewhere(read_campaign(lived.campaign))
    copy = taken(lived).campaign
    found = read_campaign(copy)
    for name in ("units", "people", "teams", "posts", "links", "readers", "outside"):
        assert getattr(found, name) == getattr(sent, name), name
    assert [_without_moment(row) for row in found.items] == [_without_moment(row) for row in sent.items]
    assert [row["text"] for row in found.comments] == [row["text"] for row in sent.comments]


def _without_moment(row: dict[str, Any]) -> dict[str, Any]:
    """An item without when its revisions were recorded: that is the day of loading."""
    kept = [
        {**one, "origin": {key: one["origin"][key] for key in ("person", "by", "post", "action")}}
        for one in row["revisions"]
    ]
    return {**row, "revisions": kept}


def test_the_ledger_of_the_copy_holds(lived: World) -> None:
    taken(lived)
    with clock.fixed(LATER):
        assert verify().broken == ""


def test_whoever_filled_there_does_not_verify_here(lived: World) -> None:
    """Lin of the office has written in the unit's problem; the copy knows it as well as the original did."""
    number = Item.objects.filter(campaign=lived.campaign, register="problems").latest("pk").number
    with clock.fixed(date(2023, 11, 7)):
        pk = Item.objects.get(campaign=lived.campaign, number=number).pk
        edit_items(
            lived.actor("lin"), campaign=lived.campaign, edits=[Edit(pk, {"measures_text": "加开窗口"})]
        )
    copy = taken(lived).campaign
    item = Item.objects.get(campaign=copy, number=number)
    here = World(copy, copy.tree)
    here.move("x.lu", "submit_for_signature", [item], LATER, evidence=(PAPER,))
    here.move("x.ren", "sign_off", [item], LATER)
    here.move("x.xu", "take_up", [item], LATER)
    with pytest.raises(NotAllowed):
        here.move("x.lin", "approve", [item], LATER, fields={"verification": "看过"})
    here.move("x.xu", "approve", [item], LATER, fields={"verification": "看过"})


def test_a_second_load_is_refused_and_changes_nothing(lived: World) -> None:
    taken(lived)
    count = Item.objects.count()
    with pytest.raises(BadInput, match="装入过了"):
        taken(lived)
    assert Item.objects.count() == count


def test_a_unit_that_is_called_otherwise_here_is_named(lived: World) -> None:
    archive = elsewhere(read_campaign(lived.campaign))
    with clock.fixed(LATER):
        take_in(operator(), archive=archive, key="copy")
        units = tuple({**row, "name": "别的厂"} if row["code"] == "XF1" else row for row in archive.units)
        items = tuple({**row, "public_id": f"e{row['public_id'][1:]}"} for row in archive.items)
        with pytest.raises(BadInput, match="XF1 在本系统中的名称、层级或隶属与整包不同"):
            take_in(operator(), archive=replace(archive, units=units, items=items), key="third")


def test_only_the_installations_own_hands_take_in(lived: World) -> None:
    archive = elsewhere(read_campaign(lived.campaign))
    with pytest.raises(NotAllowed):
        take_in(lived.actor("lin"), archive=archive, key="copy")


def test_the_file_gives_back_what_was_put_in(lived: World, tmp_path: Path) -> None:
    archive = read_campaign(lived.campaign)
    counts = write_archive(tmp_path / "a.zip", archive, ())
    assert counts["items"] == len(archive.items)
    found = read_archive(tmp_path / "a.zip")
    assert found == archive
    with pytest.raises(BadInput, match="已存在"):
        write_archive(tmp_path / "a.zip", archive, ())


def test_a_changed_part_is_named(lived: World, tmp_path: Path) -> None:
    write_archive(tmp_path / "a.zip", read_campaign(lived.campaign), ())
    with zipfile.ZipFile(tmp_path / "a.zip") as old, zipfile.ZipFile(tmp_path / "b.zip", "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace("食堂".encode(), "会堂".encode()) if name == "items.jsonl" else content
            )
    with pytest.raises(BadInput, match=r"items\.jsonl"):
        read_archive(tmp_path / "b.zip")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"hello"], ids=["empty", "broken", "text"])
def test_what_is_no_archive_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    place = tmp_path / "x.zip"
    place.write_bytes(content)
    with pytest.raises(BadInput, match="不是专项工作的整包"):
        read_archive(place)
    with pytest.raises(BadInput, match="没有找到文件"):
        read_archive(tmp_path / "none.zip")
