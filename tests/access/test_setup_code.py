"""The one-time code: right once, wrong five times, void when somebody is there. Only its hash is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.access import setup_code
from guatu.domain.errors import NotAllowed
from guatu.records.models import Person

pytestmark = pytest.mark.django_db


def test_the_code_opens_and_its_mark_holds(tmp_path: Path) -> None:
    code = setup_code.issue(tmp_path)
    mark = setup_code.redeem(tmp_path, code.lower().replace("-", " "))
    assert setup_code.holds(tmp_path, mark)
    assert not setup_code.holds(tmp_path, "")


def test_the_home_keeps_no_code_but_its_hash_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    code = setup_code.issue(tmp_path)
    kept = tmp_path / setup_code.FILE
    assert code not in kept.read_text(encoding="ascii")
    assert code.replace("-", "") not in kept.read_text(encoding="ascii")
    assert kept.stat().st_mode & 0o077 == 0


def test_wrong_codes_are_counted_and_the_fifth_uses_the_code_up(tmp_path: Path) -> None:
    code = setup_code.issue(tmp_path)
    for left in (4, 3, 2, 1):
        with pytest.raises(NotAllowed, match=f"还可以试 {left} 次"):
            setup_code.redeem(tmp_path, "AAAA-AAAA-AAAA")
    with pytest.raises(NotAllowed, match="已用完"):
        setup_code.redeem(tmp_path, "AAAA-AAAA-AAAA")
    with pytest.raises(NotAllowed, match="--setup-code"):
        setup_code.redeem(tmp_path, code)
    fresh = setup_code.issue(tmp_path)
    assert setup_code.redeem(tmp_path, fresh)


def test_a_new_code_makes_the_one_before_it_worthless(tmp_path: Path) -> None:
    first = setup_code.issue(tmp_path)
    mark = setup_code.redeem(tmp_path, first)
    second = setup_code.issue(tmp_path)
    assert not setup_code.holds(tmp_path, mark)
    with pytest.raises(NotAllowed):
        setup_code.redeem(tmp_path, first)
    assert setup_code.redeem(tmp_path, second)


def test_without_a_code_nothing_opens(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="尚未生成"):
        setup_code.redeem(tmp_path, "AAAA-AAAA-AAAA")


def test_once_somebody_is_there_the_code_is_void(tmp_path: Path) -> None:
    code = setup_code.issue(tmp_path)
    mark = setup_code.redeem(tmp_path, code)
    Person.objects.create(username="lin", name="林晓岚")
    assert not setup_code.holds(tmp_path, mark)
    with pytest.raises(NotAllowed, match="已作废"):
        setup_code.redeem(tmp_path, code)
    assert not (tmp_path / setup_code.FILE).exists()
