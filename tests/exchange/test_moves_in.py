"""Steps from a sheet: the same rules as on the page, all or nothing, every bad row with its number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from guatu.actions.evidence_opened import note_opened
from guatu.actions.moves_import import Outcome, move_listed
from guatu.console import move
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.exchange.moves_in import read_steps
from guatu.records.models import Batch, Evidence, Item
from guatu.records.packs import pack_of
from tests.people import PAPER, World, small_world
from tests.sheets import xlsx

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 6)


@pytest.fixture
def world() -> World:
    return small_world()


def run(world: World, who: str, lines: str, *, dry_run: bool = False) -> Outcome:
    with clock.fixed(DAY):
        steps = read_steps(lines.encode(), pack_of(world.campaign), "办理.csv")
        return move_listed(world.actor(who), campaign=world.campaign, steps=steps, dry_run=dry_run)


def applied(world: World, source: str = "research") -> Item:
    item = world.problem("F1", DAY, source=source)
    world.move("lu", "start", [item], DAY, fields={"owner": "陆文博"})
    world.move(
        "lu", "submit_for_signature", [item], DAY, fields={"measures_text": "加开窗口"}, evidence=(PAPER,)
    )
    return world.move("ren", "sign_off", [item], DAY)[0]


def test_a_row_is_made_by_the_buttons_name_and_the_fields_labels(world: World) -> None:
    item = world.problem("F1", DAY)
    outcome = run(world, "lu", f"编号,办理,责任人\n{item.number},开始整改,陆文博\n")
    assert outcome.written and outcome.moved == ((item.number, "整改中"),)
    assert Item.objects.get(pk=item.pk).data["owner"] == "陆文博"


def test_one_bad_row_keeps_all_from_being_written_and_every_bad_row_is_named(world: World) -> None:
    one, two = world.problem("F1", DAY), world.problem("F1", DAY)
    before = Batch.objects.count()
    lines = f"说明：请勿改表头\n编号,办理,责任人\n{one.number},开始整改,陆文博\n{two.number},审签,\nWT-9999,开始整改,甲\n"
    outcome = run(world, "lu", lines)
    assert [(bad.row, bad.number) for bad in outcome.bad] == [(4, two.number), (5, "WT-9999")]
    assert "不能对" in outcome.bad[0].sentence and "未找到该事项" in outcome.bad[1].sentence
    assert Batch.objects.count() == before and Item.objects.get(pk=one.pk).state == "open"


def test_a_dry_run_says_what_would_be_and_writes_nothing(world: World) -> None:
    item = world.problem("F1", DAY)
    before = Batch.objects.count()
    outcome = run(world, "lu", f"编号,办理,责任人\n{item.number},start,陆文博\n", dry_run=True)
    assert outcome.moved == ((item.number, "整改中"),) and not outcome.written
    assert Batch.objects.count() == before


def test_rows_after_one_another_take_an_item_several_steps(world: World) -> None:
    item = world.problem("F1", DAY)
    lines = (
        "编号,办理,责任人,整改措施,材料名称,存放处,保管人\n"
        f"{item.number},开始整改,陆文博,,,,\n{item.number},报审签,,加开窗口,会议纪要,档案柜,白露\n"
    )
    assert run(world, "lu", lines).written
    assert Item.objects.get(pk=item.pk).state == "signing"


def test_a_sheet_verifies_in_bulk_however_its_rows_stand(world: World) -> None:
    one, two = applied(world), applied(world)
    lines = "编号,办理,核验意见,原因\n" + "".join(
        f"{item.number},受理核验,,\n{item.number},同意销号,现场看过,内部管理事项\n" for item in (one, two)
    )
    outcome = run(world, "xu", lines)
    assert "还没有全部打开看过" in outcome.bad[0].sentence and not outcome.written
    with clock.fixed(DAY):
        pieces = list(Evidence.objects.values_list("pk", flat=True))
        note_opened(world.actor("xu"), campaign=world.campaign, evidence=pieces)
    assert run(world, "xu", lines).written
    assert set(Item.objects.values_list("state", flat=True)) == {"closed"}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("编号,责任人\nWT-0001,甲\n", "没有“编号”和“办理”两列"),
        ("编号,办理\n", "表头下面没有事项"),
        ("编号,办理,星座\nWT-0001,开始整改,白羊\n", "不认识的列：星座"),
    ],
)
def test_what_is_no_list_of_steps_is_refused_with_a_sentence(world: World, text: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        read_steps(text.encode(), pack_of(world.campaign), "办理.csv")


def test_a_workbook_and_a_csv_of_windows_are_read_alike(world: World, tmp_path: Path) -> None:
    rows = [["编号", "办理", "责任人"], ["WT-0001", "开始整改", "陆文博"]]
    pack = pack_of(world.campaign)
    text = "\r\n".join(",".join(row) for row in rows).encode("gb18030")
    assert read_steps(text, pack, "办理.csv") == read_steps(xlsx(*rows), pack, "办理.xlsx")


def test_the_console_prints_every_row_and_what_is_wrong_with_it(world: World, tmp_path: Path) -> None:
    item, file = world.problem("F1", DAY), tmp_path / "办理.csv"
    file.write_text(f"编号,办理,责任人\n{item.number},开始整改,陆文博\n", encoding="utf-8")
    with clock.fixed(DAY):
        tried = CliRunner().invoke(move.command, [str(file), "--as", "lu", "--dry-run"])
        done = CliRunner().invoke(move.command, [str(file), "--as", "lu"])
        again = CliRunner().invoke(move.command, [str(file), "--as", "lu"])
        nobody = CliRunner().invoke(move.command, [str(file), "--as", "wu"])
    assert "共 1 行，都可以办理。尚未写入。" in tried.output and tried.exit_code == 0
    assert "共 1 行，已全部办理。" in done.output and "整改中" in done.output
    assert again.exit_code == 1 and "不能办理“开始整改”" in again.output and "未写入任何一行" in again.output
    assert isinstance(nobody.exception, NotFound) and "没有名为“wu”的账号" in str(nobody.exception)
