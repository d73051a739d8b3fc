"""`guatu tick` and `guatu calendar`: what they do, what they say, how they end."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from guatu.console import calendar, tick
from guatu.domain import clock
from guatu.queries.calendar import house_calendar
from tests.people import small_world

pytestmark = pytest.mark.django_db
NOTICE = "一、元旦：1月1日至3日放假调休，共3天。1月9日（星期六）上班。\n"


def run(command: object, *arguments: str) -> tuple[int, str]:
    """Exit code and everything that was printed."""
    result = CliRunner().invoke(command, list(arguments), standalone_mode=False)  # type: ignore[arg-type]
    assert result.exception is None, result.exception
    return int(result.return_value or 0), result.output


def test_tick_says_what_it_moved_and_moves_it_once() -> None:
    world = small_world()
    item = world.problem("F1", date(2023, 10, 10), category="development")
    world.move("lin", "keep_up", [item], date(2023, 10, 20), reason="须长期坚持")
    with clock.fixed(date(2024, 1, 18)):
        assert run(tick.command) == (0, f"{item.number} 已办理“到期检查”。\n")
        assert run(tick.command) == (0, "没有到期的自动流转。\n")


def test_tick_names_what_it_could_not_move() -> None:
    world = small_world()
    item = world.problem("F1", date(2026, 10, 9), category="development", due=date(2026, 12, 31))
    world.move("lin", "keep_up", [item], date(2026, 10, 9), reason="须长期坚持")
    with clock.fixed(date(2027, 1, 7)):
        code, said = run(tick.command)
    assert code == 1
    assert "2027 年工作日历尚未录入，无法计算期限。请联系系统管理员录入。" in said


def test_calendar_enters_a_year_from_a_file_and_shows_it(tmp_path: Path) -> None:
    code, said = run(calendar.command, "2027")
    assert (code, "2027 年工作日历尚未录入" in said) == (1, True)
    file = tmp_path / "通知.txt"
    file.write_bytes(NOTICE.encode("gb18030"))
    code, said = run(calendar.command, "2027", str(file))
    assert code == 0
    assert "2027 年工作日历（通知.txt）" in said
    assert "2027-01-09  上班" in said
    assert house_calendar().is_working(date(2027, 1, 9))


def test_calendar_shows_a_published_year() -> None:
    code, said = run(calendar.command, "2023")
    assert code == 0
    assert "2023-10-02  国庆节" in said
