"""Nothing about one campaign is hard-wired: its words, its registers and its figures stand in its pack and nowhere else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from guatu.demo.demos import demo_keys, demo_of, usual_demo
from guatu.domain.pack import Pack, builtin_packs, load_pack

WORDS = (
    "主题教育 党员 党支部 党组织 党委 读书班 党课 理论学习 调研课题 调研走访 为民办实事 专项整治 学习研讨 "
    "安全生产大检查 安全办 隐患 五落实 应急演练 "
    "theme-education theme_education safety-drive safety_drive party_members party_orgs"
).split()
"""Words by which one would know the campaign of a built-in pack."""

GENERAL = {
    "domain/checker/words.py": {"党员", "党支部", "党组织", "党委", "隐患", "五落实"},
    "domain/pack/schema.py": {"safety-drive"},
    "domain/statements.py": {"隐患"},
}
"""Where such a word is none of a campaign: the checker's word classes hold the nouns, the set phrases and the tails of
names that any report of a Chinese organisation uses (its members and branches are counted as its staff and companies
are), and two docstrings take their examples from a pack."""

COMMON = frozenset(
    "cases problems measures contracts services plans matches monthly guidance meetings media tasks checks drills "
    "requests returns progress trainings topics visits focuses study supervision closures youth milestones sources staff sites duties documents materials".split()
)
"""Keys that are also plain English words: as such they may stand in code, as keys of a register they may not."""

RELATION = {"records/models/items.py": {"unit_tasks"}}
"""The name of a relation between tables: the items that were handed down under a task, whatever the pack calls them."""

NAMING = re.compile(
    r"""(?:register(?:_key)?\s*(?:=|==|!=|:)\s*|registers?\[|register\(|figure\(|figures\[|args=\[)["']([a-z][a-z0-9_]*)["']"""
)
"""Code that names a register or a figure: register="visits", pack.figure("visits"), reverse("list", args=["visits"])."""


@pytest.fixture(scope="module")
def packs() -> tuple[Pack, ...]:
    return tuple(load_pack(folder) for folder in builtin_packs().values())


def sources(repository: Path) -> Iterator[tuple[str, str]]:
    """Every text file of the program outside the packs: its path below `guatu`, and its content."""
    root = repository / "src" / "guatu"
    for path in sorted(root.rglob("*")):
        place = path.relative_to(root)
        if (
            path.suffix in (".py", ".html", ".txt", ".js", ".css", ".json", ".yaml", ".sql")
            and place.parts[0] != "packs"
        ):
            yield place.as_posix(), path.read_text(encoding="utf-8")


def test_no_word_of_a_campaign_stands_outside_its_pack(repository: Path) -> None:
    found = [
        f"{place}:{number}: {word}"
        for place, text in sources(repository)
        for number, line in enumerate(text.splitlines(), start=1)
        for word in WORDS
        if word in line and word not in GENERAL.get(place, ())
    ]
    assert found == []


def test_no_exception_outlives_its_reason(repository: Path) -> None:
    texts = dict(sources(repository))
    assert [
        (place, word) for place, words in GENERAL.items() for word in words if word not in texts[place]
    ] == []


def test_no_register_and_no_figure_of_a_pack_is_named_outside_it(
    repository: Path, packs: tuple[Pack, ...]
) -> None:
    keys = {key for pack in packs for key in (*pack.registers, *pack.figures)}
    quoted = re.compile("[\"'](" + "|".join(sorted(keys - COMMON)) + ")[\"']")
    found = [
        f"{place}: {key}"
        for place, text in sources(repository)
        if place.endswith((".py", ".html", ".js")) and "/migrations/" not in place
        for key in (*quoted.findall(text), *(key for key in NAMING.findall(text) if key in keys))
        if key not in RELATION.get(place, ())
    ]
    assert found == []


def test_a_hard_wired_name_would_be_found(packs: tuple[Pack, ...]) -> None:
    keys = {key for pack in packs for key in (*pack.registers, *pack.figures)}
    assert {"visits", "problems", "unit_tasks", "issues_total"} <= keys
    for line in (
        'register="visits"',
        'page.register == "problems"',
        'pack.figure("tasks")',
        "registers['plans']",
    ):
        assert set(NAMING.findall(line)) & keys, line


def test_every_demo_is_found_by_its_packs_key() -> None:
    assert usual_demo() in demo_keys()
    for key in demo_keys():
        demo = demo_of(key)
        assert {player.place for player in demo.cast} <= set(demo.places)
        assert len(demo.usernames) == len(demo.cast)
