"""The totals that a demo story has to give as of its last day.

A target is a whole number under the key of a figure. Rounded figures (党员 2.5万名) take the exact number; claims are
no targets: they follow from the story. Whatever contradicts itself is refused here, before anything is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path

from guatu.domain.errors import BadInput
from guatu.domain.words import gettext as _
from guatu.domain.words import listed


@dataclass(frozen=True, slots=True)
class Targets:
    """Key → total as of the story's last day; the defaults are those of the built-in demo."""

    units_l3: int = 216
    leaders_l3: int = 891
    party_orgs: int = 1585
    party_members: int = 25013
    youth: int = 40126
    task_aspects: int = 5
    tasks: int = 20
    mtg_push: int = 3
    mtg_office: int = 5
    mtg_training: int = 4
    media_reports: int = 13
    central_aspects: int = 12
    survey_focus: int = 31
    survey_topics: int = 931
    survey_visits: int = 2212
    survey_units: int = 1829
    survey_solved: int = 561
    new_contract_units: int = 7
    aid_counties: int = 2
    aid_villages: int = 2
    aid_schools: int = 2
    aid_villagers: int = 200
    aid_pupils: int = 104
    issues_total: int = 1740
    issues_closed: int = 258
    problem_kinds: int = 3
    plans_total: int = 210
    plans_closed: int = 17
    plans_open: int = 193

    def __post_init__(self) -> None:
        for key, value in as_dict(self).items():
            _in_range(key, value)
        for broken in _contradictions(self):
            raise broken


TARGET_KEYS: tuple[str, ...] = tuple(f.name for f in fields(Targets))

LIMITS: Mapping[str, int] = {
    "units_l3": 2000,
    "party_orgs": 20_000,
    "task_aspects": 12,
    "tasks": 60,
    "mtg_push": 500,
    "mtg_office": 500,
    "mtg_training": 500,
    "media_reports": 999,
    "central_aspects": 99,
    "survey_focus": 500,
    "survey_topics": 20_000,
    "survey_visits": 50_000,
    "survey_units": 50_000,
    "aid_counties": 200,
    "aid_villages": 200,
    "aid_schools": 200,
    "issues_total": 50_000,
    "issues_closed": 50_000,
    "problem_kinds": 20,
    "plans_total": 5000,
    "plans_closed": 5000,
    "plans_open": 5000,
}
"""What one machine loads in reasonable time; other keys are plain sums and end at `LARGEST`."""

LARGEST = 1_000_000_000


def as_dict(targets: Targets) -> dict[str, int]:
    """Key → total, in the order of the figures."""
    return {key: getattr(targets, key) for key in TARGET_KEYS}


def parse_targets(text: str, place: str = "") -> Targets:
    """Targets from a JSON object key → integer; missing keys keep their default.

    `place` names the source in sentences (a file name). Raises `BadInput` with one sentence.
    """
    try:
        found = json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        raise BadInput(
            _('目标文件“{place}”第 {line} 行不是有效的 JSON，请写成 {{"issues_total": 1740}} 的形式。'),
            place=place,
            line=error.lineno,
        ) from None
    except RecursionError:
        raise BadInput(_("目标文件“{place}”嵌套过深，请写成键和整数的一层对象。"), place=place) from None
    if not isinstance(found, dict):
        raise BadInput(
            _('目标文件“{place}”应为一个 JSON 对象，请写成 {{"issues_total": 1740}} 的形式。'), place=place
        )
    for key, value in found.items():
        if key not in TARGET_KEYS:
            raise BadInput(
                _("目标“{key}”不是可以设定的统计项，请从以下键中选用：{known}。"),
                key=_short(key),
                known=listed(TARGET_KEYS),
            )
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadInput(
                _("目标“{key}”填的是“{value}”，应为整数，请改正后重试。"),
                key=key,
                value=_short(json.dumps(value, ensure_ascii=False)),
            )
    return replace(Targets(), **found)


def read_targets(path: Path) -> Targets:
    """Targets from a file; a file that is missing or not UTF-8 is `BadInput` too."""
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise BadInput(
            _("目标文件“{place}”不是 UTF-8 编码，请另存为 UTF-8 后重试。"), place=path.name
        ) from None
    except OSError:
        raise BadInput(_("无法读取目标文件“{place}”，请核对路径。"), place=str(path)) from None
    return parse_targets(text, path.name)


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object whose keys are named once; a repeated key would hide a value."""
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BadInput(_("目标“{key}”写了两次，请只保留一个。"), key=_short(key))
        found[key] = value
    return found


def _short(value: str) -> str:
    return value if len(value) <= 40 else value[:40] + "…"


def _in_range(key: str, value: int) -> None:
    low, high = (1 if key == "units_l3" else 0), LIMITS.get(key, LARGEST)
    if not low <= value <= high:
        raise BadInput(
            _("目标“{key}”填的是 {value}，应在 {low} 至 {high} 之间，请改正后重试。"),
            key=key,
            value=_short(str(value)),
            low=low,
            high=high,
        )


def _contradictions(t: Targets) -> list[BadInput]:
    """Every contradiction as the error that tells it; the first one is raised."""
    found: list[BadInput] = []

    def at_most(small: str, large: str) -> None:
        if getattr(t, small) > getattr(t, large):
            found.append(
                BadInput(
                    _("目标“{small}”为 {a}，大于“{large}”的 {b}，请改小前者或改大后者。"),
                    small=small,
                    a=getattr(t, small),
                    large=large,
                    b=getattr(t, large),
                )
            )

    def needs(whole: str, part: str) -> None:
        if getattr(t, whole) > 0 and getattr(t, part) == 0:
            found.append(
                BadInput(
                    _("目标“{whole}”为 {a} 时，“{part}”不能为 0，请一并填写。"),
                    whole=whole,
                    a=getattr(t, whole),
                    part=part,
                )
            )

    at_most("issues_closed", "issues_total")
    at_most("plans_closed", "plans_total")
    if t.plans_closed + t.plans_open != t.plans_total:
        found.append(
            BadInput(
                _(
                    "目标“plans_closed”{closed} 与“plans_open”{open} 之和为 {sum}，不等于“plans_total”{total}，请核对。"
                ),
                closed=t.plans_closed,
                open=t.plans_open,
                sum=t.plans_closed + t.plans_open,
                total=t.plans_total,
            )
        )
    at_most("problem_kinds", "plans_total")
    needs("plans_total", "problem_kinds")
    at_most("task_aspects", "tasks")
    needs("tasks", "task_aspects")
    at_most("survey_units", "survey_visits")
    needs("survey_visits", "survey_units")
    needs("survey_solved", "survey_visits")
    at_most("new_contract_units", "units_l3")
    return found
