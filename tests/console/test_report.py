"""`guatu report`: from records to a file whose every number is theirs."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import docx
import pytest
from click.testing import CliRunner

from guatu.access import operator
from guatu.console.report import command
from guatu.domain import clock
from guatu.domain.errors import BadInput, NotFound
from guatu.domain.report import Paragraph
from guatu.queries.reports import compose_report
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DAY = date(2023, 11, 30)


@pytest.fixture
def world() -> World:
    """Two problems of 一厂, one of them closed on 20 November; a visit that solved three more."""
    world = small_world()
    first = world.problem("F1", date(2023, 10, 10))
    world.problem("F1", date(2023, 10, 12))
    world.close(first, date(2023, 11, 20))
    world.create(
        "lu",
        "visits",
        "F1",
        "走访客户",
        date(2023, 11, 2),
        fields={"held_on": "2023-11-02", "visited_body": "东风机械厂", "solved": 3},
    )
    return world


def text(world: World, day: date = DAY) -> str:
    document = compose_report(world.campaign, "summary", day=day, actor=operator())
    return "".join(block.text for block in document.blocks if isinstance(block, Paragraph))


def test_the_report_says_what_the_records_say_on_its_day(world: World) -> None:
    assert "全集团3家三级单位、1个党组织参加主题教育" in text(world)
    assert "检视查找出2个问题" in text(world)
    assert "截至2023年11月30日，已销号1个问题" in text(world)
    assert "开展调研1次，调研单位1家次，现场解决问题3个" in text(world)
    earlier = text(world, date(2023, 10, 31))
    assert "检视查找出2个问题" in earlier
    assert "尚无完成销号的事项" in earlier
    assert "调研单位" not in earlier


def test_the_report_is_signed_by_the_office_of_the_campaigns_organisation(world: World) -> None:
    document = compose_report(world.campaign, "summary", day=DAY, actor=operator())
    assert document.signature == "华岳集团主题教育办公室"
    assert document.notes == ()


def test_a_report_on_synthetic_data_says_so(world: World) -> None:
    world.campaign.synthetic = True
    (note,) = compose_report(world.campaign, "summary", day=DAY, actor=operator()).notes
    assert "合成数据" in note


def test_a_day_before_the_campaign_has_nothing_to_report(world: World) -> None:
    with pytest.raises(BadInput, match=r"2023-09-30 早于启动日 2023-10-01.*请选"):
        compose_report(world.campaign, "summary", day=date(2023, 9, 30), actor=operator())


def test_an_unknown_template_is_answered_with_those_that_exist(world: World) -> None:
    with pytest.raises(NotFound, match=r"“brief”.*可用：summary"):
        compose_report(world.campaign, "brief", day=DAY, actor=operator())


@pytest.mark.parametrize("form", ["docx", "txt", "html"])
def test_the_command_writes_the_file_in_each_format(world: World, form: str, tmp_path: Path) -> None:
    out = tmp_path / f"报告.{form}"
    with clock.fixed(DAY):
        result = CliRunner().invoke(
            command,
            ["summary", "--as-of", "2023-11-30", "--format", form, "--out", str(out)],
            catch_exceptions=False,
        )
    assert result.exit_code == 0
    assert "已写出" in result.output
    content = out.read_bytes()
    if form == "docx":
        word = docx.Document(io.BytesIO(content))
        said = "".join(paragraph.text for paragraph in word.paragraphs)
    else:
        said = content.decode()
    assert "2个" in said
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--as-of", "2023-11-31"], "2023-11-31"),
        (["--as-of", "2023-12-01"], "晚于今天"),
        (["--known-at", "#999999"], "#999999"),
        (["--campaign", "other"], "other"),
        (["other"], "other"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    world: World, arguments: list[str], said: str, tmp_path: Path
) -> None:
    out = tmp_path / "报告.txt"
    with clock.fixed(DAY), pytest.raises((BadInput, NotFound), match=said):
        CliRunner().invoke(
            command, [*arguments, "--format", "txt", "--out", str(out)], catch_exceptions=False
        )
    assert not out.exists()


def test_the_report_of_an_earlier_knowledge_leaves_out_what_was_recorded_later(
    world: World, tmp_path: Path
) -> None:
    world.problem("F2", date(2023, 11, 25), recorded=date(2023, 12, 5))
    with clock.fixed(date(2023, 12, 6)):
        for known, said in (("2023-11-30", "检视查找出2个问题"), ("2023-12-05", "检视查找出3个问题")):
            out = tmp_path / f"{known}.txt"
            CliRunner().invoke(
                command,
                ["--as-of", "2023-11-30", "--known-at", known, "--format", "txt", "--out", str(out)],
                catch_exceptions=False,
            )
            assert said in out.read_text(encoding="utf-8")
