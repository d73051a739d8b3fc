"""docs/demo.md tells who is in the cast and which totals there are; it must not fall behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from guatu.packs.theme_education.demo.cast import CAST, Player
from guatu.packs.theme_education.demo.targets import Targets, as_dict


@pytest.fixture(scope="module")
def page(repository: Path) -> str:
    return (repository / "docs" / "demo.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("player", CAST, ids=lambda player: player.username)
def test_everybody_of_the_cast_is_introduced(page: str, player: Player) -> None:
    assert f"| {player.name} | {player.username} |" in page


@pytest.mark.parametrize(("key", "total"), as_dict(Targets()).items())
def test_every_target_is_listed_with_its_default(page: str, key: str, total: int) -> None:
    assert f"| {key} | {total} |" in page
