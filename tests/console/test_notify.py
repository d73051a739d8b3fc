"""`guatu notify` and the worker: what goes out, what would, and how they end."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner

from guatu.access import operator
from guatu.actions.channels import send_test
from guatu.console import notify
from guatu.console.worker import Attendant
from guatu.domain import clock
from guatu.records.models import Delivery, Deployment, Message
from tests.exchange.services import bots, configured, group
from tests.people import World, small_world

pytestmark = pytest.mark.django_db
DUE = date(2023, 11, 17)
AT = datetime.combine(DUE, time(8, 5), tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def world() -> World:
    found = small_world()
    found.problem("F1", date(2023, 11, 6), due=DUE)
    return found


@pytest.fixture
def configure(tmp_path: Path, settings: Any) -> Callable[[str], None]:
    def write(text: str) -> None:
        file = tmp_path / "channels.toml"
        file.write_text(text, encoding="utf-8")
        settings.GUATU_CHANNELS = str(file)

    return write


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and everything that was printed."""
    with clock.fixed(AT):
        result = CliRunner().invoke(notify.command, list(arguments), standalone_mode=False)
    assert result.exception is None, result.exception
    return int(result.return_value or 0), result.output


def test_a_dry_run_says_what_would_be_told_and_writes_nothing(world: World) -> None:
    code, said = run("--dry-run")
    assert code == 0
    assert "demo（2023-11-17）：将提醒 2 人 2 条，邮件 0 人，群 0 个。\n  当天到期  2\n" in said
    assert not Delivery.objects.exists()


def test_the_same_for_a_program(world: World) -> None:
    code, said = run("--dry-run", "--json")
    told = json.loads(said)
    assert code == 0
    assert told["reminded"][0]["people"] == 2
    assert {line["stage"] for line in told["reminded"][0]["lines"]} == {"due"}
    assert told["waiting"] == {}


def test_once_is_once(world: World) -> None:
    assert "提醒 2 人 2 条" in run("--once")[1]
    assert "现在没有要提醒的" in run()[1]
    assert Message.objects.filter(kind="due_digest").count() == 2


def test_a_group_whose_unit_is_unknown_is_said(world: World, configure: Callable[[str], None]) -> None:
    configure(configured(more=group("wecom").replace('"HY"', '"NIRGENDS"')))
    assert "群“专班群”的单位代码“NIRGENDS”不存在" in run("--dry-run")[1]


def test_a_file_that_cannot_be_read_ends_with_one(world: World, configure: Callable[[str], None]) -> None:
    configure("[mail")
    code, said = run()
    assert code == 1
    assert "channels.toml" in said


def test_the_worker_reminds_and_sends_by_itself(world: World, configure: Callable[[str], None]) -> None:
    with bots() as services:
        configure(configured(services.address, more=group("wecom")))
        with clock.fixed(AT):
            send_test(operator(), channel="wecom:专班群")
            Attendant().keep_reminding()
            Attendant().keep_posting()
        assert len(services.taken) == 1
    assert Message.objects.filter(kind="due_digest").count() == 2


def test_a_demonstration_is_reminded_by_hand_only_and_says_that_nothing_leaves(world: World) -> None:
    Deployment.objects.update_or_create(pk=1, defaults={"demo": True, "demo_day": DUE})
    with clock.fixed(AT):
        Attendant().keep_reminding()
    assert not Message.objects.filter(kind="due_digest").exists()
    code, said = run()
    assert (code, "演示不向外发送消息。" in said) == (0, True)
    assert Message.objects.filter(kind="due_digest").count() == 2
