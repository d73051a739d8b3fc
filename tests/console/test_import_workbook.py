"""`guatu import`: any workbook as a register, told first and made with --apply."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from guatu.console import import_workbook
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.queries.verify import verify
from guatu.records.models import Batch, Campaign, Item, PackVersion
from guatu.records.packs import pack_of
from tests.people import World, small_world
from tests.sheets import xlsx
from tests.web.conftest import DAY

pytestmark = pytest.mark.django_db
HEAD = ("单位", "事项", "日期", "金额（万元）", "类别")
ROWS = (
    ("一厂", "更换灯具", "2023.11.5", "1.5", "设备"),
    ("二厂", "修缮厂房", "2023年11月6日", 12, "房屋"),
    ("三院门诊", "采购设备", "年底前", "3万元", "设备"),
)


@pytest.fixture
def world() -> World:
    return small_world()


def run(*arguments: str | Path) -> Result:
    with clock.fixed(DAY):
        return CliRunner().invoke(
            import_workbook.command, [str(each) for each in arguments], catch_exceptions=False
        )


def sheet(folder: Path, *rows: tuple[object, ...], name: str = "台账.xlsx") -> Path:
    path = folder / name
    path.write_bytes(xlsx(HEAD, *rows))
    return path


def test_it_tells_what_was_understood_and_what_is_open(world: World, tmp_path: Path) -> None:
    told = run(sheet(tmp_path, *ROWS), "--as", "lin")
    assert told.exit_code == 1
    assert "台账：工作表“Sheet”A1:E4，3 行。" in told.output
    assert "有 1 个单位名称没有认出" in told.output
    assert "第 4 行 C 列“日期”填的是“年底前”" in told.output
    assert PackVersion.objects.count() == 1


def test_with_the_answers_it_makes_the_register_and_says_so_as_json(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, *ROWS)
    answers = ("--choose", "三院门诊=Y3", "--unfit", "blank", "--name", "设备台账")
    dry = run(path, "--as", "lin", *answers)
    assert dry.exit_code == 0
    assert "尚未写入" in dry.output
    done = run(path, "--as", "lin", *answers, "--apply", "--json")
    said = json.loads(done.output)
    assert said["written"] == {"register": "sheet_1", "items": 3, "dropped": []}
    assert [(one["heading"], one["type"], one["part"]) for one in said["columns"]] == [
        ("单位", "unit", "unit"),
        ("事项", "text", "title"),
        ("日期", "date", "day"),
        ("金额(万元)", "money", ""),
        ("类别", "text", ""),
    ]
    campaign = Campaign.objects.get()
    assert pack_of(campaign).register("sheet_1").label == "设备台账"
    assert Item.objects.get(title="采购设备").data == {
        "c4": "30000",
        "c5": "设备",
        "as_written": "日期：年底前",
    }
    assert verify().broken == ""
    again = json.loads(run(path, "--as", "lin", *answers, "--apply", "--json").output)
    assert again["questions"] == ["已有名称为“设备台账”的清单。请换一个名称。"]
    assert Item.objects.count() == 3


def test_rows_go_into_a_register_that_stands_already_once(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, *ROWS[:2])
    run(path, "--as", "lin", "--apply")
    more = sheet(
        tmp_path,
        ("三院", "检修电梯", "2023-11-20", 2, "设备"),
        ("甲公司", "迎检", "", "", ""),
        name="十一月.xlsx",
    )
    told = run(more, "--as", "lin", "--register", "sheet_1")
    assert told.exit_code == 0, told.output
    for _time in range(2):
        done = json.loads(run(more, "--as", "lin", "--register", "sheet_1", "--apply", "--json").output)
        assert done["written"]["items"] == 2
    assert PackVersion.objects.count() == 2
    items = Item.objects.filter(register="sheet_1").order_by("pk")
    assert [(item.number, item.title) for item in items] == [
        ("BA-0001", "更换灯具"),
        ("BA-0002", "修缮厂房"),
        ("BA-0003", "检修电梯"),
        ("BA-0004", "迎检"),
    ]
    assert items[2].data == {"c3": "2023-11-20", "c4": "20000", "c5": "设备"}
    assert verify().broken == ""


def test_into_a_register_of_the_pack_values_are_read_as_its_fields_say(world: World, tmp_path: Path) -> None:
    path = tmp_path / "实事.xlsx"
    rows = (
        ("单位", "名称", "开展日期", "服务地类别", "服务地点", "受益村民数", "天气"),
        ("一厂", "义诊", "2023.11.5", "村", "石桥村", "35名", "晴"),
        ("二厂", "助学", "2023年11月6日", "山区", "石桥小学", 12, "雨"),
    )
    path.write_bytes(xlsx(*rows))
    with pytest.raises(BadInput, match="第 3 行“服务地类别”填的是“山区”"):
        run(path, "--as", "lin", "--register", "services", "--apply")
    assert Item.objects.count() == 0
    done = run(path, "--as", "lin", "--register", "services", "--unfit", "skip", "--apply", "--json")
    said = json.loads(done.output)
    assert said["written"]["items"] == 1
    assert [one["row"] for one in said["written"]["dropped"]] == [3]
    assert any("清单没有这些列，没有读取：天气" in remark for remark in said["remarks"])
    item = Item.objects.get(register="services")
    assert item.data == {
        "held_on": "2023-11-05",
        "place_kind": "village",
        "place": "石桥村",
        "villagers": 35,
    }


def test_nobody_but_the_office_makes_registers(world: World, tmp_path: Path) -> None:
    path = sheet(tmp_path, *ROWS[:1])
    before = Batch.objects.count()
    with pytest.raises(NotFound):
        run(path, "--as", "lu", "--apply")
    assert Batch.objects.count() == before


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--choose", "三院门诊"), "应写成“名称=单位”"),
        (("--choose", "三院门诊=没有"), "没有名称或代码为“没有”的单位"),
        (("--unit", "没有"), "没有名称或代码为“没有”的单位"),
        (("--register", "nothing"), "没有“nothing”这个清单"),
        (("--table", "3"), "没有这张表"),
    ],
)
def test_a_wrong_answer_is_said_in_a_sentence(
    world: World, tmp_path: Path, more: tuple[str, str], said: str
) -> None:
    with pytest.raises((BadInput, NotFound), match=said):
        run(sheet(tmp_path, *ROWS), "--as", "lin", *more)
