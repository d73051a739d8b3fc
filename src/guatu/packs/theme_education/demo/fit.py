"""The pack as the demo's campaign holds it: the built-in one, fitted to totals that it does not have by itself.

A target may ask for more aspects or kinds of plans than the pack's choices, or for another number of contents than
the document behind the constant. Then the campaign gets its own version of the pack, stored with it like any other;
with the default targets the campaign holds the pack unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from guatu.domain.pack import Pack
from guatu.packs.theme_education.demo.story import Story

DOCUMENT = "演示用调研工作方案（虚构）"


def fit(pack: Pack, story: Story) -> Pack:
    """`pack` itself where it suffices, else a version with the missing choices and the constant of the story."""
    content: dict[str, Any] = json.loads(pack.canonical)
    before = json.dumps(content, sort_keys=True)
    _add_choices(content["head"]["aspects"], story.aspects)
    _add_choices(_field(content, "key_tasks", "aspect")["choices"], story.aspects)
    _add_choices(_field(content, "plans", "kind")["choices"], story.plan_kinds)
    constant = content["figures"]["central_aspects"]["agg"]["const"]
    if constant["value"] != story.targets.central_aspects:
        constant.update(value=story.targets.central_aspects, document=DOCUMENT)
    if json.dumps(content, sort_keys=True) == before:
        return pack
    return Pack.model_validate_json(json.dumps(content, ensure_ascii=False))


def _field(content: dict[str, Any], register: str, key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in content["registers"][register]["fields"] if f["key"] == key)
    return found


def _add_choices(options: list[dict[str, str]], wanted: Iterable[tuple[str, str]]) -> None:
    known = {option["key"] for option in options}
    options.extend({"key": key, "label": label} for key, label in wanted if key not in known)
